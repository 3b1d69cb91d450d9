/*
 * From what a program wrote to a message that every server takes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/buffer.h"
#include "libsrc/qp.h"
#include "policy/text.h"
#include "tools/sendmail.h"
#include "tools/sendmail_words.h"

struct body { /* what decides how it travels */
	const char *bytes;
	size_t size;
	int eight_bit, long_line, utf8;
};

/* ---- Recipients --------------------------------------------------------------------------- */

static const char *const address_fields[] = {
    "To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"};

static int is_address_field(const char *name)
{
	for (size_t i = 0; i < sizeof address_fields / sizeof address_fields[0]; i++)
		if (ucm_equal_nocase(name, address_fields[i]))
			return 1;
	return 0;
}

/* The recipients of the command line as one list. */
static const char *list_arguments(const struct ucm_sendmail_options *options,
    const struct ucm_sendmail_config *config, struct ucm_arena *arena, struct ucm_error *error)
{
	struct ucm_buffer list;

	ucm_buffer_init(&list, arena);
	for (int i = 0; i < options->recipient_count; i++) {
		const char *one = ucm_sendmail_qualify(options->recipient[i], config, arena, error);

		if (!one)
			return NULL;
		if (list.length)
			ucm_buffer_text(&list, ",\n ");
		ucm_buffer_text(&list, one);
	}
	const char *result =
	    list.failed ? NULL : ucm_arena_copy(arena, list.length ? list.bytes : "", list.length);
	if (!result)
		ucm_out_of_memory(error);
	return result;
}

static int complete_fields(
    struct ucm_header *header, const struct ucm_sendmail_config *config, struct ucm_error *error)
{
	for (struct ucm_header_field *field = header->first; field; field = field->next) {
		if (!is_address_field(field->name))
			continue;
		const char *value =
		    ucm_sendmail_qualify(field->value, config, header->arena, error);
		if (!value)
			return -1;
		if (value != field->value)
			ucm_header_change(header, field, value);
	}
	return 0;
}

static int has_destination(const struct ucm_header *header)
{
	for (size_t i = 0; i < sizeof address_fields / sizeof address_fields[0]; i++)
		if (ucm_header_find(header, address_fields[i]))
			return 1;
	return 0;
}

/* A newline of folding is for the header only. */
static int add_recipients(
    struct ucm_message *message, struct ucm *handle, char *list, struct ucm_error *error)
{
	for (char *at = list; *at; at++)
		if (*at == '\n')
			*at = ' ';
	int status = ucm_message_add_recipient(message, UCM_TO, list);
	return status ? ucm_fail(error, (enum ucm_class)status, "%s", ucm_error(handle)) : 0;
}

static int set_recipients(struct ucm_header *header, struct ucm_message *message,
    struct ucm *handle, const struct ucm_sendmail_options *options,
    const struct ucm_sendmail_config *config, struct ucm_error *error)
{
	int had_header = header->first != NULL;
	const char *list = list_arguments(options, config, header->arena, error);

	if (!list || complete_fields(header, config, error))
		return -1;
	if (options->from_header) { /* the library takes them from there */
		if (*list)
			ucm_header_add(header, "Bcc", list);
		return 0;
	}
	if (!has_destination(header))
		ucm_header_add(header, "To", had_header ? "undisclosed-recipients:;" : list);
	char *copy = ucm_arena_string(header->arena, list);
	return copy ? add_recipients(message, handle, copy, error) : ucm_out_of_memory(error);
}

/* ---- Encoding ----------------------------------------------------------------------------- */

static void judge_body(struct body *body)
{
	size_t column = 0;

	body->utf8 = 1;
	for (size_t i = 0; i < body->size; i++) {
		column = body->bytes[i] == '\n' ? 0 : column + 1;
		body->long_line |= column > UCM_TEXT_LINE_MAX;
	}
	body->eight_bit = ucm_ascii_run(body->bytes, body->size) < body->size;
	for (size_t at = 0; body->eight_bit && at < body->size;) {
		size_t step = ucm_utf8_sequence(body->bytes + at, body->size - at);

		body->utf8 &= step != 0;
		at += step ? step : 1;
	}
}

static int begins_nocase(const char *text, const char *prefix)
{
	while (*prefix && ucm_lower((unsigned char)*text) == *prefix) {
		text++;
		prefix++;
	}
	return !*prefix;
}

/* Only one plain text may be encoded anew: of anything else the parts would have to be known. */
static int may_encode(const struct ucm_header *header)
{
	const struct ucm_header_field *type = ucm_header_find(header, "Content-Type");
	const struct ucm_header_field *how = ucm_header_find(header, "Content-Transfer-Encoding");

	if (type && !begins_nocase(type->value, "text/"))
		return 0;
	return !how || ucm_equal_nocase(how->value, "7bit") ||
	       ucm_equal_nocase(how->value, "8bit") || ucm_equal_nocase(how->value, "binary");
}

static void describe_encoding(struct ucm_header *header, const struct body *body)
{
	if (!ucm_header_find(header, "MIME-Version"))
		ucm_header_add(header, "MIME-Version", "1.0");
	if (!ucm_header_find(header, "Content-Type"))
		ucm_header_add(header, "Content-Type",
		    !body->eight_bit ? "text/plain; charset=us-ascii"
		    : body->utf8     ? "text/plain; charset=utf-8"
				     : "text/plain; charset=unknown-8bit");
	ucm_header_drop(header, "Content-Transfer-Encoding");
	ucm_header_add(header, "Content-Transfer-Encoding", "quoted-printable");
}

static void write_encoded(struct ucm_buffer *out, const struct body *body)
{
	const char *next = body->bytes, *end = body->bytes + body->size;
	char line[UCM_QP_LINE_MAX];

	while (next < end) {
		const char *feed = memchr(next, '\n', (size_t)(end - next));
		size_t length = (size_t)((feed ? feed : end) - next), offset = 0;

		if (length && next[length - 1] == '\r')
			length--;
		while (offset < length) {
			size_t written =
			    ucm_qp_line((const unsigned char *)next, length, &offset, line);

			ucm_buffer_add(out, line, written);
		}
		ucm_buffer_text(out, "\r\n");
		next = feed ? feed + 1 : end;
	}
}

/* Fields of free text that were not encoded need no server that takes SMTPUTF8. */
static void encode_fields(struct ucm_header *header)
{
	for (struct ucm_header_field *field = header->first; field; field = field->next) {
		int is_text = ucm_equal_nocase(field->name, "Subject") ||
			      ucm_equal_nocase(field->name, "Comments") ||
			      begins_nocase(field->name, "x-");

		if (!is_text || ucm_is_ascii(field->value))
			continue;
		const char *words = ucm_words_encode(header->arena, field->value);
		if (words)
			ucm_header_change(header, field, words);
	}
}

/* ---- Whole -------------------------------------------------------------------------------- */

static int set_raw(struct ucm_message *message, struct ucm *handle, struct ucm_header *header,
    struct body *body, struct ucm_error *error)
{
	struct ucm_buffer out;
	int encoded;

	judge_body(body);
	encoded = (body->eight_bit || body->long_line) && may_encode(header);
	if (encoded)
		describe_encoding(header, body);
	ucm_buffer_init(&out, header->arena);
	for (const struct ucm_header_field *field = header->first; field; field = field->next)
		ucm_buffer_add(&out, field->lines, field->size);
	ucm_buffer_text(&out, "\n");
	if (encoded)
		write_encoded(&out, body);
	else
		ucm_buffer_add(&out, body->bytes, body->size);
	if (out.failed || header->arena->failed)
		return ucm_out_of_memory(error);
	int status = ucm_message_set_raw(message, out.bytes, out.length);
	return status ? ucm_fail(error, (enum ucm_class)status, "%s", ucm_error(handle)) : 0;
}

static int set_items(struct ucm_message *message, struct ucm *handle,
    const struct ucm_sendmail_options *options, struct ucm_error *error)
{
	int status = UCM_OK;

	if (options->dsn)
		status = ucm_message_set(message, UCM_DSN, options->dsn);
	if (!status && options->envelope_id)
		status = ucm_message_set(message, UCM_ENVELOPE_ID, options->envelope_id);
	return status ? ucm_fail(error, UCM_CLASS_USAGE, "%s", ucm_error(handle)) : 0;
}

/* SMTP_FROM_ADDR as it is set, with its name. NULL where the policy has none to show. */
static const char *policy_sender(const struct ucm *handle)
{
	struct ucm_source source;

	for (size_t i = 0; ucm_policy_source(handle, i, &source) == UCM_OK; i++)
		if (strcmp(source.key, "SMTP_FROM_ADDR") == 0 && source.value)
			return source.value;
	return ucm_policy_text(handle, UCM_POLICY_FROM);
}

int ucm_sendmail_fill(struct ucm_message *message, struct ucm *handle,
    const struct ucm_sendmail_options *options, const struct ucm_sendmail_config *config,
    const struct ucm_input *input, struct ucm_error *error)
{
	struct ucm_arena arena;
	struct ucm_header header;
	size_t body_at;
	int result;

	ucm_arena_init(&arena, NULL, 0);
	body_at = ucm_header_read(&header, &arena, input->bytes, input->size);
	struct body body = {.bytes = input->bytes + body_at, .size = input->size - body_at};
	result = set_items(message, handle, options, error);
	if (!result)
		result = set_recipients(&header, message, handle, options, config, error);
	if (!result)
		result = ucm_sendmail_set_sender(&header, options, config, policy_sender(handle),
		    ucm_policy_text(handle, UCM_POLICY_REPLY_TO), error);
	if (!result) {
		encode_fields(&header);
		result = set_raw(message, handle, &header, &body, error);
	}
	ucm_arena_free(&arena);
	return result;
}
