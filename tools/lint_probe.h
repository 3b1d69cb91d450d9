/*
 * --probe: asks every server that an effective policy uses, with the engine that sends.
 */
#ifndef UCM_TOOLS_LINT_PROBE_H
#define UCM_TOOLS_LINT_PROBE_H

#include <stddef.h>

#define UCM_PROBES_MAX 500 /* servers in one run */
#define UCM_PROBE_TIMEOUT_S 10 /* without an answer */
#define UCM_PROBE_DEADLINE_S 30 /* for one server */
#define UCM_PROBE_TOTAL_S 600 /* for all of them */

/* A policy to be tried, by the words of the library's items. */
struct ucm_probe_request {
	const char *snapshot; /* file that stands for the system */
	int client;
	const char *via;
	const char *server; /* NULL: none */
	const char *release; /* NULL: newest */
	const char *profile;
	const char *const *connect_to; /* rules as ucmail takes them */
	size_t connect_to_count;
};

enum ucm_probe_verdict {
	UCM_PROBE_GOOD,
	UCM_PROBE_UNREACHABLE, /* UCM401 */
	UCM_PROBE_UNTRUSTED, /* UCM402 */
	UCM_PROBE_WEAK /* UCM403 */
};

struct ucm_probe_answer {
	enum ucm_probe_verdict verdict;
	char reason[512]; /* "" where it is good */
	char address[64];
	char mode[16]; /* "implicit", "starttls", "none" */
	char version[32];
	char cipher[64];
	char subject[256];
	char issuer[256];
	char not_after[32];
};

/* Connects, verifies, says QUIT. Nothing is sent, no password is given. 0; -1 without memory or
 * where the snapshot cannot be used. */
int ucm_probe_server(const struct ucm_probe_request *request, struct ucm_probe_answer *ret);

struct ucm_lint_run;
struct ucm_error;

/* Probes for a run whose audit is done: adds findings to the audit and answers to the report. */
int ucm_lint_probe(struct ucm_lint_run *run, struct ucm_error *error);

#endif
