/*
 * What a message is made of, for the files that set, compose and read it.
 */
#ifndef UCM_LIBSRC_COMPOSITION_H
#define UCM_LIBSRC_COMPOSITION_H

#include "libsrc/message.h"
#include "libsrc/octets.h"
#include "libsrc/pieces.h"
#include "libsrc/raw.h"
#include "libsrc/recipients.h"
#include "policy/arena.h"

#define UCM_ATTACHMENT_NAME_MAX 255 /* octets: what file systems allow */

struct ucm_extra_header {
	const char *name, *value;
	struct ucm_extra_header *next;
};

/* Text of the body: UTF-8, every line end CRLF. */
struct ucm_text {
	const char *bytes; /* NULL: not set */
	size_t length;
};

struct ucm_attachment {
	const char *name;
	const char *type;
	int is_report; /* cut at the policy's limit, shown as text */
	struct ucm_octets data;
	struct ucm_attachment *next;
};

struct ucm_message {
	struct ucm *handle;
	struct ucm_message *previous, *next; /* of the handle's list */
	struct ucm_arena arena;              /* what the setters copied */
	struct ucm_recipients recipients;
	const char *item[UCM_FROM + 1];      /* by enum ucm_message_item; NULL: default */
	struct ucm_extra_header *headers, *last_header;
	struct ucm_text text, html;
	struct ucm_attachment *attachments, *last_attachment;
	struct ucm_raw raw;

	struct ucm_arena made; /* what preparing made; emptied by the next */
	char *id;              /* in `arena`: a message sent again keeps it, so that it can be known */
	struct ucm_pieces pieces;
	struct ucm_reader *reader;
	const char *advice;
};

/* The recipients that count: those that were added, else those of a ready message. */
const struct ucm_recipients *ucm_message_recipients(const struct ucm_message *message);

/* Composes the header block and the parts into message->pieces. 0, or -1 with error. */
int ucm_message_compose(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_error *error);

/* The same for a ready message: what it lacks goes on top of its header. */
int ucm_message_compose_raw(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_error *error);

/* Writes From of the policy, with the display name of UCM_FROM. 0, or -1 with error. */
int ucm_message_write_from(struct ucm_message *message, const struct ucm_decision *policy,
    struct ucm_buffer *out, struct ucm_error *error);
void ucm_message_write_date(const struct ucm_message *message,
    const struct ucm_message_context *context, struct ucm_buffer *out);
/* Makes message->id where it is not set yet, and writes it. */
int ucm_message_write_id(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_buffer *out, struct ucm_error *error);

/* Adds the MIME-Version and Content fields, the empty line and the body. `header` holds the fields
 * before them. */
int ucm_mime_compose(struct ucm_message *message, const struct ucm_decision *policy,
    struct ucm_buffer *header, struct ucm_error *error);

/* Forgets the last reason of the message's handle and gives the place for the next. NULL, with the
 * reason, while the message is being sent: it is read from what a change would free. */
struct ucm_error *ucm_message_error(struct ucm_message *message);

#endif
