/*
 * A text that grows in an arena. A refused allocation sticks, so that writers need no check each.
 */
#ifndef UCM_LIBSRC_BUFFER_H
#define UCM_LIBSRC_BUFFER_H

#include <stddef.h>

struct ucm_arena;

struct ucm_buffer {
	struct ucm_arena *arena; /* not owned */
	char *bytes;             /* no NUL behind them */
	size_t length;
	size_t room;
	int failed;              /* without memory: what was appended since is lost */
};

void ucm_buffer_init(struct ucm_buffer *buffer, struct ucm_arena *arena);
void ucm_buffer_add(struct ucm_buffer *buffer, const void *bytes, size_t length);
void ucm_buffer_text(struct ucm_buffer *buffer, const char *text);

#endif
