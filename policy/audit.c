/*
 * The audit: every policy decided for every kind of agent, and the findings brought together.
 */
#include "policy/audit_parts.h"

#include <string.h>

#include "policy/text.h"

struct ucm_query ucm_audit_query(
    const struct ucm_audit_options *options, const struct ucm_cell *cell, enum ucm_agent agent)
{
	return (struct ucm_query){
	    .client = cell->client,
	    .sender = cell->sender,
	    .server = cell->server,
	    .agent = agent,
	    .release = options->release,
	    .profile = options->profile,
	    .at = options->at,
	    .expires_within = options->expires_within,
	    .without_cert = options->without_cert,
	};
}

/* The selected agents by what they can: agents of one class differ in nothing but their name. */
struct classes {
	uint32_t agents[UCM_NO_SUCH_AGENT + 1];
};

static struct classes classify(const struct ucm_audit_options *options)
{
	struct classes classes = {{0}};

	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		uint32_t bit = UINT32_C(1) << agent;

		if (options->agents == 0 || (options->agents & bit) != 0)
			classes.agents[ucm_agent_capability(
			    (enum ucm_agent)agent, options->release)] |= bit;
	}
	return classes;
}

static enum ucm_agent first_agent(uint32_t agents)
{
	int agent = 0;

	while ((agents & (UINT32_C(1) << agent)) == 0)
		agent++;
	return (enum ucm_agent)agent;
}

/* Decides one cell for one class, and adds what touches it. */
static int audit_class(const struct ucm_system *system, const struct ucm_query *query,
    uint32_t agents, struct ucm_arena *scratch, struct ucm_audit *audit)
{
	struct ucm_decision decision;

	if (ucm_decide(system, query, scratch, &decision) != 0)
		return -1;
	for (size_t i = 0; i < decision.findings.count; i++) {
		struct ucm_finding finding = decision.findings.row[i];

		if (finding.agents != 0)
			finding.agents = agents;
		if (finding.rule == UCM007)
			audit->not_judged = 1;
		if (ucm_findings_add(&audit->findings, &finding) != 0)
			return -1;
	}
	return 0;
}

/* What is told of a row whoever sends. */
static int is_of_row(enum ucm_rule rule)
{
	static const enum ucm_rule rules[] = {
	    UCM114, UCM118, UCM120, UCM121, UCM122, UCM123, UCM304};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i] == rule)
			return 1;
	return 0;
}

/* Where no selected agent looks at all rows, the engine does: a key that the release does not know
 * is none for an agent that ignores it either. Nothing that refuses is told in this way, since
 * nobody is refused. */
static int audit_rows(const struct ucm_system *system, const struct ucm_query *query,
    struct ucm_arena *scratch, struct ucm_audit *audit)
{
	struct ucm_decision decision;

	if (ucm_decide(system, query, scratch, &decision) != 0)
		return -1;
	for (size_t i = 0; i < decision.findings.count; i++) {
		const struct ucm_finding *finding = &decision.findings.row[i];

		if (is_of_row(finding->rule) && ucm_findings_add(&audit->findings, finding) != 0)
			return -1;
	}
	return 0;
}

/* SEND_MAIL without a server decides as a notification does. */
static int is_new_policy(const struct ucm_cell *cell)
{
	return cell->sender == UCM_NOTIFICATION || cell->server != NULL;
}

static int audit_cell(const struct ucm_system *system, const struct ucm_audit_options *options,
    const struct ucm_cell *cell, const struct classes *classes, struct ucm_audit *audit)
{
	struct ucm_arena scratch;
	int status = 0;

	ucm_arena_init(&scratch, audit->arena->allocator, audit->arena->ceiling);
	for (int can = 0; can < UCM_NO_SUCH_AGENT && status == 0; can++) {
		struct ucm_query query;

		if (classes->agents[can] == 0)
			continue;
		query = ucm_audit_query(options, cell, first_agent(classes->agents[can]));
		status = audit_class(system, &query, classes->agents[can], &scratch, audit);
	}
	if (classes->agents[UCM_SENDS_SECURE] == 0 && status == 0) {
		struct ucm_query query = ucm_audit_query(options, cell, UCM_AGENT_ENGINE);

		status = audit_rows(system, &query, &scratch, audit);
	}
	ucm_arena_free(&scratch);
	return status;
}

static int audit_policies(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit)
{
	const struct classes classes = classify(options);

	for (size_t i = 0; i < audit->cell_count; i++)
		if (is_new_policy(&audit->cells[i]) &&
		    audit_cell(system, options, &audit->cells[i], &classes, audit) != 0)
			return -1;
	return 0;
}

static int take_reading(const struct ucm_system *system, struct ucm_audit *audit)
{
	for (size_t i = 0; i < system->findings.count; i++)
		if (ucm_findings_add(&audit->findings, &system->findings.row[i]) != 0)
			return -1;
	return 0;
}

static size_t count_mail_variables(const struct ucm_system *system)
{
	size_t count = 0;

	for (const struct ucm_variable *v = system->variables; v != NULL; v = v->next)
		count += !ucm_equal_nocase(v->name, UCM_TRUSTEDCERTS_NAME);
	return count;
}

int ucm_audit_run(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_arena *arena, struct ucm_audit *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->arena = arena;
	ret->findings.arena = arena;
	ret->mail_variables = count_mail_variables(system);
	if (ucm_audit_cells(system, options, ret) != 0 || take_reading(system, ret) != 0 ||
	    audit_policies(system, options, ret) != 0 ||
	    ucm_audit_store(system, options, ret) != 0 ||
	    ucm_audit_scripts(system, options, ret) != 0)
		return -1;
	ucm_findings_sort(&ret->findings);
	return 0;
}
