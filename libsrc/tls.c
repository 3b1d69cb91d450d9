/*
 * TLS in use: handshake, octets, channel binding, sessions to be resumed.
 */
#include "config.h"

#include "tls_internal.h"

#include <wolfssl/wolfcrypt/ecc.h>

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "policy/text.h"

/*
 * wolfSSL keeps tables of curve points for each thread. They halve the time of a handshake, but
 * take 2.5 MB and the time of many handshakes to make: a thread gets them once it has made some.
 * Nobody frees them where a thread ends: a key with a destructor does. Its value counts the
 * handshakes.
 */
#define HANDSHAKES_BEFORE_TABLES 4

static pthread_key_t thread_key;
static int has_thread_key;

static void end_thread(void *value)
{
	(void)value;
	ucm_tls_thread_end();
}

static void init_once(void)
{
	/* Never cleaned up: a cycle of Init and Cleanup leaves an exit handler behind each time. */
	(void)wolfSSL_Init();
	has_thread_key = pthread_key_create(&thread_key, end_thread) == 0;
}

static void init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, init_once);
	ucm_tls_count_handshakes(0);
}

/* Never 0: for NULL, no destructor would be called. */
static uintptr_t handshakes(void)
{
	const void *value = has_thread_key ? pthread_getspecific(thread_key) : NULL;

	return value != NULL ? (uintptr_t)value : 1;
}

void ucm_tls_count_handshakes(unsigned more)
{
	if (has_thread_key)
		(void)pthread_setspecific(thread_key, (void *)(handshakes() + more));
}

void ucm_tls_spare_tables(void)
{
	if (handshakes() <= HANDSHAKES_BEFORE_TABLES)
		ucm_tls_thread_end();
}

/* The library goes, by exit() or dlclose(): no thread may call end_thread() any more. */
__attribute__((destructor)) static void forget_threads(void)
{
	if (has_thread_key) {
		ucm_tls_thread_end();
		(void)pthread_key_delete(thread_key);
	}
}

struct ucm_tls *ucm_tls_new(const struct ucm_tls_options *options, struct ucm_error *error)
{
	struct ucm_tls *tls = ucm_resize(options->allocator, NULL, sizeof(*tls));

	if (tls == NULL) {
		ucm_fail(error, UCM_CLASS_MEMORY, "no memory for TLS");
		return NULL;
	}
	init();
	memset(tls, 0, offsetof(struct ucm_tls, in)); /* pages that are not needed stay untouched */
	tls->options = *options;
	ucm_arena_init(&tls->arena, options->allocator, 0);
	if (ucm_tls_set_up_context(tls) < 0)
		ucm_fail(error, UCM_CLASS_MEMORY, "the TLS library cannot be set up");
	else if (ucm_tls_load_anchors(tls, error) == 0 && ucm_tls_set_up_connection(tls) < 0)
		ucm_fail(error, UCM_CLASS_MEMORY, "the TLS library cannot be set up");
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

	if (tls->done)
		return UCM_OK;
	tls->reads_left = READS_AT_ONCE;
	if (wolfSSL_connect(tls->ssl) != WOLFSSL_SUCCESS) {
		code = wolfSSL_get_error(tls->ssl, 0);
		if (code == WOLFSSL_ERROR_WANT_READ)
			return UCM_WANT_READ;
		if (code == WOLFSSL_ERROR_WANT_WRITE)
			return UCM_WANT_WRITE;
		ucm_tls_spare_tables();
		return ucm_tls_fail_handshake(tls, code, error);
	}
	ucm_tls_spare_tables();
	if (ucm_tls_verify_again(tls, error) < 0)
		return -1;
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

/* With TLS 1.3 the server judges the client, which presents no certificate, after the handshake:
 * the alert that turns it away takes the place of the first reply. 0 where there is none. */
static int turned_away(const struct ucm_tls *tls)
{
	enum { HANDSHAKE_FAILURE = 40, BAD_CERTIFICATE = 42, ACCESS_DENIED = 49, REQUIRED = 116 };
	WOLFSSL_ALERT_HISTORY alerts;
	int code;

	memset(&alerts, 0, sizeof(alerts));
	if (tls->heard || wolfSSL_get_alert_history(tls->ssl, &alerts) != WOLFSSL_SUCCESS)
		return 0;
	code = alerts.last_rx.code;
	return code == HANDSHAKE_FAILURE || code == REQUIRED ||
		       (code >= BAD_CERTIFICATE && code <= ACCESS_DENIED)
		   ? code
		   : 0;
}

static ssize_t fail_io(struct ucm_tls *tls, struct ucm_error *error)
{
	const int code = wolfSSL_get_error(tls->ssl, 0);
	char text[WOLFSSL_MAX_ERROR_SZ] = "";

	tls->wants_read = code == WOLFSSL_ERROR_WANT_READ;
	if (code == WOLFSSL_ERROR_WANT_READ || code == WOLFSSL_ERROR_WANT_WRITE)
		return UCM_NET_BLOCKED;
	if (turned_away(tls) != 0) {
		return ucm_fail(error, UCM_CLASS_TRUST,
		    "the server turns the client away after the TLS handshake: alert %d; it may "
		    "want a client certificate",
		    turned_away(tls));
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
	int got = 0;

	tls->reads_left = READS_AT_ONCE;
	got = wolfSSL_read(tls->ssl, bytes, (int)room);
	if (got > 0) {
		tls->heard = 1;
		return got;
	}
	if (wolfSSL_get_error(tls->ssl, got) == WOLFSSL_ERROR_ZERO_RETURN)
		return 0;
	return fail_io(tls, error);
}

ssize_t ucm_tls_write(struct ucm_tls *tls, const void *bytes, size_t size, struct ucm_error *error)
{
	int put = 0;

	tls->reads_left = READS_AT_ONCE;
	put = wolfSSL_write(tls->ssl, bytes, (int)size);
	return put > 0 ? put : fail_io(tls, error);
}

int ucm_tls_wants_read(const struct ucm_tls *tls)
{
	return tls->wants_read;
}

/* RFC 5929 section 4.1, for the certificates whose signature is of SHA-256. */
static size_t end_point(const struct ucm_tls *tls, unsigned char out[UCM_BINDING_MAX])
{
	const char *name = tls->cert.signature_name != NULL ? tls->cert.signature_name : "";

	if (strstr(name, "384") != NULL || strstr(name, "512") != NULL ||
	    strstr(name, "256") == NULL)
		return 0; /* another hash, or none (Ed25519): no binding rather than a wrong one */
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

	if (!tls->done || tls->der_size == 0)
		return NULL;
	session = wolfSSL_get1_session(tls->ssl);
	if (session == NULL)
		return NULL;
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
	if (tls->done && !tls->lost)
		(void)wolfSSL_shutdown(tls->ssl);
}

void ucm_tls_free(struct ucm_tls *tls)
{
	const struct ucm_allocator *allocator = NULL;

	if (tls == NULL)
		return;
	allocator = tls->options.allocator;
	if (tls->ssl != NULL)
		wolfSSL_free(tls->ssl);
	if (tls->ctx != NULL)
		wolfSSL_CTX_free(tls->ctx);
	ucm_arena_free(&tls->arena);
	ucm_wipe(tls, sizeof(*tls));
	ucm_resize(allocator, tls, 0);
}

void ucm_tls_thread_end(void)
{
#if defined(FP_ECC) && defined(HAVE_ECC)
	wc_ecc_fp_free();
#endif
#if defined(OPENSSL_EXTRA)
	wolfSSL_ERR_clear_error();
#endif
}
