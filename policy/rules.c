/*
 * Look-ups in the table of rules.
 */
#include "policy/rules.h"

#include "policy/text.h"

const char *ucm_severity_name(enum ucm_severity severity)
{
	static const char *const names[] = {[UCM_OFF] = "off",
	    [UCM_INFO] = "info",
	    [UCM_WARNING] = "warning",
	    [UCM_ERROR] = "error"};

	return names[severity];
}

enum ucm_rule ucm_rule_find(const char *id_or_name)
{
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++)
		if (ucm_equal_nocase(ucm_rules[rule].id, id_or_name) ||
		    ucm_equal_nocase(ucm_rules[rule].name, id_or_name))
			return (enum ucm_rule)rule;
	return UCM_RULE_COUNT;
}

int ucm_rule_refuses(enum ucm_rule rule, enum ucm_profile profile)
{
	if ((unsigned)rule >= UCM_RULE_COUNT)
		return 0;
	if (ucm_rules[rule].refuses == UCM_REFUSES_ALWAYS)
		return 1;
	return ucm_rules[rule].refuses == UCM_REFUSES_STRICT && profile == UCM_STRICT;
}
