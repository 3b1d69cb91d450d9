/*
 * Findings as values: rule, place, arguments. A list never holds the same finding twice.
 */
#ifndef UCM_POLICY_FINDINGS_H
#define UCM_POLICY_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "policy/arena.h"
#include "policy/rules.h"

#define UCM_CLIENT_UNKNOWN (-1)
#define UCM_FINDING_ARGUMENTS 3

/* Where a thing stands. Strings belong to the system; all may be NULL; line and column count from
 * 1, columns in characters; 0 where unknown. */
struct ucm_place {
	int client;          /* 0-9999 or UCM_CLIENT_UNKNOWN */
	const char *object;  /* name of the variable, store or object with the script */
	const char *key;     /* the SMTP key, or the name of a resource */
	const char *file;
	unsigned line;
	unsigned column;
	const char *excerpt; /* the source line (UTF-8, cut to UCM_EXCERPT_MAX), for a caret */
	unsigned excerpt_column; /* characters into the excerpt at which column stands, from 1 */
};

struct ucm_finding {
	enum ucm_rule rule;
	struct ucm_place place;
	struct ucm_place related; /* file == NULL: none */
	const char *argument[UCM_FINDING_ARGUMENTS];
	const char *value;   /* the value at fault, for the fingerprint's digest; may be NULL */
	uint32_t agents;     /* UCM301, UCM302: bit set of enum ucm_agent */
	int demoted;         /* reported as a warning: a bundle keeps a good certificate, or a folder walk */
};

struct ucm_findings {
	struct ucm_arena *arena; /* not owned */
	struct ucm_finding *row;
	size_t count;
	size_t room;
	uint32_t *bucket;    /* row numbers from 1 by hash, once the list is long; 0: empty */
	size_t buckets;      /* a power of two, or 0 */
};

/*
 * Adds a finding unless an equal one (rule, place, key, arguments) is there; the agents of equal
 * UCM301 and UCM302 findings are joined, and nothing that was not demoted once stays demoted. The
 * arguments and the value are copied, the strings of the places are not. Returns 0, or -1 without
 * memory.
 */
int ucm_findings_add(struct ucm_findings *list, const struct ucm_finding *finding);

/* The severity under a profile, demotion counted. */
enum ucm_severity ucm_finding_severity(const struct ucm_finding *finding, enum ucm_profile profile);

/* Whether this finding stops a send under the profile. */
int ucm_finding_refuses(const struct ucm_finding *finding, enum ucm_profile profile);

/*
 * The rule's message or hint with the arguments filled in, written to out (size bytes, always
 * terminated). A value that may be a secret ("--10…") is replaced, a long one is cut, and control
 * characters become '?'. %1 of UCM301 and UCM302 is made of the agents. Returns the length.
 */
size_t ucm_finding_message(const struct ucm_finding *finding, char *out, size_t size);
size_t ucm_finding_hint(const struct ucm_finding *finding, char *out, size_t size);

/* Hex digest over rule, client, object, key and value; never the line. A finding about a file as a
 * whole has neither object nor value: its file stands for them. out holds 33 bytes. */
void ucm_finding_fingerprint(const struct ucm_finding *finding, char out[33]);

/* Order of reports: client (unknown first), object, key, rule, file, line, column, arguments. */
int ucm_finding_compare(const void *left, const void *right);
void ucm_findings_sort(struct ucm_findings *list);

#endif
