/*
 * Decisions to rows of the report: the effective policies, and the matrix of all agents.
 */
#include "config.h"

#include "tools/lint_model.h"

#include <string.h>

#include "policy/text.h"
#include "tools/report_escape.h"

uint32_t ucm_agents_of_release(struct ucm_release release)
{
	uint32_t set = 0;

	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (ucm_agent_capability((enum ucm_agent)agent, release) != UCM_NO_SUCH_AGENT)
			set |= UINT32_C(1) << agent;
	return set;
}

uint32_t ucm_lint_agents(const struct ucm_lint_options *options)
{
	uint32_t all = ucm_agents_of_release(options->release);

	return options->agents ? options->agents & all : all;
}

struct ucm_audit_options ucm_lint_audit_options(const struct ucm_lint_options *options)
{
	struct ucm_audit_options ret = {
	    .client = options->only,
	    .agents = options->agents ? ucm_lint_agents(options) | UCM_AGENTS_SELECTED : 0,
	    .release = options->release,
	    .profile = options->profile,
	    .at = options->at,
	    .expires_within = options->expires_within,
	    .without_cert = options->without_cert,
	};

	return ret;
}

static const char *refused_by(const struct ucm_decision *decision)
{
	if (decision->verdict != UCM_REFUSE || decision->refused_by >= UCM_RULE_COUNT)
		return NULL;
	return ucm_rules[decision->refused_by].id;
}

struct ucm_report_cell ucm_model_cell(struct ucm_arena *arena, const struct ucm_decision *decision)
{
	struct ucm_report_cell cell = {
	    .client = decision->query.client,
	    .via = ucm_sender_name(decision->query.sender),
	    .server_variable = ucm_mask(arena, decision->server_variable, NULL),
	    .agent = ucm_agent_name(decision->query.agent),
	    .decision = ucm_verdict_name(decision->verdict),
	    .host = ucm_mask(arena, decision->host, NULL),
	    .port = decision->port,
	    .protocol = ucm_mask(arena, decision->protocol, NULL),
	    .certificate =
		decision->resource ? ucm_mask(arena, decision->resource->name, NULL) : NULL,
	    .refused_by = refused_by(decision),
	};

	return cell;
}

static void fill_certificate(
    struct ucm_arena *arena, const struct ucm_decision *decision, struct ucm_report_policy *ret)
{
	const struct ucm_resource *resource = decision->resource;
	const struct ucm_cert *cert = NULL;
	char hex[65], until[21];

	if (!resource)
		return;
	ret->certificate = ucm_mask(arena, resource->name, NULL);
	if (decision->trusted_count)
		cert = decision->trusted[0];
	else if (resource->bundle && resource->bundle->count)
		cert = &resource->bundle->cert[0];
	if (!cert)
		return;
	ucm_hex(cert->sha256, sizeof cert->sha256, hex);
	ucm_time_format(cert->not_after, until);
	ret->sha256 = ucm_arena_string(arena, hex);
	ret->subject = ucm_mask(arena, cert->subject, NULL);
	ret->not_after = ucm_arena_string(arena, until);
}

static void fill_sources(
    struct ucm_arena *arena, const struct ucm_decision *decision, struct ucm_report_policy *ret)
{
	for (int key = 0; key < UCM_KEY_COUNT; key++) {
		const struct ucm_setting *setting = &decision->setting[key];

		if (!setting->row || !setting->variable)
			continue;
		struct ucm_report_source source = {
		    .key = ucm_keys[key].name,
		    .value = ucm_mask(arena, setting->text, NULL),
		    .client = setting->variable->client,
		    .object = ucm_mask(arena, setting->variable->name, NULL),
		    .file = ucm_mask(arena, setting->variable->file, NULL),
		    .line = setting->row->line,
		};
		ret->source[ret->source_count++] = source;
	}
}

static void fill_rules(
    const struct ucm_decision *decision, int has_logins, struct ucm_report_policy *ret)
{
	unsigned char seen[UCM_RULE_COUNT] = {0};

	for (size_t i = 0; i < decision->findings.count; i++)
		seen[decision->findings.row[i].rule] = 1;
	ret->login_pending = seen[UCM118] && !has_logins;
	seen[UCM118] &= has_logins != 0;
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++)
		if (seen[rule])
			ret->rule[ret->rule_count++] = (enum ucm_rule)rule;
}

static void fill_policy(struct ucm_arena *arena, const struct ucm_decision *decision,
    int has_logins, struct ucm_report_policy *ret)
{
	ret->client = decision->query.client;
	ret->via = ucm_sender_name(decision->query.sender);
	ret->server_variable = ucm_mask(arena, decision->server_variable, NULL);
	ret->agent = ucm_agent_name(decision->query.agent);
	ret->decision = ucm_verdict_name(decision->verdict);
	ret->host = ucm_mask(arena, decision->host, NULL);
	ret->port = decision->port;
	ret->protocol = ucm_mask(arena, decision->protocol, NULL);
	ret->from = ucm_mask(arena, decision->from, NULL);
	ret->reply_to = ucm_mask(arena, decision->reply_to, NULL);
	ret->login = ucm_mask(arena, decision->login, NULL);
	ret->timeout_s = decision->timeout_s;
	ret->max_report_bytes = decision->max_report_bytes;
	ret->refused_by = refused_by(decision);
	fill_certificate(arena, decision, ret);
	fill_sources(arena, decision, ret);
	fill_rules(decision, has_logins, ret);
}

static size_t count_bits(uint32_t set)
{
	size_t count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* One cell and agent. A decision's own memory is given back at once. */
static int judge(const struct ucm_lint_source *source, const struct ucm_cell *cell,
    enum ucm_agent agent, int want_policy, struct ucm_arena *arena, struct ucm_report *report)
{
	struct ucm_query query = ucm_audit_query(source->audit_options, cell, agent);
	struct ucm_decision decision;
	struct ucm_arena scratch;

	ucm_arena_init(&scratch, NULL, 0);
	/* As if Login objects were there: what a merge must know where this run saw none. */
	struct ucm_system system = *source->system;
	system.has_logins = 1;
	int failed = ucm_decide(&system, &query, &scratch, &decision);
	if (!failed && want_policy)
		fill_policy(arena, &decision, source->system->has_logins,
		    &report->policy[report->policy_count++]);
	if (!failed && report->cell)
		report->cell[report->cell_count++] = ucm_model_cell(arena, &decision);
	ucm_arena_free(&scratch);
	return failed;
}

int ucm_model_policies(const struct ucm_lint_source *source, int want_matrix,
    struct ucm_arena *arena, struct ucm_report *report)
{
	uint32_t shown = source->options->agents, all = ucm_lint_agents(source->options);
	const struct ucm_audit *audit = source->audit;

	/* The engine stands for every agent that knows TLS, unless kinds were named. */
	if (!shown)
		shown = UINT32_C(1) << UCM_AGENT_ENGINE;
	shown &= all;
	report->agents = all;
	report->policy = ucm_arena_array(
	    arena, audit->cell_count * count_bits(shown) + 1, sizeof *report->policy);
	if (want_matrix)
		report->cell = ucm_arena_array(
		    arena, audit->cell_count * count_bits(all) + 1, sizeof *report->cell);
	if (!report->policy || (want_matrix && !report->cell))
		return -1;
	for (size_t i = 0; i < audit->cell_count; i++) {
		for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
			int want_policy = (int)(shown >> agent & 1);

			if (!(all >> agent & 1) || (!want_policy && !want_matrix))
				continue;
			if (judge(source, &audit->cells[i], (enum ucm_agent)agent, want_policy,
				arena, report))
				return -1;
		}
	}
	return arena->failed ? -1 : 0;
}
