/*
 * TLS over a connection: TLS 1.2 and 1.3, forward-secret AEAD suites, trust in the certificates
 * that the policy names and in nothing else.
 */
#ifndef UCM_LIBSRC_TLS_H
#define UCM_LIBSRC_TLS_H

#include "net.h"
#include "peer.h"
#include "sasl.h"

/* What is kept of a verified connection so that the next to the same server under the same policy
 * can be resumed. */
struct ucm_tls_session;

struct ucm_tls_options {
	const struct ucm_allocator *allocator;
	struct ucm_net *net; /* connected; must outlive the TLS object */
	struct ucm_peer_rules rules; /* the certificates must outlive the handshake */
	int starttls; /* the connection spoke SMTP in clear before */
	int want_binding; /* a login may need channel-binding data */
	const struct ucm_tls_session *resume; /* or NULL */
};

/* What a verified connection is. */
struct ucm_tls_facts {
	const char *version; /* "TLSv1.3" */
	const char *cipher;
	const struct ucm_cert *cert; /* presented, in this connection or in the one it resumes */
	int resumed;
	int pinned; /* trusted by itself, not by a chain */
};

struct ucm_tls;

/* Prepares. NULL with error (MEMORY, TRUST where a named certificate is not usable by the TLS
 * library: its own clock says that it has expired). */
struct ucm_tls *ucm_tls_new(const struct ucm_tls_options *options, struct ucm_error *error);

/*
 * Goes on with the handshake. UCM_OK: done and verified: chain or pin, name, dates, usage.
 * UCM_WANT_READ, UCM_WANT_WRITE. -1 with error: TRUST, PROTOCOL (SMTP bytes in clear behind
 * STARTTLS), AGAIN (connection lost).
 */
int ucm_tls_handshake(struct ucm_tls *tls, struct ucm_error *error);

/* After the handshake. */
void ucm_tls_facts(const struct ucm_tls *tls, struct ucm_tls_facts *ret);

/* The certificate that was presented, also where the handshake failed; NULL: none. */
const struct ucm_cert *ucm_tls_presented(const struct ucm_tls *tls);

/* As ucm_net_read(), ucm_net_write(): 0 is a close_notify, an end without it an error. A write that
 * is blocked must be repeated with the same bytes. */
ssize_t ucm_tls_read(struct ucm_tls *tls, void *bytes, size_t room, struct ucm_error *error);
ssize_t ucm_tls_write(struct ucm_tls *tls, const void *bytes, size_t size, struct ucm_error *error);

/* Whether a blocked write waits for the server's bytes (never for ordinary connections). */
int ucm_tls_wants_read(const struct ucm_tls *tls);

/*
 * Channel-binding data (RFC 9266 tls-exporter in TLS 1.3, RFC 5929 tls-server-end-point before).
 * Returns its length and points *name at its name; 0: none.
 */
size_t ucm_tls_binding(struct ucm_tls *tls, unsigned char out[UCM_BINDING_MAX], const char **name);

/* The session to keep, when the connection ends; NULL: none. */
struct ucm_tls_session *ucm_tls_keep(struct ucm_tls *tls);
void ucm_tls_session_free(struct ucm_tls_session *session);

/* Sends close_notify if that does not block. */
void ucm_tls_shutdown(struct ucm_tls *tls);
void ucm_tls_free(struct ucm_tls *tls);

/* Frees what the TLS library keeps for this thread. Done by itself where a thread ends, and where the
 * library is closed for the thread that does so. */
void ucm_tls_thread_end(void);

#endif
