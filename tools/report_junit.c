/*
 * JUnit XML: a suite for each client, a case for each rule (for each agent, where the rule is about
 * agents), those that pass included: they are the evidence.
 */
#include "config.h"

#include "tools/report.h"

#include <string.h>

#include "policy/agents.h"
#include "policy/limits.h"
#include "tools/report_escape.h"

/* The findings of one client: they stand together in a report. */
struct suite {
	const struct ucm_report *report;
	int client;
	size_t first, end;
};

struct tally {
	size_t tests, failures, errors, skipped;
};

/* How one case went. */
enum verdict { PASS, SKIPPED, FAILURE, ERROR };

struct test {
	enum ucm_rule rule;
	int agent; /* or UCM_AGENT_COUNT: whichever */
	enum verdict verdict;
	const struct ucm_report_finding *worst;
};

static int is_about_agents(enum ucm_rule rule)
{
	return rule == UCM301 || rule == UCM302;
}

/* Rules about the run, not about a client. */
static int is_about_inputs(enum ucm_rule rule)
{
	return rule == UCM303 || rule == UCM501 || rule == UCM502;
}

static int is_probe(enum ucm_rule rule)
{
	return rule >= UCM401 && rule <= UCM403;
}

static int is_asked(const struct suite *suite, enum ucm_rule rule)
{
	for (size_t i = suite->first; i < suite->end; i++)
		if (suite->report->finding[i].rule == rule)
			return 1;
	if (is_probe(rule) || !suite->report->judged[rule])
		return 0;
	if (rule <= UCM007 || is_about_inputs(rule))
		return suite->client == UCM_CLIENT_UNKNOWN;
	return suite->client != UCM_CLIENT_UNKNOWN;
}

static enum verdict verdict_of(const struct ucm_report_finding *finding)
{
	if (finding->hidden != UCM_NOT_HIDDEN)
		return SKIPPED;
	if (finding->severity <= UCM_INFO)
		return PASS;
	return finding->rule <= UCM007 ? ERROR : FAILURE;
}

static int concerns(const struct ucm_report_finding *finding, const struct test *test)
{
	if (finding->rule != test->rule)
		return 0;
	return test->agent == UCM_AGENT_COUNT || !finding->agents ||
	       (finding->agents >> test->agent & 1);
}

static void judge(const struct suite *suite, struct test *test)
{
	test->verdict = PASS;
	test->worst = NULL;
	for (size_t i = suite->first; i < suite->end; i++) {
		const struct ucm_report_finding *finding = &suite->report->finding[i];

		if (!concerns(finding, test))
			continue;
		if (!test->worst || verdict_of(finding) > test->verdict) {
			test->verdict = verdict_of(finding);
			test->worst = finding;
		}
	}
}

/* ---- Writing ------------------------------------------------------------------------------ */

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	ucm_put_xml(out, value);
	fputc('"', out);
}

static void put_details(const struct suite *suite, const struct test *test, FILE *out)
{
	for (size_t i = suite->first; i < suite->end; i++) {
		const struct ucm_report_finding *finding = &suite->report->finding[i];

		if (!concerns(finding, test))
			continue;
		if (finding->place.file) {
			ucm_put_xml(out, finding->place.file);
			fprintf(out, ":%u:%u: ", finding->place.line ? finding->place.line : 1,
			    finding->place.column ? finding->place.column : 1);
		}
		fprintf(out, "%s: ", ucm_severity_name(finding->severity));
		ucm_put_xml(out, finding->message);
		fputc('\n', out);
		if (*finding->hint) {
			ucm_put_xml(out, finding->hint);
			fputc('\n', out);
		}
	}
}

static void put_skipped(const struct ucm_report_finding *finding, FILE *out)
{
	fputs(">\n      <skipped message=\"", out);
	if (finding->hidden == UCM_BY_BASELINE) {
		fputs("in the baseline", out);
	} else {
		ucm_put_xml(out, finding->reason);
		fputs(" (", out);
		ucm_put_xml(out, finding->owner);
		fprintf(out, ", until %s)", finding->expires);
	}
	fputs("\"/>\n    </testcase>\n", out);
}

static void put_outcome(const struct suite *suite, const struct test *test, FILE *out)
{
	static const char *const elements[] = {"system-out", NULL, "failure", "error"};
	const char *element = elements[test->verdict];

	if (!test->worst) {
		fputs("/>\n", out);
		return;
	}
	if (test->verdict == SKIPPED) {
		put_skipped(test->worst, out);
		return;
	}
	fprintf(out, ">\n      <%s", element);
	if (test->verdict != PASS) {
		put_attribute(out, "message", test->worst->message);
		put_attribute(out, "type", ucm_severity_name(test->worst->severity));
	}
	fputc('>', out);
	put_details(suite, test, out);
	fprintf(out, "</%s>\n    </testcase>\n", element);
}

static void put_test(const struct suite *suite, const struct test *test, FILE *out)
{
	const struct ucm_rule_row *rule = &ucm_rules[test->rule];

	fprintf(out, "    <testcase name=\"%s %s\" classname=\"policy-lint.", rule->id, rule->name);
	if (suite->client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "client-%04d", suite->client);
	if (test->agent < UCM_AGENT_COUNT)
		fprintf(out, ".%s", ucm_agent_name((enum ucm_agent)test->agent));
	fputs("\" time=\"0\"", out);
	if (test->worst && test->worst->place.file) {
		put_attribute(out, "file", test->worst->place.file);
		fprintf(out, " line=\"%u\"", test->worst->place.line ? test->worst->place.line : 1);
	}
	put_outcome(suite, test, out);
}

static void count(const struct test *test, struct tally *tally)
{
	tally->tests++;
	tally->failures += test->verdict == FAILURE;
	tally->errors += test->verdict == ERROR;
	tally->skipped += test->verdict == SKIPPED;
}

/* All cases of a suite: counted, and written where out is not NULL. */
static void walk_suite(const struct suite *suite, struct tally *tally, FILE *out)
{
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++) {
		struct test test = {.rule = (enum ucm_rule)rule, .agent = UCM_AGENT_COUNT};
		int agent = is_about_agents(test.rule) ? 0 : UCM_AGENT_COUNT;

		if (!is_asked(suite, test.rule))
			continue;
		for (; agent <= UCM_AGENT_COUNT; agent++) {
			if (is_about_agents(test.rule) &&
			    (agent == UCM_AGENT_COUNT || !(suite->report->agents >> agent & 1)))
				continue;
			test.agent = agent;
			judge(suite, &test);
			count(&test, tally);
			if (out)
				put_test(suite, &test, out);
		}
	}
}

static void put_tally(const struct tally *tally, FILE *out)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\">\n",
	    tally->tests, tally->failures, tally->errors, tally->skipped);
}

static void put_suite(const struct suite *suite, FILE *out)
{
	struct tally own = {0};

	walk_suite(suite, &own, NULL);
	fputs("  <testsuite name=\"", out);
	if (suite->client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "client %04d", suite->client);
	fputc('"', out);
	put_tally(&own, out);
	walk_suite(suite, &own, out);
	fputs("  </testsuite>\n", out);
}

/* The smallest client above `after` that has a policy or a finding; past the last one at the end.
 */
static int next_client(const struct ucm_report *report, int after)
{
	int next = UCM_CLIENT_MAX + 1;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->finding[i].place.client > after &&
		    report->finding[i].place.client < next)
			next = report->finding[i].place.client;
	for (size_t i = 0; i < report->policy_count; i++)
		if (report->policy[i].client > after && report->policy[i].client < next)
			next = report->policy[i].client;
	return next;
}

/* Every suite in order: the inputs, then the clients. */
static void walk_report(const struct ucm_report *report, struct tally *tally, FILE *out)
{
	struct suite suite = {report, UCM_CLIENT_UNKNOWN, 0, 0};

	while (suite.client <= UCM_CLIENT_MAX) {
		while (suite.end < report->finding_count &&
		       report->finding[suite.end].place.client == suite.client)
			suite.end++;
		if (out)
			put_suite(&suite, out);
		else
			walk_suite(&suite, tally, NULL);
		suite.first = suite.end;
		suite.client = next_client(report, suite.client);
	}
}

int ucm_report_junit(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	struct tally total = {0};

	(void)style;
	walk_report(report, &total, NULL);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" UCM_TOOL_NAME "\"",
	    out);
	put_tally(&total, out);
	walk_report(report, &total, out);
	fputs("</testsuites>\n", out);
	return 0;
}
