/*
 * One connection to the policy's server: sockets, TLS and SMTP driven together, never blocking.
 */
#ifndef UCM_LIBSRC_SESSION_H
#define UCM_LIBSRC_SESSION_H

#include <sys/types.h>

#include "handle.h"
#include "net.h"
#include "smtp.h"
#include "tls.h"

enum ucm_phase {
	UCM_PHASE_CLOSED,
	UCM_PHASE_RESOLVE,
	UCM_PHASE_CONNECT,
	UCM_PHASE_HANDSHAKE,
	UCM_PHASE_SMTP
};

/* Where a connection stands, for a check that tells each step. */
enum ucm_milestone {
	UCM_AT_RESOLVE,
	UCM_AT_CONNECT,
	UCM_AT_GREETING,
	UCM_AT_CAPABILITIES,
	UCM_AT_STARTTLS,
	UCM_AT_CERTIFICATE,
	UCM_AT_LOGIN,
	UCM_AT_RECIPIENT,
	UCM_AT_QUIT,
	UCM_AT_END /* idle, or closed */
};

/* How long ucm_disconnect() waits for the reply to QUIT. */
#define UCM_QUIT_WAIT_MS 2000

/* What is known of the connection, for outcomes; stands after its end until the next. */
struct ucm_session_facts {
	const char *mode; /* "implicit", "starttls", "none" */
	char version[16];
	char cipher[64];
	char address[UCM_NET_ADDRESS_MAX];
	char banner[UCM_SMTP_BANNER_MAX + 1];
	char sha256[65]; /* of the certificate that was presented; "" where there was none */
	char subject[256];
	char issuer[256];
	char not_after[21];
	int resumed;
};

struct ucm_session {
	struct ucm *handle;
	pid_t owner; /* the process that opened the connection */
	enum ucm_phase phase;
	const char *host; /* SMTP_SERVER, of the decision */
	unsigned port;
	struct ucm_net *net;
	struct ucm_tls *tls;
	char helo[UCM_DOMAIN_MAX + UCM_NET_ADDRESS_MAX];
	struct ucm_session_facts facts;
	struct ucm_tls_session *kept; /* to be resumed */
	int64_t progress_ms; /* of the last octet that moved */
	int64_t deadline_ms; /* of the send that is under way */
	void (*watch)(struct ucm_session *session, enum ucm_milestone now, void *arg); /* or NULL */
	void *watch_arg;
	enum ucm_milestone watched;
	int wants; /* what the last run ended with: UCM_WANT_*, or UCM_OK */
	struct ucm_smtp smtp; /* last: its end is not cleared */
};

/* The open connection of the handle, or a new one that begins to connect. The policy is decided and
 * does not refuse. NULL with error (MEMORY). */
struct ucm_session *ucm_session_open(struct ucm *handle, struct ucm_error *error);

/*
 * Goes on as far as it can without blocking. UCM_OK: idle, or the connection has ended (phase
 * CLOSED, smtp.error tells why); else UCM_WANT_*. Time-outs and the deadline are judged here.
 */
int ucm_session_run(struct ucm_session *session);

/* Milliseconds until ucm_session_run() must be called at the latest. */
long ucm_session_timeout_ms(const struct ucm_session *session);

/* The descriptor to wait for, -1: none. */
int ucm_session_descriptor(const struct ucm_session *session);

/* Closes: QUIT and close_notify where that does not block. `wait_ms`: how long to wait for the
 * reply. */
void ucm_session_close(struct ucm_session *session, int wait_ms);

/* Where it stands. */
enum ucm_milestone ucm_session_milestone(const struct ucm_session *session);

/* Remarks for the trace. */
void ucm_session_remark(const struct ucm_session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
