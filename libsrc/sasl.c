/*
 * SASL: the mechanisms, their choice, and an exchange's life.
 */
#include "config.h"

#include <string.h>

#include "libsrc/sasl_exchange.h"
#include "libsrc/saslprep.h"
#include "libsrc/told.h"
#include "policy/text.h"

enum {
	PASSWORD = 1, /* by SMTP_AUTH_METHOD PASSWORD */
	TOKEN = 2,
	BINDING = 4, /* needs channel-binding data */
	CLEAR = 8, /* keeps the secret without TLS too */
	PREPARED = 16 /* the client prepares the secret, since the server never sees it */
};

typedef int (*step_fn)(
    struct ucm_sasl *, const unsigned char *, size_t, struct ucm_sasl_reply *, struct ucm_error *);

static const struct mechanism_row {
	const char *name;
	int flags;
	step_fn step;
} mechanism_rows[UCM_MECHANISM_COUNT] = {
    [UCM_SCRAM_SHA_256_PLUS] = {"SCRAM-SHA-256-PLUS", PASSWORD | BINDING | PREPARED,
	ucm_scram_step},
    [UCM_SCRAM_SHA_256] = {"SCRAM-SHA-256", PASSWORD | CLEAR | PREPARED, ucm_scram_step},
    [UCM_PLAIN_MECH] = {"PLAIN", PASSWORD, ucm_plain_step},
    [UCM_LOGIN_MECH] = {"LOGIN", PASSWORD, ucm_login_step},
    [UCM_OAUTHBEARER] = {"OAUTHBEARER", TOKEN, ucm_bearer_step},
    [UCM_XOAUTH2] = {"XOAUTH2", TOKEN, ucm_xoauth2_step},
};

const char *ucm_mechanism_name(enum ucm_mechanism mechanism)
{
	return mechanism < UCM_MECHANISM_COUNT ? mechanism_rows[mechanism].name : "";
}

static int is_word(const char *text, size_t length, const char *word)
{
	size_t i = 0;

	while (i < length && word[i] && ucm_lower(text[i]) == ucm_lower(word[i]))
		i++;
	return i == length && !word[i];
}

unsigned ucm_mechanisms_parse(const char *text)
{
	unsigned found = 0;

	while (*text) {
		size_t length = strcspn(text, " \t=");

		for (unsigned i = 0; i < UCM_MECHANISM_COUNT; i++)
			if (is_word(text, length, mechanism_rows[i].name))
				found |= 1U << i;
		text += length;
		text += strspn(text, " \t="); /* "AUTH=LOGIN" of old servers */
	}
	return found;
}

/* SCRAM-SHA-256 by name means its form with channel binding too. */
static int is_wanted(unsigned mechanism, const char *auth_method)
{
	if (ucm_equal_nocase(auth_method, "PASSWORD"))
		return mechanism_rows[mechanism].flags & PASSWORD;
	if (mechanism == UCM_SCRAM_SHA_256_PLUS &&
	    ucm_equal_nocase(auth_method, mechanism_rows[UCM_SCRAM_SHA_256].name))
		return 1;
	return ucm_equal_nocase(auth_method, mechanism_rows[mechanism].name);
}

enum ucm_mechanism ucm_mechanism_choose(
    const char *auth_method, unsigned offered, int in_tls, int clear_allowed, int binding)
{
	unsigned i = 0;

	for (; i < UCM_MECHANISM_COUNT; i++) {
		int flags = mechanism_rows[i].flags;

		if (offered & 1U << i && is_wanted(i, auth_method) &&
		    (in_tls || clear_allowed || flags & CLEAR) &&
		    (!(flags & BINDING) || (in_tls && binding)))
			break;
	}
	return (enum ucm_mechanism)i;
}

int ucm_mechanism_wants_token(enum ucm_mechanism mechanism)
{
	return mechanism < UCM_MECHANISM_COUNT && mechanism_rows[mechanism].flags & TOKEN;
}

/* ---- Secrets ------------------------------------------------------------------------------ */

/* b64token of RFC 6750 section 2.1: nothing that could end the field it stands in. */
static int check_token(const char *token, size_t length, struct ucm_error *error)
{
	size_t at = 0;

	while (at < length && token[at] &&
	       (strchr("-._~+/", token[at]) ||
		   (ucm_lower(token[at]) >= 'a' && ucm_lower(token[at]) <= 'z') ||
		   (token[at] >= '0' && token[at] <= '9')))
		at++;
	while (at && at < length && token[at] == '=')
		at++;
	if (length && at == length)
		return 0;
	return ucm_fail(error, UCM_CLASS_POLICY,
	    "the access token is empty or holds a character that no token may hold");
}

/* Copies one text into a field of the exchange, as the mechanism wants it. */
static int take(const char *what, const char *text, size_t length, int prepared, char *out,
    size_t *ret, struct ucm_error *error)
{
	long size = (long)length;

	if (prepared) {
		size = ucm_saslprep(what, text, length, out, error);
		if (size < 0)
			return -1;
	} else {
		if (ucm_saslprep_check(what, text, length, error))
			return -1;
		memcpy(out, text, length);
	}
	out[size] = '\0';
	*ret = (size_t)size;
	return 0;
}

static int take_secrets(
    struct ucm_sasl *sasl, const struct ucm_sasl_options *options, struct ucm_error *error)
{
	int flags = mechanism_rows[sasl->mechanism].flags;
	size_t user = options->user ? strlen(options->user) : 0;

	if (!options->secret || options->secret_length > UCM_SECRET_MAX)
		return ucm_fail(error, UCM_CLASS_POLICY, "the secret is missing or over %d octets",
		    UCM_SECRET_MAX);
	if (!user || user > UCM_USER_MAX)
		return ucm_fail(error, UCM_CLASS_POLICY, "the user name is empty or over %d octets",
		    UCM_USER_MAX);
	if (take("the user name", options->user, user, flags & PREPARED, sasl->user,
		&sasl->user_length, error))
		return -1;
	if (flags & TOKEN && check_token(options->secret, options->secret_length, error))
		return -1;
	return take(flags & TOKEN ? "the access token" : "the password", options->secret,
	    options->secret_length, flags & PREPARED, sasl->secret, &sasl->secret_length, error);
}

static int take_host(
    struct ucm_sasl *sasl, const struct ucm_sasl_options *options, struct ucm_error *error)
{
	size_t length = options->host ? strlen(options->host) : 0;

	if (length > UCM_SASL_HOST_MAX)
		return ucm_fail(error, UCM_CLASS_USAGE, "the host's name is too long");
	if (length)
		memcpy(sasl->host, options->host, length);
	sasl->port = options->port;
	return 0;
}

/* ---- Exchange ----------------------------------------------------------------------------- */

int ucm_sasl_start(
    const struct ucm_sasl_options *options, struct ucm_sasl **ret, struct ucm_error *error)
{
	struct ucm_sasl *sasl;

	if (options->mechanism >= UCM_MECHANISM_COUNT)
		return ucm_fail(error, UCM_CLASS_USAGE, "no such mechanism");
	sasl = ucm_resize(options->allocator, NULL, sizeof(*sasl));
	if (!sasl)
		return ucm_out_of_memory(error);
	memset(sasl, 0, sizeof(*sasl));
	sasl->allocator = options->allocator;
	sasl->mechanism = options->mechanism;
	if (take_secrets(sasl, options, error) || take_host(sasl, options, error) ||
	    (mechanism_rows[sasl->mechanism].step == ucm_scram_step &&
		ucm_scram_start(sasl, options, error))) {
		ucm_sasl_free(sasl);
		return -1;
	}
	*ret = sasl;
	return 0;
}

long ucm_sasl_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    unsigned char *response, size_t room, struct ucm_error *error)
{
	struct ucm_sasl_reply reply = {.bytes = response, .room = room};

	if (mechanism_rows[sasl->mechanism].step(sasl, challenge, length, &reply, error))
		return -1;
	if (reply.overflow) {
		ucm_wipe(response, room);
		return ucm_fail(error, UCM_CLASS_PROTOCOL, "a login of more than %zu octets", room);
	}
	sasl->step++;
	return (long)reply.length;
}

int ucm_sasl_complete(const struct ucm_sasl *sasl)
{
	return sasl->complete;
}

int ucm_sasl_is_told(const struct ucm_sasl *sasl, const char *text, size_t length)
{
	return ucm_is_told(sasl->secret, sasl->secret_length, text, length);
}

void ucm_sasl_free(struct ucm_sasl *sasl)
{
	const struct ucm_allocator *allocator;

	if (!sasl)
		return;
	allocator = sasl->allocator;
	ucm_wipe(sasl, sizeof(*sasl));
	(void)ucm_resize(allocator, sasl, 0);
}

void ucm_reply_add(struct ucm_sasl_reply *reply, const void *bytes, size_t length)
{
	if (length > reply->room - reply->length) {
		reply->overflow = 1;
		return;
	}
	if (length)
		memcpy(reply->bytes + reply->length, bytes, length);
	reply->length += length;
}

void ucm_reply_text(struct ucm_sasl_reply *reply, const char *text)
{
	ucm_reply_add(reply, text, strlen(text));
}

void ucm_reply_name(struct ucm_sasl_reply *reply, const char *name)
{
	for (; *name; name++)
		if (*name == ',')
			ucm_reply_text(reply, "=2C");
		else if (*name == '=')
			ucm_reply_text(reply, "=3D");
		else
			ucm_reply_add(reply, name, 1);
}
