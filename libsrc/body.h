/*
 * The message on the wire (RFC 5321 sections 2.3.8 and 4.5.2): line ends and dots.
 */
#ifndef UCM_LIBSRC_BODY_H
#define UCM_LIBSRC_BODY_H

#include <stddef.h>

struct ucm_body {
	int raw; /* dots stay as they are: BDAT, or no message yet */
	int line_started; /* the line at hand holds an octet */
	int end_pending; /* a CR was met: its CRLF is written, an LF behind it is part of it */
};

/* Worst case: every octet is a line end. The end adds CRLF.CRLF */
#define UCM_BODY_GROWTH 2
#define UCM_BODY_END_MAX 5

void ucm_body_init(struct ucm_body *body);

/*
 * Writes `size` octets as they go on the wire: every CR, LF or CRLF becomes CRLF, a leading dot is
 * doubled. `out` must have UCM_BODY_GROWTH * size room. Returns the length.
 */
size_t ucm_body_add(struct ucm_body *body, const char *bytes, size_t size, char *out);

/* Writes the end: CRLF where the last line lacks it, then the final dot. */
size_t ucm_body_end(struct ucm_body *body, char *out);

#endif
