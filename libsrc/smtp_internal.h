/*
 * Between the parts of the SMTP machine: session (smtp.c), login (smtp_auth.c), mails (smtp_mail.c)
 * and their messages (smtp_body.c).
 */
#ifndef UCM_LIBSRC_SMTP_INTERNAL_H
#define UCM_LIBSRC_SMTP_INTERNAL_H

#include "smtp.h"

/* Whether a command can go out now: room, and pipelining or nothing in flight. */
int ucm_smtp_can_send(const struct ucm_smtp *smtp);

/* Puts a finished command into the output and expects its reply. `shown` (NULL: the command) is
 * what the log says. */
void ucm_smtp_send(struct ucm_smtp *smtp, enum ucm_smtp_step step, struct ucm_mail *mail,
    size_t recipient, const char *line, size_t length, const char *shown);

/* Octets that must not be logged or expected: the message. */
void ucm_smtp_put(struct ucm_smtp *smtp, const char *bytes, size_t length);

void ucm_smtp_remark(const struct ucm_smtp *smtp, char direction, const char *line);

/* The session is over: smtp->error stands. `reply` (or NULL) ended it. Decides all mails. */
void ucm_smtp_close(struct ucm_smtp *smtp, const struct ucm_reply *reply);

/* After EHLO or HELO: logs in, or is ready. */
void ucm_smtp_login_or_ready(struct ucm_smtp *smtp);
void ucm_smtp_on_auth(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);

/* Wipes and frees the exchange. */
void ucm_smtp_auth_free(struct ucm_smtp *smtp);

/* Replies of mail transactions. */
void ucm_smtp_on_mail(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
void ucm_smtp_on_rcpt(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
void ucm_smtp_on_data(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
void ucm_smtp_on_chunk(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
void ucm_smtp_on_end(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);

/* Whether the body can go on: always with DATA; with BDAT while two more replies can be awaited. */
int ucm_smtp_may_chunk(const struct ucm_smtp *smtp, const struct ucm_mail *mail);

/* A reply to the message before its end: 4xx or 5xx. */
void ucm_smtp_on_early_reply(
    struct ucm_smtp *smtp, struct ucm_mail *mail, const struct ucm_reply *reply);

/* Says whatever may be said of the queued mails. */
void ucm_smtp_issue(struct ucm_smtp *smtp);

/* Decides all mails after the session's end. */
void ucm_smtp_mails_lost(struct ucm_smtp *smtp);

#endif
