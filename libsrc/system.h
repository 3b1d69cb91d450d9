/*
 * The system of a handle: read from a snapshot by the core, from exports by the module that knows
 * XML.
 */
#ifndef UCM_LIBSRC_SYSTEM_H
#define UCM_LIBSRC_SYSTEM_H

struct ucm;

/* Frees handle->system. Nothing may refer to it any more. */
void ucm_system_drop(struct ucm *handle);

#endif
