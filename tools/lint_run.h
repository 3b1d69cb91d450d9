/*
 * One run: load, audit, report.
 */
#ifndef UCM_TOOLS_LINT_RUN_H
#define UCM_TOOLS_LINT_RUN_H

#include "tools/lint_model.h"
#include "tools/lint_whatif.h"

struct ucm_lint_inputs {
	struct ucm_report_input *input;
	size_t count;
};

/* Everything that a run holds. The report points into the arena and the system. */
struct ucm_lint_run {
	struct ucm_lint_options *options;
	struct ucm_arena *arena;
	struct ucm_lint_config config;
	struct ucm_fingerprints baseline;
	struct ucm_fingerprints then; /* of --since */
	struct ucm_report_since since;
	struct ucm_audit_options audit_options;
	struct ucm_system system;
	struct ucm_audit audit;
	struct ucm_lint_source source;
	struct ucm_lint_inputs inputs;
	struct ucm_report report;
	int nothing_to_check;
	struct ucm_lint_outcomes before; /* as it is, for --without-cert and --replace-cert */
	struct ucm_system other; /* of --compare */
};

/* Reads configuration, baseline and inputs, audits them, and writes the reports. Returns the exit
 * code of the contract; what went wrong is told on standard error. */
int ucm_lint_run(struct ucm_lint_options *options);

/* Loads inputs the way the options say, and lists the files (NULL: does not). */
int ucm_lint_load(const struct ucm_lint_options *options, const char *const *inputs, size_t count,
    struct ucm_system *system, struct ucm_lint_inputs *list, struct ucm_error *error);

/* What --without-cert and --replace-cert need to know and do before the audit, and what they,
 * --compare and --timeline add to the report after it. 0, or -1 with an error. */
int ucm_lint_questions_begin(struct ucm_lint_run *run, struct ucm_error *error);
int ucm_lint_questions_end(struct ucm_lint_run *run, struct ucm_error *error);

/* The exit code that the report stands for. */
int ucm_lint_exit_code(
    const struct ucm_report *report, const struct ucm_lint_options *options, int nothing_to_check);

/* Writes the report wherever the options want it. 0, or -1 when told on standard error. */
int ucm_lint_write(const struct ucm_lint_options *options, const struct ucm_report *report);

/* Whether some format or option wants the matrix. */
int ucm_lint_wants_matrix(const struct ucm_lint_options *options);

/* "policy-lint: text" on standard error, harmless for a terminal. */
void ucm_lint_complain(const char *text);

#endif
