/*
 * Inputs: files, folders, links, payloads, standard input, threads.
 */
#define _GNU_SOURCE
#include "unit/cmocka_all.h"

#include <fcntl.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "unit/export_text.h"
#include "unit/scarce.h"
#include "unit/load_text.h"
#include "xml/load.h"
#include "xml/snapshot.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- Clients by path ----------------------------------------------------------------------- */

static void folders_tell_the_client(void **state)
{
	static const struct {
		const char *folder, *file;
		int client; /* UCM_CLIENT_UNKNOWN: UCM004 */
	} cases[] = {
	    {"0100", "a.xml", 100},
	    {"UC4_PROD - 0200", "a.xml", 200},
	    {" - 0201", "a.xml", 201},
	    {"9999", "0300.xml", 9999},
	    {"100", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"00100", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"X-0100", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"X -0100", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"X - 01000", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"0100 ", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"01a0", "a.xml", UCM_CLIENT_UNKNOWN},
	    {"plain", "X - 0100.xml", UCM_CLIENT_UNKNOWN},
	};
	struct tree *tree = *state;
	struct ucm_system system;
	char name[64];

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].folder);
		tree_folder(tree, cases[i].folder);
		(void)snprintf(name, sizeof(name), "%s/%s", cases[i].folder, cases[i].file);
		tree_text(tree, name, SETTINGS);
		for (int named = 0; named < 2; named++) { /* the folder walked, the file named */
			load_one(&system, tree_path(tree, named ? name : cases[i].folder));
			if (cases[i].client == UCM_CLIENT_UNKNOWN) {
				assert_int_equal(only_finding(&system)->rule, UCM004);
				assert_null(system.variables);
			} else {
				assert_int_equal(system.findings.count, 0);
				assert_non_null(system.variables);
				assert_int_equal(system.variables->client, cases[i].client);
				assert_string_equal(system.variables->file, tree_path(tree, name));
			}
			ucm_system_free(&system);
		}
	}
}

static void the_nearest_folder_wins_and_the_option_comes_last(void **state)
{
	struct tree *tree = *state;
	struct ucm_load_options options = {.client = 7};
	const char *input = tree->top;
	struct ucm_system system;

	tree_folder(tree, "0100");
	tree_folder(tree, "0100/deep");
	tree_folder(tree, "0100/deep/X - 0200");
	tree_text(tree, "0100/deep/X - 0200/a.xml", SERVER_OF("A"));
	tree_text(tree, "0100/deep/b.xml", SERVER_OF("B"));
	tree_text(tree, "c.xml", SERVER_OF("C"));
	tree_text(
	    tree, "0100/d.XML", "<uc-export><VARA client='0300' name='UC_SMTP_D'/></uc-export>");
	load(&system, &input, 1, &options);
	assert_int_equal(system.findings.count, 0);
	assert_non_null(ucm_system_variable(&system, 200, "UC_SMTP_A"));
	assert_non_null(ucm_system_variable(&system, 100, "UC_SMTP_B"));
	assert_non_null(ucm_system_variable(&system, 7, "UC_SMTP_C"));
	assert_non_null(ucm_system_variable(&system, 300, "UC_SMTP_D"));
	assert_int_equal(system.files, 4);
	ucm_system_free(&system);
}

/* ---- Links and depth ----------------------------------------------------------------------- */

static void links_stay_inside(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;
	char outside[128];

	tree_folder(tree, "root");
	tree_folder(tree, "root/0100");
	tree_folder(tree, "other");
	tree_text(tree, "root/0100/a.xml", SETTINGS);
	tree_text(tree, "other/b.xml", SETTINGS);
	(void)snprintf(outside, sizeof(outside), "%s/other/b.xml", tree->top);
	/* one client's folder stands for another's, a link goes back up, a file has a second name
	 */
	assert_int_equal(symlink("0100", tree_path(tree, "root/0200")), 0);
	assert_int_equal(symlink("..", tree_path(tree, "root/0100/up")), 0);
	assert_int_equal(symlink("../0100/a.xml", tree_path(tree, "root/0100/c.xml")), 0);
	load_one(&system, tree_path(tree, "root"));
	assert_int_equal(system.findings.count, 0);
	assert_non_null(ucm_system_variable(&system, 100, "UC_CLIENT_SETTINGS"));
	assert_non_null(ucm_system_variable(&system, 200, "UC_CLIENT_SETTINGS"));
	ucm_system_free(&system);
	/* out of the root, in four ways */
	assert_int_equal(symlink(outside, tree_path(tree, "root/0100/d.xml")), 0);
	assert_int_equal(symlink("../other", tree_path(tree, "root/0300")), 0);
	assert_int_equal(symlink("nowhere", tree_path(tree, "root/e.xml")), 0);
	assert_int_equal(symlink("f.xml", tree_path(tree, "root/f.xml")), 0);
	load_one(&system, tree_path(tree, "root"));
	assert_int_equal(system.findings.count, 5); /* d.xml is met in client 200 too */
	for (size_t i = 0; i < system.findings.count; i++)
		assert_int_equal(system.findings.row[i].rule, UCM006);
	assert_null(ucm_system_variable(&system, 300, "UC_CLIENT_SETTINGS"));
	ucm_system_free(&system);
	/* what is named itself may be a link */
	assert_int_equal(symlink("root/0100", tree_path(tree, "0400")), 0);
	assert_int_equal(unlink(tree_path(tree, "root/0100/d.xml")), 0);
	load_one(&system, tree_path(tree, "0400"));
	assert_non_null(ucm_system_variable(&system, 400, "UC_CLIENT_SETTINGS"));
	ucm_system_free(&system);
}

static void folders_are_walked_to_a_depth(void **state)
{
	struct tree *tree = *state;
	struct ucm_system system;
	char name[4 * (UCM_INPUT_DEPTH_MAX + 4)] = "d";

	for (unsigned depth = 1; depth <= UCM_INPUT_DEPTH_MAX; depth++) {
		tree_folder(tree, name);
		strcat(name, "/d");
	}
	load_one(&system, tree->top);
	assert_int_equal(system.findings.count, 0);
	ucm_system_free(&system);
	tree_folder(tree, name);
	load_one(&system, tree->top);
	assert_int_equal(only_finding(&system)->rule, UCM006);
	assert_string_equal(only_finding(&system)->place.file, tree_path(tree, name));
	ucm_system_free(&system);
}

/* ---- One result for all -------------------------------------------------------------------- */

/* Everything of a system that a report can show, as text. */
static char *describe(const struct ucm_system *system)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fprintf(out, "%llu %llu %llu %d %d %x\n", system->objects, system->files, system->bytes,
	    system->has_logins, system->has_scripts, system->job_agents);
	for (size_t i = 0; i < system->client_count; i++)
		fprintf(out, "%d ", system->clients[i]);
	for (const struct ucm_variable *v = system->variables; v != NULL; v = v->next) {
		fprintf(out, "\n%d %s %s %s:%u:%u %s", v->client, v->name, v->type, v->file,
		    v->line, v->column, v->excerpt);
		for (const struct ucm_row *r = v->rows; r != NULL; r = r->next)
			fprintf(out, "\n %s=%s %u:%u:%u %s %u", r->name, r->value, r->line,
			    r->column, r->name_column, r->excerpt, r->excerpt_column);
	}
	for (const struct ucm_store *s = system->stores; s != NULL; s = s->next) {
		fprintf(out, "\n%d %s %s:%u:%u", s->client, s->name, s->file, s->line, s->column);
		for (const struct ucm_resource *r = s->resources; r != NULL; r = r->next)
			fprintf(out, "\n %s %s %s %u:%u %zu %s", r->name, r->resname, r->checksum,
			    r->line, r->column, r->payload_size,
			    r->payload_file == NULL ? "-" : r->payload_file);
	}
	for (const struct ucm_login *l = system->logins; l != NULL; l = l->next)
		fprintf(out, "\n%d %s %s", l->client, l->name, l->user == NULL ? "-" : l->user);
	for (const struct ucm_call *c = system->calls; c != NULL; c = c->next)
		fprintf(out, "\n%d %s %s:%u:%u %s %s", c->client, c->object, c->file, c->line,
		    c->column, c->server == NULL ? "-" : c->server,
		    c->subject == NULL ? "-" : c->subject);
	for (size_t i = 0; i < system->findings.count; i++)
		fprintf(out, "\n%d %s:%u:%u %s", (int)system->findings.row[i].rule,
		    system->findings.row[i].place.file, system->findings.row[i].place.line,
		    system->findings.row[i].place.column, system->findings.row[i].argument[0]);
	(void)fclose(out);
	return text;
}

static void write_many(struct tree *tree)
{
	char name[64], text[1024];

	for (int i = 0; i < 120; i++) {
		(void)snprintf(name, sizeof(name), "%04d", i);
		tree_folder(tree, name);
		(void)snprintf(text, sizeof(text),
		    "<uc-export><VARA name='UC_CLIENT_SETTINGS'><VARA><Variables><row "
		    "Name='SMTP_SERVER' Value='m%d'/></Variables></VARA></VARA><LOGIN name='L'>"
		    "<LOGIN><Logins><row Login='u%d'/></Logins></LOGIN></LOGIN><SCRI "
		    "name='S'><SCRIPT>"
		    "<MSCRI>:SEND_MAIL(a,,\"s%d\",t,,,,\"X\")</MSCRI></SCRIPT></SCRI><JOBS "
		    "name='J' "
		    "AttrType='SQL'/><STORE name='UC_TRUSTEDCERTS'><STORE><resourceList><row "
		    "name='A' resname='a.xml'/></resourceList></STORE></STORE>%s",
		    i, i, i, i % 7 == 3 ? "" : "</uc-export>");
		(void)snprintf(name, sizeof(name), "%04d/a.xml", i);
		tree_text(tree, name, text);
	}
}

static void count_progress(void *arg, unsigned long long files, unsigned long long bytes)
{
	unsigned long long *last = arg;

	assert_true(files >= last[0] && bytes >= last[1]);
	last[0] = files;
	last[1] = bytes;
}

static void threads_and_order_do_not_show(void **state)
{
	struct tree *tree = *state;
	unsigned long long last[2];
	struct ucm_load_options options = {
	    .client = 1, .progress = count_progress, .progress_arg = last};
	struct ucm_system system;
	char first[80], second[80];
	const char *inputs[] = {first, second, first};
	char *expected = NULL, *text;

	write_many(tree);
	(void)snprintf(first, sizeof(first), "%s", tree->top);
	(void)snprintf(second, sizeof(second), "%s/0001", tree->top);
	for (options.workers = 0; options.workers < 6; options.workers++) {
		for (int turned = 0; turned < 2; turned++) {
			memset(last, 0, sizeof(last));
			load(&system, inputs + turned, 2, &options);
			assert_int_equal(system.files, 121);
			assert_int_equal(last[0], 121);
			assert_int_equal(system.client_count, 120);
			assert_int_equal(system.findings.count, 17);
			text = describe(&system);
			if (expected == NULL)
				expected = strdup(text);
			assert_string_equal(text, expected);
			free(text);
			ucm_system_free(&system);
		}
	}
	free(expected);
}

/* ---- Real shapes --------------------------------------------------------------------------- */

static void traps_of_real_exports_are_none(void **state)
{
	static const struct {
		const char *name, *key, *value;
		int client;
	} rows[] = {
	    {"UC_SMTP_PACK", "SMTP_SERVER", "pack.example", 100},
	    {"UC_SMTP_PACK", "  SMTP_PORT", " ", 100},
	    {"UC_SMTP_REFERENCES", "SMTP_SERVER", "a\nb\tc'd<e>&f\"", 100},
	    {"UC_SMTP_ONE_LINE", "SMTP_SERVER", "one.example", 100},
	    {"UC_SMTP_UTF8", "SMTP_FROM_ADDR", "B\xC3\xBCro \xC2\xA7 \xC2\x81 <a@b.example>", 100},
	    {"UC_SMTP_8BIT", "SMTP_FROM_ADDR", "B\xC3\xBCro \xC2\xA7 \xE2\x82\xAC <a@b.example>",
		100},
	    {"UC_SMTP_TWICE", "SMTP_FROM_ADDR", "\xC3\xAF\xC2\xBF\xC5\x93 <a@b.example>", 100},
	    {"UC_SMTP_C1", "SMTP_FROM_ADDR", "\xC2\x95 \xC3\xA9 \xC2\x95", 100},
	    {"UC_SMTP_CRLF", "SMTP_SERVER", "crlf.example", 100},
	    {"UC_SMTP_CRCRLF", "SMTP_SERVER", "crcrlf.example", 100},
	    {"UC_SMTP_OLD", "SMTP_SERVER", "old.example", 500},
	};
	const struct ucm_load_options options = {.client = 100, .workers = 2};
	const struct ucm_variable *variable;
	struct ucm_system system;
	char folder[4096];
	const char *input = folder;

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/tests/exports/traps", getenv("top_srcdir"));
	load(&system, &input, 1, &options);
	assert_int_equal(system.findings.count, 0);
	assert_int_equal(system.files, 11);
	assert_int_equal(system.objects, 20);
	assert_null(system.stores);
	assert_null(system.calls);
	assert_true(system.has_scripts);
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("# %s\n", rows[i].name);
		variable = ucm_system_variable(&system, rows[i].client, rows[i].name);
		assert_string_equal(row_of(variable, rows[i].key)->value, rows[i].value);
	}
	variable = ucm_system_variable(&system, 100, "UC_SMTP_EXEC");
	assert_non_null(variable);
	assert_string_equal(variable->type, "EXEC");
	assert_null(variable->rows);
	assert_null(ucm_system_variable(&system, 100, "UC_CLIENT_SETTINGS"));
	ucm_system_free(&system);
}

/* ---- Snapshots ----------------------------------------------------------------------------- */

static void a_snapshot_stands_for_its_exports(void **state)
{
	struct tree *tree = *state;
	const struct ucm_load_options options = {.client = UCM_CLIENT_UNKNOWN, .workers = 2};
	struct ucm_system system;
	struct ucm_error error;
	char snapshot[128], more[128];
	const char *inputs[] = {snapshot, more};
	FILE *out;

	tree_folder(tree, "0100");
	tree_text(tree, "0100/a.xml",
	    "<uc-export><VARA name='UC_SMTP_A' data_type='STATIC'><VARA><Variables><row "
	    "Name='SMTP_SERVER' Value='m'/></Variables></VARA></VARA></uc-export>");
	load_one(&system, tree_path(tree, "0100"));
	out = fopen(tree_path(tree, "system.snapshot"), "wbe");
	assert_non_null(out);
	memset(&error, 0, sizeof(error));
	assert_int_equal(ucm_snapshot_write(&system, out, &error), 0);
	assert_int_equal(fclose(out), 0);
	ucm_system_free(&system);
	tree_folder(tree, "0200");
	tree_text(tree, "0200/b.xml", SERVER_OF("B"));
	(void)snprintf(snapshot, sizeof(snapshot), "%s/system.snapshot", tree->top);
	(void)snprintf(more, sizeof(more), "%s/0200", tree->top);
	load(&system, inputs, 2, &options);
	assert_int_equal(system.findings.count, 0);
	assert_string_equal(
	    row_of(ucm_system_variable(&system, 100, "UC_SMTP_A"), "SMTP_SERVER")->value, "m");
	assert_non_null(ucm_system_variable(&system, 200, "UC_SMTP_B"));
	assert_int_equal(system.client_count, 2);
	ucm_system_free(&system);
	assert_int_equal(truncate(snapshot, 200), 0);
	load_one(&system, snapshot);
	assert_int_equal(only_finding(&system)->rule, UCM006);
	ucm_system_free(&system);
}

static void running_out_of_memory_is_told(void **state)
{
	struct tree *tree = *state;
	struct scarce scarce;
	const struct ucm_allocator allocator = {scarce_resize, &scarce};
	const struct ucm_load_options options = {.client = 0, .payloads = tree->top, .workers = 3};
	const char *input = tree->top;
	struct ucm_system system;
	struct ucm_error error;
	int result = -1;

	tree_folder(tree, "0000");
	tree_text(tree, "0000/a.xml", STORE(RESOURCE("A", "A") RESOURCE("B", "B")));
	tree_text(tree, "0000/A", "beside");
	tree_text(tree, "B", "apart");
	tree_text(tree, "0000/b.xml", HEAD15 "<uc-export \xE9='1'/>");
	for (unsigned allowed = 0; result != 0; allowed++) {
		assert_true(allowed < 1000);
		scarce.left = allowed;
		memset(&error, 0, sizeof(error));
		ucm_system_init(&system, &allocator, 0);
		result = ucm_load(&system, &input, 1, &options, &error);
		if (result != 0)
			assert_int_equal(error.class, UCM_CLASS_MEMORY);
		else
			assert_memory_equal(resource_of(&system, "B")->payload, "apart", 5);
		ucm_system_free(&system);
	}
}

static void running_out_of_memory_in_a_thread_is_told(void **state)
{
	struct tree *tree = *state;
	const struct ucm_load_options options = {.client = 1, .workers = 2};
	const char *input = tree->top;
	struct ucm_system system;
	struct ucm_error error;

	write_many(tree);
	memset(&error, 0, sizeof(error));
	ucm_system_init(&system, NULL, 20000);
	assert_int_equal(ucm_load(&system, &input, 1, &options, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_MEMORY);
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)
	    IN_TREE(folders_tell_the_client),
	    IN_TREE(the_nearest_folder_wins_and_the_option_comes_last),
	    IN_TREE(links_stay_inside),
	    IN_TREE(folders_are_walked_to_a_depth),
	    IN_TREE(threads_and_order_do_not_show),
	    cmocka_unit_test(traps_of_real_exports_are_none),
	    IN_TREE(a_snapshot_stands_for_its_exports),
	    IN_TREE(running_out_of_memory_is_told),
	    IN_TREE(running_out_of_memory_in_a_thread_is_told),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
