/*
 * The model: appending, finishing whatever the order of inputs, looking up.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "policy/limits.h"

#include "unit/build_system.h"

static struct ucm_variable *add_variable(
    struct ucm_system *system, int client, const char *name, const char *file, const char *value)
{
	struct ucm_variable *variable = ucm_system_add_variable(system);
	struct ucm_row *row = ucm_variable_add_row(system, variable);

	variable->client = client;
	variable->name = name;
	variable->type = "STATIC";
	variable->file = file;
	row->name = "SMTP_SERVER";
	row->value = value;
	return variable;
}

static void variables_are_ordered_and_found(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_variable(&system, 200, "UC_SMTP_B", "z.xml", "b");
	add_variable(&system, 0, "UC_CLIENT_SETTINGS", "y.xml", "s");
	add_variable(&system, 200, "UC_SMTP_A", "x.xml", "a");
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_string_equal(system.variables->name, "UC_CLIENT_SETTINGS");
	assert_string_equal(system.variables->next->name, "UC_SMTP_A");
	assert_string_equal(system.variables->next->next->name, "UC_SMTP_B");
	assert_null(system.variables->next->next->next);
	assert_ptr_equal(
	    ucm_system_variable(&system, 200, "uc_smtp_b"), system.variables->next->next);
	assert_null(ucm_system_variable(&system, 0, "UC_SMTP_B"));
	assert_null(ucm_system_variable(&system, 200, "UC_SMTP_"));
	assert_null(ucm_system_variable(&system, 200, "UC_SMTP_BB"));
	assert_int_equal(system.findings.count, 0);
	ucm_system_free(&system);
}

static void identical_copies_are_one(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_variable(&system, 1, "UC_SMTP_A", "b.xml", "same");
	add_variable(&system, 1, "uc_smtp_a", "a.xml", "same");
	add_variable(&system, 2, "UC_SMTP_A", "a.xml", "other client");
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(system.variable_count, 2);
	assert_string_equal(ucm_system_variable(&system, 1, "UC_SMTP_A")->file, "a.xml");
	assert_int_equal(system.findings.count, 0);
	ucm_system_free(&system);
}

/* The same finding, whichever input was named first. */
static void copies_that_differ_are_told(void **state)
{
	(void)state;
	for (int swapped = 0; swapped <= 1; swapped++) {
		struct ucm_system system;
		const struct ucm_finding *finding;

		ucm_system_init(&system, NULL, 0);
		add_variable(
		    &system, 1, "UC_SMTP_A", swapped ? "a.xml" : "b.xml", swapped ? "one" : "two");
		add_variable(
		    &system, 1, "UC_SMTP_A", swapped ? "b.xml" : "a.xml", swapped ? "two" : "one");
		assert_int_equal(ucm_system_finish(&system), 0);
		assert_int_equal(system.findings.count, 1);
		finding = &system.findings.row[0];
		assert_int_equal(finding->rule, UCM005);
		assert_int_equal(finding->place.client, 1);
		assert_string_equal(finding->place.object, "UC_SMTP_A");
		assert_string_equal(finding->place.file, "b.xml");
		assert_string_equal(finding->related.file, "a.xml");
		assert_string_equal(system.variables->rows->value, "one");
		ucm_system_free(&system);
	}
}

static void a_copy_of_another_type_or_length_differs(void **state)
{
	struct ucm_system system;
	struct ucm_variable *variable;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_variable(&system, 1, "UC_SMTP_A", "a.xml", "x");
	add_variable(&system, 1, "UC_SMTP_A", "b.xml", "x")->type = "SQL";
	variable = add_variable(&system, 1, "UC_SMTP_A", "c.xml", "x");
	*ucm_variable_add_row(&system, variable) = (struct ucm_row){.name = "n", .value = "v"};
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(system.findings.count, 2);
	ucm_system_free(&system);
}

static struct ucm_store *add_store(struct ucm_system *system, const char *file, const char *payload)
{
	struct ucm_store *store = ucm_system_add_store(system);
	struct ucm_resource *resource = ucm_store_add_resource(system, store);

	store->name = "UC_TRUSTEDCERTS";
	store->file = file;
	resource->name = "CA";
	resource->payload = (const unsigned char *)payload;
	resource->payload_size = payload == NULL ? 0 : strlen(payload);
	return store;
}

static void payloads_are_digested_and_parsed(void **state)
{
	struct ucm_system system;
	const struct ucm_resource *resource;
	char hex[65];

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_store(&system, "a.xml", CERT_CA CERT_SERVER);
	assert_int_equal(ucm_system_finish(&system), 0);
	resource = ucm_system_store(&system, 0)->resources;
	assert_int_equal(resource->bundle->count, 2);
	ucm_hex(resource->sha256, 32, hex);
	assert_string_not_equal(
	    hex, "0000000000000000000000000000000000000000000000000000000000000000");
	assert_null(ucm_system_store(&system, 1));
	ucm_system_free(&system);
}

static void a_copy_lends_its_payload(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_store(&system, "a.xml", NULL);
	add_store(&system, "b.xml", CERT_CA);
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(system.findings.count, 0);
	assert_string_equal(system.stores->file, "a.xml");
	assert_null(system.stores->next);
	assert_non_null(system.stores->resources->bundle);
	assert_int_equal(system.stores->resources->bundle->count, 1);
	ucm_system_free(&system);
}

static void stores_of_other_content_are_told(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_store(&system, "a.xml", CERT_CA);
	add_store(&system, "b.xml", CERT_SERVER);
	add_store(&system, "c.xml", CERT_CA)->resources->checksum = "00";
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(system.findings.count, 2);
	assert_int_equal(system.findings.row[0].rule, UCM005);
	ucm_system_free(&system);
}

static void add_login(struct ucm_system *system, int client, const char *name, const char *user)
{
	struct ucm_login *login = ucm_system_add_login(system);

	login->client = client;
	login->name = name;
	login->user = user;
}

static void a_login_of_the_client_goes_before_client_0(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	assert_null(ucm_system_login(&system, 1, "L"));
	add_login(&system, 1, "L", NULL);
	add_login(&system, 0, "L", "zero");
	add_login(&system, 1, "l", "one");
	add_login(&system, 0, "M", "shared");
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_true(system.has_logins);
	assert_string_equal(ucm_system_login(&system, 1, "L")->user, "one");
	assert_string_equal(ucm_system_login(&system, 2, "l")->user, "zero");
	assert_string_equal(ucm_system_login(&system, 1, "M")->user, "shared");
	assert_null(ucm_system_login(&system, 1, "N"));
	ucm_system_free(&system);
}

static void add_call(struct ucm_system *system, const char *object, const char *file, unsigned line,
    const char *server)
{
	struct ucm_call *call = ucm_system_add_call(system);

	call->client = 1;
	call->object = object;
	call->file = file;
	call->line = line;
	call->server = server;
}

static size_t count_calls(const struct ucm_system *system)
{
	size_t count = 0;

	for (const struct ucm_call *call = system->calls; call != NULL; call = call->next)
		count++;
	return count;
}

static void copied_scripts_are_one(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	add_call(&system, "J", "b.xml", 10, "A");
	add_call(&system, "J", "b.xml", 11, "A");
	add_call(&system, "J", "a.xml", 50, "A");
	add_call(&system, "J", "a.xml", 51, "A");
	add_call(&system, "J", "c.xml", 50, "A");
	add_call(&system, "K", "c.xml", 70, "A");
	assert_int_equal(ucm_system_finish(&system), 0);
	/* Two of a.xml, one of c.xml that says less, one of another object. */
	assert_int_equal(count_calls(&system), 4);
	assert_string_equal(system.calls->file, "a.xml");
	assert_string_equal(system.last_call->object, "K");
	ucm_system_free(&system);
}

static void clients_are_seen_once_in_order(void **state)
{
	struct ucm_system system;

	(void)state;
	ucm_system_init(&system, NULL, 0);
	assert_false(ucm_system_has_client(&system, 0));
	for (int round = 0; round < 2; round++)
		for (int client = 9999; client >= 0; client -= 7)
			assert_int_equal(ucm_system_see_client(&system, client), 0);
	assert_int_equal(ucm_system_see_client(&system, -1), 0);
	assert_int_equal(ucm_system_see_client(&system, 10000), 0);
	assert_int_equal(system.client_count, 1429);
	for (size_t i = 1; i < system.client_count; i++)
		assert_true(system.clients[i - 1] < system.clients[i]);
	assert_true(ucm_system_has_client(&system, 9999));
	assert_false(ucm_system_has_client(&system, 9998));
	ucm_system_free(&system);
}

static void mail_variables_and_keys_are_told_from_others(void **state)
{
	static const struct {
		const char *text;
		int variable, key;
	} rows[] = {
	    {"UC_CLIENT_SETTINGS", 1, 0},
	    {"uc_trustedcerts", 1, 0},
	    {"UC_SMTP_", 1, 0},
	    {"UC_SMTP_X", 1, 0},
	    {"UC_SMTPX", 0, 0},
	    {"UC_CLIENT_SETTINGS2", 0, 0},
	    {"SMTP_SERVER", 0, 1},
	    {" smtps_x ", 0, 1},
	    {"SEND_MAIL_DEFAULT", 0, 1},
	    {"SEND_MAIL_DEFAULTS", 0, 0},
	    {"SMTP", 0, 0},
	    {"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ucm_is_mail_variable(rows[i].text) != rows[i].variable ||
		    ucm_is_mail_key(rows[i].text) != rows[i].key)
			fail_msg("'%s'", rows[i].text);
}

static void lack_of_memory_is_told(void **state)
{
	size_t ceiling = 1;
	int status;

	(void)state;
	do {
		struct ucm_system system;
		struct ucm_variable *variable;
		struct ucm_store *store;

		ucm_system_init(&system, NULL, ceiling);
		status = -1;
		variable = ucm_system_add_variable(&system);
		store = ucm_system_add_store(&system);
		if (variable != NULL && store != NULL) {
			struct ucm_resource *resource = ucm_store_add_resource(&system, store);

			variable->name = "UC_SMTP_A";
			store->name = "UC_TRUSTEDCERTS";
			if (resource != NULL) {
				resource->name = "CA";
				resource->payload = (const unsigned char *)CERT_CA;
				resource->payload_size = strlen(CERT_CA);
				status = ucm_system_see_client(&system, 1) == 0
					     ? ucm_system_finish(&system)
					     : -1;
			}
		}
		assert_int_equal(status, system.arena.failed ? -1 : 0);
		ucm_system_free(&system);
		ceiling += 32;
	} while (status != 0);
	assert_true(ceiling > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(variables_are_ordered_and_found),
	    cmocka_unit_test(identical_copies_are_one),
	    cmocka_unit_test(copies_that_differ_are_told),
	    cmocka_unit_test(a_copy_of_another_type_or_length_differs),
	    cmocka_unit_test(payloads_are_digested_and_parsed),
	    cmocka_unit_test(a_copy_lends_its_payload),
	    cmocka_unit_test(stores_of_other_content_are_told),
	    cmocka_unit_test(a_login_of_the_client_goes_before_client_0),
	    cmocka_unit_test(copied_scripts_are_one),
	    cmocka_unit_test(clients_are_seen_once_in_order),
	    cmocka_unit_test(mail_variables_and_keys_are_told_from_others),
	    cmocka_unit_test(lack_of_memory_is_told),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
