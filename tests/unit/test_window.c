/*
 * Places in the source: lines, columns and excerpts of what is kept.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/limits.h"
#include "unit/export_text.h"
#include "xml/window.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct place_case {
	const char *what;
	const char *text;
	const char *value;
	unsigned line, column, name_column;
	const char *excerpt;
	unsigned excerpt_column;
};

#define SHORT_VARA(rows)                                                                           \
	"<VARA data_type=\"STATIC\" name=\"UC_CLIENT_SETTINGS\">\n<VARA>\n<Variables>\n" rows      \
	"</Variables>\n</VARA>\n</VARA>\n"
#define SERVER "<row Name=\"SMTP_SERVER\" Value=\"mail.test\"/>"

static const struct place_case places[] = {
    {"lines end with LF", HEAD15 ROOT SHORT_VARA(SERVER "\n") END, "mail.test", 6, 32, 12, SERVER,
	32},
    {"lines end with CRLF",
	"<?xml version=\"1.0\"?>\r\n<uc-export>\r\n<VARA name=\"UC_CLIENT_SETTINGS\">\r\n<VARA>"
	"<Variables>\r\n" SERVER "\r\n</Variables></VARA></VARA></uc-export>\r\n",
	"mail.test", 5, 32, 12, SERVER, 32},
    {"lines end with CR CR LF: the LF alone ends a line",
	"<?xml version=\"1.0\"?>\r\r\n<uc-export>\r\r\n<VARA name=\"UC_CLIENT_SETTINGS\">\r\r\n"
	"<VARA><Variables>\r\r\n" SERVER "\r\r\n</Variables></VARA></VARA></uc-export>",
	"mail.test", 5, 32, 12, SERVER, 32},
    {"the head ends with LF, the rest with CRLF",
	HEAD15 "\n\n<uc-export>\n<VARA name=\"UC_CLIENT_SETTINGS\">\r\n<VARA>\r\n<Variables>\r\n"
	       "  " SERVER "\r\n</Variables></VARA></VARA></uc-export>",
	"mail.test", 8, 34, 14, "  " SERVER, 34},
    {"all on one line, declaration and root too",
	"<?xml version=\"1.0\" encoding=\"ISO-8859-15\" standalone=\"no\"?><uc-export><VARA "
	"name=\"UC_CLIENT_SETTINGS\"><VARA><Variables>" SERVER
	"</Variables></VARA></VARA></uc-export>",
	"mail.test", 1, 152, 132,
	"\" standalone=\"no\"?><uc-export><VARA "
	"name=\"UC_CLIENT_SETTINGS\"><VARA><Variables>" SERVER
	"</Variables></VARA></VARA></uc-export>",
	111},
    {"a start tag over several lines, in single quotes, the value first",
	"<uc-export>\n<VARA name='UC_CLIENT_SETTINGS'>\n<VARA>\n<Variables>\n<row\n   Value = "
	"'mail.test'\n   Name\n=\n'SMTP_SERVER'\n/></Variables></VARA></VARA></uc-export>",
	"mail.test", 6, 13, 2, "   Value = 'mail.test'", 13},
    {"attributes called almost alike, and ones holding '>' and the names themselves",
	"<uc-export>\n<VARA name='UC_CLIENT_SETTINGS'><VARA><Variables>\n"
	"<row aValue='x' OldValue=' Value=\"no\"' Value0='>' Name='SMTP_SERVER' "
	"Value=\"mail.test\"/>\n</Variables></VARA></VARA></uc-export>",
	"mail.test", 3, 77, 57,
	"<row aValue='x' OldValue=' Value=\"no\"' Value0='>' Name='SMTP_SERVER' "
	"Value=\"mail.test\"/>",
	77},
    {"UTF-8: columns count characters",
	HEAD8 ROOT SHORT_VARA("<row Titel=\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA7\" "
			      "Name=\"SMTP_SERVER\" Value=\"mail.t\xC3\xA9st\"/>\n") END,
	"mail.t\xC3\xA9st", 6, 44, 24,
	"<row Titel=\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\xA7\" Name=\"SMTP_SERVER\" "
	"Value=\"mail.t\xC3\xA9st\"/>",
	44},
    {"ISO-8859-15 by its bytes: decoded, the euro sign too",
	HEAD15 ROOT SHORT_VARA("<row Titel=\"\xE4\xA4\" Name=\"SMTP_SERVER\" "
			       "Value=\"mail.t\xE9st\"/>\n") END,
	"mail.t\xC3\xA9st", 6, 43, 23,
	"<row Titel=\"\xC3\xA4\xE2\x82\xAC\" Name=\"SMTP_SERVER\" Value=\"mail.t\xC3\xA9st\"/>",
	43},
    {"declared ISO-8859-15, holding UTF-8",
	HEAD15 ROOT SHORT_VARA("<row Titel=\"\xC3\xA4\xE2\x82\xAC\" Name=\"SMTP_SERVER\" "
			       "Value=\"mail.t\xC3\xA9st\"/>\n") END,
	"mail.t\xC3\xA9st", 6, 43, 23,
	"<row Titel=\"\xC3\xA4\xE2\x82\xAC\" Name=\"SMTP_SERVER\" Value=\"mail.t\xC3\xA9st\"/>",
	43},
    {"a byte order mark is no character of the first line",
	"\xEF\xBB\xBF<uc-export><VARA name='UC_CLIENT_SETTINGS'><VARA><Variables>" SERVER
	"</Variables></VARA></VARA></uc-export>",
	"mail.test", 1, 92, 72,
	"<uc-export><VARA name='UC_CLIENT_SETTINGS'><VARA><Variables>" SERVER
	"</Variables></VARA></VARA></uc-export>",
	92},
    {"references in a value: the place is the value's first character in the source",
	HEAD15 ROOT SHORT_VARA("<row Name=\"SMTP_SERVER\" Value=\"&#32;a&amp;b&apos;&#10;\"/>\n")
	    END,
	" a&b'\n", 6, 32, 12, "<row Name=\"SMTP_SERVER\" Value=\"&#32;a&amp;b&apos;&#10;\"/>", 32},
    {"an obfuscated password on the line is starred out",
	HEAD15 ROOT SHORT_VARA("<row Pass=\"--10A1B2C3\" Name=\"SMTP_SERVER\" "
			       "Value=\"--10FFEE\"/>\n") END,
	"--10FFEE", 6, 50, 30, "<row Pass=\"--10******\" Name=\"SMTP_SERVER\" Value=\"--10****\"/>",
	50},
    {"control characters of the line are not kept in the excerpt",
	HEAD8 ROOT SHORT_VARA("<row\tTitel=\"\xC2\x95\" Name=\"SMTP_SERVER\" Value=\"m\"/>\n") END,
	"m", 6, 42, 22, "<row Titel=\"?\" Name=\"SMTP_SERVER\" Value=\"m\"/>", 42},
};

static void values_are_found_where_they_stand(void **state)
{
	struct ucm_system system;
	const struct ucm_row *row;

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		print_message("# %s\n", places[i].what);
		read_text(&system, places[i].text);
		assert_int_equal(system.findings.count, 0);
		row = find_row(&system, "SMTP_SERVER");
		assert_string_equal(row->value, places[i].value);
		assert_int_equal(row->line, places[i].line);
		assert_int_equal(row->column, places[i].column);
		assert_int_equal(row->name_column, places[i].name_column);
		assert_string_equal(row->excerpt, places[i].excerpt);
		assert_int_equal(row->excerpt_column, places[i].excerpt_column);
		ucm_system_free(&system);
	}
}

/* A row is moved over the edge between two pieces that are read, byte by byte. */
static void places_do_not_depend_on_the_pieces(void **state)
{
	static const char start[] = HEAD15 "<uc-export>\n<!--";
	static const char stop[] =
	    "-->\n" SHORT_VARA("<row Name=\"SMTP_SERVER\"\r\n Value=\"mail.t\xC3\xA9st\"/>\n") END;
	const size_t filler = UCM_SOURCE_CHUNK - sizeof(start) - 180;
	char *text = malloc(2 * UCM_SOURCE_CHUNK);
	const struct ucm_row *row;
	struct ucm_system system;

	(void)state;
	assert_non_null(text);
	for (size_t more = 0; more < 220; more++) {
		memcpy(text, start, sizeof(start) - 1);
		memset(text + sizeof(start) - 1, '\n', filler + more);
		memcpy(text + sizeof(start) - 1 + filler + more, stop, sizeof(stop));
		read_text(&system, text);
		assert_int_equal(system.findings.count, 0);
		row = find_row(&system, "SMTP_SERVER");
		assert_string_equal(row->value, "mail.t\xC3\xA9st");
		assert_int_equal(row->line, 8 + filler + more);
		assert_int_equal(row->column, 9);
		assert_int_equal(row->name_column, 12);
		ucm_system_free(&system);
	}
	free(text);
}

/* The same on one line, where the column counts through all pieces. */
static void columns_count_through_long_lines(void **state)
{
	static const char start[] = "<uc-export><!--";
	static const char stop[] = "--><VARA name=\"UC_CLIENT_SETTINGS\"><VARA><Variables>" SERVER
				   "</Variables></VARA></VARA></uc-export>";
	const size_t filler = 3 * UCM_SOURCE_CHUNK + 17;
	char *text = malloc(4 * UCM_SOURCE_CHUNK);
	const struct ucm_row *row;
	struct ucm_system system;
	size_t bytes = sizeof(start) - 1, characters = 0;
	const char *found;

	(void)state;
	assert_non_null(text);
	memcpy(text, start, bytes);
	for (size_t i = 0; i < filler / 2; i++, bytes += 2)
		memcpy(text + bytes, "\xC3\xA4", 2);
	memcpy(text + bytes, stop, sizeof(stop));
	read_text(&system, text);
	assert_int_equal(system.findings.count, 0);
	row = find_row(&system, "SMTP_SERVER");
	assert_int_equal(row->line, 1);
	assert_int_equal(row->column, sizeof(start) - 1 + filler / 2 + 84);
	assert_true(strlen(row->excerpt) <= UCM_EXCERPT_MAX);
	found = strstr(row->excerpt, "mail.test\"");
	assert_non_null(found);
	for (const char *at = row->excerpt; at < found; at++)
		characters += ((unsigned char)*at & 0xC0) != 0x80;
	assert_int_equal(row->excerpt_column, characters + 1);
	ucm_system_free(&system);
	free(text);
}

/* An offset of which the parser kept 32 bits, and the end of the window it belongs to. */
static void offsets_outlast_32_bits(void **state)
{
	static const struct {
		const char *what;
		unsigned long long base, offset;
		size_t size;
	} rows[] = {
	    {"nothing was read", 0, 0, 0},
	    {"the beginning", 0, 0, 70000},
	    {"in the window", 0, 65536, 70000},
	    {"from 2 GB on a long of 32 bits is negative", 2147480000, 2147483648, 4096},
	    {"before 4 GB, of a window that ends behind", 4294960000, 4294967295, 70000},
	    {"behind 4 GB", 4294960000, 4294967300, 70000},
	    {"far behind", 20000000000, 20000000001, 70000},
	    {"before the window", 20000000000, 19999999999, 4096},
	    {"behind the window", 4294960000, 4294967300, 10},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ucm_window window = {.base = rows[i].base, .size = rows[i].size};

		if (ucm_window_offset(&window, (uint32_t)rows[i].offset) != rows[i].offset)
			fail_msg("%s", rows[i].what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_found_where_they_stand),
	    cmocka_unit_test(places_do_not_depend_on_the_pieces),
	    cmocka_unit_test(columns_count_through_long_lines),
	    cmocka_unit_test(offsets_outlast_32_bits),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
