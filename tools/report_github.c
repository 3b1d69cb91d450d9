/*
 * GitHub annotations: workflow commands, the worst first, no more than a step may have.
 */
#include "config.h"

#include "tools/report.h"

#include "tools/report_escape.h"

#define ANNOTATIONS_MAX 10 /* of each kind in one step; more are dropped without a word */

static void put_command(const struct ucm_report *report, const struct ucm_report_finding *finding,
    const char *command, FILE *out)
{
	const struct ucm_rule_row *rule = &ucm_rules[finding->rule];
	const struct ucm_place *place = &finding->place;

	fprintf(out, "::%s file=", command);
	ucm_put_github(out, place->file ? place->file : report->first_input, 1);
	fprintf(out, ",line=%u", place->line ? place->line : 1);
	if (place->column)
		fprintf(out, ",col=%u", place->column);
	fprintf(out, ",title=%s %s::", rule->id, rule->name);
	if (place->client != UCM_CLIENT_UNKNOWN)
		fprintf(out, "client %04d: ", place->client);
	ucm_put_github(out, finding->message, 0);
	if (*finding->hint) {
		fputs("%0A", out);
		ucm_put_github(out, finding->hint, 0);
	}
	fputc('\n', out);
}

int ucm_report_github(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	static const char *const commands[] = {NULL, "notice", "warning", "error"};
	size_t omitted = 0;

	(void)style;
	for (int severity = UCM_ERROR; severity > UCM_OFF; severity--) {
		/* One notice is kept for what is left out. */
		size_t room = ANNOTATIONS_MAX - (severity == UCM_INFO);

		for (size_t i = 0; i < report->finding_count; i++) {
			const struct ucm_report_finding *finding = &report->finding[i];

			if (finding->hidden != UCM_NOT_HIDDEN || (int)finding->severity != severity)
				continue;
			if (room) {
				put_command(report, finding, commands[severity], out);
				room--;
			} else {
				omitted++;
			}
		}
	}
	if (omitted)
		fprintf(out,
		    "::notice title=" UCM_TOOL_NAME
		    "::%zu more findings were left out here: a step shows %d of "
		    "each kind. Another format lists all.\n",
		    omitted, ANNOTATIONS_MAX);
	return 0;
}
