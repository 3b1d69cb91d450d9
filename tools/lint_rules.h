/*
 * --list-rules and --explain: what the rule table says, for people and for programs.
 */
#ifndef UCM_TOOLS_LINT_RULES_H
#define UCM_TOOLS_LINT_RULES_H

#include <stdio.h>

#include "tools/lint_options.h"

/* Returns 0, or -1 without memory. */
int ucm_rules_list(int json, FILE *out);
int ucm_rules_explain(struct ucm_arena *arena, const char *list, FILE *out);

#endif
