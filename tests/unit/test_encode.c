/*
 * Encodings: header fields, encoded-words, parameters, quoted-printable, dates.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libsrc/date.h"
#include "libsrc/encode_word.h"
#include "libsrc/field.h"
#include "libsrc/mediatype.h"
#include "libsrc/pieces.h"
#include "libsrc/qp.h"
#include "policy/arena.h"
#include "unit/cmocka_all.h"

#define U3(c) c c c
#define U10(c) U3(c) U3(c) U3(c) c
#define UE "\xC3\xBC" /* ü */

static const struct field_row {
	const char *why, *in, *out;
} subject_rows[] = {
    {"plain", "Report of the night", "Subject: Report of the night\r\n"},
    {"empty", "", "Subject: \r\n"},
    {"spaces inside stay", "a  b   c", "Subject: a  b   c\r\n"},
    {"a space at the end must be kept", "a ", "Subject: =?utf-8?Q?a_?=\r\n"},
    {"a space at the start too", " a", "Subject: =?utf-8?Q?_a?=\r\n"},
    {"what looks encoded is encoded", "=?x?Q?y?=", "Subject: =?utf-8?B?PT94P1E/eT89?=\r\n"},
    {"Q where it is shorter", "Gr" UE "n is a colour",
	"Subject: =?utf-8?Q?Gr=C3=BCn_is_a_colour?=\r\n"},
    {"B where it is shorter", UE UE UE UE, "Subject: =?utf-8?B?w7zDvMO8w7w=?=\r\n"},
    {"a tab", "a\tb", "Subject: =?utf-8?B?YQli?=\r\n"},
    {"folded at a space",
	"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh",
	"Subject: aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg\r\n"
	" hhhhhhhhh\r\n"},
    {"cut between characters", U10(UE) U10(UE) U10(UE),
	"Subject: =?utf-8?B?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=?=\r\n"
	" =?utf-8?B?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvA==?=\r\n"},
};

static void expect(const char *why, const struct ucm_buffer *out, const char *expected)
{
	if (out->length != strlen(expected) || memcmp(out->bytes, expected, out->length) != 0)
		fail_msg("%s:\n%.*s", why, (int)out->length, out->bytes);
}

static void test_subjects(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < sizeof(subject_rows) / sizeof(subject_rows[0]); i++) {
		struct ucm_buffer out;
		struct ucm_field field;

		ucm_buffer_init(&out, &arena);
		ucm_field_begin(&field, &out, "Subject");
		ucm_field_unstructured(&field, subject_rows[i].in);
		ucm_field_end(&field);
		expect(subject_rows[i].why, &out, subject_rows[i].out);
	}
	ucm_arena_free(&arena);
}

static const struct name_row {
	const char *why, *name, *out;
} name_rows[] = {
    {"none", "", "To: a@b.example\r\n"},
    {"atoms", "Batch Mail", "To: Batch Mail <a@b.example>\r\n"},
    {"a comma", "Mail, Batch", "To: \"Mail, Batch\" <a@b.example>\r\n"},
    {"a dot", "B. Mail", "To: \"B. Mail\" <a@b.example>\r\n"},
    {"a quote and a backslash", "a\"b\\c", "To: \"a\\\"b\\\\c\" <a@b.example>\r\n"},
    {"an address as a name", "x@y", "To: \"x@y\" <a@b.example>\r\n"},
    {"two spaces", "a  b", "To: \"a  b\" <a@b.example>\r\n"},
    {"others", "J\xC3\xB6rg", "To: =?utf-8?B?SsO2cmc=?= <a@b.example>\r\n"},
    {"others and a comma", "M, J\xC3\xB6rg", "To: =?utf-8?B?TSwgSsO2cmc=?= <a@b.example>\r\n"},
    {"what looks encoded", "=?a?Q?b?=", "To: =?utf-8?B?PT9hP1E/Yj89?= <a@b.example>\r\n"},
};

static void test_names(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		struct ucm_buffer out;
		struct ucm_field field;

		ucm_buffer_init(&out, &arena);
		ucm_field_begin(&field, &out, "To");
		ucm_field_mailbox(&field, name_rows[i].name, "a@b.example", 0);
		ucm_field_end(&field);
		expect(name_rows[i].why, &out, name_rows[i].out);
	}
	ucm_arena_free(&arena);
}

static const struct name_row parameter_rows[] = {
    {"plain", "a b.txt", "C: x; n=\"a b.txt\"\r\n"},
    {"others", "\xE2\x82\xAC.txt", "C: x; n*=utf-8''%E2%82%AC.txt\r\n"},
    {"a quote", "a\".txt", "C: x; n*=utf-8''a%22.txt\r\n"},
    {"a backslash", "a\\b", "C: x; n*=utf-8''a%5Cb\r\n"},
    {"a percent sign", "100%", "C: x; n*=utf-8''100%25\r\n"},
    {"a semicolon", "a;b", "C: x; n*=utf-8''a%3Bb\r\n"},
    {"what looks encoded", "=?a?Q?b?=", "C: x; n*=utf-8''%3D%3Fa%3FQ%3Fb%3F%3D\r\n"},
    {"empty", "", "C: x; n*=utf-8''\r\n"},
    {"long: in sections, cut between characters", U10(UE) UE,
	"C: x; n*0*=utf-8''%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC;\r\n"
	" n*1*=%C3%BC\r\n"},
};

static void test_parameters(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < sizeof(parameter_rows) / sizeof(parameter_rows[0]); i++) {
		struct ucm_buffer out;
		struct ucm_field field;

		ucm_buffer_init(&out, &arena);
		ucm_field_begin(&field, &out, "C");
		ucm_field_token(&field, "x");
		ucm_field_parameter(&field, "n", parameter_rows[i].name);
		ucm_field_end(&field);
		expect(parameter_rows[i].why, &out, parameter_rows[i].out);
	}
	ucm_arena_free(&arena);
}

static const struct field_row qp_rows[] = {
    {"nothing", "", ""},
    {"plain", "a b", "a b"},
    {"a line", "a\r\n", "a\r\n"},
    {"equals sign", "a=b", "a=3Db"},
    {"a space at the end of the text", "a ", "a=20"},
    {"a space at the end of a line", "a \r\nb", "a=20\r\nb"},
    {"a lone LF", "a\nb", "a=0A=\r\nb"},
    {"a lone CR", "a\rb", "a=0Db"},
    {"LF and CR", "\n\r", "=0A=\r\n=0D"},
    {"LF before a line end", "a\n\r\nb", "a=0A\r\nb"},
    {"76 characters fit",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nb",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nb"},
    {"77 do not", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\nab"},
    {"an escape is not parted",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xC3\xBC",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\n=C3=BC"},
};

static void test_qp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(qp_rows) / sizeof(qp_rows[0]); i++) {
		const unsigned char *in = (const unsigned char *)qp_rows[i].in;
		size_t size = strlen(qp_rows[i].in), used = 0;
		char out[400] = "";

		for (size_t offset = 0; offset < size;)
			used += ucm_qp_line(in, size, &offset, out + used);
		if (used != strlen(qp_rows[i].out) || memcmp(out, qp_rows[i].out, used) != 0)
			fail_msg("%s: %s", qp_rows[i].why, out);
		assert_int_equal(ucm_qp_length(in, size), used);
	}
}

static void test_dates(void **state)
{
	static const struct date_row {
		int64_t seconds;
		int offset;
		const char *out;
	} rows[] = {
	    {0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"},
	    {-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"},
	    {1795543200, 60, "Tue, 24 Nov 2026 19:00:00 +0100"},
	    {1795543200, -570, "Tue, 24 Nov 2026 08:30:00 -0930"},
	    {951782400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"},
	    {4102444799, 0, "Thu, 31 Dec 2099 23:59:59 +0000"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[UCM_DATE_SIZE];

		ucm_date_format(rows[i].seconds, rows[i].offset, out);
		assert_string_equal(out, rows[i].out);
		assert_true(ucm_date_is_valid(out));
	}
	assert_in_range(ucm_date_local_offset(1795543200) + 1000, 0, 2000);
}

/* In 2050, when the low 32 bits of the time are those of a winter's day. */
static void test_summer_time_beyond_2038(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	assert_int_equal(ucm_date_local_offset(2533593600), 120);
	assert_int_equal(unsetenv("TZ"), 0);
	tzset();
}

static void test_media_types(void **state)
{
	(void)state;
	assert_string_equal(ucm_media_type_of("a.PDF"), "application/pdf");
	assert_string_equal(ucm_media_type_of("a.tar.gz"), "application/gzip");
	assert_string_equal(ucm_media_type_of("README"), "application/octet-stream");
	assert_string_equal(ucm_media_type_of("a.b.unknown"), "application/octet-stream");
	assert_string_equal(ucm_media_type_of("pdf"), "application/octet-stream");
}

static void test_base64_lengths(void **state)
{
	(void)state;
	assert_int_equal(ucm_base64_lines_length(0), 0);
	assert_int_equal(ucm_base64_lines_length(1), 4);
	assert_int_equal(ucm_base64_lines_length(57), 76);
	assert_int_equal(ucm_base64_lines_length(58), 82);
	assert_int_equal(ucm_base64_lines_length(114), 154);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_subjects),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_parameters),
	    cmocka_unit_test(test_qp),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_summer_time_beyond_2038),
	    cmocka_unit_test(test_media_types),
	    cmocka_unit_test(test_base64_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
