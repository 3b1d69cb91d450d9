/*
 * Reading a JSON report. Every number is checked against what it indexes; a member of another type
 * counts as missing.
 */
#include "config.h"

#include "tools/lint_parse.h"

#include <string.h>

#include "policy/limits.h"
#include "tools/json_help.h"
#include "tools/report_members.h"

static const char *text_or(const json_t *object, const char *key, const char *fallback)
{
	const char *text = ucm_json_get_text(object, key);

	return text ? text : fallback;
}

/* Room for the members of an array, at least one. */
static void *room(struct ucm_arena *arena, const json_t *array, size_t size)
{
	return ucm_arena_array(arena, json_array_size(array) + 1, size);
}

/* Reads an array of objects into rows of the arena, size bytes each. Their number in *count; NULL
 * without memory. */
static void *read_rows(struct ucm_arena *arena, const json_t *array,
    const struct ucm_member *members, size_t size, size_t *count)
{
	char *row = room(arena, array, size);

	if (!row)
		return NULL;
	*count = json_array_size(array);
	for (size_t i = 0; i < *count; i++)
		ucm_member_read(json_array_get(array, i), members, row + i * size);
	return row;
}

/* ---- Findings ----------------------------------------------------------------------------- */

static void parse_place(const json_t *object, struct ucm_place *ret)
{
	ucm_member_read(object, ucm_place_members, ret);
	ucm_member_read(json_object_get(object, "excerpt"), ucm_excerpt_members, ret);
}

static void parse_hidden(const json_t *object, struct ucm_report_finding *ret)
{
	const json_t *hidden = json_object_get(object, "suppressed");

	if (!json_is_object(hidden))
		return;
	if (!strcmp(text_or(hidden, "by", ""), "baseline")) {
		ret->hidden = UCM_BY_BASELINE;
		return;
	}
	ret->hidden = UCM_BY_SUPPRESSION;
	ucm_member_read(hidden, ucm_suppression_members, ret);
}

static int parse_finding(const json_t *object, struct ucm_report_finding *ret)
{
	const char *rule = ucm_json_get_text(object, "rule");
	int severity = ucm_severity_find(text_or(object, "severity", ""));

	ret->rule = rule ? ucm_rule_find(rule) : UCM_RULE_COUNT;
	ret->message = ucm_json_get_text(object, "message");
	ret->fingerprint = ucm_json_get_text(object, "fingerprint");
	if (ret->rule == UCM_RULE_COUNT || severity <= UCM_OFF || !ret->message ||
	    !ret->fingerprint)
		return -1;
	ret->severity = (enum ucm_severity)severity;
	ret->hint = text_or(object, "hint", "");
	parse_place(object, &ret->place);
	parse_place(json_object_get(object, "related"), &ret->related);
	ret->agents = ucm_member_agents_read(json_object_get(object, "agents"));
	parse_hidden(object, ret);
	return 0;
}

static int parse_list(const json_t *array, struct ucm_report_finding *ret, size_t *count)
{
	size_t i;
	json_t *object;

	for (i = 0; (object = json_array_get(array, i)); i++)
		if (parse_finding(object, &ret[(*count)++]))
			return -1;
	return 0;
}

/* Those that count are in the list, those that do not (shown or not) in the one for merges. */
static int parse_findings(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *shown = json_object_get(root, "findings");
	const json_t *hidden = json_object_get(json_object_get(root, "shard"), "hidden");
	size_t room = json_array_size(shown) + json_array_size(hidden) + 1, kept = 0;

	report->finding = ucm_arena_array(arena, room, sizeof *report->finding);
	if (!report->finding || parse_list(shown, report->finding, &report->finding_count))
		return -1;
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].hidden == UCM_NOT_HIDDEN)
			report->finding[kept++] = report->finding[i];
	report->finding_count = kept;
	memset(&report->finding[kept], 0, (room - kept) * sizeof *report->finding);
	return parse_list(hidden, report->finding, &report->finding_count);
}

/* ---- Policies ----------------------------------------------------------------------------- */

static void parse_sources(const json_t *object, struct ucm_report_policy *ret)
{
	for (int key = 0; key < UCM_KEY_COUNT; key++) {
		const json_t *place = json_object_get(object, ucm_keys[key].name);

		if (!json_is_object(place))
			continue;
		struct ucm_report_source *source = &ret->source[ret->source_count++];
		source->key = ucm_keys[key].name;
		ucm_member_read(place, ucm_source_members, source);
	}
}

static void parse_rules(const json_t *array, struct ucm_report_policy *ret)
{
	size_t i;
	json_t *name;

	for (i = 0; (name = json_array_get(array, i)); i++) {
		const char *text = json_string_value(name);
		enum ucm_rule rule = text ? ucm_rule_find(text) : UCM_RULE_COUNT;

		if (rule < UCM_RULE_COUNT && ret->rule_count < UCM_RULE_COUNT)
			ret->rule[ret->rule_count++] = rule;
	}
}

static void parse_policy(const json_t *object, struct ucm_report_policy *ret)
{
	ucm_member_read(object, ucm_policy_members, ret);
	ucm_member_read(json_object_get(object, "certificate"), ucm_trusted_members, ret);
	parse_sources(json_object_get(object, "provenance"), ret);
	parse_rules(json_object_get(object, "findings"), ret);
}

static int parse_policies(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *policies = json_object_get(root, "clients");
	const json_t *cells = json_object_get(root, "matrix");

	report->policy = room(arena, policies, sizeof *report->policy);
	report->cell =
	    read_rows(arena, cells, ucm_cell_members, sizeof *report->cell, &report->cell_count);
	if (!report->policy || !report->cell)
		return -1;
	report->policy_count = json_array_size(policies);
	for (size_t i = 0; i < report->policy_count; i++)
		parse_policy(json_array_get(policies, i), &report->policy[i]);
	report->matrix_asked = json_is_array(cells);
	report->agents = ucm_member_agents_read(json_object_get(root, "agents"));
	return 0;
}

/* ---- The rest ----------------------------------------------------------------------------- */

static int parse_certificates(
    const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	report->certificate = read_rows(arena, json_object_get(root, "certificates"),
	    ucm_certificate_members, sizeof *report->certificate, &report->certificate_count);
	return report->certificate ? 0 : -1;
}

static int parse_references(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *object = json_object_get(root, "references");
	const json_t *certificates = json_object_get(object, "certificates");
	const json_t *one;

	report->used_certificate = room(arena, certificates, sizeof *report->used_certificate);
	report->used_server = read_rows(arena, json_object_get(object, "server_variables"),
	    ucm_reference_members, sizeof *report->used_server, &report->used_server_count);
	if (!report->used_certificate || !report->used_server)
		return -1;
	for (size_t i = 0; (one = json_array_get(certificates, i)); i++) {
		if (json_is_string(one))
			report->used_certificate[report->used_certificate_count++].name =
			    json_string_value(one);
	}
	report->has_scripts = json_is_true(json_object_get(object, "scripts"));
	report->has_logins = json_is_true(json_object_get(object, "logins"));
	return 0;
}

static int parse_coverage(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *object = json_object_get(root, "coverage");
	const json_t *off = json_object_get(object, "rules_off");
	const json_t *one;

	report->gap = read_rows(arena, json_object_get(object, "not_judged"), ucm_gap_members,
	    sizeof *report->gap, &report->gap_count);
	if (!report->gap)
		return -1;
	report->complete = json_is_true(json_object_get(object, "complete"));
	memset(report->judged, 1, sizeof report->judged);
	for (size_t i = 0; (one = json_array_get(off, i)); i++) {
		const char *text = json_string_value(one);
		enum ucm_rule rule = text ? ucm_rule_find(text) : UCM_RULE_COUNT;

		if (rule < UCM_RULE_COUNT)
			report->judged[rule] = 0;
	}
	return 0;
}

/* Numbers of policies that wait for Login objects. */
static void parse_login_pending(const json_t *array, struct ucm_report *report)
{
	const json_t *one;

	for (size_t i = 0; (one = json_array_get(array, i)); i++) {
		json_int_t index = json_integer_value(one);

		if (json_is_integer(one) && index >= 0 && (size_t)index < report->policy_count)
			report->policy[index].login_pending = 1;
	}
}

static int parse_shard(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *object = json_object_get(root, "shard");
	const json_t *clients = json_object_get(object, "clients");
	const json_t *one;

	report->client = room(arena, clients, sizeof *report->client);
	report->input = read_rows(arena, json_object_get(object, "inputs"), ucm_input_members,
	    sizeof *report->input, &report->input_count);
	if (!report->client || !report->input)
		return -1;
	for (size_t i = 0; (one = json_array_get(clients, i)); i++) {
		json_int_t client = json_integer_value(one);

		if (client >= 0 && client <= UCM_CLIENT_MAX)
			report->client[report->client_count++] = (int)client;
	}
	parse_login_pending(json_object_get(object, "login_pending"), report);
	report->first_input = ucm_json_get_text(object, "first_input");
	report->summary.mail_variables = json_is_true(json_object_get(object, "mail_variables"));
	report->pending = room(arena, json_object_get(object, "pending"), sizeof *report->pending);
	if (!report->pending)
		return -1;
	return parse_list(
	    json_object_get(object, "pending"), report->pending, &report->pending_count);
}

int ucm_report_parse(const json_t *root, const char *file, struct ucm_arena *arena,
    struct ucm_report *report, struct ucm_error *error)
{
	const char *at = ucm_json_get_text(root, "at");

	if (!json_is_object(json_object_get(root, "shard")))
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s: no report of policy-lint -f json", file);
	report->tool_version = text_or(json_object_get(root, "tool"), "version", "");
	report->profile = strcmp(text_or(root, "profile", ""), "strict") ? UCM_COMPAT : UCM_STRICT;
	report->release = text_or(root, "release", "");
	report->at_given = at != NULL;
	report->at = ucm_member_time_read(json_object_get(root, "at"));
	if (parse_findings(root, arena, report) || parse_policies(root, arena, report) ||
	    parse_certificates(root, arena, report) || parse_references(root, arena, report) ||
	    parse_coverage(root, arena, report) || parse_shard(root, arena, report))
		return ucm_fail(error, UCM_CLASS_USAGE,
		    arena->failed ? "%s: no memory to read it, or more rows than a report has"
				  : "%s: not a whole report",
		    file);
	if (!report->first_input)
		return ucm_fail(error, UCM_CLASS_USAGE, "%s: not a whole report", file);
	return 0;
}
