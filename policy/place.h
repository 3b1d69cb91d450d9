/*
 * Where the things of the model stand, as places of findings.
 */
#ifndef UCM_POLICY_PLACE_H
#define UCM_POLICY_PLACE_H

#include "policy/model.h"

struct ucm_place ucm_place_of_variable(const struct ucm_variable *variable, const char *key);

/* The row's value. The key is the table's spelling where the table has it, else the row's own. */
struct ucm_place ucm_place_of_row(const struct ucm_variable *variable, const struct ucm_row *row);

struct ucm_place ucm_place_of_store(const struct ucm_store *store);
struct ucm_place ucm_place_of_resource(
    const struct ucm_store *store, const struct ucm_resource *resource);

/* The call itself; line and column of an argument (0: unknown) take the place of the call's. */
struct ucm_place ucm_place_of_call(const struct ucm_call *call, unsigned line, unsigned column);

#endif
