/*
 * Tests of libsrc/items.c and libsrc/connect_to.c.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <string.h>

#include "libsrc/handle.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define LONGER "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static int make_handle(void **state)
{
	struct ucm *handle = NULL;

	if (ucm_start(NULL, &handle) != UCM_OK)
		return -1;
	*state = handle;
	return 0;
}

static int end_handle(void **state)
{
	ucm_end(*state);
	return 0;
}

static void texts_are_judged_at_once(void **state)
{
	static const struct {
		const char *what;
		enum ucm_text_item item;
		const char *value;
		int status;
	} rows[] = {
	    {"a server", UCM_SERVER, "MYSERVER1", UCM_OK},
	    {"a server with the product's characters", UCM_SERVER, "A$@_.#-1", UCM_OK},
	    {"an empty server", UCM_SERVER, "", UCM_E_USAGE},
	    {"a blank server", UCM_SERVER, " ", UCM_E_USAGE},
	    {"a line end in a server", UCM_SERVER, "A\nB", UCM_E_USAGE},
	    {"a server that is no UTF-8", UCM_SERVER, "A\xff", UCM_E_USAGE},
	    {"a truncated character", UCM_SERVER, "A\xc3", UCM_E_USAGE},
	    {"a server that is too long", UCM_SERVER, LONGER LONGER LONGER LONGER, UCM_E_USAGE},
	    {"a sender", UCM_VIA, "notification", UCM_OK},
	    {"the other sender", UCM_VIA, "send_mail", UCM_OK},
	    {"a sender in capitals", UCM_VIA, "SEND_MAIL", UCM_E_USAGE},
	    {"an unknown sender", UCM_VIA, "mail", UCM_E_USAGE},
	    {"an agent", UCM_AGENT, "windows", UCM_OK},
	    {"an agent in capitals", UCM_AGENT, "WINDOWS", UCM_OK},
	    {"an unknown agent", UCM_AGENT, "toaster", UCM_E_USAGE},
	    {"an empty agent", UCM_AGENT, "", UCM_E_USAGE},
	    {"a release", UCM_RELEASE, "24.4.1", UCM_OK},
	    {"a release with a tail", UCM_RELEASE, "24.4.1+hf.2", UCM_OK},
	    {"no release", UCM_RELEASE, "newest", UCM_E_USAGE},
	    {"a profile", UCM_PROFILE, "strict", UCM_OK},
	    {"an unknown profile", UCM_PROFILE, "lax", UCM_E_USAGE},
	    {"a folder", UCM_PAYLOADS, "/some/where", UCM_OK},
	    {"an empty folder", UCM_PAYLOADS, "", UCM_E_USAGE},
	    {"a user", UCM_LOGIN_USER, "m\xc3\xbcller@example.com", UCM_OK},
	    {"a NUL cannot come in, but a DEL can", UCM_LOGIN_USER, "a\x7f", UCM_E_USAGE},
	    {"a user with a line end", UCM_LOGIN_USER, "a\r\nMAIL FROM:<x>", UCM_E_USAGE},
	    {"a host name", UCM_HELO_NAME, "host.example.com", UCM_OK},
	    {"an address literal", UCM_HELO_NAME, "[192.0.2.1]", UCM_OK},
	    {"an IPv6 literal", UCM_HELO_NAME, "[IPv6:2001:db8::1]", UCM_OK},
	    {"an address without brackets", UCM_HELO_NAME, "192.0.2.1", UCM_E_USAGE},
	    {"an IPv6 literal without its tag", UCM_HELO_NAME, "[2001:db8::1]", UCM_E_USAGE},
	    {"brackets around nothing", UCM_HELO_NAME, "[]", UCM_E_USAGE},
	    {"an open bracket", UCM_HELO_NAME, "[192.0.2.1", UCM_E_USAGE},
	    {"a second command", UCM_HELO_NAME, "a\r\nMAIL", UCM_E_USAGE},
	    {"an item that does not exist", (enum ucm_text_item)0, "x", UCM_E_USAGE},
	    {"an item behind the last", (enum ucm_text_item)(UCM_MODULE_DIR + 1), "x", UCM_E_USAGE},
	    {"a negative item", (enum ucm_text_item) - 1, "x", UCM_E_USAGE},
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct ucm *handle = NULL;

		assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
		if (ucm_set_text(handle, rows[i].item, rows[i].value) != rows[i].status)
			fail_msg("%s: not %d", rows[i].what, rows[i].status);
		if (rows[i].status == UCM_OK)
			assert_string_equal(ucm_get_text(handle, rows[i].item), rows[i].value);
		else
			assert_string_not_equal(ucm_error(handle), "");
		ucm_end(handle);
	}
	(void)state;
}

static void a_text_of_any_length_ends_somewhere(void **state)
{
	static char endless[8192];

	memset(endless, 'a', sizeof endless - 1);
	assert_int_equal(ucm_set_text(*state, UCM_PAYLOADS, endless), UCM_E_USAGE);
	assert_true(strlen(ucm_error(*state)) < 512);
	assert_int_equal(ucm_add_connect_to(*state, endless), UCM_E_USAGE);
}

static void texts_have_defaults(void **state)
{
	static const enum ucm_text_item empty[] = {
	    UCM_SERVER, UCM_RELEASE, UCM_PAYLOADS, UCM_LOGIN_USER, UCM_HELO_NAME, UCM_MODULE_DIR};
	struct ucm *handle = *state;
	size_t i;

	assert_string_equal(ucm_get_text(handle, UCM_VIA), "send_mail");
	assert_string_equal(ucm_get_text(handle, UCM_PROFILE), "compat");
	assert_int_not_equal(ucm_agent_find(ucm_get_text(handle, UCM_AGENT)), UCM_AGENT_COUNT);
	for (i = 0; i < COUNT(empty); i++)
		assert_null(ucm_get_text(handle, empty[i]));
	assert_null(ucm_get_text(handle, (enum ucm_text_item)0));
	assert_null(ucm_get_text(handle, (enum ucm_text_item)1000));
	assert_int_equal(ucm_set_text(handle, UCM_PROFILE, "strict"), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_PROFILE, NULL), UCM_OK);
	assert_string_equal(ucm_get_text(handle, UCM_PROFILE), "compat");
	assert_int_equal(ucm_set_text(handle, UCM_PROFILE, NULL), UCM_OK);
}

static void a_bad_value_leaves_the_old_one(void **state)
{
	struct ucm *handle = *state;

	assert_int_equal(ucm_set_text(handle, UCM_RELEASE, "21.0.10"), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_RELEASE, "x"), UCM_E_USAGE);
	assert_string_equal(ucm_get_text(handle, UCM_RELEASE), "21.0.10");
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 5), UCM_OK);
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 10000), UCM_E_USAGE);
	assert_int_equal(ucm_get_number(handle, UCM_CLIENT), 5);
}

static void an_item_may_be_set_from_itself_or_another(void **state)
{
	struct ucm *handle = *state;

	assert_int_equal(ucm_set_text(handle, UCM_PAYLOADS, "/one"), UCM_OK);
	assert_int_equal(
	    ucm_set_text(handle, UCM_PAYLOADS, ucm_get_text(handle, UCM_PAYLOADS)), UCM_OK);
	assert_string_equal(ucm_get_text(handle, UCM_PAYLOADS), "/one");
	assert_int_equal(
	    ucm_set_text(handle, UCM_PAYLOADS, ucm_get_text(handle, UCM_PAYLOADS) + 1), UCM_OK);
	assert_string_equal(ucm_get_text(handle, UCM_PAYLOADS), "one");
	assert_int_equal(
	    ucm_set_text(handle, UCM_MODULE_DIR, ucm_get_text(handle, UCM_PAYLOADS)), UCM_OK);
	assert_string_equal(ucm_get_text(handle, UCM_MODULE_DIR), "one");
}

static void a_server_is_of_send_mail(void **state)
{
	struct ucm *handle = *state;

	assert_int_equal(ucm_set_text(handle, UCM_VIA, "notification"), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_SERVER, "A"), UCM_OK);
	assert_string_equal(ucm_get_text(handle, UCM_VIA), "send_mail");
	assert_int_equal(ucm_set_text(handle, UCM_VIA, "notification"), UCM_E_USAGE);
	assert_int_equal(ucm_set_text(handle, UCM_SERVER, NULL), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_VIA, "notification"), UCM_OK);
}

static void numbers_are_judged_at_once(void **state)
{
	static const struct {
		enum ucm_number_item item;
		long value;
		int status;
	} rows[] = {
	    {UCM_CLIENT, 0, UCM_OK},
	    {UCM_CLIENT, 9999, UCM_OK},
	    {UCM_CLIENT, 10000, UCM_E_USAGE},
	    {UCM_CLIENT, -2, UCM_E_USAGE},
	    {UCM_DEADLINE, 1, UCM_OK},
	    {UCM_DEADLINE, 0, UCM_E_USAGE},
	    {UCM_TIMEOUT, 1, UCM_OK},
	    {UCM_TIMEOUT, 0, UCM_E_USAGE},
	    {UCM_MEMORY_LIMIT, 1, UCM_OK},
	    {UCM_MEMORY_LIMIT, 0, UCM_E_USAGE},
	    {UCM_ALLOW_CLEAR_LOGIN, 1, UCM_OK},
	    {UCM_ALLOW_CLEAR_LOGIN, 2, UCM_E_USAGE},
	    {UCM_REQUIRE_TLS, 1, UCM_OK},
	    {UCM_REQUIRE_TLS, 2, UCM_E_USAGE},
	    {UCM_WINDOW, 100, UCM_OK},
	    {UCM_WINDOW, 0, UCM_E_USAGE},
	    {(enum ucm_number_item)0, 1, UCM_E_USAGE},
	    {(enum ucm_number_item)(UCM_WINDOW + 1), 1, UCM_E_USAGE},
	    {(enum ucm_number_item) - 1, 1, UCM_E_USAGE},
	};
	struct ucm *handle = *state;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		if (ucm_set_number(handle, rows[i].item, rows[i].value) != rows[i].status)
			fail_msg("item %d, value %ld: not %d", (int)rows[i].item, rows[i].value,
			    rows[i].status);
		if (rows[i].status == UCM_OK) {
			assert_int_equal(ucm_get_number(handle, rows[i].item), rows[i].value);
			assert_int_equal(ucm_set_number(handle, rows[i].item, -1), UCM_OK);
		}
	}
	assert_int_equal(ucm_get_number(handle, UCM_CLIENT), 0);
	assert_int_equal(ucm_get_number(handle, UCM_DEADLINE), -1);
	assert_int_equal(ucm_get_number(handle, UCM_WINDOW), 1);
	assert_int_equal(ucm_get_number(handle, (enum ucm_number_item)1000), -1);
}

static void what_the_policy_depends_on_forgets_it(void **state)
{
	struct ucm *handle = *state;

	handle->decided = 1;
	assert_int_equal(ucm_set_number(handle, UCM_DEADLINE, 100), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_HELO_NAME, "a.example"), UCM_OK);
	assert_int_equal(handle->decided, 1);
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 7), UCM_OK);
	assert_int_equal(handle->decided, 0);
	handle->decided = 1;
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 7), UCM_OK);
	assert_int_equal(handle->decided, 1); /* nothing changed */
	assert_int_equal(ucm_add_input(handle, "x"), UCM_OK);
	assert_int_equal(handle->decided, 0);
	handle->decided = 1;
	assert_int_equal(ucm_set_text(handle, UCM_PROFILE, "strict"), UCM_OK);
	assert_int_equal(handle->decided, 0);
}

static void nothing_changes_while_a_send_is_under_way(void **state)
{
	struct ucm *handle = *state;

	handle->send = (struct ucm_send *)handle; /* any pointer: it is not followed */
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 7), UCM_E_USAGE);
	assert_int_equal(ucm_set_text(handle, UCM_SERVER, "A"), UCM_E_USAGE);
	assert_int_equal(ucm_add_input(handle, "x"), UCM_E_USAGE);
	assert_int_equal(ucm_add_connect_to(handle, "a:1:b:2"), UCM_E_USAGE);
	handle->send = NULL;
	assert_int_equal(ucm_get_number(handle, UCM_CLIENT), 0);
	assert_int_equal(handle->input_count, 0);
	assert_null(handle->connect_to);
}

static void inputs_are_copied(void **state)
{
	struct ucm *handle = *state;
	char name[] = "one";

	assert_int_equal(ucm_add_input(handle, name), UCM_OK);
	name[0] = 'x';
	assert_int_equal(ucm_add_input(handle, "two"), UCM_OK);
	assert_int_equal(handle->input_count, 2);
	assert_string_equal(handle->input[0], "one");
	assert_string_equal(handle->input[1], "two");
	assert_int_equal(ucm_add_input(handle, ""), UCM_E_USAGE);
}

static void rules_are_parsed_as_curl_does(void **state)
{
	static const struct {
		const char *rule;
		int status;
		const char *host;
		unsigned port;
		const char *address;
		unsigned to_port;
	} rows[] = {
	    {"a.example:25:127.0.0.1:2525", UCM_OK, "a.example", 25, "127.0.0.1", 2525},
	    {"::127.0.0.1:2525", UCM_OK, "", 0, "127.0.0.1", 2525},
	    {"a::b:", UCM_OK, "a", 0, "b", 0},
	    {":::", UCM_OK, "", 0, "", 0},
	    {"[2001:db8::1]:25:[::1]:2525", UCM_OK, "2001:db8::1", 25, "::1", 2525},
	    {"a:25:b", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a:25:b:25:", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a:0:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a:65536:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a:99999999999999999999:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a:-1:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"a: 25:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"[::1:25:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"[::1]x:25:b:25", UCM_E_USAGE, NULL, 0, NULL, 0},
	    {"", UCM_E_USAGE, NULL, 0, NULL, 0},
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct ucm *handle = NULL;

		assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
		if (ucm_add_connect_to(handle, rows[i].rule) != rows[i].status)
			fail_msg("\"%s\": not %d", rows[i].rule, rows[i].status);
		if (rows[i].status == UCM_OK) {
			assert_string_equal(handle->connect_to->host, rows[i].host);
			assert_int_equal(handle->connect_to->port, rows[i].port);
			assert_string_equal(handle->connect_to->address, rows[i].address);
			assert_int_equal(handle->connect_to->to_port, rows[i].to_port);
		} else {
			assert_null(handle->connect_to);
		}
		ucm_end(handle);
	}
	(void)state;
}

static void the_first_rule_that_covers_wins(void **state)
{
	struct ucm *handle = *state;

	assert_int_equal(ucm_add_connect_to(handle, "a.example:25:one:1"), UCM_OK);
	assert_int_equal(ucm_add_connect_to(handle, "a.example::two:2"), UCM_OK);
	assert_int_equal(ucm_add_connect_to(handle, ":465:three:3"), UCM_OK);
	assert_string_equal(ucm_handle_connect_to(handle, "A.EXAMPLE", 25)->address, "one");
	assert_string_equal(ucm_handle_connect_to(handle, "a.example", 465)->address, "two");
	assert_string_equal(ucm_handle_connect_to(handle, "b.example", 465)->address, "three");
	assert_null(ucm_handle_connect_to(handle, "b.example", 25));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_are_judged_at_once),
	    cmocka_unit_test_setup_teardown(
		a_text_of_any_length_ends_somewhere, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(texts_have_defaults, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(
		a_bad_value_leaves_the_old_one, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(
		an_item_may_be_set_from_itself_or_another, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(a_server_is_of_send_mail, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(numbers_are_judged_at_once, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(
		what_the_policy_depends_on_forgets_it, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(
		nothing_changes_while_a_send_is_under_way, make_handle, end_handle),
	    cmocka_unit_test_setup_teardown(inputs_are_copied, make_handle, end_handle),
	    cmocka_unit_test(rules_are_parsed_as_curl_does),
	    cmocka_unit_test_setup_teardown(
		the_first_rule_that_covers_wins, make_handle, end_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
