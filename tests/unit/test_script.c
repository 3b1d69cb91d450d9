/*
 * Tests of xml/script.h.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/limits.h"
#include "xml/script.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct seen {
	char text[1024];
	size_t calls;
	size_t stop_after;
};

static const char *shown(const struct ucm_script_argument *argument)
{
	return argument->computed ? "?" : argument->text;
}

/* "LINE:COLUMN subject|attachment|server;" of each call. */
static int see(const struct ucm_script_call *call, void *arg)
{
	struct seen *seen = arg;
	size_t used = strlen(seen->text);

	snprintf(seen->text + used, sizeof(seen->text) - used, "%u:%u %s|%s|%s;", call->line,
	    call->column, shown(&call->subject), shown(&call->attachment), shown(&call->server));
	return ++seen->calls == seen->stop_after ? 7 : 0;
}

static void calls_are_found_where_they_are(void **state)
{
	static const struct {
		const char *what, *text, *calls;
	} rows[] = {
	    {"all arguments",
		":SET &X# = SEND_MAIL(\"a@b\", , \"Sub\", \"Text\", \"f\", \"AG\", \"LO\", "
		"\"srv1\")",
		"1:12 Sub|f|SRV1;"},
	    {"four arguments", ":SET &X# = SEND_MAIL(\"a@b\",,\"Sub\",\"Text\")", "1:12 Sub||;"},
	    {"no argument", ":SET &X# = SEND_MAIL()", "1:12 ||;"},
	    {"name in any case, blanks before the parenthesis", ":set &x = Send_Mail  (,,'s')",
		"1:11 s||;"},
	    {"blanks before the colon", " \t:SET &X# = SEND_MAIL(,,\"s\")", "1:14 s||;"},
	    {"alone", "SEND_MAIL(,,\"s\",,,,,\"m\")", "1:1 s||M;"},
	    {"in a condition", ":IF SEND_MAIL(,,\"s\") <> 0", "1:5 s||;"},
	    {"as an argument", ":P STR_CAT(SEND_MAIL(,,\"s\"), \"x\")", "1:12 s||;"},
	    {"twice in a line", ":IF SEND_MAIL(,,\"a\") = SEND_MAIL(,,\"b\")", "1:5 a||;1:24 b||;"},
	    {"one in the other", ":P SEND_MAIL(,,\"a\",SEND_MAIL(,,\"b\"),\"c\")",
		"1:20 b||;1:4 a|c|;"},
	    {"second line", "x\n:P SEND_MAIL(,,\"s\")\n", "2:4 s||;"},
	    {"CR LF", "x\r\n:P SEND_MAIL(,,\"s\")\r\n", "2:4 s||;"},
	    {"columns are characters", ":P \"\xC3\xA4\xE2\x82\xAC\" SEND_MAIL(,,\"s\")",
		"1:9 s||;"},
	    {"blanks round the server", ":P SEND_MAIL(,,,,,,,\"  my Srv \")", "1:4 ||MY SRV;"},
	    {"bare words", ":P SEND_MAIL(,,Subject,,,,,MYSERVER1)", "1:4 Subject||MYSERVER1;"},
	    {"ninth argument is not the server", ":P SEND_MAIL(,,,,,,,,\"x\")", "1:4 ||;"},
	    {"seventh neither", ":P SEND_MAIL(,,,,,,\"x\")", "1:4 ||;"},
	    {"umlaut in the subject", ":P SEND_MAIL(,,\"\xC3\x84x\")", "1:4 \xC3\x84x||;"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = {.calls = 0};

		assert_int_equal(
		    ucm_script_scan(rows[i].text, strlen(rows[i].text), see, &seen), 0);
		if (strcmp(seen.text, rows[i].calls) != 0)
			fail_msg("%s: %s", rows[i].what, seen.text);
	}
}

static void what_only_looks_like_a_call_is_none(void **state)
{
	static const char *const rows[] = {
	    "!:SET &X# = SEND_MAIL(\"a\",,\"s\")",
	    "  ! SEND_MAIL(\"a\",,\"s\")",
	    ":PRINT \"SEND_MAIL(a,,s)\"",
	    ":PRINT 'SEND_MAIL(a,,s)'",
	    ":PRINT \"a \"\"SEND_MAIL(a)\"\" b\"",
	    ":SET &X# = MY_SEND_MAIL(\"a\",,\"s\")",
	    ":SET &X# = SEND_MAIL_2(\"a\",,\"s\")",
	    ":SET &X# = SEND_MAILS(\"a\",,\"s\")",
	    ":SET &X# = &SEND_MAIL(\"a\",,\"s\")",
	    ":SET &X# = A.SEND_MAIL(\"a\",,\"s\")",
	    ":SET &X# = #SEND_MAIL(\"a\",,\"s\")",
	    ":SET &X# = SEND_MAIL",
	    ":SET &X# = SEND_MAI",
	    "echo SEND_MAIL(\"a\",,\"s\")",
	    "# SEND_MAIL(\"a\",,\"s\")",
	    ":PRINT (\nSEND MAIL\necho SEND_MAIL(\"a\")",
	    "SEND_MAIL\n(\"a\")",
	    "",
	    "\n\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = {.calls = 0};

		assert_int_equal(ucm_script_scan(rows[i], strlen(rows[i]), see, &seen), 0);
		if (seen.calls)
			fail_msg("%s: %s", rows[i], seen.text);
	}
}

static void arguments_are_literal_or_computed(void **state)
{
	static const struct {
		const char *what, *argument, *shown;
	} rows[] = {
	    {"quotes", "\"a b\"", "A B"},
	    {"apostrophes", "'a b'", "A B"},
	    {"doubled quotes", "\"a\"\"b\"", "A\"B"},
	    {"doubled apostrophes", "'it''s'", "IT'S"},
	    {"the other quote inside", "\"it's\"", "IT'S"},
	    {"comma and parenthesis in a string", "\"a,b)\"", "A,B)"},
	    {"empty string", "\"\"", ""},
	    {"only quotes", "\"\"\"\"", "\""},
	    {"blanks around", "  \"a\"\t", "A"},
	    {"ampersand without a name", "\"a & b\"", "A & B"},
	    {"ampersand last", "\"a&\"", "A&"},
	    {"brace without an end", "\"a { b\"", "A { B"},
	    {"variable", "&X#", "?"},
	    {"variable in a string", "\"SRV&X#\"", "?"},
	    {"object variable in a string", "\"{VARA.X,KEY,1}\"", "?"},
	    {"concatenation", "\"A\" \"B\"", "?"},
	    {"string and variable", "\"A\"&X#", "?"},
	    {"sum", "1+1", "?"},
	    {"call", "GET_VAR(\"X\",\"Y\")", "?"},
	    {"call with a string behind", "F() \"A\"", "?"},
	    {"parentheses", "(\"A\")", "?"},
	    {"string that does not end", "\"A", "?"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = {.calls = 0};
		char script[128], expected[128];

		snprintf(script, sizeof(script), ":P SEND_MAIL(,,,,,,,%s)", rows[i].argument);
		snprintf(expected, sizeof(expected), "1:4 ||%s;", rows[i].shown);
		ucm_script_scan(script, strlen(script), see, &seen);
		if (strcmp(seen.text, expected) != 0)
			fail_msg("%s: %s", rows[i].what, seen.text);
	}
}

static void statements_may_span_lines(void **state)
{
	static const struct {
		const char *what, *text, *calls;
	} rows[] = {
	    {"underscore", ":P SEND_MAIL(\"a\", , _\n \"s\",,,,,\"m\")", "1:4 s||M;"},
	    {"underscore and blanks", ":P SEND_MAIL(,,\"s\", _ \t\r\n,,,,\"m\")", "1:4 s||M;"},
	    {"underscore and colon", ":P SEND_MAIL(,,\"s\", _\n:,,,,\"m\")", "1:4 s||M;"},
	    {"underscore before the call", ":SET &X# = _\n  SEND_MAIL(,,\"s\")", "2:3 s||;"},
	    {"open parenthesis", ":P SEND_MAIL(\n\"a\",\n,\n\"s\"\n)", "1:4 s||;"},
	    {"comment between", ":P SEND_MAIL(,,\n! , \"no\", (\n\"s\")", "1:4 s||;"},
	    {"comment behind an underscore", ":P SEND_MAIL(,, _\n! no\n\"s\")", "1:4 s||;"},
	    {"next statement ends it", ":P SEND_MAIL(,,\"s\"\n:P SEND_MAIL(,,\"t\")",
		"1:4 s||;2:4 t||;"},
	    {"never closed", ":P SEND_MAIL(,,\"s\"", "1:4 s||;"},
	    {"other parentheses do not go on", ":P (\nSEND_MAIL(,,\"s\")", "2:1 s||;"},
	    {"underscore in a name does not go on", ":P X_\necho SEND_MAIL(,,\"s\")", ""},
	    {"underscore within", ":P SEND_MAIL(,, _ ,\"s\")", "1:4 _||;"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = {.calls = 0};

		ucm_script_scan(rows[i].text, strlen(rows[i].text), see, &seen);
		if (strcmp(seen.text, rows[i].calls) != 0)
			fail_msg("%s: %s", rows[i].what, seen.text);
	}
}

static int check_places(const struct ucm_script_call *call, void *arg)
{
	(void)arg;
	assert_int_equal(call->subject.line, 2);
	assert_int_equal(call->subject.column, 3);
	assert_int_equal(call->attachment.line, 2);
	assert_int_equal(call->attachment.column, 13);
	assert_int_equal(call->server.line, 3);
	assert_int_equal(call->server.column, 6);
	assert_true(call->attachment_commas);
	return 0;
}

static void arguments_have_places(void **state)
{
	static const char text[] = ":P SEND_MAIL(,,\n  \"\xC3\xA4\", \"x\", 'a,b',\n ,  ,\"m\")";

	(void)state;
	assert_int_equal(ucm_script_scan(text, sizeof(text) - 1, check_places, NULL), 0);
}

static int check_length(const struct ucm_script_call *call, void *arg)
{
	size_t *expected = arg;

	assert_int_equal(strlen(call->subject.text), *expected);
	assert_false(call->subject.computed);
	return 0;
}

static void long_literals_are_cut_between_characters(void **state)
{
	static const char head[] = ":P SEND_MAIL(,,\"x";
	char text[2 * UCM_SCRIPT_ARG_MAX + sizeof(head) + 2];
	size_t used = sizeof(head) - 1, expected = UCM_SCRIPT_ARG_MAX - 1;

	(void)state;
	memcpy(text, head, used);
	for (int i = 0; i < UCM_SCRIPT_ARG_MAX; i++, used += 2)
		memcpy(text + used, "\xC3\xA4", 2);
	memcpy(text + used, "\")", 2);
	ucm_script_scan(text, used + 2, check_length, &expected);
}

static void the_callback_may_stop(void **state)
{
	static const char text[] = ":P SEND_MAIL(,,\"a\") SEND_MAIL(,,\"b\")";
	struct seen seen = {.stop_after = 1};

	(void)state;
	assert_int_equal(ucm_script_scan(text, sizeof(text) - 1, see, &seen), 7);
	assert_int_equal(seen.calls, 1);
}

static int count(const struct ucm_script_call *call, void *arg)
{
	size_t *calls = arg;

	(void)call;
	++*calls;
	return 0;
}

/* Repeats a part until the text is large; a quadratic scanner would not come back in time. */
static size_t scan_repeated(const char *part)
{
	size_t length = strlen(part), size = 4000000 / length * length, calls = 0;
	char *text = malloc(size + 1);

	assert_non_null(text);
	text[0] = ':';
	for (size_t i = 0; i < size; i += length)
		memcpy(text + 1 + i, part, length);
	ucm_script_scan(text, size + 1, count, &calls);
	free(text);
	return calls;
}

static void large_scripts_take_linear_time(void **state)
{
	(void)state;
	assert_int_equal(scan_repeated("SEND_MAIL(,,\"s\") "), 4000000 / 17);
	assert_int_equal(scan_repeated("SEND_MAIL("), 64);
	assert_int_equal(scan_repeated("("), 0);
	assert_int_equal(scan_repeated("\""), 0);
	assert_int_equal(scan_repeated("{&"), 0);
	assert_int_equal(scan_repeated("SEND_MAIL "), 0);
	assert_int_equal(scan_repeated(":\n"), 0);
}

static void any_end_of_the_text_is_fine(void **state)
{
	static const char text[] = ":P SEND_MAIL(\"a\", _\n&X#, 'b''', {), (_ \n!x\n:IF \xC3";

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = malloc(length + !length);
		size_t calls = 0;

		assert_non_null(copy);
		memcpy(copy, text, length);
		assert_int_equal(ucm_script_scan(copy, length, count, &calls), 0);
		assert_int_equal(calls, length > 12);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest script[] = {
	    cmocka_unit_test(calls_are_found_where_they_are),
	    cmocka_unit_test(what_only_looks_like_a_call_is_none),
	    cmocka_unit_test(arguments_are_literal_or_computed),
	    cmocka_unit_test(statements_may_span_lines),
	    cmocka_unit_test(arguments_have_places),
	    cmocka_unit_test(long_literals_are_cut_between_characters),
	    cmocka_unit_test(the_callback_may_stop),
	    cmocka_unit_test(large_scripts_take_linear_time),
	    cmocka_unit_test(any_end_of_the_text_is_fine),
	};

	return cmocka_run_group_tests(script, NULL, NULL);
}
