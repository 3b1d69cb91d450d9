/*
 * The parts of a merge.
 */
#ifndef UCM_TOOLS_LINT_MERGE_PARTS_H
#define UCM_TOOLS_LINT_MERGE_PARTS_H

#include <jansson.h>

#include "tools/lint_options.h"

#define UCM_MERGE_CERTIFICATES_MAX 20000 /* in the one store of a system; large ones have hundreds */

struct ucm_merge {
	struct ucm_lint_options *options;
	struct ucm_arena *arena;
	json_t **root; /* of each shard */
	struct ucm_report *shard;
	size_t count;
	struct ucm_report report;
	struct ucm_report_since since;
	struct ucm_report_finding *due; /* what a shard could not judge, and the whole can */
	size_t due_count;
};

/* Each fills its part of merge->report. Servers and certificates come before findings. Returns 0,
 * or -1 without memory, or with an error. */
int ucm_merge_servers(struct ucm_merge *merge);
int ucm_merge_certificates(struct ucm_merge *merge, struct ucm_error *error);
int ucm_merge_findings(struct ucm_merge *merge);
int ucm_merge_policies(struct ucm_merge *merge);
int ucm_merge_inputs(struct ucm_merge *merge);
int ucm_merge_gaps(struct ucm_merge *merge);

/* Whether the certificate of that name is in use, by what is in the report so far. */
int ucm_merge_uses_certificate(const struct ucm_report *report, const char *name);

#endif
