/*
 * libucmail: secure mail as the workload automation's own settings decide it.
 *
 * A handle reads the exported definitions of a system (or a snapshot of them), decides the policy
 * for a client, sender, server variable and agent, and sends accordingly. What policy-lint passes
 * is what ucm_send() sends; what ucm_send() refuses is what policy-lint reports.
 *
 * Conventions
 *   - A function that can fail returns enum ucm_status as int; 0 is success. The reason in words
 *     stays on the handle: ucm_error(). Out-parameters are untouched on failure, but for outcomes:
 *     they tell of the failure too, and are NULL where there is none. A wrong call (a handle that
 *     is NULL, a send under way where none may be) is UCM_E_USAGE, and UCM_E_MEMORY may come from
 *     whatever copies; neither is repeated at each function.
 *   - Strings are UTF-8 and NUL-terminated. Every input is copied. Returned pointers belong to the
 *     handle, message or outcome they come from, and live until the next call on it that changes
 *     it, or until it is freed, unless the function says otherwise.
 *   - Nothing is global: use a handle in one thread at a time, any number of handles in any number
 *     of threads. Nothing is printed, no signal is raised or handled, the environment is not read
 *     (but by the C library, for the local time zone).
 *   - After fork() either process may use its copy of a handle. The connection stays the parent's:
 *     the child closes its copy without a word, opens its own for its next send, and a send that
 *     was under way fails there with UCM_E_AGAIN.
 *   - A callback may read the handle (ucm_get_*(), ucm_policy_*(), ucm_error()), and one of
 *     ucm_send_batch() may make and fill messages. No callback may free what is being sent, or end
 *     the handle.
 *   - Structs that grow in later versions carry their size. The others never change: what is new
 *     comes with new functions.
 *   - Functions that free accept NULL and cannot fail.
 */
#ifndef UCMAIL_H
#define UCMAIL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The attribute is off while the library itself is compiled, so that its own checks stay. */
#if defined(__GNUC__) && !defined(UCM_BUILDING_LIBRARY)
#define UCM_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define UCM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define UCM_NONNULL(...)
#define UCM_MUST_CHECK
#endif

/* Only what is declared here is exported. */
#if defined(__GNUC__) && defined(UCM_BUILDING_LIBRARY)
#pragma GCC visibility push(default)
#endif

struct ucm;         /* a handle */
struct ucm_message; /* a message to be sent */
struct ucm_outcome; /* what became of it */

/*
 * Status codes. They are the numbers of sysexits.h, so a program may exit with them.
 * UCM_WANT_READ and UCM_WANT_WRITE come from the non-blocking calls only.
 */
enum ucm_status {
	UCM_OK = 0,
	UCM_WANT_READ = 1,
	UCM_WANT_WRITE = 2,
	UCM_WANT_TIMER = 3,
	UCM_E_USAGE = 64,    /* a wrong call: unknown item, value out of range, wrong order */
	UCM_E_MESSAGE = 65,  /* a bad message or address; nothing was sent */
	UCM_E_INPUT = 66,    /* the system's definitions cannot be read */
	UCM_E_REJECTED = 69, /* some or all recipients, or the message, refused for good */
	UCM_E_MEMORY = 71,   /* no memory, or over UCM_MEMORY_LIMIT */
	UCM_E_IO = 74,       /* a local file (attachment, body) */
	UCM_E_AGAIN = 75,    /* temporary: 4xx, no connection, time-out, outcome unknown */
	UCM_E_PROTOCOL = 76, /* the server broke the protocol */
	UCM_E_TRUST = 77,    /* login or trust failed on the wire */
	UCM_E_POLICY = 78    /* the policy refuses, or a password is missing */
};

/* ---- Handle ------------------------------------------------------------------------------- */

/*
 * What a conversation is asked. `style` tells what is wanted, `user` the user name it is for (may be
 * NULL), `login` the name of the Login object, `mechanism` the SASL mechanism chosen.
 */
enum ucm_conv_style {
	UCM_CONV_PASSWORD = 1, /* a secret, asked for only after TLS is verified */
	UCM_CONV_TOKEN = 2     /* an OAuth 2 access token, likewise */
};

struct ucm_conv_message {
	size_t size; /* sizeof this struct: grows in later versions */
	enum ucm_conv_style style;
	const char *login;
	const char *user;
	const char *mechanism;
	const char *host;
};

/*
 * The conversation. Writes the secret to `answer` (room bytes, owned and wiped by the library, no
 * NUL needed) and returns its length; a negative number where it has none (the send is refused,
 * UCM_E_POLICY). It may be called again for a further connection.
 */
typedef long (*ucm_conv_fn)(const struct ucm_conv_message *message, char *answer, size_t room,
    void *arg);

/*
 * Memory: resize(arg, NULL, n) allocates, resize(arg, p, n) reallocates, resize(arg, p, 0) frees
 * and returns NULL; NULL for n > 0 is a failure that leaves p alone. Aligned as malloc() aligns.
 * Used for all memory of the handle but that of the TLS and XML libraries and of name look-ups.
 */
typedef void *(*ucm_resize_fn)(void *arg, void *old, size_t size);

/* Seconds since 1970, UTC; for certificates and Date. Time-outs use the monotonic clock. */
typedef int64_t (*ucm_clock_fn)(void *arg);

/* A line of the dialogue or a remark, without line end, secrets removed. direction: 'C' client,
 * 'S' server, '*' remark. */
typedef void (*ucm_log_fn)(char direction, const char *line, size_t length, void *arg);

/*
 * Dials. Returns a connected or connecting stream socket that the library then owns, makes
 * non-blocking and close-on-exec, and closes; or -1 (the send fails, UCM_E_AGAIN). Replaces name
 * look-up and ucm_add_connect_to(): host and port are those of the policy.
 */
typedef int (*ucm_dial_fn)(const char *host, unsigned port, void *arg);

struct ucm_options { /* of ucm_start(); zero it, set size, fill what is wanted */
	size_t size;     /* sizeof(struct ucm_options) */
	ucm_conv_fn conv;
	void *conv_arg;
	ucm_resize_fn resize;
	void *resize_arg;
	ucm_clock_fn clock;
	void *clock_arg;
	ucm_log_fn log;
	void *log_arg;
	ucm_dial_fn dial;
	void *dial_arg;
};

/*
 * Makes a handle. `options` may be NULL: no conversation (a login is then refused), the C library's
 * memory, the system's clock, no log. Callbacks and their arguments must live as long as the
 * handle; the struct itself is copied. One of an older or newer version of this header is taken as
 * far as it is known: what it lacks is unset, what it has beyond must be zero.
 * Returns UCM_OK, UCM_E_USAGE (no version's size, or a member set that is not known) or
 * UCM_E_MEMORY.
 */
UCM_MUST_CHECK int ucm_start(const struct ucm_options *options, struct ucm **ret) UCM_NONNULL(2);

/* Ends: closes the connection (QUIT if that does not block), wipes and frees everything behind the
 * handle, its messages and outcomes too. NULL is allowed. */
void ucm_end(struct ucm *handle);

/* Items that are text. NULL sets an item back to its default. */
enum ucm_text_item {
	UCM_SERVER = 1,    /* <SERVER> of UC_SMTP_<SERVER>; implies UCM_VIA "send_mail". Default none */
	UCM_VIA,           /* "notification" or "send_mail" (default) */
	UCM_AGENT,         /* agent kind; default what this host is: see ucm_set_text(3) */
	UCM_RELEASE,       /* product version; default the newest known */
	UCM_PROFILE,       /* "compat" (default) or "strict" */
	UCM_PAYLOADS,      /* a further folder of certificate payloads */
	UCM_LOGIN_USER,    /* user name of the Login object, where the export lacks it */
	UCM_HELO_NAME,     /* what EHLO says; default the address literal of the socket */
	UCM_MODULE_DIR     /* where the XML reader module lies; default beside the library */
};

/* Items that are numbers. -1 sets an item back to its default. */
enum ucm_number_item {
	UCM_CLIENT = 1,    /* 0-9999, default 0; where set, also of objects whose client nothing tells */
	UCM_DEADLINE,      /* seconds for a whole send; default 10 x SMTP_TIMEOUT, at least 60 */
	UCM_TIMEOUT,       /* seconds of inactivity, instead of SMTP_TIMEOUT */
	UCM_MEMORY_LIMIT,  /* bytes of the handle's memory; default none */
	UCM_ALLOW_CLEAR_LOGIN, /* 1: a login may be sent without TLS (never by default) */
	UCM_REQUIRE_TLS,   /* 1: RFC 8689 REQUIRETLS; refused where the server lacks it */
	UCM_WINDOW         /* messages in flight in a batch where the server pipelines; default 1 */
};

/* Sets an item. Changing one that the policy depends on forgets the decision; the connection is
 * closed where the new policy differs. UCM_E_USAGE where the value is not allowed. */
UCM_MUST_CHECK int ucm_set_text(struct ucm *handle, enum ucm_text_item item, const char *value)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_set_number(struct ucm *handle, enum ucm_number_item item, long value)
    UCM_NONNULL(1);
/* The item in effect: its default where none was set; NULL or -1 where there is none, or no such
 * item. */
const char *ucm_get_text(const struct ucm *handle, enum ucm_text_item item) UCM_NONNULL(1);
long ucm_get_number(const struct ucm *handle, enum ucm_number_item item) UCM_NONNULL(1);

/* Adds an input of the system: export, folder, ZIP, or snapshot (which stands alone); "-" is one
 * export on the standard input. Nothing is read yet, so that UCM_E_INPUT comes later. */
UCM_MUST_CHECK int ucm_add_input(struct ucm *handle, const char *path) UCM_NONNULL(1, 2);

/* "HOST:PORT:ADDR:PORT" as curl's --connect-to: dial elsewhere; empty HOST or PORT match all, empty
 * ADDR or second PORT change nothing; IPv6 addresses in brackets. The first rule that matches
 * counts. The certificate must still be that of SMTP_SERVER. */
UCM_MUST_CHECK int ucm_add_connect_to(struct ucm *handle, const char *rule) UCM_NONNULL(1, 2);

/* The last reason in words; "" where there is none, never NULL. */
const char *ucm_error(const struct ucm *handle) UCM_NONNULL(1);
/* The rule of the audit behind the last reason ("UCM105"), or "". */
const char *ucm_error_rule(const struct ucm *handle) UCM_NONNULL(1);
/* A status in words; constant text, never NULL. */
const char *ucm_strerror(int status);
/* "0.1.0 wolfSSL/5.5.4 …": versions and features. Constant text. */
const char *ucm_version(void);

/* ---- Policy ------------------------------------------------------------------------------- */

/*
 * Reads the system if that has not been done, and decides (anew where a certificate of the policy
 * expired since). UCM_OK where a policy was decided (it may be a refusal: see
 * ucm_policy_text(UCM_POLICY_DECISION)); UCM_E_INPUT where the system could not be read in full;
 * UCM_E_POLICY only where nothing can be decided.
 */
UCM_MUST_CHECK int ucm_decide_policy(struct ucm *handle) UCM_NONNULL(1);

/*
 * Reads the system if that has not been done, and writes a snapshot of it to the descriptor: one
 * text file that ucm_add_input() takes in place of the exports, with the same decisions. The same
 * system gives the same bytes. UCM_E_INPUT as above, UCM_E_IO where it cannot be written.
 */
UCM_MUST_CHECK int ucm_compile(struct ucm *handle, int fd) UCM_NONNULL(1);

enum ucm_policy_text_field {
	UCM_POLICY_DECISION = 1,    /* "forced", "opportunistic", "plain", "refuse" */
	UCM_POLICY_HOST, UCM_POLICY_PROTOCOL, UCM_POLICY_FROM, UCM_POLICY_REPLY_TO, UCM_POLICY_LOGIN,
	UCM_POLICY_LOGIN_USER, UCM_POLICY_AUTH_METHOD, UCM_POLICY_SERVER_VARIABLE, UCM_POLICY_VIA,
	UCM_POLICY_AGENT, UCM_POLICY_REFUSED_BY, /* lowest rule that refuses, or NULL */
	UCM_POLICY_CERT_NAME, UCM_POLICY_CERT_SHA256, UCM_POLICY_CERT_SUBJECT,
	UCM_POLICY_CERT_NOT_AFTER
};
enum ucm_policy_number_field {
	UCM_POLICY_CLIENT = 1, UCM_POLICY_PORT, UCM_POLICY_TIMEOUT_S, UCM_POLICY_MAX_REPORT_BYTES,
	UCM_POLICY_FILE_ATTACHMENTS
};
/* Of the last ucm_decide_policy(); NULL where unset, "(hidden)" where the value may be a secret. Live
 * until the policy is decided anew. */
const char *ucm_policy_text(const struct ucm *handle, enum ucm_policy_text_field field)
    UCM_NONNULL(1);
/* -1 where unset. */
long ucm_policy_number(const struct ucm *handle, enum ucm_policy_number_field field) UCM_NONNULL(1);

struct ucm_source { /* where a setting came from */
	const char *key;
	const char *value;  /* trimmed; NULL where it may be a secret */
	int client;
	const char *object;
	const char *file;
	unsigned line, column;
};
/* The index-th setting that is set, from 0; its strings live as those of ucm_policy_text().
 * UCM_E_USAGE past the end, or where no policy is decided. */
int ucm_policy_source(const struct ucm *handle, size_t index, struct ucm_source *ret)
    UCM_NONNULL(1, 3);

struct ucm_policy_finding {
	const char *rule, *name;
	const char *severity; /* "error", "warning", "info" */
	int refuses;
	const char *message, *hint;
	int client;           /* -1 unknown */
	const char *object, *key, *file;
	unsigned line, column;
};
/* The index-th finding about the policy, as ucm_policy_source(). */
int ucm_policy_finding_at(const struct ucm *handle, size_t index, struct ucm_policy_finding *ret)
    UCM_NONNULL(1, 3);

/* ---- Message ------------------------------------------------------------------------------ */

/*
 * Makes an empty message that belongs to the handle; freed by ucm_message_free() or ucm_end().
 * Setters check what they are given at once: UCM_E_MESSAGE for a bad address or a value that holds
 * CR, LF or another control character, with the reason on the handle; UCM_E_USAGE while the message
 * is being sent. It may be sent again, and keeps its Message-ID then.
 */
UCM_MUST_CHECK int ucm_message_new(struct ucm *handle, struct ucm_message **ret) UCM_NONNULL(1, 2);

/* Frees it. Freed while it is being sent, the sends under way are given up and the connection is
 * closed: whether the server has such a message is then unknown. */
void ucm_message_free(struct ucm_message *message);

enum ucm_recipient_kind { UCM_TO = 1, UCM_CC, UCM_BCC };
/* One address or a comma-separated list of them, with display names or without (RFC 5322); all of
 * it, or nothing where one is bad. "postmaster" alone needs no domain (RFC 5321 section 4.1.1.3). At
 * most 10,000 in one message, each once in the envelope. */
UCM_MUST_CHECK int ucm_message_add_recipient(struct ucm_message *message,
    enum ucm_recipient_kind kind, const char *addresses) UCM_NONNULL(1, 3);

enum ucm_message_item {
	UCM_SUBJECT = 1,
	UCM_MESSAGE_ID,  /* "<id@domain>"; default unique, without the host's name */
	UCM_DATE,        /* RFC 5322 date; default the clock's, in the local zone */
	UCM_DSN,         /* "never", or of "success,failure,delay" (RFC 3461) */
	UCM_ENVELOPE_ID, /* RFC 3461 ENVID */
	UCM_FROM         /* instead of SMTP_FROM_ADDR's display name: "Name <address>"; the address
	                    must be that of the policy, else UCM_E_POLICY at the send */
};
UCM_MUST_CHECK int ucm_message_set(struct ucm_message *message, enum ucm_message_item item,
    const char *value) UCM_NONNULL(1);

/* A further header field, without line ends: it is folded and encoded (RFC 2047) here. Those that
 * the library makes itself (From, To, Date, …) are refused. */
UCM_MUST_CHECK int ucm_message_add_header(struct ucm_message *message, const char *name,
    const char *value) UCM_NONNULL(1, 2, 3);

/* Text and HTML of the body, UTF-8 of `length` octets, any line ends; NULL: none. Both:
 * multipart/alternative. */
UCM_MUST_CHECK int ucm_message_set_body(struct ucm_message *message, const char *text, size_t length)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_set_html(struct ucm_message *message, const char *html, size_t length)
    UCM_NONNULL(1);

/*
 * Attaches. `type` is "type/subtype" or NULL (guessed from the name). A file is opened now and
 * streamed while it is sent; UCM_E_IO where it cannot be read. Data is copied.
 * Refused at the send with UCM_E_POLICY where SMTP_FILE_ATTACHMENT is N.
 */
UCM_MUST_CHECK int ucm_message_attach_file(struct ucm_message *message, const char *path,
    const char *type) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_message_attach_data(struct ucm_message *message, const char *name,
    const char *type, const void *data, size_t length) UCM_NONNULL(1, 2);
/* A text report, cut at SMTP_MAX_ATTACHMENT_SIZE as the product does. */
UCM_MUST_CHECK int ucm_message_attach_report(struct ucm_message *message, const char *path)
    UCM_NONNULL(1, 2);

/*
 * A ready RFC 5322 message instead of all the above: line ends become CRLF, Bcc is removed, a missing
 * Date or Message-ID is added, the rest stays byte for byte. Recipients are those added, else those
 * of To, Cc and Bcc. The data is copied; the fd form reads to the end now (into an unlinked
 * temporary file where it is large) and does not close the descriptor.
 */
UCM_MUST_CHECK int ucm_message_set_raw(struct ucm_message *message, const void *data, size_t length)
    UCM_NONNULL(1);
UCM_MUST_CHECK int ucm_message_set_raw_fd(struct ucm_message *message, int fd) UCM_NONNULL(1);

/* Writes the message as it would be sent (policy decided), without dot-stuffing, through `sink`,
 * which returns 0 to go on (else UCM_E_IO). For --dry-run and tests. Fails as ucm_send() does before
 * it connects. */
UCM_MUST_CHECK int ucm_message_write(struct ucm_message *message,
    int (*sink)(const void *bytes, size_t length, void *arg), void *arg) UCM_NONNULL(1, 2);

/* ---- Send --------------------------------------------------------------------------------- */

/*
 * Sends under the policy; the connection stays open for the next message. *ret (may be NULL) gets
 * the outcome also where the send failed, and NULL only after a wrong call or without memory; it
 * belongs to the handle. Never retries. UCM_OK: accepted for every recipient.
 */
UCM_MUST_CHECK int ucm_send(struct ucm *handle, struct ucm_message *message,
    struct ucm_outcome **ret) UCM_NONNULL(1, 2);

/*
 * The same without blocking. ucm_send_begin() takes the message; ucm_advance() goes on until it
 * would block (UCM_WANT_READ, UCM_WANT_WRITE on ucm_descriptor(), UCM_WANT_TIMER: nothing to wait
 * for but ucm_timeout_ms()), or the status of the finished send. Call it again when the descriptor
 * is ready or ucm_timeout_ms() have passed. One send at a time on a handle. The descriptor may be
 * another after each call; it is the library's: wait for it only. Without getaddrinfo_a() in the C
 * library, the name look-up blocks.
 */
UCM_MUST_CHECK int ucm_send_begin(struct ucm *handle, struct ucm_message *message) UCM_NONNULL(1, 2);
UCM_MUST_CHECK int ucm_advance(struct ucm *handle, struct ucm_outcome **ret) UCM_NONNULL(1);
int ucm_descriptor(const struct ucm *handle) UCM_NONNULL(1); /* -1: none yet */
/* Milliseconds after which ucm_advance() must be called at the latest; 0: at once, or no send. */
long ucm_timeout_ms(const struct ucm *handle) UCM_NONNULL(1);

/*
 * Many messages over one connection. `next` gives the next message (NULL: no more), `done` is told
 * each outcome in order. The next envelope travels with the end of the previous message where the
 * server pipelines (UCM_WINDOW more ahead). A failure of one leaves the others alone; the connection is
 * opened again after 421. Returns the worst status. Messages are freed by the library after `done`
 * (which may be NULL), and so are the outcomes; `done` must not free them. Where there is no memory
 * for an outcome, a message is freed untold, and UCM_E_MEMORY returned at least.
 */
typedef struct ucm_message *(*ucm_next_fn)(struct ucm *handle, void *arg);
typedef void (*ucm_done_fn)(struct ucm_message *message, const struct ucm_outcome *outcome,
    int status, void *arg);
UCM_MUST_CHECK int ucm_send_batch(struct ucm *handle, ucm_next_fn next, ucm_done_fn done, void *arg)
    UCM_NONNULL(1, 2);

/* Connects, verifies and logs in under the policy, then quits: nothing is sent. `step` (may be
 * NULL) is told each step with its duration and, where it failed, what to change; its argument
 * lives as long as the call. A recipient (one address, or NULL) is asked for with MAIL and RCPT; no
 * message follows. *ret (may be NULL) as of ucm_send(): "sent" means that all went well. */
struct ucm_check_step {
	size_t size;
	const char *name;   /* "resolve", "connect", "greeting", "starttls", "certificate", "login", … */
	int status;         /* enum ucm_status */
	double milliseconds;
	const char *detail; /* what was found */
	const char *advice; /* what to change, or "" */
};
UCM_MUST_CHECK int ucm_check(struct ucm *handle, const char *recipient,
    void (*step)(const struct ucm_check_step *step, void *arg), void *arg, struct ucm_outcome **ret)
    UCM_NONNULL(1);

/* Says QUIT and closes. The handle can send again. */
void ucm_disconnect(struct ucm *handle) UCM_NONNULL(1);

/* ---- Outcome ------------------------------------------------------------------------------ */

enum ucm_outcome_text_field {
	UCM_OUTCOME_STATUS = 1,   /* "sent", "partial", "failed", "unknown" */
	UCM_OUTCOME_DECISION, UCM_OUTCOME_TLS_VERSION, UCM_OUTCOME_TLS_CIPHER,
	UCM_OUTCOME_TLS_MODE,     /* "implicit", "starttls", "none" */
	UCM_OUTCOME_PEER_SHA256, UCM_OUTCOME_TRUSTED_BY, UCM_OUTCOME_HOST, UCM_OUTCOME_BANNER,
	UCM_OUTCOME_MESSAGE_ID, UCM_OUTCOME_REPLY, UCM_OUTCOME_REFUSED_BY, UCM_OUTCOME_ERROR,
	UCM_OUTCOME_ADDRESS,      /* the numeric address that was connected */
	UCM_OUTCOME_PEER_SUBJECT, UCM_OUTCOME_PEER_ISSUER, UCM_OUTCOME_PEER_NOT_AFTER
};
enum ucm_outcome_number_field {
	UCM_OUTCOME_EXIT = 1,     /* enum ucm_status */
	UCM_OUTCOME_CLIENT, UCM_OUTCOME_PORT,
	UCM_OUTCOME_SEND_MAIL_CODE, /* 0, 10034, 50006, 50012 */
	UCM_OUTCOME_PLAINTEXT,    /* 1 only where mail went out in clear */
	UCM_OUTCOME_RESUMED       /* 1: the TLS session was resumed */
};
/* Live as long as the outcome. NULL, or -1: unset, or no such field. */
const char *ucm_outcome_text(const struct ucm_outcome *outcome, enum ucm_outcome_text_field field)
    UCM_NONNULL(1);
long ucm_outcome_number(const struct ucm_outcome *outcome, enum ucm_outcome_number_field field)
    UCM_NONNULL(1);

struct ucm_recipient {
	const char *address;
	const char *status;   /* "accepted", "rejected", "deferred", "unknown" */
	int code;             /* SMTP reply code, 0 where there was none */
	const char *enhanced; /* "5.1.1", or "" */
	const char *text;     /* the reply's text, control characters removed */
};
/* The index-th recipient, from 0, in the order of the envelope; its strings live as long as the
 * outcome. UCM_E_USAGE past the end. */
int ucm_outcome_recipient(const struct ucm_outcome *outcome, size_t index, struct ucm_recipient *ret)
    UCM_NONNULL(1, 3);

/* Frees one outcome before its handle ends. */
void ucm_outcome_free(struct ucm_outcome *outcome);

#if defined(__GNUC__) && defined(UCM_BUILDING_LIBRARY)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
