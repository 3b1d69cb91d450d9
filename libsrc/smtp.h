/*
 * The SMTP client as a state machine over bytes (RFC 5321, 2920, 3207, 4954): no I/O, no clock.
 *
 * The driver moves bytes: what the server said goes in through ucm_smtp_feed(), what is to be said
 * comes out of ucm_smtp_output(), and ucm_smtp_want() says what the machine waits for. A socket, a
 * test and a fuzzer drive it in the same way.
 */
#ifndef UCM_LIBSRC_SMTP_H
#define UCM_LIBSRC_SMTP_H

#include "body.h"
#include "command.h"
#include "message.h"
#include "outcome.h"
#include "policy/decide.h"
#include "reply.h"
#include "sasl.h"

#define UCM_SMTP_OUTPUT_MAX 16384 /* one TLS record; holds the longest AUTH line */
#define UCM_SMTP_IN_FLIGHT_MAX                                                                     \
	128 /* commands whose replies are awaited: their replies fit in any                        \
	       receive window, so that neither side can block the other */
#define UCM_SMTP_BANNER_MAX 256

/* What a reply answers. */
enum ucm_smtp_step {
	UCM_STEP_GREETING,
	UCM_STEP_EHLO,
	UCM_STEP_HELO,
	UCM_STEP_STARTTLS,
	UCM_STEP_AUTH,
	UCM_STEP_MAIL,
	UCM_STEP_RCPT,
	UCM_STEP_DATA,
	UCM_STEP_CHUNK,
	UCM_STEP_END,
	UCM_STEP_RSET,
	UCM_STEP_QUIT,
	UCM_STEP_COUNT
};

/* What the machine waits for; output goes first. */
enum ucm_smtp_want {
	UCM_NEED_READ, /* bytes of the server */
	UCM_NEED_STARTTLS, /* the TLS handshake, then ucm_smtp_tls_done() */
	UCM_NEED_LOGIN, /* a secret, then ucm_smtp_login() */
	UCM_NEED_BODY, /* the message's next bytes: ucm_smtp_body(), ucm_smtp_body_end() */
	UCM_NEED_IDLE, /* nothing: a mail may be queued */
	UCM_NEED_CLOSED /* over: QUIT was answered, or the session failed (smtp->error) */
};

enum ucm_extension {
	UCM_EXT_PIPELINING = 1,
	UCM_EXT_SIZE = 2,
	UCM_EXT_8BITMIME = 4,
	UCM_EXT_SMTPUTF8 = 8,
	UCM_EXT_DSN = 16,
	UCM_EXT_AUTH = 32,
	UCM_EXT_STARTTLS = 64,
	UCM_EXT_ENHANCED = 128,
	UCM_EXT_REQUIRETLS = 256,
	UCM_EXT_CHUNKING = 512
};

struct ucm_capabilities {
	unsigned extensions; /* of enum ucm_extension */
	unsigned mechanisms; /* of the AUTH line: 1 << enum ucm_mechanism */
	unsigned long long size_max; /* 0: no limit told */
};

enum ucm_mail_stage {
	UCM_MAIL_WAITING, /* nothing was said of it */
	UCM_MAIL_ENVELOPE, /* MAIL is out, recipients go out */
	UCM_MAIL_AWAITING, /* DATA is out */
	UCM_MAIL_BODY, /* 354: the message goes out */
	UCM_MAIL_ENDED, /* the final dot is in the output */
	UCM_MAIL_DONE /* results and error stand */
};

/* A mail whose sender was refused for what came before it. */
enum ucm_mail_repeat {
	UCM_REPEAT_NOT,
	UCM_REPEAT_HERE, /* it travelled with the end of another: it is said again, alone */
	UCM_REPEAT_ELSEWHERE /* the connection has had its share: it needs another one */
};

/* One mail transaction; the caller's memory. The caller fills the first part and zeroes the rest.
 */
struct ucm_mail {
	const char *from; /* "" is the null reverse-path */
	struct ucm_result *result; /* one for each recipient, with its address */
	size_t count;
	struct ucm_message_needs needs;
	const char *notify; /* RFC 3461 NOTIFY, or NULL */
	const char *envelope_id; /* or NULL */
	int require_tls; /* RFC 8689 */
	int probe; /* asks with MAIL and RCPT, then RSET: no DATA */

	enum ucm_mail_stage stage;
	size_t next; /* recipient that is asked next */
	size_t accepted; /* recipients accepted so far */
	size_t in_flight; /* commands without reply */
	int begun; /* MAIL was said */
	int answered; /* the server answered one of its commands, other than by 421 */
	int chunked; /* BDAT (RFC 3030): sent without waiting for the recipients' replies */
	int behind; /* MAIL travelled with the end of the mail before */
	int refused; /* MAIL was refused */
	enum ucm_mail_repeat repeat; /* once all its commands are answered */
	int dsn_ignored; /* NOTIFY was wanted, but the server has no DSN */
	unsigned long long end_offset; /* of the final dot's end in the output stream */
	struct ucm_body body;
	struct ucm_error error; /* why not everyone has it */
	struct ucm_reply reply; /* the last one that mattered */
	struct ucm_mail *following;
};

struct ucm_smtp_options {
	const struct ucm_allocator *allocator;
	const char *helo; /* FQDN or address literal */
	enum ucm_tls_mode mode;
	int starttls_optional;
	const char *auth_method; /* NULL: no login is wanted */
	int allow_clear_login;
	int ends_alone; /* known of the server: it takes nothing with the end of a message */
	int chunking; /* BDAT where the server has it, so that several mails are in flight */
	const char *host; /* for words only */
	ucm_log_fn log; /* or NULL */
	void *log_arg;
};

struct ucm_expected {
	enum ucm_smtp_step step;
	struct ucm_mail *mail; /* or NULL */
	size_t recipient;
};

struct ucm_smtp {
	struct ucm_smtp_options options;
	enum ucm_smtp_want want; /* READ, STARTTLS, LOGIN or CLOSED; BODY and IDLE are computed */
	int ready; /* greeting, TLS and login are over */
	int in_tls;
	int need_reset; /* a transaction was left open: RSET before the next MAIL */
	int ends_alone; /* the server takes nothing that travels with the end of a message */
	int unheard; /* lost, because it did not even answer to that */
	int quitting;
	int binding; /* channel-binding data can be had */
	unsigned long long mails_done; /* on this connection */
	unsigned long long mails_taken; /* of them: accepted for somebody */
	struct ucm_capabilities capabilities;
	enum ucm_mechanism mechanism; /* chosen, when LOGIN is wanted */
	struct ucm_sasl *sasl; /* owned; after the login until the first mail is done, so that its
				  secret is known again in what the server says */
	int auth_cancelled;
	char *auth_first; /* a first response that waits for the server's empty challenge */
	size_t auth_first_length;
	struct ucm_mail *mails; /* not done, in order */
	size_t expected_first, expected_count;
	struct ucm_error error; /* why the session failed */
	struct ucm_reply fatal; /* the reply that ended it; code 0: none */
	char banner[UCM_SMTP_BANNER_MAX + 1];
	struct ucm_reply_parser parser;
	unsigned long long queued, sent; /* octets, since the connection was made */
	unsigned long long attempted; /* of them may have left already */
	size_t output_start, output_end;
	int output_secret; /* the output holds a secret: wiped once it is sent */
	/* Last and not cleared, so that their pages are taken as needed. */
	struct ucm_expected expected[UCM_SMTP_IN_FLIGHT_MAX]; /* a ring */
	char output[UCM_SMTP_OUTPUT_MAX];
};

/* Starts a session that waits for the greeting. Strings of the options must outlive it. */
void ucm_smtp_init(struct ucm_smtp *smtp, const struct ucm_smtp_options *options);

/* Wipes and frees what it holds. Mails that are not done are left alone. */
void ucm_smtp_free(struct ucm_smtp *smtp);

enum ucm_smtp_want ucm_smtp_want(const struct ucm_smtp *smtp);

/* Name of what is awaited, for words: "the greeting", "the reply to RCPT", … */
const char *ucm_smtp_awaited(const struct ucm_smtp *smtp);

/* Time-out of RFC 5321 section 4.5.3.2 for what is awaited, in seconds. */
unsigned ucm_smtp_timeout(const struct ucm_smtp *smtp);

/* Bytes of the server. 0, or -1: the session failed, smtp->error tells why, all mails are done. */
int ucm_smtp_feed(struct ucm_smtp *smtp, const unsigned char *bytes, size_t size);

/* Output that waits; ucm_smtp_sent() takes off what was written. */
size_t ucm_smtp_output(const struct ucm_smtp *smtp, const char **bytes);
void ucm_smtp_sent(struct ucm_smtp *smtp, size_t size);
/* The first `size` octets of the output may have left, although the writer cannot tell yet. */
void ucm_smtp_attempted(struct ucm_smtp *smtp, size_t size);
/* Whether a message's final dot waits in the output: until it leaves, the mail is surely not sent. */
int ucm_smtp_is_ending(const struct ucm_smtp *smtp);

/* Ends the session because of an error outside (connection, TLS, time-out, password). The first
 * reason wins. Mails whose final dot may have left are unknown, the others deferred. */
void ucm_smtp_lost(struct ucm_smtp *smtp, const struct ucm_error *error);

/* The handshake is over and the certificate verified. `binding`: a channel binding can be had. */
void ucm_smtp_tls_done(struct ucm_smtp *smtp, int binding);

/* Goes on with a login; the exchange is owned from here on. -1 as ucm_smtp_feed(). */
int ucm_smtp_login(struct ucm_smtp *smtp, struct ucm_sasl *sasl);

/* Queues a mail behind the others. Its stage is DONE once it is decided, also at once. */
void ucm_smtp_mail(struct ucm_smtp *smtp, struct ucm_mail *mail);

/* Room for the message's bytes at this moment (0: write output first). */
size_t ucm_smtp_body_room(const struct ucm_smtp *smtp);
/* At most ucm_smtp_body_room() bytes of the first mail in BODY. */
void ucm_smtp_body(struct ucm_smtp *smtp, const char *bytes, size_t size);
void ucm_smtp_body_end(struct ucm_smtp *smtp);

/* Makes a mail that is done fresh again, to be queued on another connection. Only where nothing of
 * it was answered: then no server can have taken it. */
void ucm_smtp_mail_reset(struct ucm_mail *mail);

/* Queues QUIT. Only when idle. */
void ucm_smtp_quit(struct ucm_smtp *smtp);

/* A capability line of EHLO, without code. */
void ucm_capabilities_add(struct ucm_capabilities *capabilities, const char *line);

#endif
