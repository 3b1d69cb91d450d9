/*
 * The header block of a message.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libsrc/composition.h"
#include "libsrc/date.h"
#include "libsrc/field.h"
#include "policy/address.h"
#include "policy/limits.h"
#include "policy/text.h"

#define RANDOM_BYTES 16

/* An address of the policy. */
static int parse_own(
    const char *what, const char *text, struct ucm_address *ret, struct ucm_error *error)
{
	enum ucm_address_fault fault = ucm_address_parse(text, ret);

	if (fault == UCM_ADDRESS_OK)
		return 0;
	return ucm_fail(
	    error, UCM_CLASS_POLICY, "%s \"%s\" %s", what, text, ucm_address_fault_text(fault));
}

static int from_address(const struct ucm_message *message, const struct ucm_decision *policy,
    struct ucm_address *ret, struct ucm_error *error)
{
	const char *own = message->item[UCM_FROM];
	struct ucm_address chosen;

	if (!policy->from_header || !policy->from)
		return ucm_fail(error, UCM_CLASS_POLICY, "the policy has no SMTP_FROM_ADDR");
	if (parse_own("SMTP_FROM_ADDR", policy->from_header, ret, error))
		return -1;
	if (!own)
		return 0;
	if (parse_own("the sender", own, &chosen, error))
		return -1;
	if (!ucm_same_mailbox(chosen.mailbox, ret->mailbox))
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "the sender %s is not the policy's SMTP_FROM_ADDR %s", chosen.mailbox,
		    ret->mailbox);
	*ret = chosen;
	return 0;
}

static void write_mailbox(
    struct ucm_buffer *out, const char *field_name, const char *name, const char *mailbox)
{
	struct ucm_field field;

	ucm_field_begin(&field, out, field_name);
	ucm_field_mailbox(&field, name, mailbox, 0);
	ucm_field_end(&field);
}

static void write_text(struct ucm_buffer *out, const char *field_name, const char *value)
{
	struct ucm_field field;

	ucm_field_begin(&field, out, field_name);
	ucm_field_token(&field, value);
	ucm_field_end(&field);
}

int ucm_message_write_from(struct ucm_message *message, const struct ucm_decision *policy,
    struct ucm_buffer *out, struct ucm_error *error)
{
	struct ucm_address address;

	if (from_address(message, policy, &address, error))
		return -1;
	write_mailbox(out, "From", address.name, address.mailbox);
	return 0;
}

void ucm_message_write_date(const struct ucm_message *message,
    const struct ucm_message_context *context, struct ucm_buffer *out)
{
	char date[UCM_DATE_SIZE];

	ucm_date_format(context->now, context->utc_offset_minutes, date);
	write_text(out, "Date", message->item[UCM_DATE] ? message->item[UCM_DATE] : date);
}

int ucm_message_write_id(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_buffer *out, struct ucm_error *error)
{
	const char *given = message->item[UCM_MESSAGE_ID];

	if (!given && !message->id) {
		char hex[2 * RANDOM_BYTES + 1];
		const char *domain;

		domain = policy->from ? strrchr(policy->from, '@') : NULL;
		if (!domain)
			return ucm_fail(
			    error, UCM_CLASS_POLICY, "the policy has no SMTP_FROM_ADDR");
		ucm_hex(context->random, RANDOM_BYTES, hex);
		message->id = ucm_arena_format(&message->arena, "<%s%s>", hex, domain);
		if (!message->id)
			return ucm_out_of_memory(error);
	}
	write_text(out, "Message-ID", given ? given : message->id);
	return 0;
}

static int write_reply_to(
    const struct ucm_decision *policy, struct ucm_buffer *out, struct ucm_error *error)
{
	struct ucm_address address;

	if (!policy->reply_to)
		return 0;
	if (parse_own("SMTP_REPLY_TO", policy->reply_to, &address, error))
		return -1;
	write_mailbox(out, "Reply-To", address.name, address.mailbox);
	return 0;
}

static const struct ucm_addressee *next_of(
    const struct ucm_addressee *addressee, enum ucm_recipient_kind kind)
{
	while (addressee && addressee->kind != kind)
		addressee = addressee->next;
	return addressee;
}

static void write_addressees(const struct ucm_message *message, enum ucm_recipient_kind kind,
    const char *name, struct ucm_buffer *out)
{
	const struct ucm_addressee *next = next_of(message->recipients.first, kind);
	struct ucm_field field;

	if (!next)
		return;
	ucm_field_begin(&field, out, name);
	while (next) {
		const struct ucm_addressee *current = next;

		next = next_of(current->next, kind);
		ucm_field_mailbox(&field, current->name, current->mailbox, next != NULL);
	}
	ucm_field_end(&field);
}

/* The caller's own fields may be structured: ASCII stays as it is. */
static void write_extra(const struct ucm_extra_header *header, struct ucm_buffer *out)
{
	struct ucm_field field;

	ucm_field_begin(&field, out, header->name);
	if (!*header->value)
		ucm_buffer_text(out, " ");
	else if (ucm_is_ascii(header->value))
		ucm_field_text(&field, header->value, strlen(header->value));
	else
		ucm_field_encoded(&field, header->value, strlen(header->value));
	ucm_field_end(&field);
}

static void write_subject(const struct ucm_message *message, struct ucm_buffer *out)
{
	struct ucm_field field;

	if (!message->item[UCM_SUBJECT])
		return;
	ucm_field_begin(&field, out, "Subject");
	ucm_field_unstructured(&field, message->item[UCM_SUBJECT]);
	ucm_field_end(&field);
}

int ucm_message_compose(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_error *error)
{
	struct ucm_buffer out;

	ucm_buffer_init(&out, &message->made);
	ucm_message_write_date(message, context, &out);
	if (ucm_message_write_from(message, policy, &out, error) ||
	    write_reply_to(policy, &out, error))
		return -1;
	write_addressees(message, UCM_TO, "To", &out);
	write_addressees(message, UCM_CC, "Cc", &out);
	if (ucm_message_write_id(message, policy, context, &out, error))
		return -1;
	write_subject(message, &out);
	for (const struct ucm_extra_header *next = message->headers; next; next = next->next)
		write_extra(next, &out);
	return ucm_mime_compose(message, policy, &out, error);
}

static int refuse_parts(const struct ucm_message *message, struct ucm_error *error)
{
	if (!message->text.bytes && !message->html.bytes && !message->attachments &&
	    !message->headers && !message->item[UCM_SUBJECT])
		return 0;
	return ucm_fail(error, UCM_CLASS_USAGE,
	    "a ready message takes no subject, header, body or attachment besides");
}

int ucm_message_compose_raw(struct ucm_message *message, const struct ucm_decision *policy,
    const struct ucm_message_context *context, struct ucm_error *error)
{
	const struct ucm_raw *raw = &message->raw;
	struct ucm_buffer out;

	if (refuse_parts(message, error))
		return -1;
	ucm_buffer_init(&out, &message->made);
	if (!raw->has_date)
		ucm_message_write_date(message, context, &out);
	if (!raw->id && ucm_message_write_id(message, policy, context, &out, error))
		return -1;
	if (out.failed)
		return ucm_out_of_memory(error);
	ucm_pieces_add_bytes(&message->pieces, UCM_PIECE_VERBATIM, out.bytes, out.length);
	ucm_pieces_add_bytes(
	    &message->pieces, UCM_PIECE_VERBATIM, raw->header.bytes, raw->header.length);
	ucm_pieces_add_lines(&message->pieces, &raw->data, raw->body, raw->body_size);
	return 0;
}
