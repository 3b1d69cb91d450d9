/*
 * Tests of policy/base64.h.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "policy/base64.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void the_vectors_of_rfc_4648_hold(void **state)
{
	static const struct {
		const char *plain, *encoded;
	} rows[] = {
	    {"", ""},
	    {"f", "Zg=="},
	    {"fo", "Zm8="},
	    {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t size = strlen(rows[i].plain), length = strlen(rows[i].encoded);
		char encoded[16];
		unsigned char decoded[16];

		assert_int_equal(ucm_base64_length(size), length);
		assert_int_equal(ucm_base64_encode(rows[i].plain, size, encoded), length);
		assert_memory_equal(encoded, rows[i].encoded, length);
		assert_int_equal(
		    ucm_base64_decode(rows[i].encoded, length, decoded, sizeof(decoded)), size);
		assert_memory_equal(decoded, rows[i].plain, size);
	}
}

/* The definition, character by character. */
static char character(const unsigned char *bytes, size_t at)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned value = 0;

	for (size_t bit = 6 * at; bit < 6 * at + 6; bit++)
		value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1U);
	return alphabet[value];
}

/* Every group of bits at every place, in octets that end where memory ends. */
static void every_value_is_encoded_at_every_place(void **state)
{
	(void)state;
	for (size_t size = 3; size <= 48; size += 3) {
		unsigned char *bytes = malloc(size);
		char encoded[64];

		assert_non_null(bytes);
		for (unsigned value = 0; value < 256; value++) {
			for (size_t i = 0; i < size; i++)
				bytes[i] = (unsigned char)(value + 37 * i);
			assert_int_equal(ucm_base64_encode(bytes, size, encoded), size / 3 * 4);
			for (size_t i = 0; i < size / 3 * 4; i++)
				assert_int_equal(encoded[i], character(bytes, i));
		}
		free(bytes);
	}
}

static void wrong_text_is_refused(void **state)
{
	static const char *const rows[] = {
	    "Z",
	    "Zg",
	    "Zg=",
	    "=",
	    "====",
	    "Z===",
	    "Zg==Zg==",
	    "Zm9v=",
	    "Zm=v",
	    "Z=9v",
	    "Zh==",
	    "Zm9=",
	    "Zm9v\n",
	    "Zm 9",
	    "Zm-_",
	    "Zm9\xC3",
	};
	unsigned char out[16];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (ucm_base64_decode(rows[i], strlen(rows[i]), out, sizeof(out)) != -1)
			fail_msg("accepted: %s", rows[i]);
	assert_int_equal(ucm_base64_decode("Zm9v", 4, out, 2), -1);
	assert_int_equal(ucm_base64_decode("Zm9v", 4, out, 3), 3);
	assert_int_equal(ucm_base64_decode("Zm\0v", 4, out, sizeof(out)), -1);
}

static void every_byte_survives_in_chunks_and_in_place(void **state)
{
	unsigned char bytes[256], back[512];
	char whole[512], parts[512];
	size_t length, done = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	length = ucm_base64_encode(bytes, sizeof(bytes), whole);
	for (size_t i = 0; i < sizeof(bytes); i += 57)
		done += ucm_base64_encode(
		    bytes + i, i + 57 < sizeof(bytes) ? 57 : sizeof(bytes) - i, parts + done);
	assert_int_equal(done, length);
	assert_memory_equal(parts, whole, length);
	memcpy(back, whole, length);
	assert_int_equal(ucm_base64_decode((const char *)back, length, back, sizeof(back)), 256);
	assert_memory_equal(back, bytes, 256);
}

static void a_length_that_overflows_is_the_largest(void **state)
{
	(void)state;
	assert_true(ucm_base64_length(SIZE_MAX) == SIZE_MAX);
	assert_true(ucm_base64_length(SIZE_MAX / 2) == (SIZE_MAX / 2 / 3 + 1) * 4);
}

int main(void)
{
	const struct CMUnitTest base64[] = {
	    cmocka_unit_test(the_vectors_of_rfc_4648_hold),
	    cmocka_unit_test(every_value_is_encoded_at_every_place),
	    cmocka_unit_test(wrong_text_is_refused),
	    cmocka_unit_test(every_byte_survives_in_chunks_and_in_place),
	    cmocka_unit_test(a_length_that_overflows_is_the_largest),
	};

	return cmocka_run_group_tests(base64, NULL, NULL);
}
