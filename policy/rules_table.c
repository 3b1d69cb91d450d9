/*
 * The table of rules: what decides, and the words of a finding.
 */
#include "policy/rules.h"

enum { OFF = UCM_OFF, INFO = UCM_INFO, WARN = UCM_WARNING, ERR = UCM_ERROR };
enum { NEVER = UCM_REFUSES_NEVER, ALWAYS = UCM_REFUSES_ALWAYS, STRICT = UCM_REFUSES_STRICT };

#define RULE(id, name, compat, strict, refuses, message, hint, summary, source)                    \
	[id] = {#id, name, {compat, strict}, refuses, message, hint},

const struct ucm_rule_row ucm_rules[UCM_RULE_COUNT] = {
#include "policy/rules.def"
};
