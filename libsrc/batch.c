/*
 * Many messages over one connection: the next envelope travels with the end of the one before.
 */
#include "config.h"

#include "send.h"

static size_t under_way(const struct ucm *handle)
{
	const struct ucm_send *send = NULL;
	size_t count = 0;

	for (send = handle->send; send != NULL; send = send->next)
		count++;
	return count;
}

/* Takes messages until the window is full. Returns 0 once there are no more. */
static int take_messages(struct ucm *handle, ucm_next_fn next, void *arg, size_t window, int *worst)
{
	while (under_way(handle) < window) {
		struct ucm_message *message = next(handle, arg);

		if (message == NULL)
			return 0;
		if (ucm_message_handle(message) != handle) {
			ucm_error_clear(&handle->error);
			ucm_fail(&handle->error, UCM_CLASS_USAGE,
			    "a message of the batch belongs to another handle");
			*worst = ucm_worse(*worst, UCM_E_USAGE); /* it stays its handle's */
		} else if (ucm_send_queue(handle, message) == NULL) {
			*worst = ucm_worse(*worst, UCM_E_MEMORY);
			ucm_message_free(message);
		}
	}
	return 1;
}

/* Tells the outcomes of those that are done, in order. */
static void tell(struct ucm *handle, ucm_done_fn done, void *arg, int *worst)
{
	while (handle->send != NULL && handle->send->done) {
		struct ucm_outcome *outcome = handle->send->outcome;
		struct ucm_message *message = handle->send->message;
		int status = (int)outcome->number[UCM_OUTCOME_EXIT];

		ucm_send_pop(handle);
		*worst = ucm_worse(*worst, status);
		if (done != NULL)
			done(message, outcome, status, arg);
		ucm_message_free(message);
		ucm_outcome_free(outcome);
	}
}

int ucm_send_batch(struct ucm *handle, ucm_next_fn next, ucm_done_fn done, void *arg)
{
	size_t window = 2; /* the one that is sent, and the one whose envelope goes along */
	int worst = UCM_OK;
	int more = 1;

	if (handle == NULL || next == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_check_idle(handle) != 0)
		return UCM_E_USAGE;
	if (handle->number[UCM_WINDOW] > 1)
		window += (size_t)handle->number[UCM_WINDOW] - 1;
	while (more || handle->send != NULL) {
		int state = UCM_OK;

		if (more)
			more = take_messages(handle, next, arg, window, &worst);
		state = ucm_send_run(handle);
		if (handle->send != NULL && !handle->send->done && state != UCM_OK)
			ucm_send_wait(handle, state);
		tell(handle, done, arg, &worst);
	}
	return worst;
}
