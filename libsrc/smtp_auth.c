/*
 * AUTH (RFC 4954): choice of a mechanism, base64, cancelling. What is said is sasl.h's business.
 */
#include <string.h>

#include "policy/base64.h"
#include "policy/text.h"
#include "smtp_internal.h"

/* Decoded challenges and responses. */
#define UCM_SASL_ROOM (UCM_AUTH_LINE_MAX / 4 * 3)

void ucm_smtp_login_or_ready(struct ucm_smtp *smtp)
{
	const struct ucm_smtp_options *options = &smtp->options;

	if (options->auth_method == NULL) {
		smtp->ready = 1;
		return;
	}
	if (!smtp->in_tls && options->mode == UCM_TLS_STARTTLS) {
		ucm_smtp_remark(
		    smtp, '*', "no STARTTLS: the mail goes out in clear and without login");
		smtp->ready = 1;
		return;
	}
	smtp->mechanism = ucm_mechanism_choose(options->auth_method, smtp->capabilities.mechanisms,
	    smtp->in_tls, options->allow_clear_login, smtp->binding);
	if (smtp->mechanism >= UCM_MECHANISM_COUNT) {
		ucm_fail(&smtp->error, UCM_CLASS_TRUST,
		    smtp->in_tls ? "%s offers no login by SMTP_AUTH_METHOD %s"
				 : "%s offers no login that keeps the password secret without TLS "
				   "(SMTP_AUTH_METHOD %s)",
		    options->host, options->auth_method);
		ucm_smtp_close(smtp, NULL);
		return;
	}
	smtp->want = UCM_NEED_LOGIN;
}

/* One step of the mechanism: base64 of the response to out. -1: smtp->error tells why. */
static long respond(struct ucm_smtp *smtp, const unsigned char *challenge, size_t length,
    char out[UCM_AUTH_LINE_MAX])
{
	unsigned char response[UCM_SASL_ROOM];
	size_t made = 0;
	long size = 0;

	/* Two octets of a line are CRLF, so a full buffer would not fit. */
	size = ucm_sasl_step(
	    smtp->sasl, challenge, length, response, sizeof(response) - 3, &smtp->error);
	if (size < 0)
		return -1;
	made = ucm_base64_encode(response, (size_t)size, out);
	ucm_wipe(response, sizeof(response));
	return (long)made;
}

/* Sends a line that the log shows as `shown`. */
static void say(
    struct ucm_smtp *smtp, const char *start, const char *coded, size_t length, const char *shown)
{
	char line[UCM_AUTH_LINE_MAX + 64];
	size_t at = strlen(start);

	memcpy(line, start, at);
	memcpy(line + at, coded, length);
	memcpy(line + at + length, "\r\n", 2);
	smtp->output_secret = 1;
	ucm_smtp_send(smtp, UCM_STEP_AUTH, NULL, 0, line, at + length + 2, shown);
	ucm_wipe(line, sizeof(line));
}

static void forget_first(struct ucm_smtp *smtp)
{
	if (smtp->auth_first != NULL) {
		ucm_wipe(smtp->auth_first, smtp->auth_first_length);
		ucm_resize(smtp->options.allocator, smtp->auth_first, 0);
		smtp->auth_first = NULL;
	}
}

/* Keeps a first response that is too long for the AUTH command until the server asks for it. */
static int keep_first(struct ucm_smtp *smtp, const char *coded, size_t length)
{
	smtp->auth_first = ucm_resize(smtp->options.allocator, NULL, length);
	if (smtp->auth_first == NULL)
		return ucm_fail(&smtp->error, UCM_CLASS_MEMORY, "no memory for the login");
	memcpy(smtp->auth_first, coded, length);
	smtp->auth_first_length = length;
	return 0;
}

static int say_auth(struct ucm_smtp *smtp, const char *coded, long length)
{
	struct ucm_command start;
	char shown[64];

	ucm_command_start(&start, "AUTH ");
	ucm_command_add(&start, ucm_mechanism_name(smtp->mechanism));
	start.text[start.length] = '\0';
	if (length < 0) { /* the server speaks first */
		say(smtp, start.text, "", 0, start.text);
		return 0;
	}
	/* RFC 4954 section 4: the initial response must fit in an ordinary command. */
	if (start.length + 1 + (size_t)length + 2 > UCM_COMMAND_MAX) {
		say(smtp, start.text, "", 0, start.text);
		return keep_first(smtp, coded, (size_t)length);
	}
	ucm_command_add(&start, " ");
	start.text[start.length] = '\0';
	memcpy(shown, start.text, start.length);
	memcpy(shown + start.length, "<secret>", sizeof("<secret>"));
	say(smtp, start.text, length > 0 ? coded : "=", length > 0 ? (size_t)length : 1, shown);
	return 0;
}

int ucm_smtp_login(struct ucm_smtp *smtp, struct ucm_sasl *sasl)
{
	char coded[UCM_AUTH_LINE_MAX];
	long length = -1;

	smtp->sasl = sasl;
	smtp->want = UCM_NEED_READ;
	if (smtp->mechanism != UCM_LOGIN_MECH)
		length = respond(smtp, NULL, 0, coded);
	if (smtp->error.class == UCM_CLASS_OK)
		(void)say_auth(smtp, coded, length); /* its error stands in smtp->error */
	ucm_wipe(coded, sizeof(coded));
	if (smtp->error.class == UCM_CLASS_OK)
		return 0;
	ucm_smtp_close(smtp, NULL);
	return -1;
}

void ucm_smtp_auth_free(struct ucm_smtp *smtp)
{
	forget_first(smtp);
	ucm_sasl_free(smtp->sasl);
	smtp->sasl = NULL;
}

/* Cancels: the server answers with an error, which then ends the session. */
static void cancel(struct ucm_smtp *smtp)
{
	smtp->auth_cancelled = 1;
	say(smtp, "", "*", 1, "*");
}

static void on_challenge(struct ucm_smtp *smtp)
{
	const char *text = ucm_reply_line_text(&smtp->parser);
	unsigned char challenge[UCM_SASL_ROOM];
	char coded[UCM_AUTH_LINE_MAX];
	long length = ucm_base64_decode(text, strlen(text), challenge, sizeof(challenge));
	long made = -1;

	if (length < 0) {
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL, "a challenge that is no base64");
	} else if (smtp->auth_first != NULL) {
		say(smtp, "", smtp->auth_first, smtp->auth_first_length, "<secret>");
		forget_first(smtp);
		return;
	} else {
		made = respond(smtp, challenge, (size_t)length, coded);
	}
	if (made < 0) {
		cancel(smtp);
		return;
	}
	say(smtp, "", coded, (size_t)made, "<secret>");
	ucm_wipe(coded, sizeof(coded));
}

void ucm_smtp_on_auth(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	if (smtp->auth_cancelled) {
		ucm_smtp_close(smtp, NULL);
		return;
	}
	if (reply->code / 100 == 3) {
		on_challenge(smtp);
		return;
	}
	if (reply->code / 100 == 2 && ucm_sasl_complete(smtp->sasl)) {
		smtp->ready = 1;
		return;
	}
	if (reply->code / 100 == 2) {
		ucm_fail(&smtp->error, UCM_CLASS_TRUST,
		    "%s accepts the login without proving that it knows the password",
		    smtp->options.host);
	} else {
		int again = reply->code / 100 == 4;

		ucm_fail(&smtp->error, again ? UCM_CLASS_AGAIN : UCM_CLASS_TRUST,
		    "%s refuses the login by %s: %d %s%s%s%s", smtp->options.host,
		    ucm_mechanism_name(smtp->mechanism), UCM_REPLY_WORDS(reply),
		    again ? "" : "; check user name and password of SMTP_LOGIN");
	}
	ucm_smtp_close(smtp, reply);
}
