/*
 * Claims about messages, for the targets that compose them or take them ready-made.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/body.h"
#include "policy/limits.h"
#include "policy/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire_claims.h"

#define PIECE_MAX 65536

static void claim_lines(const char *bytes, size_t size, const struct ucm_message_needs *needs)
{
	const char *at = bytes, *end = bytes + size;
	int in_header = 1;

	CLAIM(size >= 2 && memcmp(end - 2, "\r\n", 2) == 0);
	CLAIM(memchr(bytes, '\0', size) == NULL);
	while (at < end) {
		const char *line = at;

		while (at < end && *at != '\r' && *at != '\n') {
			CLAIM((unsigned char)*at < 0x80 || needs->eight_bit || needs->smtputf8);
			at++;
		}
		CLAIM(end - at >= 2 && at[0] == '\r' && at[1] == '\n');
		CLAIM(at - line <= UCM_TEXT_LINE_MAX);
		if (in_header && at == line)
			in_header = 0;
		/* No blind recipient is shown. */
		if (in_header && at - line >= 4)
			CLAIM(memcmp(line, "Bcc:", 4) != 0 && memcmp(line, "bcc:", 4) != 0);
		at += 2;
	}
}

/* On the wire the message ends where it is to end and nowhere before. */
static void claim_dots(const char *bytes, size_t size)
{
	char *wire = malloc(size * UCM_BODY_GROWTH + UCM_BODY_END_MAX);
	struct ucm_body body;
	size_t length, half = size / 3;
	const char *dot;

	CLAIM(wire != NULL);
	ucm_body_init(&body);
	length = ucm_body_add(&body, bytes, half, wire);
	length += ucm_body_add(&body, bytes + half, size - half, wire + length);
	length += ucm_body_end(&body, wire + length);
	dot = memmem(wire, length, "\r\n.\r\n", 5);
	CLAIM(dot != NULL && dot == wire + length - 5);
	CLAIM(memmem(wire, length, "\n.\n", 3) == NULL && memmem(wire, length, "\r.\r", 3) == NULL);
	free(wire);
}

static size_t read_all(struct ucm_message *message, char *bytes, size_t room, size_t piece)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	size_t used = 0;
	ssize_t count;

	do {
		CLAIM(used + piece <= room);
		count = ucm_message_read(message, bytes + used, piece, &error);
		CLAIM(count >= 0 && (size_t)count <= piece);
		used += (size_t)count;
	} while (count > 0);
	return used;
}

void claim_wire(struct fake_handle *fake, struct ucm_message *message, size_t piece)
{
	static const unsigned char random[16] = "0123456789abcde";
	const struct ucm_message_context context = {1795543200, 60, random};
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_message_needs needs;
	char *first, *second;
	size_t size, room;

	if (ucm_message_prepare(message, &fake->handle.decision, &context, &needs, &error) != 0) {
		CLAIM(error.class != UCM_CLASS_OK && error.text[0] != '\0');
		return;
	}
	CLAIM(needs.size > 0 && piece <= PIECE_MAX);
	room = (size_t)needs.size + PIECE_MAX;
	first = malloc(room);
	second = malloc(room);
	CLAIM(first != NULL && second != NULL);
	size = read_all(message, first, room, piece);
	CLAIM(needs.size == size);
	claim_lines(first, size, &needs);
	claim_dots(first, size);
	CLAIM(ucm_message_rewind(message, &error) == 0);
	CLAIM(read_all(message, second, room, 4096) == size && memcmp(first, second, size) == 0);
	CLAIM(ucm_message_recipient_count(message) > 0);
	for (size_t i = 0; i < ucm_message_recipient_count(message); i++)
		CLAIM(fuzz_is_clean(ucm_message_recipient(message, i)));
	CLAIM(fuzz_is_clean(ucm_message_id(message)));
	free(first);
	free(second);
}
