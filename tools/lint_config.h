/*
 * The configuration file of policy-lint: options and suppressions in one INI file.
 *
 *   [policy-lint]            options by their long names, as on the command line
 *   [suppress NAME]          rule, reason, owner, expires; optional client, object, key
 */
#ifndef UCM_TOOLS_LINT_CONFIG_H
#define UCM_TOOLS_LINT_CONFIG_H

#include "tools/lint_options.h"

#define UCM_CONFIG_NAME ".policy-lint.conf"
#define UCM_CONFIG_BYTES_MAX ((size_t)1024 * 1024) /* a file written by hand */

struct ucm_suppression {
	const char *name;
	enum ucm_rule rule;
	int client; /* UCM_CLIENT_UNKNOWN: any */
	const char *object; /* NULL: any; names ignore case */
	const char *key; /* NULL: any */
	const char *reason;
	const char *owner;
	const char *expires; /* as written */
	int64_t until; /* the first second after its last day */
	unsigned line; /* of its section */
	unsigned given; /* bit set of the table's keys */
	int used;
};

struct ucm_lint_config {
	const char *file; /* NULL: there is none */
	const char *text; /* all of it */
	struct ucm_suppression *suppression;
	size_t count;
};

/*
 * Reads the file that the options name, or else the nearest .policy-lint.conf from the working
 * directory upward, and applies its options. A file that was named must exist. Returns 0; or -1
 * with an error that begins with file and line.
 */
int ucm_lint_config_read(
    struct ucm_lint_options *options, struct ucm_lint_config *config, struct ucm_error *error);

/* Whether the suppression is about this finding, whatever its date. */
int ucm_suppression_matches(
    const struct ucm_suppression *suppression, enum ucm_rule rule, const struct ucm_place *place);

/* The settings of [suppress NAME], in order from 0. Returns 1, or 0 behind the last. */
int ucm_lint_config_setting(size_t index, struct ucm_lint_setting *ret);

#endif
