/*
 * SMTP replies out of bytes (RFC 5321 section 4.2): strict, bounded, no I/O.
 */
#ifndef UCM_LIBSRC_REPLY_H
#define UCM_LIBSRC_REPLY_H

#include <stddef.h>

#include "policy/limits.h"

#define UCM_ENHANCED_MAX 9 /* "5.999.999" (RFC 3463 section 2) */

struct ucm_reply {
	int code; /* 200-599 */
	char enhanced[UCM_ENHANCED_MAX + 1]; /* "" where there was none */
	/* The lines' texts joined by a blank, without code and enhanced code; valid UTF-8 without
	 * control characters; cut between characters. */
	char text[UCM_REPLY_TEXT_MAX + 1];
};

/* The arguments of "%d %s%s%s": "550 5.1.1 no such user". */
#define UCM_REPLY_WORDS(reply)                                                                     \
	(reply)->code, (reply)->enhanced, (reply)->enhanced[0] != '\0' ? " " : "", (reply)->text

enum ucm_reply_event {
	UCM_REPLY_MORE, /* all bytes are used, no line is complete */
	UCM_REPLY_LINE, /* one line of several is complete */
	UCM_REPLY_DONE, /* the last line is complete: parser->reply stands */
	UCM_REPLY_BAD /* no SMTP: parser->fault tells why; the parser must not be used again */
};

struct ucm_reply_parser {
	size_t line_max; /* the limit of the moment: UCM_REPLY_LINE_MAX or UCM_AUTH_LINE_MAX */
	size_t length; /* of line */
	size_t text_length;
	unsigned lines; /* of the reply at hand */
	int complete; /* the line was handed out: the next byte begins a new one */
	const char *fault; /* constant */
	struct ucm_reply reply;
	char line[UCM_AUTH_LINE_MAX + 1]; /* the last line as it came, NUL behind it */
};

void ucm_reply_init(struct ucm_reply_parser *parser);

/*
 * Takes bytes up to and including the next line end; *used tells how many. CRLF and LF end a line;
 * NUL, a line or a reply over the limits, a code that is none or that changes are faults.
 */
enum ucm_reply_event ucm_reply_feed(
    struct ucm_reply_parser *parser, const unsigned char *bytes, size_t size, size_t *used);

/* After a line: what the server said there shall stand in no log and no report. `before` is the
 * text_length of before that line, 0 at the first one. */
void ucm_reply_withhold(struct ucm_reply_parser *parser, size_t before);

/* Whether a part of a reply is held. */
int ucm_reply_pending(const struct ucm_reply_parser *parser);

/* The text of the last line behind its code; "" where there is none. */
const char *ucm_reply_line_text(const struct ucm_reply_parser *parser);

#endif
