/*
 * Batches: many messages over one connection.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "unit/send_stage.h"

struct batch {
	const char *const *recipients;
	char found[256];
};

static struct ucm_message *next(struct ucm *handle, void *arg)
{
	struct batch *batch = arg;

	return *batch->recipients != NULL ? stage_message(handle, *batch->recipients++) : NULL;
}

static void done(
    struct ucm_message *message, const struct ucm_outcome *outcome, int status, void *arg)
{
	struct batch *batch = arg;
	size_t at = strlen(batch->found);

	assert_non_null(message);
	snprintf(batch->found + at, sizeof(batch->found) - at, "%s:%d ",
	    ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), status);
}

#define END_AND(name) "S:250 stored\r\n250 ok\r\n250 ok\r\n354 go\r\n"

static struct ucm_message *next_foreign(struct ucm *handle, void *arg)
{
	struct ucm_message **message = arg;
	struct ucm_message *given = *message;

	(void)handle;
	*message = NULL;
	return given;
}

/* It is neither sent nor freed: it belongs to the other handle. */
static void test_batch_of_another_handle(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	struct stage stage;
	struct stage foreign;
	struct ucm_message *message = NULL;
	struct ucm_message *given = NULL;

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	assert_int_equal(stage_begin(&foreign, scripts, -1), 0);
	message = given = stage_message(foreign.handle, "a@example.com");
	assert_int_equal(ucm_send_batch(stage.handle, next_foreign, done, &given), UCM_E_USAGE);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "still there"), UCM_OK);
	stage_end(&foreign);
	stage_end(&stage);
}

static const struct {
	const char *sentence;
	const char *recipients[4];
	struct script scripts[CONNECTIONS_MAX];
	int status;
	const char *found;
	size_t connections;
} batches[] = {
    {"each envelope travels with the end of the message before",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), END_AND("b"), "D", FLIGHT("c"),
	    END_AND("c"), "D", STORED, "W"}}},
	UCM_OK, "sent:0 sent:0 sent:0 ", 1},
    {"a failure of one leaves the others alone",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"),
	    "S:250 stored\r\n250 ok\r\n550 no\r\n554 no\r\n",
	    "C:RSET\r\n" MAIL RCPT("c") "DATA\r\n", "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n",
	    "D", STORED, "W"}}},
	UCM_E_REJECTED, "sent:0 failed:69 sent:0 ", 1},
    {"after 421 the next one is sent on another connection",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), "S:421 enough\r\n", "X"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", FLIGHT("c"), END_AND("c"), "D", STORED, "W"}}},
	UCM_E_AGAIN, "failed:75 sent:0 sent:0 ", 2},
    {"what travelled with the end is not heard: sent on another connection, and the rest alone",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), STORED, "W"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", "N", STORED, FLIGHT("c"), TAKES, "D", STORED, "W"}}},
	UCM_OK, "sent:0 sent:0 sent:0 ", 2},
    {"a sender that went alone is not heard: a time-out, and not sent again",
	{"a@example.com", "b@example.com"},
	{{{HELLO, FLIGHT("a"), "W"}}, {{HELLO, FLIGHT("b"), TAKES, "D", STORED, "W"}}}, UCM_E_AGAIN,
	"failed:75 failed:75 ", 1},
    {"lost after a final dot: that one is unknown, the next is sent",
	{"a@example.com", "b@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), "X"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", STORED, "W"}}},
	UCM_E_AGAIN, "unknown:75 sent:0 ", 2},
    {"nobody to connect to: each is told", {"a@example.com", "b@example.com"}, {{{NULL}}},
	UCM_E_AGAIN, "failed:75 failed:75 ", 0},
    {"no message at all", {NULL}, {{{NULL}}}, UCM_OK, "", 0},
};

static void test_batches(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(batches); i++) {
		struct stage stage;
		struct batch batch = {.recipients = batches[i].recipients};
		int status = 0;

		assert_int_equal(stage_begin(&stage, batches[i].scripts, -1), 0);
		stage.handle->decision.timeout_s = 1;
		status = ucm_send_batch(stage.handle, next, done, &batch);
		if (status != batches[i].status || strcmp(batch.found, batches[i].found) != 0 ||
		    stage.connections != batches[i].connections) {
			fail_msg("%s: status %d, [%s], %zu connections", batches[i].sentence,
			    status, batch.found, stage.connections);
		}
		stage_end(&stage);
		stage_check(&stage);
	}
}

/* Where nothing can be decided, each message is told so, and none is forgotten. */
static void test_batch_without_policy(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	static const char *const recipients[] = {
	    "a@example.com", "b@example.com", "c@example.com", NULL};
	struct stage stage;
	struct batch batch = {.recipients = recipients};

	(void)state;
	assert_int_equal(stage_begin(&stage, scripts, -1), 0);
	stage.handle->decided = 0;
	stage.handle->system = ucm_handle_resize(stage.handle, NULL, sizeof(*stage.handle->system));
	assert_non_null(stage.handle->system);
	ucm_system_init(stage.handle->system, &stage.handle->allocator, 0);
	assert_int_equal(ucm_send_batch(stage.handle, next, done, &batch), UCM_E_POLICY);
	assert_string_equal(batch.found, "failed:78 failed:78 failed:78 ");
	stage_end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_batches),
	    cmocka_unit_test(test_batch_without_policy),
	    cmocka_unit_test(test_batch_of_another_handle),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
