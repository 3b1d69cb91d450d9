/*
 * Merging reports: lists are joined, what is in several is taken once, and what only the whole can
 * tell is told by what all of them refer to.
 */
#include "config.h"

#include "tools/lint_merge.h"

#include <string.h>
#include <time.h>

#include "tools/json_read.h"
#include "tools/lint_baseline.h"
#include "tools/lint_merge_parts.h"
#include "tools/lint_parse.h"
#include "tools/lint_run.h"

/* ---- The whole ---------------------------------------------------------------------------- */

/* Reports that were judged by different standards make no whole. */
static int check_alike(const struct ucm_merge *merge, struct ucm_error *error)
{
	const struct ucm_report *first = &merge->shard[0];

	for (size_t i = 1; i < merge->count; i++) {
		const struct ucm_report *other = &merge->shard[i];

		if (first->profile != other->profile ||
		    strcmp(first->release, other->release) != 0 ||
		    first->at_given != other->at_given || first->at != other->at ||
		    memcmp(first->judged, other->judged, sizeof first->judged) != 0)
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "%s and %s were judged by another profile, release, day or choice of "
			    "rules",
			    merge->options->inputs[0], merge->options->inputs[i]);
	}
	return 0;
}

static void fill_head(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	const struct ucm_report *first = &merge->shard[0];

	report->tool_version = PACKAGE_VERSION;
	report->profile = first->profile;
	report->release = first->release;
	report->at_given = first->at_given;
	report->at = first->at_given ? first->at : time(NULL);
	report->first_input = first->first_input;
	report->complete = 1;
	memcpy(report->judged, first->judged, sizeof report->judged);
	for (size_t i = 0; i < merge->count; i++) {
		const struct ucm_report *shard = &merge->shard[i];

		if (strcmp(shard->first_input, report->first_input) < 0)
			report->first_input = shard->first_input;
		report->complete &= shard->complete;
		report->summary.mail_variables |= shard->summary.mail_variables;
	}
}

static int fill_since(struct ucm_merge *merge, struct ucm_error *error)
{
	struct ucm_fingerprints then;

	if (!merge->options->since)
		return 0;
	if (ucm_baseline_read(merge->arena, merge->options->since, &then, error) ||
	    ucm_since_fill(merge->arena, &then, &merge->report, &merge->since))
		return -1;
	merge->report.since = &merge->since;
	return 0;
}

static int build(struct ucm_merge *merge, struct ucm_error *error)
{
	struct ucm_report *report = &merge->report;

	if (check_alike(merge, error))
		return -1;
	fill_head(merge);
	if (ucm_merge_servers(merge) || ucm_merge_certificates(merge, error) ||
	    ucm_merge_findings(merge) || ucm_merge_policies(merge) || ucm_merge_inputs(merge) ||
	    ucm_merge_gaps(merge) || fill_since(merge, error))
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	report->show_hidden = merge->options->show_suppressed;
	report->summary.clients = report->client_count;
	ucm_model_count(report);
	report->exit_code =
	    ucm_lint_exit_code(report, merge->options, !report->summary.mail_variables);
	return merge->arena->failed ? ucm_fail(error, UCM_CLASS_USAGE, "out of memory") : 0;
}

/* A report is in the arena as text, as JSON beside it, and then as rows. The rows of one that was
 * made to have many and say nothing would take a thousand times its size. */
static int read_shard(struct ucm_merge *merge, const char *file, struct ucm_error *error)
{
	struct ucm_arena *arena = merge->arena;
	const size_t before = arena->used;
	json_t *root = ucm_json_read(arena, file, error);

	merge->root[merge->count] = root;
	if (!root)
		return -1;
	if (__builtin_add_overflow(
		arena->used, ucm_json_memory(arena->used - before), &arena->ceiling))
		arena->ceiling = 0;
	if (ucm_report_parse(root, file, arena, &merge->shard[merge->count], error))
		return -1;
	arena->ceiling = 0;
	return 0;
}

static int read_shards(struct ucm_merge *merge, struct ucm_error *error)
{
	size_t count = merge->options->input_count;

	merge->root = ucm_arena_array(merge->arena, count, sizeof(json_t *));
	merge->shard = ucm_arena_array(merge->arena, count, sizeof *merge->shard);
	if (!merge->root || !merge->shard)
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	for (; merge->count < count; merge->count++)
		if (read_shard(merge, merge->options->inputs[merge->count], error))
			return -1;
	return 0;
}

int ucm_lint_merge(struct ucm_lint_options *options)
{
	struct ucm_merge merge = {.options = options, .arena = options->arena};
	struct ucm_error error;
	int code = UCM_LINT_USAGE;

	ucm_error_clear(&error);
	if (read_shards(&merge, &error) == 0 && build(&merge, &error) == 0) {
		code = merge.report.exit_code;
		if (ucm_lint_write(options, &merge.report))
			code = UCM_LINT_INCOMPLETE;
		if (!options->quiet)
			ucm_report_summary(&merge.report, stderr);
	} else {
		ucm_lint_complain(error.text);
	}
	for (size_t i = 0; merge.root && i < options->input_count; i++)
		json_decref(merge.root[i]);
	return code;
}
