/*
 * The findings of the HTML report, with filters that work without script.
 */
#include "config.h"

#include "tools/report_html.h"

#include "tools/report_escape.h"

static void put_radio(const char *group, const char *id, const char *label, int checked, FILE *out)
{
	fprintf(out, "<label><input type=\"radio\" name=\"%s\" id=\"%s\"%s> ", group, id,
	    checked ? " checked" : "");
	ucm_put_html(out, label);
	fputs("</label>\n", out);
}

static void put_filters(const struct ucm_report *report, FILE *out)
{
	int clients[UCM_HTML_CLIENTS_MAX];
	size_t count = ucm_html_clients(report, clients);

	fputs("<fieldset><legend>Severity</legend>\n", out);
	put_radio("severity", "s-all", "all", 1, out);
	put_radio("severity", "s-error", "errors", 0, out);
	put_radio("severity", "s-warning", "warnings", 0, out);
	put_radio("severity", "s-info", "notes", 0, out);
	fputs("</fieldset>\n<fieldset><legend>Client</legend>\n", out);
	put_radio("client", "c-all", "all", 1, out);
	for (size_t i = 0; i < count; i++) {
		char id[16], label[16] = "inputs";

		snprintf(id, sizeof id, "c-%d", clients[i] + 1);
		if (clients[i] != UCM_CLIENT_UNKNOWN)
			snprintf(label, sizeof label, "%04d", clients[i]);
		put_radio("client", id, label, 0, out);
	}
	fputs("</fieldset>\n", out);
}

/* The source line, with the character at fault marked. */
static void put_excerpt(const struct ucm_place *place, FILE *out)
{
	unsigned character = 1;

	if (!place->excerpt || !*place->excerpt)
		return;
	fputs("<pre>", out);
	for (const char *at = place->excerpt; *at; character++) {
		char one[5] = {0};
		size_t size;

		ucm_character_width(at, &size);
		for (size_t i = 0; i < size; i++)
			one[i] = at[i];
		if (character == place->excerpt_column) {
			fputs("<mark>", out);
			ucm_put_html(out, one);
			fputs("</mark>", out);
		} else {
			ucm_put_html(out, one);
		}
		at += size;
	}
	fputs("</pre>\n", out);
}

static void put_place(const struct ucm_place *place, FILE *out)
{
	fputs("<code>", out);
	ucm_put_html(out, place->file);
	fprintf(
	    out, ":%u:%u</code>", place->line ? place->line : 1, place->column ? place->column : 1);
}

static void put_object(const struct ucm_place *place, FILE *out)
{
	if (place->object) {
		fputs(" <code>", out);
		ucm_put_html(out, place->object);
		fputs("</code>", out);
	}
	if (place->key) {
		fputs(" <code>", out);
		ucm_put_html(out, place->key);
		fputs("</code>", out);
	}
}

static void put_hidden(const struct ucm_report_finding *finding, FILE *out)
{
	if (finding->hidden == UCM_BY_BASELINE)
		fputs("<p class=\"dim\">Not counted: it is in the baseline.</p>\n", out);
	if (finding->hidden != UCM_BY_SUPPRESSION)
		return;
	fputs("<p class=\"dim\">Suppressed by ", out);
	ucm_put_html(out, finding->suppression);
	fputs(" (", out);
	ucm_put_html(out, finding->owner);
	fprintf(out, ", until %s): ", finding->expires);
	ucm_put_html(out, finding->reason);
	fputs("</p>\n", out);
}

static void put_finding(const struct ucm_report_finding *finding, size_t number, FILE *out)
{
	const struct ucm_rule_row *rule = &ucm_rules[finding->rule];
	const char *severity = ucm_severity_name(finding->severity);

	fprintf(out, "<article class=\"finding %s is-%s of-%d%s\" id=\"f-%zu\">\n", severity,
	    severity, finding->place.client + 1,
	    finding->hidden == UCM_NOT_HIDDEN ? "" : " hidden-finding", number);
	fprintf(out, "<p><span class=\"tag %s\">%s</span> ", severity, severity);
	ucm_put_html(out, finding->message);
	fputs("</p>\n", out);
	fprintf(out, "<p class=\"where\">%s %s", rule->id, rule->name);
	put_object(&finding->place, out);
	if (finding->place.file) {
		fputs(" ", out);
		put_place(&finding->place, out);
	}
	fputs("</p>\n", out);
	put_excerpt(&finding->place, out);
	if (*finding->hint) {
		fputs("<p>", out);
		ucm_put_html(out, finding->hint);
		fputs("</p>\n", out);
	}
	if (finding->related.file) {
		fputs("<p class=\"dim\">See ", out);
		put_place(&finding->related, out);
		fputs("</p>\n", out);
	}
	put_hidden(finding, out);
	fputs("</article>\n", out);
}

void ucm_html_findings(const struct ucm_report *report, FILE *out)
{
	int any = 0, client = 0;

	fputs("<section id=\"findings\"><h2>Findings</h2>\n", out);
	put_filters(report, out);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ucm_report_finding *finding = &report->finding[i];

		if (!ucm_report_shows(report, finding))
			continue;
		if (!any || client != finding->place.client) {
			client = finding->place.client;
			fprintf(out, "<h3 class=\"client of-%d\">%s", client + 1,
			    client == UCM_CLIENT_UNKNOWN ? "" : "Client ");
			ucm_html_client(client, out);
			fputs("</h3>\n", out);
		}
		put_finding(finding, i + 1, out);
		any = 1;
	}
	if (!any)
		fputs("<p>None.</p>\n", out);
	fputs("</section>\n", out);
}
