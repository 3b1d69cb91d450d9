/*
 * The effective settings of a sender: which row of which variable holds for each key.
 *
 * A client without an SMTP key of its own uses UC_CLIENT_SETTINGS of client 0 as a set. The rows of
 * UC_SMTP_<SERVER> go over it, key by key. A blank value is an unset key. Of a key that one variable
 * holds twice, the first row counts.
 */
#ifndef UCM_POLICY_SETTINGS_H
#define UCM_POLICY_SETTINGS_H

#include "policy/decide.h"

enum ucm_protocol {
	UCM_PROTOCOL_UNSET,   /* so PLAIN */
	UCM_PROTOCOL_UNKNOWN, /* none of the three words */
	UCM_PROTOCOL_PLAIN,
	UCM_PROTOCOL_STARTTLS,
	UCM_PROTOCOL_TLS
};

struct ucm_settings {
	struct ucm_setting setting[UCM_KEY_COUNT];
	int client;                          /* who sends */
	const struct ucm_variable *own;      /* its UC_CLIENT_SETTINGS, or NULL */
	const struct ucm_variable *base;     /* own, or that of client 0 where inherited; or NULL */
	const struct ucm_variable *server;   /* UC_SMTP_<SERVER>, or NULL */
	int inherited;                       /* base stands for client 0's, there or not */
	enum ucm_protocol protocol;
};

/* UC_SMTP_<SERVER> of the client, else of client 0, or NULL. */
const struct ucm_variable *ucm_settings_server(const struct ucm_system *system, int client,
    const char *server);

/* Resolves for a client and a UC_SMTP_ variable (NULL: none). 0, or -1 without memory. */
int ucm_settings_resolve(const struct ucm_system *system, int client,
    const struct ucm_variable *server, struct ucm_arena *arena, struct ucm_settings *ret);

/* The other reading of the documentation: the variable of the server alone. */
int ucm_settings_resolve_alone(int client, const struct ucm_variable *server,
    struct ucm_arena *arena, struct ucm_settings *ret);

/* Whether a variable in use was not read to its end: nothing is certain of its settings then. */
int ucm_settings_are_cut(const struct ucm_settings *settings);

/* Where a thing is told that nobody sets: at UC_CLIENT_SETTINGS, be it there or not. */
struct ucm_place ucm_settings_place(const struct ucm_settings *settings, const char *key);

/* Whether the type of the variable is STATIC, so that its rows are its values. */
int ucm_variable_is_static(const struct ucm_variable *variable);

/* The word of a key's list that equals text but for its case, copied to the arena, or NULL.
 * *exact tells whether the case is the same. */
const char *ucm_key_word(enum ucm_key key, const char *text, struct ucm_arena *arena, int *exact);

/* A number within the key's range: 0 and *ret, or -1. */
int ucm_key_number(enum ucm_key key, const char *text, unsigned *ret);

#endif
