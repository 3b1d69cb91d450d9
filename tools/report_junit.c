/*
 * JUnit XML: a suite for each client, a case for each kind of agent and rule, those that pass
 * included: they are the evidence. Nothing is collected; every suite is walked to be counted, and
 * again to be written.
 */
#include "config.h"

#include <string.h>

#include "tools/report_escape.h"
#include "tools/report_junit.h"

struct tally {
	size_t tests, failures, errors, skipped;
};

struct writing {
	const struct ucm_junit_suite *suite;
	FILE *out;
};

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	ucm_put_xml(out, value);
	fputc('"', out);
}

static void put_detail(const struct ucm_report_finding *finding, FILE *out)
{
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

/* All findings of the case; that of client 0, where the client only inherits it. */
static void put_details(
    const struct ucm_junit_suite *suite, const struct ucm_junit_case *one, FILE *out)
{
	if (one->finding->place.client != suite->client)
		put_detail(one->finding, out);
	for (size_t i = suite->finding; i < suite->finding_end; i++)
		if (ucm_junit_concerns(&suite->report->finding[i], one))
			put_detail(&suite->report->finding[i], out);
}

/* Why a finding does not count. */
static void put_hidden(const struct ucm_report_finding *finding, FILE *out)
{
	if (finding->hidden == UCM_BY_BASELINE) {
		fputs("in the baseline", out);
		return;
	}
	ucm_put_xml(out, finding->reason);
	fputs(" (", out);
	ucm_put_xml(out, finding->owner);
	fprintf(out, ", until %s)", finding->expires);
}

static void put_outcome(
    const struct ucm_junit_suite *suite, const struct ucm_junit_case *one, FILE *out)
{
	static const char *const elements[] = {"system-out", "skipped", "failure", "error"};
	const char *element = elements[one->verdict];

	fprintf(out, "<%s", element);
	if (one->verdict == UCM_JUNIT_SKIPPED || !one->finding) {
		fputs(" message=\"", out);
		if (one->finding)
			put_hidden(one->finding, out);
		else
			ucm_put_xml(out, one->reason);
		fputs("\"/>", out);
		return;
	}
	if (one->verdict != UCM_JUNIT_PASS) {
		put_attribute(out, "message", one->finding->message);
		put_attribute(out, "type", ucm_severity_name(one->finding->severity));
	}
	fputc('>', out);
	put_details(suite, one, out);
	fprintf(out, "</%s>", element);
}

static void put_case(void *arg, const struct ucm_junit_case *one)
{
	const struct writing *writing = arg;
	const struct ucm_rule_row *rule = &ucm_rules[one->rule];
	FILE *out = writing->out;

	fprintf(out, "    <testcase name=\"%s %s\" classname=\"policy-lint.", rule->id, rule->name);
	if (writing->suite->client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "client-%04d", writing->suite->client);
	if (one->agent != UCM_JUNIT_ANY_AGENT)
		fprintf(out, ".%s", ucm_agent_name((enum ucm_agent)one->agent));
	fputc('"', out);
	if (one->finding && one->finding->place.file) {
		const struct ucm_place *place = &one->finding->place;

		put_attribute(out, "file", place->file);
		fprintf(out, " line=\"%u\"", place->line ? place->line : 1);
	}
	if (!one->finding && !one->reason) {
		fputs("/>\n", out);
		return;
	}
	fputc('>', out);
	put_outcome(writing->suite, one, out);
	fputs("</testcase>\n", out);
}

static void count(void *arg, const struct ucm_junit_case *one)
{
	struct tally *tally = arg;

	tally->tests++;
	tally->failures += one->verdict == UCM_JUNIT_FAILURE;
	tally->errors += one->verdict == UCM_JUNIT_ERROR;
	tally->skipped += one->verdict == UCM_JUNIT_SKIPPED;
}

/* Where no finding says so, since --ignore hides it, the report still must not be all green. */
static int is_incomplete(const struct ucm_junit_suite *suite)
{
	return suite->client == UCM_CLIENT_UNKNOWN && !suite->report->complete;
}

static void count_suite(const struct ucm_junit_suite *suite, struct tally *tally)
{
	ucm_junit_cases(suite, count, tally);
	tally->tests += (size_t)is_incomplete(suite);
	tally->errors += (size_t)is_incomplete(suite);
}

static void put_tally(const struct tally *tally, FILE *out)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\">\n",
	    tally->tests, tally->failures, tally->errors, tally->skipped);
}

static void put_suite(const struct ucm_junit_suite *suite, FILE *out)
{
	struct writing writing = {suite, out};
	struct tally own = {0};

	count_suite(suite, &own);
	fputs("  <testsuite name=\"", out);
	if (suite->client == UCM_CLIENT_UNKNOWN)
		fputs("inputs", out);
	else
		fprintf(out, "client %04d", suite->client);
	fputc('"', out);
	put_tally(&own, out);
	if (is_incomplete(suite))
		fputs("    <testcase name=\"everything was read and judged\" "
		      "classname=\"policy-lint.inputs\"><error message=\"not everything could be "
		      "read and judged\"/></testcase>\n",
		    out);
	ucm_junit_cases(suite, put_case, &writing);
	fputs("  </testsuite>\n", out);
}

int ucm_report_junit(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	struct ucm_junit_suite suite;
	struct tally total = {0};

	(void)style;
	ucm_junit_first(report, &suite);
	do
		count_suite(&suite, &total);
	while (ucm_junit_next(&suite));
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" UCM_TOOL_NAME "\"",
	    out);
	put_tally(&total, out);
	ucm_junit_first(report, &suite);
	do
		put_suite(&suite, out);
	while (ucm_junit_next(&suite) && !ferror(out));
	fputs("</testsuites>\n", out);
	return 0;
}
