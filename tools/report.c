/*
 * The formats of reports, and the few words that all of them share.
 */
#include "config.h"

#include "tools/report.h"

#include <string.h>

#include "policy/agents.h"
#include "policy/text.h"

const struct ucm_report_format ucm_report_formats[] = {
    {"text", ".txt", 0, ucm_report_text},
    {"json", ".json", 0, ucm_report_json},
    {"sarif", ".sarif", 0, ucm_report_sarif},
    {"junit", ".xml", 0, ucm_report_junit},
    {"github", ".github", 0, ucm_report_github},
    {"gitlab", ".gitlab", 0, ucm_report_gitlab},
    {"html", ".html", 1, ucm_report_html},
    {"csv", ".csv", 0, ucm_report_csv},
    {"prometheus", ".prom", 0, ucm_report_prometheus},
    {NULL, NULL, 0, NULL},
};

const struct ucm_report_format *ucm_report_format_find(const char *name)
{
	for (const struct ucm_report_format *format = ucm_report_formats; format->name; format++)
		if (!strcmp(format->name, name))
			return format;
	return NULL;
}

int ucm_same_text(const char *left, const char *right)
{
	return left && right ? !strcmp(left, right) : left == right;
}

int ucm_same_row(const struct ucm_report_cell *left, const struct ucm_report_cell *right)
{
	return left->client == right->client && ucm_same_text(left->via, right->via) &&
	       ucm_same_text(left->server_variable, right->server_variable);
}

int ucm_same_decision(const struct ucm_report_cell *left, const struct ucm_report_cell *right)
{
	return ucm_same_text(left->decision, right->decision) &&
	       ucm_same_text(left->host, right->host) && left->port == right->port &&
	       ucm_same_text(left->protocol, right->protocol) &&
	       ucm_same_text(left->certificate, right->certificate) &&
	       ucm_same_text(left->refused_by, right->refused_by);
}

int ucm_severity_find(const char *name)
{
	for (int i = UCM_OFF; i <= UCM_ERROR; i++)
		if (ucm_equal_nocase(ucm_severity_name((enum ucm_severity)i), name))
			return i;
	return UCM_OFF - 1;
}

void ucm_agents_text(uint32_t agents, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		if (!(agents >> agent & 1))
			continue;
		int length = snprintf(out + used, size - used, "%s%s", used ? ", " : "",
		    ucm_agent_name((enum ucm_agent)agent));
		if (length < 0 || (size_t)length >= size - used)
			return;
		used += (size_t)length;
	}
}

int ucm_report_shows(const struct ucm_report *report, const struct ucm_report_finding *finding)
{
	return finding->hidden == UCM_NOT_HIDDEN || report->show_hidden;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void ucm_report_summary(const struct ucm_report *report, FILE *out)
{
	const struct ucm_report_summary *sum = &report->summary;

	fprintf(out,
	    "%s: %zu error%s, %zu warning%s, %zu note%s; %zu client%s, %llu object%s, %llu file%s",
	    UCM_TOOL_NAME, sum->error, plural(sum->error), sum->warning, plural(sum->warning),
	    sum->info, plural(sum->info), sum->clients, plural(sum->clients), sum->objects,
	    plural((size_t)sum->objects), sum->files, plural((size_t)sum->files));
	if (sum->suppressed)
		fprintf(out, "; %zu suppressed", sum->suppressed);
	if (sum->baselined)
		fprintf(out, "; %zu in the baseline", sum->baselined);
	if (report->gap_count)
		fprintf(out, "; %zu not judged (see -v)", report->gap_count);
	fputc('\n', out);
	if (report->exit_code == 3)
		fprintf(out, "%s: not everything could be read and judged: this is no clean bill\n",
		    UCM_TOOL_NAME);
	if (report->exit_code == 4)
		fprintf(out, "%s: nothing to check: %s (--allow-empty accepts that)\n",
		    UCM_TOOL_NAME,
		    sum->mail_variables && !report->agents
			? "no job names a kind of agent"
			: "no client with a mail variable among the inputs");
}
