/*
 * Looks for a secret in each form that careless servers give to what they repeat.
 */
#include "config.h"

#include <string.h>

#include "libsrc/told.h"
#include "policy/limits.h"
#include "policy/text.h"

#define DIGITS64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define DIGITS16 "0123456789ABCDEF0123456789abcdef"

/* The forms of a text: its octets, or digits of so many bits that stand for octets. */
static const struct form {
	const char *digits; /* NULL: octets */
	unsigned bits; /* of a digit */
	unsigned starts; /* from how many places the first octet may begin */
	const char *escapes; /* with which two hexadecimal digits stand for one */
	size_t part; /* octets in common that are no chance: words are common, decoded ones not */
} forms[] = {
    {NULL, 8, 1, "", 8},
    {NULL, 8, 1, "%=+", 8},
    {DIGITS64, 6, 4, "", 4},
    {DIGITS16, 4, 2, "", 4},
};

static int digit(const char *digits, unsigned bits, char c)
{
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((size_t)(at - digits) & ((1U << bits) - 1)) : -1;
}

/* Decodes every word of digits, but for the first `skip` of each. What is no digit ends a word. */
static size_t decode_digits(
    const struct form *form, const char *text, size_t length, unsigned skip, unsigned char *out)
{
	unsigned value = 0, have = 0, skipped = 0;
	size_t made = 0;

	for (size_t i = 0; i < length; i++) {
		const int next = digit(form->digits, form->bits, text[i]);

		if (next < 0) {
			have = skipped = 0;
			out[made++] = '\0'; /* no secret has one */
		} else if (skipped < skip) {
			skipped++;
		} else {
			value = (value << form->bits | (unsigned)next) & 0xffff;
			have += form->bits;
			if (have >= 8) {
				have -= 8;
				out[made++] = (unsigned char)(value >> have);
			}
		}
	}
	return made;
}

static size_t decode_octets(
    const struct form *form, const char *text, size_t length, unsigned char *out)
{
	size_t made = 0;

	for (size_t i = 0; i < length; i++) {
		const int is_escape =
		    i + 2 < length && text[i] != '\0' && strchr(form->escapes, text[i]) != NULL;
		const int high = is_escape ? digit(DIGITS16, 4, text[i + 1]) : -1;
		const int low = is_escape ? digit(DIGITS16, 4, text[i + 2]) : -1;

		out[made++] = (unsigned char)text[i];
		if (high >= 0 && low >= 0) {
			out[made - 1] = (unsigned char)(high << 4 | low);
			i += 2;
		}
	}
	return made;
}

/* Whether a part of the secret is there. Parts overlap by half. */
static int shares(
    const char *secret, size_t secret_length, size_t part, const unsigned char *said, size_t size)
{
	if (part > secret_length)
		part = secret_length;
	for (size_t at = 0; at + part <= secret_length; at += (part + 1) / 2)
		if (memmem(said, size, secret + at, part) != NULL)
			return 1;
	return memmem(said, size, secret + secret_length - part, part) != NULL;
}

int ucm_is_told(const char *secret, size_t secret_length, const char *text, size_t length)
{
	unsigned char said[UCM_AUTH_LINE_MAX];
	int told = 0;

	if (length > sizeof(said))
		length = sizeof(said);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && secret_length > 0; i++) {
		for (unsigned skip = 0; skip < forms[i].starts && !told; skip++) {
			const size_t size =
			    forms[i].digits == NULL
				? decode_octets(&forms[i], text, length, said)
				: decode_digits(&forms[i], text, length, skip, said);

			told = shares(secret, secret_length, forms[i].part, said, size);
		}
	}
	ucm_wipe(said, sizeof(said));
	return told;
}
