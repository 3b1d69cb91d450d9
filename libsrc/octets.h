/*
 * Octets in memory or behind a descriptor: what attachments and ready messages are kept in.
 */
#ifndef UCM_LIBSRC_OCTETS_H
#define UCM_LIBSRC_OCTETS_H

#include <stddef.h>

#include "policy/arena.h"
#include "policy/error.h"

struct ucm_octets {
	const unsigned char *bytes; /* NULL: behind fd */
	int fd;                     /* read by position, so that it can be read again; -1: none */
	unsigned long long size;
	const char *name;           /* for reasons */
};

void ucm_octets_init(struct ucm_octets *octets);

/* A copy in the arena. */
int ucm_octets_copy(struct ucm_octets *octets, struct ucm_arena *arena, const void *bytes,
    size_t size, struct ucm_error *error);

/*
 * Opens a file for streaming. A pipe is read to its end now; folders and devices are refused.
 * 0, or -1 with error (IO, MEMORY). The descriptor belongs to the octets.
 */
int ucm_octets_open(struct ucm_octets *octets, struct ucm_arena *arena, const char *path,
    struct ucm_error *error);

/*
 * Reads a descriptor to its end, which may be any kind of file: the first part into memory, all of
 * it into an unlinked temporary file where there is more. Does not close it.
 */
int ucm_octets_spool(struct ucm_octets *octets, struct ucm_arena *arena, int fd,
    struct ucm_error *error);

/* Takes the size of a file anew: it may have grown since it was opened. */
int ucm_octets_refresh(struct ucm_octets *octets, struct ucm_error *error);

/*
 * Gives `length` octets at `offset`: a pointer into memory, or `room` filled from the file. NULL
 * with error where there are fewer: the file changed.
 */
const unsigned char *ucm_octets_at(const struct ucm_octets *octets, unsigned long long offset,
    size_t length, unsigned char *room, struct ucm_error *error);

/* Fails (IO) where a file is no longer as long as it was. */
int ucm_octets_check_end(const struct ucm_octets *octets, struct ucm_error *error);

/* Closes the descriptor. */
void ucm_octets_close(struct ucm_octets *octets);

#endif
