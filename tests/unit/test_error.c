/*
 * Reasons: the first one wins, and no text can steer a terminal or overrun its buffer.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/error.h"

static void the_first_reason_wins(void **state)
{
	struct ucm_error error = {0};

	(void)state;
	assert_int_equal(ucm_fail(&error, UCM_CLASS_IO, "near the %s", "cause"), -1);
	assert_int_equal(ucm_fail(&error, UCM_CLASS_USAGE, "far away"), -1);
	assert_int_equal(error.class, UCM_CLASS_IO);
	assert_string_equal(error.text, "near the cause");
	ucm_error_clear(&error);
	assert_int_equal(error.class, UCM_CLASS_OK);
	assert_string_equal(error.text, "");
	ucm_fail(&error, UCM_CLASS_USAGE, "new");
	assert_string_equal(error.text, "new");
}

static void nobody_has_to_listen(void **state)
{
	(void)state;
	assert_int_equal(ucm_fail(NULL, UCM_CLASS_IO, "lost"), -1);
}

static void control_characters_become_question_marks(void **state)
{
	struct ucm_error error = {0};

	(void)state;
	ucm_fail(&error, UCM_CLASS_PROTOCOL, "%s", "a\r\nb\033[2J\x7f\tc ü");
	assert_string_equal(error.text, "a??b?[2J? c ü");
	ucm_error_clear(&error);
	ucm_fail(&error, UCM_CLASS_PROTOCOL, "%s",
	    "\xc2\x9b"
	    "2J\xc2\xa0");
	assert_string_equal(error.text, "?2J\xc2\xa0");
	ucm_error_clear(&error);
	ucm_fail(&error, UCM_CLASS_PROTOCOL, "%s",
	    "a\xe2\x80\xae"
	    "b\xe2\x81\xa6"
	    "c\xef\xbb\xbf");
	assert_string_equal(error.text, "a?b?c?");
}

static void a_reason_is_utf8_whatever_it_quotes(void **state)
{
	struct ucm_error error = {0};

	(void)state;
	ucm_fail(&error, UCM_CLASS_MESSAGE, "%s",
	    "\xff"
	    "a\xc3"
	    "b\xe2\x82");
	assert_string_equal(error.text, "?a?b??");
}

static void a_long_text_is_cut_between_characters(void **state)
{
	char text[UCM_ERROR_TEXT_MAX + 10];

	(void)state;
	for (size_t before = UCM_ERROR_TEXT_MAX - 6; before < UCM_ERROR_TEXT_MAX; before++) {
		struct ucm_error error = {0};
		size_t length;

		memset(text, 'a', before);
		memcpy(text + before, "€€€", sizeof("€€€"));
		ucm_fail(&error, UCM_CLASS_IO, "%s", text);
		length = strlen(error.text);
		assert_true(length < UCM_ERROR_TEXT_MAX);
		assert_true(length + 3 >= UCM_ERROR_TEXT_MAX);
		assert_int_equal((length - before) % 3, 0);
	}
}

static void the_worse_status_is_known(void **state)
{
	(void)state;
	assert_int_equal(ucm_worse(UCM_CLASS_OK, UCM_CLASS_USAGE), UCM_CLASS_USAGE);
	assert_int_equal(ucm_worse(UCM_CLASS_POLICY, UCM_CLASS_TRUST), UCM_CLASS_POLICY);
	assert_int_equal(ucm_worse(UCM_CLASS_REJECTED, UCM_CLASS_AGAIN), UCM_CLASS_AGAIN);
	assert_int_equal(ucm_worse(UCM_CLASS_OK, UCM_CLASS_OK), UCM_CLASS_OK);
	assert_int_equal(ucm_worse(1, UCM_CLASS_POLICY), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_reason_wins),
	    cmocka_unit_test(nobody_has_to_listen),
	    cmocka_unit_test(control_characters_become_question_marks),
	    cmocka_unit_test(a_reason_is_utf8_whatever_it_quotes),
	    cmocka_unit_test(the_worse_status_is_known),
	    cmocka_unit_test(a_long_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
