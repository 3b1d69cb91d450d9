/*
 * Small whole files: configuration, baselines, reports, certificates.
 */
#ifndef UCM_TOOLS_LINT_FILE_H
#define UCM_TOOLS_LINT_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "policy/arena.h"
#include "policy/error.h"

#define UCM_FILE_MISSING (-2)

/*
 * Reads a file or a pipe of at most limit bytes into the arena, with a NUL behind it. Returns its
 * size, or below 0 with an error of the class given: UCM_FILE_MISSING if there is no such file,
 * otherwise -1.
 */
long ucm_file_read(struct ucm_arena *arena, const char *file, size_t limit, enum ucm_class class,
    char **ret, struct ucm_error *error);

/* Reads up to size octets of what is open, whatever signals come meanwhile. Their number, 0 at the
 * end, or -1 with errno. */
long ucm_file_read_some(int fd, void *room, size_t size);

/* As ucm_file_read(); a file with a NUL byte in it is an error, too. */
long ucm_file_read_text(struct ucm_arena *arena, const char *file, size_t limit,
    enum ucm_class class, char **ret, struct ucm_error *error);

/* A name for mkstemp() or mkdtemp() where TMPDIR says; NULL without memory. */
char *ucm_file_temporary(struct ucm_arena *arena);

/*
 * Writes a file so that a reader sees the old or the new one whole: a temporary file beside it is
 * renamed once it is on the disk. What is no regular file (a pipe, /dev/stdout) is written to as
 * it is. write() gets the stream and arg and returns 0, or -1. Returns 0, or -1 with an error of
 * class IO; then the old file is as it was.
 */
int ucm_file_write(
    const char *file, int (*write)(void *arg, FILE *out), void *arg, struct ucm_error *error);

#endif
