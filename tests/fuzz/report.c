/*
 * Fuzz target: JSON that tools have written, and the arguments of evidence. The first byte chooses:
 *   b  a baseline, also as the former report of --since
 *   a  the recorded arguments of evidence, one a line
 *   c-k  a report, merged with itself into one of the formats; else the bytes are a report as a
 * whole
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tools/lint_baseline.h"
#include "tools/lint_merge.h"
#include "tools/lint_options.h"

#define ARGUMENTS_MAX 64

static const char *const formats[] = {
    "json", "text", "sarif", "junit", "github", "gitlab", "html", "csv", "prometheus"};

/* What went wrong is in words that no terminal obeys. */
static void claim_told(const struct ucm_error *error)
{
	CLAIM(error->class != UCM_CLASS_OK && error->text[0] != '\0');
	CLAIM(fuzz_is_clean(error->text));
}

static void read_baseline(struct ucm_arena *arena, const char *path)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_fingerprints set;

	if (ucm_baseline_read(arena, path, &set, &error) != 0) {
		claim_told(&error);
		return;
	}
	for (size_t i = 0; i < set.count; i++) {
		CLAIM(strspn(set.text[i], "0123456789abcdef") == 32);
		CLAIM(i == 0 || strcmp(set.text[i - 1], set.text[i]) <= 0);
		CLAIM(ucm_fingerprints_have(&set, set.text[i]));
	}
}

/* As --verify takes them up. */
static void read_arguments(struct ucm_arena *arena, char *text)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_lint_options options;
	char name[] = "policy-lint";
	char *list[ARGUMENTS_MAX + 1] = {name};
	int count = 1;

	for (char *at = text; *at != '\0' && count < ARGUMENTS_MAX; count++) {
		size_t length = strcspn(at, "\n");

		list[count] = at;
		at += length + (at[length] == '\n');
		if (at > text && at[-1] == '\n')
			at[-1] = '\0';
	}
	ucm_lint_options_init(&options, arena);
	if (ucm_lint_options_read(&options, count, list, &error) != 0) {
		claim_told(&error);
		return;
	}
	CLAIM(options.output_count <= UCM_LINT_OUTPUTS_MAX);
	CLAIM(options.input_count < ARGUMENTS_MAX);
}

/* A report, twice: everything in it is there twice then, or is one. */
static int merge(struct ucm_arena *arena, const char *path, const char *format)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_lint_options options;
	char name[] = "policy-lint", words[] = "--merge", quiet[] = "-q", output[64], copy[64];
	char since[80], *list[] = {name, words, quiet, output, since, copy, copy, NULL};

	(void)snprintf(output, sizeof(output), "--output=%s:/dev/null", format);
	(void)snprintf(since, sizeof(since), "--since=%s", path);
	(void)snprintf(copy, sizeof(copy), "%s", path);
	ucm_lint_options_init(&options, arena);
	CLAIM(ucm_lint_options_read(&options, 7, list, &error) == 0);
	return ucm_lint_merge(&options);
}

/* With standard error in a file: what went wrong is told there. So is what a sanitizer finds: see
 * it by ASAN_OPTIONS=log_path=found. */
static void merge_apart(struct ucm_arena *arena, const char *path, const char *format)
{
	const int before = dup(STDERR_FILENO), told = fuzz_file((const unsigned char *)"", 0);
	int code;

	CLAIM(before >= 0 && dup2(told, STDERR_FILENO) >= 0);
	code = merge(arena, path, format);
	(void)fflush(stderr);
	CLAIM(dup2(before, STDERR_FILENO) >= 0);
	CLAIM(code >= 0 && code <= 4);
	CLAIM(code != 2 || lseek(told, 0, SEEK_END) > 0);
	CLAIM(close(before) == 0 && close(told) == 0);
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct ucm_arena arena;
	char path[64], *text;
	const int choice = size > 0 ? bytes[0] : 0;
	const int skipped = choice >= 'a' && choice <= 'k';
	int fd = fuzz_file(bytes + skipped, size - (size_t)skipped);

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ucm_arena_init(&arena, NULL, 0);
	if (choice == 'a') {
		text = fuzz_string(bytes + 1, size - 1);
		read_arguments(&arena, text);
		free(text);
	} else if (choice == 'b') {
		read_baseline(&arena, path);
	} else {
		merge_apart(&arena, path, formats[skipped ? choice - 'c' : 0]);
	}
	ucm_arena_free(&arena);
	CLAIM(close(fd) == 0);
}
