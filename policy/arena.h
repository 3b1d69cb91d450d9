/*
 * One arena per system: memory with one owner, released as a whole.
 */
#ifndef UCM_POLICY_ARENA_H
#define UCM_POLICY_ARENA_H

#include <stddef.h>

/*
 * Where memory comes from. resize(arg, NULL, n) allocates, resize(arg, p, n) reallocates,
 * resize(arg, p, 0) frees and returns NULL. A NULL allocator means the C library's.
 */
struct ucm_allocator {
	void *(*resize)(void *arg, void *old, size_t size);
	void *arg;
};

struct ucm_arena {
	const struct ucm_allocator *allocator; /* not owned; NULL for the C library's */
	struct ucm_chunk *chunks;              /* newest first */
	size_t used;                           /* bytes handed out, for the ceiling */
	size_t ceiling;                        /* 0: none */
	int failed;                            /* sticky: an allocation was refused */
};

void ucm_arena_init(struct ucm_arena *arena, const struct ucm_allocator *allocator, size_t ceiling);

/* Frees everything. The arena may be used again. */
void ucm_arena_free(struct ucm_arena *arena);

/* Zeroed, aligned memory; NULL where there is none, and arena->failed stays set. */
void *ucm_arena_alloc(struct ucm_arena *arena, size_t size);

/* count * size, with the product checked. */
void *ucm_arena_array(struct ucm_arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it. */
char *ucm_arena_copy(struct ucm_arena *arena, const char *bytes, size_t length);
char *ucm_arena_string(struct ucm_arena *arena, const char *string);

/* A formatted copy. */
char *ucm_arena_format(struct ucm_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The allocator's resize for memory outside an arena. */
void *ucm_resize(const struct ucm_allocator *allocator, void *old, size_t size);

#endif
