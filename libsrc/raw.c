/*
 * The header of a ready message: what is kept, what is removed, who gets it.
 */
#include "config.h"

#include <string.h>

#include "libsrc/raw.h"
#include "policy/limits.h"
#include "policy/text.h"

enum { DROP = 1, ADDRESSES = 2, RESENT = 4, DATE = 8, ID = 16 };

static const struct field_row {
	const char *name;
	int flags;
} field_rows[] = {
    {"To", ADDRESSES},
    {"Cc", ADDRESSES},
    {"Bcc", ADDRESSES | DROP},
    {"Resent-To", ADDRESSES | RESENT},
    {"Resent-Cc", ADDRESSES | RESENT},
    {"Resent-Bcc", ADDRESSES | RESENT | DROP},
    {"Resent-From", RESENT},
    {"Resent-Date", RESENT},
    {"Resent-Message-ID", RESENT},
    {"Date", DATE},
    {"Message-ID", ID},
};

#define FIELD_ROWS (sizeof(field_rows) / sizeof(field_rows[0]))

struct header {
	struct ucm_raw *raw;
	struct ucm_arena *arena;
	const char *next, *end;
	unsigned line; /* number of the line at `next` */
	unsigned resent_seen; /* bit set of field_rows: the topmost block of Resent- fields */
	int resent_over; /* a Resent- field came again: an older block */
	struct ucm_recipients resent;
};

/* The line at header->next without its end; moves behind the end. */
static size_t take_line(struct header *header, const char **start)
{
	size_t length = 0, left = (size_t)(header->end - header->next);

	*start = header->next;
	while (length < left && header->next[length] != '\r' && header->next[length] != '\n')
		length++;
	header->next += length;
	if (header->next < header->end && *header->next == '\r')
		header->next++;
	if (header->next < header->end && *header->next == '\n' &&
	    (header->next == *start + length || header->next[-1] == '\r'))
		header->next++;
	header->line++;
	return length;
}

static int is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of a field's name, 0 where the line is none. *colon receives the place of the colon. */
static size_t name_length(const char *line, size_t length, size_t *colon)
{
	size_t name = 0, at;

	while (name < length && line[name] > ' ' && line[name] <= '~' && line[name] != ':')
		name++;
	for (at = name; at < length && is_wsp(line[at]);)
		at++;
	if (at == length || line[at] != ':')
		return 0;
	*colon = at;
	return name;
}

static size_t find_row(const char *name, size_t length)
{
	for (size_t i = 0; i < FIELD_ROWS; i++) {
		size_t k = 0;

		while (k < length && field_rows[i].name[k] &&
		       ucm_lower(field_rows[i].name[k]) == ucm_lower(name[k]))
			k++;
		if (k == length && !field_rows[i].name[k])
			return i;
	}
	return FIELD_ROWS;
}

/* Sets raw->id to the text between < and >; leaves it where that is damaged. -1 without memory. */
static int take_id(struct header *header, const char *value, size_t length)
{
	const char *start = memchr(value, '<', length);
	const char *end = start ? memchr(start, '>', length - (size_t)(start - value)) : NULL;

	if (!end)
		return 0;
	for (const char *next = start; next < end; next++)
		if (*next <= ' ' || *next == 0x7F)
			return 0;
	header->raw->id = ucm_arena_copy(header->arena, start, (size_t)(end - start) + 1);
	return header->raw->id ? 0 : -1;
}

static int note_addresses(
    struct header *header, size_t row, const char *value, size_t length, struct ucm_error *error)
{
	struct ucm_error fault = {0};
	int flags = field_rows[row].flags;

	if (flags & RESENT) {
		if (header->resent_seen & 1U << row)
			header->resent_over = 1;
		header->resent_seen |= 1U << row;
	}
	if (!(flags & ADDRESSES) || header->resent_over)
		return 0;
	if (ucm_recipients_add_field(flags & RESENT ? &header->resent : &header->raw->recipients,
		value, length, &fault) == 0)
		return 0;
	if (fault.class != UCM_CLASS_MESSAGE)
		return ucm_fail(error, fault.class, "%s", fault.text);
	if (!header->raw->fault)
		header->raw->fault = ucm_arena_string(header->arena, fault.text);
	return header->raw->fault ? 0 : ucm_out_of_memory(error);
}

/* A whole field: its lines are joined in `value` (unfolded), and as they are in `lines`. */
static int end_field(struct header *header, size_t row, const struct ucm_buffer *value,
    const struct ucm_buffer *lines, struct ucm_error *error)
{
	struct ucm_raw *raw = header->raw;
	int flags = row < FIELD_ROWS ? field_rows[row].flags : 0;

	if (value->failed || lines->failed)
		return ucm_out_of_memory(error);
	if (row < FIELD_ROWS &&
	    note_addresses(header, row, value->length ? value->bytes : "", value->length, error))
		return -1;
	raw->has_date |= (flags & DATE) != 0;
	if (flags & ID && !raw->id && value->length && take_id(header, value->bytes, value->length))
		return ucm_out_of_memory(error);
	/* An empty or damaged Message-ID is one that is missing. */
	if (!(flags & DROP) && !(flags & ID && !raw->id))
		ucm_buffer_add(&raw->header, lines->bytes, lines->length);
	return 0;
}

static int not_a_field(
    const struct header *header, const char *line, size_t length, struct ucm_error *error)
{
	char excerpt[61];
	size_t kept = length < sizeof(excerpt) - 1 ? length : sizeof(excerpt) - 1;

	memcpy(excerpt, line, kept);
	excerpt[kept] = '\0';
	return ucm_fail(error, UCM_CLASS_MESSAGE,
	    "line %u of the message, \"%s\", is no header field, and no empty line ended the "
	    "header",
	    header->line - 1, excerpt);
}

/* Reads one field with its continuation lines. */
static int read_field(struct header *header, struct ucm_buffer *value, struct ucm_buffer *lines,
    struct ucm_error *error)
{
	const char *line;
	size_t length = take_line(header, &line), colon, name, row;

	name = name_length(line, length, &colon);
	if (!name)
		return not_a_field(header, line, length, error);
	row = find_row(line, name);
	value->length = lines->length = 0;
	ucm_buffer_add(value, line + colon + 1, length - colon - 1);
	for (;;) {
		ucm_buffer_add(lines, line, length);
		ucm_buffer_text(lines, "\r\n");
		if (header->next == header->end || !is_wsp(*header->next))
			break;
		length = take_line(header, &line);
		ucm_buffer_add(value, line, length);
	}
	return end_field(header, row, value, lines, error);
}

/* mbox files and pipes of old mailers begin with an envelope line. */
static void skip_envelope_line(struct header *header)
{
	const char *line;

	if (header->end - header->next >= 5 && !memcmp(header->next, "From ", 5)) {
		size_t colon;
		struct header saved = *header;
		size_t length = take_line(header, &line);

		if (name_length(line, length, &colon)) /* "From : a@b" of the obsolete syntax */
			*header = saved;
	}
}

static int check_utf8(struct ucm_raw *raw, const char *text, size_t length, struct ucm_error *error)
{
	for (size_t at = 0; at < length;) {
		size_t step = ucm_utf8_sequence(text + at, length - at);

		if (!step)
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "the header of the message holds octets that are not UTF-8: "
			    "encode them by RFC 2047");
		raw->utf8_header |= step > 1;
		at += step;
	}
	return 0;
}

static int read_fields(struct header *header, struct ucm_error *error)
{
	struct ucm_buffer value, lines;

	ucm_buffer_init(&value, header->arena);
	ucm_buffer_init(&lines, header->arena);
	skip_envelope_line(header);
	if (header->next == header->end || *header->next == '\r' || *header->next == '\n')
		return ucm_fail(error, UCM_CLASS_MESSAGE, "the message has no header");
	while (header->next < header->end) {
		if (*header->next == '\r' || *header->next == '\n') {
			ucm_buffer_text(&header->raw->header, "\r\n");
			break;
		}
		if (read_field(header, &value, &lines, error))
			return -1;
	}
	return 0;
}

int ucm_raw_parse(struct ucm_raw *raw, struct ucm_arena *arena, struct ucm_error *error)
{
	struct header header = {.raw = raw, .arena = arena, .line = 1};
	unsigned char *room = NULL;

	if (ucm_raw_scan(raw, error))
		return -1;
	if (raw->body > UCM_RAW_HEADER_MAX)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "the header of the message is over %d octets", UCM_RAW_HEADER_MAX);
	if (!raw->data.bytes) {
		room = ucm_arena_alloc(arena, (size_t)raw->body + 1);
		if (!room)
			return ucm_out_of_memory(error);
	}
	header.next = (const char *)ucm_octets_at(&raw->data, 0, (size_t)raw->body, room, error);
	if (!header.next)
		return -1;
	header.end = header.next + raw->body;
	ucm_buffer_init(&raw->header, arena);
	ucm_recipients_init(&raw->recipients, arena);
	ucm_recipients_init(&header.resent, arena);
	if (check_utf8(raw, header.next, (size_t)raw->body, error) || read_fields(&header, error))
		return -1;
	if (header.resent.count)
		raw->recipients = header.resent;
	if (raw->header.failed)
		return ucm_out_of_memory(error);
	return 0;
}
