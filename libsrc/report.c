/*
 * Reports: read and cut.
 */
#include "config.h"

#include <string.h>

#include "libsrc/report.h"
#include "policy/text.h"

/* Octets at the end of the text that begin a character which the cut parted. */
static size_t parted(const char *text, size_t length)
{
	size_t back = 0;

	while (back < 3 && back < length && ((unsigned char)text[length - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back == length || (unsigned char)text[length - 1 - back] < 0x80)
		return 0;
	/* A lead byte whose sequence is whole is no cut; nor is a stray byte of another encoding.
	 */
	return ucm_utf8_sequence(text + length - 1 - back, back + 1) == back + 1 ? 0 : back + 1;
}

static int is_utf8(const char *text, size_t length)
{
	for (size_t at = 0, step; at < length; at += step) {
		step = ucm_utf8_sequence(text + at, length - at);
		if (!step && text[at])
			return 0;
		step = step ? step : 1;
	}
	return 1;
}

/* Where the first `length` octets end between characters; in text that is no UTF-8, right there. */
static size_t cut_length(const char *text, size_t length)
{
	size_t back = parted(text, length);

	return is_utf8(text, length - back) ? length - back : length;
}

static size_t append(char *text, size_t length, const char *more)
{
	size_t size = strlen(more);

	memcpy(text + length, more, size);
	return length + size;
}

/* The line end that the text uses first. */
static const char *line_end_of(const char *text, size_t length)
{
	const char *feed = memchr(text, '\n', length);

	return feed && feed > text && feed[-1] == '\r' ? "\r\n" : "\n";
}

int ucm_report_read(const struct ucm_octets *data, size_t limit, struct ucm_arena *arena,
    struct ucm_report *ret, struct ucm_error *error)
{
	size_t length = data->size < limit ? (size_t)data->size : limit;
	char *text = ucm_arena_alloc(arena, length + sizeof(UCM_REPORT_CUT_LINE) + 4);
	const unsigned char *bytes;

	if (!text)
		return ucm_out_of_memory(error);
	bytes = ucm_octets_at(data, 0, length, (unsigned char *)text, error);
	if (!bytes)
		return -1;
	if (bytes != (const unsigned char *)text)
		memcpy(text, bytes, length);
	if (data->size > limit) {
		const char *line_end = line_end_of(text, length);

		length = cut_length(text, length);
		if (length && text[length - 1] != '\n' && text[length - 1] != '\r')
			length = append(text, length, line_end);
		length = append(text, length, UCM_REPORT_CUT_LINE);
		length = append(text, length, line_end);
	}
	ret->bytes = text;
	ret->length = length;
	ret->is_utf8 = is_utf8(text, length);
	return 0;
}
