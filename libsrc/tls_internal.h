/*
 * Between the parts of TLS: use (tls.c), set-up (tls_setup.c), verification (tls_verify.c).
 */
#ifndef UCM_LIBSRC_TLS_INTERNAL_H
#define UCM_LIBSRC_TLS_INTERNAL_H

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "tls.h"

/* A record and its header: one system call reads it whole. */
#define READ_AHEAD (16384 + 512)

/*
 * How often one call may read from the socket. The TLS library goes on by itself while there are
 * records that hold nothing for us (tickets, key updates): a server that never stops sending them
 * must not keep the call, and so the deadline, for ever.
 */
#define READS_AT_ONCE 4

struct ucm_tls_session {
	const struct ucm_allocator *allocator;
	WOLFSSL_SESSION *session;
	size_t der_size;
	int pinned;
	unsigned char der[]; /* the certificate that was verified */
};

struct ucm_tls {
	struct ucm_tls_options options;
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;
	struct ucm_arena arena;
	struct ucm_cert cert;
	unsigned char *der; /* presented in this connection, in the arena */
	size_t der_size;
	int has_cert;
	int seen; /* the verify callback ran: this is no resumption */
	int pinned; /* the presented certificate is a trusted one, octet by octet */
	const char *chain_fault; /* what is wrong with the chain, by our own judgement; NULL: nothing */
	int overridden; /* the callback accepted what the library would not */
	int refused; /* the callback was shown what the library would not accept, and agreed */
	int resumed;
	int done;
	int started; /* the server's first octet was looked at */
	int not_tls; /* it was no TLS; the octet is kept */
	int lost; /* the connection ended without close_notify */
	int heard; /* the server said something within TLS */
	int unwritable; /* a write failed once */
	int wants_read;
	int reads_left; /* in this call */
	size_t in_start, in_end;
	unsigned char in[READ_AHEAD]; /* last: not cleared */
};

/* Version, suites, verification, octets: everything that the library's defaults leave open. 0, -1.
 */
int ucm_tls_set_up_context(struct ucm_tls *tls);
/* Loads the anchors. 0, or -1 with error. */
int ucm_tls_load_anchors(struct ucm_tls *tls, struct ucm_error *error);
int ucm_tls_set_up_connection(struct ucm_tls *tls);

/* Counts the calling thread's full handshakes. */
void ucm_tls_count_handshakes(unsigned more);
/* Frees what the TLS library has begun of its tables of curve points, while the thread has made few
 * handshakes. Called between two uses of the same point, so that no table is filled at all. */
void ucm_tls_spare_tables(void);

/* Called by the library for each certificate of the chain. */
int ucm_tls_on_verify(int preverified, WOLFSSL_X509_STORE_CTX *store);
/* Looks again at what the handshake has brought, before anything is sent. 0, or -1 with error. */
int ucm_tls_verify_again(struct ucm_tls *tls, struct ucm_error *error);
/* What an error code of the library in the handshake means. Returns -1. */
int ucm_tls_fail_handshake(struct ucm_tls *tls, int code, struct ucm_error *error);

#endif
