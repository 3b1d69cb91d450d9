/* Lists of rules, severities, agents and numbers, and INI files. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "tools/lint_ini.h"
#include "tools/lint_select.h"

static int setup(void **state)
{
	static struct ucm_arena arena; /* of this program only */

	ucm_arena_init(&arena, NULL, 0);
	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	ucm_arena_free(*state);
	return 0;
}

static size_t count_marks(const unsigned char mark[UCM_RULE_COUNT])
{
	size_t count = 0;

	for (int i = 0; i < UCM_RULE_COUNT; i++)
		count += mark[i];
	return count;
}

static void selects_rules(void **state)
{
	static const struct {
		const char *sentence, *list;
		int status;
		size_t count;
	} rows[] = {
	    {"an identifier", "UCM105", 0, 1},
	    {"a name, in any case", "SMTPS-cert-missing", 0, 1},
	    {"one twice", "UCM105,ucm105", 0, 1},
	    {"blanks and empty members", " UCM105 ,, UCM104,", 0, 2},
	    {"a group", "UCM0", 0, 7},
	    {"a group with x", "ucm0xx", 0, 7},
	    {"a smaller group", "UCM11x", 0, 10},
	    {"all", "all", 0, UCM_RULE_COUNT},
	    {"all, as a group", "UCM", 0, UCM_RULE_COUNT},
	    {"none", "", 0, 0},
	    {"a number that is none", "UCM999", -1, 0},
	    {"a group that is empty", "UCM9", -1, 0},
	    {"another word", "smtp", -1, 0},
	    {"too long", "UCM1055", -1, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned char mark[UCM_RULE_COUNT] = {0};
		struct ucm_error error;

		ucm_error_clear(&error);
		int status = ucm_select_rules(*state, rows[i].list, mark, &error);
		if (status != rows[i].status || (!status && count_marks(mark) != rows[i].count))
			print_error("%s\n", rows[i].sentence);
		assert_int_equal(status, rows[i].status);
		if (!status)
			assert_int_equal(count_marks(mark), rows[i].count);
		else
			assert_string_not_equal(error.text, "");
	}
}

static void suggests_a_rule(void **state)
{
	unsigned char mark[UCM_RULE_COUNT] = {0};
	struct ucm_error error;

	ucm_error_clear(&error);
	assert_int_equal(ucm_select_rules(*state, "smtps-cert-mising", mark, &error), -1);
	assert_non_null(strstr(error.text, "smtps-cert-missing"));
}

static void sets_severities(void **state)
{
	int severity[UCM_RULE_COUNT];
	struct ucm_error error;

	ucm_error_clear(&error);
	for (int i = 0; i < UCM_RULE_COUNT; i++)
		severity[i] = -1;
	assert_int_equal(
	    ucm_select_severities(*state, "UCM1=off, UCM105=Error", severity, &error), 0);
	assert_int_equal(severity[UCM105], UCM_ERROR);
	assert_int_equal(severity[UCM104], UCM_OFF);
	assert_int_equal(severity[UCM201], -1);
	assert_int_equal(ucm_select_severities(*state, "UCM105", severity, &error), -1);
	assert_int_equal(ucm_select_severities(*state, "UCM105=high", severity, &error), -1);
	assert_int_equal(ucm_select_severities(*state, "UCM999=off", severity, &error), -1);
}

static void reads_numbers(void **state)
{
	static const struct {
		const char *text;
		int status;
		unsigned long value;
	} rows[] = {{"0", 0, 0}, {"9999", 0, 9999}, {"10000", -1, 0}, {"", -1, 0}, {"-1", -1, 0},
	    {"+1", -1, 0}, {" 1", -1, 0}, {"1x", -1, 0}, {"0100", 0, 100},
	    {"99999999999999999999999999", -1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned long value = 0;

		assert_int_equal(ucm_select_number(rows[i].text, 0, 9999, &value), rows[i].status);
		if (!rows[i].status)
			assert_int_equal(value, rows[i].value);
	}
}

/* What a parser said, one after the other. */
struct heard {
	char text[512];
};

static int hear(void *arg, unsigned line, const char *section, const char *key, const char *value,
    struct ucm_error *error)
{
	struct heard *heard = arg;
	size_t used = strlen(heard->text);

	if (key && !strcmp(key, "wrong"))
		return ucm_fail(error, UCM_CLASS_USAGE, "%s", "refused");
	snprintf(heard->text + used, sizeof heard->text - used, "%u[%s]%s=%s;", line, section,
	    key ? key : "", value ? value : "");
	return 0;
}

static void parses_ini(void **state)
{
	static const struct {
		const char *sentence, *text;
		int status;
		const char *heard; /* or a part of the error */
	} rows[] = {
	    {"sections, keys, remarks", "# x\n[a b]\n\n k = v w \n; y\n", 0,
		"2[a b]=;4[a b]k=v w;"},
	    {"quotes keep blanks", "[a]\nk=\" v \"\n", 0, "1[a]=;2[a]k= v ;"},
	    {"an empty value", "[a]\nk =\n", 0, "1[a]=;2[a]k=;"},
	    {"an equals sign in a value", "[a]\nk = x=y\n", 0, "1[a]=;2[a]k=x=y;"},
	    {"no line end at the end", "[a]", 0, "1[a]=;"},
	    {"CRLF and a byte order mark", "\xef\xbb\xbf[a]\r\nk = v\r\n", 0, "1[a]=;2[a]k=v;"},
	    {"nothing", "", 0, ""},
	    {"a key before a section", "k = v\n", -1, "f:1:"},
	    {"no bracket at the end", "[a\n", -1, "f:1:"},
	    {"no key", "[a]\n= v\n", -1, "f:2:"},
	    {"neither", "[a]\nword\n", -1, "f:2:"},
	    {"refused by the handler", "[a]\n\nwrong = 1\n", -1, "f:3: refused"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct heard heard = {{0}};
		const struct ucm_ini_handler handler = {hear, &heard};
		struct ucm_error error;

		ucm_error_clear(&error);
		int status = ucm_ini_parse(*state, rows[i].text, "f", &handler, &error);
		if (status != rows[i].status)
			print_error("%s\n", rows[i].sentence);
		assert_int_equal(status, rows[i].status);
		if (!status)
			assert_string_equal(heard.text, rows[i].heard);
		else
			assert_non_null(strstr(error.text, rows[i].heard));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(selects_rules),
	    cmocka_unit_test(suggests_a_rule),
	    cmocka_unit_test(sets_severities),
	    cmocka_unit_test(reads_numbers),
	    cmocka_unit_test(parses_ini),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
