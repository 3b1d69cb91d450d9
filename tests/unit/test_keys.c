/*
 * The table of keys, and how keys are recognised.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/keys.h"

static void the_table_is_as_documented(void **state)
{
	static const struct {
		enum ucm_key key;
		const char *name;
		int is_smtp;
		unsigned low, high, fallback;
		struct ucm_release since;
	} rows[] = {
	    {UCM_SMTP_SERVER, "SMTP_SERVER", 1, 0, 0, 0, {0, 0, 0}},
	    {UCM_SMTP_FROM_ADDR, "SMTP_FROM_ADDR", 1, 0, 0, 0, {0, 0, 0}},
	    {UCM_SMTP_PORT, "SMTP_PORT", 1, 1, 65535, 25, {21, 0, 7}},
	    {UCM_SMTP_PROTOCOL, "SMTP_PROTOCOL", 1, 0, 0, 0, {21, 0, 10}},
	    {UCM_SMTPS_CERT, "SMTPS_CERT", 1, 0, 0, 0, {24, 0, 0}},
	    {UCM_SMTP_LOGIN, "SMTP_LOGIN", 1, 0, 0, 0, {0, 0, 0}},
	    {UCM_SMTP_AUTH_METHOD, "SMTP_AUTH_METHOD", 1, 0, 0, 0, {24, 4, 0}},
	    {UCM_SMTP_REPLY_TO, "SMTP_REPLY_TO", 1, 0, 0, 0, {0, 0, 0}},
	    {UCM_SMTP_MAX_ATTACHMENT_SIZE, "SMTP_MAX_ATTACHMENT_SIZE", 1, 400, 50000, 8000,
		{0, 0, 0}},
	    {UCM_SMTP_FILE_ATTACHMENT, "SMTP_FILE_ATTACHMENT", 1, 0, 0, 0, {24, 0, 0}},
	    {UCM_SMTP_TIMEOUT, "SMTP_TIMEOUT", 1, 0, 999, 20, {0, 0, 0}},
	    {UCM_SEND_MAIL_DEFAULT, "SEND_MAIL_DEFAULT", 0, 0, 0, 0, {0, 0, 0}},
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), UCM_KEY_COUNT);
	for (size_t i = 0; i < UCM_KEY_COUNT; i++) {
		const struct ucm_key_row *key = &ucm_keys[rows[i].key];

		assert_string_equal(key->name, rows[i].name);
		assert_int_equal(key->is_smtp, rows[i].is_smtp);
		assert_int_equal(key->low, rows[i].low);
		assert_int_equal(key->high, rows[i].high);
		assert_int_equal(key->fallback, rows[i].fallback);
		assert_int_equal(ucm_release_compare(key->since, rows[i].since), 0);
		assert_int_equal(key->kind == UCM_KIND_WORD, key->words != NULL);
	}
}

static void keys_are_recognised(void **state)
{
	static const struct {
		const char *sentence, *name;
		enum ucm_key key;
	} rows[] = {
	    {"as written", "SMTP_PORT", UCM_SMTP_PORT},
	    {"in small letters", "smtps_cert", UCM_SMTPS_CERT},
	    {"with blanks around", " \tSMTP_LOGIN ", UCM_SMTP_LOGIN},
	    {"a prefix of a key", "SMTP_POR", UCM_KEY_COUNT},
	    {"a key with more behind it", "SMTP_PORTS", UCM_KEY_COUNT},
	    {"a blank inside", "SMTP _PORT", UCM_KEY_COUNT},
	    {"nothing", "", UCM_KEY_COUNT},
	    {"blanks only", "  ", UCM_KEY_COUNT},
	    {"a letter that folds in other locales", "SMTP_T\xc4\xb0MEOUT", UCM_KEY_COUNT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ucm_key_find(rows[i].name) != rows[i].key)
			fail_msg("%s", rows[i].sentence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_table_is_as_documented),
	    cmocka_unit_test(keys_are_recognised),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
