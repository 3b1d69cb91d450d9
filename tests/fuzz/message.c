/*
 * Fuzz target: a message that is composed. The input is a list of parts, each a byte for its kind
 * and a stretch up to 0xFF (bytes over 0xF4 are none of UTF-8).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/encode_word.h"
#include "policy/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire_claims.h"

/* Encoded-words: each at most 75 octets of printable ASCII, and all of the text gets in. */
static void claim_words(const char *text, unsigned room)
{
	const size_t length = strlen(text);
	size_t offset = 0;

	if (!fuzz_is_utf8(text) || room < UCM_ENCODED_WORD_MIN)
		return;
	while (offset < length) {
		char word[UCM_ENCODED_WORD_MAX];
		const size_t before = offset;
		const size_t made = ucm_encoded_word(text, length, &offset,
		    ucm_encoded_word_prefers_base64(text, length), room, word);

		CLAIM(offset > before && offset <= length);
		CLAIM(made >= UCM_ENCODED_WORD_FRAME && made <= room);
		for (size_t i = 0; i < made; i++)
			CLAIM(word[i] > 0x20 && word[i] < 0x7F);
	}
}

static int set_part(struct ucm_message *message, unsigned kind, const char *text, size_t length)
{
	const char *value = strchr(text, ':');
	char name[64] = "X-Name";

	switch (kind % 12) {
	case 0:
		return ucm_message_set(message, UCM_SUBJECT, text);
	case 1:
		return ucm_message_add_recipient(message, UCM_TO, text);
	case 2:
		return ucm_message_add_recipient(message, UCM_CC, text);
	case 3:
		return ucm_message_add_recipient(message, UCM_BCC, text);
	case 4:
		if (value != NULL && (size_t)(value - text) < sizeof(name)) {
			memcpy(name, text, (size_t)(value - text));
			name[value - text] = '\0';
		}
		return ucm_message_add_header(message, name, value != NULL ? value + 1 : text);
	case 5:
		return ucm_message_set_body(message, text, length);
	case 6:
		return ucm_message_set_html(message, text, length);
	case 7:
		return ucm_message_attach_data(message, text, NULL, "\x01 data", 6);
	case 8:
		return ucm_message_attach_data(message, "n.txt", "text/plain", text, length);
	case 9:
		return ucm_message_set(message, UCM_FROM, text);
	case 10:
		return ucm_message_attach_data(message, "n", text, "x", 1);
	default:
		return ucm_message_set(
		    message, kind & 0x10 ? UCM_MESSAGE_ID : UCM_ENVELOPE_ID, text);
	}
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct fuzz_choices input = {bytes, size};
	struct ucm_message *message = NULL;
	struct fake_handle fake;
	const size_t piece = 1 + 37 * (size_t)fuzz_choice(&input, 128);

	fake_handle_init(&fake);
	CLAIM(ucm_message_new(&fake.handle, &message) == UCM_OK);
	CLAIM(ucm_message_add_recipient(message, UCM_TO, "a@example.com") == UCM_OK);
	while (input.left > 0) {
		const unsigned kind = fuzz_choice(&input, 256);
		size_t length;
		const unsigned char *start = fuzz_stretch(&input, &length);
		char *text = fuzz_string(start, length);
		const int status = set_part(message, kind, text, length);

		if (status != UCM_OK)
			CLAIM(fake.handle.error.text[0] != '\0');
		claim_words(text, kind % (UCM_ENCODED_WORD_MAX + 1));
		free(text);
	}
	claim_wire(&fake, message, piece);
	ucm_message_free(message);
	CLAIM(fake.live == 0);
}
