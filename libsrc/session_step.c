/*
 * One step of a connection: moves octets between a socket, TLS and the SMTP machine.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "policy/text.h"
#include "send.h"
#include "session_login.h"
#include "session_step.h"

#define READ_ROOM 4096

/* ---- TLS ------------------------------------------------------------------------------------ */

static void note_certificate(struct ucm_session *session)
{
	const struct ucm_cert *cert = ucm_tls_presented(session->tls);
	struct ucm_session_facts *facts = &session->facts;

	if (cert == NULL)
		return;
	ucm_hex(cert->sha256, sizeof(cert->sha256), facts->sha256);
	snprintf(facts->subject, sizeof(facts->subject), "%s", cert->subject);
	snprintf(facts->issuer, sizeof(facts->issuer), "%s", cert->issuer);
	ucm_time_format(cert->not_after, facts->not_after);
}

static int start_tls(struct ucm_session *session, struct ucm_error *error)
{
	struct ucm *handle = session->handle;
	const struct ucm_decision *decision = &handle->decision;
	const struct ucm_tls_options options = {
	    .allocator = &handle->allocator,
	    .net = session->net,
	    .rules = {.trusted = decision->trusted,
		.trusted_count = decision->trusted_count,
		.host = decision->host,
		.now = ucm_handle_now(handle),
		.strict = decision->query.profile == UCM_STRICT},
	    .starttls = decision->tls_mode == UCM_TLS_STARTTLS,
	    .want_binding = decision->login != NULL,
	    .resume = session->kept,
	};

	session->facts.mode = options.starttls ? "starttls" : "implicit";
	session->tls = ucm_tls_new(&options, error);
	if (session->tls == NULL)
		return -1;
	session->phase = UCM_PHASE_HANDSHAKE;
	return 0;
}

static int run_handshake(struct ucm_session *session, struct ucm_error *error)
{
	unsigned char binding[UCM_BINDING_MAX];
	const char *name = NULL;
	struct ucm_tls_facts facts;
	int state = ucm_tls_handshake(session->tls, error);

	if (state == UCM_WANT_READ || state == UCM_WANT_WRITE)
		return state;
	note_certificate(session);
	if (state < 0)
		return -1;
	ucm_tls_facts(session->tls, &facts);
	snprintf(session->facts.version, sizeof(session->facts.version), "%s", facts.version);
	snprintf(session->facts.cipher, sizeof(session->facts.cipher), "%s", facts.cipher);
	session->facts.resumed = facts.resumed;
	ucm_session_remark(session, "%s %s, certificate %s%s", facts.version, facts.cipher,
	    session->facts.subject, facts.resumed ? ", resumed" : "");
	ucm_smtp_tls_done(&session->smtp, session->handle->decision.login != NULL &&
					      ucm_tls_binding(session->tls, binding, &name) > 0);
	session->phase = UCM_PHASE_SMTP;
	return UCM_OK;
}

/* ---- SMTP ----------------------------------------------------------------------------------- */

static ssize_t read_some(
    struct ucm_session *session, void *bytes, size_t room, struct ucm_error *error)
{
	return session->tls != NULL ? ucm_tls_read(session->tls, bytes, room, error)
				    : ucm_net_read(session->net, bytes, room, error);
}

/* Reads and feeds once. 1: something came; 0: nothing now; -1: the session is over. */
int ucm_session_take(struct ucm_session *session, struct ucm_error *error)
{
	unsigned char bytes[READ_ROOM];
	ssize_t got = read_some(session, bytes, sizeof(bytes), error);

	if (got == UCM_NET_BLOCKED)
		return 0;
	if (got < 0)
		return -1;
	if (got == 0) {
		return ucm_fail(error, UCM_CLASS_AGAIN,
		    "the server closed the connection instead of %s",
		    ucm_smtp_awaited(&session->smtp));
	}
	session->progress_ms = ucm_now_ms();
	return ucm_smtp_feed(&session->smtp, bytes, (size_t)got) < 0 ? -1 : 1;
}

/* Writes the output. 1: all is out; 0: blocked; -1: lost. */
int ucm_session_flush(struct ucm_session *session, struct ucm_error *error)
{
	const char *bytes = NULL;
	size_t size = 0;

	ucm_net_expect_more(session->net, ucm_smtp_want(&session->smtp) == UCM_NEED_BODY);
	while ((size = ucm_smtp_output(&session->smtp, &bytes)) > 0) {
		ssize_t put = session->tls != NULL
				  ? ucm_tls_write(session->tls, bytes, size, error)
				  : ucm_net_write(session->net, bytes, size, error);

		if (put == UCM_NET_BLOCKED && session->tls != NULL) {
			ucm_smtp_attempted(
			    &session->smtp, size); /* part of the record may be out */
		}
		if (put == UCM_NET_BLOCKED)
			return 0;
		if (put < 0) {
			ucm_smtp_attempted(&session->smtp, size);
			return -1;
		}
		session->progress_ms = ucm_now_ms();
		ucm_smtp_sent(&session->smtp, (size_t)put);
	}
	return 1;
}

/* Fills the output with the message. -1: it cannot be read. */
static int fill(struct ucm_session *session, struct ucm_error *error)
{
	char bytes[UCM_SMTP_OUTPUT_MAX / UCM_BODY_GROWTH];
	size_t room = 0;

	while (ucm_smtp_want(&session->smtp) == UCM_NEED_BODY &&
	       (room = ucm_smtp_body_room(&session->smtp)) > 0) {
		ssize_t got =
		    ucm_send_read_body(session->handle, &session->smtp, bytes, room, error);

		if (got < 0)
			return -1;
		if (got == 0)
			ucm_smtp_body_end(&session->smtp);
		else
			ucm_smtp_body(&session->smtp, bytes, (size_t)got);
	}
	return 0;
}

/* The reply to STARTTLS is in: nothing may wait behind it. */
static int switch_to_tls(struct ucm_session *session, struct ucm_error *error)
{
	if (ucm_reply_pending(&session->smtp.parser) || ucm_net_readable(session->net)) {
		if (ucm_session_take(session, error) < 0)
			return -1;
	}
	return start_tls(session, error);
}

/* One round: write, then do what is wanted. 1: go on; 0: session->wants says what is waited for. */
static int round_trip(struct ucm_session *session, struct ucm_error *error)
{
	int written = 0;
	int taken = 0;

	if (fill(session, error) < 0)
		return -1;
	if (ucm_smtp_is_ending(&session->smtp) && ucm_net_readable(session->net)) {
		/* A connection that is lost already must not get the final dot: nobody would know
		 * what became of the mail. */
		taken = ucm_session_take(session, error);
		if (taken != 0)
			return taken;
	}
	written = ucm_session_flush(session, error);
	if (written < 0) {
		/* The server may have said why before it closed. */
		struct ucm_error ignored = {0};

		while (ucm_session_take(session, &ignored) > 0) {
		}
		return session->smtp.want == UCM_NEED_CLOSED ? 1 : -1;
	}
	switch (written > 0 ? ucm_smtp_want(&session->smtp) : UCM_NEED_READ) {
	case UCM_NEED_BODY:
		return 1;
	case UCM_NEED_STARTTLS:
		return switch_to_tls(session, error) < 0 ? -1 : 1;
	case UCM_NEED_LOGIN:
		return ucm_session_login(session, error) < 0 ? -1 : 1;
	case UCM_NEED_IDLE:
		session->wants = UCM_OK;
		return 0;
	case UCM_NEED_READ:
	case UCM_NEED_CLOSED:
	default:
		break;
	}
	if (session->smtp.want == UCM_NEED_CLOSED)
		return 1;
	taken = ucm_session_take(session, error);
	if (taken != 0)
		return taken;
	session->wants = written > 0 ? UCM_WANT_READ : UCM_WANT_WRITE;
	return 0;
}

static void connected(struct ucm_session *session)
{
	const char *configured = session->handle->text[UCM_HELO_NAME];

	snprintf(session->facts.address, sizeof(session->facts.address), "%s",
	    ucm_net_address(session->net));
	if (configured != NULL)
		snprintf(session->helo, sizeof(session->helo), "%s", configured);
	else
		ucm_net_literal(session->net, session->helo);
	session->progress_ms = ucm_now_ms();
	ucm_session_remark(session, "connected to %s port %u (%s)", session->host, session->port,
	    session->facts.address);
}

/* One step of any phase. 1: go on; 0: wait or idle; -1: error. */
int ucm_session_step(struct ucm_session *session, struct ucm_error *error)
{
	int state = UCM_OK;

	switch (session->phase) {
	case UCM_PHASE_RESOLVE:
	case UCM_PHASE_CONNECT:
		state = ucm_net_connect(session->net, ucm_now_ms(), error);
		session->phase =
		    ucm_net_is_resolving(session->net) ? UCM_PHASE_RESOLVE : UCM_PHASE_CONNECT;
		ucm_session_watch(session); /* both may be over at once */
		if (state == UCM_OK) {
			connected(session);
			if (session->smtp.options.mode == UCM_TLS_IMPLICIT)
				return start_tls(session, error) < 0 ? -1 : 1;
			session->phase = UCM_PHASE_SMTP;
			return 1;
		}
		break;
	case UCM_PHASE_HANDSHAKE:
		state = run_handshake(session, error);
		if (state == UCM_OK) {
			session->progress_ms = ucm_now_ms();
			return 1;
		}
		break;
	case UCM_PHASE_SMTP:
		return round_trip(session, error);
	case UCM_PHASE_CLOSED:
	default:
		return 0;
	}
	session->wants = state;
	return state < 0 ? -1 : 0;
}
