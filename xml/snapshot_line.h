/*
 * Lines of a snapshot: a word and its fields, with one blank between them.
 *
 * A field is a decimal number, or a text in double quotes, or '-' for no text. In a text, '\\' and
 * '\"' stand for themselves, and \xHH for a control character or a byte that is no UTF-8.
 */
#ifndef UCM_XML_SNAPSHOT_LINE_H
#define UCM_XML_SNAPSHOT_LINE_H

#include <stddef.h>

#include "policy/arena.h"

#define UCM_SNAPSHOT_VERSION 1
#define UCM_SNAPSHOT_WORD "ucmail-snapshot "
#define UCM_SNAPSHOT_DIGEST_WORD "sha256 "
#define UCM_SNAPSHOT_END "end\n"
#define UCM_SNAPSHOT_BASE64_BYTES 57 /* of one line: 76 characters */

/* What is left of a line, and whether all of it was well-formed so far. */
struct ucm_snapshot_line {
	const char *at, *end; /* without the line's end */
	int failed;
};

/* Whether the line begins with the word and a field or nothing follows; moves behind it. */
int ucm_snapshot_word(struct ucm_snapshot_line *line, const char *word);

/* The next field as a number up to `most`; 0 with line->failed where it is none. */
unsigned long long ucm_snapshot_number(struct ucm_snapshot_line *line, unsigned long long most);

/* The next field as a text of UTF-8 in the arena, NULL for '-'; NULL with line->failed where it is
 * none, with arena->failed without memory. */
const char *ucm_snapshot_text(struct ucm_snapshot_line *line, struct ucm_arena *arena);
/* The same for what need not be UTF-8: names of files, and what findings tell of them. */
const char *ucm_snapshot_octets(struct ucm_snapshot_line *line, struct ucm_arena *arena);

/* Text that grows while a snapshot is written. */
struct ucm_snapshot_buffer {
	const struct ucm_allocator *allocator;
	char *bytes;
	size_t used, room;
	int failed; /* no memory; what is put after that is lost */
};

void ucm_snapshot_put(struct ucm_snapshot_buffer *buffer, const char *bytes, size_t length);
void ucm_snapshot_put_word(struct ucm_snapshot_buffer *buffer, const char *word);
void ucm_snapshot_put_number(struct ucm_snapshot_buffer *buffer, unsigned long long number);
void ucm_snapshot_put_text(struct ucm_snapshot_buffer *buffer, const char *text);
void ucm_snapshot_buffer_free(struct ucm_snapshot_buffer *buffer);

#endif
