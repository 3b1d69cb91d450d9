/*
 * One report out of many: shards of a system that were audited apart.
 */
#ifndef UCM_TOOLS_LINT_MERGE_H
#define UCM_TOOLS_LINT_MERGE_H

#include "tools/lint_options.h"

/*
 * Reads the JSON reports that are the inputs, makes one report of them, and writes it wherever the
 * options want it. Equal fingerprints become one finding; what only the whole can tell (UCM118,
 * UCM213, UCM307, UCM501) is judged anew. Returns the exit code of the contract.
 */
int ucm_lint_merge(struct ucm_lint_options *options);

#endif
