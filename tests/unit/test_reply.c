/*
 * Replies: what is one, what is none, whatever the pieces that it comes in.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/reply.h"

static const struct {
	const char *sentence;
	const char *bytes;
	int code; /* 0: a fault */
	const char *enhanced;
	const char *text;
} rows[] = {
    {"one line", "250 ok\r\n", 250, "", "ok"},
    {"a bare LF ends a line too", "250 ok\n", 250, "", "ok"},
    {"a code alone is a reply", "354\r\n", 354, "", ""},
    {"a code and a blank", "354 \r\n", 354, "", ""},
    {"an enhanced code is taken out", "550 5.1.1 no such user\r\n", 550, "5.1.1", "no such user"},
    {"an enhanced code may stand alone", "250 2.0.0\r\n", 250, "2.0.0", ""},
    {"an enhanced code of another class stays text", "550 2.1.1 x\r\n", 550, "", "2.1.1 x"},
    {"three digits in each part", "450 4.777.888 x\r\n", 450, "4.777.888", "x"},
    {"four digits are no enhanced code", "450 4.7777.8 x\r\n", 450, "", "4.7777.8 x"},
    {"lines are joined", "250-a\r\n250-b\r\n250 c\r\n", 250, "", "a b c"},
    {"enhanced codes leave each line", "550-5.7.1 a\r\n550 5.7.1 b\r\n", 550, "5.7.1", "a b"},
    {"control characters are replaced", "250 a\x1b[31mb\x7f\r\n", 250, "", "a?[31mb?"},
    {"a bare CR is text, and replaced", "250 a\rb\r\n", 250, "", "a?b"},
    {"UTF-8 stays", "250 gr\xc3\xbc\xc3\x9f\r\n", 250, "", "gr\xc3\xbc\xc3\x9f"},
    {"broken UTF-8 is replaced", "250 a\xff\xc3z\r\n", 250, "", "a??z"},
    {"C1 control characters are replaced", "250 a\xc2\x9bz\r\n", 250, "", "a?z"},
    {"what turns the line round is replaced", "250 a\xe2\x80\xaez\r\n", 250, "", "a?z"},
    {"isolates too", "250 a\xe2\x81\xa9z\r\n", 250, "", "a?z"},
    {"their neighbours stay", "250 \xe2\x80\xa6\r\n", 250, "", "\xe2\x80\xa6"},
    {"the code must not change", "250-a\r\n251 b\r\n", 0, "", ""},
    {"1yz is no SMTP reply", "150 x\r\n", 0, "", ""},
    {"6yz is no SMTP reply", "650 x\r\n", 0, "", ""},
    {"letters are no code", "OK\r\n", 0, "", ""},
    {"an empty line is no reply", "\r\n", 0, "", ""},
    {"two digits are no code", "25 x\r\n", 0, "", ""},
    {"four digits are no code", "2500 x\r\n", 0, "", ""},
    {"another separator is no reply", "250+x\r\n", 0, "", ""},
    {"a line of HTTP is no reply", "HTTP/1.1 400 Bad Request\r\n", 0, "", ""},
};

/* Feeds in pieces of `piece` bytes. Returns the last event. */
static enum ucm_reply_event feed(struct ucm_reply_parser *parser, const char *bytes, size_t piece)
{
	enum ucm_reply_event event = UCM_REPLY_MORE;
	size_t left = strlen(bytes);

	ucm_reply_init(parser);
	while (left > 0 && event != UCM_REPLY_BAD) {
		size_t size = left < piece ? left : piece;
		size_t used = 0;

		event = ucm_reply_feed(parser, (const unsigned char *)bytes, size, &used);
		assert_true(used <= size);
		bytes += used;
		left -= used;
	}
	return event;
}

static void test_rows(void **state)
{
	struct ucm_reply_parser *parser = malloc(sizeof(*parser));
	size_t i = 0;
	size_t piece = 0;

	(void)state;
	assert_non_null(parser);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (piece = 1; piece < 12; piece++) {
			enum ucm_reply_event event = feed(parser, rows[i].bytes, piece);

			if (event != (rows[i].code != 0 ? UCM_REPLY_DONE : UCM_REPLY_BAD)) {
				fail_msg("%s, in pieces of %zu: event %d", rows[i].sentence, piece,
				    (int)event);
			}
			if (rows[i].code == 0) {
				assert_non_null(parser->fault);
				continue;
			}
			assert_int_equal(parser->reply.code, rows[i].code);
			assert_string_equal(parser->reply.enhanced, rows[i].enhanced);
			assert_string_equal(parser->reply.text, rows[i].text);
			assert_false(ucm_reply_pending(parser));
		}
	}
	free(parser);
}

static void test_nul(void **state)
{
	struct ucm_reply_parser *parser = malloc(sizeof(*parser));
	size_t used = 0;

	(void)state;
	assert_non_null(parser);
	ucm_reply_init(parser);
	assert_int_equal(
	    ucm_reply_feed(parser, (const unsigned char *)"250 a\0b\r\n", 9, &used), UCM_REPLY_BAD);
	free(parser);
}

/* Repeats a line, or one character, and tells what the parser says of it. */
static enum ucm_reply_event feed_long(const char *unit, size_t times, const char *end)
{
	struct ucm_reply_parser *parser = malloc(sizeof(*parser));
	size_t unit_length = strlen(unit);
	char *bytes = malloc(unit_length * times + strlen(end) + 8);
	char *to = bytes;
	enum ucm_reply_event event = UCM_REPLY_MORE;
	size_t i = 0;

	assert_non_null(parser);
	assert_non_null(bytes);
	if (unit_length == 1) {
		memcpy(to, "250 ", 4);
		to += 4;
	}
	for (i = 0; i < times; i++) {
		memcpy(to, unit, unit_length);
		to += unit_length;
	}
	memcpy(to, end, strlen(end) + 1);
	event = feed(parser, bytes, 4096);
	assert_true(strlen(parser->reply.text) <= UCM_REPLY_TEXT_MAX);
	free(bytes);
	free(parser);
	return event;
}

static void test_limits(void **state)
{
	(void)state;
	assert_int_equal(feed_long("x", UCM_REPLY_LINE_MAX - 5, "\r\n"), UCM_REPLY_DONE);
	assert_int_equal(feed_long("x", UCM_REPLY_LINE_MAX, "\r\n"), UCM_REPLY_BAD);
	assert_int_equal(
	    feed_long("250-x\r\n", UCM_REPLY_LINES_MAX - 1, "250 x\r\n"), UCM_REPLY_DONE);
	assert_int_equal(feed_long("250-x\r\n", UCM_REPLY_LINES_MAX, "250 x\r\n"), UCM_REPLY_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
