/*
 * ucmail agents: which kinds of agent can send, and which can send securely.
 */
#include "config.h"

#include "policy/agents.h"
#include "tools/ucmail_tool.h"

static const struct {
	const char *send, *secure, *remark;
} words[] = {
    [UCM_CANNOT_SEND] = {"no", "no", "refused"},
    [UCM_SENDS_PLAIN] = {"yes", "no", "plain to port 25: TLS keys, port and login are ignored"},
    [UCM_SENDS_SECURE] = {"yes", "yes", "as SMTP_PROTOCOL says"},
};

static void print_table(struct ucm_release asked, struct ucm_release facts)
{
	int agent;

	printf("release %u.%u.%u, facts of %u.%u.%u\n%-20s %-5s %-7s %s\n", asked.major,
	    asked.minor, asked.patch, facts.major, facts.minor, facts.patch, "agent", "send",
	    "secure", "how");
	for (agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		enum ucm_capability can = ucm_agent_capability((enum ucm_agent)agent, asked);

		if (can != UCM_NO_SUCH_AGENT)
			printf("%-20s %-5s %-7s %s\n", ucm_agent_name((enum ucm_agent)agent),
			    words[can].send, words[can].secure, words[can].remark);
	}
}

static json_t *release_json(struct ucm_release release)
{
	return json_sprintf("%u.%u.%u", release.major, release.minor, release.patch);
}

static json_t *table_json(struct ucm_release asked, struct ucm_release facts)
{
	json_t *object = json_object(), *list = json_array();
	int agent;

	for (agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		enum ucm_capability can = ucm_agent_capability((enum ucm_agent)agent, asked);
		json_t *row;

		if (can == UCM_NO_SUCH_AGENT)
			continue;
		row = json_pack("{s:s, s:b, s:b}", "agent", ucm_agent_name((enum ucm_agent)agent),
		    "send", can != UCM_CANNOT_SEND, "secure", can == UCM_SENDS_SECURE);
		ucm_json_append(&list, row);
	}
	ucm_json_set(&object, "release", release_json(asked));
	ucm_json_set(&object, "facts", release_json(facts));
	ucm_json_set(&object, "agents", list);
	return object;
}

int ucm_cli_agents(struct ucm_cli *cli)
{
	const char *text = cli->options.value[UCM_OPT_RELEASE];
	struct ucm_release asked = ucm_release_newest(), facts;
	char reason[256];

	if (text != NULL && ucm_release_parse(text, &asked) != 0) {
		snprintf(reason, sizeof reason,
		    "--release %.100s: must be a product version such as 24.4.1", text);
		ucm_cli_report_failure(cli, UCM_E_USAGE, reason);
		return UCM_E_USAGE;
	}
	facts = ucm_release_of_facts(asked);
	if (cli->options.value[UCM_OPT_JSON] != NULL)
		return ucm_cli_json_print(table_json(asked, facts));
	print_table(asked, facts);
	return UCM_OK;
}
