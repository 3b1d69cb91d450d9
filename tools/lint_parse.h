/*
 * A JSON report back to a report. Strings belong to the JSON, which must outlive it.
 */
#ifndef UCM_TOOLS_LINT_PARSE_H
#define UCM_TOOLS_LINT_PARSE_H

#include <jansson.h>

#include "policy/arena.h"
#include "policy/error.h"
#include "tools/report.h"

/*
 * Fills an all-zero report. What the JSON lacks stays empty. Returns 0, or -1 with an error of
 * class USAGE that names the file: no report of ours, or one that was changed by hand.
 */
int ucm_report_parse(const json_t *root, const char *file, struct ucm_arena *arena,
    struct ucm_report *report, struct ucm_error *error);

#endif
