/*
 * Messages: made, filled, freed.
 */
#include "config.h"

#include <string.h>

#include "libsrc/body.h"
#include "libsrc/composition.h"
#include "libsrc/field.h"
#include "libsrc/handle.h"
#include "policy/text.h"

struct ucm_error *ucm_message_error(struct ucm_message *message)
{
	struct ucm_error *error = &message->handle->error;

	ucm_error_clear(error);
	if (!ucm_send_is_under_way(message->handle, message))
		return error;
	(void)ucm_fail(
	    error, UCM_CLASS_USAGE, "the message is being sent: change it when that is over");
	return NULL;
}

int ucm_message_new(struct ucm *handle, struct ucm_message **ret)
{
	struct ucm_message *message;

	if (!handle || !ret)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	message = ucm_handle_resize(handle, NULL, sizeof(*message));
	if (!message) {
		(void)ucm_out_of_memory(&handle->error);
		return UCM_E_MEMORY;
	}
	memset(message, 0, sizeof(*message));
	message->handle = handle;
	ucm_arena_init(&message->arena, &handle->allocator, 0);
	ucm_arena_init(&message->made, &handle->allocator, 0);
	ucm_recipients_init(&message->recipients, &message->arena);
	ucm_octets_init(&message->raw.data);
	message->next = handle->messages;
	if (message->next)
		message->next->previous = message;
	handle->messages = message;
	*ret = message;
	return UCM_OK;
}

void ucm_message_free(struct ucm_message *message)
{
	if (!message)
		return;
	ucm_send_give_up(message->handle, message);
	if (message->previous)
		message->previous->next = message->next;
	else
		message->handle->messages = message->next;
	if (message->next)
		message->next->previous = message->previous;
	for (struct ucm_attachment *next = message->attachments; next; next = next->next)
		ucm_octets_close(&next->data);
	ucm_octets_close(&message->raw.data);
	ucm_arena_free(&message->made);
	ucm_arena_free(&message->arena);
	(void)ucm_handle_resize(message->handle, message, 0);
}

void ucm_messages_free_all(struct ucm *handle)
{
	while (handle->messages)
		ucm_message_free(handle->messages);
}

int ucm_message_add_recipient(
    struct ucm_message *message, enum ucm_recipient_kind kind, const char *addresses)
{
	struct ucm_error *error;

	if (!message)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	if (!addresses || kind < UCM_TO || kind > UCM_BCC)
		(void)ucm_fail(error, UCM_CLASS_USAGE, "no such kind of recipient");
	else
		(void)ucm_recipients_add(&message->recipients, kind, addresses, error);
	return (int)error->class;
}

int ucm_message_add_header(struct ucm_message *message, const char *name, const char *value)
{
	struct ucm_error *error;
	struct ucm_extra_header *header;
	const char *start;
	size_t length;

	if (!message || !name || !value)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	if (ucm_field_check_name(name, error) || ucm_field_check_value(name, value, error) ||
	    ucm_field_check_words(name, value, error))
		return (int)error->class;
	header = ucm_arena_alloc(&message->arena, sizeof(*header));
	length = ucm_trim(value, &start);
	if (header) {
		header->name = ucm_arena_string(&message->arena, name);
		header->value = ucm_arena_copy(&message->arena, start, length);
	}
	if (!header || !header->name || !header->value) {
		(void)ucm_out_of_memory(error);
		return UCM_E_MEMORY;
	}
	if (message->last_header)
		message->last_header->next = header;
	else
		message->headers = header;
	message->last_header = header;
	return UCM_OK;
}

/* ---- Body --------------------------------------------------------------------------------- */

static int check_text(const char *bytes, size_t length, struct ucm_error *error)
{
	size_t at = 0, step;

	/* A NUL is text that base64 can carry. */
	for (; (at += ucm_ascii_run(bytes + at, length - at)) < length; at += step) {
		step = ucm_utf8_sequence(bytes + at, length - at);
		if (!step)
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "the body is not UTF-8 (octet %zu): convert it with iconv, "
			    "or attach it as a file",
			    at + 1);
	}
	return 0;
}

static size_t count(const char *bytes, size_t length, char wanted)
{
	const char *end = bytes + length, *next = bytes;
	size_t found = 0;

	for (; next < end && (next = memchr(next, wanted, (size_t)(end - next))); next++)
		found++;
	return found;
}

static int set_text(
    struct ucm_message *message, struct ucm_text *text, const char *bytes, size_t length)
{
	struct ucm_error *error;
	struct ucm_body lines;
	char *copy;

	if (!message)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	if (!bytes) {
		memset(text, 0, sizeof(*text));
		return UCM_OK;
	}
	if (check_text(bytes, length, error))
		return (int)error->class;
	copy = ucm_arena_alloc(
	    &message->arena, length + count(bytes, length, '\n') + count(bytes, length, '\r') + 1);
	if (!copy) {
		(void)ucm_out_of_memory(error);
		return UCM_E_MEMORY;
	}
	ucm_body_init(&lines);
	lines.raw = 1;
	text->bytes = copy;
	text->length = ucm_body_add(&lines, bytes, length, copy);
	return UCM_OK;
}

int ucm_message_set_body(struct ucm_message *message, const char *text, size_t length)
{
	return message ? set_text(message, &message->text, text, length) : UCM_E_USAGE;
}

int ucm_message_set_html(struct ucm_message *message, const char *html, size_t length)
{
	return message ? set_text(message, &message->html, html, length) : UCM_E_USAGE;
}
