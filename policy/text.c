/*
 * Text, hexadecimal digits, digests and wiping, without the locale.
 */
#include "config.h"

#include <string.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "policy/arena.h"
#include "policy/limits.h"
#include "policy/text.h"

static int is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int ucm_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

int ucm_equal_nocase(const char *left, const char *right)
{
	while (*left && ucm_lower(*left) == ucm_lower(*right)) {
		left++;
		right++;
	}
	return *left == *right;
}

int ucm_is_blank(const char *text)
{
	while (is_space(*text))
		text++;
	return !*text;
}

size_t ucm_trim(const char *text, const char **start)
{
	size_t length;

	while (is_space(*text))
		text++;
	length = strlen(text);
	while (length && is_space(text[length - 1]))
		length--;
	*start = text;
	return length;
}

char *ucm_trim_copy(struct ucm_arena *arena, const char *text)
{
	const char *start;
	size_t length = ucm_trim(text, &start);

	return ucm_arena_copy(arena, start, length);
}

/* Lead bytes by range; the second byte's range excludes overlong forms, surrogates and > U+10FFFF.
 */
static const struct utf8_range {
	unsigned char first, last, low, high, length;
} utf8_ranges[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static size_t multibyte_sequence(const unsigned char *text, size_t available)
{
	for (size_t i = 0; i < sizeof(utf8_ranges) / sizeof(utf8_ranges[0]); i++) {
		const struct utf8_range *range = &utf8_ranges[i];

		if (text[0] < range->first || text[0] > range->last)
			continue;
		if (available < range->length || text[1] < range->low || text[1] > range->high)
			return 0;
		for (size_t k = 2; k < range->length; k++)
			if ((text[k] & 0xC0) != 0x80)
				return 0;
		return range->length;
	}
	return 0;
}

size_t ucm_ascii_run(const char *text, size_t length)
{
	size_t at = 0;
	uint64_t word[4];

	for (; length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(word, text + at, sizeof(word));
		if ((word[0] | word[1] | word[2] | word[3]) & UINT64_C(0x8080808080808080))
			break;
	}
	while (at < length && (unsigned char)text[at] < 0x80)
		at++;
	return at;
}

int ucm_is_ascii(const char *text)
{
	size_t length = strlen(text);

	return ucm_ascii_run(text, length) == length;
}

size_t ucm_utf8_sequence(const char *text, size_t available)
{
	const unsigned char *bytes = (const unsigned char *)text;

	if (!available || !bytes[0])
		return 0;
	return bytes[0] < 0x80 ? 1 : multibyte_sequence(bytes, available);
}

uint32_t ucm_utf8_code(const char *text, size_t length)
{
	uint32_t code = (unsigned char)text[0] & (length > 1 ? 0x7FU >> length : 0x7FU);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3FU);
	return code;
}

int ucm_is_unsafe(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} unsafe[] = {
	    {0x007F, 0x009F},
	    {0x061C, 0x061C},
	    {0x200E, 0x200F},
	    {0x2028, 0x202E},
	    {0x2066, 0x2069},
	    {0xFEFF, 0xFEFF},
	    {0xE0000, 0xE007F},
	};

	if (code < 0x7F)
		return code < 0x20;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (code >= unsafe[i].first && code <= unsafe[i].last)
			return 1;
	return 0;
}

size_t ucm_text_clean(const char *text, size_t size, char *out, size_t room)
{
	size_t made = 0;

	while (size > 0) {
		size_t length = ucm_utf8_sequence(text, size), taken = length ? length : 1;
		int safe = length && !ucm_is_unsafe(ucm_utf8_code(text, length));

		if (made + (safe ? length : 1) >= room)
			break;
		if (safe)
			memmove(out + made, text, length);
		else
			out[made] = *text == '\t' ? ' ' : '?';
		made += safe ? length : 1;
		text += taken;
		size -= taken;
	}
	out[made] = '\0';
	return made;
}

size_t ucm_utf8_put(uint32_t code, char out[4])
{
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (length == 1) {
		out[0] = (char)code;
		return 1;
	}
	for (size_t i = length; --i > 0; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)((0xF00U >> length & 0xFF) | code);
	return length;
}

size_t ucm_utf8_length(const char *text)
{
	size_t count = 0, left = strlen(text);

	while (left) {
		size_t step = ucm_utf8_sequence(text, left);

		if (!step)
			step = 1;
		text += step;
		left -= step;
		count++;
	}
	return count;
}

#define NEAREST_MAX UCM_XML_NAME_MAX /* longer texts are not compared */

static unsigned least(unsigned left, unsigned right)
{
	return left < right ? left : right;
}

/* Insertions, deletions, substitutions and swaps of neighbours that make one text of the other. */
static unsigned edit_distance(const char *left, size_t rows, const char *right, size_t columns)
{
	unsigned line[3][NEAREST_MAX + 1] = {{0}};

	for (unsigned k = 0; k <= columns; k++)
		line[0][k] = k;
	for (size_t i = 1; i <= rows; i++) {
		unsigned *now = line[i % 3];
		const unsigned *last = line[(i + 2) % 3], *before = line[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t k = 1; k <= columns; k++) {
			int a = ucm_lower(left[i - 1]), b = ucm_lower(right[k - 1]);

			now[k] = least(least(now[k - 1], last[k]) + 1, last[k - 1] + (a != b));
			if (i > 1 && k > 1 && a == ucm_lower(right[k - 2]) &&
			    b == ucm_lower(left[i - 2]))
				now[k] = least(now[k], before[k - 2] + 1);
		}
	}
	return line[rows % 3][columns];
}

const char *ucm_nearest(const char *text, const char *const *candidates, size_t count)
{
	const char *found = NULL, *start;
	size_t length = ucm_trim(text, &start);
	size_t near = length / 5 + 1; /* one slip in five characters */

	if (!length || length > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(candidates[i]);
		size_t apart = other > length ? other - length : length - other;
		unsigned distance;

		if (!other || other > NEAREST_MAX || apart > near)
			continue;
		distance = edit_distance(start, length, candidates[i], other);
		if (distance < near || (distance == near && !found)) {
			found = candidates[i];
			near = distance;
		}
	}
	return found;
}

void ucm_hex(const unsigned char *bytes, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

void ucm_sha256(const void *bytes, size_t size, unsigned char out[32])
{
	if (size > UINT32_MAX || wc_Sha256Hash(bytes, (word32)size, out))
		memset(out, 0, 32);
}

int ucm_sha256_stream(
    long (*read)(void *arg, void *room, size_t size), void *arg, unsigned char out[32])
{
	unsigned char piece[16384];
	wc_Sha256 state;
	long length = 0;
	int failed = wc_InitSha256(&state);

	if (failed)
		return -1;
	while (!failed && (length = read(arg, piece, sizeof(piece))) > 0)
		failed = wc_Sha256Update(&state, piece, (word32)length);
	failed = failed || length < 0 || wc_Sha256Final(&state, out);
	wc_Sha256Free(&state);
	return failed ? -1 : 0;
}

void ucm_wipe(void *memory, size_t size)
{
	if (!memory)
		return;
#ifdef HAVE_EXPLICIT_BZERO
	explicit_bzero(memory, size);
#else
	volatile unsigned char *byte = memory;

	while (size--)
		*byte++ = 0;
#endif
}
