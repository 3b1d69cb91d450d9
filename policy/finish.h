/*
 * The parts of finishing a system.
 */
#ifndef UCM_POLICY_FINISH_H
#define UCM_POLICY_FINISH_H

#include "policy/model.h"

/* Orders the calls, and drops those of an object that another file holds too, in the same words.
 * Returns 0, or -1 without memory. */
int ucm_finish_calls(struct ucm_system *system);

#endif
