/*
 * What every fuzz target has: one function over bytes, and claims that must hold for any of them.
 *
 * Built with --enable-fuzzing a target is a libFuzzer program; else it is a test that runs its
 * corpus, and a fixed number of mutations of each file.
 */
#ifndef UCM_TESTS_FUZZ_H
#define UCM_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The target. Whatever the bytes are, it returns, and leaves nothing allocated. */
void fuzz_one(const unsigned char *bytes, size_t size);

/* Aborts with the claim and its place where it does not hold, whatever NDEBUG says. */
#define CLAIM(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_broken(__FILE__, __LINE__, #condition);                               \
	} while (0)

void fuzz_broken(const char *file, int line, const char *claim) __attribute__((noreturn));

/* A copy of exactly this size and a NUL, so that a tool sees each byte read behind it. */
char *fuzz_string(const unsigned char *bytes, size_t size);

/* Bytes that a target takes from the front of its input for its choices; 0 at the end. */
struct fuzz_choices {
	const unsigned char *at;
	size_t left;
};

unsigned fuzz_choice(struct fuzz_choices *choices, unsigned below);

/* The next stretch up to a byte 0xFF or the end. */
const unsigned char *fuzz_stretch(struct fuzz_choices *choices, size_t *length);

/* Valid UTF-8 without control characters, TAB and U+0080 to U+009F among them. */
int fuzz_is_clean(const char *text);

/* Valid UTF-8. */
int fuzz_is_utf8(const char *text);

/* A descriptor of an anonymous file with these bytes, at its start. */
int fuzz_file(const unsigned char *bytes, size_t size);

#endif
