/*
 * The pass over all octets of a ready message: lines, NUL, the end of the header, the size.
 */
#include "config.h"

#include "libsrc/raw.h"
#include "policy/limits.h"

#define SCAN_CHUNK 16384

struct scan {
	unsigned long long offset; /* of the next octet */
	unsigned long long line; /* number, from 1 */
	unsigned long long size; /* so far, with CRLF */
	unsigned long long header_size; /* the same, at the end of the header */
	size_t column;
	int after_cr;
	int in_body;
};

static int line_too_long(const struct scan *scan, struct ucm_error *error)
{
	return ucm_fail(error, UCM_CLASS_MESSAGE,
	    "line %llu of the message is over %d octets, which SMTP cannot carry: encode that part "
	    "as "
	    "quoted-printable or base64",
	    scan->line, UCM_TEXT_LINE_MAX);
}

/* The first empty line ends the header. */
static void end_line(struct ucm_raw *raw, struct scan *scan)
{
	if (!scan->column && !scan->in_body) {
		scan->in_body = 1;
		raw->body = scan->offset + 1;
		scan->header_size = scan->size + 2;
	}
	scan->size += 2;
	scan->column = 0;
	scan->line++;
}

static int scan_octet(
    struct ucm_raw *raw, struct scan *scan, unsigned char c, struct ucm_error *error)
{
	int was_cr = scan->after_cr;

	scan->after_cr = c == '\r';
	if (c == '\r' || (c == '\n' && !was_cr)) {
		end_line(raw, scan);
	} else if (c == '\n') {
		if (scan->in_body && raw->body == scan->offset)
			raw->body++; /* the second half of the empty line's CRLF */
	} else if (!c) {
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "line %llu of the message holds a NUL, which no mail may", scan->line);
	} else {
		if (++scan->column > UCM_TEXT_LINE_MAX)
			return line_too_long(scan, error);
		scan->size++;
		raw->eight_bit |= c > 0x7F;
	}
	scan->offset++;
	return 0;
}

int ucm_raw_scan(struct ucm_raw *raw, struct ucm_error *error)
{
	unsigned char chunk[SCAN_CHUNK];
	struct scan scan = {.line = 1};

	raw->eight_bit = 0;
	while (scan.offset < raw->data.size) {
		unsigned long long left = raw->data.size - scan.offset;
		size_t length = left < sizeof(chunk) ? (size_t)left : sizeof(chunk);
		const unsigned char *bytes =
		    ucm_octets_at(&raw->data, scan.offset, length, chunk, error);

		if (!bytes)
			return -1;
		for (size_t i = 0; i < length; i++)
			if (scan_octet(raw, &scan, bytes[i], error))
				return -1;
	}
	if (scan.column)
		scan.size += 2; /* the last line gets its end */
	if (!scan.in_body) {
		raw->body = scan.offset;
		scan.header_size = scan.size;
	}
	raw->body_size = scan.size - scan.header_size;
	return 0;
}
