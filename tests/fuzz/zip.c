/*
 * Fuzz target: one ZIP.
 */
#include "config.h"

#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/system_claims.h"
#include "xml/zip.h"

void fuzz_one(const unsigned char *bytes, size_t size)
{
	const struct ucm_load_options options = {.client = 0};
	struct ucm_system system;
	int fd = fuzz_file(bytes, size);

	ucm_system_init(&system, NULL, 0);
	(void)ucm_zip_is(bytes, size);
	CLAIM(ucm_zip_read(&system, fd, "pack.zip", &options) == 0);
	CLAIM(ucm_system_finish(&system) == 0);
	claim_system(&system);
	claim_snapshot(&system);
	ucm_system_free(&system);
	CLAIM(close(fd) == 0);
}
