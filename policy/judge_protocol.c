/*
 * What SMTP_PROTOCOL means together with the other keys and with the agent.
 */
#include "policy/judge.h"

#include "policy/place.h"

/* The row that sets the protocol, or UC_CLIENT_SETTINGS where nobody does. */
static struct ucm_place protocol_place(const struct ucm_judge *judge)
{
	const struct ucm_setting *protocol = &judge->settings->setting[UCM_SMTP_PROTOCOL];

	if (protocol->row == NULL)
		return ucm_settings_place(judge->settings, ucm_keys[UCM_SMTP_PROTOCOL].name);
	return ucm_place_of_row(protocol->variable, protocol->row);
}

static struct ucm_finding at_protocol(const struct ucm_judge *judge, enum ucm_rule rule)
{
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = protocol_place(judge),
	    .value = judge->settings->setting[UCM_SMTP_PROTOCOL].text,
	};

	return finding;
}

static const char *protocol_word(const struct ucm_judge *judge)
{
	switch (judge->settings->protocol) {
	case UCM_PROTOCOL_STARTTLS:
		return "STARTTLS";
	case UCM_PROTOCOL_TLS:
		return "TLS";
	case UCM_PROTOCOL_UNSET:
	case UCM_PROTOCOL_UNKNOWN:
	case UCM_PROTOCOL_PLAIN:
		break;
	}
	return "PLAIN";
}

/* UCM105: the certificate is missing. */
static void judge_no_certificate(struct ucm_judge *judge)
{
	struct ucm_finding finding = at_protocol(judge, UCM105);

	if (judge->settings->setting[UCM_SMTPS_CERT].row != NULL)
		return;
	if (judge->lacks_client_0)
		return; /* client 0 may name it */
	finding.place.key = ucm_keys[UCM_SMTPS_CERT].name;
	finding.argument[0] = protocol_word(judge);
	ucm_judge_raise(judge, &finding);
}

/* UCM106: a certificate without use. One of the client's settings may serve its other mails where
 * it is the server's variable that asks for PLAIN. */
static void judge_idle_certificate(struct ucm_judge *judge)
{
	const struct ucm_setting *certificate = &judge->settings->setting[UCM_SMTPS_CERT];
	const struct ucm_variable *server = judge->settings->server;

	if (certificate->row == NULL)
		return;
	if (server != NULL && certificate->variable != server &&
	    judge->settings->setting[UCM_SMTP_PROTOCOL].variable == server)
		return;
	ucm_judge_raise_at(judge, UCM106, certificate, certificate->text, NULL);
}

/* UCM107 */
static void judge_plain(struct ucm_judge *judge)
{
	struct ucm_finding finding = at_protocol(judge, UCM107);

	if (judge->settings->protocol == UCM_PROTOCOL_UNSET && judge->lacks_client_0)
		return; /* client 0 may set it */
	finding.argument[0] = judge->settings->protocol == UCM_PROTOCOL_UNSET ? "not set" : "PLAIN";
	ucm_judge_raise(judge, &finding);
}

/* UCM109 */
static void judge_clear_login(struct ucm_judge *judge)
{
	const struct ucm_setting *login = &judge->settings->setting[UCM_SMTP_LOGIN];
	struct ucm_finding finding = {.rule = UCM109};

	if (login->row == NULL)
		return;
	if (judge->settings->protocol == UCM_PROTOCOL_UNSET && judge->lacks_client_0)
		return;
	finding.place = ucm_place_of_row(login->variable, login->row);
	finding.related = protocol_place(judge);
	finding.argument[0] = login->text;
	finding.value = login->text;
	ucm_judge_raise(judge, &finding);
}

/* UCM111: ports that belong to another protocol. What is said does not depend on the protocol that
 * holds, so that a port of client 0 is told once, whatever its heirs set beside it. */
static void judge_port(struct ucm_judge *judge)
{
	static const struct {
		unsigned port;
		enum ucm_protocol protocol;
		const char *usual;
	} unusual[] = {
	    {465, UCM_PROTOCOL_STARTTLS, "TLS"},
	    {465, UCM_PROTOCOL_PLAIN, "TLS"},
	    {25, UCM_PROTOCOL_TLS, "PLAIN or STARTTLS"},
	    {587, UCM_PROTOCOL_PLAIN, "STARTTLS or TLS"},
	};
	const struct ucm_setting *set = &judge->settings->setting[UCM_SMTP_PORT];
	enum ucm_protocol protocol = judge->settings->protocol;
	unsigned port;

	if (set->row == NULL || ucm_key_number(UCM_SMTP_PORT, set->text, &port) != 0)
		return;
	if (protocol == UCM_PROTOCOL_UNSET && judge->lacks_client_0)
		return;
	if (protocol == UCM_PROTOCOL_UNSET)
		protocol = UCM_PROTOCOL_PLAIN;
	for (size_t i = 0; i < sizeof(unusual) / sizeof(unusual[0]); i++)
		if (unusual[i].port == port && unusual[i].protocol == protocol)
			ucm_judge_raise_at(judge, UCM111, set, set->text, unusual[i].usual);
}

/* An agent without TLS sends in clear, whatever is wanted. */
static void judge_incapable(struct ucm_judge *judge)
{
	struct ucm_finding finding = at_protocol(judge, UCM302);

	if (ucm_judge_wants_tls(judge)) {
		finding.agents = UINT32_C(1) << judge->decision->query.agent;
		ucm_judge_raise(judge, &finding);
	} else if (judge->settings->protocol != UCM_PROTOCOL_UNKNOWN) {
		judge_plain(judge);
	}
}

void ucm_judge_protocol(struct ucm_judge *judge)
{
	struct ucm_finding opportunistic = at_protocol(judge, UCM108);

	if (judge->capability != UCM_SENDS_SECURE) {
		judge_incapable(judge);
		return;
	}
	if (judge->settings->protocol == UCM_PROTOCOL_UNKNOWN)
		return; /* UCM104 says it */
	if (ucm_judge_wants_tls(judge)) {
		judge_no_certificate(judge);
	} else {
		judge_plain(judge);
		judge_idle_certificate(judge);
		judge_clear_login(judge);
	}
	if (judge->settings->protocol == UCM_PROTOCOL_STARTTLS)
		ucm_judge_raise(judge, &opportunistic);
	judge_port(judge);
}
