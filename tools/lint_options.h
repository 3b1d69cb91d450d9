/*
 * The command line of policy-lint and the [policy-lint] section of its configuration file: one
 * table of options, one function that applies an option, whoever gives it.
 */
#ifndef UCM_TOOLS_LINT_OPTIONS_H
#define UCM_TOOLS_LINT_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "policy/agents.h"
#include "policy/arena.h"
#include "policy/error.h"
#include "policy/rules.h"
#include "tools/report.h"

/* Exit codes; what outranks what is said in lint_run.c. */
enum ucm_lint_exit {
	UCM_LINT_CLEAN = 0,
	UCM_LINT_FINDINGS = 1,
	UCM_LINT_USAGE = 2,
	UCM_LINT_INCOMPLETE = 3,
	UCM_LINT_EMPTY = 4
};

#define UCM_LINT_OUTPUTS_MAX 32 /* reports from one run */
#define UCM_LINT_NAMES_MAX 256 /* members of one list option */
#define UCM_LINT_MONTHS_MAX 600 /* --timeline: fifty years */
#define UCM_LINT_DAYS_MAX 36500 /* --expires-within: a hundred years */
#define UCM_LINT_WORKERS_MAX 256

struct ucm_lint_output {
	const struct ucm_report_format *format;
	const char *file; /* NULL: standard output */
};

enum ucm_when { UCM_AUTO, UCM_ALWAYS, UCM_NEVER };

enum ucm_lint_action {
	UCM_LINT_AUDIT,
	UCM_LINT_HELP,
	UCM_LINT_VERSION,
	UCM_LINT_LIST,
	UCM_LINT_EXPLAIN,
	UCM_LINT_MERGE,
	UCM_LINT_VERIFY,
	UCM_LINT_INIT
};

/* What a configuration file that --init writes tells of a setting. */
struct ucm_lint_remark {
	const char *value; /* the default, or an example where the text tells the default */
	const char *text;
};

struct ucm_lint_setting {
	const char *name;
	struct ucm_lint_remark remark;
};

/* A pair NAME=VALUE of an option that takes several. */
struct ucm_lint_pair {
	const char *name;
	const char *value;
};

struct ucm_lint_options {
	struct ucm_arena *arena; /* what the options point to */
	enum ucm_lint_action action;
	uint64_t given[2]; /* bit set of the option table's rows on the command line */
	const char *const *inputs; /* NULL-terminated */
	size_t input_count;

	const struct ucm_report_format *format; /* --format; NULL: not given */
	struct ucm_lint_output output[UCM_LINT_OUTPUTS_MAX];
	size_t output_count;

	int client; /* of objects which nothing else tells; UCM_CLIENT_UNKNOWN: UCM004 */
	int only; /* the one client that is judged; UCM_CLIENT_UNKNOWN: all */
	const char *payloads;
	const char *stdin_name;
	unsigned workers;

	uint32_t
	    agents; /* bit set of enum ucm_agent, with UCM_AGENTS_SELECTED; 0: all of the release */
	int job_agents; /* --agents jobs: also the kinds that jobs of the inputs name */
	const char *unknown_agent[UCM_LINT_NAMES_MAX];
	size_t unknown_agent_count;
	struct ucm_release release;
	const char *release_text; /* NULL: newest */
	enum ucm_profile profile;
	int64_t at; /* set by whoever starts the run, unless given */
	int at_given;
	unsigned expires_within;
	const char *without_cert;
	struct ucm_lint_pair replace_cert[UCM_LINT_NAMES_MAX];
	size_t replace_cert_count;
	const char *compare;
	struct ucm_lint_pair map[UCM_LINT_NAMES_MAX];
	size_t map_count;
	unsigned timeline; /* months; 0: not asked */
	int probe;
	struct ucm_lint_pair connect_to[UCM_LINT_NAMES_MAX]; /* value only */
	size_t connect_to_count;

	unsigned char selected[UCM_RULE_COUNT]; /* by --select; all without it */
	int has_select;
	unsigned char ignored[UCM_RULE_COUNT];
	int severity[UCM_RULE_COUNT]; /* enum ucm_severity, or -1: the rule's own */
	enum ucm_severity fail_on; /* UCM_OFF: never */

	const char *config; /* NULL: searched for */
	const char *baseline;
	const char *write_baseline;
	const char *since;
	const char *evidence;
	/* The options of the command line that evidence keeps, as "--name=value". */
	const char **recorded;
	size_t recorded_count;
	int mute; /* no report, no summary */
	const char *verify;
	const char *explain;
	int matrix;
	int json;
	int allow_empty;
	int show_suppressed;
	int no_suppressions;
	enum ucm_when color;
	enum ucm_when progress;
	int quiet;
	int verbose;
};

/* The defaults. */
void ucm_lint_options_init(struct ucm_lint_options *options, struct ucm_arena *arena);

/*
 * Reads the command line; then the configuration file's options must be applied, where the command
 * line does not say otherwise. Fills everything. Returns 0; or -1 with an error of class USAGE.
 */
int ucm_lint_options_read(
    struct ucm_lint_options *options, int argc, char **argv, struct ucm_error *error);

/*
 * Applies one option of the configuration file by its long name. base is the folder that relative
 * file names count from. An option that the command line has given is checked but not applied.
 * Returns 0, or -1 with an error.
 */
int ucm_lint_options_set(struct ucm_lint_options *options, const char *name, const char *value,
    const char *base, struct ucm_error *error);

/* The settings of [policy-lint], in order from 0. Returns 1, or 0 behind the last. */
int ucm_lint_options_setting(size_t index, struct ucm_lint_setting *ret);

/* What --help prints. */
void ucm_lint_usage(FILE *out);

#endif
