/*
 * The driver: moves octets between a socket, TLS and the SMTP machine, and keeps the time.
 */
#include "config.h"

#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policy/text.h"
#include "session.h"
#include "session_step.h"
#include "smtp_internal.h"
#include "send.h"

static void lose(struct ucm_session *session, const struct ucm_error *error);

#define CONNECT_TIMEOUT_S 300 /* where SMTP_TIMEOUT is 0; RFC 5321 has none for connecting */

void ucm_session_remark(const struct ucm_session *session, const char *format, ...)
{
	const struct ucm_options *options = &session->handle->options;
	char line[UCM_ERROR_TEXT_MAX];
	va_list arguments;

	if (options->log == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	options->log(
	    '*', line, ucm_text_clean(line, strlen(line), line, sizeof(line)), options->log_arg);
}

/*
 * Whether another process opened the connection: this one was forked from it and has a copy. Not a
 * byte may be written to it, not even a farewell: the other still uses it, and the same keys and
 * counters must not encrypt twice.
 */
static int is_inherited(const struct ucm_session *session)
{
	return session->phase != UCM_PHASE_CLOSED && session->owner != getpid();
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
	    .ends_alone = session->smtp.ends_alone, /* the server before was the same one */
	    .chunking = handle->number[UCM_WINDOW] > 1,
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
	if (session->net == NULL)
		return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for a connection");
	session->phase = UCM_PHASE_RESOLVE;
	session->progress_ms = ucm_now_ms();
	return 0;
}

static struct ucm_session *new_session(struct ucm *handle)
{
	struct ucm_session *session =
	    ucm_resize(&handle->allocator, NULL, sizeof(struct ucm_session));

	if (session != NULL) {
		memset(session, 0, offsetof(struct ucm_session, smtp.expected));
		session->handle = handle;
		session->smtp.want = UCM_NEED_CLOSED;
		handle->session = session;
	}
	return session;
}

static void leave_to_owner(struct ucm_session *session)
{
	struct ucm_error error = {0};

	ucm_fail(&error, UCM_CLASS_AGAIN,
	    "the connection belongs to the process that this one was forked from: send again");
	lose(session, &error);
}

/* A kept connection may have been closed meanwhile: what the server said since is read now. */
static void look_at_kept(struct ucm_session *session)
{
	struct ucm_error error = {0};

	if (session->phase != UCM_PHASE_SMTP || ucm_smtp_want(&session->smtp) != UCM_NEED_IDLE)
		return;
	session->progress_ms = ucm_now_ms();
	while (ucm_net_readable(session->net)) {
		int state = ucm_session_take(session, &error);

		if (state < 0)
			lose(session, &error);
		if (state <= 0)
			return;
	}
}

struct ucm_session *ucm_session_open(struct ucm *handle, struct ucm_error *error)
{
	struct ucm_session *session = handle->session;

	if (session == NULL)
		session = new_session(handle);
	if (session == NULL) {
		ucm_fail(error, UCM_CLASS_MEMORY, "no memory for a connection");
		return NULL;
	}
	if (is_inherited(session))
		leave_to_owner(session);
	look_at_kept(session);
	if (session->phase != UCM_PHASE_CLOSED)
		return session;
	session->owner = getpid();
	session->host = handle->decision.host;
	session->port = handle->decision.port;
	memset(&session->facts, 0, sizeof(session->facts));
	session->facts.mode = "none";
	start_smtp(session);
	if (start_net(session, error) < 0)
		return NULL;
	return session;
}

/* ---- Closing -------------------------------------------------------------------------------- */

/* Takes the connection down without a word. */
static void drop(struct ucm_session *session)
{
	if (session->smtp.banner[0] != '\0')
		memcpy(session->facts.banner, session->smtp.banner, sizeof(session->facts.banner));
	if (session->tls != NULL) {
		struct ucm_tls_session *kept = ucm_tls_keep(session->tls);

		if (!is_inherited(session))
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

/*
 * QUIT before the connection is given up, where it still stands and the server keeps to the
 * protocol (RFC 5321 section 4.1.1.10). Nobody waits for its reply.
 */
static void say_goodbye(struct ucm_session *session, enum ucm_class class)
{
	static const char quit[] = "QUIT\r\n";
	struct ucm_error ignored = {0};

	if (session->phase != UCM_PHASE_SMTP || class == UCM_CLASS_PROTOCOL ||
	    session->smtp.fatal.code == 421)
		return;
	ucm_smtp_remark(&session->smtp, 'C', "QUIT");
	if (session->tls != NULL)
		(void)ucm_tls_write(session->tls, quit, sizeof(quit) - 1, &ignored);
	else
		(void)ucm_net_write(session->net, quit, sizeof(quit) - 1, &ignored);
}

/* Ends the connection because of an error; decides all mails. */
static void lose(struct ucm_session *session, const struct ucm_error *error)
{
	ucm_session_remark(session, "%s", error->text);
	ucm_smtp_lost(&session->smtp, error);
	drop(session);
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

	if (session->net != NULL)
		timer = ucm_net_timer_ms(session->net, now);
	if (left <= 0)
		return 0;
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

	if (session->phase == UCM_PHASE_SMTP)
		waited = ucm_smtp_awaited(&session->smtp);
	else if (session->phase == UCM_PHASE_CONNECT)
		ucm_net_tried(session->net, tried, sizeof(tried));
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
	    [UCM_STEP_CHUNK] = UCM_AT_RECIPIENT,
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

	if (session->phase != UCM_PHASE_SMTP)
		return of_phase[session->phase];
	if (smtp->want == UCM_NEED_LOGIN)
		return UCM_AT_LOGIN;
	return smtp->expected_count > 0 ? of_step[smtp->expected[smtp->expected_first].step]
					: UCM_AT_END;
}

void ucm_session_watch(struct ucm_session *session)
{
	enum ucm_milestone now = UCM_AT_END;

	if (session->watch == NULL)
		return;
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

	if (is_inherited(session)) {
		leave_to_owner(session);
		return UCM_OK;
	}
	while (state > 0 && session->phase != UCM_PHASE_CLOSED) {
		state = ucm_session_step(session, &error);
		if (state >= 0)
			ucm_session_watch(session);
		if (state >= 0 && session->smtp.want == UCM_NEED_CLOSED) {
			drop(session);
			return UCM_OK;
		}
		if (state == 0 && session->wants != UCM_OK && ucm_now_ms() >= due_ms(session))
			state = fail_timeout(session, &error);
		else if (state > 0 && session->deadline_ms > 0 &&
			 ucm_now_ms() >= session->deadline_ms)
			state = fail_timeout(session, &error);
	}
	if (state < 0) {
		if (session->smtp.error.class != UCM_CLASS_OK) {
			error = session->smtp.error;
			say_goodbye(session, error.class);
		} else if (error.class == UCM_CLASS_POLICY) {
			say_goodbye(session, error.class); /* there is no password */
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

		if (left <= 0 || poll(&waiting, 1, (int)left) <= 0)
			return;
	}
}

void ucm_session_close(struct ucm_session *session, int wait_ms)
{
	struct ucm_error error = {0};

	if (session->phase == UCM_PHASE_SMTP && !is_inherited(session) &&
	    ucm_smtp_want(&session->smtp) == UCM_NEED_IDLE) {
		ucm_smtp_quit(&session->smtp);
		if (ucm_session_flush(session, &error) > 0 && wait_ms > 0)
			wait_for_end(session, wait_ms);
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
	if (handle != NULL && handle->session != NULL && handle->send == NULL)
		ucm_session_close(handle->session, UCM_QUIT_WAIT_MS);
}
