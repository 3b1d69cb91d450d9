/*
 * SARIF 2.1.0, with what code-scanning sites ask for beyond the schema.
 */
#include "config.h"

#include "tools/report.h"

#include <string.h>

#include "policy/text.h"
#include "tools/json_help.h"
#include "tools/report_escape.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define RESULTS_MAX 5000 /* of one run that are kept by the sites */
#define ROOT "%SRCROOT%"
#define FINGERPRINT_NAME "policyLint/v1"

static json_t *text_object(const char *text)
{
	json_t *object = json_object();

	ucm_json_set(&object, "text", ucm_json_text(text));
	return object;
}

static const char *level_of(enum ucm_severity severity)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};

	return levels[severity];
}

/* ---- Rules -------------------------------------------------------------------------------- */

/* "smtps-cert-missing" to "SmtpsCertMissing". */
static json_t *pascal_name(const char *name)
{
	char out[64];
	size_t used = 0;
	int upper = 1;

	for (; *name && used < sizeof out - 1; name++) {
		if (*name == '-') {
			upper = 1;
			continue;
		}
		out[used++] =
		    upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
		upper = 0;
	}
	out[used] = '\0';
	return json_string(out);
}

static json_t *rule_properties(enum ucm_severity severity)
{
	static const char *const problems[] = {
	    "recommendation", "recommendation", "warning", "error"};
	json_t *object = json_object(), *tags = json_array();

	ucm_json_append(&tags, json_string("security"));
	ucm_json_append(&tags, json_string("configuration"));
	ucm_json_set(&object, "precision", json_string("very-high"));
	ucm_json_set(&object, "problem.severity", json_string(problems[severity]));
	ucm_json_set(&object, "tags", tags);
	return object;
}

static json_t *one_rule(enum ucm_rule index, enum ucm_profile profile)
{
	const struct ucm_rule_row *rule = &ucm_rules[index];
	const char *summary = ucm_rule_help[index].summary;
	enum ucm_severity severity = (enum ucm_severity)rule->severity[profile];
	json_t *object = json_object(), *configuration = json_object();

	ucm_json_set(&configuration, "level", json_string(level_of(severity)));
	ucm_json_set(&object, "id", json_string(rule->id));
	ucm_json_set(&object, "name", pascal_name(rule->name));
	ucm_json_set(&object, "shortDescription", text_object(summary));
	ucm_json_set(&object, "fullDescription", text_object(summary));
	ucm_json_set(&object, "help", text_object(*rule->hint ? rule->hint : summary));
	ucm_json_set(&object, "defaultConfiguration", configuration);
	ucm_json_set(&object, "properties", rule_properties(severity));
	return object;
}

static json_t *tool(const struct ucm_report *report)
{
	json_t *object = json_object(), *driver = json_object(), *rules = json_array();

	for (int i = 0; i < UCM_RULE_COUNT; i++)
		ucm_json_append(&rules, one_rule((enum ucm_rule)i, report->profile));
	ucm_json_set(&driver, "name", json_string(UCM_TOOL_NAME));
	ucm_json_set(&driver, "version", ucm_json_text(report->tool_version));
	ucm_json_set(&driver, "semanticVersion", ucm_json_text(report->tool_version));
	ucm_json_set(&driver, "rules", rules);
	ucm_json_set(&object, "driver", driver);
	return object;
}

/* ---- Locations ---------------------------------------------------------------------------- */

static json_t *artifact(const char *file)
{
	struct ucm_arena arena;
	json_t *object = json_object();

	ucm_arena_init(&arena, NULL, 0);
	char *uri = ucm_path_uri(&arena, file);
	ucm_json_set(&object, "uri", uri ? json_string(uri) : NULL);
	if (*file != '/')
		ucm_json_set(&object, "uriBaseId", json_string(ROOT));
	ucm_arena_free(&arena);
	return object;
}

static json_t *region(const struct ucm_place *place)
{
	unsigned line = place->line ? place->line : 1, column = place->column ? place->column : 1;
	json_t *object = json_object();

	ucm_json_set(&object, "startLine", json_integer(line));
	ucm_json_set(&object, "startColumn", json_integer(column));
	ucm_json_set(&object, "endLine", json_integer(line));
	ucm_json_set(&object, "endColumn", json_integer((json_int_t)column + 1));
	if (place->excerpt && *place->excerpt)
		ucm_json_set(&object, "snippet", text_object(place->excerpt));
	return object;
}

/* "client 0100/UC_CLIENT_SETTINGS/SMTPS_CERT" */
static json_t *logical(const struct ucm_place *place)
{
	json_t *array = json_array(), *object = json_object();
	char client[16];

	snprintf(client, sizeof client, "client %04d", place->client);
	const char *parts[] = {client, place->object, place->key};
	size_t count = 0;
	while (count < 3 && parts[count] && *parts[count])
		count++;
	ucm_json_set(&object, "name", ucm_json_text(count ? parts[count - 1] : client));
	ucm_json_set(&object, "fullyQualifiedName",
	    json_sprintf("%s%s%s%s%s", client, count > 1 ? "/" : "", count > 1 ? parts[1] : "",
		count > 2 ? "/" : "", count > 2 ? parts[2] : ""));
	ucm_json_append(&array, object);
	return array;
}

static json_t *location(const struct ucm_report *report, const struct ucm_place *place)
{
	json_t *object = json_object(), *physical = json_object();

	ucm_json_set(&physical, "artifactLocation",
	    artifact(place->file ? place->file : report->first_input));
	ucm_json_set(&physical, "region", region(place));
	ucm_json_set(&object, "physicalLocation", physical);
	if (place->client != UCM_CLIENT_UNKNOWN)
		ucm_json_set(&object, "logicalLocations", logical(place));
	return object;
}

static json_t *related(const struct ucm_report *report, const struct ucm_place *place)
{
	json_t *array = json_array(), *one = location(report, place);

	ucm_json_set(&one, "id", json_integer(1));
	ucm_json_set(&one, "message", text_object("the other place that matters"));
	ucm_json_append(&array, one);
	return array;
}

/* ---- Results ------------------------------------------------------------------------------ */

static json_t *one_result(const struct ucm_report *report, const struct ucm_report_finding *finding)
{
	json_t *object = json_object(), *locations = json_array(), *prints = json_object();
	json_t *properties;

	ucm_json_append(&locations, location(report, &finding->place));
	ucm_json_set(&prints, FINGERPRINT_NAME, ucm_json_text(finding->fingerprint));
	ucm_json_set(&object, "ruleId", json_string(ucm_rules[finding->rule].id));
	ucm_json_set(&object, "ruleIndex", json_integer(finding->rule));
	ucm_json_set(&object, "level", json_string(level_of(finding->severity)));
	ucm_json_set(&object, "message", text_object(finding->message));
	ucm_json_set(&object, "locations", locations);
	if (finding->related.file)
		ucm_json_set(&object, "relatedLocations", related(report, &finding->related));
	ucm_json_set(&object, "partialFingerprints", prints);
	if (*finding->hint) {
		properties = json_object();
		ucm_json_set(&properties, "hint", ucm_json_text(finding->hint));
		ucm_json_set(&object, "properties", properties);
	}
	return object;
}

/* How many of each severity fit under the limit, the worst first. */
static size_t share_limit(const struct ucm_report *report, size_t take[UCM_ERROR + 1])
{
	size_t there[UCM_ERROR + 1] = {0}, left = RESULTS_MAX, omitted = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].hidden == UCM_NOT_HIDDEN)
			there[report->finding[i].severity]++;
	for (int severity = UCM_ERROR; severity >= UCM_OFF; severity--) {
		take[severity] = there[severity] < left ? there[severity] : left;
		left -= take[severity];
		omitted += there[severity] - take[severity];
	}
	return omitted;
}

/* Suppressed findings are left out: the sites show them as open alerts. */
static json_t *results(const struct ucm_report *report, size_t take[UCM_ERROR + 1])
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ucm_report_finding *finding = &report->finding[i];

		if (finding->hidden != UCM_NOT_HIDDEN || !take[finding->severity])
			continue;
		take[finding->severity]--;
		ucm_json_append(&array, one_result(report, finding));
	}
	return array;
}

static json_t *invocations(const struct ucm_report *report, size_t omitted)
{
	json_t *array = json_array(), *object = json_object();

	ucm_json_set(&object, "executionSuccessful", ucm_json_bool(report->complete));
	ucm_json_set(&object, "exitCode", json_integer(report->exit_code));
	if (omitted) {
		json_t *notes = json_array(), *note = json_object(), *message = json_object();

		ucm_json_set(&message, "text",
		    json_sprintf("%zu findings were left out: a site keeps %d of one run.", omitted,
			RESULTS_MAX));
		ucm_json_set(&note, "level", json_string("warning"));
		ucm_json_set(&note, "message", message);
		ucm_json_append(&notes, note);
		ucm_json_set(&object, "toolExecutionNotifications", notes);
	}
	ucm_json_append(&array, object);
	return array;
}

static json_t *root_folder(void)
{
	json_t *object = json_object(), *root = json_object();

	ucm_json_set(&root, "description", text_object("the folder that policy-lint ran in"));
	ucm_json_set(&object, ROOT, root);
	return object;
}

int ucm_report_sarif(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	json_t *root = json_object(), *runs = json_array(), *run = json_object();
	json_t *automation = json_object(), *tokens = json_array();
	size_t take[UCM_ERROR + 1];
	size_t omitted = share_limit(report, take);

	(void)style;
	ucm_json_set(&automation, "id", json_string(UCM_TOOL_NAME "/"));
	ucm_json_append(&tokens, json_string(UCM_REDACTED));
	ucm_json_set(&run, "tool", tool(report));
	ucm_json_set(&run, "automationDetails", automation);
	ucm_json_set(&run, "invocations", invocations(report, omitted));
	ucm_json_set(&run, "originalUriBaseIds", root_folder());
	ucm_json_set(&run, "columnKind", json_string("unicodeCodePoints"));
	ucm_json_set(&run, "redactionTokens", tokens);
	ucm_json_set(&run, "results", results(report, take));
	ucm_json_append(&runs, run);
	ucm_json_set(&root, "$schema", json_string(SCHEMA));
	ucm_json_set(&root, "version", json_string("2.1.0"));
	ucm_json_set(&root, "runs", runs);
	return ucm_json_write(root, out);
}
