/*
 * Questions: what breaks without a certificate or with another one, what differs from another
 * system, what the coming months bring.
 */
#ifndef UCM_TOOLS_LINT_WHATIF_H
#define UCM_TOOLS_LINT_WHATIF_H

#include "tools/lint_model.h"

/* What one policy came to, for a comparison: one of the agents that share a capability. */
struct ucm_lint_outcome {
	int client;
	enum ucm_sender sender;
	const char *server_variable; /* or NULL */
	uint32_t agents; /* that fare alike */
	enum ucm_verdict verdict;
	const char *refused_by; /* or NULL */
	const char *host; /* or NULL */
	unsigned port;
	const char *protocol;
	const char *certificate; /* or NULL */
	const char *sha256; /* or NULL */
};

struct ucm_lint_outcomes {
	struct ucm_lint_outcome *row;
	size_t count;
};

/* Decides every cell once for each class of the agents. Strings belong to the arena. */
int ucm_outcomes_collect(const struct ucm_system *system, const struct ucm_audit_options *options,
    const struct ucm_audit *audit, uint32_t agents, struct ucm_arena *arena,
    struct ucm_lint_outcomes *ret);

/*
 * Puts the files of --replace-cert in the place of the payloads, in the system. Returns 0, or -1
 * with an error of class USAGE: no such certificate, or no such file.
 */
int ucm_replace_certificates(
    const struct ucm_lint_options *options, struct ucm_system *system, struct ucm_error *error);

/* Whether client 0's store has a resource of that name. */
int ucm_has_certificate(const struct ucm_system *system, const char *name);

/* The error for a name that ucm_has_certificate() denies, with those that are there. Returns -1. */
int ucm_certificate_unknown(
    const struct ucm_system *system, const char *name, struct ucm_error *error);

/* Fills report->impact with the policies that use a certificate that is removed or replaced. */
int ucm_impact_fill(const struct ucm_lint_options *options, const struct ucm_lint_outcomes *before,
    const struct ucm_lint_outcomes *after, struct ucm_arena *arena, struct ucm_report *report);

/* Fills report->impact with the policies that differ; names of this system are mapped first. */
int ucm_compare_fill(const struct ucm_lint_options *options, const struct ucm_lint_outcomes *here,
    const struct ucm_lint_outcomes *there, struct ucm_arena *arena, struct ucm_report *report);

/* Fills report->change with what happens within --timeline months. */
int ucm_timeline_fill(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report);

#endif
