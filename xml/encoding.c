/*
 * Encodings of exports: sniffing, validity of UTF-8, decoding.
 */
#include "config.h"

#include "xml/encoding.h"

#include <stdint.h>
#include <string.h>

#include "policy/text.h"

static const struct {
	const char *name;
	enum ucm_encoding encoding;
} encodings[] = {
    {"UTF-8", UCM_ENCODING_UTF8},
    {"UTF8", UCM_ENCODING_UTF8},
    {"US-ASCII", UCM_ENCODING_UTF8},
    {"ASCII", UCM_ENCODING_UTF8},
    {"ISO-8859-15", UCM_ENCODING_LATIN9},
    {"ISO8859-15", UCM_ENCODING_LATIN9},
    {"LATIN-9", UCM_ENCODING_LATIN9},
    {"ISO-8859-1", UCM_ENCODING_LATIN1},
    {"ISO8859-1", UCM_ENCODING_LATIN1},
    {"LATIN1", UCM_ENCODING_LATIN1},
    {"WINDOWS-1252", UCM_ENCODING_CP1252},
    {"CP1252", UCM_ENCODING_CP1252},
};

/* ISO-8859-15 differs from ISO-8859-1 in these. */
static const struct {
	unsigned char byte;
	uint16_t character;
} latin9[] = {
    {0xA4, 0x20AC},
    {0xA6, 0x0160},
    {0xA8, 0x0161},
    {0xB4, 0x017D},
    {0xB8, 0x017E},
    {0xBC, 0x0152},
    {0xBD, 0x0153},
    {0xBE, 0x0178},
};

/* Bytes 0x80-0x9F of Windows-1252; the five that it leaves open stay C1 controls. */
static const uint16_t cp1252[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C,
    0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

static int is_name_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == ':';
}

static int is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_space(const unsigned char *bytes, size_t at, size_t end)
{
	while (at < end && is_space(bytes[at]))
		at++;
	return at;
}

/* The value of encoding="…" in an XML declaration of ASCII bytes; 0 where there is none. */
static size_t declared_name(const unsigned char *bytes, size_t size, char *name)
{
	static const char key[] = "encoding";
	size_t end = 0, at, length = 0;

	if (size < 6 || memcmp(bytes, "<?xml", 5) != 0 || !is_space(bytes[5]))
		return 0;
	while (end < size && bytes[end] != '>')
		end++;
	for (at = 6; at + sizeof(key) < end; at++) {
		if (!is_space(bytes[at - 1]) || memcmp(bytes + at, key, sizeof(key) - 1) != 0)
			continue;
		at = skip_space(bytes, at + sizeof(key) - 1, end);
		if (at == end || bytes[at] != '=')
			return 0;
		at = skip_space(bytes, at + 1, end);
		if (at == end || (bytes[at] != '"' && bytes[at] != '\''))
			return 0;
		for (at++; at < end && is_name_byte(bytes[at]); at++)
			if (length < UCM_ENCODING_NAME_MAX)
				name[length++] = (char)bytes[at];
		break;
	}
	name[length] = '\0';
	return length;
}

enum ucm_encoding ucm_encoding_sniff(
    const unsigned char *bytes, size_t size, size_t *mark, char *name)
{
	size_t i;

	*mark = 0;
	name[0] = '\0';
	if (size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
		*mark = 2;
		return UCM_ENCODING_UTF16LE;
	}
	if (size >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF) {
		*mark = 2;
		return UCM_ENCODING_UTF16BE;
	}
	if (size >= 4 && memcmp(bytes, "<\0?\0", 4) == 0)
		return UCM_ENCODING_UTF16LE;
	if (size >= 4 && memcmp(bytes, "\0<\0?", 4) == 0)
		return UCM_ENCODING_UTF16BE;
	if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		*mark = 3;
		return UCM_ENCODING_UTF8;
	}
	if (size > UCM_ENCODING_SNIFF_MAX)
		size = UCM_ENCODING_SNIFF_MAX;
	if (declared_name(bytes, size, name) == 0)
		return UCM_ENCODING_UTF8;
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		if (ucm_equal_nocase(name, encodings[i].name))
			return encodings[i].encoding;
	return UCM_ENCODING_UNKNOWN;
}

int ucm_encoding_is_8bit(enum ucm_encoding encoding)
{
	return encoding == UCM_ENCODING_LATIN1 || encoding == UCM_ENCODING_LATIN9 ||
	       encoding == UCM_ENCODING_CP1252;
}

/* Whether the `size` bytes, fewer than a whole sequence, can begin one. */
static int is_cut_sequence(const unsigned char *bytes, size_t size)
{
	unsigned char whole[4] = {0x80, 0x80, 0x80, 0x80};
	size_t need = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;

	if (bytes[0] < 0xC2 || bytes[0] > 0xF4 || size >= need)
		return 0;
	memcpy(whole, bytes, size);
	if (size == 1) /* a second byte that every one of these leading bytes allows */
		whole[1] = bytes[0] == 0xE0 ? 0xA0 : bytes[0] == 0xF0 ? 0x90 : 0x80;
	return ucm_utf8_sequence((const char *)whole, need) == need;
}

size_t ucm_utf8_prefix(const unsigned char *bytes, size_t size, int *cut)
{
	size_t at = 0, step;

	*cut = 0;
	for (;;) {
		at += ucm_ascii_run((const char *)bytes + at, size - at);
		if (at == size)
			return at;
		step = ucm_utf8_sequence((const char *)bytes + at, size - at);
		if (step == 0) {
			*cut = size - at < 4 && is_cut_sequence(bytes + at, size - at);
			return at;
		}
		at += step;
	}
}

static uint32_t character_of(enum ucm_encoding encoding, unsigned char byte)
{
	size_t i;

	if (encoding == UCM_ENCODING_CP1252 && byte >= 0x80 && byte < 0xA0)
		return cp1252[byte - 0x80];
	if (encoding == UCM_ENCODING_LATIN9)
		for (i = 0; i < sizeof(latin9) / sizeof(latin9[0]); i++)
			if (latin9[i].byte == byte)
				return latin9[i].character;
	return byte;
}

static size_t decode_8bit(
    enum ucm_encoding encoding, const unsigned char *in, size_t size, char *out)
{
	size_t at = 0, written = 0, run;

	while (at < size) {
		run = ucm_ascii_run((const char *)in + at, size - at);
		memcpy(out + written, in + at, run);
		at += run;
		written += run;
		while (at < size && in[at] >= 0x80)
			written += ucm_utf8_put(character_of(encoding, in[at++]), out + written);
	}
	return written;
}

static size_t decode_utf8(
    struct ucm_decoder *decoder, const unsigned char *in, size_t size, int last, char *out)
{
	size_t written = decoder->carried, tail = 0, i;
	int cut;

	memcpy(out, decoder->carry, written);
	decoder->carried = 0;
	memcpy(out + written, in, size);
	written += size;
	if (last)
		return written;
	/* Hold back a sequence that the next piece completes. */
	for (i = 1; i <= 3 && i <= written; i++)
		if (((unsigned char)out[written - i] & 0xC0) == 0xC0) {
			(void)ucm_utf8_prefix((const unsigned char *)out + written - i, i, &cut);
			tail = cut ? i : 0;
			break;
		}
	memcpy(decoder->carry, out + written - tail, tail);
	decoder->carried = tail;
	return written - tail;
}

static size_t decode_utf16(
    struct ucm_decoder *decoder, const unsigned char *in, size_t size, int last, char *out)
{
	const int little = decoder->encoding == UCM_ENCODING_UTF16LE;
	size_t at = 0, written = 0;
	uint32_t unit, low;
	unsigned char *carry = decoder->carry;

	while (at < size) {
		carry[decoder->carried++] = in[at++];
		if (decoder->carried % 2 != 0)
			continue;
		unit = little ? carry[0] | (uint32_t)carry[1] << 8
			      : carry[1] | (uint32_t)carry[0] << 8;
		if (unit >= 0xD800 && unit < 0xDC00) {
			if (decoder->carried < 4)
				continue;
			low = little ? carry[2] | (uint32_t)carry[3] << 8
				     : carry[3] | (uint32_t)carry[2] << 8;
			if (low >= 0xDC00 && low < 0xE000) {
				unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
			} else {
				written += ucm_utf8_put(unit, out + written);
				unit = low;
			}
		}
		decoder->carried = 0;
		written += ucm_utf8_put(unit, out + written);
	}
	if (last && decoder->carried > 0) {
		decoder->carried = 0;
		out[written++] = (char)0xFF;
	}
	return written;
}

size_t ucm_decode(
    struct ucm_decoder *decoder, const unsigned char *in, size_t size, int last, char *out)
{
	if (ucm_encoding_is_8bit(decoder->encoding))
		return decode_8bit(decoder->encoding, in, size, out);
	if (decoder->encoding == UCM_ENCODING_UTF16LE || decoder->encoding == UCM_ENCODING_UTF16BE)
		return decode_utf16(decoder, in, size, last, out);
	return decode_utf8(decoder, in, size, last, out);
}
