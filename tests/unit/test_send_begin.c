/*
 * Sends that do not block, and what a call or a fork() may do while one is under way.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/send_stage.h"

static int sink(const void *bytes, size_t length, void *arg)
{
	(void)bytes;
	(void)length;
	(void)arg;
	return 0;
}

static void test_advance(void **state)
{
	/* Without the pauses it would be chance whether the client waits at all. */
	static const struct script scripts[] = {
	    {{"P", HELLO, FLIGHT("a"), "P", TAKES, "D", "P", STORED, "W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	int waits = 0;
	int status = 0;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	message = stage_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_E_USAGE);
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ ||
	       status == UCM_WANT_WRITE || status == UCM_WANT_TIMER) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle),
		    .events = status == UCM_WANT_READ ? POLLIN : POLLOUT};

		assert_true(waiting.fd >= 0);
		assert_in_range(ucm_timeout_ms(stage.handle), 1, 60000);
		(void)poll(&waiting, 1, 1000);
		waits++;
	}
	assert_int_equal(status, UCM_OK);
	assert_true(waits >= 3);
	assert_non_null(outcome);
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT), 1);
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), "sent");
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_REPLY), "250 2.0.0 stored");
	stage_end(&stage);
	stage_check(&stage);
}

/* What is being sent cannot be replaced or written: it would be read from what is gone. */
static void test_used_under_way(void **state)
{
	static const struct script scripts[] = {
	    {{"P", HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	static const char raw[] = "To: b@example.com\n\nother\n";
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_message *other = NULL;
	int status = 0;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	message = stage_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_message_new(stage.handle, &other), UCM_OK);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	assert_int_equal(ucm_message_set_raw(message, raw, sizeof(raw) - 1), UCM_E_USAGE);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_message_set_raw_fd(message, 0), UCM_E_USAGE);
	assert_int_equal(ucm_message_set_body(message, "x", 1), UCM_E_USAGE);
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "x"), UCM_E_USAGE);
	assert_int_equal(ucm_message_add_header(message, "X-A", "b"), UCM_E_USAGE);
	assert_int_equal(ucm_message_add_recipient(message, UCM_CC, "c@example.com"), UCM_E_USAGE);
	assert_int_equal(ucm_message_attach_data(message, "a", NULL, "x", 1), UCM_E_USAGE);
	assert_int_equal(ucm_message_attach_file(message, "/dev/null", NULL), UCM_E_USAGE);
	assert_int_equal(ucm_message_write(message, sink, NULL), UCM_E_USAGE);
	assert_int_equal(ucm_message_set_raw(other, raw, sizeof(raw) - 1), UCM_OK);
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle), .events = POLLIN};

		(void)poll(&waiting, 1, 1000);
	}
	assert_int_equal(status, UCM_OK);
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "x"), UCM_OK);
	stage_end(&stage);
	stage_check(&stage);
}

/* Where nothing can be sent, no outcome of before stays in the caller's hands, and a reason stands.
 */
static void test_wrong_calls(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	struct stage stage;
	struct stage foreign;
	struct ucm_outcome stale;
	struct ucm_outcome *outcome = &stale;
	struct ucm_message *message = NULL;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	assert_int_equal(stage_begin(&foreign, scripts, -1), 0);
	message = stage_message(foreign.handle, "a@example.com");
	assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_USAGE);
	assert_null(outcome);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	assert_non_null(strstr(ucm_error(stage.handle), "no send"));
	stage_end(&foreign);
	stage_end(&stage);
}

/* A message that is freed while it is sent takes its send along, and nothing else. */
static void test_freed_under_way(void **state)
{
	static const struct script scripts[] = {{{HELLO, "W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_message *other = NULL;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	message = stage_message(stage.handle, "a@example.com");
	other = stage_message(stage.handle, "b@example.com");
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	ucm_message_free(other);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	ucm_message_free(message);
	assert_int_equal(ucm_descriptor(stage.handle), -1);
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	stage_end(&stage);
}

/* ---- Fork ---------------------------------------------------------------------------------- */

/* The child's part: it has a connection of its own. Returns 0 where all is well. */
static int send_in_child(struct stage *stage, struct ucm_message *under_way)
{
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_recipient recipient = {0};
	int failed = 0;

	if (under_way != NULL) {
		failed |= ucm_advance(stage->handle, &outcome) != UCM_E_AGAIN;
		failed |= outcome == NULL ||
			  ucm_outcome_recipient(outcome, 0, &recipient) != UCM_OK ||
			  strcmp(recipient.status, "accepted") == 0;
	}
	message = stage_message(stage->handle, "c@example.com");
	failed |= message == NULL || ucm_send(stage->handle, message, &outcome) != UCM_OK;
	failed |= stage->connections != 2;
	ucm_end(stage->handle);
	return failed;
}

/*
 * A connection belongs to the process that opened it: two that encrypt with the same keys, or talk
 * in turns, would destroy it. The child leaves it without a word, and opens another.
 */
static void fork_and_send(const struct script *scripts, int under_way)
{
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	char verdict = 1;
	int result[2];
	int status = UCM_WANT_READ;
	pid_t child = -1;

	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	message = stage_message(stage.handle, "a@example.com");
	if (under_way) {
		assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
		assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	} else {
		assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_OK);
	}
	assert_int_equal(pipe(result), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		verdict = (char)send_in_child(&stage, under_way ? message : NULL);
		_exit(write(result[1], &verdict, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(read(result[0], &verdict, 1), 1);
	assert_int_equal(verdict, 0);
	close(result[0]);
	close(result[1]);
	if (!under_way) {
		message = stage_message(stage.handle, "b@example.com");
		assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	}
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle), .events = POLLIN};

		(void)poll(&waiting, 1, 1000);
	}
	assert_int_equal(status, UCM_OK);
	assert_int_equal(stage.connections, 1);
	stage_end(&stage);
	stage_check(&stage);
}

static void test_fork(void **state)
{
	static const struct script kept[] = {{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("b"),
						 TAKES, "D", STORED, "C:QUIT\r\n", "W"}},
	    {{HELLO, FLIGHT("c"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	static const struct script under_way[] = {
	    {{HELLO, FLIGHT("a"), "P", "P", "P", "P", TAKES, "D", STORED, "C:QUIT\r\n", "W"}},
	    {{HELLO, FLIGHT("c"), TAKES, "D", STORED, "W"}}, {{NULL}}};

	(void)state;
	fork_and_send(kept, 0);
	fork_and_send(under_way, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_advance),
	    cmocka_unit_test(test_used_under_way),
	    cmocka_unit_test(test_wrong_calls),
	    cmocka_unit_test(test_freed_under_way),
	    cmocka_unit_test(test_fork),
	};

	return cmocka_run_group_tests_name("begin", tests, NULL, NULL);
}
