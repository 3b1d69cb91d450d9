/*
 * Text for people: one finding under the other, grouped by client, with the source line, a caret
 * under the value at fault, and a hint.
 */
#include "config.h"

#include "tools/report_text.h"

#include <string.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "tools/report_escape.h"

#define GUTTER 6 /* columns of the line number */

static const char *const paint_of[] = {UCM_TEXT_DIM, UCM_TEXT_CYAN, UCM_TEXT_YELLOW, UCM_TEXT_RED};

static void paint(const struct ucm_report_style *style, const char *sequence, FILE *out)
{
	if (style->color)
		fputs(sequence, out);
}

/* ---- The source line ---------------------------------------------------------------------- */

/* The part of an excerpt that is shown: a window of the terminal's width round the column. */
struct window {
	const char *start;
	size_t bytes;
	unsigned caret; /* terminal columns before the caret; */
	int has_caret;
};

static struct window choose_window(const char *text, unsigned column, unsigned width)
{
	struct window ret = {.start = text};
	unsigned before = 0, used = 0, character = 1;
	size_t size;

	for (const char *at = text; *at && character < column; at += size, character++)
		before += ucm_character_width(at, &size);
	/* Too far right: begin later, so that a third of the window is left of the caret. */
	while (before > width * 2 / 3 && *ret.start) {
		before -= ucm_character_width(ret.start, &size);
		ret.start += size;
	}
	ret.caret = before;
	ret.has_caret = column > 0;
	for (const char *at = ret.start; *at; at += size, ret.bytes += size) {
		used += ucm_character_width(at, &size);
		if (used > width)
			break;
	}
	return ret;
}

static void put_source(
    const struct ucm_place *place, const struct ucm_report_style *style, FILE *out)
{
	if (!place->excerpt || !*place->excerpt || style->terse)
		return;
	unsigned width = style->width > GUTTER + 24 ? style->width - GUTTER - 4 : 20;
	struct window window = choose_window(place->excerpt, place->excerpt_column, width);
	char line[UCM_EXCERPT_MAX * 4 + 1];
	size_t bytes = window.bytes < sizeof line - 1 ? window.bytes : sizeof line - 1;

	memcpy(line, window.start, bytes);
	line[bytes] = '\0';
	paint(style, UCM_TEXT_DIM, out);
	fprintf(out, "%*u | ", GUTTER, place->line);
	paint(style, UCM_TEXT_PLAIN, out);
	ucm_put_plain(out, line);
	fputc('\n', out);
	if (!window.has_caret)
		return;
	paint(style, UCM_TEXT_DIM, out);
	fprintf(out, "%*s | ", GUTTER, "");
	paint(style, UCM_TEXT_PLAIN, out);
	paint(style, UCM_TEXT_BOLD, out);
	fprintf(out, "%*s^\n", (int)window.caret, "");
	paint(style, UCM_TEXT_PLAIN, out);
}

/* ---- Findings ----------------------------------------------------------------------------- */

static void put_where(const struct ucm_place *place, FILE *out)
{
	if (place->file) {
		ucm_put_plain(out, place->file);
		fprintf(out, ":%u:%u", place->line ? place->line : 1,
		    place->column ? place->column : 1);
		return;
	}
	if (place->client == UCM_CLIENT_UNKNOWN) {
		fputs(UCM_TOOL_NAME, out);
		return;
	}
	fprintf(out, "client %04d", place->client);
	if (place->object) {
		fputc(' ', out);
		ucm_put_plain(out, place->object);
	}
}

static void put_note(
    const char *label, const char *text, const struct ucm_report_style *style, FILE *out)
{
	fprintf(out, "%*s ", GUTTER, "");
	paint(style, UCM_TEXT_DIM, out);
	fprintf(out, "= %s: ", label);
	paint(style, UCM_TEXT_PLAIN, out);
	ucm_put_plain(out, text);
	fputc('\n', out);
}

static void put_hidden(
    const struct ucm_report_finding *finding, const struct ucm_report_style *style, FILE *out)
{
	if (finding->hidden == UCM_BY_BASELINE)
		put_note("not counted", "it is in the baseline", style, out);
	if (finding->hidden != UCM_BY_SUPPRESSION)
		return;
	put_note("suppressed by", finding->suppression, style, out);
	put_note("reason", finding->reason, style, out);
	put_note("owner", finding->owner, style, out);
	put_note("expires", finding->expires, style, out);
}

static void put_finding(
    const struct ucm_report_finding *finding, const struct ucm_report_style *style, FILE *out)
{
	const struct ucm_rule_row *rule = &ucm_rules[finding->rule];

	paint(style, UCM_TEXT_BOLD, out);
	put_where(&finding->place, out);
	paint(style, UCM_TEXT_PLAIN, out);
	fputs(": ", out);
	paint(style, paint_of[finding->severity], out);
	fputs(ucm_severity_name(finding->severity), out);
	paint(style, UCM_TEXT_PLAIN, out);
	fputs(": ", out);
	ucm_put_plain(out, finding->message);
	paint(style, UCM_TEXT_DIM, out);
	fprintf(out, " [%s %s]", rule->id, rule->name);
	paint(style, UCM_TEXT_PLAIN, out);
	fputc('\n', out);
	put_source(&finding->place, style, out);
	if (!style->terse && *finding->hint)
		put_note("hint", finding->hint, style, out);
	if (!style->terse && finding->related.file) {
		fprintf(out, "%*s ", GUTTER, "");
		paint(style, UCM_TEXT_DIM, out);
		fputs("= see: ", out);
		paint(style, UCM_TEXT_PLAIN, out);
		put_where(&finding->related, out);
		fputc('\n', out);
	}
	put_hidden(finding, style, out);
}

static void put_heading(int client, const struct ucm_report_style *style, FILE *out)
{
	paint(style, UCM_TEXT_BOLD, out);
	if (client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "client %04d", client);
	paint(style, UCM_TEXT_PLAIN, out);
	fputc('\n', out);
}

static int put_findings(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	int any = 0, client = 0;

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ucm_report_finding *finding = &report->finding[i];

		if (!ucm_report_shows(report, finding))
			continue;
		if (!any || finding->place.client != client) {
			if (any)
				fputc('\n', out);
			client = finding->place.client;
			put_heading(client, style, out);
		}
		put_finding(finding, style, out);
		any = 1;
	}
	return any;
}

/* ---- Questions ---------------------------------------------------------------------------- */

#define AGENTS_MAX 512

static void put_decision(const char *decision, const char *refused_by, FILE *out)
{
	fputs(decision ? decision : "none", out);
	if (refused_by)
		fprintf(out, " (%s)", refused_by);
}

static void put_one_impact(const struct ucm_report_impact *one, FILE *out)
{
	char agents[AGENTS_MAX];

	fprintf(out, "  %s: client %04d %s", one->outcome, one->client, one->via);
	if (one->server_variable) {
		fputc(' ', out);
		ucm_put_plain(out, one->server_variable);
	}
	fputs(": ", out);
	put_decision(one->decision, one->refused_by, out);
	fputs(" -> ", out);
	put_decision(one->other_decision, one->other_refused_by, out);
	if (one->text) {
		fputs("; ", out);
		ucm_put_plain(out, one->text);
	}
	ucm_agents_text(one->agents, agents, sizeof agents);
	fprintf(out, "\n    agents: %s\n", agents);
}

static void put_impact(const struct ucm_report *report, FILE *out)
{
	ucm_put_plain(out, report->impact_title);
	fputs(":\n", out);
	for (size_t i = 0; i < report->impact_count; i++)
		put_one_impact(&report->impact[i], out);
	if (!report->impact_count)
		fputs("  no policy is touched\n", out);
}

static void put_timeline(const struct ucm_report *report, FILE *out)
{
	fputs("Days on which something changes:\n", out);
	for (size_t i = 0; i < report->change_count; i++) {
		const struct ucm_report_change *change = &report->change[i];
		char day[21];

		ucm_time_format(change->at, day);
		fprintf(out, "  %s  %s ", day, change->what);
		ucm_put_plain(out, change->name);
		fputs(": ", out);
		ucm_put_plain(out, change->text);
		if (change->policies)
			fprintf(out, " (%u polic%s)", change->policies,
			    change->policies == 1 ? "y" : "ies");
		fputc('\n', out);
	}
	if (!report->change_count)
		fputs("  none\n", out);
}

/* Days from the moment of the audit to a time in text, or -1. */
static long days_left(const struct ucm_report *report, const char *until)
{
	int64_t end;

	if (ucm_time_parse(until, &end))
		return -1;
	return end <= report->at ? 0 : (long)((end - report->at) / 86400);
}

static void put_servers(const struct ucm_report *report, FILE *out)
{
	fputs("Servers that were asked:\n", out);
	for (size_t i = 0; i < report->server_count; i++) {
		const struct ucm_report_server *one = &report->server[i];
		long days = days_left(report, one->not_after);

		fputs("  ", out);
		ucm_put_plain(out, one->host);
		fprintf(out, ":%u %s: ", one->port, one->verdict);
		if (*one->version)
			fprintf(out, "%s %s; ", one->version, one->cipher);
		else if (!*one->reason)
			fputs("in clear; ", out);
		ucm_put_plain(out, *one->subject ? one->subject : one->reason);
		if (*one->issuer) {
			fputs(" < ", out);
			ucm_put_plain(out, one->issuer);
		}
		if (days >= 0)
			fprintf(out, "; %ld day%s left", days, days == 1 ? "" : "s");
		fputc('\n', out);
	}
	if (!report->server_count)
		fputs("  none\n", out);
}

static void put_since(const struct ucm_report_since *since, FILE *out)
{
	fprintf(out, "Since that report: %zu new, %zu fixed, %zu unchanged\n", since->fresh_count,
	    since->fixed_count, since->unchanged_count);
}

int ucm_report_text(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	int any = put_findings(report, style, out);

	if (report->matrix_asked) {
		if (any)
			fputc('\n', out);
		ucm_text_matrix(report, style, out);
		any = 1;
	}
	if (report->impact_title) {
		if (any)
			fputc('\n', out);
		put_impact(report, out);
		any = 1;
	}
	if (report->timeline_asked) {
		if (any)
			fputc('\n', out);
		put_timeline(report, out);
		any = 1;
	}
	if (report->probed) {
		if (any)
			fputc('\n', out);
		put_servers(report, out);
		any = 1;
	}
	if (report->since) {
		if (any)
			fputc('\n', out);
		put_since(report->since, out);
	}
	return 0;
}
