/*
 * What the reader of an export refuses, and where it says it is.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/limits.h"
#include "unit/export_text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct fault_case {
	const char *what;
	const char *text;
	enum ucm_rule rule;
	unsigned line, column;
};

static const struct fault_case faults[] = {
    {"empty", "", UCM001, 0, 0},
    {"blanks only", " \n", UCM001, 1, 1},
    {"text", "hello", UCM001, 1, 1},
    {"cut in a tag", "<uc-export>\n<VARA na", UCM001, 2, 9},
    {"cut between tags", HEAD15 ROOT "<VARA name='UC_SMTP_A'>\n", UCM001, 3, 24},
    {"cut in text", "<uc-export>\n<A>text\n \n", UCM001, 2, 8},
    {"a wrong end tag", "<uc-export>\n  <A></B></uc-export>", UCM001, 2, 10},
    {"an attribute twice", "<uc-export a='1' a='2'/>", UCM001, 1, 23},
    {"'<' in a value", "<uc-export a='<'/>", UCM001, 1, 15},
    {"something behind the root", "<uc-export/><x/>", UCM001, 1, 13},
    {"an entity that nobody declared", "<uc-export>&x;</uc-export>", UCM001, 1, 15},
    {"a control character", "<uc-export>\n\001</uc-export>", UCM001, 2, 1},
    {"a control character by reference", "<uc-export>&#1;</uc-export>", UCM001, 1, 16},
    {"declared UTF-8, not UTF-8", HEAD8 "<uc-export>\n \xE9</uc-export>", UCM001, 3, 2},
    {"an overlong form", HEAD8 "<uc-export>\xC0\xAF</uc-export>", UCM001, 2, 12},
    {"an encoding of another world", "<?xml version='1.0' encoding='EBCDIC-US'?><uc-export/>",
	UCM001, 0, 0},
    {"a DOCTYPE", "<!DOCTYPE uc-export>\n<uc-export/>", UCM002, 1, 1},
    {"an external subset", "<!DOCTYPE uc-export SYSTEM 'file:///etc/passwd'>\n<uc-export/>", UCM002,
	1, 1},
    {"an entity",
	"<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n"
	"<uc-export>&x;</uc-export>",
	UCM002, 2, 1},
    {"entities that multiply",
	"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
	"<uc-export>&b;</uc-export>",
	UCM002, 1, 1},
    {"another root", "<?xml version='1.0'?>\n<project/>", UCM003, 2, 1},
    {"a root of the right name in a name space", "<a:uc-export xmlns:a='urn:a'/>", UCM003, 1, 1},
    {"a root whose case is wrong", "<UC-EXPORT/>", UCM003, 1, 1},
};

static void faults_are_findings_with_their_place(void **state)
{
	struct ucm_system system;
	const struct ucm_finding *finding;

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		print_message("# %s\n", faults[i].what);
		read_text(&system, faults[i].text);
		assert_int_equal(system.findings.count, 1);
		finding = &system.findings.row[0];
		print_message("# %u:%u %s\n", finding->place.line, finding->place.column,
		    finding->argument[0]);
		assert_int_equal(finding->rule, faults[i].rule);
		assert_string_equal(finding->place.file, "a.xml");
		assert_int_equal(finding->place.client, UCM_CLIENT_UNKNOWN);
		assert_int_equal(finding->place.line, faults[i].line);
		assert_int_equal(finding->place.column, faults[i].column);
		assert_non_null(finding->argument[0]);
		assert_true(strlen(finding->argument[0]) > 0);
		assert_null(strpbrk(finding->argument[0], "\r\n\t"));
		assert_false(finding->demoted);
		ucm_system_free(&system);
	}
}

static void utf16_is_read(void **state)
{
	static const char text[] = "<uc-export><VARA name='UC_SMTP_A'/></uc-export>";
	unsigned char bytes[2 * sizeof(text)];
	struct ucm_system system;

	(void)state;
	for (int big = 0; big < 2; big++) {
		memcpy(bytes, big ? "\xFE\xFF" : "\xFF\xFE", 2);
		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			bytes[2 + 2 * i + (big ? 1 : 0)] = (unsigned char)text[i];
			bytes[2 + 2 * i + (big ? 0 : 1)] = 0;
		}
		read_bytes(&system, bytes, sizeof(bytes));
		assert_int_equal(system.findings.count, 0);
		assert_int_equal(system.variables->column, 24);
		ucm_system_free(&system);
		read_bytes(&system, bytes, sizeof(bytes) - 1);
		assert_int_equal(system.findings.count, 1);
		assert_int_equal(system.findings.row[0].rule, UCM001);
		ucm_system_free(&system);
	}
}

/* What is deep or long beyond the limits, and just within them. */
static void nested(char *text, unsigned depth)
{
	size_t at = 0;

	at += (size_t)sprintf(text + at, "<uc-export>");
	for (unsigned i = 1; i < depth; i++)
		at += (size_t)sprintf(text + at, "<x>");
	for (unsigned i = 1; i < depth; i++)
		at += (size_t)sprintf(text + at, "</x>");
	(void)sprintf(text + at, "</uc-export>");
}

static void depth_is_limited(void **state)
{
	char text[8 * (UCM_XML_DEPTH_MAX + 8)];
	struct ucm_system system;

	(void)state;
	nested(text, UCM_XML_DEPTH_MAX);
	read_text(&system, text);
	assert_int_equal(system.findings.count, 0);
	ucm_system_free(&system);
	nested(text, UCM_XML_DEPTH_MAX + 1);
	read_text(&system, text);
	assert_int_equal(system.findings.count, 1);
	assert_int_equal(system.findings.row[0].rule, UCM002);
	ucm_system_free(&system);
}

static void sizes_are_limited(void **state)
{
	static const struct {
		const char *what, *start, *stop;
		size_t filler;
		int faulty;
	} sizes[] = {
	    {"an attribute of no interest", "<uc-export><A b='", "'/></uc-export>", 100000, 0},
	    {"a huge attribute", "<uc-export><A b='", "'/></uc-export>", UCM_XML_TOKEN_MAX + 90000,
		1},
	    {"a huge comment", "<uc-export><!--", "--></uc-export>", UCM_XML_TOKEN_MAX + 90000, 1},
	    {"a value over the limit",
		"<uc-export><VARA name='UC_SMTP_A'><VARA><Variables><row Name='SMTP_SERVER' "
		"Value='",
		"'/></Variables></VARA></VARA></uc-export>", UCM_XML_VALUE_MAX + 1, 1},
	    {"a value at the limit",
		"<uc-export><VARA name='UC_SMTP_A'><VARA><Variables><row Name='SMTP_SERVER' "
		"Value='",
		"'/></Variables></VARA></VARA></uc-export>", UCM_XML_VALUE_MAX, 0},
	    {"a long name of an object", "<uc-export><A name='", "'/></uc-export>",
		UCM_XML_NAME_MAX + 1, 1},
	    {"a name at the limit", "<uc-export><A name='", "'/></uc-export>", UCM_XML_NAME_MAX, 0},
	    {"long text", "<uc-export><A name='A'><DOC>", "</DOC></A></uc-export>", 9000000, 0},
	    {"long CDATA", "<uc-export><A name='A'><DOC><![CDATA[", "]]></DOC></A></uc-export>",
		UCM_XML_TOKEN_MAX - 100, 0},
	    {"CDATA over the limit", "<uc-export><A name='A'><DOC><![CDATA[",
		"]]></DOC></A></uc-export>", UCM_XML_TOKEN_MAX + 90000, 1},
	    {"a long script", "<uc-export><A name='A'><SCRIPT><MSCRI><![CDATA[",
		"]]></MSCRI></SCRIPT></A></uc-export>", UCM_XML_SCRIPT_MAX - 200, 0},
	    {"a script over the limit", "<uc-export><A name='A'><SCRIPT><MSCRI><![CDATA[",
		"]]></MSCRI></SCRIPT></A></uc-export>", UCM_XML_SCRIPT_MAX + 200000, 1},
	};
	struct ucm_system system;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		const size_t head = strlen(sizes[i].start);
		char *text = malloc(head + sizes[i].filler + strlen(sizes[i].stop) + 1);

		print_message("# %s\n", sizes[i].what);
		assert_non_null(text);
		memcpy(text, sizes[i].start, head);
		memset(text + head, 'a', sizes[i].filler);
		strcpy(text + head + sizes[i].filler, sizes[i].stop);
		read_text(&system, text);
		assert_int_equal(system.findings.count, sizes[i].faulty);
		if (sizes[i].faulty)
			assert_int_equal(system.findings.row[0].rule, UCM002);
		ucm_system_free(&system);
		free(text);
	}
}

static void a_foreign_root_is_demoted_where_it_was_met_on_the_way(void **state)
{
	static const char text[] = "<pom/>";
	const struct ucm_export export = {.name = "a.xml", .client = 1, .walked = 1};
	struct ucm_memory_source source;
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	ucm_source_memory(&source, text, sizeof(text) - 1);
	assert_int_equal(ucm_export_read(&system, &source.base, &export), 0);
	assert_int_equal(system.findings.count, 1);
	assert_int_equal(system.findings.row[0].rule, UCM003);
	assert_true(system.findings.row[0].demoted);
	assert_string_equal(system.findings.row[0].argument[0], "pom");
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(faults_are_findings_with_their_place),
	    cmocka_unit_test(utf16_is_read),
	    cmocka_unit_test(depth_is_limited),
	    cmocka_unit_test(sizes_are_limited),
	    cmocka_unit_test(a_foreign_root_is_demoted_where_it_was_met_on_the_way),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
