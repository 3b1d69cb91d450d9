/*
 * GitLab Code Quality: a JSON array, one member a finding, each with a fingerprint of its own.
 */
#include "config.h"

#include "tools/report.h"

#include <string.h>

#include "tools/json_help.h"

static const char *severity_of(
    const struct ucm_report *report, const struct ucm_report_finding *finding)
{
	switch (finding->severity) {
	case UCM_ERROR:
		return ucm_rule_refuses(finding->rule, report->profile) ? "critical" : "major";
	case UCM_WARNING:
		return "minor";
	case UCM_INFO:
	case UCM_OFF:
		break;
	}
	return "info";
}

/* Equal fingerprints collapse into one entry there, so the second and later ones get a number. */
static json_t *own_fingerprint(const struct ucm_report *report, size_t index)
{
	const char *text = report->finding[index].fingerprint;
	size_t before = 0;

	for (size_t i = index; i-- > 0;) {
		/* Equal ones stand together: they have client, object, key and rule in common. */
		if (report->finding[i].rule != report->finding[index].rule ||
		    report->finding[i].place.client != report->finding[index].place.client)
			break;
		before += !strcmp(report->finding[i].fingerprint, text);
	}
	return before ? json_sprintf("%s-%zu", text, before + 1) : json_string(text);
}

static const char *relative(const char *file)
{
	while (file[0] == '.' && file[1] == '/')
		file += 2;
	return file;
}

static json_t *one_issue(const struct ucm_report *report, size_t index)
{
	const struct ucm_report_finding *finding = &report->finding[index];
	const struct ucm_rule_row *rule = &ucm_rules[finding->rule];
	const char *file = finding->place.file ? finding->place.file : report->first_input;
	json_t *object = json_object(), *location = json_object(), *lines = json_object();

	ucm_json_set(&lines, "begin", json_integer(finding->place.line ? finding->place.line : 1));
	ucm_json_set(&location, "path", ucm_json_text(relative(file)));
	ucm_json_set(&location, "lines", lines);
	ucm_json_set(&object, "description",
	    json_sprintf("%s %s: %s", rule->id, rule->name, finding->message));
	ucm_json_set(&object, "check_name", json_string(rule->id));
	ucm_json_set(&object, "fingerprint", own_fingerprint(report, index));
	ucm_json_set(&object, "severity", json_string(severity_of(report, finding)));
	ucm_json_set(&object, "location", location);
	return object;
}

int ucm_report_gitlab(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	json_t *array = json_array();

	(void)style;
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].hidden == UCM_NOT_HIDDEN)
			ucm_json_append(&array, one_issue(report, i));
	return ucm_json_write(array, out);
}
