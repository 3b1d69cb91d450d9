/*
 * Fuzz target: a ready message. The first byte chooses the piece and whether a recipient is given.
 */
#include "config.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire_claims.h"

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct fuzz_choices input = {bytes, size};
	unsigned how = fuzz_choice(&input, 256);
	struct ucm_message *message = NULL;
	struct fake_handle fake;

	fake_handle_init(&fake);
	CLAIM(ucm_message_new(&fake.handle, &message) == UCM_OK);
	if (how & 1)
		CLAIM(ucm_message_add_recipient(message, UCM_TO, "a@example.com") == UCM_OK);
	if (ucm_message_set_raw(message, input.at, input.left) == UCM_OK)
		claim_wire(&fake, message, 1 + how * how);
	else
		CLAIM(fake.handle.error.text[0] != '\0' && fuzz_is_utf8(fake.handle.error.text));
	ucm_message_free(message);
	CLAIM(fake.live == 0);
}
