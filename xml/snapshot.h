/*
 * A snapshot: one readable text file that stands for a system's exports, with the same decisions.
 * The reader needs no XML library.
 */
#ifndef UCM_XML_SNAPSHOT_H
#define UCM_XML_SNAPSHOT_H

#include <stddef.h>
#include <stdio.h>

#include "policy/error.h"
#include "policy/model.h"

/* Whether the bytes begin as a snapshot does. */
int ucm_snapshot_is(const void *bytes, size_t size);

/* Fills an initialised system and finishes it. 0, or -1 with error (class INPUT): damaged, of
 * another version, cut short, digest wrong. */
int ucm_snapshot_read(struct ucm_system *system, const char *bytes, size_t size, const char *name,
    struct ucm_error *error);

/* Writes the system. 0, or -1 with error. The same system gives the same bytes. */
int ucm_snapshot_write(const struct ucm_system *system, FILE *out, struct ucm_error *error);

#endif
