/*
 * Baselines: the findings that were there when somebody began to count.
 */
#ifndef UCM_TOOLS_LINT_BASELINE_H
#define UCM_TOOLS_LINT_BASELINE_H

#include <jansson.h>

#include "tools/lint_model.h"

#define UCM_REPORT_BYTES_MAX (512UL * 1024 * 1024) /* a JSON report of some million findings */

/* Reads a JSON file whose root is an object with "version" 1. The caller owns it. NULL with an
 * error of class USAGE. */
json_t *ucm_json_read(struct ucm_arena *arena, const char *file, struct ucm_error *error);

/*
 * Reads the fingerprints of a baseline, or of a JSON report (its findings). The set belongs to the
 * arena and is sorted. 0, or -1 with an error of class USAGE.
 */
int ucm_baseline_read(struct ucm_arena *arena, const char *file, struct ucm_fingerprints *ret,
    struct ucm_error *error);

/*
 * Writes all findings that are not suppressed, except those about inputs and suppressions, in the
 * order of the report. 0, or -1 with an error of class IO.
 */
int ucm_baseline_write(const struct ucm_report *report, const char *file, struct ucm_error *error);

/* What is new, fixed and unchanged against the findings of a former report. */
int ucm_since_fill(struct ucm_arena *arena, const struct ucm_fingerprints *then,
    const struct ucm_report *report, struct ucm_report_since *ret);

#endif
