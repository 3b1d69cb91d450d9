/*
 * Tests of policy/text.h.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/arena.h"
#include "policy/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void case_is_folded_in_ascii_only(void **state)
{
	(void)state;
	assert_int_equal(ucm_lower('Z'), 'z');
	assert_int_equal(ucm_lower('['), '[');
	assert_int_equal(ucm_lower(0xC4), 0xC4);
	assert_true(ucm_equal_nocase("Tls", "tLS"));
	assert_false(ucm_equal_nocase("TLS", "TLS "));
	assert_false(ucm_equal_nocase("TLS ", "TLS"));
	assert_false(ucm_equal_nocase("\xC3\x84", "\xC3\xA4"));
	assert_true(ucm_equal_nocase("", ""));
}

static void white_space_is_trimmed(void **state)
{
	static const struct {
		const char *text, *trimmed;
	} rows[] = {
	    {"a", "a"},
	    {"  a b\t", "a b"},
	    {"\r\n\v\f a", "a"},
	    {"", ""},
	    {" \t", ""},
	    {"\xC2\xA0 a", "\xC2\xA0 a"},
	};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *start;
		size_t length = ucm_trim(rows[i].text, &start);

		assert_int_equal(length, strlen(rows[i].trimmed));
		assert_memory_equal(start, rows[i].trimmed, length);
		assert_string_equal(ucm_trim_copy(&arena, rows[i].text), rows[i].trimmed);
		assert_int_equal(ucm_is_blank(rows[i].text), length == 0);
	}
	ucm_arena_free(&arena);
}

static void ascii_runs_end_at_the_first_other_octet(void **state)
{
	char text[64];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[3] = '\0';
	for (size_t other = 0; other < sizeof(text); other++) {
		text[other] ^= (char)0x80;
		for (size_t start = 0; start <= other; start++)
			assert_int_equal(
			    ucm_ascii_run(text + start, sizeof(text) - start), other - start);
		text[other] ^= (char)0x80;
	}
	for (size_t length = 0; length <= sizeof(text); length++)
		assert_int_equal(ucm_ascii_run(text, length), length);
	assert_true(ucm_is_ascii(""));
	assert_true(ucm_is_ascii("a\x7f"));
	assert_false(ucm_is_ascii("a\x80"));
}

static void utf8_sequences_are_measured(void **state)
{
	static const struct {
		const char *what, *text;
		size_t available, length;
	} rows[] = {
	    {"ASCII", "a", 1, 1},
	    {"the end", "", 0, 0},
	    {"NUL is the end", "", 1, 0},
	    {"two bytes", "\xC3\xA4", 2, 2},
	    {"two bytes cut", "\xC3\xA4", 1, 0},
	    {"three bytes", "\xE2\x82\xAC", 3, 3},
	    {"four bytes", "\xF0\x9F\x93\xA7", 4, 4},
	    {"four bytes cut", "\xF0\x9F\x93\xA7", 3, 0},
	    {"stray continuation", "\xA4", 1, 0},
	    {"overlong slash", "\xC0\xAF", 2, 0},
	    {"overlong in three", "\xE0\x80\xAF", 3, 0},
	    {"overlong in four", "\xF0\x80\x80\xAF", 4, 0},
	    {"surrogate", "\xED\xA0\x80", 3, 0},
	    {"last before surrogates", "\xED\x9F\xBF", 3, 3},
	    {"over U+10FFFF", "\xF4\x90\x80\x80", 4, 0},
	    {"no lead byte at all", "\xFF", 1, 0},
	    {"bad third byte", "\xE2\x82x", 3, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (ucm_utf8_sequence(rows[i].text, rows[i].available) != rows[i].length)
			fail_msg("%s", rows[i].what);
	assert_int_equal(ucm_utf8_length("\xC3\xA4x\xE2\x82\xAC"), 3);
	assert_int_equal(ucm_utf8_length("\xC3x\xFF"), 3);
	assert_int_equal(ucm_utf8_length(""), 0);
}

static void the_nearest_word_is_found(void **state)
{
	static const char *const words[] = {"STARTTLS", "TLS", "PLAIN", "SMTP_FROM_ADDR", ""};
	static const struct {
		const char *what, *text, *nearest;
	} rows[] = {
	    {"a swap is one slip", "TSL", "TLS"},
	    {"case is no slip", "tls", "TLS"},
	    {"blanks around do not count", " START_TLS ", "STARTTLS"},
	    {"a letter missing", "PLAN", "PLAIN"},
	    {"a letter too many", "SMTP_FROM_ADDRR", "SMTP_FROM_ADDR"},
	    {"two of three letters are no slip", "SSL", NULL},
	    {"something else", "OAUTH", NULL},
	    {"nothing", "", NULL},
	    {"blank", "  ", NULL},
	};
	char huge[1000];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *found = ucm_nearest(rows[i].text, words, COUNT(words));

		if (!rows[i].nearest != !found || (found && strcmp(found, rows[i].nearest) != 0))
			fail_msg("%s: %s", rows[i].what, found ? found : "none");
	}
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_null(ucm_nearest(huge, words, COUNT(words)));
	assert_null(ucm_nearest("TLS", words, 0));
}

static void times_are_written(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
	    {0, "1970-01-01T00:00:00Z"},
	    {-1, "1969-12-31T23:59:59Z"},
	    {951782400, "2000-02-29T00:00:00Z"},
	    {1795543200, "2026-11-24T18:00:00Z"},
	    {4107542400, "2100-03-01T00:00:00Z"},
	    {253402300799, "9999-12-31T23:59:59Z"},
	    {INT64_MAX, "9999-12-31T23:59:59Z"},
	    {INT64_MIN, "0000-01-01T00:00:00Z"},
	};
	char text[21];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ucm_time_format(rows[i].seconds, text);
		assert_string_equal(text, rows[i].text);
	}
	assert_int_equal(ucm_time_from_civil(2000, 3, 1, 0, 0, 0), 951868800);
}

static void times_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {
	    {"2026-11-24", 1795478400},
	    {"2026-11-24T18:00:00Z", 1795543200},
	    {"2024-02-29", 1709164800},
	    {"1969-12-31T23:59:59Z", -1},
	};
	static const char *const bad[] = {
	    "",
	    "2026",
	    "2026-11-24 ",
	    " 2026-11-24",
	    "2026-13-01",
	    "2026-00-01",
	    "2026-02-29",
	    "1900-02-29",
	    "2026-04-31",
	    "2026-11-24T24:00:00Z",
	    "2026-11-24T18:60:00Z",
	    "2026-11-24T18:00:60Z",
	    "2026-11-24T18:00:00+",
	    "2026-11-24T18:00:00",
	    "2026/11/24",
	    "-026-11-24",
	    "2026-11-2x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t seconds = 0;

		assert_int_equal(ucm_time_parse(good[i].text, &seconds), 0);
		assert_int_equal(seconds, good[i].seconds);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t seconds = 7;

		if (ucm_time_parse(bad[i], &seconds) != -1)
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(seconds, 7);
	}
}

static void every_day_survives_a_round_trip(void **state)
{
	(void)state;
	for (int64_t day = -719528; day < 2932896; day += 13) {
		char text[21];
		int64_t seconds = 0;

		ucm_time_format(day * 86400 + 3661, text);
		assert_int_equal(ucm_time_parse(text, &seconds), 0);
		assert_int_equal(seconds, day * 86400 + 3661);
	}
}

static void digests_are_those_of_the_standard(void **state)
{
	unsigned char digest[32];
	char hex[65];

	(void)state;
	ucm_sha256("abc", 3, digest);
	ucm_hex(digest, sizeof(digest), hex);
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ucm_sha256("", 0, digest);
	ucm_hex(digest, sizeof(digest), hex);
	assert_string_equal(
	    hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ucm_hex(digest, 0, hex);
	assert_string_equal(hex, "");
}

struct stream {
	const char *text;
	size_t step; /* octets a reading gives; 0: it fails */
};

static long read_stream(void *arg, void *room, size_t size)
{
	struct stream *stream = arg;
	size_t length = strlen(stream->text);

	if (length > stream->step)
		length = stream->step;
	assert_true(length <= size);
	if (stream->step == 0)
		return -1;
	memcpy(room, stream->text, length);
	stream->text += length;
	return (long)length;
}

static void digests_of_pieces_are_those_of_the_whole(void **state)
{
	static const char text[] = "a text of several pieces";
	unsigned char whole[32], pieces[32];

	(void)state;
	ucm_sha256(text, strlen(text), whole);
	for (size_t step = 1; step < sizeof(text) + 1; step++) {
		struct stream stream = {text, step};

		assert_int_equal(ucm_sha256_stream(read_stream, &stream, pieces), 0);
		assert_memory_equal(pieces, whole, sizeof(whole));
	}
	assert_int_equal(ucm_sha256_stream(read_stream, &(struct stream){text, 0}, pieces), -1);
}

static void secrets_are_wiped(void **state)
{
	char secret[8] = "secret!";
	static const char zero[8];

	(void)state;
	ucm_wipe(secret, 6);
	assert_memory_equal(secret, zero, 6);
	assert_int_equal(secret[6], '!');
	ucm_wipe(NULL, 0);
}

/* Every length at both of its ends; what is written is read again as one character. */
static void utf8_is_written(void **state)
{
	static const struct {
		uint32_t code;
		const char *text;
	} rows[] = {
	    {0, ""},
	    {'a', "a"},
	    {0x7F, "\x7F"},
	    {0x80, "\xC2\x80"},
	    {0x7FF, "\xDF\xBF"},
	    {0x800, "\xE0\xA0\x80"},
	    {0x20AC, "\xE2\x82\xAC"},
	    {0xFFFF, "\xEF\xBF\xBF"},
	    {0x10000, "\xF0\x90\x80\x80"},
	    {0x10FFFF, "\xF4\x8F\xBF\xBF"},
	};
	char out[4];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = rows[i].code == 0 ? 1 : strlen(rows[i].text);

		assert_int_equal(ucm_utf8_put(rows[i].code, out), length);
		assert_memory_equal(out, rows[i].text, length);
		assert_int_equal(ucm_utf8_sequence(out, length), rows[i].code == 0 ? 0 : length);
	}
	assert_int_equal(ucm_utf8_put(0xD800, out), 3);
	assert_int_equal(ucm_utf8_sequence(out, 3), 0);
}

static void text_from_outside_is_cleaned(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
	    {"plain \xc3\xa4\xe6\x97\xa5\xf0\x9f\x98\x80",
		"plain \xc3\xa4\xe6\x97\xa5\xf0\x9f\x98\x80"},
	    {"a\tb\r\n\033\x7f", "a b????"},
	    {"\xc2\x9b\xc2\xa0", "?\xc2\xa0"},
	    {"a\xff\xc3z\xe2\x80", "a??z??"},
	    {"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f\xe2\x80\xa8\xef\xbb\xbf\xd8\x9c\xf3\xa0\x81\x81",
		"???????"},
	    {"\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa", "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length =
		    ucm_text_clean(rows[i].text, strlen(rows[i].text), out, sizeof(out));

		assert_string_equal(out, rows[i].expected);
		assert_int_equal(length, strlen(out));
		/* The same in place. */
		strcpy(out, rows[i].text);
		ucm_text_clean(out, strlen(out), out, sizeof(out));
		assert_string_equal(out, rows[i].expected);
	}
	assert_int_equal(ucm_text_clean("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	/* It is cut between characters. */
	assert_int_equal(ucm_text_clean("aaaaa\xc3\xbc\xc3\xbc", 9, out, 8), 7);
	assert_string_equal(out, "aaaaa\xc3\xbc");
	assert_int_equal(ucm_text_clean("aaaaa\xc3\xbc\xc3\xbc", 9, out, 7), 5);
	assert_string_equal(out, "aaaaa");
	assert_int_equal(ucm_text_clean("a", 1, out, 1), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest text[] = {
	    cmocka_unit_test(utf8_is_written),
	    cmocka_unit_test(case_is_folded_in_ascii_only),
	    cmocka_unit_test(text_from_outside_is_cleaned),
	    cmocka_unit_test(white_space_is_trimmed),
	    cmocka_unit_test(ascii_runs_end_at_the_first_other_octet),
	    cmocka_unit_test(utf8_sequences_are_measured),
	    cmocka_unit_test(the_nearest_word_is_found),
	    cmocka_unit_test(times_are_written),
	    cmocka_unit_test(times_are_read),
	    cmocka_unit_test(every_day_survives_a_round_trip),
	    cmocka_unit_test(digests_are_those_of_the_standard),
	    cmocka_unit_test(digests_of_pieces_are_those_of_the_whole),
	    cmocka_unit_test(secrets_are_wiped),
	};

	return cmocka_run_group_tests(text, NULL, NULL);
}
