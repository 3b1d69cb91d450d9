/*
 * The window on the source: sliding, counting, excerpts.
 */
#include "config.h"

#include "xml/window.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "policy/text.h"
#include "xml/markup.h"

/* Kept before what the parser has done with, for excerpts. */
#define CONTEXT 512

/* Looked at behind the place: more than an excerpt can show, so that it is known to be cut. */
#define AHEAD ((ptrdiff_t)2 * UCM_EXCERPT_MAX)

/* Of an excerpt that has to be cut, how much stands before the place. */
#define EXCERPT_BEFORE 48

void ucm_window_init(struct ucm_window *window, const struct ucm_allocator *allocator)
{
	memset(window, 0, sizeof(*window));
	window->allocator = allocator;
	window->pin = UCM_WINDOW_NO_PIN;
	window->spot.line = window->spot.column = 1;
}

void ucm_window_free(struct ucm_window *window)
{
	(void)ucm_resize(window->allocator, window->bytes, 0);
	memset(window, 0, sizeof(*window));
}

#define ONES 0x0101010101010101U
#define HIGHS 0x8080808080808080U

/* Eight bytes at once: each byte of the result is 1 where the byte of `word` is zero. */
static uint64_t zero_bytes(uint64_t word)
{
	return (~(((word & ~HIGHS) + ~HIGHS) | word) & HIGHS) >> 7;
}

static size_t count_lines(const char *bytes, size_t size)
{
	size_t count = 0, at = 0, block;
	uint64_t word, sum;

	while (size - at >= sizeof(word)) {
		block = (size - at) / sizeof(word);
		if (block > 255)
			block = 255; /* no byte of the sum overflows */
		for (sum = 0; block > 0; block--, at += sizeof(word)) {
			memcpy(&word, bytes + at, sizeof(word));
			sum += zero_bytes(word ^ (ONES * '\n'));
		}
		sum = (sum & 0x00FF00FF00FF00FFU) + ((sum >> 8) & 0x00FF00FF00FF00FFU);
		count += (size_t)((sum * 0x0001000100010001U) >> 48);
	}
	for (; at < size; at++)
		count += bytes[at] == '\n';
	return count;
}

static unsigned count_characters(const char *bytes, size_t size)
{
	unsigned count = 0;

	for (size_t at = 0; at < size; at++)
		count += ((unsigned char)bytes[at] & 0xC0) != 0x80;
	return count;
}

static const char *last_line_end(const char *bytes, size_t size)
{
	while (size > 0)
		if (bytes[--size] == '\n')
			return bytes + size;
	return NULL;
}

static struct ucm_spot advance(struct ucm_spot spot, const char *bytes, size_t size)
{
	const char *end = last_line_end(bytes, size);

	if (end == NULL) {
		spot.column += count_characters(bytes, size);
		return spot;
	}
	spot.line += (unsigned)count_lines(bytes, size);
	spot.column = 1 + count_characters(end + 1, (size_t)(bytes + size - end - 1));
	return spot;
}

void ucm_window_move(struct ucm_window *window, const char *to)
{
	size_t index = (size_t)(to - window->bytes);

	if (index <= window->cursor)
		return;
	window->spot =
	    advance(window->spot, window->bytes + window->cursor, index - window->cursor);
	window->cursor = index;
}

struct ucm_spot ucm_window_spot(const struct ucm_window *window, const char *place)
{
	const char *from = window->bytes + window->cursor;

	return place <= from ? window->spot : advance(window->spot, from, (size_t)(place - from));
}

static void drop(struct ucm_window *window, unsigned long long done)
{
	size_t count;

	if (done > window->pin)
		done = window->pin;
	if (done < window->base + CONTEXT)
		return;
	count = (size_t)(done - window->base - CONTEXT);
	if (count == 0 || count > window->size)
		return;
	ucm_window_move(window, window->bytes + count);
	memmove(window->bytes, window->bytes + count, window->size - count);
	window->size -= count;
	window->base += count;
	window->cursor -= count;
}

char *ucm_window_reserve(struct ucm_window *window, unsigned long long done, size_t need)
{
	char *larger;
	size_t room;

	drop(window, done);
	if (window->room - window->size < need) {
		room = window->size + need;
		room += room / 2;
		larger = ucm_resize(window->allocator, window->bytes, room);
		if (larger == NULL)
			return NULL;
		window->bytes = larger;
		window->room = room;
	}
	return window->bytes + window->size;
}

unsigned long long ucm_window_offset(const struct ucm_window *window, uint32_t low)
{
	const unsigned long long end = window->base + window->size;
	const uint32_t behind = (uint32_t)end - low;

	return behind <= INT32_MAX ? end - behind : end + (uint32_t)-behind;
}

const char *ucm_window_at(const struct ucm_window *window, unsigned long long offset)
{
	if (offset < window->base || offset - window->base > window->size)
		return NULL;
	return window->bytes + (offset - window->base);
}

/* Bytes of the character `wanted` at `at`, which may be written as a reference; 0: another one. */
static size_t spelled(const char *at, size_t size, char wanted)
{
	char text[16];
	size_t length = 0, written;

	if (size > 0 && *at == wanted)
		return 1;
	while (length < size && length < sizeof(text) - 1 && at[length] != ';')
		length++;
	if (size == 0 || *at != '&' || length == size || at[length] != ';')
		return 0;
	written = ucm_markup_text(at, length + 1, text);
	return written == 1 && *text == wanted ? length + 1 : 0;
}

/* Bytes of "--10" at `at`, which a value that may be a password begins with; 0: there is none. */
static size_t sign_length(const char *at, size_t size)
{
	static const char sign[] = "--10";
	size_t length = 0, step;

	for (const char *wanted = sign; *wanted != '\0'; wanted++) {
		step = spelled(at + length, size - length, *wanted);
		if (step == 0)
			return 0;
		length += step;
	}
	return length;
}

/* What ends the value that begins at `at`: told by what stands before it, blanks aside. */
static const char *ends_of(const char *bytes, const char *at)
{
	while (at > bytes && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	if (at > bytes && at[-1] == '"')
		return "\"";
	if (at > bytes && at[-1] == '\'')
		return "'";
	return at > bytes && at[-1] == '>' ? "<" : "\"'<>] ";
}

/* Stars out what follows the sign in [bytes, bytes + size), as far as the value goes. */
static void star_secrets(char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		const size_t sign = sign_length(bytes + at, size - at);
		const char *ends;

		if (sign == 0) {
			at++;
			continue;
		}
		ends = ends_of(bytes, bytes + at);
		for (at += sign; at < size && strchr(ends, bytes[at]) == NULL; at++)
			if (((unsigned char)bytes[at] & 0xC0) != 0x80)
				bytes[at] = '*';
	}
}

static int is_inside_character(const char *place)
{
	return ((unsigned char)*place & 0xC0) == 0x80;
}

unsigned ucm_window_excerpt(
    const struct ucm_window *window, const char *place, char out[UCM_EXCERPT_MAX + 1])
{
	const char *const end = window->bytes + window->size;
	const char *start = place, *stop, *back;
	char line[CONTEXT + UCM_EXCERPT_MAX];
	size_t before, length;

	while (start > window->bytes && place - start < CONTEXT && start[-1] != '\n')
		start--;
	/* No further than can be shown: a whole file may stand on one line. */
	stop = end - place > AHEAD ? place + AHEAD : end;
	back = memchr(place, '\n', (size_t)(stop - place));
	if (back != NULL)
		stop = back;
	while (stop > place && stop[-1] == '\r')
		stop--;
	back = stop - start <= UCM_EXCERPT_MAX || place - start <= EXCERPT_BEFORE
		   ? start
		   : place - EXCERPT_BEFORE;
	if (stop - back < UCM_EXCERPT_MAX && stop - start > UCM_EXCERPT_MAX)
		back =
		    stop - UCM_EXCERPT_MAX; /* near the end of a line: more of what stands before */
	while (back > start && is_inside_character(back))
		back--;
	if (stop - back > UCM_EXCERPT_MAX)
		stop = back + UCM_EXCERPT_MAX;
	while (stop < end && stop > place && is_inside_character(stop))
		stop--;
	/* Secrets are looked for from the start of the line: a cut must not hide their sign. */
	length = (size_t)(stop - start);
	memcpy(line, start, length);
	star_secrets(line, length);
	before = (size_t)(back - start);
	(void)ucm_text_clean(line + before, length - before, out, UCM_EXCERPT_MAX + 1);
	return 1 + count_characters(back, (size_t)(place - back));
}
