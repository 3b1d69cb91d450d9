/*
 * HTML: one self-contained file, readable without script, by keyboard and on paper.
 */
#include "config.h"

#include "tools/report_html.h"

#include "policy/text.h"
#include "tools/report_escape.h"

void ucm_html_client(int client, FILE *out)
{
	if (client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "%04d", client);
}

void ucm_html_cell(const char *element, const char *text, FILE *out)
{
	fprintf(out, "<%s>", element);
	if (text && *text)
		ucm_put_html(out, text);
	else
		fputs("<span class=\"dim\">–</span>", out);
	fprintf(out, "</%s>", element);
}

size_t ucm_html_clients(const struct ucm_report *report, int clients[UCM_HTML_CLIENTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < report->finding_count && count < UCM_HTML_CLIENTS_MAX; i++) {
		int client = report->finding[i].place.client;

		if (!ucm_report_shows(report, &report->finding[i]))
			continue;
		if (!count || clients[count - 1] != client)
			clients[count++] = client;
	}
	return count;
}

/* A radio button that is not chosen hides nothing; one that is hides what lacks its class. */
static void put_filter_rule(const char *id, const char *class, FILE *out)
{
	fprintf(out, "body:has(#%s:checked) .finding:not(.%s){display:none}\n", id, class);
}

static void put_style(const struct ucm_report *report, FILE *out)
{
	int clients[UCM_HTML_CLIENTS_MAX];
	size_t count = ucm_html_clients(report, clients);

	fputs("<style>\n", out);
	fputs(ucm_html_style, out);
	fputs(ucm_html_style_small, out);
	put_filter_rule("s-error", "is-error", out);
	put_filter_rule("s-warning", "is-warning", out);
	put_filter_rule("s-info", "is-info", out);
	for (size_t i = 0; i < count; i++) {
		char id[16], class[16];

		snprintf(id, sizeof id, "c-%d", clients[i] + 1);
		snprintf(class, sizeof class, "of-%d", clients[i] + 1);
		put_filter_rule(id, class, out);
		/* A client's heading goes with its findings. */
		fprintf(out, "body:has(#%s:checked) .client:not(.%s){display:none}\n", id, class);
	}
	fputs("</style>\n", out);
}

static void put_tile(const char *class, const char *name, unsigned long long number, FILE *out)
{
	fprintf(out, "<li><b class=\"%s\">%llu</b>%s</li>\n", class, number, name);
}

static void put_verdict(const struct ucm_report *report, FILE *out)
{
	static const struct {
		const char *class, *text;
	} verdicts[] = {
	    {"forced", "Nothing to object to"},
	    {"error", "Something must be mended"},
	    {"error", "Wrong usage"},
	    {"error", "Not everything could be read and judged"},
	    {"warning", "Nothing to check"},
	};
	size_t code = (size_t)report->exit_code;

	if (code < sizeof verdicts / sizeof *verdicts)
		fprintf(out, "<p><span class=\"verdict %s\">%s</span></p>\n", verdicts[code].class,
		    verdicts[code].text);
}

static void put_top(const struct ucm_report *report, FILE *out)
{
	const struct ucm_report_summary *sum = &report->summary;
	char day[21];

	ucm_time_format(report->at, day);
	fputs("<header><h1>Mail policy audit</h1>\n<p class=\"dim\">", out);
	fprintf(out, "%s %s · profile %s · release ", UCM_TOOL_NAME, report->tool_version,
	    report->profile == UCM_STRICT ? "strict" : "compat");
	ucm_put_html(out, report->release);
	fprintf(out, " · as of %.10s</p>\n", day);
	put_verdict(report, out);
	fputs("<ul class=\"tiles\">\n", out);
	put_tile("error", "errors", sum->error, out);
	put_tile("warning", "warnings", sum->warning, out);
	put_tile("info", "notes", sum->info, out);
	put_tile("", "suppressed", sum->suppressed, out);
	put_tile("", "in the baseline", sum->baselined, out);
	put_tile("", "clients", sum->clients, out);
	put_tile("", "objects", sum->objects, out);
	put_tile("", "files", sum->files, out);
	fputs("</ul>\n<nav aria-label=\"Sections\"><a href=\"#findings\">Findings</a>"
	      "<a href=\"#matrix\">Matrix</a><a href=\"#certificates\">Certificates</a>"
	      "<a href=\"#coverage\">Coverage</a></nav></header>\n",
	    out);
}

int ucm_report_html(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	(void)style;
	fputs(
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	    "'unsafe-inline'\">\n"
	    "<title>Mail policy audit</title>\n",
	    out);
	put_style(report, out);
	fputs("</head>\n<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n", out);
	put_top(report, out);
	fputs("<main>\n", out);
	ucm_html_findings(report, out);
	ucm_html_matrix(report, out);
	ucm_html_certificates(report, out);
	ucm_html_questions(report, out);
	fputs("</main>\n</body>\n</html>\n", out);
	return 0;
}
