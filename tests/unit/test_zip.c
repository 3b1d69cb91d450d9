/*
 * ZIPs: action packs, stores with their payloads, and archives that mean harm.
 */
#define _GNU_SOURCE
#include "unit/cmocka_all.h"

#include <zip.h>

#include "policy/limits.h"
#include "unit/export_text.h"
#include "unit/scarce.h"
#include "unit/tree.h"
#include "unit/zip_text.h"
#include "xml/load.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define OF(name) "<uc-export><VARA name='UC_SMTP_" name "'/></uc-export>"
#define STORE(resname)                                                                             \
	"<uc-export><STORE name='UC_TRUSTEDCERTS'><STORE><resourceList><row name='A' "             \
	"resname='" resname "'/></resourceList></STORE></STORE></uc-export>"

struct fixture {
	struct tree tree;
	struct zip_text zip;
	struct ucm_system system;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	tree_make(&fixture->tree);
	ucm_system_init(&fixture->system, NULL, 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ucm_system_free(&fixture->system);
	tree_remove(&fixture->tree);
	free(fixture);
	return 0;
}

static void load(struct fixture *fixture, const char *name)
{
	const struct ucm_load_options options = {.client = UCM_CLIENT_UNKNOWN};
	const char *input = tree_path(&fixture->tree, name);
	struct ucm_error error;

	memset(&error, 0, sizeof(error));
	ucm_system_free(&fixture->system);
	assert_int_equal(ucm_load(&fixture->system, &input, 1, &options, &error), 0);
}

/* Writes the archive and loads it. */
static void load_zip(struct fixture *fixture, const char *name)
{
	zip_text_finish(&fixture->zip);
	tree_write(&fixture->tree, name, fixture->zip.bytes, fixture->zip.size);
	load(fixture, name);
}

static void expect_finding(
    struct fixture *fixture, size_t index, enum ucm_rule rule, const char *name)
{
	const struct ucm_findings *findings = &fixture->system.findings;

	assert_true(findings->count > index);
	assert_int_equal(findings->row[index].rule, rule);
	assert_string_equal(findings->row[index].place.file, tree_path(&fixture->tree, name));
}

static const struct ucm_resource *the_resource(const struct fixture *fixture)
{
	static const struct ucm_resource missing;

	assert_non_null(fixture->system.stores);
	assert_non_null(fixture->system.stores->resources);
	return fixture->system.stores != NULL ? fixture->system.stores->resources : &missing;
}

/* ---- What is read -------------------------------------------------------------------------- */

static void an_action_pack_is_read(void **state)
{
	struct fixture *fixture = *state;

	/* the payload first, a folder entry, other files, resource forks, a member twice */
	zip_text_add(&fixture->zip, "R.A", "certificate");
	zip_text_add(&fixture->zip, "DOCUMENTATION/", "");
	zip_text_add(&fixture->zip, "CONTENT.xml", STORE("R.A"));
	zip_text_add(&fixture->zip, "DOCUMENTATION/P.PUB.VAR.xml", OF("A"));
	zip_text_add(&fixture->zip, "APPDATA.xml", OF("A"));
	zip_text_add(&fixture->zip, "readme.txt", "<no/>");
	zip_text_add(&fixture->zip, "__MACOSX/._CONTENT.xml", "fork");
	zip_text_add(&fixture->zip, "__MACOSX/CONTENT.xml", "fork");
	zip_text_add(&fixture->zip, "DOCUMENTATION/._P.xml", "fork");
	zip_text_add(&fixture->zip, "__MACOSX/inner.zip", "PK\003\004");
	tree_folder(&fixture->tree, "X - 0100");
	load_zip(fixture, "X - 0100/pack.zip");
	assert_int_equal(fixture->system.findings.count, 0);
	assert_int_equal(fixture->system.files, 3);
	assert_non_null(fixture->system.variables);
	assert_null(fixture->system.variables->next);
	assert_int_equal(fixture->system.variables->client, 100);
	assert_string_equal(fixture->system.variables->file,
	    tree_path(&fixture->tree, "X - 0100/pack.zip/APPDATA.xml"));
	assert_int_equal(the_resource(fixture)->payload_size, 11);
	assert_memory_equal(the_resource(fixture)->payload, "certificate", 11);
	assert_string_equal(the_resource(fixture)->payload_file,
	    tree_path(&fixture->tree, "X - 0100/pack.zip/R.A"));
}

static void a_zip_may_be_called_xml_and_lie_in_a_folder(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "a.xml", OF("A"));
	tree_folder(&fixture->tree, "0100");
	load_zip(fixture, "0100/export.xml");
	assert_non_null(ucm_system_variable(&fixture->system, 100, "UC_SMTP_A"));
	load(fixture, "0100");
	assert_int_equal(fixture->system.findings.count, 0);
	assert_non_null(ucm_system_variable(&fixture->system, 100, "UC_SMTP_A"));
}

static void folders_in_a_zip_tell_the_client(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "UC4 - 0000/a.xml", OF("A"));
	zip_text_add(&fixture->zip, "0200/deep/b.xml", OF("B"));
	zip_text_add(&fixture->zip, "0300\\c.xml", OF("C"));
	zip_text_add(&fixture->zip, "d.xml", OF("D"));
	tree_folder(&fixture->tree, "0100");
	load_zip(fixture, "0100/all.zip");
	assert_int_equal(fixture->system.findings.count, 0);
	assert_non_null(ucm_system_variable(&fixture->system, 0, "UC_SMTP_A"));
	assert_non_null(ucm_system_variable(&fixture->system, 200, "UC_SMTP_B"));
	assert_non_null(ucm_system_variable(&fixture->system, 300, "UC_SMTP_C"));
	assert_non_null(ucm_system_variable(&fixture->system, 100, "UC_SMTP_D"));
}

static void names_that_climb_are_names_only(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "../0100/a.xml", OF("A"));
	zip_text_add(&fixture->zip, "/0200/b.xml", OF("B"));
	zip_text_add(&fixture->zip, "0000/c.xml", STORE("../../secret"));
	zip_text_add(&fixture->zip, "../../secret", "not for you");
	tree_text(&fixture->tree, "secret", "not for you");
	load_zip(fixture, "a.zip");
	assert_int_equal(fixture->system.findings.count, 0);
	assert_non_null(ucm_system_variable(&fixture->system, 100, "UC_SMTP_A"));
	assert_non_null(ucm_system_variable(&fixture->system, 200, "UC_SMTP_B"));
	assert_null(the_resource(fixture)->payload);
}

static void payloads_of_the_same_folder_come_first(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "R", "top");
	zip_text_add(&fixture->zip, "0000/R", "near");
	zip_text_add(&fixture->zip, "0000/a.xml", STORE("R"));
	load_zip(fixture, "a.zip");
	assert_memory_equal(the_resource(fixture)->payload, "near", 4);
	memset(&fixture->zip, 0, sizeof(fixture->zip));
	zip_text_add(&fixture->zip, "0000/a.xml", STORE("R"));
	zip_text_add(&fixture->zip, "other/R", "far");
	load_zip(fixture, "b.zip");
	assert_memory_equal(the_resource(fixture)->payload, "far", 3);
}

static void bytes_of_8_bits_are_decided_in_a_zip_too(void **state)
{
	struct fixture *fixture = *state;

	tree_folder(&fixture->tree, "0100");
	zip_text_add(&fixture->zip, "a.xml",
	    HEAD15 "<uc-export><VARA name='UC_SMTP_A'><VARA><Variables><row Name='SMTP_SERVER' "
		   "Value='\xC3\xA9'/></Variables></VARA></VARA></uc-export>");
	load_zip(fixture, "0100/a.zip");
	assert_string_equal(find_row(&fixture->system, "SMTP_SERVER")->value, "\xC3\xA9");
	memset(&fixture->zip, 0, sizeof(fixture->zip));
	zip_text_add(&fixture->zip, "a.xml",
	    HEAD15 "<uc-export><VARA name='UC_SMTP_A'><VARA><Variables><row Name='SMTP_SERVER' "
		   "Value='\xC3\xA9'/><row Name='X' Value='\xE9'/></Variables></VARA></VARA>"
		   "</uc-export>");
	load_zip(fixture, "0100/a.zip");
	assert_string_equal(find_row(&fixture->system, "SMTP_SERVER")->value, "\xC3\x83\xC2\xA9");
}

static void an_empty_zip_holds_nothing(void **state)
{
	struct fixture *fixture = *state;

	load_zip(fixture, "empty.zip");
	assert_int_equal(fixture->system.findings.count, 0);
	assert_int_equal(fixture->system.objects, 0);
}

/* ---- What is refused ----------------------------------------------------------------------- */

static void bad_members_are_findings(void **state)
{
	static const struct {
		const char *what, *name, *text;
		enum ucm_rule rule;
		int demoted;
		uint32_t claimed, spoiled;
		unsigned flags;
	} cases[] = {
	    {"another kind of XML", "pom.xml", "<project/>", UCM003, 1, 0, 0, 0},
	    {"an empty member", "a.xml", "", UCM001, 0, 0, 0, 0},
	    {"not well-formed", "a.xml", "<uc-export>", UCM001, 0, 0, 0, 0},
	    {"a ZIP in a ZIP", "a.xml", "PK\003\004xxxxxxxx", UCM006, 0, 0, 0, 0},
	    {"a wrong checksum", "a.xml", "<uc-export></uc-export>", UCM006, 0, 0, 1, 0},
	    {"encrypted", "a.xml", "<uc-export></uc-export>", UCM006, 0, 0, 0, ZIP_FLAG_ENCRYPTED},
	    {"a claim to unpack to a gigabyte", "a.xml", "<uc-export></uc-export>", UCM006, 0,
		1U << 30, 0, 0},
	};
	struct fixture *fixture = *state;
	char name[64];

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].what);
		memset(&fixture->zip, 0, sizeof(fixture->zip));
		fixture->zip.claimed_size = cases[i].claimed;
		fixture->zip.spoiled_crc = cases[i].spoiled;
		fixture->zip.flags = cases[i].flags;
		zip_text_add(&fixture->zip, cases[i].name, cases[i].text);
		load_zip(fixture, "bad.zip");
		assert_int_equal(fixture->system.findings.count, 1);
		(void)snprintf(name, sizeof(name), "bad.zip/%s", cases[i].name);
		expect_finding(fixture, 0, cases[i].rule, name);
		assert_int_equal(fixture->system.findings.row[0].demoted, cases[i].demoted);
	}
}

static void bad_payloads_of_a_zip_are_findings(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "0000/a.xml", STORE("R"));
	fixture->zip.spoiled_crc = 1;
	zip_text_add(&fixture->zip, "0000/R", "certificate");
	load_zip(fixture, "a.zip");
	assert_int_equal(fixture->system.findings.count, 1);
	expect_finding(fixture, 0, UCM006, "a.zip/0000/R");
	assert_null(the_resource(fixture)->payload);
}

/* Every cut of an archive is a finding, and never a crash. */
static void cut_archives_are_damaged(void **state)
{
	struct fixture *fixture = *state;

	zip_text_add(&fixture->zip, "a.xml", "<uc-export></uc-export>");
	zip_text_finish(&fixture->zip);
	for (size_t size = 4; size < fixture->zip.size; size++) {
		tree_write(&fixture->tree, "cut.zip", fixture->zip.bytes, size);
		load(fixture, "cut.zip");
		assert_int_equal(fixture->system.findings.count, 1);
		assert_int_equal(fixture->system.findings.row[0].rule, UCM006);
	}
}

/* Every byte of an archive turned: no crash, and what is read is what it was. */
static void turned_bytes_do_no_harm(void **state)
{
	struct fixture *fixture = *state;
	const struct ucm_variable *variable;

	tree_folder(&fixture->tree, "0100");
	zip_text_add(&fixture->zip, "a.xml", OF("A"));
	zip_text_finish(&fixture->zip);
	for (size_t at = 0; at < fixture->zip.size; at++) {
		fixture->zip.bytes[at] ^= 0xFF;
		tree_write(&fixture->tree, "0100/t.zip", fixture->zip.bytes, fixture->zip.size);
		load(fixture, "0100/t.zip");
		variable = fixture->system.variables;
		if (variable != NULL && fixture->system.findings.count == 0)
			assert_string_equal(variable->name, "UC_SMTP_A");
		fixture->zip.bytes[at] ^= 0xFF;
	}
}

/* 32 MB of blanks, which deflate packs to a thousandth. */
static void bombs_are_not_unpacked(void **state)
{
	static const char start[] = "<uc-export>", stop[] = "</uc-export>";
	const size_t size = 32 * 1024 * 1024;
	struct fixture *fixture = *state;
	char *text = malloc(size);
	zip_source_t *source;
	zip_t *zip;
	int code;

	assert_non_null(text);
	memset(text, ' ', size);
	memcpy(text, start, sizeof(start) - 1);
	memcpy(text + size - sizeof(stop), stop, sizeof(stop) - 1);
	zip = zip_open(tree_path(&fixture->tree, "bomb.zip"), ZIP_CREATE, &code);
	assert_non_null(zip);
	source = zip_source_buffer(zip, text, size, 0);
	assert_non_null(source);
	assert_true(zip_file_add(zip, "a.xml", source, 0) >= 0);
	assert_int_equal(zip_close(zip), 0);
	free(text);
	load(fixture, "bomb.zip");
	assert_int_equal(fixture->system.findings.count, 1);
	expect_finding(fixture, 0, UCM006, "bomb.zip/a.xml");
	assert_non_null(strstr(fixture->system.findings.row[0].argument[0], "bomb"));
	assert_true(fixture->system.bytes < size);
}

static void running_out_of_memory_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct scarce scarce;
	const struct ucm_allocator allocator = {scarce_resize, &scarce};
	const struct ucm_load_options options = {.client = 0};
	const char *input = tree_path(&fixture->tree, "a.zip");
	struct ucm_error error;
	struct ucm_system system;
	int result = -1;

	zip_text_add(&fixture->zip, "a.xml", STORE("R"));
	zip_text_add(&fixture->zip, "R", "certificate");
	fixture->zip.spoiled_crc = 1;
	zip_text_add(&fixture->zip, "b.xml", OF("B"));
	zip_text_finish(&fixture->zip);
	tree_write(&fixture->tree, "a.zip", fixture->zip.bytes, fixture->zip.size);
	for (unsigned allowed = 0; result != 0; allowed++) {
		assert_true(allowed < 1000);
		scarce.left = allowed;
		memset(&error, 0, sizeof(error));
		ucm_system_init(&system, &allocator, 0);
		result = ucm_load(&system, &input, 1, &options, &error);
		if (result != 0)
			assert_int_equal(error.class, UCM_CLASS_MEMORY);
		else
			assert_int_equal(system.findings.count, 1);
		ucm_system_free(&system);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	    IN_TREE(an_action_pack_is_read),
	    IN_TREE(a_zip_may_be_called_xml_and_lie_in_a_folder),
	    IN_TREE(folders_in_a_zip_tell_the_client),
	    IN_TREE(names_that_climb_are_names_only),
	    IN_TREE(payloads_of_the_same_folder_come_first),
	    IN_TREE(bytes_of_8_bits_are_decided_in_a_zip_too),
	    IN_TREE(an_empty_zip_holds_nothing),
	    IN_TREE(bad_members_are_findings),
	    IN_TREE(bad_payloads_of_a_zip_are_findings),
	    IN_TREE(cut_archives_are_damaged),
	    IN_TREE(turned_bytes_do_no_harm),
	    IN_TREE(bombs_are_not_unpacked),
	    IN_TREE(running_out_of_memory_is_told),
	};

	return cmocka_run_group_tests_name("zip", tests, NULL, NULL);
}
