/*
 * The SMTP session: greeting, EHLO, STARTTLS, and which reply answers which command.
 */
#include <stddef.h>
#include <string.h>

#include "policy/text.h"
#include "smtp_internal.h"

/* RFC 5321 section 4.5.3.2, in seconds. */
#define TIMEOUT_COMMAND 300
#define TIMEOUT_DATA 120
#define TIMEOUT_BLOCK 180
#define TIMEOUT_END 600

static void on_greeting(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
static void on_ehlo(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
static void on_helo(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
static void on_starttls(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
static void on_quit(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);
static void on_rset(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply);

/* Each step: the first digits that a server may answer with beside 4 and 5, and what is done. */
static const struct {
	const char *awaited;
	char good;
	char intermediate; /* 0: none */
	unsigned short timeout_s;
	void (*on_reply)(struct ucm_smtp *smtp, const struct ucm_expected *expected,
	    const struct ucm_reply *reply);
} steps[UCM_STEP_COUNT] = {
    [UCM_STEP_GREETING] = {"the greeting", 2, 0, TIMEOUT_COMMAND, on_greeting},
    [UCM_STEP_EHLO] = {"the reply to EHLO", 2, 0, TIMEOUT_COMMAND, on_ehlo},
    [UCM_STEP_HELO] = {"the reply to HELO", 2, 0, TIMEOUT_COMMAND, on_helo},
    [UCM_STEP_STARTTLS] = {"the reply to STARTTLS", 2, 0, TIMEOUT_COMMAND, on_starttls},
    [UCM_STEP_AUTH] = {"the reply to AUTH", 2, 3, TIMEOUT_COMMAND, ucm_smtp_on_auth},
    [UCM_STEP_MAIL] = {"the reply to MAIL", 2, 0, TIMEOUT_COMMAND, ucm_smtp_on_mail},
    [UCM_STEP_RCPT] = {"the reply to RCPT", 2, 0, TIMEOUT_COMMAND, ucm_smtp_on_rcpt},
    [UCM_STEP_DATA] = {"the reply to DATA", 3, 0, TIMEOUT_DATA, ucm_smtp_on_data},
    [UCM_STEP_CHUNK] = {"the reply to BDAT", 2, 0, TIMEOUT_BLOCK, ucm_smtp_on_chunk},
    [UCM_STEP_END] = {"the reply to the message", 2, 0, TIMEOUT_END, ucm_smtp_on_end},
    [UCM_STEP_RSET] = {"the reply to RSET", 2, 0, TIMEOUT_COMMAND, on_rset},
    [UCM_STEP_QUIT] = {"the reply to QUIT", 2, 0, TIMEOUT_COMMAND, on_quit},
};

static const struct {
	const char *keyword;
	enum ucm_extension extension;
} extensions[] = {
    {"PIPELINING", UCM_EXT_PIPELINING},
    {"SIZE", UCM_EXT_SIZE},
    {"8BITMIME", UCM_EXT_8BITMIME},
    {"SMTPUTF8", UCM_EXT_SMTPUTF8},
    {"DSN", UCM_EXT_DSN},
    {"AUTH", UCM_EXT_AUTH},
    {"STARTTLS", UCM_EXT_STARTTLS},
    {"ENHANCEDSTATUSCODES", UCM_EXT_ENHANCED},
    {"REQUIRETLS", UCM_EXT_REQUIRETLS},
    {"CHUNKING", UCM_EXT_CHUNKING},
};

void ucm_smtp_remark(const struct ucm_smtp *smtp, char direction, const char *line)
{
	if (smtp->options.log != NULL)
		smtp->options.log(direction, line, strlen(line), smtp->options.log_arg);
}

static void expect(
    struct ucm_smtp *smtp, enum ucm_smtp_step step, struct ucm_mail *mail, size_t recipient)
{
	size_t at = (smtp->expected_first + smtp->expected_count) % UCM_SMTP_IN_FLIGHT_MAX;

	smtp->expected[at] = (struct ucm_expected){step, mail, recipient};
	smtp->expected_count++;
	if (mail != NULL)
		mail->in_flight++;
}

void ucm_smtp_init(struct ucm_smtp *smtp, const struct ucm_smtp_options *options)
{
	memset(smtp, 0, offsetof(struct ucm_smtp, expected));
	smtp->options = *options;
	smtp->want = UCM_NEED_READ;
	smtp->in_tls = options->mode == UCM_TLS_IMPLICIT;
	smtp->ends_alone = options->ends_alone;
	ucm_reply_init(&smtp->parser);
	expect(smtp, UCM_STEP_GREETING, NULL, 0);
}

void ucm_smtp_free(struct ucm_smtp *smtp)
{
	ucm_smtp_auth_free(smtp);
	ucm_wipe(smtp, sizeof(*smtp));
}

static size_t output_room(const struct ucm_smtp *smtp)
{
	return sizeof(smtp->output) - smtp->output_end;
}

int ucm_smtp_can_send(const struct ucm_smtp *smtp)
{
	if (smtp->expected_count > 0 && (smtp->capabilities.extensions & UCM_EXT_PIPELINING) == 0)
		return 0;
	/* One place in the ring stays for the final dot. */
	return smtp->expected_count + 1 < UCM_SMTP_IN_FLIGHT_MAX &&
	       output_room(smtp) >= UCM_COMMAND_ROOM;
}

void ucm_smtp_put(struct ucm_smtp *smtp, const char *bytes, size_t length)
{
	if (length > output_room(smtp)) {
		/* Every caller asked for room before. */
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL, "the output is full");
		ucm_smtp_close(smtp, NULL);
		return;
	}
	memcpy(smtp->output + smtp->output_end, bytes, length);
	smtp->output_end += length;
	smtp->queued += length;
}

void ucm_smtp_send(struct ucm_smtp *smtp, enum ucm_smtp_step step, struct ucm_mail *mail,
    size_t recipient, const char *line, size_t length, const char *shown)
{
	if (shown != NULL)
		ucm_smtp_remark(smtp, 'C', shown);
	else if (smtp->options.log != NULL)
		smtp->options.log('C', line, length - 2, smtp->options.log_arg);
	ucm_smtp_put(smtp, line, length);
	expect(smtp, step, mail, recipient);
}

static void send_text(struct ucm_smtp *smtp, enum ucm_smtp_step step, const char *line)
{
	ucm_smtp_send(smtp, step, NULL, 0, line, strlen(line), NULL);
}

size_t ucm_smtp_output(const struct ucm_smtp *smtp, const char **bytes)
{
	*bytes = smtp->output + smtp->output_start;
	return smtp->output_end - smtp->output_start;
}

void ucm_smtp_attempted(struct ucm_smtp *smtp, size_t size)
{
	if (smtp->sent + size > smtp->attempted)
		smtp->attempted = smtp->sent + size;
}

void ucm_smtp_sent(struct ucm_smtp *smtp, size_t size)
{
	ucm_smtp_attempted(smtp, size);
	smtp->sent += size;
	smtp->output_start += size;
	if (smtp->output_start < smtp->output_end)
		return;
	if (smtp->output_secret) {
		ucm_wipe(smtp->output, smtp->output_end);
		smtp->output_secret = 0;
	}
	smtp->output_start = smtp->output_end = 0;
	ucm_smtp_issue(smtp);
}

void ucm_smtp_close(struct ucm_smtp *smtp, const struct ucm_reply *reply)
{
	if (smtp->want == UCM_NEED_CLOSED)
		return;
	if (reply != NULL)
		smtp->fatal = *reply;
	smtp->want = UCM_NEED_CLOSED;
	smtp->ready = 0;
	ucm_smtp_auth_free(smtp);
	ucm_wipe(smtp->output, smtp->output_end);
	smtp->output_start = smtp->output_end = 0;
	ucm_smtp_mails_lost(smtp);
}

/* Courier takes no notice of what travels with the end of a message. */
static int is_unheard(const struct ucm_smtp *smtp)
{
	const struct ucm_expected *first = &smtp->expected[smtp->expected_first];

	return smtp->expected_count > 0 && first->step == UCM_STEP_MAIL && first->mail->behind &&
	       !first->mail->chunked;
}

void ucm_smtp_lost(struct ucm_smtp *smtp, const struct ucm_error *error)
{
	if (smtp->want == UCM_NEED_CLOSED)
		return;
	if (error->timed_out && is_unheard(smtp)) {
		smtp->unheard = 1;
		smtp->ends_alone = 1;
	}
	if (smtp->error.class == UCM_CLASS_OK)
		smtp->error = *error;
	ucm_smtp_close(smtp, NULL);
}

enum ucm_smtp_want ucm_smtp_want(const struct ucm_smtp *smtp)
{
	const struct ucm_mail *mail = NULL;

	if (smtp->want != UCM_NEED_READ)
		return smtp->want;
	for (mail = smtp->mails; mail != NULL; mail = mail->following)
		if (mail->stage == UCM_MAIL_BODY)
			return ucm_smtp_may_chunk(smtp, mail) ? UCM_NEED_BODY : UCM_NEED_READ;
	return smtp->ready && smtp->expected_count == 0 && smtp->mails == NULL ? UCM_NEED_IDLE
									       : UCM_NEED_READ;
}

const char *ucm_smtp_awaited(const struct ucm_smtp *smtp)
{
	if (ucm_smtp_want(smtp) == UCM_NEED_BODY)
		return "room to write the message";
	return smtp->expected_count > 0 ? steps[smtp->expected[smtp->expected_first].step].awaited
					: "the server";
}

unsigned ucm_smtp_timeout(const struct ucm_smtp *smtp)
{
	if (ucm_smtp_want(smtp) == UCM_NEED_BODY)
		return TIMEOUT_BLOCK;
	return smtp->expected_count > 0 ? steps[smtp->expected[smtp->expected_first].step].timeout_s
					: TIMEOUT_COMMAND;
}

/* ---- Greeting, EHLO, STARTTLS --------------------------------------------------------------- */

static void say_hello(struct ucm_smtp *smtp, enum ucm_smtp_step step)
{
	struct ucm_command command;

	/* What an earlier EHLO said is forgotten (RFC 3207 section 4.2). */
	memset(&smtp->capabilities, 0, sizeof(smtp->capabilities));
	ucm_command_start(&command, step == UCM_STEP_EHLO ? "EHLO " : "HELO ");
	ucm_command_add(&command, smtp->options.helo);
	if (ucm_command_end(&command, &smtp->error) < 0) {
		ucm_smtp_close(smtp, NULL);
		return;
	}
	ucm_smtp_send(smtp, step, NULL, 0, command.text, command.length, NULL);
}

/* Ends the session because of a negative reply. */
static void refused(
    struct ucm_smtp *smtp, const struct ucm_reply *reply, enum ucm_class for_good, const char *what)
{
	ucm_fail(&smtp->error, reply->code / 100 == 4 ? UCM_CLASS_AGAIN : for_good, "%s: %d %s%s%s",
	    what, UCM_REPLY_WORDS(reply));
	ucm_smtp_close(smtp, reply);
}

static void on_greeting(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	if (reply->code / 100 != 2) {
		refused(smtp, reply, UCM_CLASS_REJECTED, "the server refuses the connection");
		return;
	}
	ucm_text_clean(reply->text, strlen(reply->text), smtp->banner, sizeof(smtp->banner));
	say_hello(smtp, UCM_STEP_EHLO);
}

/* HELO knows no extension: enough only where neither TLS nor a login is still needed. */
static int hello_is_enough(const struct ucm_smtp *smtp)
{
	if (!smtp->in_tls && smtp->options.mode == UCM_TLS_STARTTLS)
		return smtp->options.starttls_optional;
	return smtp->options.auth_method == NULL;
}

static void on_ehlo(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	const int wants_tls = smtp->options.mode == UCM_TLS_STARTTLS && !smtp->in_tls;

	(void)expected;
	if (reply->code / 100 == 4) {
		refused(smtp, reply, UCM_CLASS_AGAIN, "the server refuses EHLO");
	} else if (reply->code / 100 == 5 && hello_is_enough(smtp)) {
		say_hello(smtp, UCM_STEP_HELO);
	} else if (reply->code / 100 == 5) {
		refused(smtp, reply, UCM_CLASS_TRUST,
		    wants_tls
			? "the server knows no EHLO and so no STARTTLS, which the policy forces"
			: "the server knows no EHLO and so no login, which the policy wants");
	} else if (wants_tls && (smtp->capabilities.extensions & UCM_EXT_STARTTLS) != 0) {
		send_text(smtp, UCM_STEP_STARTTLS, "STARTTLS\r\n");
	} else if (wants_tls && !smtp->options.starttls_optional) {
		ucm_fail(&smtp->error, UCM_CLASS_TRUST,
		    "%s offers no STARTTLS, which the policy forces", smtp->options.host);
		ucm_smtp_close(smtp, NULL);
	} else {
		ucm_smtp_login_or_ready(smtp);
	}
}

static void on_helo(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	if (reply->code / 100 != 2) {
		refused(smtp, reply, UCM_CLASS_REJECTED, "the server refuses HELO");
		return;
	}
	ucm_smtp_login_or_ready(smtp);
}

static void on_starttls(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	if (reply->code / 100 != 2) {
		refused(smtp, reply, UCM_CLASS_TRUST, "the server offers STARTTLS and refuses it");
		return;
	}
	smtp->want = UCM_NEED_STARTTLS;
}

void ucm_smtp_tls_done(struct ucm_smtp *smtp, int binding)
{
	smtp->binding = binding;
	if (smtp->want != UCM_NEED_STARTTLS)
		return; /* implicit TLS: the greeting comes next */
	smtp->in_tls = 1;
	smtp->want = UCM_NEED_READ;
	say_hello(smtp, UCM_STEP_EHLO);
}

static void on_rset(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	if (reply->code / 100 != 2) {
		/* A server that cannot forget must not get the next message. */
		ucm_fail(&smtp->error, UCM_CLASS_AGAIN, "the server refuses RSET: %d %s%s%s",
		    UCM_REPLY_WORDS(reply));
		ucm_smtp_close(smtp, reply);
	}
}

static void on_quit(
    struct ucm_smtp *smtp, const struct ucm_expected *expected, const struct ucm_reply *reply)
{
	(void)expected;
	(void)reply;
	if (smtp->mails != NULL) /* queued behind QUIT */
		ucm_fail(&smtp->error, UCM_CLASS_AGAIN, "the connection was being closed");
	ucm_smtp_close(smtp, NULL);
}

void ucm_smtp_quit(struct ucm_smtp *smtp)
{
	if (ucm_smtp_want(smtp) == UCM_NEED_IDLE && !smtp->quitting) {
		smtp->quitting = 1;
		send_text(smtp, UCM_STEP_QUIT, "QUIT\r\n");
	}
}

/* ---- Replies -------------------------------------------------------------------------------- */

void ucm_capabilities_add(struct ucm_capabilities *capabilities, const char *line)
{
	/* More blanks than the grammar has must not hide STARTTLS. */
	const char *name = line + strspn(line, " \t");
	size_t length = strcspn(name, " \t=");
	char keyword[24];
	const char *rest = name + length;
	size_t i = 0;

	if (length == 0 || length >= sizeof(keyword))
		return;
	memcpy(keyword, name, length);
	keyword[length] = '\0';
	rest += strspn(rest, " \t=");
	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (ucm_equal_nocase(keyword, extensions[i].keyword))
			capabilities->extensions |= extensions[i].extension;
	if (ucm_equal_nocase(keyword, "AUTH"))
		capabilities->mechanisms |= ucm_mechanisms_parse(rest);
	if (!ucm_equal_nocase(keyword, "SIZE"))
		return;
	for (capabilities->size_max = 0; *rest >= '0' && *rest <= '9'; rest++) {
		if (__builtin_mul_overflow(
			capabilities->size_max, 10ULL, &capabilities->size_max) ||
		    __builtin_add_overflow(capabilities->size_max,
			(unsigned long long)(*rest - '0'), &capabilities->size_max)) {
			capabilities->size_max = 0; /* more than can be counted: no limit */
			return;
		}
	}
}

static int is_challenge(const struct ucm_smtp *smtp)
{
	return smtp->parser.reply.code == 334;
}

static void log_line(const struct ucm_smtp *smtp)
{
	char shown[UCM_REPLY_TEXT_MAX + 1];
	size_t length = 0;

	if (smtp->options.log == NULL)
		return;
	if (is_challenge(smtp)) {
		ucm_smtp_remark(smtp, 'S', "334 <challenge>");
		return;
	}
	length = ucm_text_clean(smtp->parser.line, smtp->parser.length, shown, sizeof(shown));
	smtp->options.log('S', shown, length, smtp->options.log_arg);
}

/* A reply that answers no command. */
static void on_unsolicited(struct ucm_smtp *smtp, const struct ucm_reply *reply)
{
	struct ucm_mail *mail = smtp->mails;

	if (mail != NULL && mail->stage == UCM_MAIL_BODY && reply->code / 100 >= 4)
		ucm_smtp_on_early_reply(smtp, mail, reply);
	if (reply->code / 100 == 4) {
		ucm_fail(&smtp->error, UCM_CLASS_AGAIN, "the server gave up: %d %s%s%s",
		    UCM_REPLY_WORDS(reply));
	} else {
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL,
		    "a reply that nobody asked for: %d %s%s%s", UCM_REPLY_WORDS(reply));
	}
	ucm_smtp_close(smtp, reply);
}

static void on_reply(struct ucm_smtp *smtp)
{
	const struct ucm_reply *reply = &smtp->parser.reply;
	const int digit = reply->code / 100;
	struct ucm_expected expected;

	if (smtp->expected_count == 0) {
		on_unsolicited(smtp, reply);
		return;
	}
	expected = smtp->expected[smtp->expected_first];
	smtp->expected_first = (smtp->expected_first + 1) % UCM_SMTP_IN_FLIGHT_MAX;
	smtp->expected_count--;
	if (expected.mail != NULL) {
		expected.mail->in_flight--;
		expected.mail->answered |= reply->code != 421;
	}
	if (digit != steps[expected.step].good && digit != steps[expected.step].intermediate &&
	    digit != 4 && digit != 5 && expected.step != UCM_STEP_QUIT) {
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL, "%s is wrong: %d %s%s%s",
		    steps[expected.step].awaited, UCM_REPLY_WORDS(reply));
		ucm_smtp_close(smtp, reply);
		return;
	}
	steps[expected.step].on_reply(smtp, &expected, reply);
	if (reply->code == 421) {
		ucm_fail(&smtp->error, UCM_CLASS_AGAIN,
		    "the server closes the connection: %d %s%s%s", UCM_REPLY_WORDS(reply));
		ucm_smtp_close(smtp, reply);
	}
}

static int expects(const struct ucm_smtp *smtp, enum ucm_smtp_step step)
{
	return smtp->expected_count > 0 && smtp->expected[smtp->expected_first].step == step;
}

/* Takes one line. Returns 0 where the session is over. */
static int take_line(struct ucm_smtp *smtp, const unsigned char *bytes, size_t size, size_t *used)
{
	const int first = smtp->parser.lines == 0;
	const size_t before = first ? 0 : smtp->parser.text_length;
	enum ucm_reply_event event = UCM_REPLY_MORE;

	smtp->parser.line_max =
	    expects(smtp, UCM_STEP_AUTH) ? UCM_AUTH_LINE_MAX : UCM_REPLY_LINE_MAX;
	event = ucm_reply_feed(&smtp->parser, bytes, size, used);
	if (event == UCM_REPLY_BAD) {
		ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL, "waiting for %s, the server sent %s",
		    ucm_smtp_awaited(smtp), smtp->parser.fault);
		ucm_smtp_close(smtp, NULL);
		return 0;
	}
	if (event == UCM_REPLY_MORE)
		return 1;
	if (smtp->sasl != NULL && !(expects(smtp, UCM_STEP_AUTH) && is_challenge(smtp)) &&
	    ucm_sasl_is_told(smtp->sasl, smtp->parser.line, smtp->parser.length))
		ucm_reply_withhold(&smtp->parser, before);
	log_line(smtp);
	if (!first && smtp->parser.reply.code / 100 == 2 && expects(smtp, UCM_STEP_EHLO))
		ucm_capabilities_add(&smtp->capabilities, ucm_reply_line_text(&smtp->parser));
	if (event == UCM_REPLY_DONE)
		on_reply(smtp);
	return smtp->want != UCM_NEED_CLOSED;
}

int ucm_smtp_feed(struct ucm_smtp *smtp, const unsigned char *bytes, size_t size)
{
	while (size > 0 && smtp->want != UCM_NEED_CLOSED) {
		size_t used = 0;

		if (smtp->want == UCM_NEED_STARTTLS) {
			/* Whoever put these bytes there wants them read as if TLS had protected
			 * them. */
			ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL,
			    "bytes in clear behind the reply to STARTTLS: somebody may be "
			    "injecting replies");
			ucm_smtp_close(smtp, NULL);
			break;
		}
		if (expects(smtp, UCM_STEP_STARTTLS) && smtp->attempted < smtp->queued) {
			ucm_fail(&smtp->error, UCM_CLASS_PROTOCOL,
			    "a reply to STARTTLS before it was said: somebody may be injecting "
			    "replies");
			ucm_smtp_close(smtp, NULL);
			break;
		}
		if (!take_line(smtp, bytes, size, &used))
			break;
		bytes += used;
		size -= used;
	}
	ucm_smtp_issue(smtp);
	if (smtp->ready && (smtp->mails_done > 0 || ucm_smtp_want(smtp) == UCM_NEED_IDLE))
		ucm_smtp_auth_free(smtp);
	/* With a login that is being cancelled, the error stands already, but "*" must go out. */
	return smtp->want == UCM_NEED_CLOSED && smtp->error.class != UCM_CLASS_OK ? -1 : 0;
}
