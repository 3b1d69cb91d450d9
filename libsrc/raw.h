/*
 * A ready RFC 5322 message: validated when it is set, changed as little as may be when it is sent.
 */
#ifndef UCM_LIBSRC_RAW_H
#define UCM_LIBSRC_RAW_H

#include <stddef.h>

#include "libsrc/buffer.h"
#include "libsrc/octets.h"
#include "libsrc/recipients.h"
#include "policy/error.h"

#define UCM_RAW_HEADER_MAX 1048576 /* a To of all UCM_RECIPIENTS_MAX recipients fits */

struct ucm_raw {
	int is_set;
	struct ucm_octets data;
	unsigned long long body;      /* where the body begins */
	unsigned long long body_size; /* with CRLF */
	int eight_bit;                /* octets over 127 anywhere */
	int utf8_header;              /* in the header */
	struct ucm_buffer header;     /* without Bcc, with CRLF; the empty line behind it where there was one */
	const char *id;               /* Message-ID with < >, or NULL */
	int has_date;
	struct ucm_recipients recipients; /* of To, Cc and Bcc, or of their Resent- forms */
	const char *fault; /* why those are not all; it matters only where no others were given */
};

/*
 * Judges raw->data: no NUL, no line over 998 octets, a header that is one; fills the rest, in the
 * arena. 0, or -1 with error (MESSAGE, IO, MEMORY).
 */
int ucm_raw_parse(struct ucm_raw *raw, struct ucm_arena *arena, struct ucm_error *error);

/* The first pass, over all octets: fills body, body_size, eight_bit. */
int ucm_raw_scan(struct ucm_raw *raw, struct ucm_error *error);

#endif
