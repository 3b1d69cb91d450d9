/*
 * SASL mechanisms of SMTP AUTH (RFC 4954): pure, over bytes; no I/O.
 */
#ifndef UCM_LIBSRC_SASL_H
#define UCM_LIBSRC_SASL_H

#include <stddef.h>

#include "policy/error.h"
#include "policy/limits.h"

#define UCM_NONCE_BYTES 18 /* 24 characters of base64, no padding */
#define UCM_BINDING_MAX 64 /* tls-exporter has 32; a certificate's digest at most 64 */

/* In the order of preference. */
enum ucm_mechanism {
	UCM_SCRAM_SHA_256_PLUS, UCM_SCRAM_SHA_256, UCM_PLAIN_MECH, UCM_LOGIN_MECH, UCM_OAUTHBEARER,
	UCM_XOAUTH2,
	UCM_MECHANISM_COUNT
};

const char *ucm_mechanism_name(enum ucm_mechanism mechanism);

/* Bit set of the mechanisms named in the text of an EHLO AUTH line. */
unsigned ucm_mechanisms_parse(const char *text);

/*
 * Chooses by SMTP_AUTH_METHOD ("PASSWORD": any password mechanism; a mechanism's name: that one)
 * and by what the server offers. in_tls == 0: only SCRAM-SHA-256, unless clear_allowed.
 * binding: whether channel-binding data can be had. UCM_MECHANISM_COUNT where none fits.
 */
enum ucm_mechanism ucm_mechanism_choose(const char *auth_method, unsigned offered, int in_tls,
    int clear_allowed, int binding);

/* Whether the mechanism wants an OAuth 2 token instead of a password. */
int ucm_mechanism_wants_token(enum ucm_mechanism mechanism);

struct ucm_sasl; /* one exchange; holds secrets, wiped when freed */

struct ucm_allocator;

struct ucm_sasl_options {
	const struct ucm_allocator *allocator; /* NULL: the C library's; must outlive the exchange */
	enum ucm_mechanism mechanism;
	const char *user;
	const char *secret;
	size_t secret_length;
	const char *host;          /* OAUTHBEARER */
	unsigned port;
	const char *binding_name;  /* "tls-exporter" or "tls-server-end-point"; NULL: none */
	const unsigned char *binding;
	size_t binding_length;
	int server_offers_plus;    /* SCRAM without PLUS then says "n", else "y" or "p": no downgrade */
	const unsigned char *nonce; /* UCM_NONCE_BYTES random bytes */
};

/* Checks (RFC 4013 as far as refusing what it forbids) and copies. 0, or -1 with error. */
int ucm_sasl_start(const struct ucm_sasl_options *options, struct ucm_sasl **ret,
    struct ucm_error *error);

/*
 * One step: the server's challenge (decoded; NULL before the first) to our response (decoded, at
 * most room bytes). Returns the length; -1 with error where the server's message is wrong (bad
 * nonce, bad signature, iterations out of range). PLAIN, SCRAM and OAuth begin with a response.
 */
long ucm_sasl_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    unsigned char *response, size_t room, struct ucm_error *error);

/* After the server's 235: whether the exchange was complete (SCRAM: server signature verified). */
int ucm_sasl_complete(const struct ucm_sasl *sasl);

/* Whether a server's text has the secret in it (told.h). */
int ucm_sasl_is_told(const struct ucm_sasl *sasl, const char *text, size_t length);

void ucm_sasl_free(struct ucm_sasl *sasl);

#endif
