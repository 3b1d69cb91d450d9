/*
 * The conversation for a secret.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "policy/text.h"
#include "session_login.h"


/* What one login needs; wiped as a whole. */
struct login {
	unsigned char binding[UCM_BINDING_MAX];
	unsigned char nonce[UCM_NONCE_BYTES];
	char secret[UCM_SECRET_MAX];
};

static int ask(struct ucm_session *session, const char *user, struct login *login, size_t *length,
    struct ucm_error *error)
{
	const struct ucm_options *options = &session->handle->options;
	const char *name = session->handle->decision.login;
	const enum ucm_mechanism mechanism = session->smtp.mechanism;
	const struct ucm_conv_message message = {
	    .size = sizeof(message),
	    .style = ucm_mechanism_wants_token(mechanism) ? UCM_CONV_TOKEN : UCM_CONV_PASSWORD,
	    .login = name,
	    .user = user,
	    .mechanism = ucm_mechanism_name(mechanism),
	    .host = session->host,
	};
	long got = -1;

	if (options->conv != NULL) {
		got = options->conv(
		    &message, login->secret, sizeof(login->secret), options->conv_arg);
	}
	if (got < 0 || (size_t)got > sizeof(login->secret)) {
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "no password or token for the login %s (user %s): give one", name, user);
	}
	*length = (size_t)got;
	return 0;
}

static int start(struct ucm_session *session, const char *user, struct login *login,
    struct ucm_sasl **ret, struct ucm_error *error)
{
	struct ucm_sasl_options options = {
	    .allocator = &session->handle->allocator,
	    .mechanism = session->smtp.mechanism,
	    .user = user,
	    .secret = login->secret,
	    .host = session->host,
	    .port = session->port,
	    .server_offers_plus =
		(session->smtp.capabilities.mechanisms & (1U << UCM_SCRAM_SHA_256_PLUS)) != 0,
	    .nonce = login->nonce,
	};

	if (getentropy(login->nonce, sizeof(login->nonce)) != 0)
		return ucm_fail(error, UCM_CLASS_IO, "the system gives no random numbers");
	if (session->tls != NULL) {
		options.binding = login->binding;
		options.binding_length =
		    ucm_tls_binding(session->tls, login->binding, &options.binding_name);
		if (options.binding_length == 0) {
			options.binding = NULL;
			options.binding_name = NULL;
		}
	}
	if (ask(session, user, login, &options.secret_length, error) < 0)
		return -1;
	return ucm_sasl_start(&options, ret, error);
}

int ucm_session_login(struct ucm_session *session, struct ucm_error *error)
{
	const struct ucm_decision *decision = &session->handle->decision;
	const char *user = decision->login_user != NULL ? decision->login_user
							: session->handle->text[UCM_LOGIN_USER];
	struct ucm_sasl *sasl = NULL;
	struct login login;
	int state = 0;

	if (user == NULL || user[0] == '\0') {
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "the user name of the login %s is not in the export: give it (--login-user)",
		    decision->login);
	}
	memset(&login, 0, sizeof(login));
	state = start(session, user, &login, &sasl, error);
	ucm_wipe(&login, sizeof(login));
	if (state < 0)
		return -1;
	return ucm_smtp_login(&session->smtp, sasl);
}
