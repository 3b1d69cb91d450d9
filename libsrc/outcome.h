/*
 * What became of a message: the outcome and its recipients.
 */
#ifndef UCM_LIBSRC_OUTCOME_H
#define UCM_LIBSRC_OUTCOME_H

#include "handle.h"
#include "reply.h"

enum ucm_result_status {
	UCM_RESULT_PENDING, /* not answered yet; none is left when a send has ended */
	UCM_RESULT_ACCEPTED,
	UCM_RESULT_REJECTED,
	UCM_RESULT_DEFERRED,
	UCM_RESULT_UNKNOWN /* lost between the final dot and its reply */
};

struct ucm_result {
	char *address;
	enum ucm_result_status status;
	int code; /* of the SMTP reply, 0 where there was none */
	char enhanced[UCM_ENHANCED_MAX + 1];
	char *text; /* NULL: none */
};

struct ucm_outcome {
	struct ucm *handle;
	struct ucm_outcome *next; /* of the handle's list */
	const char *status; /* UCM_OUTCOME_STATUS: constant, so that no lack of memory hides it */
	char *text[UCM_OUTCOME_PEER_NOT_AFTER + 1];
	long number[UCM_OUTCOME_RESUMED + 1];
	struct ucm_result *result;
	size_t count;
};

/* Makes an outcome of the handle with `count` pending recipients without addresses. NULL without
 * memory. */
struct ucm_outcome *ucm_outcome_new(struct ucm *handle, size_t count);

/* Copies a text; NULL is "unset". 0, or -1 without memory (the field is then unset). */
int ucm_outcome_set(
    struct ucm_outcome *outcome, enum ucm_outcome_text_field field, const char *text);

/* Notes a server's answer about one recipient. Without memory the words are left out. */
void ucm_result_set(const struct ucm_allocator *allocator, struct ucm_result *result,
    enum ucm_result_status status, const struct ucm_reply *reply);

/*
 * Draws status, exit, send_mail_code, error and refused_by from the recipients and from the first
 * error (class OK where there was none). Pending recipients become deferred. The rules are those of
 * the send: any unknown: unknown, AGAIN; all accepted: sent; some: partial; none: failed; the last
 * two REJECTED if one was rejected for good, else the class of the error, or AGAIN.
 */
void ucm_outcome_conclude(struct ucm_outcome *outcome, const struct ucm_error *error);

/* The same of a check, where nothing is sent: "sent" stands for success, the class of the error is
 * the exit code. */
void ucm_outcome_conclude_check(struct ucm_outcome *outcome, const struct ucm_error *error);

#endif
