/*
 * Dates of RFC 5322 section 3.3.
 */
#ifndef UCM_LIBSRC_DATE_H
#define UCM_LIBSRC_DATE_H

#include <stdint.h>

#define UCM_DATE_SIZE 40 /* "Thu, 26 Nov 2026 10:00:00 +0100" and room for far years */

/* Writes the date at an offset from UTC, for example +60 minutes. */
void ucm_date_format(int64_t seconds, int offset_minutes, char out[UCM_DATE_SIZE]);

/* Whether a text is such a date: [day ","] day month year hh:mm[:ss] zone. */
int ucm_date_is_valid(const char *text);

/* Minutes that the local zone is ahead of UTC at that time; 0 where that cannot be told. */
int ucm_date_local_offset(int64_t seconds);

#endif
