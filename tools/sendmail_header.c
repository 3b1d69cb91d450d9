/*
 * The header of a message as programs hand it to sendmail: often damaged, sometimes not there.
 */
#include "config.h"

#include <string.h>

#include "libsrc/buffer.h"
#include "policy/text.h"
#include "tools/sendmail.h"

struct lines { /* a walk over the lines of a message */
	const char *next, *end;
};

/* Length of the line at next without its end; *after is where the next one begins. */
static size_t peek_line(const struct lines *lines, const char **after)
{
	size_t left = (size_t)(lines->end - lines->next);
	const char *feed = memchr(lines->next, '\n', left);
	size_t length = feed ? (size_t)(feed - lines->next) : left;

	*after = lines->next + length + (feed != NULL);
	if (length && lines->next[length - 1] == '\r')
		length--;
	return length;
}

/* Length of the field's name before its colon, 0 where the line is no field. */
static size_t name_length(const char *line, size_t length)
{
	size_t name = 0, at;

	while (name < length && line[name] > ' ' && line[name] <= '~' && line[name] != ':')
		name++;
	for (at = name; at < length && (line[at] == ' ' || line[at] == '\t');)
		at++;
	return at < length && line[at] == ':' ? name : 0;
}

static void append(struct ucm_header *header, const char *name, size_t name_size,
    struct ucm_buffer *lines, struct ucm_buffer *value)
{
	struct ucm_header_field *field = ucm_arena_alloc(header->arena, sizeof *field);

	if (!field || lines->failed || value->failed)
		return;
	char *copy = ucm_arena_copy(header->arena, value->bytes, value->length);
	field->lines = lines->bytes;
	field->size = lines->length;
	field->name = ucm_arena_copy(header->arena, name, name_size);
	field->value = copy ? ucm_trim_copy(header->arena, copy) : NULL;
	if (!field->name || !field->value)
		return;
	*header->last = field;
	header->last = &field->next;
}

/* One field with its continuation lines. */
static void read_field(struct ucm_header *header, struct lines *lines, size_t name_size)
{
	const char *name = lines->next, *after;
	size_t length = peek_line(lines, &after);
	const char *colon = memchr(name, ':', length);
	struct ucm_buffer text, value;

	ucm_buffer_init(&text, header->arena);
	ucm_buffer_init(&value, header->arena);
	ucm_buffer_text(&value, " "); /* so that there are bytes, even of an empty value */
	if (colon)
		ucm_buffer_add(&value, colon + 1, length - (size_t)(colon - name) - 1);
	for (;;) {
		ucm_buffer_add(&text, lines->next, length);
		ucm_buffer_text(&text, "\n");
		lines->next = after;
		if (lines->next == lines->end || (*lines->next != ' ' && *lines->next != '\t'))
			break;
		length = peek_line(lines, &after);
		ucm_buffer_add(&value, lines->next, length);
	}
	append(header, name, name_size, &text, &value);
}

size_t ucm_header_read(
    struct ucm_header *header, struct ucm_arena *arena, const char *bytes, size_t size)
{
	struct lines lines = {.next = bytes, .end = bytes + size};
	const char *after;
	size_t length, name;

	*header = (struct ucm_header){.arena = arena};
	header->last = &header->first;
	length = peek_line(&lines, &after);
	if (length > 5 && !memcmp(bytes, "From ", 5) && !name_length(bytes, length))
		lines.next = after;
	while (lines.next < lines.end) {
		length = peek_line(&lines, &after);
		if (!length)
			return (size_t)(after - bytes);
		name = name_length(lines.next, length);
		if (!name)
			break;
		read_field(header, &lines, name);
	}
	return (size_t)(lines.next - bytes);
}

struct ucm_header_field *ucm_header_find(const struct ucm_header *header, const char *name)
{
	struct ucm_header_field *field = header->first;

	while (field && !ucm_equal_nocase(field->name, name))
		field = field->next;
	return field;
}

void ucm_header_drop(struct ucm_header *header, const char *name)
{
	struct ucm_header_field **link = &header->first;

	while (*link)
		if (ucm_equal_nocase((*link)->name, name))
			*link = (*link)->next;
		else
			link = &(*link)->next;
	header->last = link;
}

void ucm_header_change(struct ucm_header *header, struct ucm_header_field *field, const char *value)
{
	char *lines = ucm_arena_format(header->arena, "%s: %s\n", field->name, value);

	if (!lines)
		return;
	field->lines = lines;
	field->size = strlen(lines);
	field->value = value;
}

void ucm_header_add(struct ucm_header *header, const char *name, const char *value)
{
	struct ucm_header_field *field = ucm_arena_alloc(header->arena, sizeof *field);

	if (!field)
		return;
	field->name = name;
	ucm_header_change(header, field, value);
	if (!field->lines)
		return;
	*header->last = field;
	header->last = &field->next;
}
