/*
 * A growing text in an arena.
 */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "libsrc/buffer.h"
#include "policy/arena.h"

#define BUFFER_FIRST 512 /* most header blocks and part headers fit */

void ucm_buffer_init(struct ucm_buffer *buffer, struct ucm_arena *arena)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->arena = arena;
}

/* Doubles, so that all copies together are no more than twice the end. */
static int grow(struct ucm_buffer *buffer, size_t needed)
{
	size_t room = buffer->room ? buffer->room : BUFFER_FIRST;
	char *bytes;

	while (room < needed) {
		if (room > SIZE_MAX / 2)
			return -1;
		room *= 2;
	}
	bytes = ucm_arena_alloc(buffer->arena, room);
	if (!bytes)
		return -1;
	if (buffer->length)
		memcpy(bytes, buffer->bytes, buffer->length);
	buffer->bytes = bytes;
	buffer->room = room;
	return 0;
}

void ucm_buffer_add(struct ucm_buffer *buffer, const void *bytes, size_t length)
{
	size_t needed;

	if (buffer->failed || !length)
		return;
	if (__builtin_add_overflow(buffer->length, length, &needed) ||
	    (needed > buffer->room && grow(buffer, needed))) {
		buffer->failed = 1;
		return;
	}
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length = needed;
}

void ucm_buffer_text(struct ucm_buffer *buffer, const char *text)
{
	ucm_buffer_add(buffer, text, strlen(text));
}
