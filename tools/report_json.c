/*
 * JSON: everything that the report knows, under the names that scripts rely on.
 */
#include "config.h"

#include "tools/report.h"

#include "policy/agents.h"
#include "policy/text.h"
#include "tools/json_help.h"

static json_t *position(unsigned number)
{
	return number ? json_integer(number) : json_null();
}

static json_t *agent_names(uint32_t set)
{
	json_t *names = json_array();

	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (set >> agent & 1)
			ucm_json_append(
			    &names, ucm_json_text(ucm_agent_name((enum ucm_agent)agent)));
	return names;
}

/* ---- Findings ----------------------------------------------------------------------------- */

static json_t *excerpt(const struct ucm_place *place)
{
	json_t *object = json_object();

	ucm_json_set(&object, "text", ucm_json_text(place->excerpt));
	ucm_json_set(&object, "column", position(place->excerpt_column));
	return object;
}

static json_t *related_place(const struct ucm_place *place)
{
	json_t *object = json_object();

	ucm_json_set(&object, "client", ucm_json_count(place->client));
	ucm_json_set(&object, "object", ucm_json_text(place->object));
	ucm_json_set(&object, "key", ucm_json_text(place->key));
	ucm_json_set(&object, "file", ucm_json_text(place->file));
	ucm_json_set(&object, "line", position(place->line));
	ucm_json_set(&object, "column", position(place->column));
	if (place->excerpt)
		ucm_json_set(&object, "excerpt", excerpt(place));
	return object;
}

static json_t *suppressed(const struct ucm_report_finding *finding)
{
	json_t *object = json_object();

	ucm_json_set(&object, "by",
	    ucm_json_text(finding->hidden == UCM_BY_BASELINE ? "baseline" : "suppression"));
	if (finding->hidden == UCM_BY_SUPPRESSION) {
		ucm_json_set(&object, "name", ucm_json_text(finding->suppression));
		ucm_json_set(&object, "reason", ucm_json_text(finding->reason));
		ucm_json_set(&object, "owner", ucm_json_text(finding->owner));
		ucm_json_set(&object, "expires", ucm_json_text(finding->expires));
	}
	return object;
}

static json_t *one_finding(const struct ucm_report_finding *finding)
{
	const struct ucm_place *place = &finding->place;
	json_t *object = json_object();

	ucm_json_set(&object, "rule", ucm_json_text(ucm_rules[finding->rule].id));
	ucm_json_set(&object, "name", ucm_json_text(ucm_rules[finding->rule].name));
	ucm_json_set(&object, "severity", ucm_json_text(ucm_severity_name(finding->severity)));
	ucm_json_set(&object, "client", ucm_json_count(place->client));
	ucm_json_set(&object, "object", ucm_json_text(place->object));
	ucm_json_set(&object, "key", ucm_json_text(place->key));
	ucm_json_set(&object, "file", ucm_json_text(place->file));
	ucm_json_set(&object, "line", position(place->line));
	ucm_json_set(&object, "column", position(place->column));
	ucm_json_set(&object, "message", ucm_json_text(finding->message));
	ucm_json_set(&object, "hint", ucm_json_text(finding->hint));
	ucm_json_set(&object, "fingerprint", ucm_json_text(finding->fingerprint));
	if (finding->agents)
		ucm_json_set(&object, "agents", agent_names(finding->agents));
	if (finding->related.file)
		ucm_json_set(&object, "related", related_place(&finding->related));
	if (place->excerpt)
		ucm_json_set(&object, "excerpt", excerpt(place));
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

static json_t *certificate_of(const struct ucm_report_policy *policy)
{
	if (!policy->certificate)
		return json_null();
	json_t *object = json_object();

	ucm_json_set(&object, "name", ucm_json_text(policy->certificate));
	ucm_json_set(&object, "sha256", ucm_json_text(policy->sha256));
	ucm_json_set(&object, "subject", ucm_json_text(policy->subject));
	ucm_json_set(&object, "not_after", ucm_json_text(policy->not_after));
	return object;
}

static json_t *provenance_of(const struct ucm_report_policy *policy)
{
	json_t *object = json_object();

	for (size_t i = 0; i < policy->source_count; i++) {
		const struct ucm_report_source *source = &policy->source[i];
		json_t *place = json_object();

		ucm_json_set(&place, "client", ucm_json_count(source->client));
		ucm_json_set(&place, "object", ucm_json_text(source->object));
		ucm_json_set(&place, "file", ucm_json_text(source->file));
		ucm_json_set(&place, "line", position(source->line));
		ucm_json_set(&place, "value", ucm_json_text(source->value));
		ucm_json_set(&object, source->key, place);
	}
	return object;
}

static json_t *one_policy(const struct ucm_report_policy *policy)
{
	json_t *object = json_object(), *rules = json_array();

	for (size_t i = 0; i < policy->rule_count; i++)
		ucm_json_append(&rules, ucm_json_text(ucm_rules[policy->rule[i]].id));
	ucm_json_set(&object, "client", ucm_json_count(policy->client));
	ucm_json_set(&object, "via", ucm_json_text(policy->via));
	ucm_json_set(&object, "server_variable", ucm_json_text(policy->server_variable));
	ucm_json_set(&object, "agent", ucm_json_text(policy->agent));
	ucm_json_set(&object, "decision", ucm_json_text(policy->decision));
	ucm_json_set(&object, "host", ucm_json_text(policy->host));
	ucm_json_set(&object, "port", position(policy->port));
	ucm_json_set(&object, "protocol", ucm_json_text(policy->protocol));
	ucm_json_set(&object, "from", ucm_json_text(policy->from));
	ucm_json_set(&object, "reply_to", ucm_json_text(policy->reply_to));
	ucm_json_set(&object, "login", ucm_json_text(policy->login));
	ucm_json_set(&object, "timeout_s", json_integer(policy->timeout_s));
	ucm_json_set(&object, "max_report_bytes", json_integer(policy->max_report_bytes));
	ucm_json_set(&object, "certificate", certificate_of(policy));
	ucm_json_set(&object, "refused_by", ucm_json_text(policy->refused_by));
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

static json_t *one_cell(const struct ucm_report_cell *cell)
{
	json_t *object = json_object();

	ucm_json_set(&object, "client", ucm_json_count(cell->client));
	ucm_json_set(&object, "via", ucm_json_text(cell->via));
	ucm_json_set(&object, "server_variable", ucm_json_text(cell->server_variable));
	ucm_json_set(&object, "agent", ucm_json_text(cell->agent));
	ucm_json_set(&object, "decision", ucm_json_text(cell->decision));
	ucm_json_set(&object, "host", ucm_json_text(cell->host));
	ucm_json_set(&object, "port", position(cell->port));
	ucm_json_set(&object, "protocol", ucm_json_text(cell->protocol));
	ucm_json_set(&object, "certificate", ucm_json_text(cell->certificate));
	ucm_json_set(&object, "refused_by", ucm_json_text(cell->refused_by));
	return object;
}

static json_t *matrix(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->cell_count; i++)
		ucm_json_append(&array, one_cell(&report->cell[i]));
	return array;
}

/* ---- What else is known ------------------------------------------------------------------- */

static json_t *time_text(int64_t seconds)
{
	char text[21];

	ucm_time_format(seconds, text);
	return json_string(text);
}

static json_t *certificates(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct ucm_report_certificate *one = &report->certificate[i];
		json_t *object = json_object();

		ucm_json_set(&object, "name", ucm_json_text(one->name));
		ucm_json_set(&object, "index", json_integer(one->index));
		ucm_json_set(&object, "subject", ucm_json_text(one->subject));
		ucm_json_set(&object, "sha256", ucm_json_text(one->sha256));
		ucm_json_set(&object, "not_before", time_text(one->not_before));
		ucm_json_set(&object, "not_after", time_text(one->not_after));
		ucm_json_set(&object, "used", ucm_json_bool(one->used));
		ucm_json_append(&array, object);
	}
	return array;
}

static json_t *references(const struct ucm_report *report)
{
	json_t *object = json_object(), *certificate = json_array(), *server = json_array();

	for (size_t i = 0; i < report->used_certificate_count; i++)
		ucm_json_append(&certificate, ucm_json_text(report->used_certificate[i].name));
	for (size_t i = 0; i < report->used_server_count; i++) {
		json_t *one = json_object();

		ucm_json_set(&one, "client", ucm_json_count(report->used_server[i].client));
		ucm_json_set(&one, "name", ucm_json_text(report->used_server[i].name));
		ucm_json_append(&server, one);
	}
	ucm_json_set(&object, "certificates", certificate);
	ucm_json_set(&object, "server_variables", server);
	ucm_json_set(&object, "scripts", ucm_json_bool(report->has_scripts));
	ucm_json_set(&object, "logins", ucm_json_bool(report->has_logins));
	return object;
}

static json_t *coverage(const struct ucm_report *report)
{
	json_t *object = json_object(), *gaps = json_array(), *rules = json_array();

	for (int i = 0; i < UCM_RULE_COUNT; i++)
		if (!report->judged[i])
			ucm_json_append(&rules, ucm_json_text(ucm_rules[i].id));
	for (size_t i = 0; i < report->gap_count; i++) {
		const struct ucm_report_gap *gap = &report->gap[i];
		json_t *one = json_object();

		ucm_json_set(&one, "what", ucm_json_text(gap->what));
		ucm_json_set(&one, "why", ucm_json_text(gap->why));
		ucm_json_set(&one, "client", ucm_json_count(gap->client));
		ucm_json_set(&one, "object", ucm_json_text(gap->object));
		ucm_json_set(&one, "file", ucm_json_text(gap->file));
		ucm_json_set(&one, "line", position(gap->line));
		ucm_json_append(&gaps, one);
	}
	ucm_json_set(&object, "complete", ucm_json_bool(report->complete));
	ucm_json_set(&object, "not_judged", gaps);
	ucm_json_set(&object, "rules_off", rules);
	return object;
}

static json_t *texts(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		ucm_json_append(&array, ucm_json_text(list[i]));
	return array;
}

static json_t *since(const struct ucm_report_since *since)
{
	json_t *object = json_object();

	ucm_json_set(&object, "new", texts(since->fresh, since->fresh_count));
	ucm_json_set(&object, "fixed", texts(since->fixed, since->fixed_count));
	ucm_json_set(&object, "unchanged", texts(since->unchanged, since->unchanged_count));
	return object;
}

static json_t *timeline(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->change_count; i++) {
		const struct ucm_report_change *change = &report->change[i];
		json_t *object = json_object();

		ucm_json_set(&object, "at", time_text(change->at));
		ucm_json_set(&object, "what", ucm_json_text(change->what));
		ucm_json_set(&object, "name", ucm_json_text(change->name));
		ucm_json_set(&object, "text", ucm_json_text(change->text));
		ucm_json_set(&object, "policies", json_integer(change->policies));
		ucm_json_append(&array, object);
	}
	return array;
}

static json_t *impact(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->impact_count; i++) {
		const struct ucm_report_impact *one = &report->impact[i];
		json_t *object = json_object();

		ucm_json_set(&object, "outcome", ucm_json_text(one->outcome));
		ucm_json_set(&object, "client", ucm_json_count(one->client));
		ucm_json_set(&object, "via", ucm_json_text(one->via));
		ucm_json_set(&object, "server_variable", ucm_json_text(one->server_variable));
		ucm_json_set(&object, "agents", agent_names(one->agents));
		ucm_json_set(&object, "decision", ucm_json_text(one->decision));
		ucm_json_set(&object, "refused_by", ucm_json_text(one->refused_by));
		ucm_json_set(&object, "other_decision", ucm_json_text(one->other_decision));
		ucm_json_set(&object, "other_refused_by", ucm_json_text(one->other_refused_by));
		ucm_json_set(&object, "text", ucm_json_text(one->text));
		ucm_json_append(&array, object);
	}
	return array;
}

/* ---- For a merge -------------------------------------------------------------------------- */

static json_t *inputs(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->input_count; i++) {
		const struct ucm_report_input *input = &report->input[i];
		json_t *object = json_object();

		ucm_json_set(&object, "file", ucm_json_text(input->file));
		ucm_json_set(&object, "objects", json_integer((json_int_t)input->objects));
		ucm_json_set(&object, "files", json_integer((json_int_t)input->files));
		ucm_json_set(&object, "bytes", json_integer((json_int_t)input->bytes));
		ucm_json_append(&array, object);
	}
	return array;
}

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
	ucm_json_set(&object, "inputs", inputs(report));
	return object;
}

static json_t *servers(const struct ucm_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->server_count; i++) {
		const struct ucm_report_server *one = &report->server[i];
		json_t *object = json_object();

		ucm_json_set(&object, "host", ucm_json_text(one->host));
		ucm_json_set(&object, "port", position(one->port));
		ucm_json_set(&object, "protocol", ucm_json_text(one->protocol));
		ucm_json_set(&object, "certificate", ucm_json_text(one->certificate));
		ucm_json_set(&object, "verdict", ucm_json_text(one->verdict));
		ucm_json_set(&object, "reason", ucm_json_text(one->reason));
		ucm_json_set(&object, "address", ucm_json_text(one->address));
		ucm_json_set(&object, "mode", ucm_json_text(one->mode));
		ucm_json_set(&object, "version", ucm_json_text(one->version));
		ucm_json_set(&object, "cipher", ucm_json_text(one->cipher));
		ucm_json_set(&object, "subject", ucm_json_text(one->subject));
		ucm_json_set(&object, "issuer", ucm_json_text(one->issuer));
		ucm_json_set(&object, "not_after", ucm_json_text(one->not_after));
		ucm_json_append(&array, object);
	}
	return array;
}

static json_t *tool(const struct ucm_report *report)
{
	json_t *object = json_object();

	ucm_json_set(&object, "name", ucm_json_text(UCM_TOOL_NAME));
	ucm_json_set(&object, "version", ucm_json_text(report->tool_version));
	return object;
}

static json_t *summary(const struct ucm_report_summary *sum)
{
	json_t *object = json_object();

	ucm_json_set(&object, "error", json_integer((json_int_t)sum->error));
	ucm_json_set(&object, "warning", json_integer((json_int_t)sum->warning));
	ucm_json_set(&object, "info", json_integer((json_int_t)sum->info));
	ucm_json_set(&object, "clients", json_integer((json_int_t)sum->clients));
	ucm_json_set(&object, "objects", json_integer((json_int_t)sum->objects));
	ucm_json_set(&object, "files", json_integer((json_int_t)sum->files));
	ucm_json_set(&object, "bytes", json_integer((json_int_t)sum->bytes));
	ucm_json_set(&object, "suppressed", json_integer((json_int_t)sum->suppressed));
	ucm_json_set(&object, "baselined", json_integer((json_int_t)sum->baselined));
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
	ucm_json_set(&root, "at", report->at_given ? time_text(report->at) : json_null());
	ucm_json_set(&root, "summary", summary(&report->summary));
	ucm_json_set(&root, "findings", findings(report));
	ucm_json_set(&root, "clients", policies(report));
	if (report->matrix_asked)
		ucm_json_set(&root, "matrix", matrix(report));
	ucm_json_set(&root, "agents", agent_names(report->agents));
	ucm_json_set(&root, "certificates", certificates(report));
	ucm_json_set(&root, "references", references(report));
	ucm_json_set(&root, "coverage", coverage(report));
	ucm_json_set(&root, "shard", shard(report));
	if (report->probed)
		ucm_json_set(&root, "servers", servers(report));
	if (report->since)
		ucm_json_set(&root, "since", since(report->since));
	if (report->timeline_asked)
		ucm_json_set(&root, "timeline", timeline(report));
	if (report->impact_title)
		ucm_json_set(&root, "impact", impact(report));
	return ucm_json_write(root, out);
}
