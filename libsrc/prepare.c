/*
 * A message under a policy: completed, measured, read.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "libsrc/composition.h"
#include "libsrc/date.h"
#include "libsrc/handle.h"
#include "policy/address.h"
#include "policy/text.h"

#define WRITE_CHUNK 8192

const struct ucm_recipients *ucm_message_recipients(const struct ucm_message *message)
{
	if (!message->recipients.count && message->raw.is_set)
		return &message->raw.recipients;
	return &message->recipients;
}

/* What needs SMTPUTF8, in the words of a refusal where the server lacks it; NULL: nothing does. */
static int find_advice(
    struct ucm_message *message, const struct ucm_decision *policy, struct ucm_error *error)
{
	const char *mailbox = ucm_message_recipients(message)->utf8, *at;
	struct ucm_address reply_to;

	message->advice = NULL;
	if (!mailbox && policy->from && !ucm_is_ascii(policy->from))
		mailbox = policy->from;
	/* A name before the address is encoded. */
	if (!mailbox && !message->raw.is_set && policy->reply_to &&
	    ucm_address_parse(policy->reply_to, &reply_to) == UCM_ADDRESS_OK && reply_to.utf8)
		mailbox = reply_to.mailbox;
	if (!mailbox) {
		if (message->raw.is_set && message->raw.utf8_header)
			message->advice =
			    "the header of the message holds characters outside ASCII: "
			    "encode them by RFC 2047";
		return 0;
	}
	at = strrchr(mailbox, '@');
	message->advice = ucm_arena_format(&message->made, "%s%s", mailbox,
	    at && !ucm_is_ascii(at)
		? " has a domain outside ASCII: write its A-label (xn--…)"
		: " has a name outside ASCII before the @: use another address");
	return message->advice ? 0 : ucm_out_of_memory(error);
}

static int compose(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_error *error)
{
	if (!message->recipients.count && message->raw.is_set && message->raw.fault)
		return ucm_fail(error, UCM_CLASS_MESSAGE, "%s", message->raw.fault);
	if (!ucm_message_recipients(message)->count)
		return ucm_fail(error, UCM_CLASS_MESSAGE, "the message has no recipient");
	if (message->raw.is_set)
		return ucm_message_compose_raw(message, policy, context, error);
	return ucm_message_compose(message, policy, context, error);
}

int ucm_message_prepare(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_message_needs *ret,
    struct ucm_error *error)
{
	message->reader = NULL;
	message->advice = NULL;
	ucm_arena_free(&message->made);
	ucm_pieces_init(&message->pieces, &message->made);
	if (find_advice(message, policy, error) || compose(message, policy, context, error))
		return -1;
	message->reader = ucm_arena_alloc(&message->made, sizeof(*message->reader));
	if (message->pieces.failed || !message->reader) {
		message->reader = NULL;
		return ucm_out_of_memory(error);
	}
	ucm_reader_start(message->reader, &message->pieces);
	ret->eight_bit = message->raw.is_set && message->raw.eight_bit;
	ret->smtputf8 = message->advice != NULL;
	ret->smtputf8_advice = message->advice;
	ret->size = message->pieces.size;
	return 0;
}

int ucm_message_prepare_now(
    struct ucm_message *message, struct ucm_message_needs *ret, struct ucm_error *error)
{
	const struct ucm *handle = message->handle;
	unsigned char random[16];
	struct ucm_message_context context = {.now = ucm_handle_now(handle), .random = random};

	context.utc_offset_minutes = ucm_date_local_offset(context.now);
	if (getentropy(random, sizeof(random)) != 0)
		return ucm_fail(error, UCM_CLASS_IO, "the system gives no random octets");
	return ucm_message_prepare(message, &handle->decision, &context, ret, error);
}

ssize_t ucm_message_read(
    struct ucm_message *message, void *bytes, size_t room, struct ucm_error *error)
{
	if (!message->reader)
		return ucm_fail(error, UCM_CLASS_USAGE, "the message was not prepared");
	return ucm_reader_read(message->reader, bytes, room, error);
}

int ucm_message_rewind(struct ucm_message *message, struct ucm_error *error)
{
	if (!message->reader)
		return ucm_fail(error, UCM_CLASS_USAGE, "the message was not prepared");
	ucm_reader_start(message->reader, &message->pieces);
	return 0;
}

static int pour(struct ucm_message *message,
    int (*sink)(const void *bytes, size_t length, void *arg), void *arg, struct ucm_error *error)
{
	unsigned char chunk[WRITE_CHUNK];
	ssize_t count;

	while ((count = ucm_message_read(message, chunk, sizeof(chunk), error)) > 0)
		if (sink(chunk, (size_t)count, arg))
			return ucm_fail(error, UCM_CLASS_IO, "the message could not be written");
	return count ? -1 : 0;
}

int ucm_message_write(struct ucm_message *message,
    int (*sink)(const void *bytes, size_t length, void *arg), void *arg)
{
	struct ucm_message_needs needs;
	struct ucm_error *error;

	if (!message || !sink)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	if (ucm_handle_decide(message->handle) || ucm_handle_refuses(message->handle, error) ||
	    ucm_message_prepare_now(message, &needs, error) || pour(message, sink, arg, error))
		return (int)error->class;
	return UCM_OK;
}

/* ---- What the session asks ----------------------------------------------------------------- */

size_t ucm_message_recipient_count(const struct ucm_message *message)
{
	return ucm_message_recipients(message)->count;
}

const char *ucm_message_recipient(const struct ucm_message *message, size_t index)
{
	const struct ucm_recipients *recipients = ucm_message_recipients(message);

	return index < recipients->count ? recipients->envelope[index] : NULL;
}

const char *ucm_message_id(const struct ucm_message *message)
{
	if (message->raw.is_set && message->raw.id)
		return message->raw.id;
	if (message->item[UCM_MESSAGE_ID])
		return message->item[UCM_MESSAGE_ID];
	return message->id ? message->id : "";
}

const char *ucm_message_dsn_notify(const struct ucm_message *message)
{
	return message->item[UCM_DSN];
}

const char *ucm_message_envelope_id(const struct ucm_message *message)
{
	return message->item[UCM_ENVELOPE_ID];
}

struct ucm *ucm_message_handle(const struct ucm_message *message)
{
	return message->handle;
}
