/*
 * The lowest place that every octet of a message passes: neither a bare CR or LF nor an unstuffed
 * dot can leave here, so that nothing in a message can end it early at any server.
 */
#include <string.h>

#include "body.h"

void ucm_body_init(struct ucm_body *body)
{
	memset(body, 0, sizeof(*body));
}

/* Octets up to the next one that needs care. */
static size_t plain_run(const char *bytes, size_t size)
{
	const char *lf = memchr(bytes, '\n', size);
	const char *cr = memchr(bytes, '\r', lf != NULL ? (size_t)(lf - bytes) : size);

	if (cr != NULL)
		return (size_t)(cr - bytes);
	return lf != NULL ? (size_t)(lf - bytes) : size;
}

size_t ucm_body_add(struct ucm_body *body, const char *bytes, size_t size, char *out)
{
	char *to = out;
	size_t i = 0;

	while (i < size) {
		size_t run = 0;

		if (bytes[i] == '\n' && body->end_pending) {
			body->end_pending = 0;
			i++;
			continue;
		}
		body->end_pending = bytes[i] == '\r';
		if (bytes[i] == '\r' || bytes[i] == '\n') {
			memcpy(to, "\r\n", 2);
			to += 2;
			body->line_started = 0;
			i++;
			continue;
		}
		if (!body->line_started && bytes[i] == '.' && !body->raw)
			*to++ = '.';
		run = plain_run(bytes + i, size - i);
		memcpy(to, bytes + i, run);
		to += run;
		i += run;
		body->line_started = 1;
	}
	return (size_t)(to - out);
}

size_t ucm_body_end(struct ucm_body *body, char *out)
{
	if (body->line_started) {
		memcpy(out, "\r\n.\r\n", 5);
		return 5;
	}
	memcpy(out, ".\r\n", 3);
	return 3;
}
