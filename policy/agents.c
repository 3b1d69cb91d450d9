/*
 * Releases, and the table of what each kind of agent can do in them.
 */
#include "policy/agents.h"

#include <stddef.h>

#include "policy/text.h"

/* The facts of a release hold until the next row. Oldest first. */
struct facts {
	struct ucm_release release;
	unsigned char capability[UCM_AGENT_COUNT]; /* enum ucm_capability */
};

enum {
	CANNOT = UCM_CANNOT_SEND,
	PLAIN = UCM_SENDS_PLAIN,
	SECURE = UCM_SENDS_SECURE,
	ABSENT = UCM_NO_SUCH_AGENT
};

static const struct facts table[] = {
    /* Whatever came before agents knew TLS. */
    {{1, 0, 0},
	{
	    [UCM_AGENT_BS2000] = CANNOT,
	    [UCM_AGENT_DATABASE] = PLAIN,
	    [UCM_AGENT_JMX] = PLAIN,
	    [UCM_AGENT_NSK] = CANNOT,
	    [UCM_AGENT_AS400] = CANNOT,
	    [UCM_AGENT_PEOPLESOFT] = PLAIN,
	    [UCM_AGENT_RAPID_AUTOMATION] = PLAIN,
	    [UCM_AGENT_SAP] = PLAIN,
	    [UCM_AGENT_UNIX_X64_LINUX] = PLAIN,
	    [UCM_AGENT_UNIX_LINUX_PPC64LE] = ABSENT,
	    [UCM_AGENT_UNIX_OTHER] = PLAIN,
	    [UCM_AGENT_VMS] = PLAIN,
	    [UCM_AGENT_WINDOWS] = PLAIN,
	    [UCM_AGENT_ZOS] = CANNOT,
	    [UCM_AGENT_ENGINE] = SECURE,
	}},
    /* The Java-based agents of x64 Linux and Windows came with TLS. */
    {{21, 0, 10},
	{
	    [UCM_AGENT_BS2000] = CANNOT,
	    [UCM_AGENT_DATABASE] = PLAIN,
	    [UCM_AGENT_JMX] = PLAIN,
	    [UCM_AGENT_NSK] = CANNOT,
	    [UCM_AGENT_AS400] = CANNOT,
	    [UCM_AGENT_PEOPLESOFT] = PLAIN,
	    [UCM_AGENT_RAPID_AUTOMATION] = PLAIN,
	    [UCM_AGENT_SAP] = PLAIN,
	    [UCM_AGENT_UNIX_X64_LINUX] = SECURE,
	    [UCM_AGENT_UNIX_LINUX_PPC64LE] = ABSENT,
	    [UCM_AGENT_UNIX_OTHER] = PLAIN,
	    [UCM_AGENT_VMS] = PLAIN,
	    [UCM_AGENT_WINDOWS] = SECURE,
	    [UCM_AGENT_ZOS] = CANNOT,
	    [UCM_AGENT_ENGINE] = SECURE,
	}},
    {{24, 0, 0},
	{
	    [UCM_AGENT_BS2000] = CANNOT,
	    [UCM_AGENT_DATABASE] = SECURE,
	    [UCM_AGENT_JMX] = SECURE,
	    [UCM_AGENT_NSK] = CANNOT,
	    [UCM_AGENT_AS400] = CANNOT,
	    [UCM_AGENT_PEOPLESOFT] = SECURE,
	    [UCM_AGENT_RAPID_AUTOMATION] = SECURE,
	    [UCM_AGENT_SAP] = SECURE,
	    [UCM_AGENT_UNIX_X64_LINUX] = SECURE,
	    [UCM_AGENT_UNIX_LINUX_PPC64LE] = ABSENT,
	    [UCM_AGENT_UNIX_OTHER] = PLAIN,
	    [UCM_AGENT_VMS] = PLAIN,
	    [UCM_AGENT_WINDOWS] = SECURE,
	    [UCM_AGENT_ZOS] = CANNOT,
	    [UCM_AGENT_ENGINE] = SECURE,
	}},
    /* Linux on PowerPC 64 LE joins. */
    {{24, 4, 0},
	{
	    [UCM_AGENT_BS2000] = CANNOT,
	    [UCM_AGENT_DATABASE] = SECURE,
	    [UCM_AGENT_JMX] = SECURE,
	    [UCM_AGENT_NSK] = CANNOT,
	    [UCM_AGENT_AS400] = CANNOT,
	    [UCM_AGENT_PEOPLESOFT] = SECURE,
	    [UCM_AGENT_RAPID_AUTOMATION] = SECURE,
	    [UCM_AGENT_SAP] = SECURE,
	    [UCM_AGENT_UNIX_X64_LINUX] = SECURE,
	    [UCM_AGENT_UNIX_LINUX_PPC64LE] = SECURE,
	    [UCM_AGENT_UNIX_OTHER] = PLAIN,
	    [UCM_AGENT_VMS] = PLAIN,
	    [UCM_AGENT_WINDOWS] = SECURE,
	    [UCM_AGENT_ZOS] = CANNOT,
	    [UCM_AGENT_ENGINE] = SECURE,
	}},
};

#define TABLE_ROWS (sizeof(table) / sizeof(table[0]))

static const char *const names[UCM_AGENT_COUNT] = {
    [UCM_AGENT_BS2000] = "bs2000",
    [UCM_AGENT_DATABASE] = "database",
    [UCM_AGENT_JMX] = "jmx",
    [UCM_AGENT_NSK] = "nsk",
    [UCM_AGENT_AS400] = "as400",
    [UCM_AGENT_PEOPLESOFT] = "peoplesoft",
    [UCM_AGENT_RAPID_AUTOMATION] = "rapid-automation",
    [UCM_AGENT_SAP] = "sap",
    [UCM_AGENT_UNIX_X64_LINUX] = "unix-x64-linux",
    [UCM_AGENT_UNIX_LINUX_PPC64LE] = "unix-linux-ppc64le",
    [UCM_AGENT_UNIX_OTHER] = "unix-other",
    [UCM_AGENT_VMS] = "vms",
    [UCM_AGENT_WINDOWS] = "windows",
    [UCM_AGENT_ZOS] = "zos",
    [UCM_AGENT_ENGINE] = "engine",
};

/* Digits at *text to a number, *text moved behind them. 0, or -1 where there are none or too many.
 */
static int read_number(const char **text, unsigned short *ret)
{
	unsigned value = 0;

	if (**text < '0' || **text > '9')
		return -1;
	for (; **text >= '0' && **text <= '9'; ++*text) {
		value = value * 10 + (unsigned)(**text - '0');
		if (value > 65535)
			return -1;
	}
	*ret = (unsigned short)value;
	return 0;
}

int ucm_release_parse(const char *text, struct ucm_release *ret)
{
	struct ucm_release release = {0};
	unsigned short *part[] = {&release.major, &release.minor, &release.patch};

	for (size_t i = 0; i < 3; i++) {
		if (read_number(&text, part[i]) != 0)
			return -1;
		if (text[0] != '.' || text[1] < '0' || text[1] > '9')
			break;
		text++;
	}
	/* "24,4" is no 24: a tail as of builds would hide the mistake. */
	if (text[0] == ',')
		return -1;
	/* {0} stands for the newest release and so names none. */
	if (release.major == 0 && release.minor == 0 && release.patch == 0)
		return -1;
	*ret = release;
	return 0;
}

static int compare_parts(unsigned left, unsigned right)
{
	return (left > right) - (left < right);
}

int ucm_release_compare(struct ucm_release left, struct ucm_release right)
{
	int order = compare_parts(left.major, right.major);

	if (order == 0)
		order = compare_parts(left.minor, right.minor);
	if (order == 0)
		order = compare_parts(left.patch, right.patch);
	return order;
}

static int is_newest(struct ucm_release release)
{
	return release.major == 0 && release.minor == 0 && release.patch == 0;
}

static const struct facts *facts_of(struct ucm_release release)
{
	size_t row = TABLE_ROWS - 1;

	if (is_newest(release))
		return &table[row];
	while (row > 0 && ucm_release_compare(table[row].release, release) > 0)
		row--;
	return &table[row];
}

struct ucm_release ucm_release_newest(void)
{
	return table[TABLE_ROWS - 1].release;
}

struct ucm_release ucm_release_of_facts(struct ucm_release release)
{
	return facts_of(release)->release;
}

const char *ucm_agent_name(enum ucm_agent agent)
{
	return (unsigned)agent < UCM_AGENT_COUNT ? names[agent] : NULL;
}

enum ucm_agent ucm_agent_find(const char *name)
{
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (ucm_equal_nocase(names[agent], name))
			return (enum ucm_agent)agent;
	return UCM_AGENT_COUNT;
}

enum ucm_capability ucm_agent_capability(enum ucm_agent agent, struct ucm_release release)
{
	if ((unsigned)agent >= UCM_AGENT_COUNT)
		return UCM_NO_SUCH_AGENT;
	return (enum ucm_capability)facts_of(release)->capability[agent];
}
