/*
 * Sends with a password, and then searches all of the process's writable memory for it: as it is,
 * in base64 as AUTH PLAIN and AUTH LOGIN send it. The password is made up as it is asked for, so
 * that no file, argument or constant holds it.
 *
 *   secrets SYSTEM CONNECT-TO [found]     found: leaves a copy about, which the search must find
 */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/process/guest.h"

#define SECRET_LENGTH 24
#define ENCODED_MAX 128
#define CHUNK 65536
#define FORMS 3

/* Everything here is kept with its bits inverted, so that the search does not find itself. */
struct hidden {
	size_t length;
	unsigned char bytes[ENCODED_MAX];
};

/* The same password each time: the server knows it too. */
static void make_secret(char secret[SECRET_LENGTH])
{
	unsigned value = 12345;
	int i;

	for (i = 0; i < SECRET_LENGTH; i++) {
		value = value * 1103515245U + 12345U;
		secret[i] = (char)('A' + (value >> 16) % 26);
	}
}

static long give(const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	int *asked = arg;

	(void)message;
	guest_claim(room >= SECRET_LENGTH, "room for the password");
	make_secret(answer);
	++*asked;
	return SECRET_LENGTH;
}

static void hide(struct hidden *form, const unsigned char *bytes, size_t length)
{
	size_t i;

	form->length = length;
	for (i = 0; i < length; i++)
		form->bytes[i] = (unsigned char)~bytes[i];
}

/* Whole groups of three octets only, so that the form is part of any longer one. */
static void hide_base64(struct hidden *form, const unsigned char *bytes, size_t length)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char encoded[ENCODED_MAX];
	size_t i, size = 0;

	for (i = 0; i + 3 <= length; i += 3) {
		const unsigned group =
		    (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];

		encoded[size++] = (unsigned char)digits[group >> 18];
		encoded[size++] = (unsigned char)digits[group >> 12 & 63];
		encoded[size++] = (unsigned char)digits[group >> 6 & 63];
		encoded[size++] = (unsigned char)digits[group & 63];
	}
	hide(form, encoded, size);
	memset(encoded, 0, sizeof(encoded));
	__asm__ volatile("" : : "r"(encoded) : "memory");
}

/* The password, as AUTH LOGIN has it, and the end of AUTH PLAIN's "\0mailer\0SECRET". */
static void make_forms(struct hidden forms[FORMS])
{
	unsigned char plain[1 + 6 + 1 + SECRET_LENGTH] = "\0mailer";
	char *secret = (char *)plain + 8;

	make_secret(secret);
	hide(&forms[0], (unsigned char *)secret, SECRET_LENGTH);
	hide_base64(&forms[1], (unsigned char *)secret, SECRET_LENGTH);
	hide_base64(&forms[2], plain + 9, SECRET_LENGTH - 1);
	memset(plain, 0, sizeof(plain));
	__asm__ volatile("" : : "r"(plain) : "memory");
}

static int matches(const struct hidden *form, const unsigned char *at)
{
	size_t i;

	for (i = 0; i < form->length; i++)
		if ((at[i] ^ form->bytes[i]) != 0xff)
			return 0;
	return 1;
}

/* How often any form stands in the mapping. Chunks overlap by what a form may be long. */
static size_t search(int memory, uintptr_t from, uintptr_t to, const struct hidden forms[FORMS])
{
	static unsigned char chunk[CHUNK];
	size_t found = 0;

	while (from < to) {
		const size_t want = to - from < CHUNK ? to - from : CHUNK;
		const ssize_t got = pread(memory, chunk, want, (off_t)from);
		size_t i, form;

		if (got <= 0)
			break;
		for (i = 0; i < (size_t)got; i++) {
			for (form = 0; form < FORMS; form++)
				found += forms[form].length <= (size_t)got - i &&
					 matches(&forms[form], chunk + i);
		}
		if ((size_t)got < want || want < CHUNK)
			break;
		from += CHUNK - ENCODED_MAX;
	}
	memset(chunk, 0, sizeof(chunk)); /* the next mapping may be this one */
	return found;
}

static size_t search_all(const struct hidden forms[FORMS], size_t *bytes)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char line[4096];
	size_t found = 0;

	guest_claim(maps != NULL && memory >= 0, "the memory can be read");
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *at = NULL;
		const uintptr_t from = (uintptr_t)strtoull(line, &at, 16);
		const uintptr_t to = (uintptr_t)strtoull(at + 1, &at, 16);

		if (strncmp(at + 1, "rw", 2) != 0)
			continue;
		*bytes += to - from;
		found += search(memory, from, to, forms);
	}
	(void)fclose(maps);
	(void)close(memory);
	return found;
}

/* All forms as they are, for the search to find. */
static unsigned char *show(const struct hidden forms[FORMS])
{
	unsigned char *copy = calloc(FORMS, ENCODED_MAX);
	size_t form, i;

	guest_claim(copy != NULL, "memory");
	for (form = 0; form < FORMS; form++)
		for (i = 0; i < forms[form].length; i++)
			copy[form * ENCODED_MAX + i] = (unsigned char)~forms[form].bytes[i];
	return copy;
}

int main(int argc, char **argv)
{
	static struct hidden forms[FORMS];
	int asked = 0;
	const struct ucm_options options = {
	    .size = sizeof(options), .conv = give, .conv_arg = &asked};
	const struct guest guest = {.input = argv[1], .connect_to = argv[2], .options = &options};
	struct ucm *handle;
	unsigned char *copy = NULL;
	size_t bytes = 0, found;

	guest_claim(argc == 3 || argc == 4, "arguments");
	make_forms(forms);
	handle = guest_handle(&guest);
	guest_claim(
	    guest_send(handle) == UCM_OK && asked == 1, "the password was asked for and taken");
	if (argc == 4)
		copy = show(forms);
	found = search_all(forms, &bytes);
	printf("%zu bytes of memory, the password stands there %zu times\n", bytes, found);
	guest_claim(
	    found == (argc == 4 ? FORMS : 0), "the password is gone once ucm_send() returns");
	free(copy);
	ucm_end(handle);
	found = search_all(forms, &bytes);
	guest_claim(argc == 4 || found == 0, "the password is gone at the end");
	return 0;
}
