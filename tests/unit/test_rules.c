/*
 * The table of rules against the documented names, severities and effects.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/rules.h"

/* "E/E": severity in compat and strict; refuses: '-' never, '+' always, 's' strict only. */
static const struct {
	const char *id, *name, *severity;
	char refuses;
} documented[] = {
    {"UCM001", "xml-malformed", "E/E", '-'},
    {"UCM002", "xml-forbidden", "E/E", '-'},
    {"UCM003", "not-an-export", "E/E", '-'},
    {"UCM004", "client-unknown", "E/E", '-'},
    {"UCM005", "object-duplicated", "E/E", '-'},
    {"UCM006", "input-unreadable", "E/E", '-'},
    {"UCM007", "client-0-missing", "E/E", '-'},
    {"UCM101", "smtp-server-missing", "E/E", '+'},
    {"UCM102", "from-addr-missing", "E/E", '+'},
    {"UCM103", "address-invalid", "E/E", '+'},
    {"UCM104", "protocol-unknown", "E/E", '+'},
    {"UCM105", "smtps-cert-missing", "E/E", '+'},
    {"UCM106", "smtps-cert-unused", "W/W", '-'},
    {"UCM107", "protocol-plain", "W/E", 's'},
    {"UCM108", "starttls-opportunistic", "W/E", '-'},
    {"UCM109", "login-in-clear", "E/E", '-'},
    {"UCM110", "port-invalid", "E/E", '+'},
    {"UCM111", "port-unusual", "W/W", '-'},
    {"UCM112", "timeout-invalid", "E/E", '+'},
    {"UCM113", "attachment-size-invalid", "E/E", '+'},
    {"UCM114", "key-unknown", "W/W", '-'},
    {"UCM115", "key-duplicated", "E/E", '+'},
    {"UCM116", "value-control-char", "E/E", '+'},
    {"UCM117", "server-invalid", "E/E", '+'},
    {"UCM118", "login-missing", "W/W", '-'},
    {"UCM119", "auth-method-unknown", "E/E", '+'},
    {"UCM120", "value-padded", "W/W", '-'},
    {"UCM121", "key-not-in-release", "W/W", '-'},
    {"UCM122", "value-case", "W/W", '-'},
    {"UCM123", "file-attachment-invalid", "W/W", '-'},
    {"UCM201", "cert-not-in-store", "E/E", '+'},
    {"UCM202", "trust-store-missing", "E/E", '+'},
    {"UCM203", "cert-payload-missing", "E/E", '+'},
    {"UCM204", "cert-checksum-mismatch", "E/E", '+'},
    {"UCM205", "cert-unreadable", "E/E", '+'},
    {"UCM206", "cert-expired", "E/E", '+'},
    {"UCM207", "cert-not-yet-valid", "E/E", '+'},
    {"UCM208", "cert-expiring", "W/W", '-'},
    {"UCM209", "cert-weak-key", "E/E", '+'},
    {"UCM210", "cert-weak-signature", "W/E", 's'},
    {"UCM211", "cert-name-mismatch", "E/E", '+'},
    {"UCM212", "private-key-in-store", "E/E", '+'},
    {"UCM213", "cert-unused", "I/I", '-'},
    {"UCM214", "store-outside-client-0", "W/W", '-'},
    {"UCM215", "cert-wrong-usage", "E/E", '+'},
    {"UCM216", "cert-referenced-badly", "W/W", '-'},
    {"UCM217", "trust-store-not-storage", "W/W", '-'},
    {"UCM301", "agent-cannot-send", "I/W", '+'},
    {"UCM302", "agent-falls-back-to-plain", "W/E", 's'},
    {"UCM303", "agent-kind-unknown", "E/E", '-'},
    {"UCM304", "settings-inherited", "I/I", '-'},
    {"UCM305", "override-ambiguous", "W/W", '-'},
    {"UCM306", "server-variable-missing", "E/E", '-'},
    {"UCM307", "server-variable-unused", "I/I", '-'},
    {"UCM308", "server-variable-misnamed", "W/W", '-'},
    {"UCM309", "subject-too-long", "E/E", '-'},
    {"UCM310", "settings-not-static", "E/E", '+'},
    {"UCM401", "probe-unreachable", "E/E", '-'},
    {"UCM402", "probe-tls-failed", "E/E", '-'},
    {"UCM403", "probe-weak-tls", "E/E", '-'},
    {"UCM501", "suppression-unused", "W/W", '-'},
    {"UCM502", "suppression-expired", "E/E", '-'},
};

static unsigned severity_of(char letter)
{
	switch (letter) {
	case 'E':
		return UCM_ERROR;
	case 'W':
		return UCM_WARNING;
	case 'I':
		return UCM_INFO;
	default:
		return UCM_OFF;
	}
}

static void the_table_is_as_documented(void **state)
{
	(void)state;
	assert_int_equal(sizeof(documented) / sizeof(documented[0]), UCM_RULE_COUNT);
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++) {
		const struct ucm_rule_row *row = &ucm_rules[rule];
		char refuses = documented[rule].refuses;

		assert_string_equal(row->id, documented[rule].id);
		assert_string_equal(row->name, documented[rule].name);
		assert_int_equal(
		    row->severity[UCM_COMPAT], severity_of(documented[rule].severity[0]));
		assert_int_equal(
		    row->severity[UCM_STRICT], severity_of(documented[rule].severity[2]));
		assert_int_equal(ucm_rule_refuses((enum ucm_rule)rule, UCM_COMPAT), refuses == '+');
		assert_int_equal(ucm_rule_refuses((enum ucm_rule)rule, UCM_STRICT), refuses != '-');
	}
	assert_false(ucm_rule_refuses(UCM_RULE_COUNT, UCM_STRICT));
}

static void every_rule_has_its_words(void **state)
{
	(void)state;
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++) {
		const struct ucm_rule_row *row = &ucm_rules[rule];
		const struct ucm_rule_help *help = &ucm_rule_help[rule];
		const char *texts[] = {row->message, row->hint, help->summary, help->source};

		for (size_t i = 0; i < 4; i++) {
			if (texts[i] == NULL || texts[i][0] == '\0')
				fail_msg("%s lacks text %zu", row->id, i);
			/* A placeholder is %1 to %3; the table holds no other '%'. */
			for (const char *p = strchr(texts[i], '%'); p; p = strchr(p + 1, '%'))
				if (i >= 2 || p[1] < '1' || p[1] > '3')
					fail_msg("%s: '%s'", row->id, texts[i]);
		}
		/* The message is a clause, the hint and the summary are sentences. */
		assert_int_not_equal(row->message[strlen(row->message) - 1], '.');
		assert_int_equal(row->hint[strlen(row->hint) - 1], '.');
		assert_int_equal(help->summary[strlen(help->summary) - 1], '.');
	}
}

static void rules_are_found_by_id_and_name(void **state)
{
	(void)state;
	assert_int_equal(ucm_rule_find("UCM105"), UCM105);
	assert_int_equal(ucm_rule_find("ucm105"), UCM105);
	assert_int_equal(ucm_rule_find("smtps-cert-missing"), UCM105);
	assert_int_equal(ucm_rule_find("Cert-Expired"), UCM206);
	assert_int_equal(ucm_rule_find("UCM999"), UCM_RULE_COUNT);
	assert_int_equal(ucm_rule_find("UCM10"), UCM_RULE_COUNT);
	assert_int_equal(ucm_rule_find(""), UCM_RULE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_table_is_as_documented),
	    cmocka_unit_test(every_rule_has_its_words),
	    cmocka_unit_test(rules_are_found_by_id_and_name),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
