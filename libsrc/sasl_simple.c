/*
 * Mechanisms that send the secret itself: PLAIN (RFC 4616), LOGIN, OAUTHBEARER (RFC 7628), XOAUTH2.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libsrc/sasl_exchange.h"

static int unexpected(const struct ucm_sasl *sasl, struct ucm_error *error)
{
	return ucm_fail(error, UCM_CLASS_PROTOCOL, "the server asks for more than %s has",
	    ucm_mechanism_name(sasl->mechanism));
}

int ucm_plain_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	(void)challenge;
	(void)length;
	if (sasl->step)
		return unexpected(sasl, error);
	ucm_reply_add(reply, "", 1); /* no authorisation identity */
	ucm_reply_add(reply, sasl->user, sasl->user_length);
	ucm_reply_add(reply, "", 1);
	ucm_reply_add(reply, sasl->secret, sasl->secret_length);
	sasl->complete = 1;
	return 0;
}

/* The challenges' words differ between servers ("Username:", "User Name"): their order counts. */
int ucm_login_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	(void)challenge;
	(void)length;
	if (sasl->step > 1)
		return unexpected(sasl, error);
	if (!sasl->step) {
		ucm_reply_add(reply, sasl->user, sasl->user_length);
		return 0;
	}
	ucm_reply_add(reply, sasl->secret, sasl->secret_length);
	sasl->complete = 1;
	return 0;
}

/* A challenge behind the token tells, in JSON, why it is refused; the answer lets the server say
 * so. */
static int answer_refusal(struct ucm_sasl *sasl, const char *answer, struct ucm_sasl_reply *reply,
    struct ucm_error *error)
{
	if (sasl->step > 1)
		return unexpected(sasl, error);
	sasl->complete = 0;
	ucm_reply_text(reply, answer);
	return 0;
}

int ucm_bearer_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	char port[24];

	(void)challenge;
	(void)length;
	if (sasl->step)
		return answer_refusal(sasl, "\x01", reply, error);
	ucm_reply_text(reply, "n,a=");
	ucm_reply_name(reply, sasl->user);
	ucm_reply_text(reply, ",\x01");
	if (*sasl->host) {
		ucm_reply_text(reply, "host=");
		ucm_reply_text(reply, sasl->host);
		ucm_reply_text(reply, "\x01");
	}
	if (sasl->port) {
		(void)snprintf(port, sizeof(port), "port=%u\x01", sasl->port);
		ucm_reply_text(reply, port);
	}
	ucm_reply_text(reply, "auth=Bearer ");
	ucm_reply_add(reply, sasl->secret, sasl->secret_length);
	ucm_reply_text(reply, "\x01\x01");
	sasl->complete = 1;
	return 0;
}

int ucm_xoauth2_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	(void)challenge;
	(void)length;
	if (sasl->step)
		return answer_refusal(sasl, "", reply, error);
	ucm_reply_text(reply, "user=");
	ucm_reply_add(reply, sasl->user, sasl->user_length);
	ucm_reply_text(reply, "\x01"
			      "auth=Bearer ");
	ucm_reply_add(reply, sasl->secret, sasl->secret_length);
	ucm_reply_text(reply, "\x01\x01");
	sasl->complete = 1;
	return 0;
}
