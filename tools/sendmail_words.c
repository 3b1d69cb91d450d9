/*
 * Encoded-words and display names.
 */
#include "config.h"

#include <string.h>

#include "libsrc/buffer.h"
#include "libsrc/encode_word.h"
#include "policy/text.h"
#include "tools/sendmail_words.h"

/* A copy in UTF-8. */
static void to_utf8(struct ucm_buffer *out, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t step = ucm_utf8_sequence(text, left);

		if (step) {
			ucm_buffer_add(out, text, step);
		} else {
			unsigned char c = (unsigned char)*text;
			char two[2] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))};

			ucm_buffer_add(out, two, 2);
			step = 1;
		}
		text += step;
		left -= step;
	}
}

const char *ucm_words_encode(struct ucm_arena *arena, const char *text)
{
	struct ucm_buffer utf8, out;
	char word[UCM_ENCODED_WORD_MAX];
	size_t offset = 0;

	ucm_buffer_init(&utf8, arena);
	ucm_buffer_init(&out, arena);
	to_utf8(&utf8, text);
	if (utf8.failed)
		return NULL;
	int base64 = ucm_encoded_word_prefers_base64(utf8.bytes, utf8.length);
	while (offset < utf8.length) {
		/* the first shares its line with the field's name */
		size_t room = offset ? UCM_ENCODED_WORD_MAX : UCM_ENCODED_WORD_MAX - 20;

		if (offset)
			ucm_buffer_text(&out, "\n ");
		size_t length =
		    ucm_encoded_word(utf8.bytes, utf8.length, &offset, base64, room, word);
		ucm_buffer_add(&out, word, length);
	}
	return out.failed ? NULL : ucm_arena_copy(arena, out.bytes ? out.bytes : "", out.length);
}

/* Atoms and blanks need no quotes. What is an encoded-word already must not get them. */
static int is_phrase(const char *name)
{
	for (; *name; name++) {
		int lower = ucm_lower((unsigned char)*name);

		if (!(lower >= 'a' && lower <= 'z') && !(*name >= '0' && *name <= '9') &&
		    !strchr("!#$%&'*+-/=?^_`{|}~ ", *name))
			return 0;
	}
	return 1;
}

const char *ucm_words_mailbox(struct ucm_arena *arena, const char *name, const char *mailbox)
{
	struct ucm_buffer quoted;

	if (!*name)
		return mailbox;
	if (!ucm_is_ascii(name)) {
		const char *words = ucm_words_encode(arena, name);

		return words ? ucm_arena_format(arena, "%s <%s>", words, mailbox) : NULL;
	}
	if (is_phrase(name))
		return ucm_arena_format(arena, "%s <%s>", name, mailbox);
	ucm_buffer_init(&quoted, arena);
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			ucm_buffer_text(&quoted, "\\");
		ucm_buffer_add(&quoted, *name < ' ' || *name == 0x7F ? " " : name, 1);
	}
	if (quoted.failed)
		return NULL;
	return ucm_arena_format(arena, "\"%.*s\" <%s>", (int)quoted.length, quoted.bytes, mailbox);
}
