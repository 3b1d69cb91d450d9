/*
 * Which servers to ask, each once, and what their answers are to the audit.
 */
#include "config.h"

#include "tools/lint_file.h"
#include "tools/lint_probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policy/text.h"
#include "tools/lint_run.h"
#include "tools/report_escape.h"
#include "xml/snapshot.h"

/* What makes two policies ask the same question. */
struct target {
	const char *host;
	unsigned port;
	const char *protocol;
	const char *certificate; /* or NULL */
};

struct probing {
	struct ucm_lint_run *run;
	const char *snapshot;
	struct target *target;
	size_t count;
	const char *connect_to[UCM_LINT_NAMES_MAX];
	time_t end;
};

static int same_text(const char *left, const char *right)
{
	if (!left || !right)
		return left == right;
	return ucm_equal_nocase(left, right);
}

/* Whether it was asked before; if not, it is now. */
static int is_known(struct probing *probing, const struct ucm_decision *decision)
{
	struct target one = {
	    .host = decision->host,
	    .port = decision->port,
	    .protocol = decision->protocol,
	    .certificate = decision->resource ? decision->resource->name : NULL,
	};

	for (size_t i = 0; i < probing->count; i++) {
		const struct target *other = &probing->target[i];

		if (other->port == one.port && same_text(other->host, one.host) &&
		    same_text(other->protocol, one.protocol) &&
		    same_text(other->certificate, one.certificate))
			return 1;
	}
	one.host = ucm_arena_string(probing->run->arena, one.host);
	probing->target[probing->count++] = one;
	return 0;
}

static struct ucm_place place_of(const struct ucm_decision *decision)
{
	const struct ucm_setting *setting = &decision->setting[UCM_SMTP_SERVER];
	struct ucm_place place = {.client = decision->query.client, .key = "SMTP_SERVER"};

	if (!setting->row || !setting->variable)
		return place;
	place.client = setting->variable->client;
	place.object = setting->variable->name;
	place.file = setting->variable->file;
	place.line = setting->row->line;
	place.column = setting->row->column;
	place.excerpt = setting->row->excerpt;
	place.excerpt_column = setting->row->excerpt_column;
	return place;
}

static int add_finding(struct probing *probing, const struct ucm_decision *decision,
    const struct ucm_probe_answer *answer)
{
	static const enum ucm_rule rules[] = {UCM_RULE_COUNT, UCM401, UCM402, UCM403};
	char where[UCM_DOMAIN_MAX + 16];

	if (answer->verdict == UCM_PROBE_GOOD)
		return 0;
	snprintf(where, sizeof where, "%s:%u", decision->host, decision->port);
	struct ucm_finding finding = {
	    .rule = rules[answer->verdict],
	    .place = place_of(decision),
	    .argument = {where, answer->reason, NULL},
	    .value = where,
	};
	return ucm_findings_add(&probing->run->audit.findings, &finding);
}

static void add_answer(struct probing *probing, const struct ucm_decision *decision,
    const struct ucm_probe_answer *answer)
{
	static const char *const verdicts[] = {"good", "unreachable", "untrusted", "weak"};
	struct ucm_report *report = &probing->run->report;
	struct ucm_arena *arena = probing->run->arena;
	struct ucm_report_server one = {
	    .host = ucm_mask(arena, decision->host, NULL),
	    .port = decision->port,
	    .protocol = ucm_arena_string(arena, decision->protocol),
	    .certificate =
		decision->resource ? ucm_mask(arena, decision->resource->name, NULL) : NULL,
	    .verdict = verdicts[answer->verdict],
	    .reason = ucm_mask(arena, answer->reason, NULL),
	    .address = ucm_mask(arena, answer->address, NULL),
	    .mode = ucm_mask(arena, answer->mode, NULL),
	    .version = ucm_mask(arena, answer->version, NULL),
	    .cipher = ucm_mask(arena, answer->cipher, NULL),
	    .subject = ucm_mask(arena, answer->subject, NULL),
	    .issuer = ucm_mask(arena, answer->issuer, NULL),
	    .not_after = ucm_mask(arena, answer->not_after, NULL),
	};

	report->server[report->server_count++] = one;
}

static int ask(
    struct probing *probing, const struct ucm_cell *cell, const struct ucm_decision *decision)
{
	const struct ucm_lint_options *options = probing->run->options;
	struct ucm_probe_answer answer;
	struct ucm_probe_request request = {
	    .snapshot = probing->snapshot,
	    .client = cell->client,
	    .via = ucm_sender_name(cell->sender),
	    .server = cell->server,
	    .release = options->release_text,
	    .profile = options->profile == UCM_STRICT ? "strict" : "compat",
	    .connect_to = probing->connect_to,
	    .connect_to_count = options->connect_to_count,
	};

	if (ucm_probe_server(&request, &answer))
		return -1;
	add_answer(probing, decision, &answer);
	return add_finding(probing, decision, &answer);
}

static int probe_cell(struct probing *probing, const struct ucm_cell *cell)
{
	struct ucm_lint_run *run = probing->run;
	struct ucm_query query = ucm_audit_query(&run->audit_options, cell, UCM_AGENT_ENGINE);
	struct ucm_decision decision;
	struct ucm_arena scratch;

	ucm_arena_init(&scratch, NULL, 0);
	int failed = ucm_decide(&run->system, &query, &scratch, &decision);
	/* What is refused sends nothing anywhere. */
	if (!failed && decision.verdict != UCM_REFUSE && decision.host &&
	    probing->count < UCM_PROBES_MAX && time(NULL) < probing->end &&
	    !is_known(probing, &decision))
		failed = ask(probing, cell, &decision);
	ucm_arena_free(&scratch);
	return failed;
}

/* The system as one file, for the library to read without the reader of exports. */
static int write_snapshot(struct ucm_lint_run *run, char *name, struct ucm_error *error)
{
	int fd = mkostemp(name, O_CLOEXEC);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out) {
		if (fd >= 0)
			close(fd);
		return ucm_fail(error, UCM_CLASS_IO, "cannot make a temporary file");
	}
	int failed = ucm_snapshot_write(&run->system, out, error);
	failed |= fclose(out) != 0;
	return failed ? ucm_fail(error, UCM_CLASS_IO, "cannot write a temporary file") : 0;
}

static int probe_all(struct probing *probing)
{
	struct ucm_lint_run *run = probing->run;

	probing->end = time(NULL) + UCM_PROBE_TOTAL_S;
	probing->target = ucm_arena_array(run->arena, UCM_PROBES_MAX, sizeof *probing->target);
	run->report.server =
	    ucm_arena_array(run->arena, UCM_PROBES_MAX, sizeof *run->report.server);
	run->report.probed = 1;
	if (!probing->target || !run->report.server)
		return -1;
	for (size_t i = 0; i < run->options->connect_to_count; i++)
		probing->connect_to[i] = run->options->connect_to[i].value;
	for (size_t i = 0; i < run->audit.cell_count; i++)
		if (probe_cell(probing, &run->audit.cells[i]))
			return -1;
	return 0;
}

int ucm_lint_probe(struct ucm_lint_run *run, struct ucm_error *error)
{
	struct probing probing = {.run = run};
	char *name = ucm_file_temporary(run->arena);

	if (!name)
		return ucm_out_of_memory(error);
	if (write_snapshot(run, name, error)) {
		unlink(name);
		return -1;
	}
	probing.snapshot = name;
	int failed = probe_all(&probing);
	unlink(name);
	return failed ? ucm_fail(error, UCM_CLASS_IO, "the servers could not be probed") : 0;
}
