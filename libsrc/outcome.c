/*
 * The outcome: fields, recipients, and the rules that make one status of many.
 */
#include <string.h>

#include "outcome.h"

#define SEND_MAIL_SENT 0
#define SEND_MAIL_NO_HOST 10034 /* the policy refuses */
#define SEND_MAIL_ERROR 50006 /* everything else */
#define SEND_MAIL_TIMEOUT 50012

static const char *const result_names[] = {
    [UCM_RESULT_PENDING] = "deferred",
    [UCM_RESULT_ACCEPTED] = "accepted",
    [UCM_RESULT_REJECTED] = "rejected",
    [UCM_RESULT_DEFERRED] = "deferred",
    [UCM_RESULT_UNKNOWN] = "unknown",
};

struct ucm_outcome *ucm_outcome_new(struct ucm *handle, size_t count)
{
	struct ucm_outcome *outcome = NULL;
	struct ucm_result *result = NULL;
	size_t size = 0;

	if (__builtin_mul_overflow(count, sizeof(*result), &size))
		return NULL;
	outcome = ucm_resize(&handle->allocator, NULL, sizeof(*outcome));
	if (outcome == NULL)
		return NULL;
	memset(outcome, 0, sizeof(*outcome));
	if (count > 0) {
		result = ucm_resize(&handle->allocator, NULL, size);
		if (result == NULL) {
			ucm_resize(&handle->allocator, outcome, 0);
			return NULL;
		}
		memset(result, 0, size);
	}
	outcome->handle = handle;
	outcome->result = result;
	outcome->count = count;
	outcome->next = handle->outcomes;
	handle->outcomes = outcome;
	return outcome;
}

static char *copy(const struct ucm_allocator *allocator, const char *text)
{
	size_t size = strlen(text) + 1;
	char *made = ucm_resize(allocator, NULL, size);

	if (made != NULL)
		memcpy(made, text, size);
	return made;
}

int ucm_outcome_set(
    struct ucm_outcome *outcome, enum ucm_outcome_text_field field, const char *text)
{
	const struct ucm_allocator *allocator = &outcome->handle->allocator;
	char *made = NULL;

	if (text != NULL)
		made = copy(allocator, text);
	if (outcome->text[field] != NULL)
		ucm_resize(allocator, outcome->text[field], 0);
	outcome->text[field] = made;
	return text != NULL && made == NULL ? -1 : 0;
}

void ucm_result_set(const struct ucm_allocator *allocator, struct ucm_result *result,
    enum ucm_result_status status, const struct ucm_reply *reply)
{
	result->status = status;
	if (reply == NULL || reply->code == 0) {
		if (status == UCM_RESULT_DEFERRED && result->code / 100 == 2) {
			/* Accepted once, but the mail never came that far: that reply is history.
			 */
			result->code = 0;
			result->enhanced[0] = '\0';
			if (result->text != NULL) {
				ucm_resize(allocator, result->text, 0);
				result->text = NULL;
			}
		}
		return;
	}
	result->code = reply->code;
	memcpy(result->enhanced, reply->enhanced, sizeof(result->enhanced));
	if (result->text != NULL)
		ucm_resize(allocator, result->text, 0);
	result->text = copy(allocator, reply->text);
}

/* How many recipients have each status. */
static void count_results(const struct ucm_outcome *outcome, size_t counts[UCM_RESULT_UNKNOWN + 1])
{
	size_t i = 0;

	memset(counts, 0, (UCM_RESULT_UNKNOWN + 1) * sizeof(*counts));
	for (i = 0; i < outcome->count; i++) {
		if (outcome->result[i].status == UCM_RESULT_PENDING)
			outcome->result[i].status = UCM_RESULT_DEFERRED;
		counts[outcome->result[i].status]++;
	}
}

/* The exit code of a send that did not reach everyone. */
static int failed_exit(const size_t counts[UCM_RESULT_UNKNOWN + 1], const struct ucm_error *error)
{
	if (counts[UCM_RESULT_UNKNOWN] > 0)
		return UCM_E_AGAIN;
	if (error->class != UCM_CLASS_OK && error->class != UCM_CLASS_AGAIN)
		return (int)error->class;
	return counts[UCM_RESULT_REJECTED] > 0 ? UCM_E_REJECTED : UCM_E_AGAIN;
}

static long send_mail_code(int exit, const struct ucm_error *error)
{
	if (exit == UCM_OK)
		return SEND_MAIL_SENT;
	if (exit == UCM_E_POLICY)
		return SEND_MAIL_NO_HOST;
	return error->timed_out ? SEND_MAIL_TIMEOUT : SEND_MAIL_ERROR;
}

static void set_exit(
    struct ucm_outcome *outcome, const char *status, int exit, const struct ucm_error *error)
{
	outcome->number[UCM_OUTCOME_EXIT] = exit;
	outcome->number[UCM_OUTCOME_SEND_MAIL_CODE] = send_mail_code(exit, error);
	outcome->status = status;
	/* Without memory these stay NULL: status and exit code still tell. */
	if (exit != UCM_OK && error->text[0] != '\0')
		(void)ucm_outcome_set(outcome, UCM_OUTCOME_ERROR, error->text);
	if ((exit == UCM_E_POLICY || exit == UCM_E_INPUT) && error->rule[0] != '\0')
		(void)ucm_outcome_set(outcome, UCM_OUTCOME_REFUSED_BY, error->rule);
}

void ucm_outcome_conclude(struct ucm_outcome *outcome, const struct ucm_error *error)
{
	size_t counts[UCM_RESULT_UNKNOWN + 1];
	const char *status = "failed";

	count_results(outcome, counts);
	if (counts[UCM_RESULT_UNKNOWN] > 0) {
		status = "unknown";
	} else if (outcome->count > 0 && counts[UCM_RESULT_ACCEPTED] == outcome->count) {
		set_exit(outcome, "sent", UCM_OK, error);
		return;
	} else if (counts[UCM_RESULT_ACCEPTED] > 0) {
		status = "partial";
	}
	set_exit(outcome, status, failed_exit(counts, error), error);
}

void ucm_outcome_conclude_check(struct ucm_outcome *outcome, const struct ucm_error *error)
{
	size_t counts[UCM_RESULT_UNKNOWN + 1];

	count_results(outcome, counts);
	set_exit(
	    outcome, error->class == UCM_CLASS_OK ? "sent" : "failed", (int)error->class, error);
}

const char *ucm_outcome_text(const struct ucm_outcome *outcome, enum ucm_outcome_text_field field)
{
	if (outcome == NULL || (int)field < UCM_OUTCOME_STATUS ||
	    (int)field > UCM_OUTCOME_PEER_NOT_AFTER)
		return NULL;
	return field == UCM_OUTCOME_STATUS ? outcome->status : outcome->text[field];
}

long ucm_outcome_number(const struct ucm_outcome *outcome, enum ucm_outcome_number_field field)
{
	if (outcome == NULL || (int)field < UCM_OUTCOME_EXIT || (int)field > UCM_OUTCOME_RESUMED)
		return -1;
	return outcome->number[field];
}

int ucm_outcome_recipient(
    const struct ucm_outcome *outcome, size_t index, struct ucm_recipient *ret)
{
	const struct ucm_result *result = NULL;

	if (outcome == NULL || ret == NULL || index >= outcome->count)
		return UCM_E_USAGE;
	result = &outcome->result[index];
	ret->address = result->address != NULL ? result->address : "";
	ret->status = result_names[result->status];
	ret->code = result->code;
	ret->enhanced = result->enhanced;
	ret->text = result->text != NULL ? result->text : "";
	return UCM_OK;
}

static void release(const struct ucm_allocator *allocator, void *memory)
{
	if (memory != NULL)
		ucm_resize(allocator, memory, 0);
}

void ucm_outcome_free(struct ucm_outcome *outcome)
{
	const struct ucm_allocator *allocator = NULL;
	struct ucm_outcome **link = NULL;
	size_t i = 0;

	if (outcome == NULL)
		return;
	allocator = &outcome->handle->allocator;
	for (link = &outcome->handle->outcomes; *link != NULL; link = &(*link)->next) {
		if (*link == outcome) {
			*link = outcome->next;
			break;
		}
	}
	for (i = 0; i < sizeof(outcome->text) / sizeof(outcome->text[0]); i++)
		release(allocator, outcome->text[i]);
	for (i = 0; i < outcome->count; i++) {
		release(allocator, outcome->result[i].address);
		release(allocator, outcome->result[i].text);
	}
	release(allocator, outcome->result);
	ucm_resize(allocator, outcome, 0);
}

void ucm_outcomes_free_all(struct ucm *handle)
{
	while (handle->outcomes != NULL)
		ucm_outcome_free(handle->outcomes);
}
