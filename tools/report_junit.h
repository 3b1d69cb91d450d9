/*
 * The cases of a JUnit report: how each rule went for each client and kind of agent.
 */
#ifndef UCM_TOOLS_REPORT_JUNIT_H
#define UCM_TOOLS_REPORT_JUNIT_H

#include "policy/agents.h"
#include "tools/report.h"

/*
 * ERROR is what makes the audit incomplete, so that its exit status is 3. What did not matter, was
 * hidden on purpose, or could not be seen without making the audit incomplete, is SKIPPED.
 */
enum ucm_junit_verdict { UCM_JUNIT_PASS, UCM_JUNIT_SKIPPED, UCM_JUNIT_FAILURE, UCM_JUNIT_ERROR };

#define UCM_JUNIT_ANY_AGENT UCM_AGENT_COUNT /* of a case that is about no agent */

/* A client, or with UCM_CLIENT_UNKNOWN the inputs as a whole. */
struct ucm_junit_suite {
	const struct ucm_report *report;
	struct ucm_release release;
	uint32_t class_agents[UCM_NO_SUCH_AGENT + 1]; /* that were judged, by what they can */
	int client;
	size_t finding, finding_end; /* its findings; they stand together, as its policies do */
	size_t policy, policy_end;
	size_t gap, gap_end;
	size_t zero, zero_end; /* the findings of client 0, which it may inherit */
	const struct ucm_report_finding *unjudged; /* UCM007, or NULL */
	/* The finding that decides a case, or NULL. */
	const struct ucm_report_finding *worst[UCM_RULE_COUNT][UCM_AGENT_COUNT + 1];
};

struct ucm_junit_case {
	enum ucm_rule rule;
	unsigned agent; /* enum ucm_agent, or UCM_JUNIT_ANY_AGENT */
	enum ucm_junit_verdict verdict;
	const struct ucm_report_finding *finding; /* that decided, or NULL */
	const char *reason; /* why it was skipped or is an error, without a finding; or NULL */
};

/* The first suite, which is that of the inputs; and the next one. Returns 0 at the end. */
void ucm_junit_first(const struct ucm_report *report, struct ucm_junit_suite *suite);
int ucm_junit_next(struct ucm_junit_suite *suite);

/* Calls back for every case of the suite, ordered by agent and rule. */
void ucm_junit_cases(const struct ucm_junit_suite *suite,
    void (*each)(void *arg, const struct ucm_junit_case *one), void *arg);

/* Whether a finding of the suite belongs to the case. */
int ucm_junit_concerns(const struct ucm_report_finding *finding, const struct ucm_junit_case *one);

#endif
