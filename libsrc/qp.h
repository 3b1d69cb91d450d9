/*
 * Quoted-printable (RFC 2045 section 6.7), line by line, so that nothing has to be kept.
 */
#ifndef UCM_LIBSRC_QP_H
#define UCM_LIBSRC_QP_H

#include <stddef.h>

#define UCM_QP_LINE_MAX 78 /* 76 characters and CRLF */

/*
 * Encodes from *offset on until a line of output is full, moves *offset behind what was encoded, and
 * returns the line's length. CRLF is a line break; a CR or LF alone is data and comes back as it was.
 * The line ends with CRLF, unless the input ends without one: then the last line has none.
 */
size_t ucm_qp_line(const unsigned char *bytes, size_t size, size_t *offset,
    char out[UCM_QP_LINE_MAX]);

/* Length of the whole input encoded. */
unsigned long long ucm_qp_length(const unsigned char *bytes, size_t size);

#endif
