/*
 * Sending: policy, message, connection, outcome. Nothing is ever sent twice.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "send.h"

#define DEADLINE_FACTOR 10 /* times SMTP_TIMEOUT */
#define DEADLINE_MIN_S 60
#define DEADLINE_RFC_S 3600 /* SMTP_TIMEOUT 0: the time-outs of RFC 5321 must fit */

int64_t ucm_send_deadline_ms(const struct ucm *handle)
{
	const long item = handle->number[UCM_TIMEOUT];
	const int64_t timeout = item >= 0 ? item : (int64_t)handle->decision.timeout_s;
	int64_t seconds = timeout * DEADLINE_FACTOR;

	if (seconds < DEADLINE_MIN_S)
		seconds = DEADLINE_MIN_S;
	if (timeout == 0)
		seconds = DEADLINE_RFC_S;
	if (handle->number[UCM_DEADLINE] >= 0)
		seconds = handle->number[UCM_DEADLINE];
	return ucm_now_ms() + seconds * 1000;
}

/* ---- Outcome -------------------------------------------------------------------------------- */

struct ucm_outcome *ucm_send_outcome(struct ucm *handle, size_t recipients)
{
	const struct ucm_decision *decision = &handle->decision;
	struct ucm_outcome *outcome = ucm_outcome_new(handle, recipients);
	const long client = handle->number[UCM_CLIENT];

	if (outcome == NULL)
		return NULL;
	outcome->number[UCM_OUTCOME_CLIENT] = client >= 0 ? client : 0;
	/* Texts that find no memory are left out: who was served matters more. */
	(void)ucm_outcome_set(outcome, UCM_OUTCOME_TLS_MODE, "none");
	if (!handle->decided)
		return outcome;
	outcome->number[UCM_OUTCOME_PORT] = (long)decision->port;
	(void)ucm_outcome_set(outcome, UCM_OUTCOME_DECISION, ucm_verdict_name(decision->verdict));
	(void)ucm_outcome_set(outcome, UCM_OUTCOME_HOST, decision->host);
	return outcome;
}

void ucm_send_note_connection(struct ucm_outcome *outcome, const struct ucm_session *session)
{
	const struct ucm_session_facts *facts = NULL;
	const struct ucm_decision *decision = &outcome->handle->decision;
	size_t i = 0;

	if (session == NULL)
		return;
	facts = &session->facts;
	{
		const struct {
			enum ucm_outcome_text_field field;
			const char *text;
		} texts[] = {
		    {UCM_OUTCOME_TLS_MODE, facts->mode},
		    {UCM_OUTCOME_TLS_VERSION, facts->version},
		    {UCM_OUTCOME_TLS_CIPHER, facts->cipher},
		    {UCM_OUTCOME_PEER_SHA256, facts->sha256},
		    {UCM_OUTCOME_PEER_SUBJECT, facts->subject},
		    {UCM_OUTCOME_PEER_ISSUER, facts->issuer},
		    {UCM_OUTCOME_PEER_NOT_AFTER, facts->not_after},
		    {UCM_OUTCOME_ADDRESS, facts->address},
		    {UCM_OUTCOME_BANNER,
			facts->banner[0] != '\0' ? facts->banner : session->smtp.banner},
		};

		for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			if (texts[i].text != NULL && texts[i].text[0] != '\0')
				(void)ucm_outcome_set(outcome, texts[i].field, texts[i].text);
	}
	if (facts->version[0] != '\0' && decision->resource != NULL)
		(void)ucm_outcome_set(outcome, UCM_OUTCOME_TRUSTED_BY, decision->resource->name);
	outcome->number[UCM_OUTCOME_RESUMED] = facts->resumed;
}

static void note_reply(struct ucm_send *send, const struct ucm_session *session)
{
	const struct ucm_reply *reply = &send->mail.reply;
	char text[UCM_REPLY_TEXT_MAX + UCM_ENHANCED_MAX + 8];

	if (reply->code == 0 && session != NULL)
		reply = &session->smtp.fatal;
	if (reply->code == 0)
		return;
	snprintf(text, sizeof(text), "%d %s%s%s", UCM_REPLY_WORDS(reply));
	(void)ucm_outcome_set(send->outcome, UCM_OUTCOME_REPLY, text);
}

static void conclude(struct ucm *handle, struct ucm_send *send, const struct ucm_error *error)
{
	struct ucm_outcome *outcome = send->outcome;
	const int begun = send->mail.stage != UCM_MAIL_WAITING;

	ucm_send_note_connection(outcome, begun ? handle->session : NULL);
	note_reply(send, begun ? handle->session : NULL);
	(void)ucm_outcome_set(outcome, UCM_OUTCOME_MESSAGE_ID, ucm_message_id(send->message));
	outcome->number[UCM_OUTCOME_PLAINTEXT] = send->plaintext;
	ucm_outcome_conclude(outcome, error);
	if (error->class != UCM_CLASS_OK)
		handle->error = *error;
	send->done = 1;
}

/* ---- Queueing ------------------------------------------------------------------------------- */

/* Everything before the connection. */
static void get_ready(struct ucm *handle, struct ucm_message *message,
    struct ucm_message_needs *needs, struct ucm_error *error)
{
	ucm_error_clear(&handle->error);
	if (ucm_handle_decide(handle) < 0) {
		*error = handle->error;
		return;
	}
	if (ucm_handle_refuses(handle, error) == 0)
		(void)ucm_message_prepare_now(message, needs, error);
}

static int copy_addresses(struct ucm *handle, struct ucm_send *send)
{
	size_t i = 0;

	for (i = 0; i < send->outcome->count; i++) {
		char *address = ucm_handle_copy(handle, ucm_message_recipient(send->message, i));

		if (address == NULL)
			return -1;
		send->outcome->result[i].address = address;
	}
	return 0;
}

static struct ucm_send *new_send(struct ucm *handle, struct ucm_message *message)
{
	struct ucm_send *send = ucm_resize(&handle->allocator, NULL, sizeof(struct ucm_send));

	if (send == NULL)
		return NULL;
	memset(send, 0, sizeof(*send));
	send->message = message;
	send->outcome = ucm_send_outcome(handle, ucm_message_recipient_count(message));
	if (send->outcome == NULL || copy_addresses(handle, send) < 0) {
		ucm_outcome_free(send->outcome);
		ucm_resize(&handle->allocator, send, 0);
		return NULL;
	}
	send->deadline_ms = ucm_send_deadline_ms(handle);
	return send;
}

static void append(struct ucm *handle, struct ucm_send *send)
{
	struct ucm_send **link = &handle->send;

	while (*link != NULL)
		link = &(*link)->next;
	*link = send;
}

static void start(struct ucm *handle, struct ucm_send *send, const struct ucm_message_needs *needs,
    struct ucm_error *error)
{
	struct ucm_session *session = ucm_session_open(handle, error);
	struct ucm_mail *mail = &send->mail;

	if (session == NULL)
		return;
	mail->from = handle->decision.from != NULL ? handle->decision.from : "";
	mail->result = send->outcome->result;
	mail->count = send->outcome->count;
	mail->needs = *needs;
	mail->require_tls = handle->number[UCM_REQUIRE_TLS] == 1;
	mail->notify = ucm_message_dsn_notify(send->message);
	mail->envelope_id = ucm_message_envelope_id(send->message);
	ucm_smtp_mail(&session->smtp, mail);
}

struct ucm_send *ucm_send_queue(struct ucm *handle, struct ucm_message *message)
{
	struct ucm_message_needs needs = {0};
	struct ucm_error error = {0};
	struct ucm_send *send = NULL;

	get_ready(handle, message, &needs, &error);
	send = new_send(handle, message);
	if (send == NULL) {
		ucm_error_clear(&handle->error);
		ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory for the outcome of a send");
		return NULL;
	}
	append(handle, send);
	if (error.class == UCM_CLASS_OK)
		start(handle, send, &needs, &error);
	if (error.class != UCM_CLASS_OK)
		conclude(handle, send, &error);
	return send;
}

/* ---- Running -------------------------------------------------------------------------------- */

static struct ucm_send *owner_of(struct ucm *handle, const struct ucm_mail *mail)
{
	struct ucm_send *send = handle->send;

	while (send != NULL && &send->mail != mail)
		send = send->next;
	return send;
}

ssize_t ucm_send_read_body(
    struct ucm *handle, struct ucm_smtp *smtp, void *bytes, size_t room, struct ucm_error *error)
{
	struct ucm_mail *mail = smtp->mails;
	struct ucm_send *send = NULL;
	ssize_t got = -1;

	while (mail != NULL && mail->stage != UCM_MAIL_BODY)
		mail = mail->following;
	send = mail != NULL ? owner_of(handle, mail) : NULL;
	if (send == NULL)
		return ucm_fail(error, UCM_CLASS_PROTOCOL, "there is no message to send");
	send->plaintext |= !smtp->in_tls;
	got = ucm_message_read(send->message, bytes, room, &mail->error);
	if (got < 0) {
		/* Half a message must never be ended by a dot: the connection is given up. */
		return ucm_fail(error, UCM_CLASS_AGAIN,
		    "the connection is given up: a message cannot be read to its end");
	}
	return got;
}

/*
 * Whether a mail can go to another connection: the old one ended before the server answered
 * anything of it, so that no server can have it; and the end was not its own: the connection had
 * been kept idle, an earlier mail of a batch ended it, or what travelled with that one's end went
 * unheard. This happens once to a mail that was begun.
 */
static int may_reopen(const struct ucm *handle, const struct ucm_send *send)
{
	const struct ucm_session *session = handle->session;
	const struct ucm_smtp *smtp = &session->smtp;

	return session->phase == UCM_PHASE_CLOSED && smtp->error.class == UCM_CLASS_AGAIN &&
	       (!smtp->error.timed_out || smtp->unheard) && !send->reopened &&
	       !send->mail.answered && send->mail.end_offset == 0 &&
	       (smtp->mails_done > 0 || send != handle->send);
}

static void reopen(struct ucm *handle, struct ucm_send *send)
{
	struct ucm_error error = {0};
	struct ucm_session *session = NULL;

	send->reopened |= send->mail.begun;
	if (ucm_message_rewind(send->message, &error) == 0)
		session = ucm_session_open(handle, &error);
	if (session == NULL) {
		conclude(handle, send, &error);
		return;
	}
	ucm_session_remark(
	    session, "the kept connection had ended; opened again, nothing was sent");
	ucm_smtp_mail_reset(&send->mail);
	ucm_smtp_mail(&session->smtp, &send->mail);
}

/* Concludes what is decided. */
static void reap(struct ucm *handle)
{
	struct ucm_send *send = NULL;
	struct ucm_send *again = NULL;

	for (send = handle->send; send != NULL; send = send->next) {
		if (send->done || send->mail.stage != UCM_MAIL_DONE)
			continue;
		if (may_reopen(handle, send))
			again = again == NULL ? send : again;
		else
			conclude(handle, send, &send->mail.error);
	}
	/* Only now: opening forgets what the old connection was. */
	for (send = again; send != NULL; send = send->next)
		if (!send->done && send->mail.stage == UCM_MAIL_DONE)
			reopen(handle, send);
}

int ucm_send_run(struct ucm *handle)
{
	struct ucm_session *session = handle->session;
	struct ucm_send *oldest = handle->send;
	int state = UCM_OK;

	while (oldest != NULL && oldest->done)
		oldest = oldest->next;
	if (session == NULL || oldest == NULL)
		return UCM_OK;
	session->deadline_ms = oldest->deadline_ms;
	state = ucm_session_run(session);
	reap(handle);
	return state;
}

void ucm_send_pop(struct ucm *handle)
{
	struct ucm_send *send = handle->send;

	if (send != NULL && send->done) {
		handle->send = send->next;
		ucm_resize(&handle->allocator, send, 0);
	}
}

void ucm_send_give_up(struct ucm *handle, const struct ucm_message *message)
{
	const struct ucm_send *send = handle->send;

	while (send != NULL && send->message != message)
		send = send->next;
	if (send != NULL)
		ucm_session_free(handle);
}

int ucm_send_is_under_way(const struct ucm *handle, const struct ucm_message *message)
{
	const struct ucm_send *send = handle->send;

	while (send != NULL && (send->message != message || send->done))
		send = send->next;
	return send != NULL;
}

void ucm_send_free_all(struct ucm *handle)
{
	while (handle->send != NULL) {
		struct ucm_send *send = handle->send;

		handle->send = send->next;
		ucm_resize(&handle->allocator, send, 0);
	}
}

void ucm_send_wait(const struct ucm *handle, int want)
{
	struct pollfd waiting = {
	    .fd = ucm_descriptor(handle), .events = want == UCM_WANT_WRITE ? POLLOUT : POLLIN};
	/* Not ucm_timeout_ms(): a check waits too, and sends nothing. */
	const long timeout = handle->session != NULL ? ucm_session_timeout_ms(handle->session) : 0;

	if (want == UCM_WANT_TIMER || waiting.fd < 0)
		(void)poll(NULL, 0, (int)timeout);
	else
		(void)poll(&waiting, 1, (int)timeout);
}

/* ---- The public calls ----------------------------------------------------------------------- */

static int wrong_call(struct ucm *handle, const char *reason)
{
	ucm_error_clear(&handle->error);
	ucm_fail(&handle->error, UCM_CLASS_USAGE, "%s", reason);
	return UCM_E_USAGE;
}

int ucm_send_begin(struct ucm *handle, struct ucm_message *message)
{
	if (handle == NULL || message == NULL)
		return UCM_E_USAGE;
	if (ucm_message_handle(message) != handle)
		return wrong_call(handle, "the message belongs to another handle");
	if (handle->send != NULL)
		return wrong_call(handle, "another send is under way on this handle");
	return ucm_send_queue(handle, message) != NULL ? UCM_OK : UCM_E_MEMORY;
}

int ucm_advance(struct ucm *handle, struct ucm_outcome **ret)
{
	int state = UCM_OK;

	if (handle == NULL)
		return UCM_E_USAGE;
	if (handle->send == NULL)
		return wrong_call(handle, "no send is under way: begin one first");
	while (!handle->send->done) {
		state = ucm_send_run(handle);
		if (!handle->send->done && state != UCM_OK)
			return state;
	}
	state = (int)handle->send->outcome->number[UCM_OUTCOME_EXIT];
	if (ret != NULL)
		*ret = handle->send->outcome;
	ucm_send_pop(handle);
	return state;
}

int ucm_send(struct ucm *handle, struct ucm_message *message, struct ucm_outcome **ret)
{
	int state = ucm_send_begin(handle, message);

	if (ret != NULL)
		*ret = NULL;
	if (state != UCM_OK)
		return state;
	for (;;) {
		state = ucm_advance(handle, ret);
		if (state != UCM_WANT_READ && state != UCM_WANT_WRITE && state != UCM_WANT_TIMER)
			return state;
		ucm_send_wait(handle, state);
	}
}

int ucm_descriptor(const struct ucm *handle)
{
	return handle != NULL && handle->session != NULL ? ucm_session_descriptor(handle->session)
							 : -1;
}

long ucm_timeout_ms(const struct ucm *handle)
{
	return handle != NULL && handle->session != NULL && handle->send != NULL
		   ? ucm_session_timeout_ms(handle->session)
		   : 0;
}
