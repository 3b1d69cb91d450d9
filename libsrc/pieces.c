/*
 * Pieces of a message, and reading them in constant memory.
 */
#include "config.h"

#include <string.h>

#include "libsrc/pieces.h"
#include "libsrc/qp.h"
#include "policy/base64.h"

#define BASE64_LINE 76

void ucm_pieces_init(struct ucm_pieces *pieces, struct ucm_arena *arena)
{
	memset(pieces, 0, sizeof(*pieces));
	pieces->arena = arena;
}

static struct ucm_piece *add(
    struct ucm_pieces *pieces, enum ucm_piece_kind kind, unsigned long long size)
{
	struct ucm_piece *piece = ucm_arena_alloc(pieces->arena, sizeof(*piece));

	if (!piece) {
		pieces->failed = 1;
		return NULL;
	}
	piece->kind = kind;
	ucm_octets_init(&piece->data);
	if (pieces->last)
		pieces->last->next = piece;
	else
		pieces->first = piece;
	pieces->last = piece;
	pieces->size += size;
	return piece;
}

void ucm_pieces_add_bytes(
    struct ucm_pieces *pieces, enum ucm_piece_kind kind, const void *bytes, size_t size)
{
	struct ucm_piece *piece;
	unsigned long long length = size;

	if (!size)
		return;
	if (kind == UCM_PIECE_QUOTED)
		length = ucm_qp_length(bytes, size);
	else if (kind == UCM_PIECE_BASE64)
		length = ucm_base64_lines_length(size);
	piece = add(pieces, kind, length);
	if (!piece)
		return;
	piece->data.bytes = bytes;
	piece->data.size = size;
}

void ucm_pieces_add_base64(struct ucm_pieces *pieces, const struct ucm_octets *data)
{
	struct ucm_piece *piece =
	    add(pieces, UCM_PIECE_BASE64, ucm_base64_lines_length(data->size));

	if (piece)
		piece->data = *data;
}

void ucm_pieces_add_lines(struct ucm_pieces *pieces, const struct ucm_octets *data,
    unsigned long long start, unsigned long long size)
{
	struct ucm_piece *piece = add(pieces, UCM_PIECE_LINES, size);

	if (!piece)
		return;
	piece->data = *data;
	piece->start = start;
}

unsigned long long ucm_base64_lines_length(unsigned long long size)
{
	unsigned long long characters = (size + 2) / 3 * 4;

	return characters ? characters + (characters - 1) / BASE64_LINE * 2 : 0;
}

/* ---- Reader ------------------------------------------------------------------------------- */

static void enter(struct ucm_reader *reader, const struct ucm_piece *piece)
{
	reader->piece = piece;
	reader->offset = piece ? piece->start : 0;
	reader->after_cr = 0;
	reader->in_line = 0;
}

void ucm_reader_start(struct ucm_reader *reader, const struct ucm_pieces *pieces)
{
	reader->ready = reader->taken = 0;
	enter(reader, pieces->first);
}

/* The octets of the piece that are next, at most `most` of them. NULL with error. */
static const unsigned char *take(
    struct ucm_reader *reader, size_t most, size_t *ret, struct ucm_error *error)
{
	const struct ucm_octets *data = &reader->piece->data;
	unsigned long long left = data->size - reader->offset;
	const unsigned char *bytes;

	*ret = left < most ? (size_t)left : most;
	bytes = ucm_octets_at(data, reader->offset, *ret, reader->in, error);
	reader->offset += *ret;
	return bytes;
}

static int fill_verbatim(struct ucm_reader *reader, struct ucm_error *error)
{
	const unsigned char *bytes = take(reader, UCM_READER_OUT, &reader->ready, error);

	if (!bytes)
		return -1;
	memcpy(reader->out, bytes, reader->ready);
	return 0;
}

static int fill_quoted(struct ucm_reader *reader, struct ucm_error *error)
{
	const struct ucm_octets *data = &reader->piece->data;
	size_t offset = (size_t)reader->offset;

	(void)error;
	while (offset < data->size && reader->ready + UCM_QP_LINE_MAX <= UCM_READER_OUT)
		reader->ready += ucm_qp_line(
		    data->bytes, (size_t)data->size, &offset, (char *)reader->out + reader->ready);
	reader->offset = offset;
	return 0;
}

static int fill_base64(struct ucm_reader *reader, struct ucm_error *error)
{
	int follows = reader->offset > reader->piece->start;
	size_t left;
	const unsigned char *bytes = take(reader, UCM_READER_IN, &left, error);

	if (!bytes)
		return -1;
	while (left) {
		size_t count = left < UCM_BASE64_LINE_BYTES ? left : UCM_BASE64_LINE_BYTES;

		if (follows) {
			reader->out[reader->ready++] = '\r';
			reader->out[reader->ready++] = '\n';
		}
		follows = 1;
		reader->ready +=
		    ucm_base64_encode(bytes, count, (char *)reader->out + reader->ready);
		bytes += count;
		left -= count;
	}
	return 0;
}

static int fill_lines(struct ucm_reader *reader, struct ucm_error *error)
{
	size_t count;
	const unsigned char *bytes = take(reader, UCM_READER_IN, &count, error);

	if (!bytes)
		return -1;
	for (size_t i = 0; i < count; i++) {
		unsigned char c = bytes[i];
		int was_cr = reader->after_cr;

		reader->after_cr = c == '\r';
		if (c == '\n' && was_cr)
			continue;
		reader->in_line = c != '\r' && c != '\n';
		if (reader->in_line) {
			reader->out[reader->ready++] = c;
		} else {
			reader->out[reader->ready++] = '\r';
			reader->out[reader->ready++] = '\n';
		}
	}
	return 0;
}

/* Behind the last octet of a piece. */
static int leave(struct ucm_reader *reader, struct ucm_error *error)
{
	if (ucm_octets_check_end(&reader->piece->data, error))
		return -1;
	if (reader->in_line) {
		reader->out[reader->ready++] = '\r';
		reader->out[reader->ready++] = '\n';
	}
	enter(reader, reader->piece->next);
	return 0;
}

static int fill(struct ucm_reader *reader, struct ucm_error *error)
{
	static int (*const fillers[])(struct ucm_reader *, struct ucm_error *) = {
	    [UCM_PIECE_VERBATIM] = fill_verbatim,
	    [UCM_PIECE_QUOTED] = fill_quoted,
	    [UCM_PIECE_BASE64] = fill_base64,
	    [UCM_PIECE_LINES] = fill_lines,
	};

	reader->ready = reader->taken = 0;
	if (reader->offset >= reader->piece->data.size)
		return leave(reader, error);
	return fillers[reader->piece->kind](reader, error);
}

ssize_t ucm_reader_read(
    struct ucm_reader *reader, void *bytes, size_t room, struct ucm_error *error)
{
	size_t done = 0;

	while (done < room) {
		size_t count = reader->ready - reader->taken;

		if (!count) {
			if (!reader->piece)
				break;
			if (fill(reader, error))
				return -1;
			continue;
		}
		if (count > room - done)
			count = room - done;
		memcpy((unsigned char *)bytes + done, reader->out + reader->taken, count);
		reader->taken += count;
		done += count;
	}
	return (ssize_t)done;
}
