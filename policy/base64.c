/*
 * Base64, strict both ways.
 */
#include "config.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "policy/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t ucm_base64_length(size_t size)
{
	size_t groups = size / 3 + (size % 3 != 0);

	return groups > SIZE_MAX / 4 ? SIZE_MAX : groups * 4;
}

/* Encodes what it can sixteen characters at a time. Returns how many octets that was. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
typedef uint32_t words __attribute__((vector_size(16)));
typedef signed char characters __attribute__((vector_size(16)));

static uint32_t word_at(const unsigned char *in)
{
	uint32_t word;

	memcpy(&word, in, sizeof(word));
	return word;
}

static size_t encode_at_once(const unsigned char *in, size_t size, char *out)
{
	size_t done = 0;

	/* The last of four words reaches one octet too far. */
	for (; size - done > 12; done += 12, in += 12, out += 16) {
		const words w = {word_at(in), word_at(in + 3), word_at(in + 6), word_at(in + 9)};
		const words six = (w >> 2 & 0x3F) | (w << 12 & 0x3000) | (w >> 4 & 0xF00) |
				  (w << 10 & 0x3C0000) | (w >> 6 & 0x30000) | (w << 8 & 0x3F000000);
		characters c = (characters)six;

		c += 'A' + ((c > 25) & ('a' - 'Z' - 1)) - ((c > 51) & ('z' - '0' + 1)) -
		     ((c > 61) & ('9' - '+' + 1)) + ((c > 62) & ('/' - '+' - 1));
		memcpy(out, &c, sizeof(c));
	}
	return done;
}
#else
static size_t encode_at_once(const unsigned char *in, size_t size, char *out)
{
	(void)in, (void)size, (void)out;
	return 0;
}
#endif

size_t ucm_base64_encode(const void *bytes, size_t size, char *out)
{
	const size_t done = encode_at_once(bytes, size, out);
	const unsigned char *in = (const unsigned char *)bytes + done;
	char *next = out + done / 3 * 4;

	size -= done;
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
