/*
 * Sends that are under way: one of ucm_send(), or several of a batch, oldest first in handle->send.
 */
#ifndef UCM_LIBSRC_SEND_H
#define UCM_LIBSRC_SEND_H

#include "session.h"

struct ucm_send {
	struct ucm_mail mail; /* first: the engine's view of it */
	struct ucm_message *message;
	struct ucm_outcome *outcome;
	int64_t deadline_ms;
	int reopened; /* a connection was opened again for it */
	int plaintext; /* the message went out in clear */
	int done; /* the outcome is concluded */
	struct ucm_send *next;
};

/*
 * Decides, prepares the message and queues it on the connection, which is opened if need be. What
 * stops it becomes its outcome (done is set then). NULL with handle->error where there is no memory
 * even for an outcome.
 */
struct ucm_send *ucm_send_queue(struct ucm *handle, struct ucm_message *message);

/* Goes on with all of them. UCM_OK: something is done, or nothing is left to do; else UCM_WANT_*.
 */
int ucm_send_run(struct ucm *handle);

/* Waits for what ucm_send_run() returned. */
void ucm_send_wait(const struct ucm *handle, int want);

/* Takes the oldest off, which is done; its outcome stays with the handle. */
void ucm_send_pop(struct ucm *handle);

/* An outcome with the policy's facts and no recipient; NULL without memory. */
struct ucm_outcome *ucm_send_outcome(struct ucm *handle, size_t recipients);

/* Copies the connection's facts into an outcome, if it has any. */
void ucm_send_note_connection(struct ucm_outcome *outcome, const struct ucm_session *session);

/* Milliseconds of the monotonic clock at which a send that begins now must be over. */
int64_t ucm_send_deadline_ms(const struct ucm *handle);

/* The next bytes of the message that the machine asks for. As ucm_message_read(). */
ssize_t ucm_send_read_body(
    struct ucm *handle, struct ucm_smtp *smtp, void *bytes, size_t room, struct ucm_error *error);

void ucm_send_free_all(struct ucm *handle);

#endif
