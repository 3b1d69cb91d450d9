/*
 * Reading JSON: what is no JSON, and memory that ends at any moment.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "tools/json_read.h"

#define NEVER 10000

static unsigned fail_at; /* the allocation that fails, from 1; 0: none */
static unsigned made;

void *__real_malloc(size_t size);
__attribute__((visibility("default"))) void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
	return ++made == fail_at ? NULL : __real_malloc(size);
}

static const struct {
	const char *sentence, *text;
	int readable;
} texts[] = {
    {"an object", "{\"to\": [\"a@example.com\"]}", 1},
    {"blanks round it", " \n[1]\r\n", 1},
    {"nothing", "", 0},
    {"a member twice", "{\"to\": [], \"to\": []}", 0},
    {"a second text", "{}{}", 0},
    {"cut", "{\"to\": [\"a@example.com\"", 0},
    {"a stray byte", "[\"\xff\"]", 0},
    {"half of a surrogate", "[\"\\ud800\"]", 0},
    {"a NUL in a string", "[\"\\u0000\"]", 0},
    {"a number beyond all", "[1e999]", 0},
};

static void reads(void **state)
{
	(void)state;
	fail_at = 0;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_error_t place;
		json_t *root = ucm_json_read_text(texts[i].text, strlen(texts[i].text), &place);

		print_message("# %s\n", texts[i].sentence);
		assert_int_equal(root != NULL, texts[i].readable);
		assert_true(root != NULL || place.text[0] != '\0');
		json_decref(root);
	}
}

static void nests_to_a_depth(void **state)
{
	static char text[200000];
	json_error_t place;

	(void)state;
	fail_at = 0;
	memset(text, '[', sizeof text);
	assert_null(ucm_json_read_text(text, sizeof text, &place));
}

/* A text whose values take far more than it does is told so, and what is made afterwards counts for
 * nothing. */
static void grows_to_a_limit(void **state)
{
	static char text[300001];
	json_error_t place;
	json_t *root;

	(void)state;
	fail_at = 0;
	text[0] = '[';
	for (size_t i = 1; i < sizeof text; i += 3)
		memcpy(text + i, "{},", 3);
	text[sizeof text - 1] = ']';
	assert_null(ucm_json_read_text(text, sizeof text, &place));
	assert_non_null(strstr(place.text, "16 times"));
	root = json_object();
	assert_non_null(root);
	json_decref(root);
	memset(text + 1, ' ', sizeof text - 2);
	root = ucm_json_read_text(text, sizeof text, &place);
	assert_non_null(root);
	json_decref(root);
}

/* Each allocation fails once: all is read as it is, or nothing. */
static void all_or_nothing(void **state)
{
	static const char text[] =
	    "{\"to\": [\"somebody.with.a.long.name@department.example.com\"], \"at\": "
	    "\"2026-11-24T00:00:00Z\", \"a member of more than sixteen octets\": "
	    "1234567890123456789, \"body\": \"\\u00e4\\u20ac and more than thirty-two octets\"}";
	json_error_t place;
	json_t *whole, *root;

	(void)state;
	fail_at = 0;
	whole = ucm_json_read_text(text, sizeof text - 1, &place);
	assert_non_null(whole);
	for (fail_at = 1; fail_at < NEVER; fail_at++) {
		made = 0;
		root = ucm_json_read_text(text, sizeof text - 1, &place);
		if (made < fail_at)
			break;
		if (root != NULL)
			fail_msg("allocation %u: something was read", fail_at);
		assert_string_equal(place.text, "out of memory");
	}
	assert_true(fail_at > 20);
	assert_true(json_equal(root, whole));
	json_decref(root);
	json_decref(whole);
	fail_at = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads),
	    cmocka_unit_test(nests_to_a_depth),
	    cmocka_unit_test(grows_to_a_limit),
	    cmocka_unit_test(all_or_nothing),
	};

	return cmocka_run_group_tests_name("json_read", tests, NULL, NULL);
}
