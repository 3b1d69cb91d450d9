/*
 * decide(): from a query to a verdict, by way of the settings and the judges.
 */
#include "policy/decide.h"

#include <string.h>

#include "policy/address.h"
#include "policy/judge.h"
#include "policy/place.h"
#include "policy/text.h"

#define PORT_SMTP 25 /* RFC 5321 */
#define PORT_SUBMISSION 587 /* RFC 6409 */

const char *ucm_sender_name(enum ucm_sender sender)
{
	return sender == UCM_NOTIFICATION ? "notification" : "send_mail";
}

const char *ucm_verdict_name(enum ucm_verdict verdict)
{
	static const char *const names[] = {
	    [UCM_REFUSE] = "refuse",
	    [UCM_PLAIN] = "plain",
	    [UCM_OPPORTUNISTIC] = "opportunistic",
	    [UCM_FORCED] = "forced",
	};

	return names[verdict];
}

static void start(
    struct ucm_decision *decision, const struct ucm_query *query, struct ucm_arena *arena)
{
	memset(decision, 0, sizeof(*decision));
	decision->query = *query;
	decision->verdict = UCM_REFUSE;
	decision->port = PORT_SMTP;
	decision->protocol = "PLAIN";
	decision->auth_method = "PASSWORD";
	decision->timeout_s = ucm_keys[UCM_SMTP_TIMEOUT].fallback;
	decision->max_report_bytes = ucm_keys[UCM_SMTP_MAX_ATTACHMENT_SIZE].fallback;
	decision->file_attachments = 1;
	decision->findings.arena = arena;
	decision->refused_by = UCM_RULE_COUNT;
}

/* ---- From settings to what is used ---------------------------------------------------------- */

/* An address in brackets is the address. Returns -1 without memory. */
static int take_host(struct ucm_decision *decision, struct ucm_arena *arena)
{
	const char *text = decision->setting[UCM_SMTP_SERVER].text;
	size_t length;

	decision->host = text;
	if (text == NULL || text[0] != '[')
		return 0;
	length = strlen(text);
	if (length < 2 || text[length - 1] != ']')
		return 0;
	decision->host = ucm_arena_copy(arena, text + 1, length - 2);
	return decision->host == NULL ? -1 : 0;
}

static int take_sender(struct ucm_decision *decision, struct ucm_arena *arena)
{
	struct ucm_address address;

	decision->from_header = decision->setting[UCM_SMTP_FROM_ADDR].text;
	decision->reply_to = decision->setting[UCM_SMTP_REPLY_TO].text;
	if (decision->from_header == NULL ||
	    ucm_address_parse(decision->from_header, &address) != UCM_ADDRESS_OK)
		return 0;
	decision->from = ucm_arena_string(arena, address.mailbox);
	return decision->from == NULL ? -1 : 0;
}

static void take_number(const struct ucm_decision *decision, enum ucm_key key, unsigned *number)
{
	const char *text = decision->setting[key].text;

	if (text != NULL)
		(void)ucm_key_number(key, text, number); /* else the default stays */
}

static int take_login(
    struct ucm_decision *decision, const struct ucm_system *system, struct ucm_arena *arena)
{
	const struct ucm_login *login;
	const char *method = decision->setting[UCM_SMTP_AUTH_METHOD].text;
	int exact;

	decision->login = decision->setting[UCM_SMTP_LOGIN].text;
	if (decision->login != NULL) {
		login = ucm_system_login(system, decision->query.client, decision->login);
		decision->login_user = login == NULL ? NULL : login->user;
	}
	if (method != NULL) {
		method = ucm_key_word(UCM_SMTP_AUTH_METHOD, method, arena, &exact);
		if (method != NULL)
			decision->auth_method = method;
	}
	return arena->failed ? -1 : 0;
}

/* On the ports where servers speak first in clear, TLS means that STARTTLS is a must. */
static void take_protocol(struct ucm_decision *decision, enum ucm_protocol protocol)
{
	if (protocol == UCM_PROTOCOL_STARTTLS || protocol == UCM_PROTOCOL_TLS)
		decision->port = PORT_SUBMISSION;
	take_number(decision, UCM_SMTP_PORT, &decision->port);
	if (protocol == UCM_PROTOCOL_STARTTLS) {
		decision->protocol = "STARTTLS";
		decision->tls_mode = UCM_TLS_STARTTLS;
		decision->starttls_optional = decision->query.profile != UCM_STRICT;
	} else if (protocol == UCM_PROTOCOL_TLS) {
		decision->protocol = "TLS";
		decision->tls_mode =
		    decision->port == PORT_SMTP || decision->port == PORT_SUBMISSION
			? UCM_TLS_STARTTLS
			: UCM_TLS_IMPLICIT;
	}
}

static int take_settings(const struct ucm_judge *judge)
{
	struct ucm_decision *decision = judge->decision;
	const char *attachments;

	for (int key = 0; key < UCM_KEY_COUNT; key++) {
		if (judge->capability == UCM_SENDS_PLAIN &&
		    !ucm_judge_counts(judge, (enum ucm_key)key))
			continue;
		decision->setting[key] = judge->settings->setting[key];
	}
	if (take_host(decision, judge->arena) != 0 || take_sender(decision, judge->arena) != 0 ||
	    take_login(decision, judge->system, judge->arena) != 0)
		return -1;
	take_number(decision, UCM_SMTP_TIMEOUT, &decision->timeout_s);
	take_number(decision, UCM_SMTP_MAX_ATTACHMENT_SIZE, &decision->max_report_bytes);
	attachments = decision->setting[UCM_SMTP_FILE_ATTACHMENT].text;
	decision->file_attachments = attachments == NULL || !ucm_equal_nocase(attachments, "N");
	if (judge->capability != UCM_SENDS_PLAIN)
		take_protocol(decision, judge->settings->protocol);
	return 0;
}

/* ---- Verdict -------------------------------------------------------------------------------- */

static enum ucm_verdict verdict_unless_refused(const struct ucm_decision *decision)
{
	if (decision->tls_mode == UCM_TLS_NONE)
		return UCM_PLAIN;
	if (decision->trusted_count == 0)
		return UCM_REFUSE; /* nothing to trust is never everything */
	return decision->starttls_optional ? UCM_OPPORTUNISTIC : UCM_FORCED;
}

static void conclude(struct ucm_decision *decision)
{
	for (size_t i = 0; i < decision->findings.count; i++) {
		const struct ucm_finding *finding = &decision->findings.row[i];

		if ((finding->rule == UCM007 ||
			ucm_finding_refuses(finding, decision->query.profile)) &&
		    finding->rule < decision->refused_by)
			decision->refused_by = finding->rule;
	}
	if (decision->refused_by == UCM_RULE_COUNT)
		decision->verdict = verdict_unless_refused(decision);
}

static void judge_cannot_send(struct ucm_judge *judge)
{
	struct ucm_finding finding = {
	    .rule = UCM301,
	    .agents = UINT32_C(1) << judge->decision->query.agent,
	};

	finding.place = judge->settings->server != NULL
			    ? ucm_place_of_variable(judge->settings->server, NULL)
			    : ucm_settings_place(judge->settings, NULL);
	ucm_judge_raise(judge, &finding);
}

/* Judges settings into a decision that was started. Returns 0, or -1 without memory. */
static int evaluate(const struct ucm_system *system, const struct ucm_settings *settings,
    struct ucm_arena *arena, struct ucm_decision *decision)
{
	struct ucm_judge judge = {
	    .system = system,
	    .settings = settings,
	    .decision = decision,
	    .arena = arena,
	    .capability = ucm_agent_capability(decision->query.agent, decision->query.release),
	};

	if (settings->server != NULL)
		decision->server_variable = settings->server->name;
	if (take_settings(&judge) != 0)
		return -1;
	if (ucm_settings_are_cut(settings))
		return 0; /* refused; why is told at the file */
	if (judge.capability == UCM_CANNOT_SEND) {
		judge_cannot_send(&judge);
	} else if (ucm_judge_types(&judge)) {
		ucm_judge_client_0(&judge);
		ucm_judge_variables(&judge);
		ucm_judge_keys(&judge);
		ucm_judge_protocol(&judge);
		ucm_judge_trust(&judge);
	}
	if (judge.failed || arena->failed)
		return -1;
	conclude(decision);
	return 0;
}

/* ---- The two readings of UC_SMTP_<SERVER> --------------------------------------------------- */

static int same_host(const char *left, const char *right)
{
	if (left == NULL || right == NULL)
		return left == right;
	return ucm_equal_nocase(left, right);
}

static int same_outcome(const struct ucm_decision *left, const struct ucm_decision *right)
{
	if (left->verdict != right->verdict)
		return 0;
	if (left->verdict == UCM_REFUSE)
		return 1;
	return same_host(left->host, right->host) && left->port == right->port &&
	       strcmp(left->protocol, right->protocol) == 0 && left->resource == right->resource;
}

/* Findings that leave nothing to compare: the policy is not known, or a value that only one reading
 * uses is bad by itself, and that is told already. */
static int hides_readings(enum ucm_rule rule)
{
	static const enum ucm_rule hiding[] = {UCM007, UCM103, UCM104, UCM110, UCM112, UCM113,
	    UCM115, UCM116, UCM117, UCM119, UCM301, UCM310};

	for (size_t i = 0; i < sizeof(hiding) / sizeof(hiding[0]); i++)
		if (hiding[i] == rule)
			return 1;
	return 0;
}

static int can_be_compared(const struct ucm_decision *decision)
{
	for (size_t i = 0; i < decision->findings.count; i++)
		if (hides_readings(decision->findings.row[i].rule))
			return 0;
	return 1;
}

/* UCM305. Returns 0, or -1 without memory. */
static int compare_readings(const struct ucm_system *system, const struct ucm_variable *server,
    struct ucm_arena *arena, struct ucm_decision *decision)
{
	struct ucm_finding finding = {
	    .rule = UCM305,
	    .place = ucm_place_of_variable(server, NULL),
	    .argument = {server->name},
	};
	struct ucm_settings settings;
	struct ucm_decision alone;

	if (!can_be_compared(decision))
		return 0;
	start(&alone, &decision->query, arena);
	if (ucm_settings_resolve_alone(decision->query.client, server, arena, &settings) != 0 ||
	    evaluate(system, &settings, arena, &alone) != 0)
		return -1;
	if (same_outcome(decision, &alone))
		return 0;
	return ucm_findings_add(&decision->findings, &finding);
}

/* ---- The query ------------------------------------------------------------------------------ */

static int names_a_server(const struct ucm_query *query)
{
	return query->sender == UCM_SEND_MAIL && query->server != NULL &&
	       !ucm_is_blank(query->server);
}

/* Finds what the query names. Returns whether all of it is there. */
static int find_named(const struct ucm_system *system, struct ucm_decision *decision,
    const struct ucm_variable **server)
{
	const struct ucm_query *query = &decision->query;

	decision->unknown_client = !ucm_system_has_client(system, query->client);
	decision->unknown_agent =
	    ucm_agent_capability(query->agent, query->release) == UCM_NO_SUCH_AGENT;
	*server = NULL;
	if (names_a_server(query)) {
		*server = ucm_settings_server(system, query->client, query->server);
		decision->unknown_server = *server == NULL;
	}
	return !decision->unknown_client && !decision->unknown_agent && !decision->unknown_server;
}

int ucm_decide(const struct ucm_system *system, const struct ucm_query *query,
    struct ucm_arena *arena, struct ucm_decision *ret)
{
	const struct ucm_variable *server;
	struct ucm_settings settings;

	start(ret, query, arena);
	if (!find_named(system, ret, &server))
		return 0;
	if (ucm_settings_resolve(system, query->client, server, arena, &settings) != 0 ||
	    evaluate(system, &settings, arena, ret) != 0 ||
	    (server != NULL && !ucm_settings_are_cut(&settings) &&
		compare_readings(system, server, arena, ret) != 0)) {
		ret->verdict = UCM_REFUSE;
		return -1;
	}
	ucm_findings_sort(&ret->findings);
	return 0;
}
