/*
 * The Prometheus text format, for a collector of text files. Gauges only, absolute times: how many
 * days are left is arithmetic for whoever asks. No names of people, hosts or paths as labels.
 */
#include "config.h"

#include "tools/report.h"

#include <inttypes.h>
#include <string.h>

#include "tools/report_escape.h"

static void put_head(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP policy_lint_%s %s\n# TYPE policy_lint_%s gauge\n", name, help, name);
}

static void put_gauge(FILE *out, const char *name, const char *help, unsigned long long value)
{
	put_head(out, name, help);
	fprintf(out, "policy_lint_%s %llu\n", name, value);
}

static void put_build(const struct ucm_report *report, FILE *out)
{
	put_head(out, "build_info", "The version that wrote this, and what it judged by.");
	fputs("policy_lint_build_info{version=\"", out);
	ucm_put_label(out, report->tool_version);
	fputs("\",release=\"", out);
	ucm_put_label(out, report->release);
	fprintf(out, "\",profile=\"%s\"} 1\n", report->profile == UCM_STRICT ? "strict" : "compat");
}

/* One sample for each client, rule and severity; their findings stand together, key by key. */
static void put_findings(const struct ucm_report *report, FILE *out)
{
	put_head(out, "findings", "Findings that count, by client, rule and severity.");
	for (size_t first = 0; first < report->finding_count;) {
		size_t counts[UCM_RULE_COUNT][UCM_ERROR + 1] = {{0}}, i = first;
		int client = report->finding[first].place.client;
		char name[16] = "none";

		for (; i < report->finding_count && report->finding[i].place.client == client; i++)
			if (report->finding[i].hidden == UCM_NOT_HIDDEN)
				counts[report->finding[i].rule][report->finding[i].severity]++;
		if (client != UCM_CLIENT_UNKNOWN)
			snprintf(name, sizeof name, "%04d", client);
		for (int rule = 0; rule < UCM_RULE_COUNT; rule++)
			for (int severity = UCM_INFO; severity <= UCM_ERROR; severity++)
				if (counts[rule][severity])
					fprintf(out,
					    "policy_lint_findings{client=\"%s\",rule=\"%s\","
					    "severity=\"%s\"} %zu\n",
					    name, ucm_rules[rule].id,
					    ucm_severity_name((enum ucm_severity)severity),
					    counts[rule][severity]);
		first = i;
	}
}

/* A sample may be there once only: a certificate that a payload holds twice is one. */
static int was_before(const struct ucm_report *report, size_t index)
{
	const struct ucm_report_certificate *one = &report->certificate[index];

	for (size_t i = 0; i < index; i++)
		if (!strcmp(report->certificate[i].name, one->name) &&
		    !strcmp(report->certificate[i].sha256, one->sha256))
			return 1;
	return 0;
}

static void put_times(
    const struct ucm_report *report, const char *name, const char *help, int end, FILE *out)
{
	put_head(out, name, help);
	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct ucm_report_certificate *one = &report->certificate[i];

		if (was_before(report, i))
			continue;
		fprintf(out, "policy_lint_%s{certificate=\"", name);
		ucm_put_label(out, one->name);
		fprintf(out, "\",sha256=\"%s\",used=\"%s\"} %" PRId64 "\n", one->sha256,
		    one->used ? "yes" : "no", end ? one->not_after : one->not_before);
	}
}

static void put_decisions(const struct ucm_report *report, FILE *out)
{
	static const char *const decisions[] = {"refuse", "plain", "opportunistic", "forced"};

	put_head(out, "policies", "Effective policies by decision.");
	for (size_t k = 0; k < sizeof decisions / sizeof *decisions; k++) {
		size_t count = 0;

		for (size_t i = 0; i < report->policy_count; i++)
			count += !strcmp(report->policy[i].decision, decisions[k]);
		fprintf(out, "policy_lint_policies{decision=\"%s\"} %zu\n", decisions[k], count);
	}
}

int ucm_report_prometheus(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out)
{
	(void)style;
	put_build(report, out);
	put_gauge(out, "run_success", "Whether every input could be read and judged.",
	    (unsigned long long)report->complete);
	put_gauge(
	    out, "exit_code", "The exit code of the run.", (unsigned long long)report->exit_code);
	put_gauge(out, "clients", "Clients that were judged.", report->summary.clients);
	put_gauge(out, "objects", "Objects that were read.", report->summary.objects);
	put_gauge(out, "inputs", "Files that were read.", report->summary.files);
	put_gauge(
	    out, "suppressed", "Findings that a suppression hides.", report->summary.suppressed);
	put_gauge(out, "baselined", "Findings that the baseline hides.", report->summary.baselined);
	put_decisions(report, out);
	put_findings(report, out);
	put_times(report, "cert_not_before_timestamp_seconds",
	    "When the certificate begins to be valid.", 0, out);
	put_times(
	    report, "cert_not_after_timestamp_seconds", "When the certificate expires.", 1, out);
	return 0;
}
