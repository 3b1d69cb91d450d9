/*
 * Fields of a snapshot's lines, both ways.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "policy/text.h"
#include "xml/snapshot_line.h"

#define BUFFER_FIRST 65536

/* ---- Reading ------------------------------------------------------------------------------- */

int ucm_snapshot_word(struct ucm_snapshot_line *line, const char *word)
{
	size_t length = strlen(word), left = (size_t)(line->end - line->at);

	if (left < length || memcmp(line->at, word, length) != 0 ||
	    (left > length && line->at[length] != ' '))
		return 0;
	line->at += length;
	return 1;
}

/* Moves behind the blank before a field. */
static int begin_field(struct ucm_snapshot_line *line)
{
	if (line->failed || line->at == line->end || *line->at != ' ') {
		line->failed = 1;
		return -1;
	}
	line->at++;
	return 0;
}

unsigned long long ucm_snapshot_number(struct ucm_snapshot_line *line, unsigned long long most)
{
	unsigned long long number = 0;
	const char *first;

	if (begin_field(line) < 0)
		return 0;
	first = line->at;
	for (; line->at < line->end && *line->at >= '0' && *line->at <= '9'; line->at++) {
		unsigned digit = (unsigned)(*line->at - '0');

		if (number > (most - digit) / 10 || digit > most) {
			line->failed = 1;
			return 0;
		}
		number = number * 10 + digit;
	}
	if (line->at == first || (*first == '0' && line->at - first > 1))
		line->failed = 1;
	return number;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character behind a backslash at line->at; 0 where it is none (a NUL is none either). */
static char read_escape(struct ucm_snapshot_line *line)
{
	int high, low;

	if (line->end - line->at >= 2 && (line->at[1] == '"' || line->at[1] == '\\')) {
		line->at += 2;
		return line->at[-1];
	}
	if (line->end - line->at < 4 || line->at[1] != 'x')
		return 0;
	high = hex_value(line->at[2]);
	low = hex_value(line->at[3]);
	line->at += 4;
	return high < 0 || low < 0 ? 0 : (char)(unsigned char)(high << 4 | low);
}

/* The closing quote of a text that begins at `at`, NULL where it is not closed. */
static const char *find_quote(const char *at, const char *end)
{
	for (; at < end; at++) {
		if (*at == '"')
			return at;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* Most characters: ASCII that stands for itself. */
static int is_plain(char c)
{
	return c >= ' ' && c < 0x7F && c != '\\';
}

/* Copies the text up to the quote; -1 where a character may not stand there: without `octets`, an
 * escape may not be part of one. */
static int copy_text(struct ucm_snapshot_line *line, const char *quote, int octets, char *out)
{
	while (line->at < quote) {
		size_t step;

		while (line->at < quote && is_plain(*line->at))
			*out++ = *line->at++;
		if (line->at == quote)
			break;
		if (*line->at == '\\') {
			*out = read_escape(line);
			if (!*out || (!octets && (unsigned char)*out >= 0x80))
				return -1;
			out++;
			continue;
		}
		step = ucm_utf8_sequence(line->at, (size_t)(quote - line->at));
		if (step < 2) /* a control character, or no UTF-8 */
			return -1;
		memcpy(out, line->at, step);
		out += step;
		line->at += step;
	}
	return 0;
}

static const char *read_quoted(struct ucm_snapshot_line *line, int octets, struct ucm_arena *arena)
{
	const char *quote;
	char *text;

	if (begin_field(line) < 0)
		return NULL;
	if (line->at < line->end && *line->at == '-') {
		line->at++;
		return NULL;
	}
	quote =
	    line->at < line->end && *line->at == '"' ? find_quote(line->at + 1, line->end) : NULL;
	if (!quote) {
		line->failed = 1;
		return NULL;
	}
	line->at++;
	text = ucm_arena_alloc(arena, (size_t)(quote - line->at) + 1);
	if (!text)
		return NULL;
	if (copy_text(line, quote, octets, text) < 0)
		line->failed = 1;
	line->at = quote + 1;
	return text;
}

const char *ucm_snapshot_text(struct ucm_snapshot_line *line, struct ucm_arena *arena)
{
	return read_quoted(line, 0, arena);
}

const char *ucm_snapshot_octets(struct ucm_snapshot_line *line, struct ucm_arena *arena)
{
	return read_quoted(line, 1, arena);
}

/* ---- Writing ------------------------------------------------------------------------------- */

static int make_room(struct ucm_snapshot_buffer *buffer, size_t length)
{
	size_t room = buffer->room ? buffer->room : BUFFER_FIRST;
	char *bytes;

	if (buffer->failed)
		return -1;
	if (length <= buffer->room - buffer->used)
		return 0;
	while (room - buffer->used < length) {
		if (__builtin_mul_overflow(room, (size_t)2, &room)) {
			buffer->failed = 1;
			return -1;
		}
	}
	bytes = ucm_resize(buffer->allocator, buffer->bytes, room);
	if (!bytes) {
		buffer->failed = 1;
		return -1;
	}
	buffer->bytes = bytes;
	buffer->room = room;
	return 0;
}

void ucm_snapshot_put(struct ucm_snapshot_buffer *buffer, const char *bytes, size_t length)
{
	if (make_room(buffer, length) < 0)
		return;
	memcpy(buffer->bytes + buffer->used, bytes, length);
	buffer->used += length;
}

void ucm_snapshot_put_word(struct ucm_snapshot_buffer *buffer, const char *word)
{
	ucm_snapshot_put(buffer, word, strlen(word));
}

void ucm_snapshot_put_number(struct ucm_snapshot_buffer *buffer, unsigned long long number)
{
	char text[32];

	snprintf(text, sizeof(text), " %llu", number);
	ucm_snapshot_put_word(buffer, text);
}

void ucm_snapshot_put_text(struct ucm_snapshot_buffer *buffer, const char *text)
{
	size_t left;

	if (!text) {
		ucm_snapshot_put(buffer, " -", 2);
		return;
	}
	ucm_snapshot_put(buffer, " \"", 2);
	for (left = strlen(text); left;) {
		size_t step = ucm_utf8_sequence(text, left);
		char escaped[8];

		if (!step || (unsigned char)*text < ' ' || *text == 0x7F) {
			snprintf(
			    escaped, sizeof(escaped), "\\x%02x", (unsigned)(unsigned char)*text);
			ucm_snapshot_put(buffer, escaped, 4);
			step = 1;
		} else {
			if (*text == '"' || *text == '\\')
				ucm_snapshot_put(buffer, "\\", 1);
			ucm_snapshot_put(buffer, text, step);
		}
		text += step;
		left -= step;
	}
	ucm_snapshot_put(buffer, "\"", 1);
}

void ucm_snapshot_buffer_free(struct ucm_snapshot_buffer *buffer)
{
	ucm_resize(buffer->allocator, buffer->bytes, 0);
	buffer->bytes = NULL;
	buffer->used = buffer->room = 0;
}
