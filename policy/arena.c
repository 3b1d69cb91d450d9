/*
 * The arena: chunks from one allocator, filled from the front, released together.
 */
#include "policy/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most systems of one client fit into the first chunk; large ones get few, larger chunks. */
#define CHUNK_FIRST ((size_t)4096)
#define CHUNK_GROWTH 4
#define CHUNK_MAX ((size_t)65536)

#define ALIGNMENT _Alignof(max_align_t)

struct ucm_chunk {
	struct ucm_chunk *next;
	size_t room; /* bytes of data */
	size_t fill; /* bytes of data handed out */
	max_align_t data[];
};

void *ucm_resize(const struct ucm_allocator *allocator, void *old, size_t size)
{
	if (allocator != NULL && allocator->resize != NULL)
		return allocator->resize(allocator->arg, old, size);
	if (size == 0) {
		free(old);
		return NULL;
	}
	return realloc(old, size);
}

void ucm_arena_init(struct ucm_arena *arena, const struct ucm_allocator *allocator, size_t ceiling)
{
	memset(arena, 0, sizeof(*arena));
	arena->allocator = allocator;
	arena->ceiling = ceiling;
}

void ucm_arena_free(struct ucm_arena *arena)
{
	struct ucm_chunk *chunk = arena->chunks;

	while (chunk != NULL) {
		struct ucm_chunk *next = chunk->next;

		ucm_resize(arena->allocator, chunk, 0);
		chunk = next;
	}
	ucm_arena_init(arena, arena->allocator, arena->ceiling);
}

static void *refuse(struct ucm_arena *arena)
{
	arena->failed = 1;
	return NULL;
}

static struct ucm_chunk *add_chunk(struct ucm_arena *arena, size_t size)
{
	size_t room = CHUNK_FIRST;
	struct ucm_chunk *chunk;

	if (arena->chunks != NULL)
		room = arena->chunks->room < CHUNK_MAX / CHUNK_GROWTH
			   ? arena->chunks->room * CHUNK_GROWTH
			   : CHUNK_MAX;
	if (room < size)
		room = size;
	if (room > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = ucm_resize(arena->allocator, NULL, sizeof(*chunk) + room);
	if (chunk == NULL)
		return NULL;
	chunk->room = room;
	chunk->fill = 0;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *ucm_arena_alloc(struct ucm_arena *arena, size_t size)
{
	struct ucm_chunk *chunk = arena->chunks;
	size_t rounded;
	char *memory;

	if (size == 0)
		size = 1;
	if (size > SIZE_MAX - ALIGNMENT)
		return refuse(arena);
	rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (arena->ceiling != 0 &&
	    (arena->used > arena->ceiling || rounded > arena->ceiling - arena->used))
		return refuse(arena);
	if (chunk == NULL || rounded > chunk->room - chunk->fill) {
		chunk = add_chunk(arena, rounded);
		if (chunk == NULL)
			return refuse(arena);
	}
	memory = (char *)chunk->data + chunk->fill;
	chunk->fill += rounded;
	arena->used += rounded;
	memset(memory, 0, rounded);
	return memory;
}

void *ucm_arena_array(struct ucm_arena *arena, size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		return refuse(arena);
	return ucm_arena_alloc(arena, product);
}

char *ucm_arena_copy(struct ucm_arena *arena, const char *bytes, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		return refuse(arena);
	copy = ucm_arena_alloc(arena, length + 1);
	if (copy != NULL && length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *ucm_arena_string(struct ucm_arena *arena, const char *string)
{
	return ucm_arena_copy(arena, string, strlen(string));
}

char *ucm_arena_format(struct ucm_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return refuse(arena);
	text = ucm_arena_alloc(arena, (size_t)length + 1);
	if (text == NULL)
		return NULL;
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}
