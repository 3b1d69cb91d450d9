/*
 * Why each rule matters, and an example of bad and good. The examples are settings that a test
 * audits: the bad one must raise the rule and the good one must not.
 */
#ifndef UCM_TOOLS_LINT_EXAMPLES_H
#define UCM_TOOLS_LINT_EXAMPLES_H

#include "policy/rules.h"

struct ucm_rule_example {
	const char *why;
	const char *bad; /* NULL where a few lines cannot show it */
	const char *good;
};

extern const struct ucm_rule_example ucm_rule_examples[UCM_RULE_COUNT];

#endif
