/*
 * Reading a JSON report. Every number is checked against what it indexes; a member of another type
 * counts as missing.
 */
#include "config.h"

#include "tools/lint_parse.h"

#include <string.h>

#include "policy/agents.h"
#include "policy/limits.h"
#include "policy/text.h"
#include "tools/json_help.h"

static const char *text_or(const json_t *object, const char *key, const char *fallback)
{
	const char *text = ucm_json_get_text(object, key);

	return text ? text : fallback;
}

static unsigned number_of(const json_t *object, const char *key)
{
	int64_t number = ucm_json_get_count(object, key, 0);

	return number > 0 && number <= UINT32_MAX ? (unsigned)number : 0;
}

static int client_of(const json_t *object)
{
	int64_t number = ucm_json_get_count(object, "client", UCM_CLIENT_UNKNOWN);

	return number >= 0 && number <= UCM_CLIENT_MAX ? (int)number : UCM_CLIENT_UNKNOWN;
}

static uint32_t agents_of(const json_t *array)
{
	uint32_t set = 0;
	size_t i;
	json_t *name;

	for (i = 0; (name = json_array_get(array, i)); i++) {
		const char *text = json_string_value(name);
		enum ucm_agent agent = text ? ucm_agent_find(text) : UCM_AGENT_COUNT;

		if (agent < UCM_AGENT_COUNT)
			set |= UINT32_C(1) << agent;
	}
	return set;
}

/* The name as the agent table has it, so that it lives on. */
static const char *agent_of(const json_t *object)
{
	const char *text = ucm_json_get_text(object, "agent");
	enum ucm_agent agent = text ? ucm_agent_find(text) : UCM_AGENT_COUNT;

	return agent < UCM_AGENT_COUNT ? ucm_agent_name(agent) : "";
}

static int64_t time_of(const json_t *object, const char *key)
{
	int64_t seconds = 0;
	const char *text = ucm_json_get_text(object, key);

	return text && ucm_time_parse(text, &seconds) == 0 ? seconds : 0;
}

/* Room for the members of an array, at least one. */
static void *room(struct ucm_arena *arena, const json_t *array, size_t size)
{
	return ucm_arena_array(arena, json_array_size(array) + 1, size);
}

/* ---- Findings ----------------------------------------------------------------------------- */

static struct ucm_place place_of(const json_t *object)
{
	const json_t *excerpt = json_object_get(object, "excerpt");
	struct ucm_place place = {
	    .client = client_of(object),
	    .object = ucm_json_get_text(object, "object"),
	    .key = ucm_json_get_text(object, "key"),
	    .file = ucm_json_get_text(object, "file"),
	    .line = number_of(object, "line"),
	    .column = number_of(object, "column"),
	    .excerpt = ucm_json_get_text(excerpt, "text"),
	    .excerpt_column = number_of(excerpt, "column"),
	};

	return place;
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
	ret->suppression = text_or(hidden, "name", "");
	ret->reason = text_or(hidden, "reason", "");
	ret->owner = text_or(hidden, "owner", "");
	ret->expires = text_or(hidden, "expires", "");
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
	ret->place = place_of(object);
	ret->related = place_of(json_object_get(object, "related"));
	ret->agents = agents_of(json_object_get(object, "agents"));
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
		source->value = ucm_json_get_text(place, "value");
		source->client = client_of(place);
		source->object = ucm_json_get_text(place, "object");
		source->file = ucm_json_get_text(place, "file");
		source->line = number_of(place, "line");
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
	const json_t *certificate = json_object_get(object, "certificate");

	ret->client = client_of(object);
	ret->via = text_or(object, "via", "");
	ret->server_variable = ucm_json_get_text(object, "server_variable");
	ret->agent = agent_of(object);
	ret->decision = text_or(object, "decision", "");
	ret->host = ucm_json_get_text(object, "host");
	ret->port = number_of(object, "port");
	ret->protocol = ucm_json_get_text(object, "protocol");
	ret->from = ucm_json_get_text(object, "from");
	ret->reply_to = ucm_json_get_text(object, "reply_to");
	ret->login = ucm_json_get_text(object, "login");
	ret->timeout_s = number_of(object, "timeout_s");
	ret->max_report_bytes = number_of(object, "max_report_bytes");
	ret->certificate = ucm_json_get_text(certificate, "name");
	ret->sha256 = ucm_json_get_text(certificate, "sha256");
	ret->subject = ucm_json_get_text(certificate, "subject");
	ret->not_after = ucm_json_get_text(certificate, "not_after");
	ret->refused_by = ucm_json_get_text(object, "refused_by");
	parse_sources(json_object_get(object, "provenance"), ret);
	parse_rules(json_object_get(object, "findings"), ret);
}

static void parse_cell(const json_t *object, struct ucm_report_cell *ret)
{
	ret->client = client_of(object);
	ret->via = text_or(object, "via", "");
	ret->server_variable = ucm_json_get_text(object, "server_variable");
	ret->agent = agent_of(object);
	ret->decision = text_or(object, "decision", "");
	ret->host = ucm_json_get_text(object, "host");
	ret->port = number_of(object, "port");
	ret->protocol = ucm_json_get_text(object, "protocol");
	ret->certificate = ucm_json_get_text(object, "certificate");
	ret->refused_by = ucm_json_get_text(object, "refused_by");
}

static int parse_policies(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *policies = json_object_get(root, "clients");
	const json_t *cells = json_object_get(root, "matrix");
	size_t i;
	json_t *object;

	report->policy = room(arena, policies, sizeof *report->policy);
	report->cell = room(arena, cells, sizeof *report->cell);
	if (!report->policy || !report->cell)
		return -1;
	for (i = 0; (object = json_array_get(policies, i)); i++)
		parse_policy(object, &report->policy[report->policy_count++]);
	for (i = 0; (object = json_array_get(cells, i)); i++)
		parse_cell(object, &report->cell[report->cell_count++]);
	report->matrix_asked = json_is_array(cells);
	report->agents = agents_of(json_object_get(root, "agents"));
	return 0;
}

/* ---- The rest ----------------------------------------------------------------------------- */

static int parse_certificates(
    const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *array = json_object_get(root, "certificates");
	size_t i;
	json_t *object;

	report->certificate = room(arena, array, sizeof *report->certificate);
	if (!report->certificate)
		return -1;
	for (i = 0; (object = json_array_get(array, i)); i++) {
		struct ucm_report_certificate one = {
		    .name = text_or(object, "name", ""),
		    .index = number_of(object, "index"),
		    .subject = text_or(object, "subject", ""),
		    .sha256 = text_or(object, "sha256", ""),
		    .not_before = time_of(object, "not_before"),
		    .not_after = time_of(object, "not_after"),
		    .used = json_is_true(json_object_get(object, "used")),
		};
		report->certificate[report->certificate_count++] = one;
	}
	return 0;
}

static int parse_references(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *object = json_object_get(root, "references");
	const json_t *certificates = json_object_get(object, "certificates");
	const json_t *servers = json_object_get(object, "server_variables");
	size_t i;
	json_t *one;

	report->used_certificate = room(arena, certificates, sizeof *report->used_certificate);
	report->used_server = room(arena, servers, sizeof *report->used_server);
	if (!report->used_certificate || !report->used_server)
		return -1;
	for (i = 0; (one = json_array_get(certificates, i)); i++) {
		if (json_is_string(one))
			report->used_certificate[report->used_certificate_count++].name =
			    json_string_value(one);
	}
	for (i = 0; (one = json_array_get(servers, i)); i++) {
		report->used_server[report->used_server_count].client = client_of(one);
		report->used_server[report->used_server_count++].name = text_or(one, "name", "");
	}
	report->has_scripts = json_is_true(json_object_get(object, "scripts"));
	report->has_logins = json_is_true(json_object_get(object, "logins"));
	return 0;
}

static int parse_coverage(const json_t *root, struct ucm_arena *arena, struct ucm_report *report)
{
	const json_t *object = json_object_get(root, "coverage");
	const json_t *gaps = json_object_get(object, "not_judged");
	const json_t *off = json_object_get(object, "rules_off");
	size_t i;
	json_t *one;

	report->gap = room(arena, gaps, sizeof *report->gap);
	if (!report->gap)
		return -1;
	for (i = 0; (one = json_array_get(gaps, i)); i++) {
		struct ucm_report_gap *gap = &report->gap[report->gap_count++];

		gap->client = client_of(one);
		gap->object = ucm_json_get_text(one, "object");
		gap->file = ucm_json_get_text(one, "file");
		gap->line = number_of(one, "line");
		gap->what = text_or(one, "what", "");
		gap->why = text_or(one, "why", "");
	}
	report->complete = json_is_true(json_object_get(object, "complete"));
	memset(report->judged, 1, sizeof report->judged);
	for (i = 0; (one = json_array_get(off, i)); i++) {
		const char *text = json_string_value(one);
		enum ucm_rule rule = text ? ucm_rule_find(text) : UCM_RULE_COUNT;

		if (rule < UCM_RULE_COUNT)
			report->judged[rule] = 0;
	}
	return 0;
}

static unsigned long long total_of(const json_t *object, const char *key)
{
	int64_t number = ucm_json_get_count(object, key, 0);

	return number > 0 ? (unsigned long long)number : 0;
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
	const json_t *inputs = json_object_get(object, "inputs");
	size_t i;
	json_t *one;

	report->client = room(arena, clients, sizeof *report->client);
	report->input = room(arena, inputs, sizeof *report->input);
	if (!report->client || !report->input)
		return -1;
	for (i = 0; (one = json_array_get(clients, i)); i++) {
		json_int_t client = json_integer_value(one);

		if (client >= 0 && client <= UCM_CLIENT_MAX)
			report->client[report->client_count++] = (int)client;
	}
	for (i = 0; (one = json_array_get(inputs, i)); i++) {
		struct ucm_report_input *input = &report->input[report->input_count++];

		input->file = text_or(one, "file", "");
		input->objects = total_of(one, "objects");
		input->files = total_of(one, "files");
		input->bytes = total_of(one, "bytes");
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
	report->at = time_of(root, "at");
	if (parse_findings(root, arena, report) || parse_policies(root, arena, report) ||
	    parse_certificates(root, arena, report) || parse_references(root, arena, report) ||
	    parse_coverage(root, arena, report) || parse_shard(root, arena, report))
		return ucm_fail(error, UCM_CLASS_USAGE, "%s: not a whole report", file);
	if (!report->first_input)
		return ucm_fail(error, UCM_CLASS_USAGE, "%s: not a whole report", file);
	return 0;
}
