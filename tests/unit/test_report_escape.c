/* Escapes of reports: each syntax, what it must not let through, and the masking of secrets. */
#include "config.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/arena.h"
#include "tools/report_escape.h"

static char *written(void (*put)(FILE *, const char *), const char *text)
{
	char *buffer = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&buffer, &size);

	assert_non_null(out);
	put(out, text);
	assert_int_equal(fclose(out), 0);
	return buffer;
}

static void put_data(FILE *out, const char *text)
{
	ucm_put_github(out, text, 0);
}

static void put_property(FILE *out, const char *text)
{
	ucm_put_github(out, text, 1);
}

static const struct {
	const char *sentence;
	void (*put)(FILE *, const char *);
	const char *text, *expected;
} escapes[] = {
    {"a terminal sees no escape sequence", ucm_put_plain, "a\033[2Jb", "a\\x1b[2Jb"},
    {"nor one made of C1 characters", ucm_put_plain, "\xc2\x9b", "\\x9b"},
    {"nor a change of direction", ucm_put_plain, "\xe2\x80\xae", "\\u{202e}"},
    {"a stray byte is shown", ucm_put_plain, "\xff", "\\xff"},
    {"a cut character is shown", ucm_put_plain, "\xe2\x80", "\\xe2\\x80"},
    {"a tab is a blank", ucm_put_plain, "a\tb", "a b"},
    {"letters of all alphabets stay", ucm_put_plain, "\xc3\xa4\xe6\x97\xa5",
	"\xc3\xa4\xe6\x97\xa5"},
    {"XML markup", ucm_put_xml, "<a b=\"c\">&'", "&lt;a b=&quot;c&quot;&gt;&amp;&#39;"},
    {"XML drops what it forbids", ucm_put_xml, "a\001b\xef\xbf\xbf", "ab"},
    {"XML keeps line ends in attributes", ucm_put_xml, "a\nb\tc\r", "a&#10;b&#9;c&#13;"},
    {"XML drops stray bytes", ucm_put_xml, "a\xffz", "az"},
    {"HTML markup", ucm_put_html, "<script>'\"&", "&lt;script&gt;&#39;&quot;&amp;"},
    {"HTML shows control characters", ucm_put_html, "\001", "\\x01"},
    {"a plain CSV field", ucm_put_csv, "plain", "plain"},
    {"CSV quotes", ucm_put_csv, "a,\"b\"", "\"a,\"\"b\"\"\""},
    {"CSV line breaks", ucm_put_csv, "a\nb", "\"a\nb\""},
    {"CSV formula", ucm_put_csv, "=1+1", "\"'=1+1\""},
    {"CSV formula by plus", ucm_put_csv, "+1", "\"'+1\""},
    {"CSV formula by minus", ucm_put_csv, "-1", "\"'-1\""},
    {"CSV formula by at", ucm_put_csv, "@A1", "\"'@A1\""},
    {"CSV formula behind a tab", ucm_put_csv, "\t=1", "\"'\t=1\""},
    {"CSV shows control characters", ucm_put_csv, "a\033[2J\xc2\x9b\r", "\"a\\x1b[2J\\x9b\\x0d\""},
    {"CSV shows stray bytes", ucm_put_csv, "\xff", "\\xff"},
    {"an empty CSV field", ucm_put_csv, "", ""},
    {"GitHub data", put_data, "50%\r\na:b,c", "50%25%0D%0Aa:b,c"},
    {"GitHub property", put_property, "a:b,c%", "a%3Ab%2Cc%25"},
    {"no command inside GitHub data", put_data, "::error::x", "%3A:error%3A:x"},
    {"GitHub: what a terminal might obey", put_property, "\033\xc2\x9b\xe2\x80\xae\xff",
	"%1B\\x9b\\u{202e}\\xff"},
    {"a Prometheus label", ucm_put_label, "a\\b\"c\nd", "a\\\\b\\\"c\\nd"},
};

static void escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		char *text = written(escapes[i].put, escapes[i].text);

		if (strcmp(text, escapes[i].expected) != 0)
			print_error("%s\n", escapes[i].sentence);
		assert_string_equal(text, escapes[i].expected);
		free(text);
	}
}

static const struct {
	const char *sentence, *text;
	unsigned column;
	const char *expected;
	unsigned moved;
} masks[] = {
    {"text without a secret stays", "Value=\"TLS\"", 8, "Value=\"TLS\"", 8},
    {"a password goes, to its quote", "a=\"--10AB12\" b", 4, "a=\"[REDACTED]\" b", 4},
    {"what follows keeps its column", "a=\"--10AB12\" b", 14, "a=\"[REDACTED]\" b", 16},
    {"a column inside goes to its start", "a=\"--10AB12\" b", 8, "a=\"[REDACTED]\" b", 4},
    {"two of them", "--10A --10B", 7, "[REDACTED] [REDACTED]", 12},
    {"the shortest", "--10", 1, "[REDACTED]", 1},
    {"a window that begins inside one", "ABCDEF012345\" x=\"y\"", 18, "[REDACTED]\" x=\"y\"", 16},
    {"a window that begins inside its dashes", "-10ABCDEF0123\" x", 16, "[REDACTED]\" x", 13},
    {"a word is no password", "deadbeef00 and so on", 3, "deadbeef00 and so on", 3},
    {"a stray byte becomes the replacement character", "a\xff\x62", 3, "a\xef\xbf\xbd\x62", 3},
    {"nothing", "", 0, "", 0},
};

static void masked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		struct ucm_arena arena;
		unsigned column = masks[i].column;

		ucm_arena_init(&arena, NULL, 0);
		const char *text = ucm_mask(&arena, masks[i].text, &column);
		if (strcmp(text, masks[i].expected) != 0 || column != masks[i].moved)
			print_error("%s\n", masks[i].sentence);
		assert_string_equal(text, masks[i].expected);
		assert_int_equal(column, masks[i].moved);
		ucm_arena_free(&arena);
	}
}

static void masks_null(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	assert_null(ucm_mask(&arena, NULL, NULL));
	/* A value goes to its end, whatever stands in it. */
	assert_string_equal(ucm_mask(&arena, " --10AB \"C' D", NULL), UCM_REDACTED);
	/* Only an excerpt may begin inside a password. */
	assert_string_equal(ucm_mask(&arena, "ABCDEF012345", NULL), "ABCDEF012345");
	ucm_arena_free(&arena);
}

/* Without memory nothing is shown, and above all not the secret. */
static void *refuse(void *arg, void *old, size_t size)
{
	(void)arg;
	(void)size;
	free(old);
	return NULL;
}

static void masks_without_memory(void **state)
{
	const struct ucm_allocator none = {refuse, NULL};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, &none, 0);
	assert_string_equal(ucm_mask(&arena, "a --10AB", NULL), "");
	assert_true(arena.failed);
	assert_null(ucm_path_uri(&arena, "x"));
	ucm_arena_free(&arena);
}

static const struct {
	const char *sentence, *path, *uri;
} uris[] = {
    {"a relative path", "a/b.xml", "a/b.xml"},
    {"a dot at the beginning goes", "./a.xml", "a.xml"},
    {"blanks and the like", "UC4 - 0100/a#b?.xml", "UC4%20-%200100/a%23b%3F.xml"},
    {"a percent sign", "50%.xml", "50%25.xml"},
    {"UTF-8", "\xc3\xa4", "%C3%A4"},
    {"a colon, which would be a scheme", "a:b", "a%3Ab"},
    {"an absolute path", "/x y", "file:///x%20y"},
};

static void makes_uris(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
		struct ucm_arena arena;

		ucm_arena_init(&arena, NULL, 0);
		const char *uri = ucm_path_uri(&arena, uris[i].path);
		if (strcmp(uri, uris[i].uri) != 0)
			print_error("%s\n", uris[i].sentence);
		assert_string_equal(uri, uris[i].uri);
		ucm_arena_free(&arena);
	}
}

static void knows_widths(void **state)
{
	static const struct {
		const char *text;
		unsigned width;
		size_t size;
	} rows[] = {{"a", 1, 1}, {"\xc3\xa4", 1, 2}, {"\xe6\x97\xa5", 2, 3}, {"\xcc\x81", 0, 2},
	    {"\xf0\x9f\x98\x80", 2, 4}, {"\xff", 1, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t size = 0;

		assert_int_equal(ucm_character_width(rows[i].text, &size), rows[i].width);
		assert_int_equal(size, rows[i].size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escaped),
	    cmocka_unit_test(masked),
	    cmocka_unit_test(masks_null),
	    cmocka_unit_test(masks_without_memory),
	    cmocka_unit_test(makes_uris),
	    cmocka_unit_test(knows_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
