/*
 * JSON: everything that the report knows, under the names that scripts rely on.
 */
#include "config.h"

#include "tools/report.h"

#include "tools/json_help.h"
#include "tools/report_members.h"

/* An array of objects, one for each of count rows that lie size bytes apart. */
static json_t *rows(const struct ucm_member *members, const void *first, size_t count, size_t size)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		ucm_json_append(&array, ucm_member_object(members, (const char *)first + i * size));
	return array;
}

#define ROWS(members, first, count) rows(members, first, count, sizeof *(first))

static json_t *texts(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		ucm_json_append(&array, ucm_json_text(list[i]));
	return array;
}

/* ---- Findings ----------------------------------------------------------------------------- */

static json_t *related_place(const struct ucm_place *place)
{
	json_t *object = ucm_member_object(ucm_place_members, place);

	if (place->excerpt)
		ucm_json_set(&object, "excerpt", ucm_member_object(ucm_excerpt_members, place));
	return object;
}

static json_t *suppressed(const struct ucm_report_finding *finding)
{
	json_t *object = json_object();

	ucm_json_set(&object, "by",
	    ucm_json_text(finding->hidden == UCM_BY_BASELINE ? "baseline" : "suppression"));
	if (finding->hidden == UCM_BY_SUPPRESSION)
		ucm_member_write(&object, ucm_suppression_members, finding);
	return object;
}

static json_t *one_finding(const struct ucm_report_finding *finding)
{
	const struct ucm_place *place = &finding->place;
	json_t *object = json_object();

	ucm_json_set(&object, "rule", ucm_json_text(ucm_rules[finding->rule].id));
	ucm_json_set(&object, "name", ucm_json_text(ucm_rules[finding->rule].name));
	ucm_json_set(&object, "severity", ucm_json_text(ucm_severity_name(finding->severity)));
	ucm_member_write(&object, ucm_place_members, place);
	ucm_json_set(&object, "message", ucm_json_text(finding->message));
	ucm_json_set(&object, "hint", ucm_json_text(finding->hint));
	ucm_json_set(&object, "fingerprint", ucm_json_text(finding->fingerprint));
	if (finding->agents)
		ucm_json_set(&object, "agents", ucm_member_agents(finding->agents));
	if (finding->related.file)
		ucm_json_set(&object, "related", related_place(&finding->related));
	if (place->excerpt)
		ucm_json_set(&object, "excerpt", ucm_member_object(ucm_excerpt_members, place));
	if (finding->hidden != UCM_NOT_HIDDEN)
		ucm_json_set(&object, "suppressed", suppressed(finding));
	return object;
}

static json_t *findings(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->finding_count; i++)
		if (ucm_report_shows(report, &report->finding[i]))
			ucm_json_append(&array, one_finding(&report->finding[i]));
	return array;
}

/* ---- Policies ----------------------------------------------------------------------------- */

static json_t *provenance_of(const struct ucm_report_policy *policy)
{
	json_t *object = json_object();

	for (size_t i = 0; i < policy->source_count; i++)
		ucm_json_set(&object, policy->source[i].key,
		    ucm_member_object(ucm_source_members, &policy->source[i]));
	return object;
}

static json_t *one_policy(const struct ucm_report_policy *policy)
{
	json_t *object = ucm_member_object(ucm_policy_members, policy), *rules = json_array();

	for (size_t i = 0; i < policy->rule_count; i++)
		ucm_json_append(&rules, ucm_json_text(ucm_rules[policy->rule[i]].id));
	ucm_json_set(&object, "certificate",
	    policy->certificate ? ucm_member_object(ucm_trusted_members, policy) : json_null());
	ucm_json_set(&object, "provenance", provenance_of(policy));
	ucm_json_set(&object, "findings", rules);
	return object;
}

static json_t *policies(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->policy_count; i++)
		ucm_json_append(&array, one_policy(&report->policy[i]));
	return array;
}

/* ---- What else is known ------------------------------------------------------------------- */

static json_t *references(const struct ucm_report *report)
{
	json_t *object = json_object(), *certificate = json_array();

	for (size_t i = 0; i < report->used_certificate_count; i++)
		ucm_json_append(&certificate, ucm_json_text(report->used_certificate[i].name));
	ucm_json_set(&object, "certificates", certificate);
	ucm_json_set(&object, "server_variables",
	    ROWS(ucm_reference_members, report->used_server, report->used_server_count));
	ucm_json_set(&object, "scripts", ucm_json_bool(report->has_scripts));
	ucm_json_set(&object, "logins", ucm_json_bool(report->has_logins));
	return object;
}

static json_t *coverage(const struct ucm_report *report)
{
	json_t *object = json_object(), *rules = json_array();

	for (int i = 0; i < UCM_RULE_COUNT; i++)
		if (!report->judged[i])
			ucm_json_append(&rules, ucm_json_text(ucm_rules[i].id));
	ucm_json_set(&object, "complete", ucm_json_bool(report->complete));
	ucm_json_set(&object, "not_judged", ROWS(ucm_gap_members, report->gap, report->gap_count));
	ucm_json_set(&object, "rules_off", rules);
	return object;
}

static json_t *since(const struct ucm_report_since *since)
{
	json_t *object = json_object();

	ucm_json_set(&object, "new", texts(since->fresh, since->fresh_count));
	ucm_json_set(&object, "fixed", texts(since->fixed, since->fixed_count));
	ucm_json_set(&object, "unchanged", texts(since->unchanged, since->unchanged_count));
	return object;
}

/* ---- For a merge -------------------------------------------------------------------------- */

/* What another run must know to make one report of several. */
static json_t *shard(const struct ucm_report *report)
{
	json_t *object = json_object(), *clients = json_array(), *pending = json_array();
	json_t *hidden = json_array(), *logins = json_array();

	for (size_t i = 0; i < report->policy_count; i++)
		if (report->policy[i].login_pending)
			ucm_json_append(&logins, json_integer((json_int_t)i));

	for (size_t i = 0; i < report->client_count; i++)
		ucm_json_append(&clients, json_integer(report->client[i]));
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].hidden != UCM_NOT_HIDDEN)
			ucm_json_append(&hidden, one_finding(&report->finding[i]));
	for (size_t i = 0; i < report->pending_count; i++)
		ucm_json_append(&pending, one_finding(&report->pending[i]));
	ucm_json_set(&object, "first_input", ucm_json_text(report->first_input));
	ucm_json_set(&object, "mail_variables", ucm_json_bool(report->summary.mail_variables > 0));
	ucm_json_set(&object, "clients", clients);
	ucm_json_set(&object, "hidden", hidden);
	ucm_json_set(&object, "pending", pending);
	ucm_json_set(&object, "login_pending", logins);
	ucm_json_set(
	    &object, "inputs", ROWS(ucm_input_members, report->input, report->input_count));
	return object;
}

static json_t *tool(const struct ucm_report *report)
{
	json_t *object = json_object();

	ucm_json_set(&object, "name", ucm_json_text(UCM_TOOL_NAME));
	ucm_json_set(&object, "version", ucm_json_text(report->tool_version));
	return object;
}

int ucm_report_json(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	json_t *root = json_object();

	(void)style;
	ucm_json_set(&root, "version", json_integer(UCM_REPORT_VERSION));
	ucm_json_set(&root, "tool", tool(report));
	ucm_json_set(
	    &root, "profile", ucm_json_text(report->profile == UCM_STRICT ? "strict" : "compat"));
	ucm_json_set(&root, "release", ucm_json_text(report->release));
	ucm_json_set(&root, "at", report->at_given ? ucm_member_time(report->at) : json_null());
	ucm_json_set(&root, "summary", ucm_member_object(ucm_summary_members, &report->summary));
	ucm_json_set(&root, "findings", findings(report));
	ucm_json_set(&root, "clients", policies(report));
	if (report->matrix_asked)
		ucm_json_set(
		    &root, "matrix", ROWS(ucm_cell_members, report->cell, report->cell_count));
	ucm_json_set(&root, "agents", ucm_member_agents(report->agents));
	ucm_json_set(&root, "certificates",
	    ROWS(ucm_certificate_members, report->certificate, report->certificate_count));
	ucm_json_set(&root, "references", references(report));
	ucm_json_set(&root, "coverage", coverage(report));
	ucm_json_set(&root, "shard", shard(report));
	if (report->probed)
		ucm_json_set(&root, "servers",
		    ROWS(ucm_server_members, report->server, report->server_count));
	if (report->since)
		ucm_json_set(&root, "since", since(report->since));
	if (report->timeline_asked)
		ucm_json_set(&root, "timeline",
		    ROWS(ucm_change_members, report->change, report->change_count));
	if (report->impact_title)
		ucm_json_set(&root, "impact",
		    ROWS(ucm_impact_members, report->impact, report->impact_count));
	return ucm_json_write(root, out);
}
