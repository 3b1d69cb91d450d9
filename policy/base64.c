/*
 * Base64, strict both ways.
 */
#include "config.h"

#include <limits.h>
#include <stdint.h>

#include "policy/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t ucm_base64_length(size_t size)
{
	size_t groups = size / 3 + (size % 3 != 0);

	return groups > SIZE_MAX / 4 ? SIZE_MAX : groups * 4;
}

size_t ucm_base64_encode(const void *bytes, size_t size, char *out)
{
	const unsigned char *in = bytes;
	char *next = out;

	for (; size >= 3; size -= 3, in += 3) {
		unsigned group = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];

		*next++ = alphabet[group >> 18];
		*next++ = alphabet[group >> 12 & 63];
		*next++ = alphabet[group >> 6 & 63];
		*next++ = alphabet[group & 63];
	}
	if (size) {
		unsigned group = (unsigned)in[0] << 16 | (size == 2 ? (unsigned)in[1] << 8 : 0);

		*next++ = alphabet[group >> 18];
		*next++ = alphabet[group >> 12 & 63];
		*next++ = size == 2 ? alphabet[group >> 6 & 63] : '=';
		*next++ = '=';
	}
	return (size_t)(next - out);
}

/* 0-63, or 64 for a character outside the alphabet. */
static unsigned value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

long ucm_base64_decode(const char *text, size_t length, unsigned char *out, size_t room)
{
	size_t padding = 0, size, done = 0;

	if (length % 4 || length / 4 > LONG_MAX / 3)
		return -1;
	if (length && text[length - 1] == '=')
		padding = text[length - 2] == '=' ? 2 : 1;
	size = length / 4 * 3 - padding;
	if (size > room)
		return -1;
	for (size_t i = 0; i < length; i += 4) {
		size_t used = i + 4 == length ? 4 - padding : 4;
		unsigned group = 0;

		for (size_t k = 0; k < 4; k++) {
			unsigned value = k < used ? value_of(text[i + k]) : 0;

			if (value > 63)
				return -1;
			group = group << 6 | value;
		}
		if ((used == 2 && group & 0xFFFF) || (used == 3 && group & 0xFF))
			return -1;
		for (size_t k = 0; k + 1 < used; k++)
			out[done++] = (unsigned char)(group >> (16 - 8 * k));
	}
	return (long)done;
}
