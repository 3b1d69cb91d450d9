/*
 * Runs a fuzz target: under libFuzzer, or over its corpus as a test.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "policy/text.h"
#include "tests/fuzz/fuzz.h"

void fuzz_broken(const char *file, int line, const char *claim)
{
	(void)fprintf(stderr, "%s:%d: broken: %s\n", file, line, claim);
	abort();
}

char *fuzz_string(const unsigned char *bytes, size_t size)
{
	char *copy = malloc(size + 1);

	CLAIM(copy != NULL);
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

unsigned fuzz_choice(struct fuzz_choices *choices, unsigned below)
{
	unsigned value = 0;

	if (choices->left > 0) {
		value = *choices->at++ % below;
		choices->left--;
	}
	return value;
}

const unsigned char *fuzz_stretch(struct fuzz_choices *choices, size_t *length)
{
	const unsigned char *start = choices->at;
	const unsigned char *end = choices->left > 0 ? memchr(start, 0xFF, choices->left) : NULL;

	*length = end != NULL ? (size_t)(end - start) : choices->left;
	choices->left -= *length + (end != NULL);
	choices->at += *length + (end != NULL);
	return start;
}

int fuzz_is_utf8(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = ucm_utf8_sequence(text, left);

		if (length == 0)
			return 0;
		text += length;
		left -= length;
	}
	return 1;
}

int fuzz_is_clean(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7F)
			return 0;
		if ((unsigned char)at[0] == 0xC2 && (unsigned char)at[1] < 0xA0)
			return 0;
	}
	return fuzz_is_utf8(text);
}

int fuzz_file(const unsigned char *bytes, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	CLAIM(fd >= 0);
	CLAIM(size == 0 || write(fd, bytes, size) == (ssize_t)size);
	CLAIM(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

#ifdef UCM_FUZZING

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_one(bytes, size);
	return 0;
}

#else

#define FILES_MAX 1000
#define INPUT_MAX 65536

static uint64_t state = 88172645463325252ULL;

static unsigned next_random(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

/* A few changes of bytes, lengths and order. Returns the new size. */
static size_t mutate(unsigned char *bytes, size_t size)
{
	for (unsigned count = 1 + next_random(4); count > 0 && size > 0; count--) {
		const size_t at = next_random((unsigned)size);
		const size_t length = 1 + next_random((unsigned)(size - at));

		switch (next_random(6)) {
		case 0:
			bytes[at] ^= (unsigned char)(1U << next_random(8));
			break;
		case 1:
			bytes[at] = (unsigned char)next_random(256);
			break;
		case 2:
			memmove(bytes + at, bytes + at + length, size - at - length);
			size -= length;
			break;
		case 3:
			size = at;
			break;
		case 4:
			if (size + length <= INPUT_MAX) {
				memmove(bytes + at + length, bytes + at, size - at);
				size += length;
			}
			break;
		default:
			memset(bytes + at, bytes[at], length < 8 ? length : 8);
		}
	}
	return size;
}

/* Exactly as much memory as there are bytes, so that a tool sees each byte read behind it. */
static void run_exact(const unsigned char *bytes, size_t size)
{
	unsigned char *copy = malloc(size != 0 ? size : 1);

	CLAIM(copy != NULL);
	memcpy(copy, bytes, size);
	fuzz_one(copy, size);
	free(copy);
}

static void run_file(const char *path, unsigned mutations)
{
	static unsigned char bytes[INPUT_MAX], changed[INPUT_MAX];
	FILE *file = fopen(path, "rbe");
	size_t size;

	CLAIM(file != NULL);
	size = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	run_exact(bytes, size);
	for (unsigned i = 0; i < mutations; i++) {
		memcpy(changed, bytes, size);
		run_exact(changed, mutate(changed, size));
	}
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	/* Fewer where a slow tool such as valgrind runs the tests. */
	const unsigned mutations =
	    getenv("UCM_WRAP") != NULL ? FUZZ_MUTATIONS / 100 : FUZZ_MUTATIONS;
	struct dirent **list = NULL;
	char path[4096];
	int count, i;

	(void)alarm(300); /* a target that hangs is broken too */
	if (argc > 1) {
		for (i = 1; i < argc; i++)
			run_file(argv[i], 0);
		return 0;
	}
	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/" FUZZ_TARGET, top ? top : ".");
	count = scandir(path, &list, is_visible, alphasort);
	CLAIM(count > 0 && count <= FILES_MAX);
	(void)printf("1..%d\n", count);
	for (i = 0; i < count; i++) {
		(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/" FUZZ_TARGET "/%s",
		    top ? top : ".", list[i]->d_name);
		run_file(path, mutations);
		(void)printf("ok %d - %s\n", i + 1, list[i]->d_name);
		(void)fflush(stdout);
		free(list[i]);
	}
	free((void *)list);
	return 0;
}

#endif
