/*
 * The rules: one row each. Findings are values; their words are made here and nowhere else.
 */
#ifndef UCM_POLICY_RULES_H
#define UCM_POLICY_RULES_H

#include <stddef.h>

enum ucm_severity { UCM_OFF, UCM_INFO, UCM_WARNING, UCM_ERROR };

enum ucm_profile { UCM_COMPAT, UCM_STRICT };

enum ucm_rule {
	UCM001, UCM002, UCM003, UCM004, UCM005, UCM006, UCM007,
	UCM101, UCM102, UCM103, UCM104, UCM105, UCM106, UCM107, UCM108, UCM109, UCM110, UCM111, UCM112,
	UCM113, UCM114, UCM115, UCM116, UCM117, UCM118, UCM119, UCM120, UCM121, UCM122, UCM123,
	UCM201, UCM202, UCM203, UCM204, UCM205, UCM206, UCM207, UCM208, UCM209, UCM210, UCM211, UCM212,
	UCM213, UCM214, UCM215, UCM216, UCM217,
	UCM301, UCM302, UCM303, UCM304, UCM305, UCM306, UCM307, UCM308, UCM309, UCM310,
	UCM401, UCM402, UCM403,
	UCM501, UCM502,
	UCM_RULE_COUNT
};

/* Which profiles a finding stops a send in. */
enum ucm_refuses { UCM_REFUSES_NEVER, UCM_REFUSES_ALWAYS, UCM_REFUSES_STRICT };

struct ucm_rule_row {
	char id[7];                        /* "UCM105" */
	const char *name;                  /* "smtps-cert-missing" */
	unsigned char severity[2];         /* enum ucm_severity by enum ucm_profile */
	unsigned char refuses;             /* enum ucm_refuses */
	const char *message;               /* with %1 %2 %3 for the finding's arguments */
	const char *hint;                  /* what to change; the same placeholders; may be empty */
};

struct ucm_rule_help {
	const char *summary;               /* raised when … */
	const char *source;                /* the product rule or RFC that it comes from */
};

/* The tables, indexed by enum ucm_rule. The library does without the second. */
extern const struct ucm_rule_row ucm_rules[UCM_RULE_COUNT];
extern const struct ucm_rule_help ucm_rule_help[UCM_RULE_COUNT];

/* "UCM105" or "smtps-cert-missing", in any case, to its rule; UCM_RULE_COUNT where there is none. */
enum ucm_rule ucm_rule_find(const char *id_or_name);

const char *ucm_severity_name(enum ucm_severity severity); /* "off" to "error" */

/* Whether a finding of the rule stops a send under the profile. */
int ucm_rule_refuses(enum ucm_rule rule, enum ucm_profile profile);

#endif
