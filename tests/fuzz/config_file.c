/*
 * Fuzz target: policy-lint's configuration file.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tools/lint_config.h"

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct ucm_lint_options options;
	struct ucm_lint_config config;
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_arena arena;
	char path[64];
	int fd = fuzz_file(bytes, size);

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ucm_arena_init(&arena, NULL, 0);
	ucm_lint_options_init(&options, &arena);
	options.config = path;
	if (ucm_lint_config_read(&options, &config, &error) == 0) {
		for (size_t i = 0; i < config.count; i++) {
			const struct ucm_suppression *one = &config.suppression[i];

			CLAIM(one->rule < UCM_RULE_COUNT && one->expires != NULL);
			CLAIM(one->reason != NULL && one->reason[0] != '\0');
			CLAIM(one->owner != NULL && one->owner[0] != '\0');
		}
		CLAIM(options.output_count <= UCM_LINT_OUTPUTS_MAX);
	} else {
		CLAIM(error.class == UCM_CLASS_USAGE && strstr(error.text, path) == error.text);
		for (const char *at = error.text; *at != '\0'; at++)
			CLAIM((unsigned char)*at >= 0x20);
	}
	ucm_arena_free(&arena);
	CLAIM(close(fd) == 0);
}
