/*
 * The words about rules that no finding needs.
 */
#include "policy/rules.h"

#define RULE(id, name, compat, strict, refuses, message, hint, summary, source)                    \
	[id] = {summary, source},

const struct ucm_rule_help ucm_rule_help[UCM_RULE_COUNT] = {
#include "policy/rules.def"
};
