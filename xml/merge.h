/*
 * Joins systems: what was read apart becomes one.
 */
#ifndef UCM_XML_MERGE_H
#define UCM_XML_MERGE_H

#include "policy/model.h"

/*
 * Appends copies of all that `part` holds to `system`, which is unfinished; `part` may be finished.
 * Certificates are not copied: ucm_system_finish() parses the payloads again. Returns 0, or -1
 * without memory.
 */
int ucm_merge(struct ucm_system *system, const struct ucm_system *part);

#endif
