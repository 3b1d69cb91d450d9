/*
 * The message on the wire: line ends, dots, and that nothing ends it early.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "libsrc/body.h"

static const struct {
	const char *sentence;
	const char *bytes;
	const char *wire;
} rows[] = {
    {"a line stays", "a\r\n", "a\r\n.\r\n"},
    {"an empty message", "", ".\r\n"},
    {"a missing line end is added", "a", "a\r\n.\r\n"},
    {"a bare LF becomes CRLF", "a\nb\n", "a\r\nb\r\n.\r\n"},
    {"a bare CR becomes CRLF", "a\rb\r", "a\r\nb\r\n.\r\n"},
    {"CR CR LF are two line ends", "a\r\r\nb", "a\r\n\r\nb\r\n.\r\n"},
    {"LF CR are two line ends", "a\n\rb", "a\r\n\r\nb\r\n.\r\n"},
    {"a leading dot is doubled", ".a\r\n", "..a\r\n.\r\n"},
    {"a dot inside stays", "a.b\r\n", "a.b\r\n.\r\n"},
    {"a lone dot does not end the message", "\r\n.\r\nx\r\n", "\r\n..\r\nx\r\n.\r\n"},
    {"nor between LFs", "a\n.\nMAIL\n", "a\r\n..\r\nMAIL\r\n.\r\n"},
    {"nor between LF and CRLF", "a\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"nor between CRs", "a\r.\rb\r", "a\r\n..\r\nb\r\n.\r\n"},
    {"nor between CRLF and LF", "a\r\n.\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a dot as the last octet", "a\r\n.", "a\r\n..\r\n.\r\n"},
    {"two dots", "..\r\n", "...\r\n.\r\n"},
};

static size_t convert(const char *bytes, size_t piece, char *out)
{
	struct ucm_body body;
	size_t left = strlen(bytes);
	size_t made = 0;

	ucm_body_init(&body);
	while (left > 0) {
		size_t size = left < piece ? left : piece;
		size_t added = ucm_body_add(&body, bytes, size, out + made);

		assert_true(added <= UCM_BODY_GROWTH * size);
		made += added;
		bytes += size;
		left -= size;
	}
	return made + ucm_body_end(&body, out + made);
}

static void test_rows(void **state)
{
	size_t i = 0;
	size_t piece = 0;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (piece = 1; piece < 10; piece++) {
			char out[128];
			size_t length = convert(rows[i].bytes, piece, out);

			if (length != strlen(rows[i].wire) ||
			    memcmp(out, rows[i].wire, length) != 0) {
				fail_msg("%s, in pieces of %zu: %.*s", rows[i].sentence, piece,
				    (int)length, out);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("body", tests, NULL, NULL);
}
