/*
 * TLS through wolfSSL. Its defaults authenticate nobody: version, suites and verification are all
 * set here, and nothing is believed before it has been looked at again after the handshake.
 */
#include "config.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "policy/address.h"
#include "policy/text.h"
#include "tls.h"

/* A record and its header: one system call reads it whole. */
#define READ_AHEAD (16384 + 512)

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 256

/* Forward secrecy and AEAD only. What the TLS library does faster goes first. */
#define SUITES_AES                                                                                 \
	"TLS13-AES256-GCM-SHA384:TLS13-AES128-GCM-SHA256:"                                         \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                               \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
#define SUITES_CHACHA                                                                              \
	"TLS13-CHACHA20-POLY1305-SHA256:"                                                          \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#if !defined(HAVE_CHACHA) || !defined(HAVE_POLY1305)
#define SUITES SUITES_AES
#elif defined(WOLFSSL_AESNI) || defined(WOLFSSL_ARMASM)
#define SUITES SUITES_AES ":" SUITES_CHACHA
#else
#define SUITES SUITES_CHACHA ":" SUITES_AES
#endif

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
	int overridden; /* the callback accepted what the library would not */
	int resumed;
	int done;
	int started; /* the server's first octet was looked at */
	int not_tls; /* it was no TLS; the octet is kept */
	int lost; /* the connection ended without close_notify */
	int wants_read;
	size_t in_start, in_end;
	unsigned char in[READ_AHEAD];
};

static void init_once(void)
{
	/* Never cleaned up: a cycle of Init and Cleanup leaves an exit handler behind each time. */
	(void)wolfSSL_Init();
}

static void init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, init_once);
}

/* ---- Octets --------------------------------------------------------------------------------- */

/* A TLS server begins with a handshake or an alert record. */
static int begins_tls(struct ucm_tls *tls)
{
	if (!tls->started) {
		tls->started = 1;
		if (tls->in[0] != 0x16 && tls->in[0] != 0x15) {
			tls->not_tls = 1;
		}
	}
	return !tls->not_tls;
}

static int on_receive(WOLFSSL *ssl, char *bytes, int room, void *arg)
{
	struct ucm_tls *tls = arg;
	struct ucm_error ignored = {0};
	size_t size = 0;

	(void)ssl;
	if (tls->in_start == tls->in_end) {
		ssize_t got = ucm_net_read(tls->options.net, tls->in, sizeof(tls->in), &ignored);

		if (got == UCM_NET_BLOCKED) {
			return WOLFSSL_CBIO_ERR_WANT_READ;
		}
		if (got <= 0) {
			tls->lost = 1;
			return got == 0 ? WOLFSSL_CBIO_ERR_CONN_CLOSE : WOLFSSL_CBIO_ERR_CONN_RST;
		}
		tls->in_start = 0;
		tls->in_end = (size_t)got;
		if (!begins_tls(tls)) {
			return WOLFSSL_CBIO_ERR_GENERAL;
		}
	}
	size = tls->in_end - tls->in_start;
	if (size > (size_t)room) {
		size = (size_t)room;
	}
	memcpy(bytes, tls->in + tls->in_start, size);
	tls->in_start += size;
	return (int)size;
}

static int on_send(WOLFSSL *ssl, char *bytes, int size, void *arg)
{
	struct ucm_tls *tls = arg;
	struct ucm_error ignored = {0};
	ssize_t put = ucm_net_write(tls->options.net, bytes, (size_t)size, &ignored);

	(void)ssl;
	if (put == UCM_NET_BLOCKED) {
		return WOLFSSL_CBIO_ERR_WANT_WRITE;
	}
	if (put < 0) {
		tls->lost = 1;
		return WOLFSSL_CBIO_ERR_CONN_RST;
	}
	return (int)put;
}

/* ---- Verification --------------------------------------------------------------------------- */

static int keep_presented(struct ucm_tls *tls, const unsigned char *der, size_t size)
{
	tls->has_cert = 0;
	tls->der = (unsigned char *)ucm_arena_copy(&tls->arena, (const char *)der, size);
	if (tls->der == NULL) {
		return -1;
	}
	tls->der_size = size;
	tls->has_cert = ucm_cert_parse(&tls->arena, tls->der, size, &tls->cert) == 0;
	return tls->has_cert ? 0 : -1;
}

/*
 * Called by the library for each certificate of the chain, the server's own last. It changes the
 * library's judgement in one case only: the server's own certificate is a trusted one, octet by
 * octet. Then no chain is needed; that the server has its key is proved by the handshake.
 */
static int on_verify(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
	struct ucm_tls *tls = store->userCtx;
	const WOLFSSL_BUFFER_INFO *own = store->certs;

	if (tls == NULL || own == NULL || store->totalCerts < 1 || own->buffer == NULL) {
		return 0;
	}
	if (!tls->seen) {
		tls->seen = 1;
		if (keep_presented(tls, own->buffer, own->length) < 0) {
			return 0;
		}
		tls->pinned = ucm_peer_is_pinned(&tls->options.rules, own->buffer, own->length);
	}
	if (tls->pinned) {
		tls->overridden |= !preverified;
		return 1;
	}
	return preverified;
}

/* What an error of the TLS library means to an administrator. */
static const struct {
	int code;
	const char *rule;
	const char *reason;
} verify_errors[] = {
    {ASN_NO_SIGNER_E, "", "the certificate is neither a trusted one nor issued by one"},
    {ASN_SELF_SIGNED_E, "", "the certificate is self-signed and not the trusted one"},
    {ASN_SIG_CONFIRM_E, "", "a signature in the chain is wrong: it may be forged"},
    {ASN_SIG_OID_E, "", "a signature in the chain is wrong: it may be forged"},
    {ASN_AFTER_DATE_E, "UCM206", "the certificate, or one of its chain, has expired"},
    {ASN_BEFORE_DATE_E, "UCM207", "the certificate, or one of its chain, is not valid yet"},
    {EXTKEYUSE_AUTH_E, "UCM215", "the certificate's extended key usage does not allow a server"},
    {KEYUSAGE_E, "UCM215", "the certificate's key usage does not allow a server"},
    {ASN_PATHLEN_INV_E, "", "the chain is longer than one of its certificates allows"},
    {ASN_PATHLEN_SIZE_E, "", "the chain is longer than one of its certificates allows"},
    {ASN_NAME_INVALID_E, "", "a name constraint of the chain forbids the certificate"},
    {RSA_KEY_SIZE_E, "UCM209", "a key of the chain is too weak"},
    {ECC_KEY_SIZE_E, "UCM209", "a key of the chain is too weak"},
    {ASN_PARSE_E, "", "the certificate cannot be read"},
    {NO_PEER_CERT, "", "the server presented no certificate"},
};

static int fail_with(struct ucm_tls *tls, int code, struct ucm_error *error)
{
	const struct ucm_cert *cert = ucm_tls_presented(tls);
	char text[WOLFSSL_MAX_ERROR_SZ] = "";
	WOLFSSL_ALERT_HISTORY alerts;
	size_t i = 0;

	if (tls->not_tls && tls->options.starttls) {
		return ucm_fail(error, UCM_CLASS_PROTOCOL,
		    "bytes in clear where the TLS handshake begins: somebody may be injecting "
		    "replies");
	}
	if (tls->not_tls) {
		return ucm_fail(
		    error, UCM_CLASS_TRUST, "the server does not speak TLS on this port");
	}
	if (tls->lost) {
		return ucm_fail(error, UCM_CLASS_AGAIN,
		    "the server closed the connection in the TLS handshake");
	}
	if (code == MEMORY_E || code == MEMORY_ERROR) {
		return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for TLS");
	}
	for (i = 0; i < sizeof(verify_errors) / sizeof(verify_errors[0]); i++) {
		if (verify_errors[i].code == code) {
			return ucm_peer_fail(
			    error, verify_errors[i].rule, cert, verify_errors[i].reason);
		}
	}
	memset(&alerts, 0, sizeof(alerts));
	(void)wolfSSL_get_alert_history(tls->ssl, &alerts);
	wolfSSL_ERR_error_string((unsigned long)code, text);
	if (cert != NULL) {
		return ucm_peer_fail(error, "", cert, text);
	}
	return ucm_fail(error, UCM_CLASS_TRUST,
	    "no common TLS version or cipher (TLS 1.2 or 1.3 with forward secrecy is needed): %s, "
	    "alert %d",
	    text, alerts.last_rx.code);
}

/* Looks again at what the handshake has brought. Nothing was sent yet. */
static int verify_again(struct ucm_tls *tls, struct ucm_error *error)
{
	const struct ucm_tls_session *resume = tls->options.resume;

	tls->resumed = resume != NULL && !tls->seen && wolfSSL_session_reused(tls->ssl) == 1;
	if (tls->resumed) {
		/* No certificate is presented: that of the first connection counts, with today's
		 * date. */
		if (keep_presented(tls, resume->der, resume->der_size) < 0) {
			return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for the certificate");
		}
		tls->pinned = resume->pinned;
	} else {
		WOLFSSL_X509 *peer = wolfSSL_get_peer_certificate(tls->ssl);
		int size = 0;
		const unsigned char *der = peer != NULL ? wolfSSL_X509_get_der(peer, &size) : NULL;
		int same = der != NULL && size > 0;

		if (same && !tls->seen && keep_presented(tls, der, (size_t)size) < 0) {
			same = 0;
		}
		same = same && tls->has_cert && tls->der_size == (size_t)size &&
		       memcmp(tls->der, der, (size_t)size) == 0;
		wolfSSL_X509_free(peer);
		if (!same) {
			return ucm_peer_fail(
			    error, "", NULL, "the server's certificate cannot be had");
		}
	}
	if (tls->pinned ? !ucm_peer_is_pinned(&tls->options.rules, tls->der, tls->der_size)
			: tls->overridden) {
		return ucm_peer_fail(
		    error, "", &tls->cert, "the certificate is not the trusted one");
	}
	if (!tls->pinned && wolfSSL_get_verify_result(tls->ssl) != 0) {
		return ucm_peer_fail(error, "", &tls->cert, "the chain is not verified");
	}
	return ucm_peer_judge(&tls->options.rules, &tls->cert, error);
}

/* ---- Set up --------------------------------------------------------------------------------- */

/* Loads the anchors. Pins never go there: whatever is loaded may issue (also a non-CA). */
static int load_anchors(struct ucm_tls *tls, struct ucm_error *error)
{
	const struct ucm_peer_rules *rules = &tls->options.rules;
	size_t i = 0;

	for (i = 0; i < rules->trusted_count; i++) {
		const struct ucm_cert *cert = rules->trusted[i];
		int state = 0;

		if (!ucm_peer_is_anchor(cert)) {
			continue;
		}
		state = wolfSSL_CTX_load_verify_buffer(
		    tls->ctx, cert->der, (long)cert->der_size, WOLFSSL_FILETYPE_ASN1);
#ifdef WOLFSSL_TRUST_PEER_CERT
		/* Loading also makes the certificate a "trusted peer", which is compared by names
		 * and signature octets alone: a forged copy would be taken. */
		if (wolfSSL_CTX_Unload_trust_peers(tls->ctx) != WOLFSSL_SUCCESS) {
			return ucm_fail(
			    error, UCM_CLASS_TRUST, "the TLS library keeps trusted peers");
		}
#endif
		if (state != WOLFSSL_SUCCESS) {
			return ucm_peer_fail(error, state == ASN_AFTER_DATE_E ? "UCM206" : "", NULL,
			    "the trusted certificate is not accepted by the TLS library");
		}
	}
	return 0;
}

static int set_up_context(struct ucm_tls *tls)
{
	int ok = 1;

	tls->ctx = wolfSSL_CTX_new(wolfTLS_client_method());
	if (tls->ctx == NULL) {
		return -1;
	}
	/* Before anything is loaded: the load judges by the mode of that moment. */
	wolfSSL_CTX_set_verify(
	    tls->ctx, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, on_verify);
	ok = ok && wolfSSL_CTX_SetMinVersion(tls->ctx, WOLFSSL_TLSV1_2) == WOLFSSL_SUCCESS;
	ok = ok && wolfSSL_CTX_set_cipher_list(tls->ctx, SUITES) == WOLFSSL_SUCCESS;
#ifndef NO_RSA
	ok = ok && wolfSSL_CTX_SetMinRsaKey_Sz(tls->ctx, RSA_BITS_MIN) == WOLFSSL_SUCCESS;
#endif
#ifdef HAVE_ECC
	ok = ok && wolfSSL_CTX_SetMinEccKey_Sz(tls->ctx, EC_BITS_MIN) == WOLFSSL_SUCCESS;
#endif
#ifdef HAVE_EXT_CACHE
	/* Sessions belong to the handle, not to the process. */
	(void)wolfSSL_CTX_set_session_cache_mode(
	    tls->ctx, WOLFSSL_SESS_CACHE_NO_INTERNAL_STORE | WOLFSSL_SESS_CACHE_NO_INTERNAL_LOOKUP);
#endif
#ifdef HAVE_SESSION_TICKET
	ok = ok && wolfSSL_CTX_UseSessionTicket(tls->ctx) == WOLFSSL_SUCCESS;
#endif
	(void)wolfSSL_CTX_set_group_messages(tls->ctx);
	wolfSSL_CTX_SetIORecv(tls->ctx, on_receive);
	wolfSSL_CTX_SetIOSend(tls->ctx, on_send);
	return ok ? 0 : -1;
}

/* X25519 first: half the processor time of P-256 here, and a tenth of its memory. */
static int set_groups(struct ucm_tls *tls)
{
	static const int groups[] = {
#ifdef HAVE_CURVE25519
	    WOLFSSL_ECC_X25519,
#endif
	    WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
	size_t i = 0;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (wolfSSL_UseSupportedCurve(tls->ssl, (word16)groups[i]) != WOLFSSL_SUCCESS) {
			return -1;
		}
	}
	return wolfSSL_UseKeyShare(tls->ssl, (word16)groups[0]) == WOLFSSL_SUCCESS ? 0 : -1;
}

/* The name for SNI, without a trailing dot; never an address (RFC 6066 section 3). */
static int set_server_name(struct ucm_tls *tls)
{
	const char *host = tls->options.rules.host;
	size_t length = strlen(host);

	if (ucm_host_parse(host, NULL) != UCM_HOST_NAME) {
		return 0;
	}
	length -= length > 0 && host[length - 1] == '.';
	return wolfSSL_UseSNI(tls->ssl, WOLFSSL_SNI_HOST_NAME, host, (word16)length) ==
		       WOLFSSL_SUCCESS
		   ? 0
		   : -1;
}

static int set_up_connection(struct ucm_tls *tls)
{
	tls->ssl = wolfSSL_new(tls->ctx);
	if (tls->ssl == NULL) {
		return -1;
	}
	wolfSSL_SetIOReadCtx(tls->ssl, tls);
	wolfSSL_SetIOWriteCtx(tls->ssl, tls);
	wolfSSL_SetCertCbCtx(tls->ssl, tls);
	wolfSSL_set_using_nonblock(tls->ssl, 1);
	if (tls->options.want_binding) {
		wolfSSL_KeepArrays(tls->ssl);
	}
	if (tls->options.resume != NULL) {
		/* Where it has expired, a full handshake is done. */
		(void)wolfSSL_set_session(tls->ssl, tls->options.resume->session);
	}
	return set_groups(tls) == 0 && set_server_name(tls) == 0 ? 0 : -1;
}

struct ucm_tls *ucm_tls_new(const struct ucm_tls_options *options, struct ucm_error *error)
{
	struct ucm_tls *tls = ucm_resize(options->allocator, NULL, sizeof(*tls));

	if (tls == NULL) {
		ucm_fail(error, UCM_CLASS_MEMORY, "no memory for TLS");
		return NULL;
	}
	init();
	memset(tls, 0, sizeof(*tls));
	tls->options = *options;
	ucm_arena_init(&tls->arena, options->allocator, 0);
	if (set_up_context(tls) < 0) {
		ucm_fail(error, UCM_CLASS_MEMORY, "the TLS library cannot be set up");
	} else if (load_anchors(tls, error) == 0 && set_up_connection(tls) < 0) {
		ucm_fail(error, UCM_CLASS_MEMORY, "the TLS library cannot be set up");
	}
	if (error->class != UCM_CLASS_OK) {
		ucm_tls_free(tls);
		return NULL;
	}
	return tls;
}

/* ---- Use ------------------------------------------------------------------------------------ */

int ucm_tls_handshake(struct ucm_tls *tls, struct ucm_error *error)
{
	int code = 0;

	if (tls->done) {
		return UCM_OK;
	}
	if (wolfSSL_connect(tls->ssl) != WOLFSSL_SUCCESS) {
		code = wolfSSL_get_error(tls->ssl, 0);
		if (code == WOLFSSL_ERROR_WANT_READ) {
			return UCM_WANT_READ;
		}
		if (code == WOLFSSL_ERROR_WANT_WRITE) {
			return UCM_WANT_WRITE;
		}
		return fail_with(tls, code, error);
	}
	if (verify_again(tls, error) < 0) {
		return -1;
	}
	tls->done = 1;
	return UCM_OK;
}

const struct ucm_cert *ucm_tls_presented(const struct ucm_tls *tls)
{
	return tls->has_cert ? &tls->cert : NULL;
}

void ucm_tls_facts(const struct ucm_tls *tls, struct ucm_tls_facts *ret)
{
	ret->version = wolfSSL_get_version(tls->ssl);
	ret->cipher = wolfSSL_get_cipher(tls->ssl);
	ret->cert = &tls->cert;
	ret->resumed = tls->resumed;
	ret->pinned = tls->pinned;
}

static ssize_t fail_io(struct ucm_tls *tls, struct ucm_error *error)
{
	const int code = wolfSSL_get_error(tls->ssl, 0);
	char text[WOLFSSL_MAX_ERROR_SZ] = "";

	tls->wants_read = code == WOLFSSL_ERROR_WANT_READ;
	if (code == WOLFSSL_ERROR_WANT_READ || code == WOLFSSL_ERROR_WANT_WRITE) {
		return UCM_NET_BLOCKED;
	}
	if (tls->lost) {
		return ucm_fail(
		    error, UCM_CLASS_AGAIN, "the connection was lost (no close_notify)");
	}
	wolfSSL_ERR_error_string((unsigned long)code, text);
	return ucm_fail(error, UCM_CLASS_AGAIN, "the TLS connection failed: %s", text);
}

ssize_t ucm_tls_read(struct ucm_tls *tls, void *bytes, size_t room, struct ucm_error *error)
{
	int got = wolfSSL_read(tls->ssl, bytes, (int)room);

	if (got > 0) {
		return got;
	}
	if (wolfSSL_get_error(tls->ssl, got) == WOLFSSL_ERROR_ZERO_RETURN) {
		return 0;
	}
	return fail_io(tls, error);
}

ssize_t ucm_tls_write(struct ucm_tls *tls, const void *bytes, size_t size, struct ucm_error *error)
{
	int put = wolfSSL_write(tls->ssl, bytes, (int)size);

	return put > 0 ? put : fail_io(tls, error);
}

int ucm_tls_wants_read(const struct ucm_tls *tls)
{
	return tls->wants_read;
}

/* RFC 5929 section 4.1: the hash of the certificate's signature, SHA-256 for weaker ones. */
static size_t end_point(const struct ucm_tls *tls, unsigned char out[UCM_BINDING_MAX])
{
	const char *name = tls->cert.signature_name != NULL ? tls->cert.signature_name : "";

	if (strstr(name, "384") != NULL || strstr(name, "512") != NULL ||
	    strstr(name, "256") == NULL) {
		return 0; /* another hash, or none (Ed25519): no binding rather than a wrong one */
	}
	memcpy(out, tls->cert.sha256, sizeof(tls->cert.sha256));
	return sizeof(tls->cert.sha256);
}

size_t ucm_tls_binding(struct ucm_tls *tls, unsigned char out[UCM_BINDING_MAX], const char **name)
{
#ifdef HAVE_KEYING_MATERIAL
	static const char label[] = "EXPORTER-Channel-Binding";

	if (strcmp(wolfSSL_get_version(tls->ssl), "TLSv1.3") == 0) {
		*name = "tls-exporter";
		return wolfSSL_export_keying_material(tls->ssl, out, 32, label, sizeof(label) - 1,
			   NULL, 0, 0) == WOLFSSL_SUCCESS
			   ? 32
			   : 0;
	}
#endif
	*name = "tls-server-end-point";
	return end_point(tls, out);
}

struct ucm_tls_session *ucm_tls_keep(struct ucm_tls *tls)
{
	struct ucm_tls_session *kept = NULL;
	WOLFSSL_SESSION *session = NULL;

	if (!tls->done || tls->der_size == 0) {
		return NULL;
	}
	session = wolfSSL_get1_session(tls->ssl);
	if (session == NULL) {
		return NULL;
	}
	kept = ucm_resize(tls->options.allocator, NULL, sizeof(*kept) + tls->der_size);
	if (kept == NULL) {
		wolfSSL_SESSION_free(session);
		return NULL;
	}
	kept->allocator = tls->options.allocator;
	kept->session = session;
	kept->der_size = tls->der_size;
	kept->pinned = tls->pinned;
	memcpy(kept->der, tls->der, tls->der_size);
	return kept;
}

void ucm_tls_session_free(struct ucm_tls_session *session)
{
	if (session != NULL) {
		wolfSSL_SESSION_free(session->session);
		ucm_resize(session->allocator, session, 0);
	}
}

void ucm_tls_shutdown(struct ucm_tls *tls)
{
	if (tls->done && !tls->lost) {
		(void)wolfSSL_shutdown(tls->ssl);
	}
}

void ucm_tls_free(struct ucm_tls *tls)
{
	const struct ucm_allocator *allocator = NULL;

	if (tls == NULL) {
		return;
	}
	allocator = tls->options.allocator;
	if (tls->ssl != NULL) {
		wolfSSL_free(tls->ssl);
	}
	if (tls->ctx != NULL) {
		wolfSSL_CTX_free(tls->ctx);
	}
	ucm_arena_free(&tls->arena);
	ucm_wipe(tls, sizeof(*tls));
	ucm_resize(allocator, tls, 0);
}

void ucm_tls_thread_end(void)
{
#if defined(FP_ECC) && defined(HAVE_ECC)
	wc_ecc_fp_free();
#endif
}
