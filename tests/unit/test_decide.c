/*
 * Single decisions: what is used on the wire, by whom, and what a query that names nothing gets.
 */
#include "unit/cmocka_all.h"

#include "policy/decide.h"

#include "unit/build_system.h"

#define EDITS 8
#define ROW(c, o, k, v)                                                                            \
	{                                                                                          \
		.client = (c), .object = (o), .key = (k), .value = (v)                             \
	}
#define NONE UCM_RULE_COUNT

struct wanted {
	const char *sentence;
	struct build_edit edit[EDITS];
	enum ucm_profile profile;
	enum ucm_agent agent;
	const char *server;
	enum ucm_verdict verdict;
	enum ucm_rule refused_by;
	enum ucm_tls_mode mode;
	unsigned port;
	const char *protocol;
	const char *host;
};

static const struct wanted rows[] = {
    {"TLS on 465 is implicit", {{0}}, UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE,
	UCM_TLS_IMPLICIT, 465, "TLS", "smtp.example.com"},
    {"TLS without a port is mandatory STARTTLS on 587", {ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE, UCM_TLS_STARTTLS, 587, "TLS",
	"smtp.example.com"},
    {"TLS on 25 is mandatory STARTTLS", {ROW(100, SETTINGS, "SMTP_PORT", "25")}, UCM_COMPAT,
	UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE, UCM_TLS_STARTTLS, 25, "TLS", "smtp.example.com"},
    {"TLS on any other port is implicit", {ROW(100, SETTINGS, "SMTP_PORT", "2525")}, UCM_COMPAT,
	UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 2525, "TLS",
	"smtp.example.com"},
    {"STARTTLS is opportunistic",
	{ROW(100, SETTINGS, "SMTP_PROTOCOL", "starttls"), ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_OPPORTUNISTIC, NONE, UCM_TLS_STARTTLS, 587,
	"STARTTLS", "smtp.example.com"},
    {"strict forces STARTTLS",
	{ROW(100, SETTINGS, "SMTP_PROTOCOL", "STARTTLS"), ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	UCM_STRICT, UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE, UCM_TLS_STARTTLS, 587, "STARTTLS",
	"smtp.example.com"},
    {"PLAIN is the default",
	{ROW(100, SETTINGS, "SMTP_PROTOCOL", NULL), ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_PLAIN, NONE, UCM_TLS_NONE, 25, "PLAIN",
	"smtp.example.com"},
    {"strict refuses PLAIN", {ROW(100, SETTINGS, "SMTP_PROTOCOL", "PLAIN")}, UCM_STRICT,
	UCM_AGENT_ENGINE, NULL, UCM_REFUSE, UCM107, UCM_TLS_NONE, 465, "PLAIN", "smtp.example.com"},
    {"an agent without TLS sends in clear to port 25", {{0}}, UCM_COMPAT, UCM_AGENT_UNIX_OTHER,
	NULL, UCM_PLAIN, NONE, UCM_TLS_NONE, 25, "PLAIN", "smtp.example.com"},
    {"strict refuses an agent without TLS", {{0}}, UCM_STRICT, UCM_AGENT_UNIX_OTHER, NULL,
	UCM_REFUSE, UCM302, UCM_TLS_NONE, 25, "PLAIN", "smtp.example.com"},
    {"strict refuses an agent without TLS by PLAIN too",
	{ROW(100, SETTINGS, "SMTP_PROTOCOL", "PLAIN")}, UCM_STRICT, UCM_AGENT_UNIX_OTHER, NULL,
	UCM_REFUSE, UCM107, UCM_TLS_NONE, 25, "PLAIN", "smtp.example.com"},
    {"strict refuses an agent without TLS by an unknown protocol too",
	{ROW(100, SETTINGS, "SMTP_PROTOCOL", "SSL")}, UCM_STRICT, UCM_AGENT_VMS, NULL, UCM_REFUSE,
	UCM104, UCM_TLS_NONE, 25, "PLAIN", "smtp.example.com"},
    {"an agent without TLS does not see a bad port",
	{ROW(100, SETTINGS, "SMTP_PORT", "x"), ROW(100, SETTINGS, "SMTPS_CERT", "y")}, UCM_COMPAT,
	UCM_AGENT_VMS, NULL, UCM_PLAIN, NONE, UCM_TLS_NONE, 25, "PLAIN", "smtp.example.com"},
    {"an agent that cannot send is refused", {{0}}, UCM_COMPAT, UCM_AGENT_ZOS, NULL, UCM_REFUSE,
	UCM301, UCM_TLS_IMPLICIT, 465, "TLS", "smtp.example.com"},
    {"the lowest rule refuses",
	{ROW(100, SETTINGS, "SMTP_TIMEOUT", "-1"), ROW(100, SETTINGS, "SMTP_FROM_ADDR", "x")},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_REFUSE, UCM103, UCM_TLS_IMPLICIT, 465, "TLS",
	"smtp.example.com"},
    {"a server's variable goes over the settings, key by key",
	{ROW(100, EXTRA, "SMTP_SERVER", "other.example.com"), ROW(100, EXTRA, "SMTP_PORT", NULL),
	    ROW(100, SETTINGS, "SMTP_PORT", "2525")},
	UCM_COMPAT, UCM_AGENT_ENGINE, "extra", UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 2525, "TLS",
	"other.example.com"},
    {"a blank row of the server's variable falls through",
	{ROW(100, EXTRA, "SMTP_SERVER", " \t"), ROW(100, SETTINGS, "SMTP_SERVER", "a.example")},
	UCM_COMPAT, UCM_AGENT_ENGINE, "EXTRA", UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 465, "TLS",
	"a.example"},
    {"a server's variable of client 0 goes over the client that sends",
	{ROW(0, "UC_SMTP_SHARED", "SMTP_PORT", "2465"),
	    ROW(100, SETTINGS, "SMTP_SERVER", "a.example")},
	UCM_COMPAT, UCM_AGENT_ENGINE, "SHARED", UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 2465, "TLS",
	"a.example"},
    {"an address in brackets is used without them",
	{ROW(100, SETTINGS, "SMTP_SERVER", "[2001:db8::1]")}, UCM_COMPAT, UCM_AGENT_ENGINE, NULL,
	UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 465, "TLS", "2001:db8::1"},
    {"one slip in a client's only key does not bring in client 0's server",
	{ROW(100, SETTINGS, "=gone", NULL), ROW(100, "UC_CLIENT_SETTINGS", "SMTP_SERVR", "x")},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_REFUSE, UCM101, UCM_TLS_NONE, 25, "PLAIN", NULL},
    {"SEND_MAIL_DEFAULT is no setting of one's own",
	{ROW(100, SETTINGS, "=gone", NULL),
	    ROW(100, "UC_CLIENT_SETTINGS", "SEND_MAIL_DEFAULT", "X")},
	UCM_COMPAT, UCM_AGENT_ENGINE, NULL, UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 465, "TLS",
	"smtp.example.com"},
    {"of a key that is there twice the first row is shown, and the policy refused",
	{ROW(100, SETTINGS, "=again", "SMTP_SERVER")}, UCM_COMPAT, UCM_AGENT_ENGINE, NULL,
	UCM_REFUSE, UCM115, UCM_TLS_IMPLICIT, 465, "TLS", "smtp.example.com"},
    {"a key twice in the client's settings does not matter where the server's holds",
	{ROW(100, SETTINGS, "=again", "SMTP_SERVER")}, UCM_COMPAT, UCM_AGENT_ENGINE, "EXTRA",
	UCM_FORCED, NONE, UCM_TLS_IMPLICIT, 465, "TLS", "smtp.example.com"},
};

static struct ucm_query query_of(const struct wanted *wanted)
{
	return (struct ucm_query){
	    .client = 100,
	    .sender = wanted->server == NULL ? UCM_NOTIFICATION : UCM_SEND_MAIL,
	    .server = wanted->server,
	    .agent = wanted->agent,
	    .profile = wanted->profile,
	    .at = UCM_TEST_NOW,
	    .expires_within = 30,
	};
}

static void check_row(const struct wanted *wanted)
{
	struct ucm_query query = query_of(wanted);
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;
	struct build build;

	build_clean(&build);
	build_edit(&build, wanted->edit);
	build_system(&build, &system);
	ucm_arena_init(&arena, NULL, 0);
	assert_int_equal(ucm_decide(&system, &query, &arena, &decision), 0);
	if (decision.verdict != wanted->verdict || decision.refused_by != wanted->refused_by ||
	    decision.tls_mode != wanted->mode || decision.port != wanted->port ||
	    strcmp(decision.protocol, wanted->protocol) != 0 ||
	    !build_same_text(decision.host, wanted->host))
		fail_msg("%s: %s by rule %d, mode %d, port %u, %s, %s", wanted->sentence,
		    ucm_verdict_name(decision.verdict), (int)decision.refused_by,
		    (int)decision.tls_mode, decision.port, decision.protocol,
		    decision.host == NULL ? "-" : decision.host);
	assert_int_equal(decision.starttls_optional, wanted->verdict == UCM_OPPORTUNISTIC);
	assert_int_equal(decision.trusted_count > 0,
	    wanted->verdict == UCM_FORCED || wanted->verdict == UCM_OPPORTUNISTIC ||
		(wanted->agent == UCM_AGENT_ENGINE && decision.resource != NULL));
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void decisions_are_as_documented(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

/* Decides a query on the clean system after edits. */
static void decide(const struct build_edit *edit, const struct ucm_query *query,
    struct ucm_system *system, struct ucm_arena *arena, struct ucm_decision *decision)
{
	struct build build;

	build_clean(&build);
	build_edit(&build, edit);
	build_system(&build, system);
	ucm_arena_init(arena, NULL, 0);
	assert_int_equal(ucm_decide(system, query, arena, decision), 0);
}

static void a_query_that_names_nothing_is_refused(void **state)
{
	static const struct {
		const char *sentence;
		struct ucm_query query;
		int client, server, agent;
	} cases[] = {
	    {"a client of which nothing is there", {.client = 200, .agent = UCM_AGENT_ENGINE}, 1, 0,
		0},
	    {"a client below all", {.client = -1, .agent = UCM_AGENT_ENGINE}, 1, 0, 0},
	    {"a server that nobody has",
		{.client = 100, .sender = UCM_SEND_MAIL, .server = "X", .agent = UCM_AGENT_ENGINE},
		0, 1, 0},
	    {"an agent kind that came later",
		{.client = 100, .agent = UCM_AGENT_UNIX_LINUX_PPC64LE, .release = {24, 0, 0}}, 0, 0,
		1},
	    {"no agent kind at all", {.client = 100, .agent = UCM_AGENT_COUNT}, 0, 0, 1},
	};
	const struct build_edit none = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ucm_decision decision;
		struct ucm_system system;
		struct ucm_arena arena;

		decide(&none, &cases[i].query, &system, &arena, &decision);
		if (decision.unknown_client != cases[i].client ||
		    decision.unknown_server != cases[i].server ||
		    decision.unknown_agent != cases[i].agent)
			fail_msg("%s", cases[i].sentence);
		assert_int_equal(decision.verdict, UCM_REFUSE);
		assert_int_equal(decision.refused_by, UCM_RULE_COUNT);
		assert_int_equal(decision.findings.count, 0);
		ucm_arena_free(&arena);
		ucm_system_free(&system);
	}
}

static void a_notification_has_no_server(void **state)
{
	const struct build_edit none = {0};
	struct ucm_query query = {.client = 100,
	    .sender = UCM_NOTIFICATION,
	    .server = "NOWHERE",
	    .agent = UCM_AGENT_ENGINE,
	    .at = UCM_TEST_NOW};
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;

	(void)state;
	decide(&none, &query, &system, &arena, &decision);
	assert_int_equal(decision.verdict, UCM_FORCED);
	assert_null(decision.server_variable);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void every_item_comes_from_its_key(void **state)
{
	static const struct build_edit edit[] = {
	    ROW(100, SETTINGS, "SMTP_FROM_ADDR", "\"UC4, Mail\" <uc4@example.com>"),
	    ROW(100, SETTINGS, "SMTP_REPLY_TO", "help@example.com"),
	    ROW(100, SETTINGS, "SMTP_LOGIN", "mail.login"),
	    ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "scram-sha-256"),
	    ROW(100, SETTINGS, "SMTP_TIMEOUT", "0"),
	    ROW(100, SETTINGS, "SMTP_MAX_ATTACHMENT_SIZE", "400"),
	    ROW(100, SETTINGS, "SMTP_FILE_ATTACHMENT", "n"),
	    {0},
	};
	struct ucm_query query = {.client = 100, .agent = UCM_AGENT_ENGINE, .at = UCM_TEST_NOW};
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;

	(void)state;
	decide(edit, &query, &system, &arena, &decision);
	assert_int_equal(decision.verdict, UCM_FORCED);
	assert_string_equal(decision.from, "uc4@example.com");
	assert_string_equal(decision.from_header, "\"UC4, Mail\" <uc4@example.com>");
	assert_string_equal(decision.reply_to, "help@example.com");
	assert_string_equal(decision.login, "mail.login");
	assert_string_equal(decision.login_user, "mailer");
	assert_string_equal(decision.auth_method, "SCRAM-SHA-256");
	assert_int_equal(decision.timeout_s, 0);
	assert_int_equal(decision.max_report_bytes, 400);
	assert_int_equal(decision.file_attachments, 0);
	assert_string_equal(decision.resource->name, "CA");
	assert_int_equal(decision.trusted_count, 1);
	assert_int_equal(decision.setting[UCM_SMTP_SERVER].row->line, 201);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void ignored_settings_are_not_shown(void **state)
{
	static const struct build_edit edit[] = {
	    ROW(100, SETTINGS, "SMTP_LOGIN", "MAIL.LOGIN"), {0}};
	struct ucm_query query = {.client = 100, .agent = UCM_AGENT_UNIX_OTHER, .at = UCM_TEST_NOW};
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;

	(void)state;
	decide(edit, &query, &system, &arena, &decision);
	assert_int_equal(decision.verdict, UCM_PLAIN);
	assert_null(decision.login);
	assert_null(decision.login_user);
	assert_null(decision.resource);
	assert_null(decision.setting[UCM_SMTP_PROTOCOL].row);
	assert_null(decision.setting[UCM_SMTPS_CERT].row);
	assert_non_null(decision.setting[UCM_SMTP_SERVER].row);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void only_good_certificates_of_a_bundle_are_trusted(void **state)
{
	struct ucm_query query = {.client = 100, .agent = UCM_AGENT_ENGINE, .at = UCM_TEST_NOW};
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;
	struct build build;

	(void)state;
	build_clean(&build);
	build.resource[0].payload = CERT_EXPIRED CERT_SERVER CERT_WEAK_KEY CERT_OTHER;
	build_system(&build, &system);
	ucm_arena_init(&arena, NULL, 0);
	assert_int_equal(ucm_decide(&system, &query, &arena, &decision), 0);
	assert_int_equal(decision.verdict, UCM_FORCED);
	assert_int_equal(decision.trusted_count, 1);
	assert_non_null(strstr(decision.trusted[0]->subject, "smtp.example.com"));
	assert_int_equal(decision.findings.count, 2);
	for (size_t i = 0; i < decision.findings.count; i++) {
		assert_int_equal(
		    ucm_finding_severity(&decision.findings.row[i], UCM_COMPAT), UCM_WARNING);
		assert_false(ucm_finding_refuses(&decision.findings.row[i], UCM_COMPAT));
	}
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void hints_name_what_was_probably_meant(void **state)
{
	static const struct {
		struct build_edit edit[2];
		enum ucm_rule rule;
		const char *hint;
	} cases[] = {
	    {{ROW(100, SETTINGS, "SMTP_PROTOCOL", "TSL")}, UCM104, "Set SMTP_PROTOCOL to TLS."},
	    {{ROW(100, SETTINGS, "SMTP_PROTOCOL", "ssl3")}, UCM104,
		"Set SMTP_PROTOCOL to one of STARTTLS, TLS, PLAIN."},
	    {{ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "OAUTH2")}, UCM119,
		"Set SMTP_AUTH_METHOD to XOAUTH2."},
	    {{ROW(100, SETTINGS, "SMTP_FORM_ADDR", "x")}, UCM114, "Rename it to SMTP_FROM_ADDR."},
	    {{ROW(100, SETTINGS, "SMTP_COLOUR", "x")}, UCM114,
		"Rename it to one of the documented keys."},
	    {{ROW(100, SETTINGS, "SMTPS_CERT", "CAA")}, UCM201,
		"Name CA in SMTPS_CERT, or upload the certificate."},
	};
	const struct ucm_query query = {
	    .client = 100, .agent = UCM_AGENT_ENGINE, .at = UCM_TEST_NOW};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ucm_decision decision;
		struct ucm_system system;
		struct ucm_arena arena;
		char hint[200];

		decide(cases[i].edit, &query, &system, &arena, &decision);
		assert_int_equal(decision.findings.count, 1);
		assert_int_equal(decision.findings.row[0].rule, cases[i].rule);
		ucm_finding_hint(&decision.findings.row[0], hint, sizeof(hint));
		assert_string_equal(hint, cases[i].hint);
		ucm_arena_free(&arena);
		ucm_system_free(&system);
	}
}

static void lack_of_memory_refuses(void **state)
{
	struct ucm_query query = {.client = 100,
	    .sender = UCM_SEND_MAIL,
	    .server = "EXTRA",
	    .agent = UCM_AGENT_ENGINE,
	    .at = UCM_TEST_NOW};
	struct ucm_decision decision;
	struct ucm_system system;
	struct ucm_arena arena;
	struct build build;
	size_t ceiling = 1;

	(void)state;
	build_clean(&build);
	build_edit(&build, (const struct build_edit[]){ROW(100, EXTRA, "SMTP_PORT", " 2 "), {0}});
	build_system(&build, &system);
	for (;; ceiling += 16) {
		int status;

		ucm_arena_init(&arena, NULL, ceiling);
		status = ucm_decide(&system, &query, &arena, &decision);
		ucm_arena_free(&arena);
		if (status == 0)
			break;
		assert_int_equal(decision.verdict, UCM_REFUSE);
	}
	assert_true(ceiling > 32);
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decisions_are_as_documented),
	    cmocka_unit_test(a_query_that_names_nothing_is_refused),
	    cmocka_unit_test(a_notification_has_no_server),
	    cmocka_unit_test(every_item_comes_from_its_key),
	    cmocka_unit_test(ignored_settings_are_not_shown),
	    cmocka_unit_test(only_good_certificates_of_a_bundle_are_trusted),
	    cmocka_unit_test(hints_name_what_was_probably_meant),
	    cmocka_unit_test(lack_of_memory_refuses),
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
