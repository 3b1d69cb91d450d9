/*
 * From a system and its audit to a report: every string copied, masked and made valid UTF-8, so
 * that no format can leak or break.
 */
#ifndef UCM_TOOLS_LINT_MODEL_H
#define UCM_TOOLS_LINT_MODEL_H

#include "policy/audit.h"
#include "tools/lint_config.h"
#include "tools/lint_options.h"
#include "tools/report.h"

/* A set of fingerprints, sorted. */
struct ucm_fingerprints {
	const char **text;
	size_t count;
};

int ucm_fingerprints_have(const struct ucm_fingerprints *set, const char *fingerprint);
void ucm_fingerprints_sort(struct ucm_fingerprints *set);

/* What the report is made of; nothing is owned. */
struct ucm_lint_source {
	const struct ucm_lint_options *options;
	const struct ucm_audit_options *audit_options;
	const struct ucm_system *system;
	struct ucm_audit *audit; /* findings about suppressions are added to it */
	struct ucm_lint_config *config; /* its suppressions learn whether they were used */
	const struct ucm_fingerprints *baseline;
};

/* The options of the audit that the command line asks for. */
struct ucm_audit_options ucm_lint_audit_options(const struct ucm_lint_options *options);

/* All kinds of the release. */
uint32_t ucm_agents_of_release(struct ucm_release release);

/* The kinds that are judged: those asked for, or all of the release. */
uint32_t ucm_lint_agents(const struct ucm_lint_options *options);

/*
 * Adds the findings of --agents and of suppressions, applies --select, --ignore, --severity,
 * suppressions and baseline, and fills finding, summary and complete. Returns 0, or -1 without
 * memory.
 */
int ucm_model_findings(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report);

/* Brings findings into the order of reports, whatever they were made of. */
void ucm_model_sort(struct ucm_report_finding *finding, size_t count);

/* The order of two texts; NULL comes first. */
int ucm_compare_texts(const char *left, const char *right);

/* Counts what stands in report->finding into report->summary. */
void ucm_model_count(struct ucm_report *report);

/* Fills policy, and with it cell where want_matrix. */
int ucm_model_policies(const struct ucm_lint_source *source, int want_matrix,
    struct ucm_arena *arena, struct ucm_report *report);

/* One decision as a row of the matrix. Its strings belong to the arena. */
struct ucm_report_cell ucm_model_cell(struct ucm_arena *arena, const struct ucm_decision *decision);

/* Fills client, and brings inputs and gaps into their order. */
int ucm_model_inputs(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report);
void ucm_model_sort_gaps(struct ucm_report *report);

/* Fills certificate, used_certificate, used_server and gap. */
int ucm_model_references(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report);

#endif
