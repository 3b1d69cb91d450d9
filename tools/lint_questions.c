/*
 * Questions beyond the audit, in the order in which a run can answer them.
 */
#include "config.h"

#include "tools/lint_run.h"
#include "tools/report_escape.h"

static int asks_what_if(const struct ucm_lint_options *options)
{
	return options->without_cert || options->replace_cert_count;
}

static int check(const struct ucm_lint_options *options, const struct ucm_system *system,
    struct ucm_error *error)
{
	if (asks_what_if(options) && options->compare)
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "--compare and a question about certificates are two runs");
	if (options->without_cert && !ucm_has_certificate(system, options->without_cert))
		return ucm_certificate_unknown(system, options->without_cert, error);
	return 0;
}

int ucm_lint_questions_begin(struct ucm_lint_run *run, struct ucm_error *error)
{
	struct ucm_audit_options plain = run->audit_options;
	struct ucm_audit audit;

	if (check(run->options, &run->system, error))
		return -1;
	if (!asks_what_if(run->options))
		return 0;
	plain.without_cert = NULL;
	if (ucm_audit_run(&run->system, &plain, run->arena, &audit) ||
	    ucm_outcomes_collect(&run->system, &plain, &audit, ucm_lint_agents(run->options),
		run->arena, &run->before))
		return ucm_out_of_memory(error);
	return ucm_replace_certificates(run->options, &run->system, error);
}

static int answer_what_if(struct ucm_lint_run *run, const struct ucm_lint_outcomes *now)
{
	return ucm_impact_fill(run->options, &run->before, now, run->arena, &run->report);
}

/* What could not be read there might have said otherwise: the comparison is not whole then. */
static void tell_unread(struct ucm_lint_run *run)
{
	for (size_t i = 0; i < run->other.findings.count; i++) {
		const struct ucm_finding *finding = &run->other.findings.row[i];
		char message[UCM_ERROR_TEXT_MAX];

		if (ucm_finding_severity(finding, run->options->profile) != UCM_ERROR)
			continue;
		ucm_finding_message(finding, message, sizeof message);
		fputs(UCM_TOOL_NAME ": ", stderr);
		ucm_put_plain(
		    stderr, finding->place.file ? finding->place.file : run->options->compare);
		fputs(": ", stderr);
		ucm_put_plain(stderr, message);
		fputc('\n', stderr);
		run->report.complete = 0;
	}
}

static int answer_compare(
    struct ucm_lint_run *run, const struct ucm_lint_outcomes *now, struct ucm_error *error)
{
	struct ucm_lint_outcomes there;
	struct ucm_audit audit;

	if (ucm_lint_load(run->options, &run->options->compare, 1, &run->other, NULL, error))
		return -1;
	if (ucm_audit_run(&run->other, &run->audit_options, run->arena, &audit) ||
	    ucm_outcomes_collect(&run->other, &run->audit_options, &audit,
		ucm_lint_agents(run->options), run->arena, &there) ||
	    ucm_compare_fill(run->options, now, &there, run->arena, &run->report))
		return ucm_out_of_memory(error);
	tell_unread(run);
	return 0;
}

int ucm_lint_questions_end(struct ucm_lint_run *run, struct ucm_error *error)
{
	const struct ucm_lint_options *options = run->options;
	struct ucm_lint_outcomes now;

	if (asks_what_if(options) || options->compare) {
		if (ucm_outcomes_collect(&run->system, &run->audit_options, &run->audit,
			ucm_lint_agents(options), run->arena, &now))
			return ucm_out_of_memory(error);
		if (asks_what_if(options) && answer_what_if(run, &now))
			return ucm_out_of_memory(error);
		if (options->compare && answer_compare(run, &now, error))
			return -1;
	}
	if (options->timeline && ucm_timeline_fill(&run->source, run->arena, &run->report))
		return ucm_out_of_memory(error);
	run->report.exit_code = ucm_lint_exit_code(&run->report, options, run->nothing_to_check);
	return 0;
}
