/*
 * The options of policy-lint: one row each.
 */
#include "config.h"

#include "tools/lint_options.h"

#include <getopt.h>
#include <string.h>

#include "policy/text.h"
#include "tools/lint_select.h"

enum kind { FLAG, TEXT, PATH, NUMBER, WORD };

struct option_row {
	const char *name;
	char letter; /* 0: none */
	unsigned char kind;
	size_t offset; /* of the member that a plain kind sets */
	unsigned low, high; /* of a number */
	/* Where a table cannot say it; the offset is not used then. */
	int (*apply)(struct ucm_lint_options *, const char *value, struct ucm_error *);
	struct ucm_lint_remark remark; /* no text: may not stand in the configuration file */
};

/* "text, json, ...", for a message. */
static const char *all_formats(struct ucm_arena *arena)
{
	const char *list = ucm_report_formats[0].name;

	for (size_t i = 1; list && ucm_report_formats[i].name; i++)
		list = ucm_arena_format(arena, "%s, %s", list, ucm_report_formats[i].name);
	return list ? list : "";
}

static int set_format(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	options->format = ucm_report_format_find(value);
	if (options->format)
		return 0;
	return ucm_fail(
	    error, UCM_CLASS_USAGE, "%s is no format: %s", value, all_formats(options->arena));
}

/* "FORMAT:FILE" or "FILE"; the format of the latter is known when all options are. */
static int set_output(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	size_t prefix = strspn(value, "abcdefghijklmnopqrstuvwxyz");
	struct ucm_lint_output *output = &options->output[options->output_count];

	if (options->output_count == UCM_LINT_OUTPUTS_MAX)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "more than %d outputs", UCM_LINT_OUTPUTS_MAX);
	output->format = NULL;
	output->file = value;
	if (prefix && value[prefix] == ':') {
		const char *name = ucm_arena_copy(options->arena, value, prefix);

		output->format = name ? ucm_report_format_find(name) : NULL;
		if (!output->format)
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "%s is no format: %s (a file of that name is written ./%s)",
			    name ? name : "", all_formats(options->arena), value);
		output->file = value + prefix + 1;
	}
	if (!*output->file)
		return ucm_fail(error, UCM_CLASS_USAGE, "--output needs a file's name");
	options->output_count++;
	return 0;
}

static int parse_client(int *client, const char *value, struct ucm_error *error)
{
	unsigned long number;

	if (ucm_select_number(value, 0, UCM_CLIENT_MAX, &number))
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s is no client: 0 to %d", value, UCM_CLIENT_MAX);
	*client = (int)number;
	return 0;
}

static int set_client(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return parse_client(&options->client, value, error);
}

static int set_only(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return parse_client(&options->only, value, error);
}

/* A list that chooses nothing would have nothing judged, and nothing found. */
static int need_member(const struct ucm_lint_options *options, const char *list, const char *name,
    struct ucm_error *error)
{
	if (ucm_list_next(options->arena, &list))
		return 0;
	return ucm_fail(error, UCM_CLASS_USAGE, "--%s names none", name);
}

static int set_agents(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (need_member(options, value, "agents", error))
		return -1;
	return ucm_select_agents(options, value, error);
}

static int set_release(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (ucm_release_parse(value, &options->release))
		return ucm_fail(error, UCM_CLASS_USAGE, "%s is no release, such as 24.4.1", value);
	options->release_text = value;
	return 0;
}

static int set_profile(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (!strcmp(value, "compat"))
		options->profile = UCM_COMPAT;
	else if (!strcmp(value, "strict"))
		options->profile = UCM_STRICT;
	else
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s is no profile: compat or strict", value);
	return 0;
}

static int set_at(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (ucm_time_parse(value, &options->at))
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "%s is no date, such as 2027-01-31 or 2027-01-31T12:00:00Z", value);
	options->at_given = 1;
	return 0;
}

static int set_select(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (need_member(options, value, "select", error))
		return -1;
	options->has_select = 1;
	return ucm_select_rules(options->arena, value, options->selected, error);
}

static int set_ignore(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return ucm_select_rules(options->arena, value, options->ignored, error);
}

static int set_severity(
    struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return ucm_select_severities(options->arena, value, options->severity, error);
}

static int set_fail_on(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	int level = ucm_severity_find(value);

	if (!strcmp(value, "never"))
		level = UCM_OFF;
	else if (level <= UCM_OFF)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s is none of error, warning, info, never", value);
	options->fail_on = (enum ucm_severity)level;
	return 0;
}

static int set_when(enum ucm_when *when, const char *value, struct ucm_error *error)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (!strcmp(names[i], value)) {
			*when = (enum ucm_when)i;
			return 0;
		}
	}
	return ucm_fail(error, UCM_CLASS_USAGE, "%s is none of auto, always, never", value);
}

static int set_color(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return set_when(&options->color, value, error);
}

static int set_progress(
    struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return set_when(&options->progress, value, error);
}

static int set_explain(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	unsigned char mark[UCM_RULE_COUNT] = {0};

	options->action = UCM_LINT_EXPLAIN;
	options->explain = value;
	return ucm_select_rules(options->arena, value, mark, error);
}

static int set_verify(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)error;
	options->action = UCM_LINT_VERIFY;
	options->verify = value;
	return 0;
}

static int set_list(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)value;
	(void)error;
	options->action = UCM_LINT_LIST;
	return 0;
}

static int set_merge(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)value;
	(void)error;
	options->action = UCM_LINT_MERGE;
	return 0;
}

static int set_init(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)value;
	(void)error;
	options->action = UCM_LINT_INIT;
	return 0;
}

static int set_help(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)value;
	(void)error;
	options->action = UCM_LINT_HELP;
	return 0;
}

static int set_version(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	(void)value;
	(void)error;
	options->action = UCM_LINT_VERSION;
	return 0;
}

/* Adds "NAME=VALUE" to a list of pairs; without a name where the option has none. */
static int add_pair(struct ucm_lint_options *options, struct ucm_lint_pair *list, size_t *count,
    const char *text, struct ucm_error *error)
{
	char *name = ucm_arena_string(options->arena, text);
	char *value = name ? strchr(name, '=') : NULL;

	if (!value || value == name || !value[1])
		return ucm_fail(error, UCM_CLASS_USAGE, "%s is not of the form NAME=VALUE", text);
	if (*count == UCM_LINT_NAMES_MAX)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "more than %d of one option", UCM_LINT_NAMES_MAX);
	*value++ = '\0';
	list[*count].name = name;
	list[*count].value = value;
	++*count;
	return 0;
}

static int set_replace(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	return add_pair(options, options->replace_cert, &options->replace_cert_count, value, error);
}

static int set_connect_to(
    struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	if (options->connect_to_count == UCM_LINT_NAMES_MAX)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "more than %d of one option", UCM_LINT_NAMES_MAX);
	options->connect_to[options->connect_to_count++].value = value;
	return 0;
}

static int set_map(struct ucm_lint_options *options, const char *value, struct ucm_error *error)
{
	for (const char *pair; (pair = ucm_list_next(options->arena, &value));)
		if (add_pair(options, options->map, &options->map_count, pair, error))
			return -1;
	return 0;
}

#define AT(member) offsetof(struct ucm_lint_options, member)

static const struct option_row rows[] = {
    {"format", 'f', WORD, 0, 0, 0, set_format,
	{"text", "The format of the report on standard output, as --help lists them."}},
    {"output", 'o', WORD, 0, 0, 0, set_output,
	{"html:mail-policy.html",
	    "One more report, as FORMAT:FILE; by default there is none. May be given again."}},
    {"client", 0, WORD, 0, 0, 0, set_client,
	{"100", "The client of objects that nothing else tells. By default they are an error, "
		"UCM004."}},
    {"only", 0, WORD, 0, 0, 0, set_only,
	{"100", "Judge this client only. By default all are judged."}},
    {"payloads", 0, PATH, AT(payloads), 0, 0, NULL,
	{"payloads",
	    "A further folder of certificate payloads. By default they lie beside the exports."}},
    {"agents", 0, WORD, 0, 0, 0, set_agents,
	{"unix-x64-linux,windows",
	    "The kinds of agents that are judged (`ucmail agents` lists them), or jobs: those that "
	    "the jobs of the inputs name. By default all of the release."}},
    {"release", 0, WORD, 0, 0, 0, set_release,
	{"24.4", "The product's version. By default the newest that is known."}},
    {"profile", 0, WORD, 0, 0, 0, set_profile,
	{"compat",
	    "compat: as the product documents it. strict: no clear text, and no STARTTLS that may "
	    "be left out."}},
    {"at", 0, WORD, 0, 0, 0, set_at, {"2027-01-31", "Audit as of that day. By default today."}},
    {"expires-within", 0, NUMBER, AT(expires_within), 0, UCM_LINT_DAYS_MAX, NULL,
	{"30", "Warn of certificates that expire within so many days."}},
    {"without-cert", 0, TEXT, AT(without_cert), 0, 0, NULL, {0}},
    {"replace-cert", 0, WORD, 0, 0, 0, set_replace, {0}},
    {"compare", 0, PATH, AT(compare), 0, 0, NULL, {0}},
    {"map", 0, WORD, 0, 0, 0, set_map,
	{"100=1100,PROD_CA=TEST_CA",
	    "What is called otherwise in the system of --compare, as THIS=OTHER. By default "
	    "nothing."}},
    {"timeline", 0, NUMBER, AT(timeline), 1, UCM_LINT_MONTHS_MAX, NULL, {0}},
    {"select", 0, WORD, 0, 0, 0, set_select,
	{"all", "Report only these rules: identifiers, names, or groups such as UCM1."}},
    {"ignore", 0, WORD, 0, 0, 0, set_ignore,
	{"UCM304,UCM307", "Do not report these. By default none is ignored."}},
    {"severity", 0, WORD, 0, 0, 0, set_severity,
	{"UCM108=error,UCM213=off",
	    "The severity of a rule: error, warning, info, off. By default as --list-rules says."}},
    {"fail-on", 0, WORD, 0, 0, 0, set_fail_on,
	{"error",
	    "The lowest severity that makes the exit status 1: error, warning, info, never."}},
    {"config", 0, PATH, AT(config), 0, 0, NULL, {0}},
    {"baseline", 0, PATH, AT(baseline), 0, 0, NULL,
	{"policy-lint.baseline",
	    "Do not count the findings that --write-baseline recorded there. By default all "
	    "count."}},
    {"write-baseline", 0, PATH, AT(write_baseline), 0, 0, NULL, {0}},
    {"since", 0, PATH, AT(since), 0, 0, NULL, {0}},
    {"evidence", 0, PATH, AT(evidence), 0, 0, NULL, {0}},
    {"verify", 0, WORD, 0, 0, 0, set_verify, {0}},
    {"merge", 0, FLAG, 0, 0, 0, set_merge, {0}},
    {"probe", 0, FLAG, AT(probe), 0, 0, NULL, {0}},
    {"connect-to", 0, WORD, 0, 0, 0, set_connect_to, {0}},
    {"matrix", 0, FLAG, AT(matrix), 0, 0, NULL,
	{"no", "Add the decision of each client, sender, server variable and agent."}},
    {"explain", 0, WORD, 0, 0, 0, set_explain, {0}},
    {"list-rules", 0, FLAG, 0, 0, 0, set_list, {0}},
    {"json", 0, FLAG, AT(json), 0, 0, NULL, {0}},
    {"workers", 'j', NUMBER, AT(workers), 1, UCM_LINT_WORKERS_MAX, NULL,
	{"1", "Threads that read; the reports are the same for every number."}},
    {"stdin-filename", 0, TEXT, AT(stdin_name), 0, 0, NULL,
	{"export.xml", "What standard input is called in reports. By default -."}},
    {"allow-empty", 0, FLAG, AT(allow_empty), 0, 0, NULL,
	{"no", "Whether inputs without any mail setting are fine."}},
    {"show-suppressed", 0, FLAG, AT(show_suppressed), 0, 0, NULL,
	{"no", "List what is suppressed or in the baseline too; it still does not count."}},
    {"no-suppressions", 0, FLAG, AT(no_suppressions), 0, 0, NULL, {0}},
    {"color", 0, WORD, 0, 0, 0, set_color,
	{"auto", "When reports as text have colour: auto, always, never."}},
    {"progress", 0, WORD, 0, 0, 0, set_progress,
	{"auto", "A line that tells how far reading has come: auto, always, never."}},
    {"quiet", 'q', FLAG, AT(quiet), 0, 0, NULL, {"no", "No summary, no source lines, no hints."}},
    {"verbose", 'v', FLAG, AT(verbose), 0, 0, NULL,
	{"no", "Tell also what was not judged, and why."}},
    {"init", 0, FLAG, 0, 0, 0, set_init, {0}},
    {"help", 'h', FLAG, 0, 0, 0, set_help, {0}},
    {"version", 'V', FLAG, 0, 0, 0, set_version, {0}},
};

#define ROWS (sizeof rows / sizeof *rows)

void ucm_lint_options_init(struct ucm_lint_options *options, struct ucm_arena *arena)
{
	memset(options, 0, sizeof *options);
	options->arena = arena;
	options->client = UCM_CLIENT_UNKNOWN;
	options->only = UCM_CLIENT_UNKNOWN;
	options->expires_within = 30;
	options->workers = 1;
	options->fail_on = UCM_ERROR;
	memset(options->severity, -1, sizeof options->severity);
}

static int set_yes_or_no(int *member, const char *value)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (ucm_equal_nocase(words[i], value)) {
			*member = i % 2 == 1;
			return 0;
		}
	}
	return -1;
}

/* A flag of the command line has the value "yes". */
static int apply(struct ucm_lint_options *options, const struct option_row *row, const char *value,
    struct ucm_error *error)
{
	char *member = (char *)options + row->offset;
	unsigned long number;

	if (row->apply)
		return row->apply(options, value, error);
	switch ((enum kind)row->kind) {
	case FLAG:
		if (set_yes_or_no((int *)(void *)member, value))
			return ucm_fail(error, UCM_CLASS_USAGE, "%s is neither yes nor no", value);
		return 0;
	case NUMBER:
		if (ucm_select_number(value, row->low, row->high, &number))
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "--%s takes a number from %u to %u, not %s", row->name, row->low,
			    row->high, value);
		*(unsigned *)(void *)member = (unsigned)number;
		return 0;
	case TEXT:
	case PATH:
	case WORD:
		if (!*value)
			return ucm_fail(error, UCM_CLASS_USAGE, "--%s needs a value", row->name);
		*(const char **)(void *)member = value;
		return 0;
	}
	return -1;
}

/* The letters for getopt_long: "+" would stop at the first input, so it is left out. */
static void make_getopt(struct option *longs, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].kind == FLAG ? no_argument : required_argument;
		longs[i].flag = NULL;
		longs[i].val = 256 + (int)i;
		if (!rows[i].letter)
			continue;
		*letters++ = rows[i].letter;
		if (rows[i].kind != FLAG)
			*letters++ = ':';
	}
	longs[ROWS] = (struct option){0};
	*letters = '\0';
}

static size_t row_of(int code)
{
	if (code >= 256)
		return (size_t)code - 256;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter && rows[i].letter == code)
			return i;
	return ROWS;
}

/* The option that this may have been meant for, without its dashes; or NULL. */
static const char *near_option(struct ucm_arena *arena, const char *name, int in_config)
{
	const char *names[ROWS];
	size_t count = 0;
	const char *bare = ucm_arena_copy(arena, name, strcspn(name, "="));

	for (size_t i = 0; i < ROWS; i++)
		if (!in_config || rows[i].remark.text)
			names[count++] = rows[i].name;
	return bare ? ucm_nearest(bare, names, count) : NULL;
}

static int unknown_option(
    struct ucm_lint_options *options, char **argv, int code, struct ucm_error *error)
{
	const char *text = argv[optind - 1];

	if (code == ':')
		return ucm_fail(error, UCM_CLASS_USAGE, "option %s needs a value", text);
	if (optopt >= 256)
		return ucm_fail(error, UCM_CLASS_USAGE, "option %s takes no value", text);
	if (optopt)
		return ucm_fail(error, UCM_CLASS_USAGE, "unknown option -%c", optopt);
	const char *near = near_option(options->arena, text + 2, 0);
	if (near)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "unknown option %s; did you mean --%s?", text, near);
	return ucm_fail(error, UCM_CLASS_USAGE, "unknown option %s", text);
}

/* Whether an option matters to what is judged; the others say where it goes and how it looks. */
static int is_evidence(const char *name)
{
	static const char *const others[] = {"format", "output", "color", "progress", "quiet",
	    "verbose", "workers", "evidence", "write-baseline", "json", "help", "version"};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!strcmp(others[i], name))
			return 0;
	return 1;
}

static void record(
    struct ucm_lint_options *options, const struct option_row *row, const char *value)
{
	if (!options->recorded || !is_evidence(row->name))
		return;
	const char *text = row->kind == FLAG
			       ? ucm_arena_format(options->arena, "--%s", row->name)
			       : ucm_arena_format(options->arena, "--%s=%s", row->name, value);
	if (text)
		options->recorded[options->recorded_count++] = text;
}

int ucm_lint_options_read(
    struct ucm_lint_options *options, int argc, char **argv, struct ucm_error *error)
{
	struct option longs[ROWS + 1];
	char letters[2 * ROWS + 2];

	make_getopt(longs, letters);
	/* Letters may share an argument, but none of them is recorded. */
	options->recorded =
	    ucm_arena_array(options->arena, (size_t)argc + 1, sizeof *options->recorded);
	optind = 0; /* afresh, also for a second vector */
	for (int code; (code = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
		size_t row = row_of(code);

		if (row == ROWS)
			return unknown_option(options, argv, code, error);
		options->given[row / 64] |= UINT64_C(1) << row % 64;
		if (apply(options, &rows[row], optarg ? optarg : "yes", error))
			return -1;
		record(options, &rows[row], optarg);
	}
	options->inputs = (const char *const *)argv + optind;
	options->input_count = (size_t)(argc - optind);
	return options->arena->failed ? ucm_fail(error, UCM_CLASS_USAGE, "out of memory") : 0;
}

/* Names in a configuration file count from its folder. */
static const char *from_folder(struct ucm_arena *arena, const char *base, const char *value)
{
	if (*value == '/' || !*base || !strcmp(base, "."))
		return value;
	return ucm_arena_format(arena, "%s/%s", base, value);
}

int ucm_lint_options_set(struct ucm_lint_options *options, const char *name, const char *value,
    const char *base, struct ucm_error *error)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (!rows[i].remark.text || strcmp(rows[i].name, name) != 0)
			continue;
		if (options->given[i / 64] >> i % 64 & 1)
			return 0;
		if (rows[i].kind == PATH)
			value = from_folder(options->arena, base, value);
		if (!value)
			return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
		return apply(options, &rows[i], value, error);
	}
	const char *near = near_option(options->arena, name, 1);
	if (near)
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "there is no option %s here; did you mean %s?", name, near);
	return ucm_fail(error, UCM_CLASS_USAGE,
	    "there is no option %s here; --init - shows those that may be", name);
}

int ucm_lint_options_setting(size_t index, struct ucm_lint_setting *ret)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (!rows[i].remark.text || index--)
			continue;
		ret->name = rows[i].name;
		ret->remark = rows[i].remark;
		return 1;
	}
	return 0;
}
