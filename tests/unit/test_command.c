/*
 * Command lines: one gate for everything that comes from outside.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "libsrc/command.h"

static void test_builds(void **state)
{
	struct ucm_command command;
	struct ucm_error error = {0};

	(void)state;
	ucm_command_start(&command, "MAIL FROM:<");
	ucm_command_add(&command, "a@example.com");
	ucm_command_add(&command, "> SIZE=");
	ucm_command_add_number(&command, 18446744073709551615ULL);
	ucm_command_add(&command, " ENVID=");
	ucm_command_add_xtext(&command, "a+b=c d\x01");
	assert_int_equal(ucm_command_end(&command, &error), 0);
	command.text[command.length] = '\0';
	assert_string_equal(command.text,
	    "MAIL FROM:<a@example.com> SIZE=18446744073709551615 ENVID=a+2Bb+3Dc+20d+01\r\n");
}

static void test_gate(void **state)
{
	static const char *const bad[] = {"a@b>\r\nDATA", "a\rb", "a\nb", "a\tb", "\x7f", "\x01"};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ucm_command command;
		struct ucm_error error = {0};

		ucm_command_start(&command, "RCPT TO:<");
		ucm_command_add(&command, bad[i]);
		assert_int_equal(ucm_command_end(&command, &error), -1);
		assert_int_equal(error.class, UCM_CLASS_MESSAGE);
		assert_true(error.text[0] != '\0');
	}
}

/* As much as fits is taken whole, one octet more is refused. */
static void test_room(void **state)
{
	struct ucm_command command;
	struct ucm_error error = {0};
	char text[UCM_COMMAND_ROOM + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[UCM_COMMAND_ROOM - 2] = '\0';
	ucm_command_start(&command, text);
	assert_int_equal(ucm_command_end(&command, &error), 0);
	assert_int_equal(command.length, UCM_COMMAND_ROOM);
	text[UCM_COMMAND_ROOM - 2] = 'x';
	text[UCM_COMMAND_ROOM - 1] = '\0';
	ucm_command_start(&command, text);
	assert_int_equal(ucm_command_end(&command, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_builds),
	    cmocka_unit_test(test_gate),
	    cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
