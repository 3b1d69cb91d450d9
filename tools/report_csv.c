/*
 * CSV (RFC 4180): the findings, or the matrix where that was asked for.
 */
#include "config.h"

#include "tools/report.h"

#include "tools/report_escape.h"

static void put_text(FILE *out, const char *text)
{
	fputc(',', out);
	if (text)
		ucm_put_csv(out, text);
}

static void put_number(FILE *out, unsigned number)
{
	fputc(',', out);
	if (number)
		fprintf(out, "%u", number);
}

static void put_matrix(const struct ucm_report *report, FILE *out)
{
	fputs(
	    "client,via,server_variable,agent,decision,host,port,protocol,certificate,refused_by\n",
	    out);
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct ucm_report_cell *cell = &report->cell[i];

		fprintf(out, "%d", cell->client);
		put_text(out, cell->via);
		put_text(out, cell->server_variable);
		put_text(out, cell->agent);
		put_text(out, cell->decision);
		put_text(out, cell->host);
		put_number(out, cell->port);
		put_text(out, cell->protocol);
		put_text(out, cell->certificate);
		put_text(out, cell->refused_by);
		fputc('\n', out);
	}
}

static void put_findings(const struct ucm_report *report, FILE *out)
{
	static const char *const hidden_names[] = {NULL, "suppression", "baseline"};

	fputs("rule,name,severity,client,object,key,file,line,column,message,hint,fingerprint,"
	      "suppressed\n",
	    out);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ucm_report_finding *finding = &report->finding[i];

		if (!ucm_report_shows(report, finding))
			continue;
		fputs(ucm_rules[finding->rule].id, out);
		put_text(out, ucm_rules[finding->rule].name);
		put_text(out, ucm_severity_name(finding->severity));
		fputc(',', out);
		if (finding->place.client != UCM_CLIENT_UNKNOWN)
			fprintf(out, "%d", finding->place.client);
		put_text(out, finding->place.object);
		put_text(out, finding->place.key);
		put_text(out, finding->place.file);
		put_number(out, finding->place.line);
		put_number(out, finding->place.column);
		put_text(out, finding->message);
		put_text(out, finding->hint);
		put_text(out, finding->fingerprint);
		put_text(out, hidden_names[finding->hidden]);
		fputc('\n', out);
	}
}

int ucm_report_csv(const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	(void)style;
	if (report->matrix_asked)
		put_matrix(report, out);
	else
		put_findings(report, out);
	return 0;
}
