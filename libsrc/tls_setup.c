/*
 * Sets TLS up. Nothing is left to wolfSSL's defaults, which authenticate nobody.
 */
#include "config.h"

#include "tls_internal.h"

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <string.h>

#include "policy/address.h"

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

/* ---- Octets --------------------------------------------------------------------------------- */

/* A TLS server begins with a handshake or an alert record. */
static int begins_tls(struct ucm_tls *tls)
{
	if (!tls->started) {
		tls->started = 1;
		if (tls->in[0] != 0x16 && tls->in[0] != 0x15)
			tls->not_tls = 1;
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
		ssize_t got = 0;

		if (tls->reads_left-- <= 0)
			return WOLFSSL_CBIO_ERR_WANT_READ;
		got = ucm_net_read(tls->options.net, tls->in, sizeof(tls->in), &ignored);

		if (got == UCM_NET_BLOCKED)
			return WOLFSSL_CBIO_ERR_WANT_READ;
		if (got <= 0) {
			tls->lost = 1;
			return got == 0 ? WOLFSSL_CBIO_ERR_CONN_CLOSE : WOLFSSL_CBIO_ERR_CONN_RST;
		}
		tls->in_start = 0;
		tls->in_end = (size_t)got;
		if (!begins_tls(tls))
			return WOLFSSL_CBIO_ERR_GENERAL;
	}
	size = tls->in_end - tls->in_start;
	if (size > (size_t)room)
		size = (size_t)room;
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
	if (put == UCM_NET_BLOCKED)
		return WOLFSSL_CBIO_ERR_WANT_WRITE;
	if (put < 0 && !tls->unwritable) {
		/* What the server said before it closed is still to be read: it may tell why. The
		 * library reads nothing any more once it knows of an error. */
		tls->unwritable = 1;
		return WOLFSSL_CBIO_ERR_WANT_WRITE;
	}
	if (put < 0) {
		tls->lost = 1;
		return WOLFSSL_CBIO_ERR_CONN_RST;
	}
	return (int)put;
}

/* ---- Set up --------------------------------------------------------------------------------- */

/* Loads the anchors. Pins never go there: whatever is loaded may issue (also a non-CA). */
int ucm_tls_load_anchors(struct ucm_tls *tls, struct ucm_error *error)
{
	const struct ucm_peer_rules *rules = &tls->options.rules;
	size_t i = 0;

	for (i = 0; i < rules->trusted_count; i++) {
		const struct ucm_cert *cert = rules->trusted[i];
		int state = 0;

		if (!ucm_peer_is_anchor(cert))
			continue;
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

int ucm_tls_set_up_context(struct ucm_tls *tls)
{
	int ok = 1;

	tls->ctx = wolfSSL_CTX_new(wolfTLS_client_method());
	if (tls->ctx == NULL)
		return -1;
	/* Before anything is loaded: the load judges by the mode of that moment. */
	wolfSSL_CTX_set_verify(
	    tls->ctx, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, ucm_tls_on_verify);
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
#ifdef OPENSSL_EXTRA
	/* It would try to read ten times before it says that nothing is there. */
	(void)wolfSSL_CTX_clear_mode(tls->ctx, SSL_MODE_AUTO_RETRY);
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

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (wolfSSL_UseSupportedCurve(tls->ssl, (word16)groups[i]) != WOLFSSL_SUCCESS)
			return -1;
	return wolfSSL_UseKeyShare(tls->ssl, (word16)groups[0]) == WOLFSSL_SUCCESS ? 0 : -1;
}

/* The name for SNI, without a trailing dot; never an address (RFC 6066 section 3). */
static int set_server_name(struct ucm_tls *tls)
{
	const char *host = tls->options.rules.host;
	size_t length = strlen(host);

	if (ucm_host_parse(host, NULL) != UCM_HOST_NAME)
		return 0;
	length -= length > 0 && host[length - 1] == '.';
	return wolfSSL_UseSNI(tls->ssl, WOLFSSL_SNI_HOST_NAME, host, (word16)length) ==
		       WOLFSSL_SUCCESS
		   ? 0
		   : -1;
}

int ucm_tls_set_up_connection(struct ucm_tls *tls)
{
	tls->ssl = wolfSSL_new(tls->ctx);
	if (tls->ssl == NULL)
		return -1;
	wolfSSL_SetIOReadCtx(tls->ssl, tls);
	wolfSSL_SetIOWriteCtx(tls->ssl, tls);
	wolfSSL_SetCertCbCtx(tls->ssl, tls);
	wolfSSL_set_using_nonblock(tls->ssl, 1);
	if (tls->options.want_binding)
		wolfSSL_KeepArrays(tls->ssl);
	if (tls->options.resume != NULL) {
		/* Where it has expired, a full handshake is done. */
		(void)wolfSSL_set_session(tls->ssl, tls->options.resume->session);
	}
	return set_groups(tls) == 0 && set_server_name(tls) == 0 ? 0 : -1;
}
