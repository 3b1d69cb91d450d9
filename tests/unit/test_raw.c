/*
 * Ready messages: what is refused, what is changed, who gets them.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libsrc/raw.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/message_fixture.h"

#define DATE "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\n"
#define ID "Message-ID: <1@example.com>\r\n"
#define FROM "From: a@example.com\r\n"
#define WHOLE DATE ID FROM

static int set_raw(struct fixture *fixture, const char *text)
{
	return ucm_message_set_raw(fixture->message, text, strlen(text));
}

static const struct pass_row {
	const char *why, *in, *out;
} pass_rows[] = {
    {"nothing to change", WHOLE "To: x@example.com\r\n\r\nbody\r\n",
	WHOLE "To: x@example.com\r\n\r\nbody\r\n"},
    {"line ends become CRLF",
	"From: a@example.com\nTo: x@example.com\rDate: d\r\nMessage-ID: <1@b>\n\nb\n\rc\r\r\n",
	"From: a@example.com\r\nTo: x@example.com\r\nDate: d\r\nMessage-ID: "
	"<1@b>\r\n\r\nb\r\n\r\nc\r\n\r\n"},
    {"the last line gets its end", WHOLE "To: x@example.com\r\n\r\nbody",
	WHOLE "To: x@example.com\r\n\r\nbody\r\n"},
    {"Bcc goes, with its continuation",
	WHOLE "bcc: x@example.com,\r\n\ty@example.com\r\nX: y\r\n\r\n", WHOLE "X: y\r\n\r\n"},
    {"Bcc of the obsolete syntax", WHOLE "Bcc \t: x@example.com\r\n\r\n", WHOLE "\r\n"},
    {"Resent-Bcc goes", WHOLE "Resent-Bcc: x@example.com\r\n\r\n", WHOLE "\r\n"},
    {"two Bcc", WHOLE "Bcc: x@example.com\r\nX: y\r\nBCC: z@example.com\r\n\r\n",
	WHOLE "X: y\r\n\r\n"},
    {"Bcc in the body stays", WHOLE "To: x@example.com\r\n\r\nBcc: y@example.com\r\n",
	WHOLE "To: x@example.com\r\n\r\nBcc: y@example.com\r\n"},
    {"Date is added on top", ID FROM "To: x@example.com\r\n\r\n",
	"Date: " FIXTURE_DATE "\r\n" ID FROM "To: x@example.com\r\n\r\n"},
    {"Message-ID is added", DATE FROM "To: x@example.com\r\n\r\n",
	"Message-ID: " FIXTURE_ID "\r\n" DATE FROM "To: x@example.com\r\n\r\n"},
    {"an empty Message-ID is replaced", DATE FROM "Message-ID:\r\nTo: x@example.com\r\n\r\n",
	"Message-ID: " FIXTURE_ID "\r\n" DATE FROM "To: x@example.com\r\n\r\n"},
    {"a missing From is the caller's matter", DATE ID "To: x@example.com\r\n\r\n",
	DATE ID "To: x@example.com\r\n\r\n"},
    {"the envelope line of an mbox goes",
	"From a@example.com Mon Jan  1 00:00:00 2024\n" WHOLE "To: x@example.com\n\n",
	WHOLE "To: x@example.com\r\n\r\n"},
    {"no body and no empty line", WHOLE "To: x@example.com\r\n", WHOLE "To: x@example.com\r\n"},
    {"no line end at all behind the header", WHOLE "To: x@example.com",
	WHOLE "To: x@example.com\r\n"},
    {"folding and odd spaces stay", WHOLE "To:   x@example.com\r\nSubject:a\r\n  b\t\r\n\r\n",
	WHOLE "To:   x@example.com\r\nSubject:a\r\n  b\t\r\n\r\n"},
    {"dots are the session's", WHOLE "To: x@example.com\r\n\r\n.\n..\n",
	WHOLE "To: x@example.com\r\n\r\n.\r\n..\r\n"},
};

static void test_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pass_rows) / sizeof(pass_rows[0]); i++) {
		const struct pass_row *row = &pass_rows[i];
		struct fixture fixture;
		const char *out;

		fixture_start(&fixture);
		if (set_raw(&fixture, row->in))
			fail_msg("%s: %s", row->why, fixture.fake.handle.error.text);
		out = fixture_text(&fixture);
		if (!out || strcmp(out, row->out) != 0)
			fail_msg("%s:\n%s", row->why, out ? out : fixture.error.text);
		fixture_end(&fixture);
	}
}

static const struct refuse_row {
	const char *why, *in;
} refuse_rows[] = {
    {"nothing", ""},
    {"no header", "\r\nbody\r\n"},
    {"no header, in any line end", "\nbody\n"},
    {"text instead of a header", "Hello,\r\n\r\nthis is no mail\r\n"},
    {"a continuation first", " X: y\r\n\r\n"},
    {"a line without colon", FROM "Bcc x@example.com\r\nTo: x@example.com\r\n\r\n"},
    {"a second envelope line", "From a b\r\nFrom a b\r\n\r\n"},
    {"a name with a space inside", FROM "B cc: x@example.com\r\n\r\n"},
    {"an empty name", FROM ": x\r\n\r\n"},
    {"Latin-1 in the header", WHOLE "To: x@example.com\r\nSubject: \xFC\r\n\r\n"},
};

static void test_refuse(void **state)
{
	char line[1300];
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(refuse_rows) / sizeof(refuse_rows[0]); i++)
		if (set_raw(&fixture, refuse_rows[i].in) != UCM_E_MESSAGE)
			fail_msg("%s: passed", refuse_rows[i].why);
	assert_int_equal(
	    ucm_message_set_raw(fixture.message, "To: x@b.c\r\n\r\n\0", 15), UCM_E_MESSAGE);
	assert_non_null(strstr(fixture.fake.handle.error.text, "NUL"));
	(void)snprintf(line, sizeof(line), WHOLE "To: x@example.com\n\n%0998d\n", 0);
	assert_int_equal(set_raw(&fixture, line), UCM_OK);
	(void)snprintf(line, sizeof(line), WHOLE "To: x@example.com\n\n%0999d\n", 0);
	assert_int_equal(set_raw(&fixture, line), UCM_E_MESSAGE);
	assert_non_null(strstr(fixture.fake.handle.error.text, "line 6 "));
	fixture_end(&fixture);
}

static const struct who_row {
	const char *why, *header;
	const char *who[4];
} who_rows[] = {
    {"To, Cc and Bcc", "To: a@b.example\r\nCc: c@b.example\r\nBcc: d@b.example\r\n",
	{"a@b.example", "c@b.example", "d@b.example"}},
    {"each once", "To: a@b.example\r\nCc: a@B.example\r\n", {"a@b.example"}},
    {"names, comments, folds", "To: \"A, B\" <a@b.example>,\r\n C (x, y) <c@b.example>\r\n",
	{"a@b.example", "c@b.example"}},
    {"an encoded name of any length",
	"To: =?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=\r\n"
	" =?utf-8?Q?bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb?= <a@b.example>\r\n",
	{"a@b.example"}},
    {"a group is opened", "To: team: a@b.example, \"c: d\"@b.example;, e@b.example\r\n",
	{"a@b.example", "\"c: d\"@b.example", "e@b.example"}},
    {"nobody is told", "To: undisclosed-recipients:;\r\nBcc: a@b.example\r\n", {"a@b.example"}},
    {"empty members", "To: , a@b.example,,\r\n", {"a@b.example"}},
    {"an address literal", "To: a@[IPv6:::1]\r\n", {"a@[IPv6:::1]"}},
    {"Resent- wins", "To: a@b.example\r\nResent-To: c@b.example\r\nResent-Bcc: d@b.example\r\n",
	{"c@b.example", "d@b.example"}},
    {"the newest Resent- block",
	"Resent-To: a@b.example\r\nResent-From: x@b.example\r\n"
	"Resent-From: y@b.example\r\nResent-To: c@b.example\r\n",
	{"a@b.example"}},
};

static void test_who(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(who_rows) / sizeof(who_rows[0]); i++) {
		const struct who_row *row = &who_rows[i];
		struct fixture fixture;
		char text[1000];
		size_t count = 0;

		fixture_start(&fixture);
		(void)snprintf(text, sizeof(text), "%s%s\r\nbody\r\n", WHOLE, row->header);
		if (set_raw(&fixture, text))
			fail_msg("%s: %s", row->why, fixture.fake.handle.error.text);
		for (; row->who[count]; count++)
			if (!ucm_message_recipient(fixture.message, count) ||
			    strcmp(ucm_message_recipient(fixture.message, count),
				row->who[count]) != 0)
				fail_msg("%s: no %s", row->why, row->who[count]);
		if (ucm_message_recipient_count(fixture.message) != count)
			fail_msg("%s: more", row->why);
		/* Those that the caller adds stand for those of the header. */
		assert_int_equal(
		    ucm_message_add_recipient(fixture.message, UCM_TO, "z@z.example"), UCM_OK);
		assert_int_equal(ucm_message_recipient_count(fixture.message), 1);
		fixture_end(&fixture);
	}
}

static void test_needs(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(set_raw(&fixture, WHOLE "To: x@example.com\r\n\r\n\xFC\r\n"), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_true(fixture.needs.eight_bit);
	assert_false(fixture.needs.smtputf8);
	assert_string_equal(ucm_message_id(fixture.message), "<1@example.com>");
	assert_int_equal(
	    set_raw(&fixture, WHOLE "To: x@example.com\r\nSubject: \xC3\xBC\r\n\r\n"), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_true(fixture.needs.smtputf8);
	assert_non_null(strstr(fixture.needs.smtputf8_advice, "RFC 2047"));
	fixture_end(&fixture);
}

static void test_nothing_besides(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(set_raw(&fixture, WHOLE "\r\n"), UCM_OK);
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_MESSAGE); /* no recipient */
	assert_int_equal(
	    ucm_message_add_recipient(fixture.message, UCM_TO, "x@example.com"), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_int_equal(ucm_message_set(fixture.message, UCM_SUBJECT, "x"), UCM_OK);
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_USAGE);
	fixture_end(&fixture);
}

/* What the header says of recipients is only read where nobody else names them. */
static void test_bad_recipients(void **state)
{
	static const char *const headers[] = {
	    "To: operator\r\n",
	    "To: \"x <y@example.com>\r\n",
	    "To: x@example.com\r\nCc: operator\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct fixture fixture;
		char text[200];

		fixture_start(&fixture);
		(void)snprintf(text, sizeof(text), "%s%s\r\n", WHOLE, headers[i]);
		assert_int_equal(set_raw(&fixture, text), UCM_OK);
		assert_null(fixture_text(&fixture));
		assert_int_equal(fixture.error.class, UCM_CLASS_MESSAGE);
		assert_int_equal(
		    ucm_message_add_recipient(fixture.message, UCM_TO, "z@z.example"), UCM_OK);
		assert_non_null(fixture_text(&fixture));
		assert_non_null(strstr(fixture_text(&fixture), headers[i]));
		fixture_end(&fixture);
	}
}

/* More than is kept in memory, through a pipe-like descriptor. */
static void test_spooled(void **state)
{
	static const char header[] = WHOLE "To: x@example.com\nBcc: y@example.com\n\n";
	FILE *file = tmpfile();
	struct fixture fixture;
	const char *text;

	(void)state;
	assert_non_null(file);
	assert_true(fputs(header, file) >= 0);
	for (int i = 0; i < 20000; i++)
		assert_true(fprintf(file, "line %d\n", i) > 0);
	rewind(file);
	fixture_start(&fixture);
	assert_int_equal(ucm_message_set_raw_fd(fixture.message, fileno(file)), UCM_OK);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ucm_message_recipient_count(fixture.message), 2);
	text = fixture_text(&fixture);
	assert_non_null(text);
	assert_int_equal(
	    strncmp(text, WHOLE "To: x@example.com\r\n\r\nline 0\r\nline 1\r\n", 40), 0);
	assert_non_null(strstr(text, "\r\nline 12345\r\n"));
	assert_string_equal(text + strlen(text) - 12, "line 19999\r\n");
	assert_int_equal(ucm_message_set_raw_fd(fixture.message, -1), UCM_E_IO);
	assert_non_null(fixture_text(&fixture)); /* the last good one is still there */
	fixture_end(&fixture);
}

/* Without memory for its Message-ID a message fails; it does not get another one. */
static void test_memory(void **state)
{
	static const char text[] = DATE FROM "To: x@example.com\r\n" ID "\r\nbody\r\n";
	size_t kept = 0;

	(void)state;
	for (size_t ceiling = 16; kept < 100; ceiling += 8) {
		struct ucm_raw raw = {
		    .data = {.bytes = (const unsigned char *)text, .size = sizeof(text) - 1}};
		struct ucm_error error = {0};
		struct ucm_arena arena;

		ucm_arena_init(&arena, NULL, ceiling);
		if (ucm_raw_parse(&raw, &arena, &error) == 0) {
			assert_string_equal(raw.id, "<1@example.com>");
			kept++;
		} else {
			assert_int_equal(error.class, UCM_CLASS_MEMORY);
			assert_int_equal(kept, 0);
		}
		ucm_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pass),
	    cmocka_unit_test(test_refuse),
	    cmocka_unit_test(test_bad_recipients),
	    cmocka_unit_test(test_who),
	    cmocka_unit_test(test_needs),
	    cmocka_unit_test(test_nothing_besides),
	    cmocka_unit_test(test_spooled),
	    cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
