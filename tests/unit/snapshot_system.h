/*
 * A system with one of everything, its snapshot, and snapshots with a right digest.
 */
#ifndef UCM_TESTS_SNAPSHOT_SYSTEM_H
#define UCM_TESTS_SNAPSHOT_SYSTEM_H

#include "xml/snapshot.h"

/* The snapshot of a system, to be freed. */
char *written(const struct ucm_system *system, size_t *size);
/* A head with the right digest before these records. */
char *with_head(const char *body, size_t length, size_t *size);
/* Reads into system, which is to be freed. 0, or -1 with error. */
int read_bytes(
    struct ucm_system *system, const char *bytes, size_t size, struct ucm_error *error);
void add_row(struct ucm_system *system, struct ucm_variable *variable, const char *name,
    const char *value, unsigned line);
struct ucm_variable *add_variable(struct ucm_system *system, int client, const char *name);
void add_finding(struct ucm_system *system, int demoted);
/* A system with one of everything. */
void make_system(struct ucm_system *system, const char *pem, size_t size);

#endif
