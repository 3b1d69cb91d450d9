/*
 * The matrix in the text report: under each client, sender and server, agents that fare alike share
 * a line, so that it can be read with fifteen kinds in eighty columns.
 */
#include "config.h"

#include "tools/report_text.h"

#include <string.h>

#include "policy/agents.h"
#include "tools/report_escape.h"

#define INDENT 2
#define DECISION 17 /* columns of "refuse (UCM301)" and two blanks */
#define WIDTH_MIN 40

static void put_heading(
    const struct ucm_report_cell *cell, const struct ucm_report_style *style, FILE *out)
{
	fprintf(
	    out, "%sclient %04d %s", style->color ? UCM_TEXT_BOLD : "", cell->client, cell->via);
	if (cell->server_variable) {
		fputc(' ', out);
		ucm_put_plain(out, cell->server_variable);
	}
	fprintf(out, "%s\n", style->color ? UCM_TEXT_PLAIN : "");
}

static const char *paint_of(const char *decision)
{
	if (!strcmp(decision, "refuse"))
		return UCM_TEXT_RED;
	return strcmp(decision, "forced") != 0 ? UCM_TEXT_YELLOW : UCM_TEXT_GREEN;
}

static void put_decision(
    const struct ucm_report_cell *cell, const struct ucm_report_style *style, FILE *out)
{
	char text[32];
	int length =
	    snprintf(text, sizeof text, "%s%s%s%s", cell->decision, cell->refused_by ? " (" : "",
		cell->refused_by ? cell->refused_by : "", cell->refused_by ? ")" : "");

	fprintf(out, "%*s%s%s%s%*s", INDENT, "", style->color ? paint_of(cell->decision) : "", text,
	    style->color ? UCM_TEXT_PLAIN : "", length < DECISION ? DECISION - length : 1, "");
}

/* "a, b, c", broken between names where the terminal ends. */
static void put_agents(const struct ucm_report_cell *cell, size_t count, const unsigned char *done,
    const struct ucm_report_style *style, FILE *out)
{
	size_t width = style->width < WIDTH_MIN ? WIDTH_MIN : style->width;
	size_t used = INDENT + DECISION;

	for (size_t i = 0; i < count; i++) {
		if (done[i] || !ucm_same_decision(&cell[0], &cell[i]))
			continue;
		size_t length = strlen(cell[i].agent) + (i ? 2 : 0);
		if (i && used + length + 1 > width) {
			fprintf(out, ",\n%*s%s", INDENT + DECISION, "", cell[i].agent);
			used = INDENT + DECISION + length - 2;
			continue;
		}
		fprintf(out, "%s%s", i ? ", " : "", cell[i].agent);
		used += length;
	}
	fputc('\n', out);
}

static void put_server(const struct ucm_report_cell *cell, FILE *out)
{
	if (!cell->host || !strcmp(cell->decision, "refuse"))
		return; /* nothing goes there */
	fprintf(out, "%*s", INDENT + DECISION, "");
	ucm_put_plain(out, cell->host);
	if (cell->port)
		fprintf(out, ":%u", cell->port);
	if (cell->protocol) {
		fputc(' ', out);
		ucm_put_plain(out, cell->protocol);
	}
	if (cell->certificate) {
		fputs(", certificate ", out);
		ucm_put_plain(out, cell->certificate);
	}
	fputc('\n', out);
}

/* One client, sender and server: count cells, one for each kind of agent. */
static void put_row(const struct ucm_report_cell *cell, size_t count,
    const struct ucm_report_style *style, FILE *out)
{
	unsigned char done[UCM_AGENT_COUNT] = {0};

	put_heading(cell, style, out);
	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		put_decision(&cell[i], style, out);
		put_agents(&cell[i], count - i, done + i, style, out);
		put_server(&cell[i], out);
		for (size_t k = count; k-- > i;)
			done[k] |= (unsigned char)ucm_same_decision(&cell[i], &cell[k]);
	}
}

void ucm_text_matrix(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	for (size_t i = 0, count; i < report->cell_count; i += count) {
		const struct ucm_report_cell *cell = &report->cell[i];

		for (count = 1; count < UCM_AGENT_COUNT && i + count < report->cell_count; count++)
			if (!ucm_same_row(cell, cell + count))
				break;
		put_row(cell, count, style, out);
	}
	if (!report->cell_count)
		fputs("no policy\n", out);
}
