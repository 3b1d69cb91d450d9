/*
 * One run of the audit, from the inputs to the exit code.
 */
#include "config.h"

#include "tools/lint_run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/lint_baseline.h"
#include "tools/lint_evidence.h"
#include "tools/lint_probe.h"
#include "tools/report_escape.h"
#include "xml/load.h"

/* ---- Progress ----------------------------------------------------------------------------- */

struct progress {
	struct timespec next; /* when to draw again */
	int drawn;
};

#define PROGRESS_FIRST 1 /* seconds before anything is shown */

static void draw_progress(void *arg, unsigned long long files, unsigned long long bytes)
{
	struct progress *progress = arg;
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) || now.tv_sec < progress->next.tv_sec ||
	    (now.tv_sec == progress->next.tv_sec && now.tv_nsec < progress->next.tv_nsec))
		return;
	fprintf(stderr, "\r" UCM_TOOL_NAME ": %llu files, %llu MB read", files, bytes / 1000000);
	fflush(stderr);
	progress->drawn = 1;
	progress->next = now;
	progress->next.tv_nsec += 200000000;
	if (progress->next.tv_nsec >= 1000000000) {
		progress->next.tv_nsec -= 1000000000;
		progress->next.tv_sec++;
	}
}

static int start_progress(const struct ucm_lint_options *options, struct progress *progress)
{
	int wanted = options->progress == UCM_ALWAYS ||
		     (options->progress == UCM_AUTO && !options->quiet && isatty(STDERR_FILENO));

	memset(progress, 0, sizeof *progress);
	if (!wanted || clock_gettime(CLOCK_MONOTONIC, &progress->next))
		return 0;
	if (options->progress == UCM_AUTO)
		progress->next.tv_sec += PROGRESS_FIRST;
	return 1;
}

/* The files of a run, as the reader comes by. */
struct recording {
	struct ucm_arena *arena;
	struct ucm_lint_inputs *list;
	unsigned long long objects, files, bytes; /* so far */
};

static void record(void *arg, const char *path, const struct ucm_system *so_far)
{
	struct recording *recording = arg;
	struct ucm_lint_inputs *list = recording->list;

	/* Doubled when the count is a power of two. */
	if ((list->count & (list->count - 1)) == 0) {
		struct ucm_report_input *more = ucm_arena_array(
		    recording->arena, list->count ? list->count * 2 : 1, sizeof *more);

		if (!more)
			return; /* the arena remembers */
		if (list->count)
			memcpy(more, list->input, list->count * sizeof *more);
		list->input = more;
	}
	struct ucm_report_input *input = &list->input[list->count++];
	input->file = ucm_mask(recording->arena, path, NULL);
	input->objects = so_far->objects - recording->objects;
	input->files = so_far->files - recording->files;
	input->bytes = so_far->bytes - recording->bytes;
	recording->objects = so_far->objects;
	recording->files = so_far->files;
	recording->bytes = so_far->bytes;
}

int ucm_lint_load(const struct ucm_lint_options *options, const char *const *inputs, size_t count,
    struct ucm_system *system, struct ucm_lint_inputs *list, struct ucm_error *error)
{
	struct recording recording = {.arena = options->arena, .list = list};
	struct progress progress;
	int shown = start_progress(options, &progress);
	struct ucm_load_options load_options = {
	    .payloads = options->payloads,
	    .client = options->client,
	    .stdin_name = options->stdin_name,
	    .workers = options->workers,
	    .progress = shown ? draw_progress : NULL,
	    .progress_arg = &progress,
	    .loaded = list ? record : NULL,
	    .loaded_arg = &recording,
	};

	int failed = ucm_load(system, inputs, count, &load_options, error);
	if (progress.drawn)
		fputs("\r\033[K", stderr);
	return failed;
}

/* ---- The exit code ------------------------------------------------------------------------ */

int ucm_lint_exit_code(
    const struct ucm_report *report, const struct ucm_lint_options *options, int nothing_to_check)
{
	if (!report->complete)
		return UCM_LINT_INCOMPLETE;
	if (nothing_to_check && !options->allow_empty)
		return UCM_LINT_EMPTY;
	if (options->fail_on == UCM_OFF)
		return UCM_LINT_CLEAN;
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].hidden == UCM_NOT_HIDDEN &&
		    report->finding[i].severity >= options->fail_on)
			return UCM_LINT_FINDINGS;
	return UCM_LINT_CLEAN;
}

/* ---- The run ------------------------------------------------------------------------------ */

static const char *release_name(struct ucm_arena *arena, const struct ucm_lint_options *options)
{
	struct ucm_release newest = ucm_release_newest();

	if (options->release_text)
		return ucm_mask(arena, options->release_text, NULL);
	return ucm_arena_format(arena, "%u.%u.%u", newest.major, newest.minor, newest.patch);
}

/* The smallest by name, so that the order of the inputs does not show. */
static const char *first_input(struct ucm_arena *arena, const struct ucm_lint_options *options)
{
	const char *first = options->inputs[0];

	for (size_t i = 1; i < options->input_count; i++)
		if (strcmp(options->inputs[i], first) < 0)
			first = options->inputs[i];
	if (!strcmp(first, "-"))
		first = options->stdin_name ? options->stdin_name : "<stdin>";
	return ucm_mask(arena, first, NULL);
}

/* What is small and may be wrong is read first: nobody waits for an error in a file of ten lines.
 */
static int prepare(struct ucm_lint_run *run, struct ucm_error *error)
{
	struct ucm_lint_options *options = run->options;

	if (ucm_lint_config_read(options, &run->config, error) ||
	    ucm_evidence_check(options, error))
		return -1;
	if (options->baseline &&
	    ucm_baseline_read(run->arena, options->baseline, &run->baseline, error))
		return -1;
	if (options->since && ucm_baseline_read(run->arena, options->since, &run->then, error))
		return -1;
	if (!options->at_given)
		options->at = time(NULL);
	return 0;
}

static int fill_report(struct ucm_lint_run *run, struct ucm_error *error)
{
	const struct ucm_lint_options *options = run->options;
	struct ucm_report *report = &run->report;
	struct ucm_lint_source source = {options, &run->audit_options, &run->system, &run->audit,
	    &run->config, options->baseline ? &run->baseline : NULL};

	run->source = source;
	report->tool_version = PACKAGE_VERSION;
	report->release = release_name(run->arena, options);
	report->profile = options->profile;
	report->at = options->at;
	report->at_given = options->at_given;
	report->first_input = first_input(run->arena, options);
	report->matrix_asked = options->matrix;
	report->summary.clients = run->audit.client_count;
	report->summary.objects = run->system.objects;
	report->summary.files = run->system.files;
	report->summary.bytes = run->system.bytes;
	report->summary.mail_variables = run->audit.mail_variables;
	report->input = run->inputs.input;
	report->input_count = run->inputs.count;
	if (ucm_model_findings(&run->source, run->arena, report) ||
	    ucm_model_policies(&run->source, ucm_lint_wants_matrix(options) || options->evidence,
		run->arena, report) ||
	    ucm_model_references(&run->source, run->arena, report) ||
	    ucm_model_inputs(&run->source, run->arena, report))
		return ucm_out_of_memory(error);
	if (options->since) {
		if (ucm_since_fill(run->arena, &run->then, report, &run->since))
			return ucm_out_of_memory(error);
		report->since = &run->since;
	}
	run->nothing_to_check = !run->audit.mail_variables || !run->audit.cell_count ||
				(options->job_agents && !report->agents);
	report->exit_code = ucm_lint_exit_code(report, options, run->nothing_to_check);
	return run->arena->failed ? ucm_out_of_memory(error) : 0;
}

static int judge(struct ucm_lint_run *run, struct ucm_error *error)
{
	struct ucm_lint_options *options = run->options;

	if (ucm_lint_load(
		options, options->inputs, options->input_count, &run->system, &run->inputs, error))
		return -1;
	if (options->job_agents)
		options->agents |= run->system.job_agents & ucm_agents_of_release(options->release);
	run->audit_options = ucm_lint_audit_options(options);
	if (ucm_lint_questions_begin(run, error))
		return -1;
	if (ucm_audit_run(&run->system, &run->audit_options, run->arena, &run->audit))
		return ucm_out_of_memory(error);
	if (options->probe && ucm_lint_probe(run, error))
		return -1;
	if (fill_report(run, error))
		return -1;
	return ucm_lint_questions_end(run, error);
}

static void put_gaps(const struct ucm_report *report)
{
	for (size_t i = 0; i < report->gap_count; i++) {
		const struct ucm_report_gap *gap = &report->gap[i];

		fputs(UCM_TOOL_NAME ": not judged: ", stderr);
		if (gap->file) {
			ucm_put_plain(stderr, gap->file);
			fprintf(stderr, ":%u: ", gap->line);
		}
		if (gap->client != UCM_CLIENT_UNKNOWN)
			fprintf(stderr, "client %04d: ", gap->client);
		fprintf(stderr, "%s: %s\n", gap->what, gap->why);
	}
}

static int deliver(struct ucm_lint_run *run, struct ucm_error *error)
{
	const struct ucm_lint_options *options = run->options;
	int code = run->report.exit_code;

	if (options->write_baseline &&
	    ucm_baseline_write(&run->report, options->write_baseline, error))
		return UCM_LINT_USAGE;
	if (options->evidence && ucm_evidence_write(run, options->evidence, error))
		return error->class == UCM_CLASS_USAGE ? UCM_LINT_USAGE : UCM_LINT_INCOMPLETE;
	if (options->mute)
		return code;
	if (ucm_lint_write(options, &run->report))
		code = UCM_LINT_INCOMPLETE;
	if (options->verbose)
		put_gaps(&run->report);
	if (!options->quiet)
		ucm_report_summary(&run->report, stderr);
	return code;
}

int ucm_lint_run(struct ucm_lint_options *options)
{
	struct ucm_lint_run *run = calloc(1, sizeof *run);
	struct ucm_error error;
	int code;

	ucm_error_clear(&error);
	if (!run) {
		ucm_lint_complain("out of memory");
		return UCM_LINT_INCOMPLETE;
	}
	run->options = options;
	run->arena = options->arena;
	ucm_system_init(&run->system, NULL, 0);
	ucm_system_init(&run->other, NULL, 0);
	if (prepare(run, &error))
		code = UCM_LINT_USAGE;
	else if (judge(run, &error))
		code = error.class == UCM_CLASS_USAGE ? UCM_LINT_USAGE : UCM_LINT_INCOMPLETE;
	else
		code = deliver(run, &error);
	if (*error.text)
		ucm_lint_complain(error.text);
	ucm_system_free(&run->other);
	ucm_system_free(&run->system);
	free(run);
	return code;
}
