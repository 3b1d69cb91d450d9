/*
 * Messages: setters, recipients, the header block, memory that fails.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/cmocka_all.h"
#include "tests/unit/message_fixture.h"

#define TO(fixture, text) ucm_message_add_recipient((fixture).message, UCM_TO, text)

static void test_smallest(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "x@example.com"), UCM_OK);
	assert_int_equal(ucm_message_set(fixture.message, UCM_SUBJECT, "Hello"), UCM_OK);
	assert_int_equal(ucm_message_set_body(fixture.message, "one\ntwo", 7), UCM_OK);
	assert_string_equal(fixture_text(&fixture),
	    "Date: " FIXTURE_DATE "\r\n"
	    "From: Batch Mail <batch@example.com>\r\n"
	    "To: x@example.com\r\n"
	    "Message-ID: " FIXTURE_ID "\r\n"
	    "Subject: Hello\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "one\r\ntwo\r\n");
	assert_string_equal(ucm_message_id(fixture.message), FIXTURE_ID);
	assert_false(fixture.needs.eight_bit || fixture.needs.smtputf8);
	fixture_end(&fixture);
}

static void test_recipients(void **state)
{
	static const char *const expected[] = {"a@example.com", "b@example.com", "A@example.com",
	    "c@example.com", "hidden@example.com"};
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "a@example.com, \"B, the\" <b@EXAMPLE.com>"), UCM_OK);
	assert_int_equal(TO(fixture, "A@example.com, a@Example.COM"), UCM_OK);
	assert_int_equal(
	    ucm_message_add_recipient(fixture.message, UCM_CC, "c@example.com"), UCM_OK);
	assert_int_equal(
	    ucm_message_add_recipient(fixture.message, UCM_BCC, "hidden@example.com"), UCM_OK);
	text = fixture_text(&fixture);
	assert_non_null(
	    strstr(text, "To: a@example.com, \"B, the\" <b@EXAMPLE.com>, A@example.com,"));
	assert_non_null(strstr(text, "\r\nCc: c@example.com\r\n"));
	assert_null(strstr(text, "hidden"));
	assert_null(strstr(text, "Bcc"));
	assert_int_equal(ucm_message_recipient_count(fixture.message), 5);
	for (size_t i = 0; i < 5; i++)
		if (strcmp(ucm_message_recipient(fixture.message, i), expected[i]) != 0 && i != 1)
			fail_msg(
			    "recipient %zu is %s", i, ucm_message_recipient(fixture.message, i));
	assert_null(ucm_message_recipient(fixture.message, 5));
	fixture_end(&fixture);
}

static void test_postmaster(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "postmaster, <Postmaster> , b@example.com"), UCM_OK);
	assert_int_equal(ucm_message_recipient_count(fixture.message), 2);
	assert_string_equal(ucm_message_recipient(fixture.message, 0), "postmaster");
	assert_int_equal(TO(fixture, "hostmaster"), UCM_E_MESSAGE);
	assert_int_equal(TO(fixture, "postmaster postmaster"), UCM_E_MESSAGE);
	assert_int_equal(TO(fixture, "<postmaster"), UCM_E_MESSAGE);
	fixture_end(&fixture);
}

static const struct text_row {
	const char *why, *text;
} bad_addresses[] = {
    {"empty", ""},
    {"blank", "  "},
    {"no domain", "operator"},
    {"a line end", "a@example.com\r\nBcc: b@example.com"},
    {"a bare LF", "a\n@example.com"},
    {"a group", "team: a@example.com;"},
    {"a route", "<@relay.example.com:a@example.com>"},
    {"not UTF-8", "\xFF@example.com"},
    {"one bad in a list", "a@example.com, b"},
};

static void test_bad_addresses(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(bad_addresses) / sizeof(bad_addresses[0]); i++) {
		if (TO(fixture, bad_addresses[i].text) != UCM_E_MESSAGE)
			fail_msg("%s: passed", bad_addresses[i].why);
		assert_true(strlen(fixture.fake.handle.error.text) > 10);
	}
	assert_int_equal(ucm_message_recipient_count(fixture.message), 0);
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_MESSAGE); /* no recipient */
	assert_int_equal(
	    ucm_message_add_recipient(fixture.message, (enum ucm_recipient_kind)9, "a@example.com"),
	    UCM_E_USAGE);
	fixture_end(&fixture);
}

static void test_many_recipients(void **state)
{
	struct fixture fixture;
	char address[64];

	(void)state;
	fixture_start(&fixture);
	for (int i = 0; i < UCM_RECIPIENTS_MAX; i++) {
		/* Each twice, in two spellings of the domain. */
		(void)snprintf(address, sizeof(address),
		    i % 2 ? "user%d@EXAMPLE.com" : "user%d@example.com", i / 2);
		assert_int_equal(TO(fixture, address), UCM_OK);
	}
	assert_int_equal(TO(fixture, "one@example.com"), UCM_E_MESSAGE);
	assert_int_equal(ucm_message_recipient_count(fixture.message), UCM_RECIPIENTS_MAX / 2);
	assert_string_equal(ucm_message_recipient(fixture.message, 4999), "user4999@example.com");
	assert_non_null(strstr(fixture_text(&fixture), "user2500@EXAMPLE.com,"));
	fixture_end(&fixture);
}

static void test_utf8_addresses(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "x@xn--bcher-kva.example"), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_false(fixture.needs.smtputf8); /* an A-label is ASCII */
	assert_null(fixture.needs.smtputf8_advice);

	assert_int_equal(TO(fixture, "x@b\xC3\xBC"
				     "cher.example"),
	    UCM_OK);
	assert_non_null(strstr(fixture_text(&fixture), "x@b\xC3\xBC"
						       "cher.example"));
	assert_true(fixture.needs.smtputf8);
	assert_non_null(strstr(fixture.needs.smtputf8_advice, "A-label"));
	fixture_end(&fixture);

	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "j\xC3\xB6rg@example.com"), UCM_OK);
	assert_non_null(fixture_text(&fixture));
	assert_true(fixture.needs.smtputf8);
	assert_null(strstr(fixture.needs.smtputf8_advice, "A-label"));
	fixture_end(&fixture);
}

/* ---- Items and headers ------------------------------------------------------------------------
 */

static const struct item_row {
	const char *why;
	enum ucm_message_item item;
	const char *value;
	int expected;
} item_rows[] = {
    {"a plain subject", UCM_SUBJECT, "Report of the night", UCM_OK},
    {"an empty subject", UCM_SUBJECT, "", UCM_OK},
    {"a line end in the subject", UCM_SUBJECT, "a\r\nBcc: b@example.com", UCM_E_MESSAGE},
    {"a bare CR", UCM_SUBJECT, "a\rb", UCM_E_MESSAGE},
    {"an escape", UCM_SUBJECT, "a\x1B[0m", UCM_E_MESSAGE},
    {"DEL", UCM_SUBJECT, "a\x7F", UCM_E_MESSAGE},
    {"a C1 control", UCM_SUBJECT, "a\xC2\x85", UCM_E_MESSAGE},
    {"a line separator", UCM_SUBJECT,
	"a\xE2\x80\xA8"
	"b",
	UCM_E_MESSAGE},
    {"Latin-1", UCM_SUBJECT,
	"Gr\xFC\xDF"
	"e",
	UCM_E_MESSAGE},
    {"a message id", UCM_MESSAGE_ID, "<a.b@example.com>", UCM_OK},
    {"an id without brackets", UCM_MESSAGE_ID, "a@example.com", UCM_E_MESSAGE},
    {"an id without domain", UCM_MESSAGE_ID, "<a@>", UCM_E_MESSAGE},
    {"an id with a space", UCM_MESSAGE_ID, "<a b@example.com>", UCM_E_MESSAGE},
    {"two ids", UCM_MESSAGE_ID, "<a@b><c@d>", UCM_E_MESSAGE},
    {"an empty id", UCM_MESSAGE_ID, "", UCM_E_MESSAGE},
    {"a date", UCM_DATE, "Tue, 24 Nov 2026 18:00:00 +0100", UCM_OK},
    {"a date without day and seconds", UCM_DATE, "24 nov 2026 18:00 -0000", UCM_OK},
    {"ISO 8601", UCM_DATE, "2026-11-24T18:00:00Z", UCM_E_MESSAGE},
    {"a date with more", UCM_DATE, "24 Nov 2026 18:00 +0000\r\nX: y", UCM_E_MESSAGE},
    {"day 32", UCM_DATE, "32 Nov 2026 18:00 +0000", UCM_E_MESSAGE},
    {"hour 24", UCM_DATE, "3 Nov 2026 24:00 +0000", UCM_E_MESSAGE},
    {"no such month", UCM_DATE, "3 Nop 2026 23:00 +0000", UCM_E_MESSAGE},
    {"a day name alone", UCM_DATE, "Tue", UCM_E_MESSAGE},
    {"an empty date", UCM_DATE, "", UCM_E_MESSAGE},
    {"no DSN", UCM_DSN, "never", UCM_OK},
    {"DSN in any order", UCM_DSN, "delay, Success", UCM_OK},
    {"never with others", UCM_DSN, "never,success", UCM_E_USAGE},
    {"an unknown DSN", UCM_DSN, "always", UCM_E_USAGE},
    {"a comma at the end", UCM_DSN, "success,", UCM_E_USAGE},
    {"words without comma", UCM_DSN, "success failure", UCM_E_USAGE},
    {"an empty DSN", UCM_DSN, "", UCM_E_USAGE},
    {"an envelope id", UCM_ENVELOPE_ID, "job+4711=x", UCM_OK},
    {"an envelope id with a line end", UCM_ENVELOPE_ID, "a\r\nb", UCM_E_MESSAGE},
    {"an empty envelope id", UCM_ENVELOPE_ID, "", UCM_E_MESSAGE},
    {"a sender", UCM_FROM, "Night <batch@example.com>", UCM_OK},
    {"two senders", UCM_FROM, "a@example.com, b@example.com", UCM_E_MESSAGE},
    {"no such item", (enum ucm_message_item)99, "x", UCM_E_USAGE},
    {"item 0", (enum ucm_message_item)0, "x", UCM_E_USAGE},
};

static void test_items(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(item_rows) / sizeof(item_rows[0]); i++) {
		const struct item_row *row = &item_rows[i];
		int got = ucm_message_set(fixture.message, row->item, row->value);

		if (got != row->expected)
			fail_msg("%s: %d", row->why, got);
	}
	assert_string_equal(ucm_message_dsn_notify(fixture.message), "SUCCESS,DELAY");
	assert_string_equal(ucm_message_envelope_id(fixture.message), "job+4711=x");
	assert_string_equal(ucm_message_id(fixture.message), "<a.b@example.com>");
	assert_int_equal(ucm_message_set(fixture.message, UCM_DSN, NULL), UCM_OK);
	assert_null(ucm_message_dsn_notify(fixture.message));
	fixture_end(&fixture);
}

static const struct header_row {
	const char *why, *name, *value;
	int expected;
} header_rows[] = {
    {"the caller's own", "X-Job", "4711", UCM_OK},
    {"a structured one stays as it is", "References", "<a@b> <c@d>", UCM_OK},
    {"a line end in the value", "X-Job", "1\r\nBcc: x@example.com", UCM_E_MESSAGE},
    {"a line end in the name", "X-Job\r\nBcc", "x@example.com", UCM_E_MESSAGE},
    {"a colon in the name", "Bcc: x@example.com\nX", "y", UCM_E_MESSAGE},
    {"a space in the name", "X Job", "y", UCM_E_MESSAGE},
    {"an empty name", "", "y", UCM_E_MESSAGE},
    {"a name outside ASCII",
	"X-J\xC3\xB6"
	"b",
	"y", UCM_E_MESSAGE},
    {"From", "From", "x@example.com", UCM_E_MESSAGE},
    {"Bcc in any case", "bCC", "x@example.com", UCM_E_MESSAGE},
    {"Content-Type", "Content-Type", "text/html", UCM_E_MESSAGE},
    {"Content-anything", "content-foo", "x", UCM_E_MESSAGE},
    {"Resent-Bcc", "Resent-Bcc", "x@example.com", UCM_E_MESSAGE},
    {"Return-Path", "Return-Path", "<>", UCM_E_MESSAGE},
    {"MIME-Version", "MIME-version", "1.0", UCM_E_MESSAGE},
    {"Reply-To", "Reply-To", "x@example.com", UCM_E_MESSAGE},
    {"only the same beginning", "To-Do", "much", UCM_OK},
    {"not UTF-8", "X-Job", "\xFC", UCM_E_MESSAGE},
    {"an empty value", "X-Empty", "", UCM_OK},
};

static void test_headers(void **state)
{
	struct fixture fixture;
	char longest[1100];
	const char *text;

	(void)state;
	fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(header_rows) / sizeof(header_rows[0]); i++) {
		const struct header_row *row = &header_rows[i];
		int got = ucm_message_add_header(fixture.message, row->name, row->value);

		if (got != row->expected)
			fail_msg("%s: %d", row->why, got);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(ucm_message_add_header(fixture.message, "X-Long", longest), UCM_E_MESSAGE);
	longest[997] = '\0';
	assert_int_equal(ucm_message_add_header(fixture.message, "X-Long", longest), UCM_OK);
	assert_int_equal(TO(fixture, "x@example.com"), UCM_OK);
	text = fixture_text(&fixture);
	assert_non_null(
	    strstr(text, "\r\nX-Job: 4711\r\nReferences: <a@b> <c@d>\r\nTo-Do: much\r\n"));
	assert_non_null(strstr(text, "\r\nX-Long:\r\n xxx"));
	fixture_end(&fixture);
}

static void test_from(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(TO(fixture, "x@example.com"), UCM_OK);
	fixture.fake.handle.decision.reply_to = "Desk <desk@example.com>";
	assert_int_equal(
	    ucm_message_set(fixture.message, UCM_FROM, "Night (shift) <batch@Example.com>"),
	    UCM_OK);
	assert_non_null(
	    strstr(fixture_text(&fixture), "\r\nReply-To: Desk <desk@example.com>\r\n"));
	assert_non_null(strstr(fixture.text, "<batch@Example.com>\r\n"));
	assert_int_equal(ucm_message_set(fixture.message, UCM_FROM, "boss@example.com"), UCM_OK);
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_POLICY);
	assert_int_equal(ucm_message_set(fixture.message, UCM_FROM, NULL), UCM_OK);
	fixture.fake.handle.decision.from = NULL;
	fixture.fake.handle.decision.from_header = NULL;
	assert_null(fixture_text(&fixture));
	assert_int_equal(fixture.error.class, UCM_CLASS_POLICY);
	fixture_end(&fixture);
}

/* ---- Life -------------------------------------------------------------------------------------
 */

static int collect(const void *bytes, size_t length, void *arg)
{
	(void)bytes;
	*(size_t *)arg += length;
	return 0;
}

static int stop(const void *bytes, size_t length, void *arg)
{
	(void)bytes;
	(void)length;
	(void)arg;
	return 1;
}

static void test_write(void **state)
{
	struct fixture fixture;
	size_t length = 0;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(ucm_message_write(fixture.message, collect, &length), UCM_E_MESSAGE);
	assert_int_equal(TO(fixture, "x@example.com"), UCM_OK);
	assert_int_equal(ucm_message_write(fixture.message, collect, &length), UCM_OK);
	assert_true(length > 200);
	assert_int_equal(ucm_message_write(fixture.message, stop, NULL), UCM_E_IO);
	fixture.fake.handle.decision.verdict = UCM_REFUSE;
	assert_int_equal(ucm_message_write(fixture.message, collect, &length), UCM_E_POLICY);
	fixture.fake.handle.decided = 0;
	assert_int_equal(ucm_message_write(fixture.message, collect, &length), UCM_E_INPUT);
	fixture_end(&fixture);
}

static void test_life(void **state)
{
	struct fixture fixture;
	struct ucm_message *second, *third;
	char byte;

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(ucm_message_read(fixture.message, &byte, 1, &fixture.error), -1);
	assert_int_equal(fixture.error.class, UCM_CLASS_USAGE); /* not prepared */
	assert_int_equal(ucm_message_new(&fixture.fake.handle, &second), UCM_OK);
	assert_int_equal(ucm_message_new(&fixture.fake.handle, &third), UCM_OK);
	assert_ptr_equal(ucm_message_handle(third), &fixture.fake.handle);
	ucm_message_free(second);
	ucm_message_free(NULL);
	ucm_messages_free_all(&fixture.fake.handle);
	assert_int_equal(fixture.fake.live, 0);
}

/* A message with everything; every allocation fails once. Returns the last status. */
static int everything(struct fixture *fixture)
{
	struct ucm_message *message = fixture->message;
	const char *text;
	int status = UCM_OK;

	if ((status = ucm_message_add_recipient(
		 message, UCM_TO, "\"J\xC3\xB6rg, x\" <a@example.com>")) ||
	    (status = ucm_message_set(message, UCM_SUBJECT,
		 "Gr\xC3\xBC\xC3\x9F"
		 "e")) ||
	    (status = ucm_message_add_header(message, "X-Job", "4711")) ||
	    (status = ucm_message_set_body(message, "text\n", 5)) ||
	    (status = ucm_message_set_html(message, "<b>t</b>", 8)) ||
	    (status = ucm_message_attach_data(message, "\xE2\x82\xAC.bin", NULL, "\0\1", 2)))
		return status;
	text = fixture_text(fixture);
	return text ? UCM_OK : (int)fixture->error.class;
}

static void test_no_memory(void **state)
{
	int status = UCM_E_MEMORY, rounds = 0;

	(void)state;
	while (status) {
		struct fixture fixture;

		fixture_start(&fixture);
		fixture.fake.fail_at = fixture.fake.allocations + ++rounds;
		status = everything(&fixture);
		if (status && status != UCM_E_MEMORY)
			fail_msg("allocation %d: status %d", rounds, status);
		fixture.fake.fail_at = 0;
		fixture_end(&fixture);
		assert_true(rounds < 1000);
	}
	assert_true(rounds > 2);
}

static void test_no_memory_for_new(void **state)
{
	struct fake_handle fake;
	struct ucm_message *message = NULL;

	(void)state;
	fake_handle_init(&fake);
	fake.fail_at = 1;
	assert_int_equal(ucm_message_new(&fake.handle, &message), UCM_E_MEMORY);
	assert_null(message);
	assert_int_equal(ucm_message_new(NULL, &message), UCM_E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_smallest),
	    cmocka_unit_test(test_recipients),
	    cmocka_unit_test(test_postmaster),
	    cmocka_unit_test(test_bad_addresses),
	    cmocka_unit_test(test_many_recipients),
	    cmocka_unit_test(test_utf8_addresses),
	    cmocka_unit_test(test_items),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_from),
	    cmocka_unit_test(test_write),
	    cmocka_unit_test(test_life),
	    cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_no_memory_for_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
