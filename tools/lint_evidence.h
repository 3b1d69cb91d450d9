/*
 * Evidence for an auditor: a folder that holds what was judged, by what, with what result, and that
 * anybody who has the inputs can compute again, byte for byte.
 *
 *   arguments         the options that matter and the inputs, one a line
 *   tool              name and version
 *   inputs.sha256     digests of all files that were read, as sha256sum writes them
 *   policy-lint.conf  a copy, where there is one
 *   rules.json        the rules
 *   report.json       findings (suppressed ones too), policies, matrix, coverage
 *   matrix.csv        the matrix
 *   cases.xml         every rule of every client as JUnit, passes included
 *   MANIFEST.sha256   digests of all of these
 */
#ifndef UCM_TOOLS_LINT_EVIDENCE_H
#define UCM_TOOLS_LINT_EVIDENCE_H

#include "tools/lint_run.h"

#define UCM_EVIDENCE_MANIFEST "MANIFEST.sha256"

/* A file of the folder: put() gets the run. Ended by a NULL name. */
struct ucm_evidence_part {
	const char *name;
	int (*put)(void *run, FILE *out);
};

extern const struct ucm_evidence_part ucm_evidence_parts[];

/* Before anything is done: whether a run of these options can leave evidence, if it is asked to. 0,
 * or -1 with an error of class USAGE. */
int ucm_evidence_check(const struct ucm_lint_options *options, struct ucm_error *error);

/* Writes the folder, which must not exist or be empty. 0, or -1 with an error. */
int ucm_evidence_write(struct ucm_lint_run *run, const char *folder, struct ucm_error *error);

/*
 * Computes the folder again in a temporary one and compares. Tells on standard output what differs.
 * Returns 0 where nothing does, 1 where something does, 2 or 3 as a run would.
 */
int ucm_evidence_verify(const char *folder, struct ucm_arena *arena);

#endif
