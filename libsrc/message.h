/*
 * A message inside the library: what the session needs of it.
 */
#ifndef UCM_LIBSRC_MESSAGE_H
#define UCM_LIBSRC_MESSAGE_H

#include <sys/types.h>

#include "policy/decide.h"
#include "policy/error.h"
#include "ucmail.h"

/* What preparing a message needs from outside, so that the same inputs give the same bytes. */
struct ucm_message_context {
	int64_t now;                 /* seconds since 1970 */
	int utc_offset_minutes;      /* of the local zone at that time */
	const unsigned char *random; /* 16 bytes, for Message-ID and boundaries */
};

/* What the envelope asks of the server; filled by ucm_message_prepare(). */
struct ucm_message_needs {
	int eight_bit;     /* holds octets over 127: only a raw message can; 8BITMIME */
	int smtputf8;      /* an address or header needs RFC 6531 */
	const char *smtputf8_advice; /* then: which, and what to change; the message's, until it is
	                                prepared again */
	unsigned long long size; /* octets on the wire without dot-stuffing, for SIZE; 0 unknown */
};

/*
 * Completes the message under a policy: From, Reply-To, Date, Message-ID; checks that there is a
 * recipient, that the policy allows attachments, and that everything can be encoded. Cuts reports.
 * 0, or -1 with error. May be called again for a further send.
 */
int ucm_message_prepare(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_message_needs *ret,
    struct ucm_error *error);

/* The same by the handle's decision, at its present moment and with fresh random octets. */
int ucm_message_prepare_now(
    struct ucm_message *message, struct ucm_message_needs *ret, struct ucm_error *error);

/*
 * Reads the next bytes of the prepared message: every line end is CRLF, no bare CR or LF, no line
 * over 998 octets, ends with CRLF, not dot-stuffed. Constant memory. 0 at the end, -1 with error
 * (class IO where an attachment cannot be read or changed its size).
 */
ssize_t ucm_message_read(struct ucm_message *message, void *bytes, size_t room,
    struct ucm_error *error);

/* Starts reading again from the beginning. */
int ucm_message_rewind(struct ucm_message *message, struct ucm_error *error);

size_t ucm_message_recipient_count(const struct ucm_message *message);
/* The mailbox of the index-th recipient, without display name: "local@domain". */
const char *ucm_message_recipient(const struct ucm_message *message, size_t index);
const char *ucm_message_id(const struct ucm_message *message);          /* with < > */
const char *ucm_message_dsn_notify(const struct ucm_message *message);  /* "SUCCESS,FAILURE", or NULL */
/* As set: printable ASCII, xtext is the session's to make; or NULL. */
const char *ucm_message_envelope_id(const struct ucm_message *message);

/* Of one owner, the handle: a list so that ucm_end() can free what the caller left. */
struct ucm *ucm_message_handle(const struct ucm_message *message);

#endif
