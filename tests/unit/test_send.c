/*
 * Sends through the public calls: what is kept open, what is opened again, what is never sent
 * twice, and how long it may take.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "unit/send_stage.h"

static const struct {
	const char *sentence;
	struct script scripts[CONNECTIONS_MAX + 1];
	int sends;
	int status; /* of the last send */
	const char *result; /* of its recipient */
	size_t connections;
} rows[] = {
    {"two sends share a connection",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), TAKES, "D", STORED, "C:QUIT\r\n",
	    "S:221 bye\r\n"}}},
	2, UCM_OK, "accepted", 1},
    {"a kept connection that the server closed is opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"a kept connection that ends with 421 is opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, "S:421 idle\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"421 to MAIL on a kept connection: nothing was taken, opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"enough mails for one connection, which is left open: told goodbye, and opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"enough again, before the server took anything on the new one: told",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}},
	    {{HELLO, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}}},
	2, UCM_E_AGAIN, "deferred", 2},
    {"refused for good behind a mail that was taken: told",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:550 no\r\n503 x\r\n503 x\r\n",
	    "C:QUIT\r\n"}}},
	2, UCM_E_REJECTED, "rejected", 1},
    {"but only once",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "deferred", 2},
    {"421 to MAIL on a fresh connection is told, not retried",
	{{{HELLO, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	1, UCM_E_AGAIN, "deferred", 1},
    {"a mail that the server has begun to answer is not sent again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:250 ok\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "deferred", 1},
    {"lost after the final dot: unknown, and not sent again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", "X"}}, {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	1, UCM_E_AGAIN, "unknown", 1},
    {"the same on a kept connection",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), TAKES, "D", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "unknown", 1},
    {"after a refused recipient, the connection goes on with RSET",
	{{{HELLO, FLIGHT("a"), "S:250 ok\r\n550 no\r\n554 no\r\n",
	    "C:RSET\r\n" MAIL RCPT("a") "DATA\r\n", "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n",
	    "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 1},
    {"no connection at all", {{{NULL}}}, 1, UCM_E_AGAIN, "deferred", 0},
};

static void test_rows(void **state)
{
	size_t i = 0;
	int k = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		struct ucm_recipient recipient = {0};
		int status = UCM_OK;

		assert_int_equal(stage_begin(&stage, rows[i].scripts, -1), 0);
		for (k = 0; k < rows[i].sends; k++) {
			struct ucm_message *message = stage_message(stage.handle, "a@example.com");

			assert_non_null(message);
			status = ucm_send(stage.handle, message, &outcome);
			ucm_message_free(message);
			(void)poll(NULL, 0, 20); /* a server that closes does so before the next */
		}
		assert_non_null(outcome);
		assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
		if (status != rows[i].status || strcmp(recipient.status, rows[i].result) != 0 ||
		    stage.connections != rows[i].connections) {
			fail_msg("%s: status %d, %s, %zu connections: %s", rows[i].sentence, status,
			    recipient.status, stage.connections, ucm_error(stage.handle));
		}
		assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_EXIT), status);
		ucm_disconnect(stage.handle);
		stage_end(&stage);
		stage_check(&stage);
	}
}

/* ---- Time ----------------------------------------------------------------------------------- */

static const struct {
	const char *sentence;
	struct script script;
	long timeout;
	long deadline;
	const char *result;
} slow[] = {
    {"no greeting", {{"W"}}, 1, -1, "deferred"},
    {"no reply to MAIL", {{HELLO, FLIGHT("a"), "W"}}, 1, -1, "deferred"},
    {"no reply to the message", {{HELLO, FLIGHT("a"), TAKES, "D", "W"}}, 1, -1, "unknown"},
    {"a byte now and then keeps no send alive", {{HELLO, FLIGHT("a"), "T"}}, 30, 1, "deferred"},
};

static void test_time(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(slow); i++) {
		struct stage stage;
		struct script scripts[2] = {slow[i].script, {{NULL}}};
		struct ucm_outcome *outcome = NULL;
		struct ucm_recipient recipient = {0};
		struct ucm_message *message = NULL;

		assert_int_equal(stage_begin(&stage, scripts, -1), 0);
		assert_int_equal(
		    ucm_set_number(stage.handle, UCM_TIMEOUT, slow[i].timeout), UCM_OK);
		assert_int_equal(
		    ucm_set_number(stage.handle, UCM_DEADLINE, slow[i].deadline), UCM_OK);
		message = stage_message(stage.handle, "a@example.com");
		assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_AGAIN);
		assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
		if (strcmp(recipient.status, slow[i].result) != 0) {
			fail_msg("%s: %s: %s", slow[i].sentence, recipient.status,
			    ucm_error(stage.handle));
		}
		assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE), 50012);
		stage_end(&stage);
		stage_check(&stage);
	}
}

/* ---- Memory --------------------------------------------------------------------------------- */

/* Each allocation fails in turn: the send works or says why not, and nothing is lost. */
static void test_memory(void **state)
{
	static const struct script scripts[] = {
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	long allowed = 0;
	int status = UCM_E_MEMORY;

	(void)state;
	for (allowed = 0; allowed < 500 && status != UCM_OK; allowed++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		struct ucm_message *message = NULL;

		if (stage_begin(&stage, scripts, allowed) < 0) {
			stage_end(&stage);
			continue;
		}
		message = stage_message(stage.handle, "a@example.com");
		if (message != NULL) {
			status = ucm_send(stage.handle, message, &outcome);
			assert_true(status == UCM_OK || status == UCM_E_MEMORY);
			assert_true(status == UCM_OK || ucm_error(stage.handle)[0] != '\0');
		}
		stage_end(&stage);
	}
	assert_int_equal(status, UCM_OK);
	assert_in_range(allowed, 10, 499);
}

/* A refusal of the policy opens no connection and is an outcome as any other. */
static void test_refusal(void **state)
{
	static const struct script scripts[] = {{{"W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_recipient recipient = {0};

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	stage.handle->decision.verdict = UCM_REFUSE;
	message = stage_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_POLICY);
	assert_int_equal(stage.connections, 0);
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), "failed");
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_DECISION), "refuse");
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE), 10034);
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT), 0);
	assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
	assert_int_equal(recipient.code, 0);
	assert_int_equal(ucm_outcome_recipient(outcome, 1, &recipient), UCM_E_USAGE);
	stage_end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests_name("send", tests, NULL, NULL);
}
