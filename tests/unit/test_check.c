/*
 * Checks: each step is told, nothing is sent.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit/send_stage.h"

static void note_step(const struct ucm_check_step *step, void *arg)
{
	struct stage *stage = arg;
	size_t at = strlen(stage->steps);

	assert_int_equal(step->size, sizeof(*step));
	assert_true(step->milliseconds >= 0);
	assert_non_null(step->detail);
	assert_true(step->status == UCM_OK ? step->advice[0] == '\0' : step->detail[0] != '\0');
	snprintf(stage->steps + at, sizeof(stage->steps) - at, "%s:%d ", step->name, step->status);
}

static const struct {
	const char *sentence;
	struct script scripts[2];
	const char *recipient;
	int status;
	const char *steps;
} checks[] = {
    {"everything is well", {{{HELLO, "C:QUIT\r\n", "S:221 bye\r\n"}}}, NULL, UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 quit:0 "},
    {"a recipient is asked for, and nothing sent",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n250 ok\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"a@example.com", UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:0 quit:0 "},
    {"a recipient is refused",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n550 no\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"a@example.com", UCM_E_REJECTED,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:69 quit:0 "},
    {"a recipient with a display name is its mailbox",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n250 ok\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"A <a@example.com>", UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:0 quit:0 "},
    {"what is no address never becomes part of a command", {{{NULL}}},
	"a@example.com> NOTIFY=NEVER", UCM_E_MESSAGE, ""},
    {"the greeting refuses", {{{"S:554 no\r\n", "X"}}}, NULL, UCM_E_REJECTED,
	"resolve:0 connect:0 greeting:69 "},
    {"no connection", {{{NULL}}}, NULL, UCM_E_AGAIN, "resolve:0 connect:75 "},
};

static void test_checks(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(checks); i++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		int status = 0;

		assert_int_equal(stage_begin(&stage, checks[i].scripts, -1), 0);
		status = ucm_check(stage.handle, checks[i].recipient, note_step, &stage, &outcome);
		if (status != checks[i].status || strcmp(stage.steps, checks[i].steps) != 0) {
			fail_msg("%s: status %d, steps [%s]: %s", checks[i].sentence, status,
			    stage.steps, ucm_error(stage.handle));
		}
		assert_non_null(outcome);
		stage_end(&stage);
		stage_check(&stage);
	}
}

static long give_secret(
    const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	(void)message;
	(void)arg;
	assert_true(room > 6);
	memcpy(answer, "pencil", 6);
	return 6;
}

/* RFC 4954 section 4: a client that cannot go on says so, and the server answers. */
static void test_login_is_cancelled(void **state)
{
	static const struct script scripts[] = {
	    {{"S:220 m\r\n", "C:EHLO me.example.com\r\n", "S:250-m\r\n250 AUTH LOGIN\r\n",
		"C:AUTH LOGIN\r\n", "S:334 !!\r\n", "C:*\r\n", "S:501 cancelled\r\n", "W"}},
	    {{NULL}}};
	struct stage stage;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	stage.handle->options.conv = give_secret;
	assert_int_equal(ucm_set_number(stage.handle, UCM_ALLOW_CLEAR_LOGIN, 1), UCM_OK);
	stage.handle->decision.login = "LOGIN.SMTP";
	stage.handle->decision.login_user = "user";
	stage.handle->decision.auth_method = "LOGIN";
	assert_int_equal(ucm_check(stage.handle, NULL, NULL, NULL, NULL), UCM_E_PROTOCOL);
	assert_non_null(strstr(ucm_error(stage.handle), "base64"));
	stage_end(&stage);
	stage_check(&stage);
}

/* Waiting costs no processor time. */
static void test_check_waits(void **state)
{
	static const struct script scripts[] = {
	    {{"P", "P", "P", "P", "P", "P", "P", "P", HELLO, "C:QUIT\r\n", "S:221 bye\r\n"}},
	    {{NULL}}};
	struct stage stage;
	struct timespec before = {0};
	struct timespec after = {0};
	long spent_ms = 0;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
	assert_int_equal(ucm_check(stage.handle, NULL, note_step, &stage, NULL), UCM_OK);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
	spent_ms =
	    (after.tv_sec - before.tv_sec) * 1000L + (after.tv_nsec - before.tv_nsec) / 1000000L;
	assert_in_range(spent_ms, 0, 100); /* of 400 that passed */
	stage_end(&stage);
	stage_check(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_checks),
	    cmocka_unit_test(test_login_is_cancelled),
	    cmocka_unit_test(test_check_waits),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
