/*
 * policy-lint: audits the mail settings of a system.
 */
#include "config.h"

#include <stdio.h>

#include "tools/lint_evidence.h"
#include "tools/lint_init.h"
#include "tools/lint_merge.h"
#include "tools/lint_options.h"
#include "tools/lint_rules.h"
#include "tools/lint_run.h"
#include "tools/streams.h"

static int usage_error(const struct ucm_error *error)
{
	ucm_lint_complain(error->text);
	fputs("Try policy-lint --help.\n", stderr);
	return UCM_LINT_USAGE;
}

/* What was printed on standard output must have got there. */
static int printed(int failed)
{
	if (!failed && fflush(stdout) == 0 && !ferror(stdout))
		return UCM_LINT_CLEAN;
	ucm_lint_complain("cannot write to standard output");
	return UCM_LINT_INCOMPLETE;
}

static int act(struct ucm_lint_options *options, struct ucm_error *error)
{
	switch (options->action) {
	case UCM_LINT_HELP:
		ucm_lint_usage(stdout);
		return printed(0);
	case UCM_LINT_VERSION:
		printf("%s %s\n", UCM_TOOL_NAME, PACKAGE_VERSION);
		return printed(0);
	case UCM_LINT_LIST:
		return printed(ucm_rules_list(options->json, stdout));
	case UCM_LINT_EXPLAIN:
		return printed(ucm_rules_explain(options->arena, options->explain, stdout));
	case UCM_LINT_VERIFY:
		return ucm_evidence_verify(options->verify, options->arena);
	case UCM_LINT_INIT:
		return ucm_lint_init(options);
	case UCM_LINT_MERGE:
	case UCM_LINT_AUDIT:
		break;
	}
	if (!options->input_count) {
		ucm_fail(
		    error, UCM_CLASS_USAGE, "no input: name an export file, a folder or a ZIP");
		return usage_error(error);
	}
	return options->action == UCM_LINT_MERGE ? ucm_lint_merge(options) : ucm_lint_run(options);
}

/* Who gives no argument at all wants to know how to begin. */
static int begin(void)
{
	ucm_lint_complain("no input: name an export file, a folder or a ZIP");
	fputs("  policy-lint exports                           audit a folder of exports\n"
	      "  policy-lint -o html:mail-policy.html exports  the same as a page for a browser\n"
	      "  policy-lint --explain UCM105                  what a finding means, and its cure\n"
	      "  policy-lint --init                            a configuration to edit\n"
	      "  policy-lint --help                            all options\n"
	      "A first hour: man ucmail-tutorial\n",
	    stderr);
	return UCM_LINT_USAGE;
}

int main(int argc, char **argv)
{
	struct ucm_arena arena;
	struct ucm_lint_options options;
	struct ucm_error error;
	int code;

	if (ucm_streams_hold())
		return UCM_LINT_INCOMPLETE;
	ucm_arena_init(&arena, NULL, 0);
	ucm_error_clear(&error);
	ucm_lint_options_init(&options, &arena);
	if (argc < 2)
		code = begin();
	else if (ucm_lint_options_read(&options, argc, argv, &error))
		code = usage_error(&error);
	else
		code = act(&options, &error);
	ucm_arena_free(&arena);
	return code;
}
