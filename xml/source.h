/*
 * Where the bytes of one input come from: an open file, standard input, memory, a member of a ZIP.
 */
#ifndef UCM_XML_SOURCE_H
#define UCM_XML_SOURCE_H

#include <stddef.h>
#include <sys/types.h>

#include "policy/arena.h"

/* How much is read at once: the XML parser gains nothing from more. */
#define UCM_SOURCE_CHUNK 65536

struct ucm_source {
	/* Reads on, as read(2) does: 0 at the end, -1 on an error. May return less than asked for.
	 */
	ssize_t (*read)(struct ucm_source *source, void *bytes, size_t size);
	/* The same for what read() will return, without taking it; goes on from call to call, and
	 * starts again after a read(). */
	ssize_t (*ahead)(struct ucm_source *source, void *bytes, size_t size);
	char why[128]; /* the reason of the last error, one line */
};

/*
 * Fills `bytes` as far as the source allows, so that the pieces that a reader sees do not depend on
 * the size of a pipe. Returns the bytes read, fewer than `size` only at the end; -1 on an error.
 */
ssize_t ucm_source_fill(struct ucm_source *source, void *bytes, size_t size);

struct ucm_memory_source {
	struct ucm_source base;
	const unsigned char *bytes; /* not owned */
	size_t size, at, ahead_at;
};

void ucm_source_memory(struct ucm_memory_source *source, const void *bytes, size_t size);

struct ucm_file_source {
	struct ucm_source base;
	int fd; /* not owned */
	int seekable;
	off_t at, ahead_at; /* of a seekable one */
	const struct ucm_allocator *allocator;
	unsigned char *spool; /* of a pipe: what was read ahead, at most UCM_SPOOL_MAX bytes */
	size_t spool_size, spool_at, spool_ahead_at;
};

/* The descriptor is read from its present position. */
void ucm_source_file(struct ucm_file_source *source, int fd, const struct ucm_allocator *allocator);

/* Frees what was spooled; the descriptor stays open. */
void ucm_source_file_end(struct ucm_file_source *source);

#endif
