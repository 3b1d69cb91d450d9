/*
 * Mail transactions: pipelined where the server allows it (RFC 2920), decided recipient by
 * recipient, and never said to be delivered or lost when nobody can know.
 */
#include <string.h>

#include "policy/text.h"
#include "smtp_internal.h"

/* As many recipients every server must take (RFC 5321 section 4.5.3.1.8). */
#define UCM_RECIPIENTS_PROMISED 100

static void finish(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	struct ucm_mail **link = &smtp->mails;

	while (*link != NULL && *link != mail)
		link = &(*link)->following;
	if (*link != NULL)
		*link = mail->following;
	mail->following = NULL;
	mail->stage = UCM_MAIL_DONE;
	smtp->mails_done++;
}

/* Gives a status to the recipients that have `from`, or are pending. */
static void decide_rest(struct ucm_smtp *smtp, struct ucm_mail *mail, enum ucm_result_status from,
    enum ucm_result_status to, const struct ucm_reply *reply)
{
	size_t i = 0;

	for (i = 0; i < mail->count; i++) {
		const enum ucm_result_status status = mail->result[i].status;

		if (status == from || status == UCM_RESULT_PENDING)
			ucm_result_set(smtp->options.allocator, &mail->result[i], to, reply);
	}
}

static enum ucm_result_status status_of(const struct ucm_reply *reply)
{
	return reply->code / 100 == 4 ? UCM_RESULT_DEFERRED : UCM_RESULT_REJECTED;
}

static enum ucm_class class_of(enum ucm_result_status status)
{
	return status == UCM_RESULT_DEFERRED ? UCM_CLASS_AGAIN : UCM_CLASS_REJECTED;
}

/* ---- Envelope ------------------------------------------------------------------------------- */

/* What the server must be able to do for this mail; 0 where it is not. */
static int server_can(const struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	const struct ucm_capabilities *server = &smtp->capabilities;
	const char *host = smtp->options.host;
	struct ucm_error *error = &mail->error;

	if (mail->require_tls &&
	    (!smtp->in_tls || (server->extensions & UCM_EXT_REQUIRETLS) == 0)) {
		ucm_fail(error, UCM_CLASS_REJECTED,
		    "%s cannot promise TLS on the whole way (REQUIRETLS)", host);
	} else if (server->size_max > 0 && mail->needs.size > server->size_max) {
		ucm_fail(error, UCM_CLASS_REJECTED,
		    "%llu octets are more than the %llu that %s takes", mail->needs.size,
		    server->size_max, host);
	} else if (mail->needs.smtputf8 && (server->extensions & UCM_EXT_SMTPUTF8) == 0) {
		ucm_fail(error, UCM_CLASS_REJECTED,
		    "%s cannot take addresses outside ASCII (SMTPUTF8); %s", host,
		    mail->needs.smtputf8_advice != NULL ? mail->needs.smtputf8_advice
							: "write a domain's A-label (xn--)");
	} else if (mail->needs.eight_bit && (server->extensions & UCM_EXT_8BITMIME) == 0) {
		ucm_fail(error, UCM_CLASS_REJECTED,
		    "%s takes seven bits only (no 8BITMIME), and the ready message needs eight",
		    host);
	}
	return error->class == UCM_CLASS_OK;
}

static int wants_dsn(const struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	if (mail->notify == NULL)
		return 0;
	if ((smtp->capabilities.extensions & UCM_EXT_DSN) != 0)
		return 1;
	if (!mail->dsn_ignored) {
		mail->dsn_ignored = 1;
		ucm_smtp_remark(
		    smtp, '*', "the server has no DSN: the wish for notices is not passed on");
	}
	return 0;
}

static int send_command(struct ucm_smtp *smtp, enum ucm_smtp_step step, struct ucm_mail *mail,
    size_t recipient, struct ucm_command *command)
{
	if (ucm_command_end(command, &mail->error) < 0)
		return -1;
	ucm_smtp_send(smtp, step, mail, recipient, command->text, command->length, NULL);
	return 0;
}

static int say_mail(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	struct ucm_command command;
	const unsigned extensions = smtp->capabilities.extensions;

	ucm_command_start(&command, "MAIL FROM:<");
	ucm_command_add(&command, mail->from);
	ucm_command_add(&command, ">");
	if ((extensions & UCM_EXT_SIZE) != 0 && mail->needs.size > 0) {
		ucm_command_add(&command, " SIZE=");
		ucm_command_add_number(&command, mail->needs.size);
	}
	if (mail->needs.eight_bit)
		ucm_command_add(&command, " BODY=8BITMIME");
	if (mail->needs.smtputf8)
		ucm_command_add(&command, " SMTPUTF8");
	if (mail->require_tls)
		ucm_command_add(&command, " REQUIRETLS");
	if (wants_dsn(smtp, mail)) {
		ucm_command_add(&command, " RET=HDRS");
		if (mail->envelope_id != NULL) {
			ucm_command_add(&command, " ENVID=");
			ucm_command_add_xtext(&command, mail->envelope_id);
		}
	}
	return send_command(smtp, UCM_STEP_MAIL, mail, 0, &command);
}

static int say_rcpt(struct ucm_smtp *smtp, struct ucm_mail *mail, size_t recipient)
{
	struct ucm_command command;
	const char *address = mail->result[recipient].address;

	ucm_command_start(&command, "RCPT TO:<");
	ucm_command_add(&command, address);
	ucm_command_add(&command, ">");
	if (wants_dsn(smtp, mail)) {
		ucm_command_add(&command, " NOTIFY=");
		ucm_command_add(&command, mail->notify);
		if (ucm_is_ascii(address)) {
			ucm_command_add(&command, " ORCPT=rfc822;");
			ucm_command_add_xtext(&command, address);
		}
	}
	return send_command(smtp, UCM_STEP_RCPT, mail, recipient, &command);
}

static void say_simple(
    struct ucm_smtp *smtp, enum ucm_smtp_step step, struct ucm_mail *mail, const char *line)
{
	ucm_smtp_send(smtp, step, mail, 0, line, strlen(line), NULL);
}

/* A mail that cannot be said: nothing of it is decided by the server. */
static void give_up(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	decide_rest(smtp, mail, UCM_RESULT_ACCEPTED,
	    mail->error.class == UCM_CLASS_REJECTED ? UCM_RESULT_REJECTED : UCM_RESULT_DEFERRED,
	    NULL);
	finish(smtp, mail);
}

static int chunks(const struct ucm_smtp *smtp)
{
	const unsigned needed = UCM_EXT_CHUNKING | UCM_EXT_PIPELINING;

	return smtp->options.chunking && (smtp->capabilities.extensions & needed) == needed;
}

int ucm_smtp_may_chunk(const struct ucm_smtp *smtp, const struct ucm_mail *mail)
{
	return !mail->chunked || smtp->expected_count + 2 < UCM_SMTP_IN_FLIGHT_MAX;
}

/* Begins. Returns 0 where the next mail must wait. */
static int issue_waiting(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	if (!ucm_smtp_can_send(smtp))
		return 0;
	if (!server_can(smtp, mail)) {
		give_up(smtp, mail);
		return 1;
	}
	/* With BDAT it is not known yet whether the mail before leaves its transaction open. */
	if (smtp->need_reset || (chunks(smtp) && smtp->expected_count > 0)) {
		smtp->need_reset = 0;
		say_simple(smtp, UCM_STEP_RSET, NULL, "RSET\r\n");
		if (!ucm_smtp_can_send(smtp))
			return 0;
	}
	if (say_mail(smtp, mail) < 0) {
		give_up(smtp, mail);
		return 1;
	}
	mail->behind = smtp->mails != mail;
	mail->begun = 1;
	mail->stage = UCM_MAIL_ENVELOPE;
	return 0;
}

/* All recipients are asked: DATA, or the end where nobody was accepted or it was a probe. */
static int issue_data(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	const int nobody = mail->in_flight == 0 && mail->accepted == 0;

	if (mail->probe && mail->in_flight > 0)
		return 0;
	if (nobody || mail->probe) {
		smtp->need_reset = 1;
		finish(smtp, mail);
		return 1;
	}
	if (chunks(smtp)) {
		mail->chunked = 1;
		mail->stage = UCM_MAIL_BODY;
		ucm_body_init(&mail->body);
		mail->body.raw = 1;
	} else if (ucm_smtp_can_send(smtp)) {
		say_simple(smtp, UCM_STEP_DATA, mail, "DATA\r\n");
		mail->stage = UCM_MAIL_AWAITING;
	}
	return 0;
}

static int issue_envelope(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	if (mail->refused) {
		if (mail->in_flight > 0)
			return 0;
		finish(smtp, mail);
		return 1;
	}
	while (mail->next < mail->count) {
		if (!ucm_smtp_can_send(smtp))
			return 0;
		if (say_rcpt(smtp, mail, mail->next) < 0) {
			/* Addresses were checked when they were set; this one cannot be sent at
			 * all. */
			ucm_result_set(smtp->options.allocator, &mail->result[mail->next],
			    UCM_RESULT_REJECTED, NULL);
		}
		mail->next++;
	}
	return issue_data(smtp, mail);
}

/* Makes it fresh again: for this connection, or for another, where this one ends. */
static void repeat(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	const enum ucm_mail_repeat where = mail->repeat;
	const struct ucm_reply reply = mail->reply;

	ucm_smtp_mail_reset(mail);
	if (where == UCM_REPEAT_ELSEWHERE) {
		mail->begun = 1; /* this happens once to a mail */
		ucm_fail(&smtp->error, UCM_CLASS_AGAIN,
		    "the server takes no more mails on this connection: %d %s%s%s",
		    UCM_REPLY_WORDS(&reply));
		ucm_smtp_close(smtp, &reply);
	}
}

void ucm_smtp_issue(struct ucm_smtp *smtp)
{
	struct ucm_mail *mail = smtp->mails;

	while (mail != NULL && smtp->ready && !smtp->quitting) {
		struct ucm_mail *following = mail->following;
		int more = 0;

		if (mail->stage == UCM_MAIL_ENVELOPE && mail->in_flight == 0 &&
		    mail->repeat != UCM_REPEAT_NOT) {
			repeat(smtp, mail);
			if (!smtp->ready)
				return;
		}
		if (mail->stage == UCM_MAIL_WAITING)
			more = issue_waiting(smtp, mail);
		if (mail->stage == UCM_MAIL_ENVELOPE) {
			more = issue_envelope(smtp, mail);
		} else if (mail->stage == UCM_MAIL_ENDED) {
			/* The next envelope travels with the end of this one. */
			more = !smtp->ends_alone;
		}
		if (!more)
			return;
		mail = following;
	}
}

void ucm_smtp_mail(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	struct ucm_mail **link = &smtp->mails;

	while (*link != NULL)
		link = &(*link)->following;
	mail->following = NULL;
	mail->stage = UCM_MAIL_WAITING;
	*link = mail;
	if (smtp->want == UCM_NEED_CLOSED) {
		ucm_smtp_mails_lost(smtp);
		return;
	}
	ucm_smtp_issue(smtp);
}

void ucm_smtp_mail_reset(struct ucm_mail *mail)
{
	size_t i = 0;

	for (i = 0; i < mail->count; i++) {
		mail->result[i].status = UCM_RESULT_PENDING;
		mail->result[i].code = 0;
	}
	mail->stage = UCM_MAIL_WAITING;
	mail->next = 0;
	mail->accepted = 0;
	mail->in_flight = 0;
	mail->answered = 0;
	mail->begun = 0;
	mail->behind = 0;
	mail->refused = 0;
	mail->repeat = UCM_REPEAT_NOT;
	mail->chunked = 0;
	mail->end_offset = 0;
	memset(&mail->reply, 0, sizeof(mail->reply));
	memset(&mail->error, 0, sizeof(mail->error));
}

/* ---- Replies -------------------------------------------------------------------------------- */

/* The last of its commands is answered. */
static void finish_or_repeat(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	if (mail->repeat != UCM_REPEAT_NOT)
		repeat(smtp, mail);
	else
		finish(smtp, mail);
}

/*
 * RFC 2920 section 3.1 lets an envelope travel with the end of the message before, but not every
 * server does: what it takes for a smuggled command, it calls out of order. Others take so many
 * mails on a connection, and leave it to the client to open the next.
 */
static enum ucm_mail_repeat why_again(
    struct ucm_smtp *smtp, const struct ucm_mail *mail, const struct ucm_reply *reply)
{
	if (chunks(smtp))
		return UCM_REPEAT_NOT; /* the message is on its way already, and others too */
	if (reply->code == 503 && mail->behind) {
		smtp->ends_alone = 1;
		return UCM_REPEAT_HERE;
	}
	return reply->code / 100 == 4 && reply->code != 421 && smtp->mails_taken > 0
		   ? UCM_REPEAT_ELSEWHERE
		   : UCM_REPEAT_NOT;
}

void ucm_smtp_on_mail(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	struct ucm_mail *mail = expected->mail;

	mail->reply = *reply;
	if (reply->code / 100 == 2)
		return;
	mail->refused = 1;
	mail->repeat = why_again(smtp, mail, reply);
	if (mail->repeat != UCM_REPEAT_NOT)
		return;
	ucm_fail(&mail->error, class_of(status_of(reply)), "the sender <%s> is refused: %d %s%s%s",
	    mail->from, UCM_REPLY_WORDS(reply));
	decide_rest(smtp, mail, UCM_RESULT_PENDING, status_of(reply), reply);
}

/*
 * 552 was once said for too many recipients, and then is temporary (RFC 5321 section 4.5.3.1.10).
 * It is taken so where the enhanced code says it, or where the server has taken as many as it must.
 */
static int means_too_many(const struct ucm_mail *mail, const struct ucm_reply *reply)
{
	return reply->code == 552 &&
	       (strcmp(reply->enhanced, "5.5.3") == 0 ||
		   (reply->enhanced[0] == '\0' && mail->accepted >= UCM_RECIPIENTS_PROMISED));
}

void ucm_smtp_on_rcpt(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	struct ucm_mail *mail = expected->mail;
	struct ucm_result *result = &mail->result[expected->recipient];
	enum ucm_result_status status = status_of(reply);

	if (mail->refused)
		return; /* it answers to a command that had no sender */
	mail->reply = *reply;
	if (reply->code / 100 == 2) {
		mail->accepted++;
		ucm_result_set(smtp->options.allocator, result, UCM_RESULT_ACCEPTED, reply);
		return;
	}
	if (means_too_many(mail, reply))
		status = UCM_RESULT_DEFERRED;
	ucm_fail(&mail->error, class_of(status), "the recipient <%s> is refused: %d %s%s%s",
	    result->address, UCM_REPLY_WORDS(reply));
	ucm_result_set(smtp->options.allocator, result, status, reply);
}

void ucm_smtp_on_data(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	struct ucm_mail *mail = expected->mail;
	const int nobody = mail->refused || mail->accepted == 0;

	if (reply->code / 100 == 3 && !nobody) {
		mail->reply = *reply;
		mail->stage = UCM_MAIL_BODY;
		ucm_body_init(&mail->body);
		return;
	}
	if (reply->code / 100 == 3) {
		/* Nobody is left, but the server takes the message: it gets an empty one, which it
		 * must refuse (RFC 2920 section 3.1). */
		ucm_smtp_send(smtp, UCM_STEP_END, mail, 0, ".\r\n", 3, NULL);
		mail->stage = UCM_MAIL_ENDED;
		mail->end_offset = smtp->queued;
		return;
	}
	smtp->need_reset = !mail->refused;
	if (!nobody) {
		mail->reply = *reply;
		ucm_fail(&mail->error, class_of(status_of(reply)),
		    "the message is refused: %d %s%s%s", UCM_REPLY_WORDS(reply));
		decide_rest(smtp, mail, UCM_RESULT_ACCEPTED, status_of(reply), reply);
	}
	finish_or_repeat(smtp, mail);
}

/* A refused message: everyone who was accepted gets the reply; later ones count for nothing. */
static void refuse_message(
    struct ucm_smtp *smtp, struct ucm_mail *mail, const struct ucm_reply *reply)
{
	if (mail->refused || (mail->chunked && mail->accepted == 0))
		return; /* it answers to a message that was for nobody */
	mail->reply = *reply;
	ucm_fail(&mail->error, class_of(status_of(reply)), "the message is refused: %d %s%s%s",
	    UCM_REPLY_WORDS(reply));
	decide_rest(smtp, mail, UCM_RESULT_ACCEPTED, status_of(reply), reply);
	mail->refused = 1;
}

void ucm_smtp_on_chunk(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	if (reply->code / 100 != 2) {
		refuse_message(smtp, expected->mail, reply);
		smtp->need_reset = 1;
	}
}

void ucm_smtp_on_end(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	struct ucm_mail *mail = expected->mail;

	if (reply->code / 100 == 2 && smtp->attempted < mail->end_offset) {
		/* Whatever it means, the message as a whole is not there. */
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL,
		    "the message is accepted before its end was sent: %d %s%s%s",
		    UCM_REPLY_WORDS(reply));
		ucm_smtp_close(smtp, NULL);
		return;
	}
	if (mail->accepted > 0 && !mail->refused) {
		mail->reply = *reply;
		if (reply->code / 100 == 2)
			smtp->mails_taken++;
		else
			refuse_message(smtp, mail, reply);
	}
	if (mail->chunked && reply->code / 100 != 2)
		smtp->need_reset = 1;
	finish_or_repeat(smtp, mail);
}

void ucm_smtp_on_early_reply(
    struct ucm_smtp *smtp, struct ucm_mail *mail, const struct ucm_reply *reply)
{
	mail->reply = *reply;
	mail->answered = 1;
	ucm_fail(&mail->error, class_of(status_of(reply)),
	    "the message is refused before its end: %d %s%s%s", UCM_REPLY_WORDS(reply));
	decide_rest(smtp, mail, UCM_RESULT_ACCEPTED, status_of(reply), reply);
	finish(smtp, mail);
}

static void lose(struct ucm_smtp *smtp, struct ucm_mail *mail)
{
	/* A refused login or STARTTLS says nothing of a recipient. */
	const struct ucm_reply *reply =
	    smtp->error.class == UCM_CLASS_AGAIN || smtp->error.class == UCM_CLASS_REJECTED
		? &smtp->fatal
		: NULL;
	enum ucm_result_status status =
	    smtp->error.class == UCM_CLASS_REJECTED ? UCM_RESULT_REJECTED : UCM_RESULT_DEFERRED;

	if (mail->stage == UCM_MAIL_ENDED && (mail->accepted > 0 || mail->chunked) &&
	    !mail->refused && smtp->attempted >= mail->end_offset) {
		/* The server may have it. Saying anything else would lose or double the mail; that
		 * a recipient was refused is told with the recipient. */
		memset(&mail->error, 0, sizeof(mail->error));
		ucm_fail(&mail->error, UCM_CLASS_AGAIN,
		    "the mail may have been accepted: its reply never came (%s)", smtp->error.text);
		mail->error.timed_out = smtp->error.timed_out;
		decide_rest(smtp, mail, UCM_RESULT_ACCEPTED, UCM_RESULT_UNKNOWN, NULL);
		return;
	}
	if (mail->error.class == UCM_CLASS_OK)
		mail->error = smtp->error;
	decide_rest(smtp, mail, UCM_RESULT_ACCEPTED, status, reply);
}

void ucm_smtp_mails_lost(struct ucm_smtp *smtp)
{
	while (smtp->mails != NULL) {
		struct ucm_mail *mail = smtp->mails;

		lose(smtp, mail);
		finish(smtp, mail);
		smtp->mails_done--; /* it was not done by the server */
	}
}
