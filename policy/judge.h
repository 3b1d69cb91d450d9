/*
 * The judges behind decide(): each looks at one part of a policy and raises its findings.
 */
#ifndef UCM_POLICY_JUDGE_H
#define UCM_POLICY_JUDGE_H

#include "policy/settings.h"

struct ucm_judge {
	const struct ucm_system *system;
	const struct ucm_settings *settings;
	struct ucm_decision *decision; /* has the query; receives findings, resource and trusted */
	struct ucm_arena *arena;
	enum ucm_capability capability;
	int lacks_client_0;            /* UCM007: consequences are not raised */
	int failed;                    /* no memory */
};

/* Adds a finding to the decision; failure stays in the judge. */
void ucm_judge_raise(struct ucm_judge *judge, const struct ucm_finding *finding);

/* The short form: rule at a setting's row with up to two arguments; the setting's text is the value
 * at fault. */
void ucm_judge_raise_at(struct ucm_judge *judge, enum ucm_rule rule,
    const struct ucm_setting *setting, const char *first, const char *second);

/* Whether the sender looks at the key at all: an agent without TLS ignores most. */
int ucm_judge_counts(const struct ucm_judge *judge, enum ucm_key key);

/* Whether the sender does TLS by these settings. */
int ucm_judge_wants_tls(const struct ucm_judge *judge);

/* UCM310. Returns whether every variable in use can be judged. */
int ucm_judge_types(struct ucm_judge *judge);

/* UCM007 and UCM304. */
void ucm_judge_client_0(struct ucm_judge *judge);

/* UCM114, UCM115, and UCM116 and UCM120 of unknown keys: the variables in use. */
void ucm_judge_variables(struct ucm_judge *judge);

/* UCM101 to UCM104, UCM110, UCM112, UCM113, UCM116 to UCM123: each key's value. */
void ucm_judge_keys(struct ucm_judge *judge);

/* UCM105 to UCM109, UCM111, UCM302: what the protocol means together with other keys. */
void ucm_judge_protocol(struct ucm_judge *judge);

/* UCM201 to UCM212, UCM215, UCM216: what SMTPS_CERT refers to. */
void ucm_judge_trust(struct ucm_judge *judge);

/* Whether a value holds CR, LF or another control character other than tabs around it. */
int ucm_value_has_control(const char *value);

/* Whether blanks stand around a value that is not blank. */
int ucm_value_is_padded(const char *value);

#endif
