/*
 * One SASL exchange, for the files of the mechanisms.
 */
#ifndef UCM_LIBSRC_SASL_EXCHANGE_H
#define UCM_LIBSRC_SASL_EXCHANGE_H

#include <stdint.h>

#include "libsrc/sasl.h"
#include "policy/arena.h"

#define UCM_USER_MAX 512        /* octets of a user name: over twice an address */
#define UCM_SHA256_SIZE 32
#define UCM_SCRAM_FIRST_MAX 2048 /* a server's first message: nonce, salt, count */
#define UCM_SASL_HOST_MAX (UCM_DOMAIN_MAX + 1)

struct ucm_sasl {
	const struct ucm_allocator *allocator;
	enum ucm_mechanism mechanism;
	int step;     /* responses made so far */
	int complete; /* nothing is missing but the server's word */
	char user[UCM_USER_MAX + 1];
	char secret[UCM_SECRET_MAX + 1]; /* prepared; a NUL behind it that is not part of it */
	size_t user_length, secret_length;

	char host[UCM_SASL_HOST_MAX + 1]; /* OAUTHBEARER */
	unsigned port;

	/* SCRAM */
	char gs2_header[UCM_BINDING_MAX];
	unsigned char binding[UCM_BINDING_MAX];
	size_t binding_length;
	char nonce[UCM_NONCE_BYTES / 3 * 4 + 1];
	char first[3 * UCM_USER_MAX + 64];          /* client-first-message-bare */
	size_t first_length;
	unsigned char server_signature[UCM_SHA256_SIZE];
};

struct ucm_sasl_reply { /* where a response is written */
	unsigned char *bytes;
	size_t length, room;
	int overflow;
};

void ucm_reply_add(struct ucm_sasl_reply *reply, const void *bytes, size_t length);
void ucm_reply_text(struct ucm_sasl_reply *reply, const char *text);
/* A name with "," and "=" escaped (saslname of RFC 5802 section 5.1). */
void ucm_reply_name(struct ucm_sasl_reply *reply, const char *name);

/*
 * The mechanisms' steps: 0, or -1 with error. `challenge` is NULL before the first; sasl->step tells
 * which it is, and the caller counts it.
 */
int ucm_plain_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error);
int ucm_login_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error);
int ucm_scram_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error);
int ucm_bearer_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error);
int ucm_xoauth2_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error);

/* Takes over what SCRAM needs besides the secret. 0, or -1 with error. */
int ucm_scram_start(struct ucm_sasl *sasl, const struct ucm_sasl_options *options,
    struct ucm_error *error);

#endif
