/*
 * The cases of a JUnit report: client x kind of agent x rule. One suite is held at a time, whatever
 * the number of clients.
 */
#include "config.h"

#include "tools/report_junit.h"

#include <string.h>

#include "policy/limits.h"
#include "policy/model.h"
#include "policy/text.h"

/* ---- Rules -------------------------------------------------------------------------------- */

/* Rules about the inputs and the run, not about a client. */
static int is_about_inputs(enum ucm_rule rule)
{
	return rule <= UCM007 || rule == UCM303 || rule == UCM501 || rule == UCM502;
}

/* What an agent must be able to do for the rule to matter to it. */
static enum ucm_capability needs(const struct ucm_report *report, enum ucm_rule rule)
{
	/* Told of an object, whoever sends. */
	static const unsigned char of_object[UCM_RULE_COUNT] = {[UCM114] = 1,
	    [UCM118] = 1,
	    [UCM120] = 1,
	    [UCM121] = 1,
	    [UCM122] = 1,
	    [UCM123] = 1,
	    [UCM213] = 1,
	    [UCM214] = 1,
	    [UCM217] = 1,
	    [UCM301] = 1,
	    [UCM304] = 1,
	    [UCM306] = 1,
	    [UCM307] = 1,
	    [UCM308] = 1,
	    [UCM309] = 1};

	if (of_object[rule])
		return UCM_CANNOT_SEND;
	/* Strict never sends in clear: every agent must know the protocol. */
	if (rule == UCM104 && report->profile == UCM_STRICT)
		return UCM_SENDS_PLAIN;
	if (rule == UCM107)
		return UCM_SENDS_PLAIN;
	if ((rule >= UCM104 && rule <= UCM111) || rule == UCM119 ||
	    (rule >= UCM201 && rule <= UCM216) || (rule >= UCM401 && rule <= UCM403))
		return UCM_SENDS_SECURE;
	return UCM_SENDS_PLAIN;
}

static int is_probe(enum ucm_rule rule)
{
	return rule >= UCM401 && rule <= UCM403;
}

static int has_finding(const struct ucm_junit_suite *suite, enum ucm_rule rule)
{
	for (unsigned agent = 0; agent <= UCM_JUNIT_ANY_AGENT; agent++)
		if (suite->worst[rule][agent])
			return 1;
	return 0;
}

static int is_asked(const struct ucm_junit_suite *suite, enum ucm_rule rule)
{
	if (has_finding(suite, rule))
		return 1;
	if (!suite->report->judged[rule] || (is_probe(rule) && !suite->report->probed))
		return 0;
	return is_about_inputs(rule) == (suite->client == UCM_CLIENT_UNKNOWN);
}

/* ---- Findings ----------------------------------------------------------------------------- */

static enum ucm_junit_verdict verdict_of(const struct ucm_report_finding *finding)
{
	if (finding->hidden != UCM_NOT_HIDDEN)
		return UCM_JUNIT_SKIPPED;
	if (finding->severity <= UCM_INFO)
		return UCM_JUNIT_PASS;
	if (finding->rule <= UCM007 && finding->severity == UCM_ERROR)
		return UCM_JUNIT_ERROR;
	return UCM_JUNIT_FAILURE;
}

int ucm_junit_concerns(const struct ucm_report_finding *finding, const struct ucm_junit_case *one)
{
	if (finding->rule != one->rule)
		return 0;
	return one->agent == UCM_JUNIT_ANY_AGENT || !finding->agents ||
	       (finding->agents >> one->agent & 1);
}

static void note(struct ucm_junit_suite *suite, const struct ucm_report_finding *finding)
{
	for (unsigned agent = 0; agent <= UCM_JUNIT_ANY_AGENT; agent++) {
		struct ucm_junit_case one = {.rule = finding->rule, .agent = agent};
		const struct ucm_report_finding **worst = &suite->worst[finding->rule][agent];

		if (ucm_junit_concerns(finding, &one) &&
		    (!*worst || verdict_of(finding) > verdict_of(*worst)))
			*worst = finding;
	}
	if (finding->rule == UCM007)
		suite->unjudged = finding;
}

/* Whether the policy has a setting from the object that the finding is about. */
static int uses_object(
    const struct ucm_report_policy *policy, const struct ucm_report_finding *finding)
{
	for (size_t i = 0; i < policy->source_count; i++) {
		const struct ucm_report_source *source = &policy->source[i];

		if (source->client == finding->place.client && finding->place.object &&
		    !strcmp(source->object, finding->place.object) &&
		    (finding->rule != UCM302 ||
			!strcmp(source->key, ucm_keys[UCM_SMTP_PROTOCOL].name)))
			return 1;
	}
	return 0;
}

static int touches(const struct ucm_report_policy *policy, const struct ucm_report_finding *finding)
{
	/* A certificate's defect is that of who refers to it. */
	if (finding->place.object &&
	    ucm_equal_nocase(finding->place.object, UCM_TRUSTEDCERTS_NAME) && finding->place.key &&
	    *finding->place.key &&
	    (!policy->certificate || strcmp(finding->place.key, policy->certificate) != 0))
		return 0;
	/* The policy may be that of another agent. */
	if (finding->agents)
		return uses_object(policy, finding);
	for (size_t i = 0; i < policy->rule_count; i++)
		if (policy->rule[i] == finding->rule)
			return 1;
	return 0;
}

/* What client 0 holds and a policy of the client uses fails here as well: the evidence of a client
 * must not pass where its mail does not. */
static void inherit(struct ucm_junit_suite *suite)
{
	const struct ucm_report *report = suite->report;

	if (suite->client <= 0)
		return;
	for (size_t i = suite->policy; i < suite->policy_end; i++)
		for (size_t k = suite->zero; k < suite->zero_end; k++)
			if (touches(&report->policy[i], &report->finding[k]))
				note(suite, &report->finding[k]);
}

/* ---- Suites ------------------------------------------------------------------------------- */

/* Moves all cursors to the client, and fills the table. */
static void enter(struct ucm_junit_suite *suite, int client)
{
	const struct ucm_report *report = suite->report;

	suite->client = client;
	memset(suite->worst, 0, sizeof suite->worst);
	suite->unjudged = NULL;
	suite->finding = suite->finding_end;
	while (suite->finding_end < report->finding_count &&
	       report->finding[suite->finding_end].place.client == client)
		note(suite, &report->finding[suite->finding_end++]);
	suite->policy = suite->policy_end;
	while (suite->policy_end < report->policy_count &&
	       report->policy[suite->policy_end].client == client)
		suite->policy_end++;
	suite->gap = suite->gap_end;
	while (suite->gap < report->gap_count && report->gap[suite->gap].client < client)
		suite->gap++;
	suite->gap_end = suite->gap;
	while (suite->gap_end < report->gap_count && report->gap[suite->gap_end].client == client)
		suite->gap_end++;
	if (client == 0) {
		suite->zero = suite->finding;
		suite->zero_end = suite->finding_end;
	}
	inherit(suite);
}

void ucm_junit_first(const struct ucm_report *report, struct ucm_junit_suite *suite)
{
	memset(suite, 0, sizeof *suite);
	suite->report = report;
	if (ucm_release_parse(report->release, &suite->release))
		suite->release = ucm_release_newest();
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (report->agents >> agent & 1)
			suite->class_agents[ucm_agent_capability(
			    (enum ucm_agent)agent, suite->release)] |= UINT32_C(1) << agent;
	enter(suite, UCM_CLIENT_UNKNOWN);
}

int ucm_junit_next(struct ucm_junit_suite *suite)
{
	const struct ucm_report *report = suite->report;
	int client = UCM_CLIENT_MAX + 1;

	if (suite->finding_end < report->finding_count)
		client = report->finding[suite->finding_end].place.client;
	if (suite->policy_end < report->policy_count &&
	    report->policy[suite->policy_end].client < client)
		client = report->policy[suite->policy_end].client;
	if (client > UCM_CLIENT_MAX)
		return 0;
	enter(suite, client);
	return 1;
}

/* ---- Cases -------------------------------------------------------------------------------- */

/* Why nothing was found although nothing could be; NULL where a pass is one. */
static const char *blind(const struct ucm_junit_suite *suite, enum ucm_rule rule)
{
	const struct ucm_report *report = suite->report;

	if (rule == UCM118 && !report->has_logins)
		return "no Login object is among the inputs";
	if (rule != UCM306 && rule != UCM307 && rule != UCM309)
		return NULL;
	if (!report->has_scripts)
		return "no script is among the inputs";
	for (size_t i = suite->gap; i < suite->gap_end; i++) {
		if (rule == UCM306 && !strcmp(report->gap[i].what, UCM_GAP_SERVER))
			return "a script computes a server when it runs";
		if (rule == UCM309 && !strcmp(report->gap[i].what, UCM_GAP_SUBJECT))
			return "a script computes a subject when it runs";
	}
	return NULL;
}

static int matters(const struct ucm_junit_suite *suite, const struct ucm_junit_case *one)
{
	enum ucm_capability needed = needs(suite->report, one->rule);

	if (one->agent == UCM_JUNIT_ANY_AGENT)
		return 1;
	if (ucm_agent_capability((enum ucm_agent)one->agent, suite->release) >= needed)
		return 1;
	/* A finding that would be told of no agent is told of all. */
	return one->finding && !suite->class_agents[UCM_SENDS_SECURE] &&
	       (needed == UCM_SENDS_SECURE || !suite->class_agents[UCM_SENDS_PLAIN]);
}

static void judge(const struct ucm_junit_suite *suite, struct ucm_junit_case *one)
{
	one->finding = suite->worst[one->rule][one->agent];
	one->verdict = UCM_JUNIT_PASS;
	one->reason = NULL;
	if (!matters(suite, one)) {
		one->finding = NULL;
		one->verdict = UCM_JUNIT_SKIPPED;
		one->reason = ucm_agent_capability((enum ucm_agent)one->agent, suite->release) ==
				      UCM_CANNOT_SEND
				  ? "this kind of agent sends no mail"
				  : "this kind of agent ignores TLS, port and login";
	} else if (one->finding) {
		one->verdict = verdict_of(one->finding);
	} else if (suite->unjudged) {
		one->verdict = UCM_JUNIT_ERROR;
		one->reason = suite->unjudged->message;
	} else if ((one->reason = blind(suite, one->rule))) {
		one->verdict = UCM_JUNIT_SKIPPED;
	}
}

static void walk_agent(const struct ucm_junit_suite *suite, unsigned agent,
    void (*each)(void *, const struct ucm_junit_case *), void *arg)
{
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++) {
		struct ucm_junit_case one = {.rule = (enum ucm_rule)rule, .agent = agent};
		int of_agents = !is_about_inputs(one.rule) && suite->report->agents;

		if (of_agents != (agent != UCM_JUNIT_ANY_AGENT) || !is_asked(suite, one.rule))
			continue;
		judge(suite, &one);
		each(arg, &one);
	}
}

void ucm_junit_cases(const struct ucm_junit_suite *suite,
    void (*each)(void *, const struct ucm_junit_case *), void *arg)
{
	walk_agent(suite, UCM_JUNIT_ANY_AGENT, each, arg);
	for (unsigned agent = 0; agent < UCM_AGENT_COUNT; agent++)
		if (suite->report->agents >> agent & 1)
			walk_agent(suite, agent, each, arg);
}
