/*
 * The coming months: when certificates begin and end, when suppressions do, and how many policies
 * decide otherwise from then on.
 */
#include "config.h"

#include "tools/lint_whatif.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/report_escape.h"

#define DAY INT64_C(86400)

/* The same day some months later; a day that the month lacks counts on into the next. */
static int64_t months_later(int64_t at, unsigned months)
{
	char text[21];

	ucm_time_format(at, text);
	int year =
	    (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
	int month = (text[5] - '0') * 10 + text[6] - '0' - 1 + (int)months;
	int day = (text[8] - '0') * 10 + text[9] - '0';

	return ucm_time_from_civil(year + month / 12, month % 12 + 1, 1, 0, 0, 0) +
	       (day - 1) * DAY + at % DAY;
}

static int is_within(const struct ucm_lint_source *source, int64_t at)
{
	const struct ucm_lint_options *options = source->options;

	return at > options->at && at <= months_later(options->at, options->timeline);
}

static void add(
    struct ucm_report *report, int64_t at, const char *what, const char *name, const char *text)
{
	struct ucm_report_change *change = &report->change[report->change_count++];

	change->at = at;
	change->what = what;
	change->name = name;
	change->text = text;
}

static int compare_change(const void *left, const void *right)
{
	const struct ucm_report_change *one = left, *other = right;

	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	int order = strcmp(one->what, other->what);
	return order ? order : strcmp(one->name, other->name);
}

static int outcomes_at(const struct ucm_lint_source *source, int64_t at, struct ucm_arena *scratch,
    struct ucm_lint_outcomes *ret)
{
	struct ucm_audit_options options = *source->audit_options;

	options.at = at;
	return ucm_outcomes_collect(source->system, &options, source->audit,
	    ucm_lint_agents(source->options), scratch, ret);
}

/* How many policies decide otherwise at that moment than a second before. */
static int count_changes(const struct ucm_lint_source *source, struct ucm_report_change *change)
{
	struct ucm_lint_outcomes before, after;
	struct ucm_arena scratch;

	ucm_arena_init(&scratch, NULL, 0);
	int failed = outcomes_at(source, change->at - 1, &scratch, &before) ||
		     outcomes_at(source, change->at, &scratch, &after);
	for (size_t i = 0; !failed && i < before.count; i++) {
		const char *was = before.row[i].refused_by, *is = after.row[i].refused_by;

		change->policies += before.row[i].verdict != after.row[i].verdict ||
				    strcmp(was ? was : "", is ? is : "") != 0;
	}
	ucm_arena_free(&scratch);
	return failed ? -1 : 0;
}

static void add_certificates(const struct ucm_lint_source *source, struct ucm_report *report)
{
	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct ucm_report_certificate *one = &report->certificate[i];

		if (is_within(source, one->not_before))
			add(report, one->not_before, "certificate", one->name,
			    "begins to be valid");
		/* Its last second still counts. */
		if (is_within(source, one->not_after + 1))
			add(report, one->not_after + 1, "certificate", one->name,
			    one->used ? "has expired" : "has expired; nothing refers to it");
	}
}

static void add_suppressions(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	for (size_t i = 0; i < source->config->count; i++) {
		const struct ucm_suppression *one = &source->config->suppression[i];

		if (!source->options->no_suppressions && is_within(source, one->until))
			add(report, one->until, "suppression", ucm_mask(arena, one->name, NULL),
			    one->used ? "no longer suppresses; its finding counts again"
				      : "no longer suppresses");
	}
}

int ucm_timeline_fill(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	size_t room = report->certificate_count * 2 + source->config->count + 1;

	report->change = ucm_arena_array(arena, room, sizeof *report->change);
	if (!report->change)
		return -1;
	report->timeline_asked = 1;
	add_certificates(source, report);
	add_suppressions(source, arena, report);
	qsort(report->change, report->change_count, sizeof *report->change, compare_change);
	for (size_t i = 0; i < report->change_count; i++) {
		/* What happens at one moment is counted once, with the first of it. */
		int first = !i || report->change[i - 1].at != report->change[i].at;

		if (first && count_changes(source, &report->change[i]))
			return -1;
	}
	return arena->failed ? -1 : 0;
}
