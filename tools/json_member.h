/*
 * JSON objects whose members are the fields of a struct, by a table: what is written and what is
 * read back are the same rows, so that a member can neither be forgotten on one side nor be spelt
 * two ways.
 */
#ifndef UCM_TOOLS_JSON_MEMBER_H
#define UCM_TOOLS_JSON_MEMBER_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum ucm_member_kind {
	UCM_MEMBER_TEXT, /* const char *; null for NULL */
	UCM_MEMBER_STRING, /* const char *; read as "" where it is missing */
	UCM_MEMBER_WORDS, /* const char *, of ours: no format escapes it; read as "" if it is unlike */
	UCM_MEMBER_RULE, /* const char *; null for NULL, read as NULL where no rule has it */
	UCM_MEMBER_AGENT, /* const char *; read as the agent table has it, "" where it has not */
	UCM_MEMBER_CLIENT, /* int; null for UCM_CLIENT_UNKNOWN */
	UCM_MEMBER_POSITION, /* unsigned, from 1; null for 0 */
	UCM_MEMBER_NUMBER, /* unsigned */
	UCM_MEMBER_SIZE, /* size_t */
	UCM_MEMBER_TOTAL, /* unsigned long long */
	UCM_MEMBER_BOOL, /* int */
	UCM_MEMBER_TIME, /* int64_t; a time in UTC as text */
	UCM_MEMBER_AGENTS, /* uint32_t, a set of enum ucm_agent; an array of names */
};

struct ucm_member {
	const char *name; /* NULL ends a table */
	enum ucm_member_kind kind;
	size_t offset;
};

/* Adds the members of row to *object, which becomes NULL without memory (tools/json_help.h). */
void ucm_member_write(json_t **object, const struct ucm_member *members, const void *row);

/* An object of those members alone. */
json_t *ucm_member_object(const struct ucm_member *members, const void *row);

/* Sets what members name in row. A member that is missing, of another type or out of its range is
 * read as the absence of its value. Texts belong to the object. */
void ucm_member_read(const json_t *object, const struct ucm_member *members, void *row);

/* A set of agents as an array of their names, and back; names that no agent has are passed over. */
json_t *ucm_member_agents(uint32_t agents);
uint32_t ucm_member_agents_read(const json_t *array);

/* A time in UTC as text, and back; 0 where it is none. */
json_t *ucm_member_time(int64_t seconds);
int64_t ucm_member_time_read(const json_t *value);

#endif
