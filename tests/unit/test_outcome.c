/*
 * Outcomes: how recipients and the first error make one status.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/outcome.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *sentence;
	const char *results; /* A, R, D, U, P for each recipient */
	enum ucm_class class;
	int timed_out;
	const char *status;
	int exit;
	long send_mail_code;
} rows[] = {
    {"everyone has it", "AA", UCM_CLASS_OK, 0, "sent", 0, 0},
    {"an error afterwards does not undo that", "AA", UCM_CLASS_AGAIN, 0, "sent", 0, 0},
    {"some were refused for good", "AR", UCM_CLASS_REJECTED, 0, "partial", 69, 50006},
    {"some were deferred", "AD", UCM_CLASS_AGAIN, 0, "partial", 75, 50006},
    {"refused for good outranks deferred", "ADR", UCM_CLASS_AGAIN, 0, "partial", 69, 50006},
    {"nobody, for good", "RR", UCM_CLASS_REJECTED, 0, "failed", 69, 50006},
    {"nobody, for now", "DD", UCM_CLASS_AGAIN, 0, "failed", 75, 50006},
    {"nobody, mixed", "DR", UCM_CLASS_AGAIN, 0, "failed", 69, 50006},
    {"a time-out has its own code", "DD", UCM_CLASS_AGAIN, 1, "failed", 75, 50012},
    {"unknown outranks everything", "AUR", UCM_CLASS_REJECTED, 0, "unknown", 75, 50006},
    {"unknown after a broken protocol", "U", UCM_CLASS_PROTOCOL, 0, "unknown", 75, 50006},
    {"pending ones are deferred", "PP", UCM_CLASS_AGAIN, 0, "failed", 75, 50006},
    {"the policy refuses", "PP", UCM_CLASS_POLICY, 0, "failed", 78, 10034},
    {"trust failed", "DD", UCM_CLASS_TRUST, 0, "failed", 77, 50006},
    {"the protocol was broken", "DR", UCM_CLASS_PROTOCOL, 0, "failed", 76, 50006},
    {"a file could not be read", "DD", UCM_CLASS_IO, 0, "failed", 74, 50006},
    {"a bad message", "D", UCM_CLASS_MESSAGE, 0, "failed", 65, 50006},
    {"no recipient at all", "", UCM_CLASS_MESSAGE, 0, "failed", 65, 50006},
};

static enum ucm_result_status status_of(char letter)
{
	static const char letters[] = "PARDU";

	return (enum ucm_result_status)(strchr(letters, letter) - letters);
}

static void test_rows(void **state)
{
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct ucm *handle = NULL;
		struct ucm_outcome *outcome = NULL;
		struct ucm_error error = {0};

		assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
		outcome = ucm_outcome_new(handle, strlen(rows[i].results));
		assert_non_null(outcome);
		for (k = 0; rows[i].results[k] != '\0'; k++)
			outcome->result[k].status = status_of(rows[i].results[k]);
		if (rows[i].class != UCM_CLASS_OK) {
			ucm_fail(&error, rows[i].class, "because");
			error.timed_out = rows[i].timed_out;
			memcpy(error.rule, "UCM105", 7);
		}
		ucm_outcome_conclude(outcome, &error);
		if (strcmp(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), rows[i].status) != 0 ||
		    ucm_outcome_number(outcome, UCM_OUTCOME_EXIT) != rows[i].exit ||
		    ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE) !=
			rows[i].send_mail_code) {
			fail_msg("%s: %s, %ld", rows[i].sentence,
			    ucm_outcome_text(outcome, UCM_OUTCOME_STATUS),
			    ucm_outcome_number(outcome, UCM_OUTCOME_EXIT));
		}
		assert_true(
		    (ucm_outcome_text(outcome, UCM_OUTCOME_ERROR) == NULL) == (rows[i].exit == 0));
		assert_true((ucm_outcome_text(outcome, UCM_OUTCOME_REFUSED_BY) != NULL) ==
			    (rows[i].exit == 78));
		ucm_end(handle);
	}
}

static void test_fields(void **state)
{
	struct ucm *handle = NULL;
	struct ucm_outcome *outcome = NULL;
	struct ucm_recipient recipient = {0};
	struct ucm_reply reply = {.code = 550, .enhanced = "5.1.1", .text = "no such user"};

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	outcome = ucm_outcome_new(handle, 1);
	assert_non_null(outcome);
	assert_int_equal(ucm_outcome_set(outcome, UCM_OUTCOME_HOST, "a"), 0);
	assert_int_equal(ucm_outcome_set(outcome, UCM_OUTCOME_HOST, "b"), 0);
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_HOST), "b");
	assert_int_equal(ucm_outcome_set(outcome, UCM_OUTCOME_HOST, NULL), 0);
	assert_null(ucm_outcome_text(outcome, UCM_OUTCOME_HOST));
	assert_null(ucm_outcome_text(outcome, (enum ucm_outcome_text_field)0));
	assert_null(ucm_outcome_text(outcome, (enum ucm_outcome_text_field)99));
	assert_int_equal(ucm_outcome_number(outcome, (enum ucm_outcome_number_field)99), -1);
	ucm_result_set(&handle->allocator, &outcome->result[0], UCM_RESULT_REJECTED, &reply);
	ucm_result_set(&handle->allocator, &outcome->result[0], UCM_RESULT_REJECTED, &reply);
	assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
	assert_string_equal(recipient.status, "rejected");
	assert_int_equal(recipient.code, 550);
	assert_string_equal(recipient.enhanced, "5.1.1");
	assert_string_equal(recipient.text, "no such user");
	assert_int_equal(ucm_outcome_recipient(outcome, 1, &recipient), UCM_E_USAGE);
	ucm_outcome_free(outcome);
	ucm_outcome_free(NULL);
	assert_null(handle->outcomes);
	ucm_end(handle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
