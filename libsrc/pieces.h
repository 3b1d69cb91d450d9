/*
 * A message as a list of pieces, and the reader that turns them into octets a buffer at a time.
 */
#ifndef UCM_LIBSRC_PIECES_H
#define UCM_LIBSRC_PIECES_H

#include <sys/types.h>

#include "libsrc/octets.h"
#include "policy/arena.h"
#include "policy/error.h"

enum ucm_piece_kind {
	UCM_PIECE_VERBATIM, /* memory only: lines that end with CRLF already */
	UCM_PIECE_QUOTED,   /* memory only: quoted-printable */
	UCM_PIECE_BASE64,   /* lines of 76 characters; none behind the last */
	UCM_PIECE_LINES     /* every line end becomes CRLF, and there is one at the end */
};

struct ucm_piece {
	enum ucm_piece_kind kind;
	struct ucm_octets data;   /* not owned */
	unsigned long long start; /* where in the data it begins */
	struct ucm_piece *next;
};

struct ucm_pieces {
	struct ucm_arena *arena;
	struct ucm_piece *first, *last;
	unsigned long long size; /* of the whole message */
	int failed;              /* without memory */
};

void ucm_pieces_init(struct ucm_pieces *pieces, struct ucm_arena *arena);

/* Memory that must live as long as the pieces. */
void ucm_pieces_add_bytes(struct ucm_pieces *pieces, enum ucm_piece_kind kind, const void *bytes,
    size_t size);

/* An attachment, in base64. */
void ucm_pieces_add_base64(struct ucm_pieces *pieces, const struct ucm_octets *data);

/* The rest of a ready message from `start` on; `size` is what it will be with CRLF. */
void ucm_pieces_add_lines(struct ucm_pieces *pieces, const struct ucm_octets *data,
    unsigned long long start, unsigned long long size);

/* Octets that a size becomes in base64 with line ends. */
unsigned long long ucm_base64_lines_length(unsigned long long size);

#define UCM_BASE64_LINE_BYTES 57 /* become 76 characters */
#define UCM_READER_IN ((size_t)128 * UCM_BASE64_LINE_BYTES)
#define UCM_READER_OUT (2 * UCM_READER_IN) /* a file of line feeds doubles */

struct ucm_reader {
	const struct ucm_piece *piece; /* NULL: the end */
	unsigned long long offset;     /* in the piece's data */
	int after_cr;                  /* of UCM_PIECE_LINES: a CRLF was written for a CR */
	int in_line;                   /* of UCM_PIECE_LINES: the last line has no end yet */
	size_t ready, taken;           /* of out */
	unsigned char in[UCM_READER_IN];
	unsigned char out[UCM_READER_OUT];
};

void ucm_reader_start(struct ucm_reader *reader, const struct ucm_pieces *pieces);

/* 0 at the end, -1 with error (IO). */
ssize_t ucm_reader_read(struct ucm_reader *reader, void *bytes, size_t room,
    struct ucm_error *error);

#endif
