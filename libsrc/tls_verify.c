/*
 * Verification of what a server presents: in the handshake, and once more after it.
 */
#include "config.h"

#include "tls_internal.h"

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <string.h>

/* ---- Verification --------------------------------------------------------------------------- */

static int keep_presented(struct ucm_tls *tls, const unsigned char *der, size_t size)
{
	tls->has_cert = 0;
	tls->der = (unsigned char *)ucm_arena_copy(&tls->arena, (const char *)der, size);
	if (tls->der == NULL)
		return -1;
	tls->der_size = size;
	tls->has_cert = ucm_cert_parse(&tls->arena, tls->der, size, &tls->cert) == 0;
	return tls->has_cert ? 0 : -1;
}

/* What the library does not judge of a chain: the path lengths of its anchors, and constraints on
 * addresses. NULL, or what is wrong. */
static const char *chain_fault(struct ucm_tls *tls, const WOLFSSL_X509_STORE_CTX *store)
{
	const size_t count = (size_t)store->totalCerts;
	struct ucm_cert *chain = ucm_arena_array(&tls->arena, count, sizeof(*chain));
	size_t i = 0;

	if (chain == NULL)
		return "the chain cannot be read: no memory";
	chain[0] = tls->cert;
	for (i = 1; i < count; i++)
		if (ucm_cert_parse(
			&tls->arena, store->certs[i].buffer, store->certs[i].length, &chain[i]) < 0)
			return "a certificate of the chain cannot be read";
	if (!ucm_peer_path_fits(&tls->options.rules, chain, count))
		return "the chain is longer than one of its certificates allows";
	if (!ucm_peer_addresses_fit(&tls->options.rules, chain, count))
		return "a name constraint of the chain forbids the certificate";
	return NULL;
}

/*
 * Called by the library for each certificate of the chain, the server's own last. It changes the
 * library's judgement in one case only: the server's own certificate is a trusted one, octet by
 * octet. Then no chain is needed; that the server has its key is proved by the handshake.
 */
int ucm_tls_on_verify(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
	struct ucm_tls *tls = store->userCtx;
	const WOLFSSL_BUFFER_INFO *own = store->certs;

	if (tls == NULL || own == NULL || store->totalCerts < 1 || own->buffer == NULL)
		return 0;
	ucm_tls_spare_tables();
	if (!tls->seen) {
		tls->seen = 1;
		ucm_tls_count_handshakes(1);
		if (keep_presented(tls, own->buffer, own->length) < 0)
			return 0;
		tls->pinned = ucm_peer_is_pinned(&tls->options.rules, own->buffer, own->length);
		tls->chain_fault = tls->pinned ? NULL : chain_fault(tls, store);
	}
	if (tls->pinned) {
		tls->overridden |= !preverified;
		return 1;
	}
	tls->refused |= !preverified;
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

int ucm_tls_fail_handshake(struct ucm_tls *tls, int code, struct ucm_error *error)
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
	if (code == MEMORY_E || code == MEMORY_ERROR)
		return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for TLS");
	for (i = 0; i < sizeof(verify_errors) / sizeof(verify_errors[0]); i++) {
		if (verify_errors[i].code == code) {
			return ucm_peer_fail(
			    error, verify_errors[i].rule, cert, verify_errors[i].reason);
		}
	}
	memset(&alerts, 0, sizeof(alerts));
	(void)wolfSSL_get_alert_history(tls->ssl, &alerts);
	wolfSSL_ERR_error_string((unsigned long)code, text);
	if (cert != NULL)
		return ucm_peer_fail(error, "", cert, text);
	return ucm_fail(error, UCM_CLASS_TRUST,
	    "no common TLS version or cipher (TLS 1.2 or 1.3 with forward secrecy is needed): %s, "
	    "alert %d",
	    text, alerts.last_rx.code);
}

static int is_seen(const struct ucm_tls *tls, const unsigned char *der, int size)
{
	return tls->has_cert && der != NULL && size > 0 && tls->der_size == (size_t)size &&
	       memcmp(tls->der, der, (size_t)size) == 0;
}

/* Whether the certificate of the connection is the one that the callback saw; where none was
 * called, it is looked at now. */
static int has_presented(struct ucm_tls *tls)
{
	WOLFSSL_X509 *peer = NULL;
	const unsigned char *der = NULL;
	int size = 0;
	int same = 0;

#ifdef SESSION_CERTS
	/* The library's list has no room for a large one. The other way makes a copy with a key and
	 * a random number generator in it. */
	WOLFSSL_X509_CHAIN *chain = wolfSSL_get_peer_chain(tls->ssl);

	if (is_seen(tls, wolfSSL_get_chain_cert(chain, 0), wolfSSL_get_chain_length(chain, 0)))
		return 1;
#endif
	peer = wolfSSL_get_peer_certificate(tls->ssl);
	der = peer != NULL ? wolfSSL_X509_get_der(peer, &size) : NULL;
	same = (tls->seen || (der != NULL && keep_presented(tls, der, (size_t)size) == 0)) &&
	       is_seen(tls, der, size);
	wolfSSL_X509_free(peer);
	return same;
}

/* Whether anything of the chain was not believed. A small wolfSSL keeps no result. */
static int is_doubted(const struct ucm_tls *tls)
{
#if defined(OPENSSL_EXTRA) || defined(OPENSSL_EXTRA_X509_SMALL)
	if (wolfSSL_get_verify_result(tls->ssl) != 0)
		return 1;
#endif
	return tls->refused;
}

/* Looks again at what the handshake has brought. Nothing was sent yet. */
int ucm_tls_verify_again(struct ucm_tls *tls, struct ucm_error *error)
{
	const struct ucm_tls_session *resume = tls->options.resume;

	tls->resumed = resume != NULL && !tls->seen && wolfSSL_session_reused(tls->ssl) == 1;
	if (tls->resumed) {
		/* No certificate is presented: that of the first connection counts, with today's
		 * date. */
		if (keep_presented(tls, resume->der, resume->der_size) < 0)
			return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for the certificate");
		tls->pinned = resume->pinned;
	} else if (!has_presented(tls)) {
		return ucm_peer_fail(error, "", NULL, "the server's certificate cannot be had");
	}
	if (tls->pinned ? !ucm_peer_is_pinned(&tls->options.rules, tls->der, tls->der_size)
			: tls->overridden) {
		return ucm_peer_fail(
		    error, "", &tls->cert, "the certificate is not the trusted one");
	}
	if (tls->chain_fault != NULL)
		return ucm_peer_fail(error, "", &tls->cert, tls->chain_fault);
	if (!tls->pinned && is_doubted(tls))
		return ucm_peer_fail(error, "", &tls->cert, "the chain is not verified");
	return ucm_peer_judge(&tls->options.rules, &tls->cert, error);
}
