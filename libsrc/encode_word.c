/*
 * Encoded-words: B or Q, never splitting a character.
 */
#include "config.h"

#include <string.h>

#include "libsrc/encode_word.h"
#include "policy/base64.h"
#include "policy/text.h"

static const char hex[] = "0123456789ABCDEF";

/* RFC 2047 section 5, rule 3: what Q may leave as it is in a phrase. */
static int is_plain(unsigned char c)
{
	int lower = ucm_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!*+-/", c));
}

static size_t q_width(unsigned char c)
{
	return is_plain(c) || c == ' ' ? 1 : 3;
}

int ucm_encoded_word_prefers_base64(const char *text, size_t length)
{
	size_t quoted = 0;

	for (size_t i = 0; i < length; i++)
		quoted += q_width((unsigned char)text[i]);
	return ucm_base64_length(length) < quoted;
}

static size_t character_length(const char *text, size_t length)
{
	size_t step = ucm_utf8_sequence(text, length);

	return step ? step : 1;
}

/* Octets of the whole characters from text on that fit into `room` encoded octets. */
static size_t fitting(const char *text, size_t length, int base64, size_t room)
{
	size_t taken = 0, used = 0;

	while (taken < length) {
		size_t step = character_length(text + taken, length - taken);

		if (base64)
			used = ucm_base64_length(taken + step);
		else
			for (size_t i = 0; i < step; i++)
				used += q_width((unsigned char)text[taken + i]);
		if (used > room)
			break;
		taken += step;
	}
	return taken;
}

static size_t put_q(const char *text, size_t length, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == ' ') {
			out[used++] = '_';
		} else if (is_plain(c)) {
			out[used++] = (char)c;
		} else {
			out[used++] = '=';
			out[used++] = hex[c >> 4];
			out[used++] = hex[c & 15];
		}
	}
	return used;
}

size_t ucm_encoded_word(const char *text, size_t length, size_t *offset, int base64, size_t room,
    char out[UCM_ENCODED_WORD_MAX])
{
	size_t inner = room - UCM_ENCODED_WORD_FRAME, used = UCM_ENCODED_WORD_FRAME - 2;
	size_t taken = fitting(text + *offset, length - *offset, base64, inner);

	memcpy(out, base64 ? "=?utf-8?B?" : "=?utf-8?Q?", used);
	used += base64 ? ucm_base64_encode(text + *offset, taken, out + used)
		       : put_q(text + *offset, taken, out + used);
	memcpy(out + used, "?=", 2);
	*offset += taken;
	return used + 2;
}
