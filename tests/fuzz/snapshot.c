/*
 * Fuzz target: a snapshot as it is, and its records behind a head whose digest is right.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/system_claims.h"
#include "xml/snapshot.h"

static void read_one(const char *bytes, size_t size)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;

	ucm_system_init(&system, NULL, 0);
	(void)ucm_snapshot_is(bytes, size);
	if (ucm_snapshot_read(&system, bytes, size, "snapshot", &error) == 0) {
		CLAIM(error.class == UCM_CLASS_OK);
		claim_system(&system);
		claim_snapshot(&system);
	} else {
		CLAIM(error.class == UCM_CLASS_INPUT && error.text[0] != '\0');
		CLAIM(fuzz_is_clean(error.text));
	}
	ucm_system_free(&system);
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	unsigned char digest[32];
	char hex[65], *text;
	int head;

	if (size > 0 && bytes[0] == 'u') {
		read_one((const char *)bytes, size);
		return;
	}
	text = malloc(size + 128);
	CLAIM(text != NULL);
	ucm_sha256(bytes, size, digest);
	ucm_hex(digest, sizeof(digest), hex);
	head = snprintf(text, 128, "ucmail-snapshot 1\nsha256 %s\n", hex);
	memcpy(text + head, bytes, size);
	read_one(text, (size_t)head + size);
	free(text);
}
