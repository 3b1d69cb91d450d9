/*
 * The matrix of the HTML report. Agents that fare the same everywhere share a column, so that it
 * stays readable with fifteen kinds; each cell opens to where its settings come from.
 */
#include "config.h"

#include "tools/report_html.h"

#include <string.h>

#include "policy/agents.h"
#include "tools/report_escape.h"

/* The rows of the report's matrix stand cell by cell, agent by agent: always the same agents. */
struct grid {
	const struct ucm_report *report;
	size_t agents; /* in each row */
	size_t rows;
	unsigned char column[UCM_AGENT_COUNT]; /* agent of the first row that stands for this one */
};

static int agents_agree(const struct grid *grid, size_t left, size_t right)
{
	for (size_t row = 0; row < grid->rows; row++)
		if (!ucm_same_decision(&grid->report->cell[row * grid->agents + left],
			&grid->report->cell[row * grid->agents + right]))
			return 0;
	return 1;
}

/* Returns -1 where the rows are not of one shape: the plain table is shown then. */
static int make_grid(const struct ucm_report *report, struct grid *grid)
{
	memset(grid, 0, sizeof *grid);
	grid->report = report;
	while (grid->agents < report->cell_count &&
	       ucm_same_row(&report->cell[0], &report->cell[grid->agents]))
		grid->agents++;
	if (!grid->agents || grid->agents > UCM_AGENT_COUNT || report->cell_count % grid->agents)
		return -1;
	grid->rows = report->cell_count / grid->agents;
	for (size_t i = 0; i < report->cell_count; i++)
		if (!ucm_same_text(report->cell[i].agent, report->cell[i % grid->agents].agent))
			return -1;
	for (size_t agent = 0; agent < grid->agents; agent++) {
		size_t first = 0;

		while (first < agent && !agents_agree(grid, first, agent))
			first++;
		grid->column[agent] = (unsigned char)first;
	}
	return 0;
}

static const struct ucm_report_policy *policy_of(
    const struct ucm_report *report, const struct ucm_report_cell *cell)
{
	const struct ucm_report_policy *near = NULL;

	for (size_t i = 0; i < report->policy_count; i++) {
		const struct ucm_report_policy *one = &report->policy[i];

		if (one->client != cell->client || !ucm_same_text(one->via, cell->via) ||
		    !ucm_same_text(one->server_variable, cell->server_variable))
			continue;
		if (ucm_same_text(one->agent, cell->agent))
			return one;
		if (!near)
			near = one;
	}
	return near;
}

static void put_source(const struct ucm_report_source *source, FILE *out)
{
	fprintf(out, "<dt>%s</dt><dd><code>", source->key);
	ucm_put_html(out, source->value ? source->value : "");
	fprintf(out, "</code> <span class=\"dim\">client %04d ", source->client);
	ucm_put_html(out, source->object ? source->object : "");
	fputs(", ", out);
	ucm_put_html(out, source->file ? source->file : "");
	fprintf(out, ":%u</span></dd>", source->line);
}

static void put_pair(const char *name, const char *value, FILE *out)
{
	if (!value || !*value)
		return;
	fprintf(out, "<dt>%s</dt><dd>", name);
	ucm_put_html(out, value);
	fputs("</dd>", out);
}

static void put_cell(const struct ucm_report *report, const struct ucm_report_cell *cell, FILE *out)
{
	const struct ucm_report_policy *policy = policy_of(report, cell);
	char port[16];

	snprintf(port, sizeof port, "%u", cell->port);
	fprintf(out, "<td><details><summary class=\"%s\">%s", cell->decision, cell->decision);
	if (cell->refused_by)
		fprintf(out, " (%s)", cell->refused_by);
	fputs("</summary><dl>", out);
	put_pair("host", cell->host, out);
	put_pair("port", cell->port ? port : NULL, out);
	put_pair("protocol", cell->protocol, out);
	put_pair("certificate", cell->certificate, out);
	if (policy) {
		put_pair("expires", cell->certificate ? policy->not_after : NULL, out);
		for (size_t i = 0; i < policy->source_count; i++)
			put_source(&policy->source[i], out);
		if (!ucm_same_text(policy->protocol, cell->protocol) && cell->protocol)
			put_pair(
			    "note", "this agent ignores the keys for TLS, port and login", out);
	}
	fputs("</dl></details></td>", out);
}

static void put_agents(const struct grid *grid, size_t column, FILE *out)
{
	const char *separator = "";

	fputs("<th scope=\"col\">", out);
	for (size_t agent = column; agent < grid->agents; agent++) {
		if (grid->column[agent] != column)
			continue;
		fprintf(out, "%s%s", separator, grid->report->cell[agent].agent);
		separator = ", ";
	}
	fputs("</th>", out);
}

static void put_row(const struct grid *grid, size_t row, FILE *out)
{
	const struct ucm_report_cell *first = &grid->report->cell[row * grid->agents];

	fprintf(out, "<tr><th scope=\"row\">%04d</th>", first->client);
	ucm_html_cell("td", first->via, out);
	ucm_html_cell("td", first->server_variable, out);
	for (size_t agent = 0; agent < grid->agents; agent++)
		if (grid->column[agent] == agent)
			put_cell(grid->report, &first[agent], out);
	fputs("</tr>\n", out);
}

static void put_grid(const struct grid *grid, FILE *out)
{
	fputs(
	    "<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">client</th><th "
	    "scope=\"col\">sender"
	    "</th><th scope=\"col\">server variable</th>",
	    out);
	for (size_t agent = 0; agent < grid->agents; agent++)
		if (grid->column[agent] == agent)
			put_agents(grid, agent, out);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t row = 0; row < grid->rows; row++)
		put_row(grid, row, out);
	fputs("</tbody></table></div>\n", out);
}

static void put_list(const struct ucm_report *report, FILE *out)
{
	fputs("<div class=\"wide\" "
	      "tabindex=\"0\"><table><thead><tr><th>client</th><th>sender</th><th>server "
	      "variable</th>"
	      "<th>agent</th><th>decision</th></tr></thead><tbody>\n",
	    out);
	for (size_t i = 0; i < report->cell_count; i++) {
		const struct ucm_report_cell *cell = &report->cell[i];

		fprintf(out, "<tr><th scope=\"row\">%04d</th>", cell->client);
		ucm_html_cell("td", cell->via, out);
		ucm_html_cell("td", cell->server_variable, out);
		ucm_html_cell("td", cell->agent, out);
		put_cell(report, cell, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

void ucm_html_matrix(const struct ucm_report *report, FILE *out)
{
	struct grid grid;

	fputs("<section id=\"matrix\"><h2>Matrix</h2>\n<p>Client, sender and server against the "
	      "agents. "
	      "Open a cell to see where its settings come from.</p>\n",
	    out);
	if (!report->cell_count)
		fputs("<p>No policy.</p>\n", out);
	else if (make_grid(report, &grid) == 0)
		put_grid(&grid, out);
	else
		put_list(report, out);
	fputs("</section>\n", out);
}
