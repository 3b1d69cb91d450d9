/*
 * A configuration file to begin with.
 */
#ifndef UCM_TOOLS_LINT_INIT_H
#define UCM_TOOLS_LINT_INIT_H

#include "tools/lint_options.h"

/*
 * Writes a configuration in which every setting stands as a remark, from the tables that a
 * configuration is read by; so the file changes nothing until it is edited. The one input is its
 * name: .policy-lint.conf without one, standard output for "-". Never replaces a file. Returns the
 * exit code.
 */
int ucm_lint_init(const struct ucm_lint_options *options);

#endif
