/*
 * Quoted-printable, line by line.
 */
#include "config.h"

#include "libsrc/qp.h"

#define QP_TEXT_MAX 76 /* a line without CRLF; a soft break's "=" counts */

static const char hex[] = "0123456789ABCDEF";

static int is_break(const unsigned char *bytes, size_t size, size_t offset)
{
	return offset + 1 < size && bytes[offset] == '\r' && bytes[offset + 1] == '\n';
}

/* The end of a line of the text: nothing more will be written to this line. */
static int is_line_end(const unsigned char *bytes, size_t size, size_t offset)
{
	return offset == size || is_break(bytes, size, offset);
}

/* White space survives inside a line only: relays strip it from the end. */
static int is_literal(const unsigned char *bytes, size_t size, size_t offset)
{
	unsigned char c = bytes[offset];

	if (c == ' ' || c == '\t')
		return !is_line_end(bytes, size, offset + 1);
	return c > ' ' && c < 0x7F && c != '=';
}

static size_t put_break(char *out, size_t length, int soft)
{
	if (soft)
		out[length++] = '=';
	out[length++] = '\r';
	out[length++] = '\n';
	return length;
}

size_t ucm_qp_line(
    const unsigned char *bytes, size_t size, size_t *offset, char out[UCM_QP_LINE_MAX])
{
	size_t at = *offset, length = 0;

	while (at < size && !is_break(bytes, size, at)) {
		size_t width = is_literal(bytes, size, at) ? 1 : 3;
		size_t limit = is_line_end(bytes, size, at + 1) ? QP_TEXT_MAX : QP_TEXT_MAX - 1;
		unsigned char c = bytes[at];

		if (length + width > limit) {
			*offset = at;
			return put_break(out, length, 1);
		}
		at++;
		if (width == 1) {
			out[length++] = (char)c;
			continue;
		}
		out[length++] = '=';
		out[length++] = hex[c >> 4];
		out[length++] = hex[c & 15];
		/* A soft break behind a lone LF keeps the lines of a text that has such ends. */
		if (c == '\n' && !is_line_end(bytes, size, at)) {
			*offset = at;
			return put_break(out, length, 1);
		}
	}
	if (at < size) {
		length = put_break(out, length, 0);
		at += 2;
	}
	*offset = at;
	return length;
}

unsigned long long ucm_qp_length(const unsigned char *bytes, size_t size)
{
	unsigned long long total = 0;
	char line[UCM_QP_LINE_MAX];

	for (size_t offset = 0; offset < size;)
		total += ucm_qp_line(bytes, size, &offset, line);
	return total;
}
