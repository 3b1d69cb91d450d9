/*
 * Fuzz target: a line of a batch, to a message.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_handle.h"
#include "tools/ucmail_tool.h"

/* The options are no part of a line. */
int ucm_cli_fill_common(
    struct ucm_cli *cli, struct ucm_message *message, char *reason, size_t reason_size)
{
	(void)cli, (void)message, (void)reason, (void)reason_size;
	return UCM_OK;
}

/* Where a line asks for an attachment, the file is no business of the fuzzer's. */
static int attaches(const unsigned char *bytes, size_t size)
{
	return memmem(bytes, size, "ttach", 5) != NULL || memmem(bytes, size, "\\u00", 4) != NULL;
}

const char *ucm_error(const struct ucm *handle)
{
	return handle->error.text;
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct ucm_cli_line line;
	struct fake_handle fake;
	struct ucm_cli cli;

	if (attaches(bytes, size))
		return;
	memset(&cli, 0, sizeof(cli));
	fake_handle_init(&fake);
	cli.handle = &fake.handle;
	if (ucm_cli_parse_line(&cli, (const char *)bytes, size, &line) == 0) {
		CLAIM(line.message != NULL);
		ucm_message_free(line.message);
	} else {
		CLAIM(line.message == NULL && line.failure.status != UCM_OK);
		CLAIM(line.failure.reason == line.reason && line.reason[0] != '\0');
		CLAIM(fuzz_is_clean(line.reason));
	}
	json_decref(line.id);
	CLAIM(fake.live == 0);
}
