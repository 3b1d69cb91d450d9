/*
 * The body of a message: parts, encodings, boundaries (RFC 2045, 2046).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libsrc/composition.h"
#include "libsrc/field.h"
#include "libsrc/mediatype.h"
#include "libsrc/qp.h"
#include "libsrc/report.h"
#include "policy/limits.h"
#include "policy/text.h"

#define BOUNDARY_DIGEST 12 /* bytes of the digest that a boundary shows */
#define BOUNDARY_SIZE 32
#define CHARSET_SAMPLE 4096 /* octets of a text attachment that its charset is told from */

struct mime {
	struct ucm_pieces *pieces;
	struct ucm_buffer text; /* headers and boundaries since the last content */
	char mixed[BOUNDARY_SIZE];
	char alternative[BOUNDARY_SIZE];
};

/*
 * "=_" cannot stand in quoted-printable or base64; text that stays as it is gets searched. The
 * digest of the Message-ID keeps boundaries of one message inside another apart, and makes the same
 * octets of the same message.
 */
static void make_boundary(char out[BOUNDARY_SIZE], char kind, const char *id)
{
	unsigned char digest[32];
	char hex[2 * BOUNDARY_DIGEST + 1];

	ucm_sha256(id, strlen(id), digest);
	ucm_hex(digest, BOUNDARY_DIGEST, hex);
	(void)snprintf(out, BOUNDARY_SIZE, "=_%c%s", kind, hex);
}

/* Text collected so far becomes a piece of its own, then the next begins. */
static void flush(struct mime *mime)
{
	mime->pieces->failed |= mime->text.failed;
	ucm_pieces_add_bytes(mime->pieces, UCM_PIECE_VERBATIM, mime->text.bytes, mime->text.length);
	ucm_buffer_init(&mime->text, mime->pieces->arena);
}

static void put_delimiter(struct mime *mime, const char *boundary, const char *end)
{
	ucm_buffer_text(&mime->text, "--");
	ucm_buffer_text(&mime->text, boundary);
	ucm_buffer_text(&mime->text, end);
	ucm_buffer_text(&mime->text, "\r\n");
}

static void put_type(struct mime *mime, const char *type, const char *parameter, const char *value)
{
	struct ucm_field field;

	ucm_field_begin(&field, &mime->text, "Content-Type");
	ucm_field_token(&field, type);
	if (parameter)
		ucm_field_parameter(&field, parameter, value);
	ucm_field_end(&field);
}

static void begin_multipart(struct mime *mime, const char *type, const char *boundary)
{
	put_type(mime, type, "boundary", boundary);
	ucm_buffer_text(&mime->text, "\r\n");
}

/* ---- Text --------------------------------------------------------------------------------- */

struct manner { /* how a text is sent */
	enum ucm_piece_kind kind;
	const char *encoding;
	const char *charset;
};

/* Whether the text may go as it is: ASCII lines that end with CRLF, within the limit. */
static int is_seven_bit(const char *text, size_t length, int *ascii)
{
	const char *end = text + length;

	*ascii = ucm_ascii_run(text, length) == length;
	if (!*ascii || memchr(text, '\0', length))
		return 0;
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((lf ? lf : end) - text);

		if (lf && (!line || text[--line] != '\r'))
			return 0;
		if (line > UCM_TEXT_LINE_MAX || memchr(text, '\r', line))
			return 0;
		text = lf ? lf + 1 : end;
	}
	return 1;
}

static int contains(const char *text, size_t length, const char *word)
{
	return length && memmem(text, length, word, strlen(word)) != NULL;
}

/*
 * The shorter of the two, but the line feeds of a report do not count: what people can read in a
 * log or a trace is worth more than the octets that keep them as they are.
 */
static int prefers_base64(const char *text, size_t length)
{
	unsigned long long quoted = ucm_qp_length((const unsigned char *)text, length);

	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n' && (!i || text[i - 1] != '\r') && i + 1 < length)
			quoted -= sizeof("0A=\r\n") - 1;
	return ucm_base64_lines_length(length) < quoted;
}

static struct manner choose_manner(
    const struct mime *mime, const char *text, size_t length, const char *charset)
{
	struct manner manner = {UCM_PIECE_VERBATIM, "7bit", charset};
	int ascii;
	int as_is = is_seven_bit(text, length, &ascii);

	if (ascii)
		manner.charset = "us-ascii";
	if (as_is && !contains(text, length, mime->mixed) &&
	    !contains(text, length, mime->alternative))
		return manner;
	manner.kind = UCM_PIECE_QUOTED;
	manner.encoding = "quoted-printable";
	if (prefers_base64(text, length)) {
		manner.kind = UCM_PIECE_BASE64;
		manner.encoding = "base64";
	}
	return manner;
}

static void put_encoding(struct mime *mime, const char *encoding)
{
	ucm_buffer_text(&mime->text, "Content-Transfer-Encoding: ");
	ucm_buffer_text(&mime->text, encoding);
	ucm_buffer_text(&mime->text, "\r\n");
}

static void put_text(struct mime *mime, const char *type, const struct ucm_text *text)
{
	struct manner manner = choose_manner(mime, text->bytes, text->length, "utf-8");

	put_type(mime, type, "charset", manner.charset);
	put_encoding(mime, manner.encoding);
	ucm_buffer_text(&mime->text, "\r\n");
	flush(mime);
	ucm_pieces_add_bytes(mime->pieces, manner.kind, text->bytes, text->length);
}

static void put_alternatives(struct mime *mime, const struct ucm_message *message)
{
	begin_multipart(mime, "multipart/alternative", mime->alternative);
	put_delimiter(mime, mime->alternative, "");
	put_text(mime, "text/plain", &message->text);
	ucm_buffer_text(&mime->text, "\r\n");
	put_delimiter(mime, mime->alternative, "");
	put_text(mime, "text/html", &message->html);
	ucm_buffer_text(&mime->text, "\r\n");
	put_delimiter(mime, mime->alternative, "--");
}

static void put_body(struct mime *mime, const struct ucm_message *message)
{
	static const struct ucm_text empty = {"", 0};

	if (message->html.bytes && message->text.bytes)
		put_alternatives(mime, message);
	else if (message->html.bytes)
		put_text(mime, "text/html", &message->html);
	else
		put_text(mime, "text/plain", message->text.bytes ? &message->text : &empty);
}

/* ---- Attachments -------------------------------------------------------------------------- */

/*
 * The fall-back for readers that do not know RFC 2231 stands in Content-Type: beside filename* in
 * Content-Disposition many take whichever comes first or last.
 */
static void put_fallback_name(struct ucm_field *field, const char *name)
{
	char ascii[UCM_ATTACHMENT_NAME_MAX + 1];
	size_t used = 0, step;

	for (; *name && used < sizeof(ascii) - 1; name += step) {
		char c = *name;

		step = ucm_utf8_sequence(name, strlen(name));
		step = step ? step : 1;
		ascii[used++] = c > ' ' && c <= '~' && !strchr("\"\\%;=?", c) ? c : '_';
	}
	ascii[used] = '\0';
	ucm_field_parameter(field, "name", ascii);
}

static void put_attachment_header(struct mime *mime, const struct ucm_attachment *attachment,
    const char *charset, const char *encoding)
{
	struct ucm_field field;

	ucm_field_begin(&field, &mime->text, "Content-Type");
	ucm_field_token(&field, attachment->type);
	if (charset)
		ucm_field_parameter(&field, "charset", charset);
	if (ucm_parameter_is_extended(attachment->name))
		put_fallback_name(&field, attachment->name);
	else
		ucm_field_parameter(&field, "name", attachment->name);
	ucm_field_end(&field);
	put_encoding(mime, encoding);
	ucm_field_begin(&field, &mime->text, "Content-Disposition");
	ucm_field_token(&field, "attachment");
	ucm_field_parameter(&field, "filename", attachment->name);
	ucm_field_end(&field);
	ucm_buffer_text(&mime->text, "\r\n");
}

static int put_report(struct mime *mime, const struct ucm_attachment *attachment, unsigned limit,
    struct ucm_error *error)
{
	struct ucm_report report = {0};
	struct manner manner;

	if (ucm_report_read(&attachment->data, limit, mime->pieces->arena, &report, error))
		return -1;
	manner = choose_manner(
	    mime, report.bytes, report.length, report.is_utf8 ? "utf-8" : "unknown-8bit");
	put_attachment_header(mime, attachment, manner.charset, manner.encoding);
	flush(mime);
	ucm_pieces_add_bytes(mime->pieces, manner.kind, report.bytes, report.length);
	return 0;
}

/*
 * "utf-8" for text that begins as UTF-8, so that readers need not guess; else NULL. The sample may
 * end inside a character.
 */
static int find_charset(
    const struct ucm_attachment *attachment, const char **ret, struct ucm_error *error)
{
	unsigned char room[CHARSET_SAMPLE];
	size_t length =
	    attachment->data.size < sizeof(room) ? (size_t)attachment->data.size : sizeof(room);
	const char *text;

	*ret = NULL;
	if (!ucm_media_type_is_text(attachment->type))
		return 0;
	text = (const char *)ucm_octets_at(&attachment->data, 0, length, room, error);
	if (!text)
		return -1;
	for (size_t step; length; text += step, length -= step) {
		step = ucm_utf8_sequence(text, length);
		if (!step && (length > 3 || attachment->data.size <= sizeof(room)))
			return 0;
		step = step ? step : length;
	}
	*ret = "utf-8";
	return 0;
}

static int put_attachment(struct mime *mime, struct ucm_attachment *attachment,
    const struct ucm_decision *policy, struct ucm_error *error)
{
	const char *charset;

	if (ucm_octets_refresh(&attachment->data, error))
		return -1;
	if (attachment->is_report)
		return put_report(mime, attachment, policy->max_report_bytes, error);
	if (!policy->file_attachments)
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "SMTP_FILE_ATTACHMENT is N: files may not be attached, as %s is",
		    attachment->name);
	if (find_charset(attachment, &charset, error))
		return -1;
	put_attachment_header(mime, attachment, charset, "base64");
	flush(mime);
	ucm_pieces_add_base64(mime->pieces, &attachment->data);
	return 0;
}

static int put_mixed(struct mime *mime, struct ucm_message *message,
    const struct ucm_decision *policy, struct ucm_error *error)
{
	begin_multipart(mime, "multipart/mixed", mime->mixed);
	put_delimiter(mime, mime->mixed, "");
	if (message->text.bytes || message->html.bytes) {
		put_body(mime, message);
		ucm_buffer_text(&mime->text, "\r\n");
		put_delimiter(mime, mime->mixed, "");
	}
	for (struct ucm_attachment *next = message->attachments; next; next = next->next) {
		if (put_attachment(mime, next, policy, error))
			return -1;
		ucm_buffer_text(&mime->text, "\r\n");
		put_delimiter(mime, mime->mixed, next->next ? "" : "--");
	}
	return 0;
}

/* Whether the last octets sent will be CRLF: the encoders end as their input does. */
static int ends_with_line_end(const struct ucm_pieces *pieces)
{
	const struct ucm_piece *last = pieces->last;

	if (!last || last->kind == UCM_PIECE_BASE64 || last->data.size < 2)
		return !last;
	return !memcmp(last->data.bytes + last->data.size - 2, "\r\n", 2);
}

int ucm_mime_compose(struct ucm_message *message, const struct ucm_decision *policy,
    struct ucm_buffer *header, struct ucm_error *error)
{
	struct mime mime = {.pieces = &message->pieces, .text = *header};

	make_boundary(mime.mixed, 'm', ucm_message_id(message));
	make_boundary(mime.alternative, 'a', ucm_message_id(message));
	ucm_buffer_text(&mime.text, "MIME-Version: 1.0\r\n");
	if (message->attachments) {
		if (put_mixed(&mime, message, policy, error))
			return -1;
	} else {
		put_body(&mime, message);
	}
	flush(&mime);
	if (!ends_with_line_end(&message->pieces))
		ucm_pieces_add_bytes(&message->pieces, UCM_PIECE_VERBATIM, "\r\n", 2);
	return 0;
}
