/*
 * Lists of rules, severities, agents and numbers.
 */
#include "config.h"

#include "tools/lint_select.h"

#include <string.h>

#include "policy/text.h"

char *ucm_list_next(struct ucm_arena *arena, const char **list)
{
	const char *start;

	for (;;) {
		if (!**list)
			return NULL;
		size_t length = strcspn(*list, ",");
		char *member = ucm_arena_copy(arena, *list, length);

		*list += length + ((*list)[length] == ',');
		if (!member)
			return NULL;
		size_t trimmed = ucm_trim(member, &start);
		if (trimmed)
			return ucm_arena_copy(arena, start, trimmed);
	}
}

/* Whether the name is a group: "UCM1", "UCM1xx", "UCM" and so on; then *length counts what must
 * match at the beginning of an identifier. */
static int is_group(const char *name, size_t *length)
{
	*length = strlen(name);
	while (*length > 3 && ucm_lower((unsigned char)name[*length - 1]) == 'x')
		--*length;
	if (*length < 3 || *length > 6)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (ucm_lower((unsigned char)name[i]) != "ucm"[i])
			return 0;
	return strspn(name + 3, "0123456789") >= *length - 3;
}

static int mark_rules(const char *name, unsigned char mark[UCM_RULE_COUNT])
{
	enum ucm_rule rule = ucm_rule_find(name);
	size_t length = 3;
	int any = 0;

	if (rule < UCM_RULE_COUNT) {
		mark[rule] = 1;
		return 1;
	}
	int all = ucm_equal_nocase(name, "all");
	if (!all && !is_group(name, &length))
		return 0;
	for (int i = 0; i < UCM_RULE_COUNT; i++) {
		if (all || !strncmp(ucm_rules[i].id + 3, name + 3, length - 3)) {
			mark[i] = 1;
			any = 1;
		}
	}
	return any;
}

static int no_such_rule(const char *name, struct ucm_error *error)
{
	const char *names[UCM_RULE_COUNT];

	for (int i = 0; i < UCM_RULE_COUNT; i++)
		names[i] = ucm_rules[i].name;
	const char *near = ucm_nearest(name, names, UCM_RULE_COUNT);
	if (near)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "there is no rule %s; did you mean %s?", name, near);
	return ucm_fail(
	    error, UCM_CLASS_USAGE, "there is no rule %s; --list-rules lists them", name);
}

int ucm_select_rules(struct ucm_arena *arena, const char *list, unsigned char mark[UCM_RULE_COUNT],
    struct ucm_error *error)
{
	for (const char *name; (name = ucm_list_next(arena, &list));)
		if (!mark_rules(name, mark))
			return no_such_rule(name, error);
	return 0;
}

int ucm_select_severities(struct ucm_arena *arena, const char *list, int severity[UCM_RULE_COUNT],
    struct ucm_error *error)
{
	for (char *pair; (pair = ucm_list_next(arena, &list));) {
		unsigned char mark[UCM_RULE_COUNT] = {0};
		char *level = strchr(pair, '=');

		if (!level)
			return ucm_fail(error, UCM_CLASS_USAGE, "%s is not RULE=LEVEL", pair);
		*level++ = '\0';
		int value = ucm_severity_find(level);
		if (value < UCM_OFF)
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "%s is no severity: one of error, warning, info, off", level);
		if (!mark_rules(pair, mark))
			return no_such_rule(pair, error);
		for (int i = 0; i < UCM_RULE_COUNT; i++)
			if (mark[i])
				severity[i] = value;
	}
	return 0;
}

int ucm_select_agents(struct ucm_lint_options *options, const char *list, struct ucm_error *error)
{
	options->agents |= UCM_AGENTS_SELECTED;
	for (const char *name; (name = ucm_list_next(options->arena, &list));) {
		enum ucm_agent agent = ucm_agent_find(name);

		if (ucm_equal_nocase(name, UCM_AGENTS_OF_JOBS)) {
			options->job_agents = 1;
			continue;
		}
		if (agent < UCM_AGENT_COUNT) {
			options->agents |= UINT32_C(1) << agent;
			continue;
		}
		if (options->unknown_agent_count == UCM_LINT_NAMES_MAX)
			return ucm_fail(error, UCM_CLASS_USAGE, "too many agent kinds");
		options->unknown_agent[options->unknown_agent_count++] = name;
	}
	return 0;
}

int ucm_select_number(const char *text, unsigned long low, unsigned long high, unsigned long *ret)
{
	unsigned long value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		if (__builtin_mul_overflow(value, 10UL, &value) ||
		    __builtin_add_overflow(value, (unsigned long)(*text - '0'), &value))
			return -1;
	}
	if (value < low || value > high)
		return -1;
	*ret = value;
	return 0;
}
