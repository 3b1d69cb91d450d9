/*
 * Tests of xml/snapshot.h: damaged snapshots, limits, and want of memory.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/failing.h"
#include "unit/snapshot_system.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void assert_refused(const char *what, const char *bytes, size_t size, const char *why)
{
	struct ucm_system system;
	struct ucm_error error;

	if (read_bytes(&system, bytes, size, &error) == 0)
		fail_msg("%s: accepted", what);
	assert_int_equal(error.class, UCM_CLASS_INPUT);
	if (strncmp(error.text, "s.txt:", 6) != 0 || strchr(error.text, '\n') ||
	    !strstr(error.text, why))
		fail_msg("%s: %s", what, error.text);
	ucm_system_free(&system);
}

static void wrong_records_are_refused(void **state)
{
	static const struct {
		const char *what, *body, *why;
	} rows[] = {
	    {"unknown record", "x 1\nend\n", "3: this kind of record"},
	    {"unknown record behind a known one", "client 1\nclients 1\nend\n", "4: this kind"},
	    {"empty line", "\nend\n", "3: this kind"},
	    {"blank before a record", " client 1\nend\n", "3: this kind"},
	    {"no end", "client 1\n", "cut short"},
	    {"nothing", "", "cut short"},
	    {"end without a line end", "client 1\nend", "cut short"},
	    {"end twice", "end\nend\n", "not the last"},
	    {"end with a field", "end 1\nx\nend\n", "3: the fields"},
	    {"number missing", "client\nend\n", "3: the fields"},
	    {"number empty", "client \nend\n", "3: the fields"},
	    {"number with a sign", "client -1\nend\n", "3: the fields"},
	    {"number with a zero", "client 01\nend\n", "3: the fields"},
	    {"number with letters", "client 1a\nend\n", "3: the fields"},
	    {"two numbers", "client 1 2\nend\n", "3: the fields"},
	    {"two blanks", "client  1\nend\n", "3: the fields"},
	    {"CR", "client 1\r\nend\n", "3: the fields"},
	    {"client too large", "client 10000\nend\n", "3: the fields"},
	    {"number too large", "objects 18446744073709551616\nend\n", "3: the fields"},
	    {"line too large", "variable 1 \"A\" \"\" - 4294967296 1\nend\n", "3: the fields"},
	    {"flag", "has-scripts 2\nend\n", "3: the fields"},
	    {"text for a number", "client \"1\"\nend\n", "3: the fields"},
	    {"number for a text", "login 1 1 -\nend\n", "3: the fields"},
	    {"name missing", "login 1 - -\nend\n", "3: the fields"},
	    {"field missing", "login 1 \"A\"\nend\n", "3: the fields"},
	    {"text not closed", "login 1 \"A -\nend\n", "3: the fields"},
	    {"quote escaped", "login 1 \"A\\\" -\nend\n", "3: the fields"},
	    {"escape of nothing", "login 1 \"\\\nend\n", "3: the fields"},
	    {"unknown escape", "login 1 \"\\n\" -\nend\n", "3: the fields"},
	    {"escape in upper case", "login 1 \"\\xFF\" -\nend\n", "3: the fields"},
	    {"escape cut", "login 1 \"\\x0\" -\nend\n", "3: the fields"},
	    {"half a character escaped", "login 1 \"a\\x8a\" -\nend\n", "3: the fields"},
	    {"NUL escaped", "login 1 \"\\x00\" -\nend\n", "3: the fields"},
	    {"control character", "login 1 \"\x01\" -\nend\n", "3: the fields"},
	    {"no UTF-8", "login 1 \"\xFF\" -\nend\n", "3: the fields"},
	    {"UTF-8 cut by the quote", "login 1 \"\xC3\" -\nend\n", "3: the fields"},
	    {"no UTF-8 elsewhere", "\xFF\nend\n", "3: this kind"},
	    {"row before a variable", "\trow \"A\" \"B\" 1 1 1\nend\n", "3: a row"},
	    {"resource before a store", "\tresource \"A\" - - 1 1\nend\n", "3: a resource"},
	    {"payload before a resource", "store 0 \"A\" - 1 1\n\t\tpayload - 0\nend\n",
		"4: a payload"},
	    {"payload of an earlier store",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\nstore 1 \"A\" - 1 1\n"
		"\t\tpayload - 0\nend\n",
		"6: a payload"},
	    {"payload twice",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 0\n"
		"\t\tpayload - 0\nend\n",
		"6: a payload"},
	    {"payload too short",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 9\nQQ==\nend\n",
		"5: the payload"},
	    {"payload too large",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1048577\nQQ==\nend\n",
		"5: the fields"},
	    {"payload missing",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1\nend\n",
		"5: the payload"},
	    {"payload is no base64",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1\nQ*==\nend\n",
		"5: the payload"},
	    {"unknown agent", "job-agent \"abacus\"\nend\n", "3: this kind of agent"},
	    {"unknown rule", "finding \"UCM999\" 0 0 - - - 0 0 0 - - - 0 0 - - - -\nend\n",
		"3: this rule"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t size;
		char *text = with_head(rows[i].body, strlen(rows[i].body), &size);

		assert_refused(rows[i].what, text, size, rows[i].why);
		free(text);
	}
}

static void wrong_heads_are_refused(void **state)
{
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
	static const struct {
		const char *what, *text, *why;
	} rows[] = {
	    {"nothing", "", "no snapshot"},
	    {"something else", "<?xml version=\"1.0\"?>\n", "no snapshot"},
	    {"first line cut", "ucmail-snapshot 1", "no snapshot"},
	    {"other version", "ucmail-snapshot 2\nsha256 " ZEROS "\nend\n", "version"},
	    {"no version", "ucmail-snapshot \nsha256 " ZEROS "\nend\n", "version"},
	    {"two versions", "ucmail-snapshot 1 1\nsha256 " ZEROS "\nend\n", "version"},
	    {"CR LF", "ucmail-snapshot 1\r\nsha256 " ZEROS "\r\nend\r\n", "CR LF"},
	    {"no digest", "ucmail-snapshot 1\nend\n", "digest is missing"},
	    {"short digest", "ucmail-snapshot 1\nsha256 00\nend\n", "digest is missing"},
	    {"other digest", "ucmail-snapshot 1\nsha512 " ZEROS "\nend\n", "digest is missing"},
	    {"wrong digest", "ucmail-snapshot 1\nsha256 " ZEROS "\n\nend\n", "digest is wrong"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_refused(rows[i].what, rows[i].text, strlen(rows[i].text), rows[i].why);
	assert_false(ucm_snapshot_is("ucmail-snapshot", 15));
	assert_true(ucm_snapshot_is("ucmail-snapshot ", 16));
}

static void every_truncation_and_change_is_refused(void **state)
{
	struct ucm_system system;
	size_t size;
	char *bytes;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	for (size_t length = 0; length < size; length++)
		assert_refused("cut", bytes, length, "");
	for (size_t i = 0; i < size; i++) {
		bytes[i] = (char)(bytes[i] ^ 1);
		assert_refused("changed", bytes, size, "");
		bytes[i] = (char)(bytes[i] ^ 1);
	}
	free(bytes);
	ucm_system_free(&system);
}

/* Damage that comes with a right digest: it may be refused or read, and nothing worse. */
static void damage_under_a_right_digest_does_no_harm(void **state)
{
	static const char masks[] = {1, 2, 16, 127};
	struct ucm_system system;
	size_t size, head, refused = 0;
	char *bytes;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	head = (size_t)(strchr(strchr(bytes, '\n') + 1, '\n') + 1 - bytes);
	for (size_t i = head; i < size; i++)
		for (size_t k = 0; k < COUNT(masks); k++) {
			struct ucm_system other;
			struct ucm_error error;
			size_t length;
			char *text;

			bytes[i] = (char)(bytes[i] ^ masks[k]);
			text = with_head(bytes + head, size - head, &length);
			refused += read_bytes(&other, text, length, &error) < 0;
			bytes[i] = (char)(bytes[i] ^ masks[k]);
			ucm_system_free(&other);
			free(text);
		}
	assert_in_range(refused, size / 2, (size - head) * COUNT(masks) - 1);
	free(bytes);
	ucm_system_free(&system);
}

/* Lines beyond the limit are neither read nor written: they would take memory without bounds. */
static void lines_are_limited(void **state)
{
	static const char line[] = "client 1\n", end[] = "end\n";
	const size_t all = UCM_SNAPSHOT_LINES_MAX - 2; /* beside the head */
	char *body = malloc(all * (sizeof(line) - 1) + sizeof(end)), *at = body;

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < all; i++, at += sizeof(line) - 1)
		memcpy(at, line, sizeof(line));
	for (size_t more = 2; more-- > 0;) { /* the second time, "end" takes the last one's place */
		struct ucm_system system;
		struct ucm_error error = {.class = UCM_CLASS_OK};
		size_t size;
		char *text;

		memcpy(at - (1 - more) * (sizeof(line) - 1), end, sizeof(end));
		text = with_head(body, strlen(body), &size);
		if (more)
			assert_refused("a line more", text, size, "more lines");
		else if (read_bytes(&system, text, size, &error) < 0)
			fail_msg("%s", error.text);
		else
			ucm_system_free(&system);
		free(text);
	}
	free(body);
}

static void no_memory_is_told(void **state)
{
	struct ucm_system system;
	size_t size;
	char *bytes;
	int done = 0;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	ucm_system_free(&system);
	for (int n = 0; !done; n++) {
		int left = n;
		const struct ucm_allocator allocator = {failing_resize, &left};
		struct ucm_error error = {.class = UCM_CLASS_OK};

		ucm_system_init(&system, &allocator, 0);
		done = !ucm_snapshot_read(&system, bytes, size, "s.txt", &error);
		assert_int_equal(error.class, done ? UCM_CLASS_OK : UCM_CLASS_MEMORY);
		ucm_system_free(&system);
		assert_true(n < 1000);
	}
	free(bytes);
}

static void no_memory_for_writing_is_told(void **state)
{
	FILE *out = fopen("/dev/null", "w");
	int left = 1000;
	const struct ucm_allocator allocator = {failing_resize, &left};
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;

	(void)state;
	assert_non_null(out);
	ucm_system_init(&system, &allocator, 0);
	assert_int_equal(ucm_system_finish(&system), 0);
	left = 0;
	assert_int_equal(ucm_snapshot_write(&system, out, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_MEMORY);
	fclose(out);
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wrong_records_are_refused),
	    cmocka_unit_test(wrong_heads_are_refused),
	    cmocka_unit_test(every_truncation_and_change_is_refused),
	    cmocka_unit_test(damage_under_a_right_digest_does_no_harm),
	    cmocka_unit_test(lines_are_limited),
	    cmocka_unit_test(no_memory_is_told),
	    cmocka_unit_test(no_memory_for_writing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
