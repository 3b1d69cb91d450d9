/*
 * Resolution of settings: which row holds, and from where.
 */
#include "unit/cmocka_all.h"

#include "policy/limits.h"
#include "policy/settings.h"

#include "unit/build_system.h"

#define ROW(c, o, k, v)                                                                            \
	{                                                                                          \
		.client = (c), .object = (o), .key = (k), .value = (v)                             \
	}

struct resolution {
	const char *sentence;
	struct build_edit edit[8];
	const char *server;
	enum ucm_key key;
	const char *text; /* NULL: unset */
	int client; /* of the variable that holds it */
	const char *object;
	int inherited;
};

static const struct resolution rows[] = {
    {"a client's own settings hold", {ROW(100, SETTINGS, "SMTP_SERVER", "own.example")}, NULL,
	UCM_SMTP_SERVER, "own.example", 100, SETTINGS, 0},
    {"a key that the client lacks is not taken from client 0",
	{ROW(100, SETTINGS, "SMTP_PORT", NULL)}, NULL, UCM_SMTP_PORT, NULL, 0, NULL, 0},
    {"a client without the variable uses client 0's", {ROW(100, SETTINGS, "=gone", NULL)}, NULL,
	UCM_SMTP_SERVER, "smtp.example.com", 0, SETTINGS, 1},
    {"a client with only SEND_MAIL_DEFAULT uses client 0's",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "SEND_MAIL_DEFAULT", "AGENT")}, NULL,
	UCM_SMTP_SERVER, "smtp.example.com", 0, SETTINGS, 1},
    {"and keeps its SEND_MAIL_DEFAULT",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "SEND_MAIL_DEFAULT", "AGENT"),
	    ROW(0, SETTINGS, "SEND_MAIL_DEFAULT", "OTHER")},
	NULL, UCM_SEND_MAIL_DEFAULT, "AGENT", 100, SETTINGS, 1},
    {"blank keys are none of its own",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "SMTP_SERVER", " ")}, NULL,
	UCM_SMTP_SERVER, "smtp.example.com", 0, SETTINGS, 1},
    {"one key of its own shuts client 0 out",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "SMTP_TIMEOUT", "5")}, NULL,
	UCM_SMTP_SERVER, NULL, 0, NULL, 0},
    {"so does an unknown one",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "SMTPS_CERTS", "CA")}, NULL,
	UCM_SMTP_SERVER, NULL, 0, NULL, 0},
    {"so does a variable of another type",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, SETTINGS, "=type", "SQL")}, NULL,
	UCM_SMTP_SERVER, NULL, 0, NULL, 0},
    {"a server's variable goes first", {ROW(100, EXTRA, "SMTP_SERVER", "extra.example")}, "extra",
	UCM_SMTP_SERVER, "extra.example", 100, EXTRA, 0},
    {"a key that it lacks is the client's",
	{ROW(100, EXTRA, "SMTP_PORT", NULL), ROW(100, SETTINGS, "SMTP_PORT", "26")}, "EXTRA",
	UCM_SMTP_PORT, "26", 100, SETTINGS, 0},
    {"or client 0's where the client has none",
	{ROW(100, EXTRA, "SMTP_PORT", ""), ROW(100, SETTINGS, "=gone", NULL),
	    ROW(0, SETTINGS, "SMTP_PORT", "27")},
	"EXTRA", UCM_SMTP_PORT, "27", 0, SETTINGS, 1},
    {"a server of client 0 serves every client", {ROW(0, "UC_SMTP_SHARED", "SMTP_PORT", "28")},
	"SHARED", UCM_SMTP_PORT, "28", 0, "UC_SMTP_SHARED", 0},
    {"the client's own server hides that of client 0", {ROW(0, EXTRA, "SMTP_PORT", "29")}, "EXTRA",
	UCM_SMTP_PORT, "465", 100, EXTRA, 0},
    {"values are trimmed", {ROW(100, SETTINGS, "SMTP_SERVER", " \ta b\n ")}, NULL, UCM_SMTP_SERVER,
	"a b", 100, SETTINGS, 0},
    {"keys are read without regard to case and blanks",
	{ROW(100, SETTINGS, "SMTP_LOGIN", NULL), ROW(100, SETTINGS, " smtp_login ", "L")}, NULL,
	UCM_SMTP_LOGIN, "L", 100, SETTINGS, 0},
    {"the first of two rows counts", {ROW(100, SETTINGS, "=again", "SMTP_SERVER")}, NULL,
	UCM_SMTP_SERVER, "smtp.example.com", 100, SETTINGS, 0},
    {"even where it is blank",
	{ROW(100, SETTINGS, "SMTP_SERVER", ""), ROW(100, SETTINGS, "=again", "SMTP_SERVER")}, NULL,
	UCM_SMTP_SERVER, NULL, 0, NULL, 0},
};

static void check_row(const struct resolution *row)
{
	const struct ucm_variable *server = NULL;
	const struct ucm_setting *setting;
	struct ucm_settings settings;
	struct ucm_system system;
	struct ucm_arena arena;
	struct build build;

	build_clean(&build);
	build_edit(&build, row->edit);
	build_system(&build, &system);
	ucm_arena_init(&arena, NULL, 0);
	if (row->server != NULL) {
		server = ucm_settings_server(&system, 100, row->server);
		assert_non_null(server);
	}
	assert_int_equal(ucm_settings_resolve(&system, 100, server, &arena, &settings), 0);
	setting = &settings.setting[row->key];
	if (!build_same_text(setting->text, row->text) || settings.inherited != row->inherited)
		fail_msg("%s: %s", row->sentence, setting->text == NULL ? "-" : setting->text);
	if (row->text != NULL) {
		assert_int_equal(setting->variable->client, row->client);
		assert_string_equal(setting->variable->name, row->object);
		assert_non_null(setting->row);
	}
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void rows_hold_as_documented(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static void a_server_alone_has_no_settings_below(void **state)
{
	struct ucm_settings settings;
	struct ucm_system system;
	struct ucm_arena arena;
	struct build build;

	(void)state;
	build_clean(&build);
	build_edit(&build, (const struct build_edit[]){ROW(100, EXTRA, "SMTP_PORT", NULL), {0}});
	build_system(&build, &system);
	ucm_arena_init(&arena, NULL, 0);
	assert_int_equal(ucm_settings_resolve_alone(
			     100, ucm_settings_server(&system, 100, "EXTRA"), &arena, &settings),
	    0);
	assert_null(settings.setting[UCM_SMTP_PORT].row);
	assert_string_equal(settings.setting[UCM_SMTP_SERVER].text, "smtp.example.com");
	assert_null(settings.base);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void servers_are_found_by_name(void **state)
{
	char longest[UCM_XML_NAME_MAX + 10];
	struct ucm_system system;
	struct build build;

	(void)state;
	build_clean(&build);
	build_system(&build, &system);
	memset(longest, 'X', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_non_null(ucm_settings_server(&system, 100, " extra "));
	assert_null(ucm_settings_server(&system, 0, "EXTRA"));
	assert_null(ucm_settings_server(&system, 100, ""));
	assert_null(ucm_settings_server(&system, 100, longest));
	longest[UCM_XML_NAME_MAX] = '\0';
	assert_null(ucm_settings_server(&system, 100, longest));
	ucm_system_free(&system);
}

static void numbers_are_digits_in_range(void **state)
{
	static const struct {
		const char *text;
		enum ucm_key key;
		int status;
		unsigned number;
	} cases[] = {
	    {"1", UCM_SMTP_PORT, 0, 1},
	    {"65535", UCM_SMTP_PORT, 0, 65535},
	    {"0025", UCM_SMTP_PORT, 0, 25},
	    {"0", UCM_SMTP_PORT, -1, 0},
	    {"65536", UCM_SMTP_PORT, -1, 0},
	    {"4294967321", UCM_SMTP_PORT, -1, 0},
	    {"", UCM_SMTP_PORT, -1, 0},
	    {"-1", UCM_SMTP_TIMEOUT, -1, 0},
	    {"+1", UCM_SMTP_TIMEOUT, -1, 0},
	    {"0x10", UCM_SMTP_TIMEOUT, -1, 0},
	    {"1 0", UCM_SMTP_TIMEOUT, -1, 0},
	    {"10s", UCM_SMTP_TIMEOUT, -1, 0},
	    {"0", UCM_SMTP_TIMEOUT, 0, 0},
	    {"999", UCM_SMTP_TIMEOUT, 0, 999},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned number = 0;

		if (ucm_key_number(cases[i].key, cases[i].text, &number) != cases[i].status ||
		    number != cases[i].number)
			fail_msg("'%s'", cases[i].text);
	}
}

static void words_are_read_without_regard_to_case(void **state)
{
	struct ucm_arena arena;
	int exact = -1;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	assert_string_equal(ucm_key_word(UCM_SMTP_PROTOCOL, "TLS", &arena, &exact), "TLS");
	assert_int_equal(exact, 1);
	assert_string_equal(
	    ucm_key_word(UCM_SMTP_AUTH_METHOD, "oauthBearer", &arena, &exact), "OAUTHBEARER");
	assert_int_equal(exact, 0);
	assert_null(ucm_key_word(UCM_SMTP_PROTOCOL, "STARTTLS TLS", &arena, &exact));
	assert_null(ucm_key_word(UCM_SMTP_PROTOCOL, "", &arena, &exact));
	ucm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_hold_as_documented),
	    cmocka_unit_test(a_server_alone_has_no_settings_below),
	    cmocka_unit_test(servers_are_found_by_name),
	    cmocka_unit_test(numbers_are_digits_in_range),
	    cmocka_unit_test(words_are_read_without_regard_to_case),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
