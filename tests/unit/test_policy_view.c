/*
 * Tests of libsrc/decide_policy.c and libsrc/policy_view.c: a system in memory, decided and shown.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <string.h>

#include "libsrc/handle.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define NOON 1767268800 /* 2026-01-01T12:00:00Z */

/* Noon, or what the test says. */
static int64_t test_clock(void *arg)
{
	const int64_t *now = arg;

	return now != NULL ? *now : NOON;
}

static struct ucm_variable *add_variable(struct ucm *handle, int client, const char *name)
{
	struct ucm_variable *variable = ucm_system_add_variable(handle->system);

	assert_non_null(variable);
	variable->client = client;
	variable->name = name;
	variable->type = "STATIC";
	variable->file = "settings.xml";
	variable->line = 3;
	assert_int_equal(ucm_system_see_client(handle->system, client), 0);
	return variable;
}

static void add_row(struct ucm *handle, struct ucm_variable *variable, const char *name,
    const char *value, unsigned line)
{
	struct ucm_row *row = ucm_variable_add_row(handle->system, variable);

	assert_non_null(row);
	row->name = name;
	row->value = value;
	row->line = line;
	row->column = 40;
}

/* A handle with an empty system, as if inputs had been read. */
static struct ucm *make_handle(void)
{
	struct ucm_options options = {.size = sizeof options, .clock = test_clock};
	struct ucm *handle = NULL;

	assert_int_equal(ucm_start(&options, &handle), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_AGENT, "unix-x64-linux"), UCM_OK);
	handle->system = ucm_handle_resize(handle, NULL, sizeof *handle->system);
	assert_non_null(handle->system);
	memset(handle->system, 0, sizeof *handle->system);
	ucm_system_init(handle->system, &handle->allocator, 0);
	return handle;
}

/* Client 0 with plain settings, client 100 with none. */
static struct ucm *make_plain(const char *login)
{
	struct ucm *handle = make_handle();
	struct ucm_variable *settings = add_variable(handle, 0, "UC_CLIENT_SETTINGS");

	add_row(handle, settings, "SMTP_SERVER", " mail.example.com ", 7);
	add_row(handle, settings, "SMTP_FROM_ADDR", "Robot <robot@example.com>", 8);
	add_row(handle, settings, "SMTP_TIMEOUT", "30", 9);
	if (login != NULL)
		add_row(handle, settings, "SMTP_LOGIN", login, 10);
	assert_int_equal(ucm_system_see_client(handle->system, 100), 0);
	assert_int_equal(ucm_system_finish(handle->system), 0);
	return handle;
}

static void nothing_is_shown_before_the_decision(void **state)
{
	struct ucm *handle = make_plain(NULL);
	struct ucm_source source;
	struct ucm_policy_finding finding;

	(void)state;
	assert_null(ucm_policy_text(handle, UCM_POLICY_DECISION));
	assert_null(ucm_policy_text(handle, UCM_POLICY_CERT_SHA256));
	assert_int_equal(ucm_policy_number(handle, UCM_POLICY_PORT), -1);
	assert_int_equal(ucm_policy_source(handle, 0, &source), UCM_E_USAGE);
	assert_int_equal(ucm_policy_finding_at(handle, 0, &finding), UCM_E_USAGE);
	ucm_end(handle);
}

static void a_policy_shows_what_was_decided(void **state)
{
	static const struct {
		enum ucm_policy_text_field field;
		const char *text;
	} texts[] = {
	    {UCM_POLICY_DECISION, "plain"},
	    {UCM_POLICY_HOST, "mail.example.com"},
	    {UCM_POLICY_PROTOCOL, "PLAIN"},
	    {UCM_POLICY_FROM, "robot@example.com"},
	    {UCM_POLICY_REPLY_TO, NULL},
	    {UCM_POLICY_LOGIN, NULL},
	    {UCM_POLICY_LOGIN_USER, NULL},
	    {UCM_POLICY_AUTH_METHOD, "PASSWORD"},
	    {UCM_POLICY_SERVER_VARIABLE, NULL},
	    {UCM_POLICY_VIA, "send_mail"},
	    {UCM_POLICY_AGENT, "unix-x64-linux"},
	    {UCM_POLICY_REFUSED_BY, NULL},
	    {UCM_POLICY_CERT_NAME, NULL},
	    {UCM_POLICY_CERT_SHA256, NULL},
	    {UCM_POLICY_CERT_SUBJECT, NULL},
	    {UCM_POLICY_CERT_NOT_AFTER, NULL},
	    {(enum ucm_policy_text_field)0, NULL},
	    {(enum ucm_policy_text_field)1000, NULL},
	};
	static const struct {
		enum ucm_policy_number_field field;
		long number;
	} numbers[] = {
	    {UCM_POLICY_CLIENT, 100},
	    {UCM_POLICY_PORT, 25},
	    {UCM_POLICY_TIMEOUT_S, 30},
	    {UCM_POLICY_MAX_REPORT_BYTES, 8000},
	    {UCM_POLICY_FILE_ATTACHMENTS, 1},
	    {(enum ucm_policy_number_field)0, -1},
	};
	struct ucm *handle = make_plain(NULL);
	struct ucm_error error = {0};
	size_t i;

	(void)state;
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 100), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	for (i = 0; i < COUNT(texts); i++) {
		const char *text = ucm_policy_text(handle, texts[i].field);

		if (texts[i].text == NULL)
			assert_null(text);
		else
			assert_string_equal(text, texts[i].text);
	}
	for (i = 0; i < COUNT(numbers); i++)
		assert_int_equal(ucm_policy_number(handle, numbers[i].field), numbers[i].number);
	assert_int_equal(ucm_handle_refuses(handle, &error), 0);
	ucm_end(handle);
}

static void every_setting_tells_its_place(void **state)
{
	struct ucm *handle = make_plain("--10ABCDEF");
	struct ucm_source source = {0};
	size_t i, seen = 0;

	(void)state;
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 100), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	for (i = 0; ucm_policy_source(handle, i, &source) == UCM_OK; i++) {
		assert_int_equal(source.client, 0);
		assert_string_equal(source.object, "UC_CLIENT_SETTINGS");
		assert_string_equal(source.file, "settings.xml");
		assert_int_equal(source.column, 40);
		if (strcmp(source.key, "SMTP_SERVER") == 0) {
			assert_string_equal(source.value, "mail.example.com");
			assert_int_equal(source.line, 7);
			seen |= 1;
		} else if (strcmp(source.key, "SMTP_LOGIN") == 0) {
			assert_null(source.value); /* looks like an obfuscated password */
			seen |= 2;
		}
	}
	assert_int_equal(i, 4);
	assert_int_equal(seen, 3);
	assert_int_equal(ucm_policy_source(handle, i, &source), UCM_E_USAGE);
	assert_int_equal(ucm_policy_source(handle, (size_t)-1, &source), UCM_E_USAGE);
	ucm_end(handle);
}

static void findings_come_in_words(void **state)
{
	struct ucm *handle = make_plain(NULL);
	struct ucm_policy_finding finding;
	size_t i;
	int seen = 0;

	(void)state;
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	for (i = 0; ucm_policy_finding_at(handle, i, &finding) == UCM_OK; i++) {
		assert_string_not_equal(finding.message, "");
		if (strcmp(finding.rule, "UCM107") == 0) {
			assert_string_equal(finding.name, "protocol-plain");
			assert_string_equal(finding.severity, "warning");
			assert_int_equal(finding.refuses, 0);
			seen = 1;
		}
	}
	assert_int_equal(seen, 1);
	assert_int_equal(ucm_policy_finding_at(handle, i + 1, &finding), UCM_E_USAGE);
	ucm_end(handle);
}

static void a_refusal_has_a_rule_and_a_reason(void **state)
{
	struct ucm *handle = make_plain(NULL);
	struct ucm_error error = {0};

	(void)state;
	assert_int_equal(ucm_set_text(handle, UCM_PROFILE, "strict"), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	assert_string_equal(ucm_policy_text(handle, UCM_POLICY_DECISION), "refuse");
	assert_string_equal(ucm_policy_text(handle, UCM_POLICY_REFUSED_BY), "UCM107");
	assert_int_equal(ucm_handle_refuses(handle, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_POLICY);
	assert_string_equal(error.rule, "UCM107");
	assert_string_not_equal(error.text, "");
	ucm_end(handle);
}

static void an_agent_that_cannot_send_is_refused(void **state)
{
	struct ucm *handle = make_plain(NULL);
	struct ucm_error error = {0};

	(void)state;
	assert_int_equal(ucm_set_text(handle, UCM_AGENT, "zos"), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	assert_string_equal(ucm_policy_text(handle, UCM_POLICY_DECISION), "refuse");
	assert_int_equal(ucm_handle_refuses(handle, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_POLICY);
	assert_non_null(strstr(error.text, "zos"));
	ucm_end(handle);
}

static void what_is_not_there_cannot_be_decided(void **state)
{
	struct ucm *handle = make_plain(NULL);

	(void)state;
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 999), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_POLICY);
	assert_non_null(strstr(ucm_error(handle), "client 999"));
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 100), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_SERVER, "NOWHERE"), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_POLICY);
	assert_non_null(strstr(ucm_error(handle), "UC_SMTP_NOWHERE"));
	assert_null(ucm_policy_text(handle, UCM_POLICY_DECISION));
	assert_int_equal(ucm_set_text(handle, UCM_SERVER, NULL), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	assert_string_equal(ucm_error(handle), "");
	ucm_end(handle);
}

static void a_missing_client_0_is_an_input_error(void **state)
{
	struct ucm *handle = make_handle();

	(void)state;
	assert_int_equal(ucm_system_see_client(handle->system, 100), 0);
	assert_int_equal(ucm_system_finish(handle->system), 0);
	assert_int_equal(ucm_set_number(handle, UCM_CLIENT, 100), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_INPUT);
	assert_string_equal(ucm_error_rule(handle), "UCM007");
	ucm_end(handle);
}

static void the_user_of_a_login_can_be_given(void **state)
{
	struct ucm *handle = make_plain("MAIL.LOGIN");

	(void)state;
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	assert_string_equal(ucm_policy_text(handle, UCM_POLICY_LOGIN), "MAIL.LOGIN");
	assert_null(ucm_policy_text(handle, UCM_POLICY_LOGIN_USER));
	assert_int_equal(ucm_set_text(handle, UCM_LOGIN_USER, "robot"), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	assert_string_equal(ucm_policy_text(handle, UCM_POLICY_LOGIN_USER), "robot");
	ucm_end(handle);
}

static void a_decision_ends_with_its_certificates(void **state)
{
	static const struct {
		const char *what;
		int64_t not_before, not_after, now;
		int anew;
	} rows[] = {
	    {"valid then and now", NOON - 10, NOON + 10, NOON + 10, 0},
	    {"expired since", NOON - 10, NOON + 10, NOON + 11, 1},
	    {"expired already then", NOON - 10, NOON - 1, NOON + 11, 0},
	    {"became valid since", NOON + 5, NOON + 100, NOON + 5, 1},
	    {"not valid yet", NOON + 5, NOON + 100, NOON + 4, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct ucm *handle = make_plain(NULL);
		struct ucm_cert cert = {
		    .not_before = rows[i].not_before, .not_after = rows[i].not_after};
		struct ucm_bundle bundle = {.cert = &cert, .count = 1};
		struct ucm_resource resource = {.bundle = &bundle};
		int64_t now = rows[i].now;

		assert_int_equal(ucm_decide_policy(handle), UCM_OK);
		handle->decision.resource = &resource;
		handle->options.clock_arg = &now;
		assert_int_equal(ucm_decide_policy(handle), UCM_OK);
		if ((handle->decision.resource == NULL) != rows[i].anew)
			fail_msg("%s", rows[i].what);
		ucm_end(handle);
	}
}

static void memory_may_end_while_deciding(void **state)
{
	struct ucm *handle = make_plain(NULL);

	(void)state;
	assert_int_equal(
	    ucm_set_number(handle, UCM_MEMORY_LIMIT, (long)handle->memory_used + 16), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_MEMORY);
	assert_null(ucm_policy_text(handle, UCM_POLICY_DECISION));
	assert_int_equal(ucm_set_number(handle, UCM_MEMORY_LIMIT, -1), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_OK);
	ucm_end(handle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_shown_before_the_decision),
	    cmocka_unit_test(a_policy_shows_what_was_decided),
	    cmocka_unit_test(every_setting_tells_its_place),
	    cmocka_unit_test(findings_come_in_words),
	    cmocka_unit_test(a_refusal_has_a_rule_and_a_reason),
	    cmocka_unit_test(an_agent_that_cannot_send_is_refused),
	    cmocka_unit_test(what_is_not_there_cannot_be_decided),
	    cmocka_unit_test(a_missing_client_0_is_an_input_error),
	    cmocka_unit_test(the_user_of_a_login_can_be_given),
	    cmocka_unit_test(a_decision_ends_with_its_certificates),
	    cmocka_unit_test(memory_may_end_while_deciding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
