/*
 * Encodings: what a head says, what is UTF-8, decoding in pieces of any size.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "xml/encoding.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define DECLARED(rest) "<?xml version='1.0' " rest

static void heads_tell_the_encoding(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		enum ucm_encoding encoding;
		size_t mark;
	} heads[] = {
#define HEAD(text, encoding, mark) {text, sizeof(text) - 1, encoding, mark}
	    HEAD("", UCM_ENCODING_UTF8, 0),
	    HEAD("<uc-export>", UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("?>"), UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("encoding='utf-8'?>"), UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("encoding='US-ASCII'?>"), UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("encoding=\"ISO-8859-15\" standalone='no'?>"), UCM_ENCODING_LATIN9, 0),
	    HEAD(DECLARED("\n encoding = 'iso-8859-1'?>"), UCM_ENCODING_LATIN1, 0),
	    HEAD(DECLARED("encoding='windows-1252'?>"), UCM_ENCODING_CP1252, 0),
	    HEAD(DECLARED("encoding='EBCDIC-US'?>"), UCM_ENCODING_UNKNOWN, 0),
	    HEAD(DECLARED("?><a encoding='ISO-8859-15'/>"), UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("myencoding='ISO-8859-15'?>"), UCM_ENCODING_UTF8, 0),
	    HEAD(DECLARED("encoding='ISO-8859-1"), UCM_ENCODING_LATIN1, 0),
	    HEAD(DECLARED("encoding="), UCM_ENCODING_UTF8, 0),
	    HEAD("<?xmlx encoding='ISO-8859-15'?>", UCM_ENCODING_UTF8, 0),
	    HEAD("\xEF\xBB\xBF" DECLARED("encoding='ISO-8859-15'?>"), UCM_ENCODING_UTF8, 3),
	    HEAD("\xFF\xFE<\0", UCM_ENCODING_UTF16LE, 2),
	    HEAD("\xFE\xFF\0<", UCM_ENCODING_UTF16BE, 2),
	    HEAD("<\0?\0", UCM_ENCODING_UTF16LE, 0),
	    HEAD("\0<\0?", UCM_ENCODING_UTF16BE, 0),
	};
	char name[UCM_ENCODING_NAME_MAX + 1];
	size_t mark;

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		print_message("# %s\n", heads[i].bytes);
		assert_int_equal(ucm_encoding_sniff((const unsigned char *)heads[i].bytes,
				     heads[i].size, &mark, name),
		    heads[i].encoding);
		assert_int_equal(mark, heads[i].mark);
	}
}

static void a_long_name_is_cut(void **state)
{
	char head[300] = DECLARED("encoding='"), name[UCM_ENCODING_NAME_MAX + 1];
	size_t mark;

	(void)state;
	memset(head + strlen(head), 'x', 200);
	assert_int_equal(ucm_encoding_sniff((const unsigned char *)head, strlen(head), &mark, name),
	    UCM_ENCODING_UNKNOWN);
	assert_int_equal(strlen(name), UCM_ENCODING_NAME_MAX);
}

static void utf8_is_told_from_other_bytes(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t valid;
		int cut;
	} cases[] = {
	    {"nothing", "", 0, 0},
	    {"ASCII", "0123456789012345678901234567890123456789", 40, 0},
	    {"two, three and four bytes", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA7", 9, 0},
	    {"a stray byte behind much ASCII", "01234567890123456789012345678901\xE9 x", 32, 0},
	    {"cut after one of two", "a\xC3", 1, 1},
	    {"cut after one of three", "a\xE2", 1, 1},
	    {"cut after two of three", "a\xE2\x82", 1, 1},
	    {"cut after three of four", "a\xF0\x9F\x93", 1, 1},
	    {"cut after one of three, overlong if continued badly", "\xE0", 0, 1},
	    {"an overlong form, cut", "\xE0\x80", 0, 0},
	    {"an overlong form", "\xC0\xAF", 0, 0},
	    {"a surrogate", "\xED\xA0\x80", 0, 0},
	    {"a surrogate, cut", "\xED\xA0", 0, 0},
	    {"above the last character", "\xF4\x90\x80\x80", 0, 0},
	    {"above the last character, cut", "\xF4\x90", 0, 0},
	    {"five bytes", "\xF8\x88\x80\x80\x80", 0, 0},
	    {"a continuation alone", "\x80", 0, 0},
	    {"a lead without its continuation", "\xC3 ", 0, 0},
	};
	int cut;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].what);
		assert_int_equal(ucm_utf8_prefix((const unsigned char *)cases[i].bytes,
				     strlen(cases[i].bytes), &cut),
		    cases[i].valid);
		assert_int_equal(cut, cases[i].cut);
	}
}

struct decoding {
	const char *what;
	enum ucm_encoding encoding;
	const char *bytes;
	size_t size;
	const char *text;
};

static const struct decoding decodings[] = {
#define DECODING(what, encoding, bytes, text)                                                      \
	{                                                                                          \
		what, encoding, bytes, sizeof(bytes) - 1, text                                     \
	}
    DECODING("UTF-8 as it is", UCM_ENCODING_UTF8, "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA7z",
	"a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA7z"),
    DECODING("bad UTF-8 as it is", UCM_ENCODING_UTF8, "a\xC3z\xE9\xE9", "a\xC3z\xE9\xE9"),
    DECODING("ISO-8859-15 and its eight", UCM_ENCODING_LATIN9,
	"\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE\xE9\x95",
	"\xE2\x82\xAC\xC5\xA0\xC5\xA1\xC5\xBD\xC5\xBE\xC5\x92\xC5\x93\xC5\xB8\xC3\xA9\xC2\x95"),
    DECODING("ISO-8859-1", UCM_ENCODING_LATIN1, "\xA4\xFF", "\xC2\xA4\xC3\xBF"),
    DECODING("Windows-1252", UCM_ENCODING_CP1252, "\x80\x81\x95\xA4",
	"\xE2\x82\xAC\xC2\x81\xE2\x80\xA2\xC2\xA4"),
    DECODING("UTF-16 with a pair", UCM_ENCODING_UTF16LE, "a\0\xE4\0\x3D\xD8\xE7\xDC",
	"a\xC3\xA4\xF0\x9F\x93\xA7"),
    DECODING("UTF-16, big end first", UCM_ENCODING_UTF16BE, "\0a\0\xE4\xD8\x3D\xDC\xE7",
	"a\xC3\xA4\xF0\x9F\x93\xA7"),
    DECODING("a lone half of a pair is passed on as a fault", UCM_ENCODING_UTF16BE, "\xD8\x3D\0a",
	"\xED\xA0\xBD"
	"a"),
    DECODING("half a character at the end is a fault", UCM_ENCODING_UTF16BE, "\0a\0", "a\xFF"),
};

/* In pieces of every size the result is the same. */
static void pieces_of_any_size_decode_alike(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < COUNT(decodings); i++) {
		const struct decoding *decoding = &decodings[i];

		print_message("# %s\n", decoding->what);
		for (size_t piece = 1; piece <= decoding->size; piece++) {
			struct ucm_decoder decoder = {.encoding = decoding->encoding};
			size_t written = 0, step;

			for (size_t at = 0; at < decoding->size; at += step) {
				step = decoding->size - at < piece ? decoding->size - at : piece;
				written += ucm_decode(&decoder,
				    (const unsigned char *)decoding->bytes + at, step, 0,
				    out + written);
			}
			written +=
			    ucm_decode(&decoder, (const unsigned char *)"", 0, 1, out + written);
			out[written] = '\0';
			assert_string_equal(out, decoding->text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heads_tell_the_encoding),
	    cmocka_unit_test(a_long_name_is_cut),
	    cmocka_unit_test(utf8_is_told_from_other_bytes),
	    cmocka_unit_test(pieces_of_any_size_decode_alike),
	};

	return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
