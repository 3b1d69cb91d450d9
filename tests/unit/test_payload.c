/*
 * Payloads of Storage objects, from the folders that may hold them.
 */
#define _GNU_SOURCE
#include "unit/cmocka_all.h"

#include <fcntl.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "unit/export_text.h"
#include "unit/load_text.h"

static void payloads_stand_beside_the_export_or_in_a_folder(void **state)
{
	struct tree *tree = *state;
	struct ucm_load_options options = {.client = 0};
	struct ucm_system system;
	unsigned char digest[32];
	char payloads[128], input[128];
	const char *inputs[] = {input};

	tree_folder(tree, "extra");
	tree_folder(tree, "0000");
	tree_folder(tree, "0000/F");
	tree_text(tree, "0000/a.xml",
	    STORE(RESOURCE("A", "R.A") RESOURCE("B", "R.B") RESOURCE("C", "R.C")
		    RESOURCE("UP", "../secret") RESOURCE("ROOT", "/etc/passwd")
			RESOURCE("DOTS", "..") RESOURCE("NONE", "") RESOURCE("WIN", "..\\secret")));
	tree_text(tree, "secret", "not for you");
	tree_text(tree, "0000/R.A", "beside");
	tree_text(tree, "extra/R.A", "not this one");
	tree_text(tree, "extra/R.B", "apart");
	(void)snprintf(payloads, sizeof(payloads), "%s/extra", tree->top);
	(void)snprintf(input, sizeof(input), "%s/0000", tree->top);
	options.payloads = payloads;
	for (int named = 0; named < 2; named++) {
		load(&system, inputs, 1, &options);
		assert_int_equal(system.findings.count, 0);
		assert_int_equal(resource_of(&system, "A")->payload_size, 6);
		assert_memory_equal(resource_of(&system, "A")->payload, "beside", 6);
		ucm_sha256("beside", 6, digest);
		assert_memory_equal(resource_of(&system, "A")->sha256, digest, 32);
		assert_string_equal(
		    resource_of(&system, "A")->payload_file, tree_path(tree, "0000/R.A"));
		assert_memory_equal(resource_of(&system, "B")->payload, "apart", 5);
		assert_string_equal(
		    resource_of(&system, "B")->payload_file, tree_path(tree, "extra/R.B"));
		for (const char *const *name =
			 (const char *const[]){"C", "UP", "ROOT", "DOTS", "NONE", "WIN", NULL};
		     *name != NULL; name++)
			assert_null(resource_of(&system, *name)->payload);
		ucm_system_free(&system);
		(void)snprintf(input, sizeof(input), "%s/0000/a.xml", tree->top);
	}
}

static void bad_payloads_are_findings(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;
	char *large = calloc(1, UCM_PAYLOAD_MAX + 1);

	assert_non_null(large);
	tree_folder(tree, "0000");
	tree_text(tree, "secret", "not for you");
	tree_text(tree, "0000/a.xml",
	    STORE(RESOURCE("LARGE", "L") RESOURCE("FULL", "M") RESOURCE("FOLDER", "D") RESOURCE(
		"PIPE", "P") RESOURCE("OUT", "O") RESOURCE("IN", "I") RESOURCE("EMPTY", "E")));
	tree_write(tree, "0000/L", large, UCM_PAYLOAD_MAX + 1);
	tree_write(tree, "0000/M", large, UCM_PAYLOAD_MAX);
	tree_folder(tree, "0000/D");
	assert_int_equal(mkfifo(tree_path(tree, "0000/P"), 0600), 0);
	assert_int_equal(symlink("../secret", tree_path(tree, "0000/O")), 0);
	assert_int_equal(symlink("E", tree_path(tree, "0000/I")), 0);
	tree_text(tree, "0000/E", "");
	load_one(&system, tree_path(tree, "0000"));
	assert_int_equal(system.findings.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(system.findings.row[i].rule, UCM006);
	assert_null(resource_of(&system, "LARGE")->payload);
	assert_null(resource_of(&system, "FOLDER")->payload);
	assert_null(resource_of(&system, "PIPE")->payload);
	assert_null(resource_of(&system, "OUT")->payload);
	assert_int_equal(resource_of(&system, "FULL")->payload_size, UCM_PAYLOAD_MAX);
	assert_non_null(resource_of(&system, "IN")->payload);
	assert_non_null(resource_of(&system, "EMPTY")->payload);
	assert_int_equal(resource_of(&system, "EMPTY")->payload_size, 0);
	ucm_system_free(&system);
	free(large);
}

/* One file that a hostile store names again and again must not fill the memory. */
static void payloads_are_bounded_in_all(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;
	char *large = calloc(1, UCM_PAYLOAD_MAX);
	char *text = NULL;
	size_t length = 0, kept = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(large);
	assert_non_null(out);
	(void)fputs("<uc-export><STORE name='UC_TRUSTEDCERTS'><STORE><resourceList>", out);
	for (int i = 0; i < UCM_PAYLOADS_MAX / UCM_PAYLOAD_MAX + 3; i++)
		(void)fputs(RESOURCE("A", "M"), out);
	(void)fputs("</resourceList></STORE></STORE></uc-export>", out);
	assert_int_equal(fclose(out), 0);
	tree_folder(tree, "0000");
	tree_text(tree, "0000/a.xml", text);
	tree_write(tree, "0000/M", large, UCM_PAYLOAD_MAX);
	load_one(&system, tree_path(tree, "0000"));
	assert_int_equal(system.findings.count, 1);
	assert_int_equal(system.findings.row[0].rule, UCM006);
	for (const struct ucm_resource *next = system.stores->resources; next; next = next->next)
		kept += next->payload != NULL;
	assert_int_equal(kept, UCM_PAYLOADS_MAX / UCM_PAYLOAD_MAX);
	ucm_system_free(&system);
	free(text);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)
	    IN_TREE(payloads_stand_beside_the_export_or_in_a_folder),
	    IN_TREE(bad_payloads_are_findings),
	    IN_TREE(payloads_are_bounded_in_all),
	};

	return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
