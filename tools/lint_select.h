/*
 * Lists of rules, agents, days and the like, as options write them.
 */
#ifndef UCM_TOOLS_LINT_SELECT_H
#define UCM_TOOLS_LINT_SELECT_H

#include "tools/lint_options.h"

/*
 * Copies the next member of a comma-separated list, blanks around it dropped, into the arena and
 * moves *list behind it. NULL at the end (or without memory).
 */
char *ucm_list_next(struct ucm_arena *arena, const char **list);

/*
 * Marks the rules that a list names: "UCM105", "smtps-cert-missing", a group "UCM1" or "UCM1xx", or
 * "all". Returns 0, or -1 with an error that suggests a spelling.
 */
int ucm_select_rules(struct ucm_arena *arena, const char *list, unsigned char mark[UCM_RULE_COUNT],
    struct ucm_error *error);

/* "RULE=LEVEL,…" */
int ucm_select_severities(struct ucm_arena *arena, const char *list, int severity[UCM_RULE_COUNT],
    struct ucm_error *error);

/* Among kinds: those that the jobs of the inputs run on. */
#define UCM_AGENTS_OF_JOBS "jobs"

/* "KIND,…" into a bit set; names of no kind of the release are kept for UCM303, and that the kinds
 * of jobs are asked for until the jobs are known. */
int ucm_select_agents(struct ucm_lint_options *options, const char *list, struct ucm_error *error);

/* A decimal number from low to high. */
int ucm_select_number(const char *text, unsigned long low, unsigned long high, unsigned long *ret);

#endif
