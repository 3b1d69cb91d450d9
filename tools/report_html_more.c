/*
 * The rest of the HTML report: certificates on a line of time, questions, what was not judged.
 */
#include "config.h"

#include "tools/report_html.h"

#include "policy/text.h"
#include "tools/report_escape.h"

#define AGENTS_MAX 512
#define DAY INT64_C(86400)
#define PAST (180 * DAY) /* shown before today */
#define FUTURE (1000 * DAY) /* shown after it, at most */
#define SOON (30 * DAY)

static void put_day(int64_t at, FILE *out)
{
	char text[21];

	ucm_time_format(at, text);
	fprintf(out, "<time datetime=\"%.10s\">%.10s</time>", text, text);
}

/* Tenths of a per cent of the way from the first to the last day that is shown. */
static int position(const struct ucm_report *report, int64_t at)
{
	/* From midnight: the picture is the same all day. */
	int64_t first = report->at / DAY * DAY - PAST, span = PAST + FUTURE;

	if (at <= first)
		return 0;
	if (at >= first + span)
		return 1000;
	return (int)((at - first) * 1000 / span);
}

static const char *state_of(
    const struct ucm_report *report, const struct ucm_report_certificate *one)
{
	if (one->not_after < report->at)
		return " gone";
	if (one->not_before > report->at)
		return " later";
	return one->not_after - report->at < SOON ? " soon" : "";
}

static void put_percent(const char *name, int tenths, FILE *out)
{
	fprintf(out, "%s:%d.%d%%;", name, tenths / 10, tenths % 10);
}

/* The same in words: colour and length are not for everybody. */
static void put_days_left(
    const struct ucm_report *report, const struct ucm_report_certificate *one, FILE *out)
{
	long long days = (long long)((one->not_after - report->at) / DAY);

	if (one->not_after < report->at)
		fputs("<td class=\"error\">expired</td>", out);
	else if (one->not_before > report->at)
		fputs("<td class=\"info\">not yet valid</td>", out);
	else
		fprintf(out, "<td%s>%lld&nbsp;day%s</td>",
		    one->not_after - report->at < SOON ? " class=\"warning\"" : "", days,
		    days == 1 ? "" : "s");
}

static void put_certificate(
    const struct ucm_report *report, const struct ucm_report_certificate *one, FILE *out)
{
	int from = position(report, one->not_before), to = position(report, one->not_after);

	fputs("<tr>", out);
	ucm_html_cell("th", one->name, out);
	ucm_html_cell("td", one->subject, out);
	fputs("<td>", out);
	put_day(one->not_before, out);
	fputs("</td><td>", out);
	put_day(one->not_after, out);
	fputs("</td>", out);
	put_days_left(report, one, out);
	fprintf(out,
	    "<td>%s</td><td><div class=\"bars\" aria-hidden=\"true\"><div class=\"bar%s\" "
	    "style=\"",
	    one->used ? "yes" : "no", state_of(report, one));
	put_percent("left", from, out);
	put_percent("width", to - from, out);
	fputs("\"></div><div class=\"now\" style=\"", out);
	put_percent("left", position(report, report->at), out);
	fputs("\"></div></div></td></tr>\n", out);
}

void ucm_html_certificates(const struct ucm_report *report, FILE *out)
{
	fputs("<section id=\"certificates\"><h2>Certificates</h2>\n", out);
	if (!report->certificate_count) {
		fputs("<p>None was read.</p></section>\n", out);
		return;
	}
	fputs("<div "
	      "class=\"wide\" "
	      "tabindex=\"0\"><table><thead><tr><th>name</th><th>subject</th><th>from</"
	      "th><th>until</th>"
	      "<th>left</th><th>in use</th><th><div class=\"scale\">",
	    out);
	put_day(report->at - PAST, out);
	fputs("<span>line: ", out);
	put_day(report->at, out);
	fputs("</span>", out);
	put_day(report->at + FUTURE, out);
	fputs("</div></th></tr></thead><tbody>\n", out);
	for (size_t i = 0; i < report->certificate_count; i++)
		put_certificate(report, &report->certificate[i], out);
	fputs("</tbody></table></div></section>\n", out);
}

static void put_timeline(const struct ucm_report *report, FILE *out)
{
	fputs("<section id=\"timeline\"><h2>Days on which something changes</h2>\n<ul>\n", out);
	for (size_t i = 0; i < report->change_count; i++) {
		const struct ucm_report_change *change = &report->change[i];

		fputs("<li>", out);
		put_day(change->at, out);
		fprintf(out, " %s ", change->what);
		ucm_put_html(out, change->name);
		fputs(": ", out);
		ucm_put_html(out, change->text);
		if (change->policies)
			fprintf(out, " (policies: %u)", change->policies);
		fputs("</li>\n", out);
	}
	if (!report->change_count)
		fputs("<li>None.</li>\n", out);
	fputs("</ul></section>\n", out);
}

static void put_decision(const char *decision, const char *refused_by, FILE *out)
{
	fprintf(
	    out, "<td class=\"%s\">%s", decision ? decision : "dim", decision ? decision : "none");
	if (refused_by)
		fprintf(out, " (%s)", refused_by);
	fputs("</td>", out);
}

static void put_impact(const struct ucm_report *report, FILE *out)
{
	fputs("<section id=\"impact\">", out);
	ucm_html_cell("h2", report->impact_title, out);
	fputs("\n<div "
	      "class=\"wide\" "
	      "tabindex=\"0\"><table><thead><tr><th>outcome</th><th>client</th><th>sender</"
	      "th><th>server "
	      "variable</th><th>agents</th><th>decision</th><th>then or there</th><th>what "
	      "differs</th></tr>"
	      "</thead><tbody>\n",
	    out);
	for (size_t i = 0; i < report->impact_count; i++) {
		const struct ucm_report_impact *one = &report->impact[i];
		char agents[AGENTS_MAX];

		ucm_agents_text(one->agents, agents, sizeof agents);
		fputs("<tr>", out);
		ucm_html_cell("td", one->outcome, out);
		fprintf(out, "<td>%04d</td>", one->client);
		ucm_html_cell("td", one->via, out);
		ucm_html_cell("td", one->server_variable, out);
		ucm_html_cell("td", agents, out);
		put_decision(one->decision, one->refused_by, out);
		put_decision(one->other_decision, one->other_refused_by, out);
		ucm_html_cell("td", one->text, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}

static void put_servers(const struct ucm_report *report, FILE *out)
{
	fputs(
	    "<section id=\"servers\"><h2>Servers that were asked</h2>\n<div "
	    "class=\"wide\" tabindex=\"0\"><table><thead>"
	    "<tr><th>server</th><th>outcome</th><th>TLS</th><th>certificate</th><th>until</th></tr>"
	    "</thead><tbody>\n",
	    out);
	for (size_t i = 0; i < report->server_count; i++) {
		const struct ucm_report_server *one = &report->server[i];

		fputs("<tr><th>", out);
		ucm_put_html(out, one->host);
		fprintf(out, ":%u</th><td>%s ", one->port, one->verdict);
		ucm_put_html(out, one->reason);
		fputs("</td><td>", out);
		ucm_put_html(out, one->version);
		fputs(" ", out);
		ucm_put_html(out, one->cipher);
		fputs("</td>", out);
		ucm_html_cell("td", one->subject, out);
		ucm_html_cell("td", one->not_after, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}

static void put_coverage(const struct ucm_report *report, FILE *out)
{
	fputs("<section id=\"coverage\"><h2>Coverage</h2>\n", out);
	fputs(report->complete ? "<p>Every input was read and judged."
			       : "<p class=\"error\">Not every input could be read and judged.",
	    out);
	fputs("</p>\n<ul>\n", out);
	for (size_t i = 0; i < report->gap_count; i++) {
		const struct ucm_report_gap *gap = &report->gap[i];

		fprintf(out, "<li>Not judged: %s", gap->what);
		if (gap->client != UCM_CLIENT_UNKNOWN)
			fprintf(out, ", client %04d", gap->client);
		if (gap->file) {
			fputs(", <code>", out);
			ucm_put_html(out, gap->file);
			fprintf(out, ":%u</code>", gap->line);
		}
		fprintf(out, ": %s.</li>\n", gap->why);
	}
	fputs("</ul></section>\n", out);
}

static void put_since(const struct ucm_report_since *since, FILE *out)
{
	fprintf(out,
	    "<section id=\"since\"><h2>Since the former report</h2>\n<p>%zu new, %zu fixed, %zu "
	    "unchanged.</p>"
	    "</section>\n",
	    since->fresh_count, since->fixed_count, since->unchanged_count);
}

void ucm_html_questions(const struct ucm_report *report, FILE *out)
{
	if (report->impact_title)
		put_impact(report, out);
	if (report->timeline_asked)
		put_timeline(report, out);
	if (report->probed)
		put_servers(report, out);
	if (report->since)
		put_since(report->since, out);
	put_coverage(report, out);
}
