/*
 * How one field is written as JSON, and read.
 */
#include "config.h"

#include "tools/json_member.h"

#include <limits.h>
#include <string.h>

#include "policy/agents.h"
#include "policy/limits.h"
#include "policy/model.h"
#include "policy/rules.h"
#include "policy/text.h"
#include "tools/json_help.h"

json_t *ucm_member_agents(uint32_t agents)
{
	json_t *names = json_array();

	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (agents >> agent & 1)
			ucm_json_append(
			    &names, ucm_json_text(ucm_agent_name((enum ucm_agent)agent)));
	return names;
}

/* What we write in words of our own has no other characters; a file may have been tampered with. */
static const char *words_of(const char *text)
{
	static const char known[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
	    " -.,:";

	return text && text[strspn(text, known)] == '\0' ? text : "";
}

static const char *rule_of(const char *text)
{
	enum ucm_rule rule = text ? ucm_rule_find(text) : UCM_RULE_COUNT;

	return rule < UCM_RULE_COUNT ? ucm_rules[rule].id : NULL;
}

/* UCM_AGENT_COUNT where it names none. */
static enum ucm_agent agent_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? ucm_agent_find(text) : UCM_AGENT_COUNT;
}

uint32_t ucm_member_agents_read(const json_t *array)
{
	uint32_t set = 0;
	const json_t *name;

	for (size_t i = 0; (name = json_array_get(array, i)); i++) {
		enum ucm_agent agent = agent_of(name);

		if (agent < UCM_AGENT_COUNT)
			set |= UINT32_C(1) << agent;
	}
	return set;
}

json_t *ucm_member_time(int64_t seconds)
{
	char text[21];

	ucm_time_format(seconds, text);
	return json_string(text);
}

int64_t ucm_member_time_read(const json_t *value)
{
	int64_t seconds = 0;
	const char *text = json_string_value(value);

	return text && ucm_time_parse(text, &seconds) == 0 ? seconds : 0;
}

static json_t *value_of(enum ucm_member_kind kind, const void *field)
{
	switch (kind) {
	case UCM_MEMBER_TEXT:
	case UCM_MEMBER_STRING:
	case UCM_MEMBER_WORDS:
	case UCM_MEMBER_RULE:
	case UCM_MEMBER_AGENT:
		return ucm_json_text(*(const char *const *)field);
	case UCM_MEMBER_CLIENT:
		return ucm_json_count(*(const int *)field);
	case UCM_MEMBER_POSITION:
		if (!*(const unsigned *)field)
			return json_null();
		return json_integer(*(const unsigned *)field);
	case UCM_MEMBER_NUMBER:
		return json_integer(*(const unsigned *)field);
	case UCM_MEMBER_SIZE:
		return json_integer((json_int_t) * (const size_t *)field);
	case UCM_MEMBER_TOTAL:
		return json_integer((json_int_t) * (const unsigned long long *)field);
	case UCM_MEMBER_BOOL:
		return ucm_json_bool(*(const int *)field);
	case UCM_MEMBER_TIME:
		return ucm_member_time(*(const int64_t *)field);
	case UCM_MEMBER_AGENTS:
		return ucm_member_agents(*(const uint32_t *)field);
	}
	return NULL;
}

void ucm_member_write(json_t **object, const struct ucm_member *members, const void *row)
{
	for (const struct ucm_member *member = members; member->name; member++)
		ucm_json_set(object, member->name,
		    value_of(member->kind, (const char *)row + member->offset));
}

json_t *ucm_member_object(const struct ucm_member *members, const void *row)
{
	json_t *object = json_object();

	ucm_member_write(&object, members, row);
	return object;
}

/* A whole number between low and high, or what stands for none. */
static int64_t whole(const json_t *value, int64_t low, int64_t high, int64_t none)
{
	int64_t number = json_is_integer(value) ? json_integer_value(value) : none;

	return number >= low && number <= high ? number : none;
}

static void read_value(const json_t *value, enum ucm_member_kind kind, void *field)
{
	const char *text = json_string_value(value);
	enum ucm_agent agent;

	switch (kind) {
	case UCM_MEMBER_TEXT:
		*(const char **)field = text;
		break;
	case UCM_MEMBER_STRING:
		*(const char **)field = text ? text : "";
		break;
	case UCM_MEMBER_WORDS:
		*(const char **)field = words_of(text);
		break;
	case UCM_MEMBER_RULE:
		*(const char **)field = rule_of(text);
		break;
	case UCM_MEMBER_AGENT:
		agent = agent_of(value);
		*(const char **)field = agent < UCM_AGENT_COUNT ? ucm_agent_name(agent) : "";
		break;
	case UCM_MEMBER_CLIENT:
		*(int *)field = (int)whole(value, 0, UCM_CLIENT_MAX, UCM_CLIENT_UNKNOWN);
		break;
	case UCM_MEMBER_POSITION:
	case UCM_MEMBER_NUMBER:
		*(unsigned *)field = (unsigned)whole(value, 0, UINT_MAX, 0);
		break;
	case UCM_MEMBER_SIZE:
		*(size_t *)field = (size_t)whole(value, 0, PTRDIFF_MAX, 0);
		break;
	case UCM_MEMBER_TOTAL:
		*(unsigned long long *)field = (unsigned long long)whole(value, 0, INT64_MAX, 0);
		break;
	case UCM_MEMBER_BOOL:
		*(int *)field = json_is_true(value);
		break;
	case UCM_MEMBER_TIME:
		*(int64_t *)field = ucm_member_time_read(value);
		break;
	case UCM_MEMBER_AGENTS:
		*(uint32_t *)field = ucm_member_agents_read(value);
		break;
	}
}

void ucm_member_read(const json_t *object, const struct ucm_member *members, void *row)
{
	for (const struct ucm_member *member = members; member->name; member++)
		read_value(json_object_get(object, member->name), member->kind,
		    (char *)row + member->offset);
}
