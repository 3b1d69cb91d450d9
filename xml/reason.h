/*
 * Findings of group 0: what kept an input from being read, in one line.
 */
#ifndef UCM_XML_REASON_H
#define UCM_XML_REASON_H

#include <stddef.h>

#include "policy/model.h"

/* What an errno value means, in the words of this software whatever the locale. */
void ucm_reason_errno(char *out, size_t size, int code);

/* Cuts at the first line end and makes '?' of control characters. */
void ucm_reason_clean(char *text);

/*
 * Adds a finding of a file: place.file is `file`, the first argument the reason. Both are copied.
 * `demoted` makes it a warning. Returns 0, or -1 without memory.
 */
int ucm_reason_add(struct ucm_system *system, enum ucm_rule rule, const char *file, int demoted,
    const char *reason);

/* The same for a finding whose place is known; its strings and the reason are copied. */
int ucm_reason_add_at(struct ucm_system *system, enum ucm_rule rule, const struct ucm_place *place,
    int demoted, const char *reason);

#endif
