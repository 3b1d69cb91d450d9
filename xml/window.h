/*
 * The stretch of the source that the XML parser has not done with, as UTF-8, and where things
 * stand in it.
 *
 * A cursor goes through the stream once, counting lines and characters; so an exact place costs
 * little, however many are asked for, and memory does not depend on the size of the input.
 */
#ifndef UCM_XML_WINDOW_H
#define UCM_XML_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "policy/arena.h"
#include "policy/limits.h"

#define UCM_WINDOW_NO_PIN (~0ULL)

/* Lines end with LF; both count from 1, columns in characters. */
struct ucm_spot {
	unsigned line, column;
};

struct ucm_window {
	const struct ucm_allocator *allocator;
	char *bytes;
	size_t size, room;
	unsigned long long base; /* offset of bytes[0] in the stream */
	unsigned long long pin; /* nothing from here on is dropped */
	size_t cursor; /* index into bytes */
	struct ucm_spot spot; /* of the cursor */
};

void ucm_window_init(struct ucm_window *window, const struct ucm_allocator *allocator);
void ucm_window_free(struct ucm_window *window);

/*
 * Makes room for `need` more bytes behind what is there, dropping what lies before `done` (an
 * offset) but for some context. Returns where to write them, or NULL without memory. The caller
 * adds to window->size what it wrote.
 */
char *ucm_window_reserve(struct ucm_window *window, unsigned long long done, size_t need);

/*
 * The whole of an offset that a parser may have counted in 32 bits: the one that is nearest to the
 * end of the window.
 */
unsigned long long ucm_window_offset(const struct ucm_window *window, uint32_t low);

/* The byte at an offset; NULL where it was dropped or is not there yet. The end itself is allowed.
 */
const char *ucm_window_at(const struct ucm_window *window, unsigned long long offset);

/* Moves the cursor on to a place in the window; places before it are ignored. */
void ucm_window_move(struct ucm_window *window, const char *to);

/* The spot of a place at or behind the cursor. */
struct ucm_spot ucm_window_spot(const struct ucm_window *window, const char *place);

/*
 * The source line round a place, cut to UCM_EXCERPT_MAX bytes at characters, control characters
 * made blanks or '?', obfuscated passwords ("--10…") starred out. Returns the column of the place
 * in it, from 1.
 */
unsigned ucm_window_excerpt(
    const struct ucm_window *window, const char *place, char out[UCM_EXCERPT_MAX + 1]);

#endif
