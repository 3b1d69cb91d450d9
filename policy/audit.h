/*
 * The audit of a system: decide() over the whole matrix, and the rules that look at all of it.
 */
#ifndef UCM_POLICY_AUDIT_H
#define UCM_POLICY_AUDIT_H

#include "policy/decide.h"

struct ucm_audit_options {
	int client;                  /* only this one; UCM_CLIENT_UNKNOWN: all */
	uint32_t agents;             /* bit set of enum ucm_agent, perhaps with UCM_AGENTS_SELECTED; 0:
	                                all of the release */
	struct ucm_release release;
	enum ucm_profile profile;
	int64_t at;
	unsigned expires_within;
	const char *without_cert;
};

/* One policy that the system contains: a client with a sender and a server. */
struct ucm_cell {
	int client;
	enum ucm_sender sender;
	const char *server;          /* NULL: none */
	const char *server_variable; /* NULL: none */
};

struct ucm_audit {
	struct ucm_arena *arena;
	struct ucm_findings findings; /* sorted; those of reading (group 0) included */
	struct ucm_cell *cells;       /* ordered by client, sender, server */
	size_t cell_count;
	size_t client_count;          /* clients judged */
	size_t mail_variables;        /* 0: nothing to check */
	int not_judged;               /* something could not be judged (UCM007): exit 3 */
};

/* Returns 0, or -1 without memory. The arena holds the result. */
int ucm_audit_run(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_arena *arena, struct ucm_audit *ret);

/* The query of one cell and agent, for ucm_decide(). */
struct ucm_query ucm_audit_query(const struct ucm_audit_options *options,
    const struct ucm_cell *cell, enum ucm_agent agent);

#endif
