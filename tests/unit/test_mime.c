/*
 * Bodies and attachments: structure, encodings, reports, files that change.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/cmocka_all.h"
#include "tests/unit/message_fixture.h"

#define BOUNDARY "=_m0aaa5d7f8b4d167e8e978078"
#define ALTERNATIVE "=_a0aaa5d7f8b4d167e8e978078"

static void start(struct fixture *fixture)
{
	fixture_start(fixture);
	assert_int_equal(
	    ucm_message_add_recipient(fixture->message, UCM_TO, "x@example.com"), UCM_OK);
}

static void set_body(struct fixture *fixture, const char *text)
{
	assert_int_equal(ucm_message_set_body(fixture->message, text, strlen(text)), UCM_OK);
}

static const struct body_row {
	const char *why, *in, *encoding, *out;
} body_rows[] = {
    {"empty", "", "7bit", ""},
    {"line ends", "a\nb\rc\r\nd\n\r", "7bit", "a\r\nb\r\nc\r\nd\r\n\r\n"},
    {"ASCII keeps its format", ".\r\n..\r\n From  \r\n", "7bit", ".\r\n..\r\n From  \r\n"},
    {"few others: quoted-printable", "Grüße = the text of a longer line \n", "quoted-printable",
	"Gr=C3=BC=C3=9Fe =3D the text of a longer line=20\r\n"},
    {"a tab at the end", "a longer text: ü\t\r\nx", "quoted-printable",
	"a longer text: =C3=BC=09\r\nx\r\n"},
    {"many others: base64", "üüüüüüüü", "base64", "w7zDvMO8w7zDvMO8w7zDvA==\r\n"},
    {"our boundary inside", "--" BOUNDARY "--\n", "quoted-printable",
	"--=3D_m0aaa5d7f8b4d167e8e978078--\r\n"},
};

static void test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(body_rows) / sizeof(body_rows[0]); i++) {
		const struct body_row *row = &body_rows[i];
		struct fixture fixture;
		char field[80];

		start(&fixture);
		set_body(&fixture, row->in);
		(void)snprintf(field, sizeof(field), "\r\nContent-Transfer-Encoding: %s\r\n\r\n",
		    row->encoding);
		if (strcmp(fixture_body(&fixture), row->out) != 0)
			fail_msg("%s:\n%s", row->why, fixture.text);
		if (!strstr(fixture.text, field))
			fail_msg("%s: not %s", row->why, row->encoding);
		fixture_end(&fixture);
	}
}

static void test_long_lines(void **state)
{
	struct fixture fixture;
	char line[1001];

	(void)state;
	start(&fixture);
	memset(line, 'x', sizeof(line));
	assert_int_equal(ucm_message_set_body(fixture.message, line, 998), UCM_OK);
	assert_int_equal(strlen(fixture_body(&fixture)), 1000);
	assert_int_equal(ucm_message_set_body(fixture.message, line, 999), UCM_OK);
	assert_int_equal(strncmp(fixture_body(&fixture) + 74, "x=\r\nx", 5), 0);
	fixture_end(&fixture);
}

static void test_bad_bodies(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture);
	set_body(&fixture, "first");
	assert_int_equal(ucm_message_set_body(fixture.message,
			     "Gr\xFC\xDF"
			     "e",
			     5),
	    UCM_E_MESSAGE);
	assert_non_null(strstr(fixture.fake.handle.error.text, "octet 3"));
	assert_int_equal(ucm_message_set_html(fixture.message, "\xC3", 1), UCM_E_MESSAGE);
	assert_string_equal(fixture_body(&fixture), "first\r\n"); /* what stood there stays */
	assert_int_equal(ucm_message_set_body(fixture.message, "a\0b", 3), UCM_OK);
	assert_string_equal(fixture_body(&fixture), "YQBi\r\n");
	assert_int_equal(ucm_message_set_body(fixture.message, NULL, 0), UCM_OK);
	assert_string_equal(fixture_body(&fixture), "");
	fixture_end(&fixture);
}

static void test_alternatives(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture);
	assert_int_equal(ucm_message_set_html(fixture.message, "<b>x</b>", 8), UCM_OK);
	assert_string_equal(fixture_body(&fixture), "<b>x</b>\r\n");
	assert_non_null(strstr(fixture.text, "Content-Type: text/html; charset=\"us-ascii\"\r\n"));
	set_body(&fixture, "x");
	assert_string_equal(fixture_body(&fixture),
	    "--" ALTERNATIVE "\r\n"
	    "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\nx\r\n"
	    "--" ALTERNATIVE "\r\n"
	    "Content-Type: text/html; charset=\"us-ascii\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\n<b>x</b>\r\n"
	    "--" ALTERNATIVE "--\r\n");
	fixture_end(&fixture);
}

static void test_attachments(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture);
	set_body(&fixture, "see below");
	assert_int_equal(
	    ucm_message_attach_data(fixture.message, "a.pdf", NULL, "%PDF", 4), UCM_OK);
	assert_int_equal(
	    ucm_message_attach_data(fixture.message, "\xE2\x82\xAC 1.bin", "x/y", "", 0), UCM_OK);
	assert_string_equal(fixture_body(&fixture),
	    "--" BOUNDARY "\r\n"
	    "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\nsee below\r\n"
	    "--" BOUNDARY "\r\n"
	    "Content-Type: application/pdf; name=\"a.pdf\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment; filename=\"a.pdf\"\r\n\r\nJVBERg==\r\n"
	    "--" BOUNDARY "\r\n"
	    "Content-Type: x/y; name=\"__1.bin\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment; filename*=utf-8''%E2%82%AC%201.bin\r\n\r\n\r\n"
	    "--" BOUNDARY "--\r\n");
	fixture.fake.handle.decision.file_attachments = 0;
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_POLICY);
	fixture_end(&fixture);
}

static const struct charset_row {
	const char *why, *type, *content, *expected;
} charset_rows[] = {
    {"ASCII", "text/csv", "a;b", "text/csv; charset=\"utf-8\"; name=\"a\""},
    {"UTF-8", "TEXT/plain", "\xC3\xBC", "TEXT/plain; charset=\"utf-8\"; name=\"a\""},
    {"another", "text/plain", "\xFC", "text/plain; name=\"a\""},
    {"half a character", "text/plain", "ab\xC3", "text/plain; name=\"a\""},
    {"no text", "application/json", "{}", "application/json; name=\"a\""},
};

static void test_charsets(void **state)
{
	char large[5000];
	struct fixture fixture;

	(void)state;
	for (size_t i = 0; i < sizeof(charset_rows) / sizeof(charset_rows[0]); i++) {
		const struct charset_row *row = &charset_rows[i];

		start(&fixture);
		assert_int_equal(ucm_message_attach_data(fixture.message, "a", row->type,
				     row->content, strlen(row->content)),
		    UCM_OK);
		if (!strstr(fixture_body(&fixture), row->expected))
			fail_msg("%s:\n%s", row->why, fixture.text);
		fixture_end(&fixture);
	}
	start(&fixture);
	memset(large, 'a', sizeof(large));
	memcpy(large + 4094, "\xE2\x82\xAC", 3); /* the sample ends inside it */
	assert_int_equal(
	    ucm_message_attach_data(fixture.message, "a", "text/plain", large, sizeof(large)),
	    UCM_OK);
	assert_non_null(strstr(fixture_body(&fixture), "utf-8"));
	fixture_end(&fixture);
}

static void test_deterministic(void **state)
{
	struct fixture fixture;
	unsigned char random[16] = {99};
	struct ucm_message_context context = {1, 0, random};
	struct ucm_message_needs needs;
	struct ucm_error error = {0};
	char out[4096];
	ssize_t length;

	(void)state;
	start(&fixture);
	assert_int_equal(ucm_message_set(fixture.message, UCM_DATE, FIXTURE_DATE), UCM_OK);
	assert_int_equal(ucm_message_set(fixture.message, UCM_MESSAGE_ID, FIXTURE_ID), UCM_OK);
	assert_int_equal(ucm_message_attach_data(fixture.message, "a", NULL, "x", 1), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_int_equal(ucm_message_prepare(fixture.message, &fixture.fake.handle.decision,
			     &context, &needs, &error),
	    0); /* another time, other random bytes */
	length = ucm_message_read(fixture.message, out, sizeof(out), &error);
	assert_int_equal(length, strlen(fixture.text));
	assert_memory_equal(out, fixture.text, (size_t)length);
	fixture_end(&fixture);
}

static const struct type_row {
	const char *why, *name, *type;
	int expected;
} type_rows[] = {
    {"a type", "a", "application/x-foo+bar", UCM_OK},
    {"no subtype", "a", "text", UCM_E_MESSAGE},
    {"an empty subtype", "a", "text/", UCM_E_MESSAGE},
    {"an empty type", "a", "/plain", UCM_E_MESSAGE},
    {"a parameter", "a", "text/plain; charset=x", UCM_E_MESSAGE},
    {"an injection", "a", "text/plain\r\nBcc: x@example.com", UCM_E_MESSAGE},
    {"three parts", "a", "a/b/c", UCM_E_MESSAGE},
    {"a multipart, which base64 may not carry", "a", "Multipart/mixed", UCM_E_MESSAGE},
    {"a message, likewise", "a", "message/rfc822", UCM_E_MESSAGE},
    {"only the same beginning", "a", "messages/x", UCM_OK},
    {"no name", "", NULL, UCM_E_MESSAGE},
    {"a line end in the name", "a\r\nX: y", NULL, UCM_E_MESSAGE},
    {"a name that is no UTF-8", "\xFF.txt", NULL, UCM_E_MESSAGE},
};

static void test_types(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture);
	for (size_t i = 0; i < sizeof(type_rows) / sizeof(type_rows[0]); i++) {
		const struct type_row *row = &type_rows[i];
		int got = ucm_message_attach_data(fixture.message, row->name, row->type, "x", 1);

		if (got != row->expected)
			fail_msg("%s: %d", row->why, got);
	}
	fixture_end(&fixture);
}

/* ---- Files ------------------------------------------------------------------------------------
 */

static const char path[] = "test_mime.tmp.txt";

static void write_file(const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static const struct report_row {
	const char *why, *in, *out; /* limit 10 */
	const char *encoding;
} report_rows[] = {
    {"short", "a\r\nb\r\n", "a\r\nb\r\n", "7bit"},
    {"exactly the limit", "0123456789", "0123456789", "7bit"},
    {"one over", "0123456789X",
	"0123456789=0A=\r\n"
	"Truncated through SMTP_MAX_ATTACHMENT_SIZE limit.=0A",
	"quoted-printable"},
    {"cut behind a line", "01234567\r\nX",
	"01234567\r\nTruncated through SMTP_MAX_ATTACHMENT_SIZE limit.\r\n", "7bit"},
    {"cut between characters", "012345678\xC3\xBCX",
	"012345678=0A=\r\nTruncated through SMTP_MAX_ATTACHMENT_SIZE limit.=0A",
	"quoted-printable"},
    {"the last character fits", "01234567\xC3\xBCX",
	"01234567=C3=BC=0A=\r\nTruncated through SMTP_MAX_ATTACHMENT_SIZE limit.=0A",
	"quoted-printable"},
    {"a line feed is kept as it is, and readable", "a\nb\n", "a=0A=\r\nb=0A", "quoted-printable"},
    {"empty", "", "", "7bit"},
};

static void test_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(report_rows) / sizeof(report_rows[0]); i++) {
		const struct report_row *row = &report_rows[i];
		struct fixture fixture;
		char expected[300], field[80];

		start(&fixture);
		fixture.fake.handle.decision.max_report_bytes = 10;
		fixture.fake.handle.decision.file_attachments = 0; /* says nothing about reports */
		write_file(row->in, strlen(row->in));
		assert_int_equal(ucm_message_attach_report(fixture.message, path), UCM_OK);
		(void)snprintf(
		    expected, sizeof(expected), "\r\n\r\n%s\r\n--%s--\r\n", row->out, BOUNDARY);
		(void)snprintf(
		    field, sizeof(field), "\r\nContent-Transfer-Encoding: %s\r\n", row->encoding);
		if (!strstr(fixture_body(&fixture), expected) || !strstr(fixture.text, field))
			fail_msg("%s:\n%s", row->why, fixture.text);
		fixture_end(&fixture);
	}
	assert_int_equal(unlink(path), 0);
}

static void test_report_of_another_encoding(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture);
	write_file("\xFC\xFC\xFC", 3);
	assert_int_equal(ucm_message_attach_report(fixture.message, path), UCM_OK);
	assert_non_null(strstr(fixture_body(&fixture), "charset=\"unknown-8bit\""));
	assert_non_null(strstr(fixture.text, "\r\n/Pz8\r\n"));
	assert_int_equal(unlink(path), 0);
	fixture_end(&fixture);
}

static void test_file_that_changes(void **state)
{
	struct fixture fixture;
	struct ucm_message_needs needs = {0};
	unsigned char random[16] = {0};
	struct ucm_message_context context = {0, 0, random};
	struct ucm_error error = {0};
	char chunk[512];
	ssize_t count;

	(void)state;
	start(&fixture);
	write_file("0123456789", 10);
	assert_int_equal(ucm_message_attach_file(fixture.message, path, NULL), UCM_OK);
	assert_non_null(strstr(fixture_body(&fixture), "\r\nMDEyMzQ1Njc4OQ==\r\n"));
	for (int grows = 0; grows < 2; grows++) {
		memset(&error, 0, sizeof(error));
		assert_int_equal(ucm_message_prepare(fixture.message, &fixture.fake.handle.decision,
				     &context, &needs, &error),
		    0);
		write_file("0123456789", grows ? 10 : 4);
		do
			count = ucm_message_read(fixture.message, chunk, sizeof(chunk), &error);
		while (count > 0);
		assert_int_equal(count, -1);
		assert_int_equal(error.class, UCM_CLASS_IO);
		assert_non_null(strstr(error.text, "changed its size"));
	}
	assert_int_equal(unlink(path), 0);
	assert_non_null(fixture_text(&fixture)); /* open: it can still be read */
	fixture_end(&fixture);
}

static void test_what_is_no_file(void **state)
{
	struct fixture fixture;
	int ends[2];
	char name[40];

	(void)state;
	start(&fixture);
	assert_int_equal(ucm_message_attach_file(fixture.message, "no/such/file", NULL), UCM_E_IO);
	assert_non_null(strstr(fixture.fake.handle.error.text, "no/such/file"));
	assert_int_equal(ucm_message_attach_file(fixture.message, "..", NULL), UCM_E_IO);
	assert_int_equal(ucm_message_attach_file(fixture.message, "/dev/zero", NULL), UCM_E_IO);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "piped", 5), 5);
	assert_int_equal(close(ends[1]), 0);
	(void)snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	assert_int_equal(ucm_message_attach_file(fixture.message, name, "text/plain"), UCM_OK);
	assert_int_equal(close(ends[0]), 0);
	assert_non_null(strstr(fixture_body(&fixture), "\r\n\r\ncGlwZWQ=\r\n"));
	fixture_end(&fixture);
}

static void test_large_file(void **state)
{
	const size_t size = (size_t)50 * 1000 * 1000;
	struct fixture fixture;
	struct ucm_message_needs needs = {0};
	unsigned char random[16] = {0};
	struct ucm_message_context context = {0, 0, random};
	struct ucm_error error = {0};
	unsigned long long total = 0;
	static char chunk[65536];
	ssize_t count;
	long before;

	(void)state;
	start(&fixture);
	write_file("", 0);
	assert_int_equal(truncate(path, (off_t)size), 0);
	assert_int_equal(ucm_message_attach_file(fixture.message, path, NULL), UCM_OK);
	assert_int_equal(ucm_message_prepare(fixture.message, &fixture.fake.handle.decision,
			     &context, &needs, &error),
	    0);
	before = fixture.fake.allocations;
	while ((count = ucm_message_read(fixture.message, chunk, sizeof(chunk), &error)) > 0)
		total += (unsigned long long)count;
	assert_int_equal(count, 0);
	assert_true(total == needs.size && total > size / 3 * 4);
	assert_int_equal(fixture.fake.allocations, before); /* constant memory */
	assert_int_equal(unlink(path), 0);
	fixture_end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_long_lines),
	    cmocka_unit_test(test_bad_bodies),
	    cmocka_unit_test(test_alternatives),
	    cmocka_unit_test(test_attachments),
	    cmocka_unit_test(test_charsets),
	    cmocka_unit_test(test_deterministic),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_reports),
	    cmocka_unit_test(test_report_of_another_encoding),
	    cmocka_unit_test(test_file_that_changes),
	    cmocka_unit_test(test_what_is_no_file),
	    cmocka_unit_test(test_large_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
