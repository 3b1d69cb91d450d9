/*
 * One input of any kind: its content decides, and standard input is one.
 */
#define _GNU_SOURCE
#include "unit/cmocka_all.h"

#include <fcntl.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "unit/export_text.h"
#include "unit/load_text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void content_decides_what_a_named_file_is(void **state)
{
	static const struct {
		const char *what, *name, *text;
		enum ucm_rule rule;
		int demoted; /* where it was met in a folder */
	} cases[] = {
	    {"an empty file", "a.xml", "", UCM001, 0},
	    {"JSON", "b.xml", "{\"uc-export\":{}}", UCM006, 0},
	    {"a JSON list behind blanks and a byte order mark", "c.xml", "\xEF\xBB\xBF \r\n[]",
		UCM006, 0},
	    {"another kind of XML", "d.xml", "<project/>", UCM003, 1},
	    {"a ZIP that is cut off", "e.xml", "PK\003\004xxxx", UCM006, 0},
	    {"a .zip that is none", "f.zip", "hello", UCM006, 0},
	    {"an empty .zip", "g.zip", "", UCM006, 0},
	    {"text", "h.xml", "hello", UCM001, 0},
	};
	struct tree *tree = *state;
	struct ucm_system system;

	tree_folder(tree, "in");
	for (size_t i = 0; i < COUNT(cases); i++) {
		char name[32];

		print_message("# %s\n", cases[i].what);
		(void)snprintf(name, sizeof(name), "in/%s", cases[i].name);
		tree_text(tree, name, cases[i].text);
		load_one(&system, tree_path(tree, name));
		assert_int_equal(only_finding(&system)->rule, cases[i].rule);
		assert_false(only_finding(&system)->demoted);
		assert_string_equal(only_finding(&system)->place.file, tree_path(tree, name));
		ucm_system_free(&system);
		load_one(&system, tree_path(tree, "in"));
		assert_int_equal(only_finding(&system)->rule, cases[i].rule);
		assert_int_equal(only_finding(&system)->demoted, cases[i].demoted);
		assert_string_equal(only_finding(&system)->place.file, tree_path(tree, name));
		ucm_system_free(&system);
		assert_int_equal(unlink(tree_path(tree, name)), 0);
	}
}

static void a_named_file_needs_no_suffix(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;

	tree_folder(tree, "0100");
	tree_text(tree, "0100/export.txt", SETTINGS);
	load_one(&system, tree_path(tree, "0100/export.txt"));
	assert_int_equal(system.findings.count, 0);
	assert_non_null(system.variables);
	ucm_system_free(&system);
	load_one(&system, tree_path(tree, "0100"));
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.files, 0);
	assert_null(system.variables);
	ucm_system_free(&system);
}

static void what_cannot_be_opened_is_a_finding(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;

	load_one(&system, tree_path(tree, "missing.xml"));
	assert_int_equal(only_finding(&system)->rule, UCM006);
	assert_string_equal(only_finding(&system)->argument[0], "no such file or folder");
	ucm_system_free(&system);
	load_one(&system, "");
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
	assert_int_equal(mkfifo(tree_path(tree, "pipe.xml"), 0600), 0);
	load_one(&system, tree_path(tree, "pipe.xml"));
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
	load_one(&system, tree->top);
	assert_int_equal(only_finding(&system)->rule, UCM006);
	assert_string_equal(only_finding(&system)->argument[0], "not a regular file");
	ucm_system_free(&system);
	load_one(&system, "/dev/null");
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
	if (geteuid() == 0)
		return; /* to whom nothing is forbidden */
	assert_int_equal(unlink(tree_path(tree, "pipe.xml")), 0);
	tree_text(tree, "a.xml", SETTINGS);
	assert_int_equal(chmod(tree_path(tree, "a.xml"), 0), 0);
	load_one(&system, tree->top);
	assert_string_equal(only_finding(&system)->argument[0], "permission denied");
	ucm_system_free(&system);
}

static void files_of_no_interest_are_passed_over(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;

	tree_text(tree, "README.md", "no XML");
	tree_text(tree, "a.json", "no JSON");
	tree_text(tree, "report.json", "{\"version\": 1, \"tool\": {\"name\": \"policy-lint\"}}");
	tree_text(tree, "._a.xml", "resource fork");
	tree_folder(tree, "__MACOSX");
	tree_text(tree, "__MACOSX/a.xml", "resource fork");
	assert_int_equal(mkfifo(tree_path(tree, "pipe"), 0600), 0);
	load_one(&system, tree->top);
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.files, 0);
	ucm_system_free(&system);
}

static void json_on_the_way_is_told(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;

	tree_text(tree, "export.json", " {\"objects\": []}");
	load_one(&system, tree->top);
	assert_int_equal(system.findings.count, 1);
	assert_int_equal(system.findings.row[0].rule, UCM006);
	ucm_system_free(&system);
}

/* ---- Standard input ------------------------------------------------------------------------ */

/* Loads "-" with these bytes behind a pipe. A child writes, since a pipe holds only so much. */
static void load_piped(
    struct ucm_system *system, const void *bytes, size_t size, const char *stdin_name)
{
	const struct ucm_load_options options = {.client = 100, .stdin_name = stdin_name};
	const char *input = "-";
	const int before = dup(STDIN_FILENO);
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		_exit(write(ends[1], bytes, size) == (ssize_t)size ? 0 : 1);
	}
	(void)close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	(void)close(ends[0]);
	load(system, &input, 1, &options);
	if (before >= 0) {
		(void)dup2(before, STDIN_FILENO);
		(void)close(before);
	}
}

static void standard_input_is_one_export(void **state)
{
	static const char start[] = HEAD15 "<uc-export><!--";
	static const char stop[] =
	    "--><VARA name='UC_SMTP_A'><VARA><Variables><row "
	    "Name='SMTP_SERVER' Value='t\xC3\xA9'/></Variables></VARA></VARA>"
	    "</uc-export>";
	const size_t filler = 300000;
	char *text = malloc(sizeof(start) + filler + sizeof(stop));
	struct ucm_system system;

	(void)state;
	assert_non_null(text);
	memcpy(text, start, sizeof(start) - 1);
	memset(text + sizeof(start) - 1, 'x', filler);
	memcpy(text + sizeof(start) - 1 + filler, stop, sizeof(stop));
	load_piped(&system, text, strlen(text), NULL);
	assert_int_equal(system.findings.count, 0);
	assert_string_equal(system.variables->file, "<stdin>");
	assert_int_equal(system.variables->client, 100);
	assert_string_equal(find_row(&system, "SMTP_SERVER")->value, "t\xC3\xA9");
	ucm_system_free(&system);
	text[sizeof(start) + 10] = '\xE9'; /* now it is no UTF-8: the value is two characters */
	load_piped(&system, text, strlen(text), "mine.xml");
	assert_int_equal(system.findings.count, 0);
	assert_string_equal(system.variables->file, "mine.xml");
	assert_string_equal(find_row(&system, "SMTP_SERVER")->value, "t\xC3\x83\xC2\xA9");
	ucm_system_free(&system);
	free(text);
	load_piped(&system, "PK\003\004", 4, NULL);
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
	load_piped(&system, " {", 2, NULL);
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
	load_piped(&system, "", 0, NULL);
	assert_int_equal(only_finding(&system)->rule, UCM001);
	assert_string_equal(only_finding(&system)->place.file, "<stdin>");
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)
	    IN_TREE(content_decides_what_a_named_file_is),
	    IN_TREE(a_named_file_needs_no_suffix),
	    IN_TREE(what_cannot_be_opened_is_a_finding),
	    IN_TREE(files_of_no_interest_are_passed_over),
	    IN_TREE(json_on_the_way_is_told),
	    cmocka_unit_test(standard_input_is_one_export),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
