/*
 * A report as the product attaches it: cut at SMTP_MAX_ATTACHMENT_SIZE.
 */
#ifndef UCM_LIBSRC_REPORT_H
#define UCM_LIBSRC_REPORT_H

#include <stddef.h>

#include "libsrc/octets.h"
#include "policy/arena.h"
#include "policy/error.h"

struct ucm_report {
	const char *bytes; /* never NULL */
	size_t length;
	int is_utf8;
};

#define UCM_REPORT_CUT_LINE "Truncated through SMTP_MAX_ATTACHMENT_SIZE limit."

/*
 * Reads a report. One longer than `limit` octets is cut there, between characters, and
 * UCM_REPORT_CUT_LINE follows as the last line, with the line end that the report uses. The octets
 * of the report stay as they are. 0, or -1 with error (IO, MEMORY).
 */
int ucm_report_read(const struct ucm_octets *data, size_t limit, struct ucm_arena *arena,
    struct ucm_report *ret, struct ucm_error *error);

#endif
