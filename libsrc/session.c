/*
 * The driver: moves octets between a socket, TLS and the SMTP machine, and keeps the time.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "policy/text.h"
#include "session.h"
#include "session_login.h"
#include "send.h"

static int take(struct ucm_session *session, struct ucm_error *error);
static void lose(struct ucm_session *session, const struct ucm_error *error);
static void watch(struct ucm_session *session);

#define READ_ROOM 4096
#define CONNECT_TIMEOUT_S 300 /* where SMTP_TIMEOUT is 0; RFC 5321 has none for connecting */

void ucm_session_remark(const struct ucm_session *session, const char *format, ...)
{
	const struct ucm_options *options = &session->handle->options;
	char line[UCM_ERROR_TEXT_MAX];
	va_list arguments;

	if (options->log == NULL) {
		return;
	}
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	options->log('*', line, strlen(line), options->log_arg);
}

/* ---- Opening -------------------------------------------------------------------------------- */

static void start_smtp(struct ucm_session *session)
{
	struct ucm *handle = session->handle;
	const struct ucm_decision *decision = &handle->decision;
	const struct ucm_smtp_options options = {
	    .allocator = &handle->allocator,
	    .helo = session->helo,
	    .mode = decision->verdict == UCM_PLAIN ? UCM_TLS_NONE : decision->tls_mode,
	    .starttls_optional = decision->starttls_optional,
	    .auth_method = decision->login != NULL ? decision->auth_method : NULL,
	    .allow_clear_login = handle->number[UCM_ALLOW_CLEAR_LOGIN] == 1,
	    .host = session->host,
	    .log = handle->options.log,
	    .log_arg = handle->options.log_arg,
	};

	ucm_smtp_free(&session->smtp);
	ucm_smtp_init(&session->smtp, &options);
}

static int start_net(struct ucm_session *session, struct ucm_error *error)
{
	struct ucm *handle = session->handle;
	const struct ucm_connect_to *rule =
	    ucm_handle_connect_to(handle, session->host, session->port);
	struct ucm_net_options options = {
	    .allocator = &handle->allocator,
	    .host = session->host,
	    .port = session->port,
	    .dial = handle->options.dial,
	    .dial_arg = handle->options.dial_arg,
	};

	if (rule != NULL && options.dial == NULL) {
		options.host = rule->address != NULL && rule->address[0] != '\0' ? rule->address
										 : session->host;
		options.port = rule->to_port != 0 ? rule->to_port : session->port;
	}
	session->net = ucm_net_start(&options);
	if (session->net == NULL) {
		return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for a connection");
	}
	session->phase = UCM_PHASE_RESOLVE;
	session->progress_ms = ucm_now_ms();
	return 0;
}

static struct ucm_session *new_session(struct ucm *handle)
{
	struct ucm_session *session =
	    ucm_resize(&handle->allocator, NULL, sizeof(struct ucm_session));

	if (session != NULL) {
		memset(session, 0, sizeof(*session));
		session->handle = handle;
		session->smtp.want = UCM_NEED_CLOSED;
		handle->session = session;
	}
	return session;
}

/* A kept connection may have been closed meanwhile: what the server said since is read now. */
static void look_at_kept(struct ucm_session *session)
{
	struct ucm_error error = {0};

	if (session->phase != UCM_PHASE_SMTP || ucm_smtp_want(&session->smtp) != UCM_NEED_IDLE) {
		return;
	}
	session->progress_ms = ucm_now_ms();
	while (ucm_net_readable(session->net)) {
		int state = take(session, &error);

		if (state < 0) {
			lose(session, &error);
		}
		if (state <= 0) {
			return;
		}
	}
}

struct ucm_session *ucm_session_open(struct ucm *handle, struct ucm_error *error)
{
	struct ucm_session *session = handle->session;

	if (session == NULL) {
		session = new_session(handle);
	}
	if (session == NULL) {
		ucm_fail(error, UCM_CLASS_MEMORY, "no memory for a connection");
		return NULL;
	}
	look_at_kept(session);
	if (session->phase != UCM_PHASE_CLOSED) {
		return session;
	}
	session->host = handle->decision.host;
	session->port = handle->decision.port;
	memset(&session->facts, 0, sizeof(session->facts));
	session->facts.mode = "none";
	start_smtp(session);
	if (start_net(session, error) < 0) {
		return NULL;
	}
	return session;
}

/* ---- Closing -------------------------------------------------------------------------------- */

/* Takes the connection down without a word. */
static void drop(struct ucm_session *session)
{
	if (session->smtp.banner[0] != '\0') {
		memcpy(session->facts.banner, session->smtp.banner, sizeof(session->facts.banner));
	}
	if (session->tls != NULL) {
		struct ucm_tls_session *kept = ucm_tls_keep(session->tls);

		ucm_tls_shutdown(session->tls);
		if (kept != NULL) {
			ucm_tls_session_free(session->kept);
			session->kept = kept;
		}
		ucm_tls_free(session->tls);
		session->tls = NULL;
	}
	ucm_net_free(session->net);
	session->net = NULL;
	session->phase = UCM_PHASE_CLOSED;
	session->wants = UCM_OK;
}

/* Ends the connection because of an error; decides all mails. */
static void lose(struct ucm_session *session, const struct ucm_error *error)
{
	ucm_session_remark(session, "%s", error->text);
	ucm_smtp_lost(&session->smtp, error);
	drop(session);
}

/* ---- TLS ------------------------------------------------------------------------------------ */

static void note_certificate(struct ucm_session *session)
{
	const struct ucm_cert *cert = ucm_tls_presented(session->tls);
	struct ucm_session_facts *facts = &session->facts;

	if (cert == NULL) {
		return;
	}
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
	if (session->tls == NULL) {
		return -1;
	}
	session->phase = UCM_PHASE_HANDSHAKE;
	return 0;
}

static int run_handshake(struct ucm_session *session, struct ucm_error *error)
{
	unsigned char binding[UCM_BINDING_MAX];
	const char *name = NULL;
	struct ucm_tls_facts facts;
	int state = ucm_tls_handshake(session->tls, error);

	if (state == UCM_WANT_READ || state == UCM_WANT_WRITE) {
		return state;
	}
	note_certificate(session);
	if (state < 0) {
		return -1;
	}
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
static int take(struct ucm_session *session, struct ucm_error *error)
{
	unsigned char bytes[READ_ROOM];
	ssize_t got = read_some(session, bytes, sizeof(bytes), error);

	if (got == UCM_NET_BLOCKED) {
		return 0;
	}
	if (got < 0) {
		return -1;
	}
	if (got == 0) {
		return ucm_fail(error, UCM_CLASS_AGAIN,
		    "the server closed the connection instead of %s",
		    ucm_smtp_awaited(&session->smtp));
	}
	session->progress_ms = ucm_now_ms();
	return ucm_smtp_feed(&session->smtp, bytes, (size_t)got) < 0 ? -1 : 1;
}

/* Writes the output. 1: all is out; 0: blocked; -1: lost. */
static int flush(struct ucm_session *session, struct ucm_error *error)
{
	const char *bytes = NULL;
	size_t size = 0;

	while ((size = ucm_smtp_output(&session->smtp, &bytes)) > 0) {
		ssize_t put = session->tls != NULL
				  ? ucm_tls_write(session->tls, bytes, size, error)
				  : ucm_net_write(session->net, bytes, size, error);

		if (put == UCM_NET_BLOCKED && session->tls != NULL) {
			ucm_smtp_attempted(
			    &session->smtp, size); /* part of the record may be out */
		}
		if (put == UCM_NET_BLOCKED) {
			return 0;
		}
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

		if (got < 0) {
			return -1;
		}
		if (got == 0) {
			ucm_smtp_body_end(&session->smtp);
		} else {
			ucm_smtp_body(&session->smtp, bytes, (size_t)got);
		}
	}
	return 0;
}

/* The reply to STARTTLS is in: nothing may wait behind it. */
static int switch_to_tls(struct ucm_session *session, struct ucm_error *error)
{
	if (ucm_reply_pending(&session->smtp.parser) || ucm_net_readable(session->net)) {
		if (take(session, error) < 0) {
			return -1;
		}
	}
	return start_tls(session, error);
}

/* One round: write, then do what is wanted. 1: go on; 0: session->wants says what is waited for. */
static int round_trip(struct ucm_session *session, struct ucm_error *error)
{
	int written = 0;
	int taken = 0;

	if (fill(session, error) < 0) {
		return -1;
	}
	written = flush(session, error);
	if (written < 0) {
		/* The server may have said why before it closed. */
		struct ucm_error ignored = {0};

		while (take(session, &ignored) > 0) {
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
	if (session->smtp.want == UCM_NEED_CLOSED) {
		return 1;
	}
	taken = take(session, error);
	if (taken != 0) {
		return taken;
	}
	session->wants = written > 0 ? UCM_WANT_READ : UCM_WANT_WRITE;
	return 0;
}

static void connected(struct ucm_session *session)
{
	const char *configured = session->handle->text[UCM_HELO_NAME];

	snprintf(session->facts.address, sizeof(session->facts.address), "%s",
	    ucm_net_address(session->net));
	if (configured != NULL) {
		snprintf(session->helo, sizeof(session->helo), "%s", configured);
	} else {
		ucm_net_literal(session->net, session->helo);
	}
	session->progress_ms = ucm_now_ms();
	ucm_session_remark(session, "connected to %s port %u (%s)", session->host, session->port,
	    session->facts.address);
}

/* One step of any phase. 1: go on; 0: wait or idle; -1: error. */
static int step(struct ucm_session *session, struct ucm_error *error)
{
	int state = UCM_OK;

	switch (session->phase) {
	case UCM_PHASE_RESOLVE:
	case UCM_PHASE_CONNECT:
		state = ucm_net_connect(session->net, ucm_now_ms(), error);
		session->phase =
		    ucm_net_is_resolving(session->net) ? UCM_PHASE_RESOLVE : UCM_PHASE_CONNECT;
		watch(session); /* both may be over at once */
		if (state == UCM_OK) {
			connected(session);
			if (session->smtp.options.mode == UCM_TLS_IMPLICIT) {
				return start_tls(session, error) < 0 ? -1 : 1;
			}
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

/* ---- Time ----------------------------------------------------------------------------------- */

static int64_t inactivity_ms(const struct ucm_session *session)
{
	const long item = session->handle->number[UCM_TIMEOUT];
	unsigned long seconds =
	    item >= 0 ? (unsigned long)item : session->handle->decision.timeout_s;

	if (seconds == 0) {
		seconds = session->phase == UCM_PHASE_SMTP ? ucm_smtp_timeout(&session->smtp)
							   : CONNECT_TIMEOUT_S;
	}
	return (int64_t)seconds * 1000;
}

static int64_t due_ms(const struct ucm_session *session)
{
	const int64_t inactive = session->progress_ms + inactivity_ms(session);

	return session->deadline_ms > 0 && session->deadline_ms < inactive ? session->deadline_ms
									   : inactive;
}

long ucm_session_timeout_ms(const struct ucm_session *session)
{
	const int64_t now = ucm_now_ms();
	const int64_t left = due_ms(session) - now;
	long timer = -1;

	if (session->net != NULL) {
		timer = ucm_net_timer_ms(session->net, now);
	}
	if (left <= 0) {
		return 0;
	}
	return timer >= 0 && timer < left ? timer : (long)left;
}

static int fail_timeout(struct ucm_session *session, struct ucm_error *error)
{
	static const char *const waits[] = {
	    [UCM_PHASE_CLOSED] = "nothing",
	    [UCM_PHASE_RESOLVE] = "the name look-up",
	    [UCM_PHASE_CONNECT] = "the connection",
	    [UCM_PHASE_HANDSHAKE] = "the TLS handshake",
	    [UCM_PHASE_SMTP] = "",
	};
	char tried[UCM_ERROR_TEXT_MAX / 2] = "";
	const char *waited = waits[session->phase];

	if (session->phase == UCM_PHASE_SMTP) {
		waited = ucm_smtp_awaited(&session->smtp);
	} else if (session->phase == UCM_PHASE_CONNECT) {
		ucm_net_tried(session->net, tried, sizeof(tried));
	}
	error->timed_out = 1;
	return ucm_fail(error, UCM_CLASS_AGAIN, "%s: time-out while waiting for %s%s%s",
	    session->host, waited, tried[0] != '\0' ? "; tried " : "", tried);
}

/* ---- Watching ------------------------------------------------------------------------------- */

enum ucm_milestone ucm_session_milestone(const struct ucm_session *session)
{
	static const enum ucm_milestone of_step[UCM_STEP_COUNT] = {
	    [UCM_STEP_GREETING] = UCM_AT_GREETING,
	    [UCM_STEP_EHLO] = UCM_AT_CAPABILITIES,
	    [UCM_STEP_HELO] = UCM_AT_CAPABILITIES,
	    [UCM_STEP_STARTTLS] = UCM_AT_STARTTLS,
	    [UCM_STEP_AUTH] = UCM_AT_LOGIN,
	    [UCM_STEP_MAIL] = UCM_AT_RECIPIENT,
	    [UCM_STEP_RCPT] = UCM_AT_RECIPIENT,
	    [UCM_STEP_DATA] = UCM_AT_RECIPIENT,
	    [UCM_STEP_END] = UCM_AT_RECIPIENT,
	    [UCM_STEP_RSET] = UCM_AT_RECIPIENT,
	    [UCM_STEP_QUIT] = UCM_AT_QUIT,
	};
	static const enum ucm_milestone of_phase[] = {
	    [UCM_PHASE_CLOSED] = UCM_AT_END,
	    [UCM_PHASE_RESOLVE] = UCM_AT_RESOLVE,
	    [UCM_PHASE_CONNECT] = UCM_AT_CONNECT,
	    [UCM_PHASE_HANDSHAKE] = UCM_AT_CERTIFICATE,
	    [UCM_PHASE_SMTP] = UCM_AT_END,
	};
	const struct ucm_smtp *smtp = &session->smtp;

	if (session->phase != UCM_PHASE_SMTP) {
		return of_phase[session->phase];
	}
	if (smtp->want == UCM_NEED_LOGIN) {
		return UCM_AT_LOGIN;
	}
	return smtp->expected_count > 0 ? of_step[smtp->expected[smtp->expected_first].step]
					: UCM_AT_END;
}

static void watch(struct ucm_session *session)
{
	enum ucm_milestone now = UCM_AT_END;

	if (session->watch == NULL) {
		return;
	}
	now = ucm_session_milestone(session);
	if (now != session->watched) {
		session->watched = now;
		session->watch(session, now, session->watch_arg);
	}
}

/* ---- Run ------------------------------------------------------------------------------------ */

int ucm_session_run(struct ucm_session *session)
{
	struct ucm_error error = {0};
	int state = 1;

	while (state > 0 && session->phase != UCM_PHASE_CLOSED) {
		state = step(session, &error);
		if (state >= 0) {
			watch(session);
		}
		if (state >= 0 && session->smtp.want == UCM_NEED_CLOSED) {
			drop(session);
			return UCM_OK;
		}
		if (state == 0 && session->wants != UCM_OK && ucm_now_ms() >= due_ms(session)) {
			state = fail_timeout(session, &error);
		} else if (state > 0 && session->deadline_ms > 0 &&
			   ucm_now_ms() >= session->deadline_ms) {
			state = fail_timeout(session, &error);
		}
	}
	if (state < 0) {
		if (session->smtp.error.class != UCM_CLASS_OK) {
			error = session->smtp.error;
		}
		lose(session, &error);
		return UCM_OK;
	}
	return session->wants;
}

int ucm_session_descriptor(const struct ucm_session *session)
{
	return session->net != NULL ? ucm_net_descriptor(session->net) : -1;
}

/* Waits for the reply to QUIT, without the patience of a send. */
static void wait_for_end(struct ucm_session *session, int wait_ms)
{
	const int64_t until = ucm_now_ms() + wait_ms;

	session->deadline_ms = until;
	while (ucm_session_run(session) != UCM_OK && session->phase != UCM_PHASE_CLOSED) {
		struct pollfd waiting = {.fd = ucm_session_descriptor(session),
		    .events = session->wants == UCM_WANT_WRITE ? POLLOUT : POLLIN};
		const int64_t left = until - ucm_now_ms();

		if (left <= 0 || poll(&waiting, 1, (int)left) <= 0) {
			return;
		}
	}
}

void ucm_session_close(struct ucm_session *session, int wait_ms)
{
	struct ucm_error error = {0};

	if (session->phase == UCM_PHASE_SMTP && ucm_smtp_want(&session->smtp) == UCM_NEED_IDLE) {
		ucm_smtp_quit(&session->smtp);
		if (flush(session, &error) > 0 && wait_ms > 0) {
			wait_for_end(session, wait_ms);
		}
	}
	if (session->phase != UCM_PHASE_CLOSED) {
		ucm_fail(&error, UCM_CLASS_AGAIN, "the connection was closed by the caller");
		ucm_smtp_lost(&session->smtp, &error);
		drop(session);
	}
}

void ucm_session_free(struct ucm *handle)
{
	struct ucm_session *session = handle->session;

	if (session != NULL) {
		ucm_session_close(session, 0);
		ucm_tls_session_free(session->kept);
		ucm_smtp_free(&session->smtp);
		ucm_resize(&handle->allocator, session, 0);
		handle->session = NULL;
	}
	ucm_send_free_all(handle);
}

void ucm_disconnect(struct ucm *handle)
{
	if (handle->session != NULL && handle->send == NULL) {
		ucm_session_close(handle->session, UCM_QUIT_WAIT_MS);
	}
}
