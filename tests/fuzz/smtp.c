/*
 * Fuzz target: the SMTP machine, driven by bytes.
 *
 * The first bytes choose mode, login and mails. Then events: a byte and what it needs.
 *   0x80  the TLS handshake is over       0x81  the secret is there       0x82  the caller quits
 *   0x83  the connection is lost          0x84  a further mail            0x85  half of the output
 *   0x86  nothing can be written now      else  a line of the server up to LF, fed in pieces
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libsrc/smtp.h"
#include "tests/fuzz/fuzz.h"

#define MAILS_MAX 3
#define RECIPIENTS_MAX 4
#define LINE_ROOM (UCM_AUTH_LINE_MAX + 2)

static const char secret[] = "hunter2-s3cret";

struct stage {
	struct ucm_smtp smtp;
	struct ucm_smtp_options options;
	struct ucm_mail mails[MAILS_MAX];
	struct ucm_result results[MAILS_MAX][RECIPIENTS_MAX];
	unsigned long long
	    end_sent[MAILS_MAX]; /* octets sent when the final dot had left; 0: never */
	size_t mail_count;
	unsigned long long sent;
	char line[LINE_ROOM]; /* what the client says, until its line's end */
	size_t line_length;
	int in_body; /* the lines that come are of a message */
	int login_begun; /* a secret was given to the machine */
	int tls; /* the driver's own account */
	unsigned pieces;
};

static int contains(const char *bytes, size_t size, const char *what)
{
	return memmem(bytes, size, what, strlen(what)) != NULL;
}

/* One line of the client, without CRLF. */
static void claim_line(struct stage *stage)
{
	const char *line = stage->line;
	size_t length = stage->line_length;

	CLAIM(memchr(line, '\0', length) == NULL);
	if (stage->in_body) {
		if (length == 1 && line[0] == '.')
			stage->in_body = 0;
		CLAIM(line[0] != '.' || length == 0 || length == 1 || line[1] == '.');
		return;
	}
	/* Every command but a login's is shorter; nothing is said of secrets before TLS. */
	if (!stage->login_begun)
		CLAIM(length + 2 <= UCM_COMMAND_ROOM);
	CLAIM(!contains(line, length, secret));
	if (length >= 5 && memcmp(line, "AUTH ", 5) == 0)
		CLAIM(stage->tls || contains(line, length, "SCRAM-SHA-256") ||
		      stage->options.allow_clear_login);
	if (length >= 5 && (memcmp(line, "MAIL ", 5) == 0 || memcmp(line, "RCPT ", 5) == 0))
		CLAIM(stage->tls || stage->options.mode == UCM_TLS_NONE ||
		      stage->options.starttls_optional);
}

static void hear_client(struct stage *stage, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		CLAIM(stage->line_length < sizeof(stage->line));
		stage->line[stage->line_length++] = bytes[i];
		if (bytes[i] != '\n') {
			CLAIM(
			    stage->line_length < 2 || stage->line[stage->line_length - 2] != '\r');
			continue;
		}
		CLAIM(stage->line_length >= 2 && stage->line[stage->line_length - 2] == '\r');
		stage->line_length -= 2;
		claim_line(stage);
		stage->line_length = 0;
	}
}

/* Writes up to `most` octets of the output. Returns whether there was any. */
static int write_some(struct stage *stage, size_t most)
{
	const char *bytes = NULL;
	size_t size = ucm_smtp_output(&stage->smtp, &bytes);

	if (size > most)
		size = most;
	if (size == 0)
		return 0;
	CLAIM(stage->smtp.want != UCM_NEED_CLOSED);
	CLAIM(stage->smtp.want != UCM_NEED_STARTTLS || !contains(bytes, size, "EHLO"));
	hear_client(stage, bytes, size);
	stage->sent += size;
	ucm_smtp_sent(&stage->smtp, size);
	for (size_t i = 0; i < stage->mail_count; i++)
		if (stage->end_sent[i] == 0 && stage->mails[i].end_offset > 0 &&
		    stage->sent >= stage->mails[i].end_offset)
			stage->end_sent[i] = stage->sent;
	return 1;
}

static void give_body(struct stage *stage)
{
	static const char message[] =
	    "Subject: x\r\n\r\n.\r\n..\nbare\rlf\n.dot\r\n.\n.\r.\r\n\r\n.";

	while (ucm_smtp_want(&stage->smtp) == UCM_NEED_BODY) {
		size_t room = ucm_smtp_body_room(&stage->smtp);

		if (room < sizeof(message)) {
			if (!write_some(stage, 512))
				break;
			continue;
		}
		/* The command lines before the body are written first: lines are counted. */
		while (write_some(stage, 4096))
			;
		if (ucm_smtp_want(&stage->smtp) != UCM_NEED_BODY)
			break;
		stage->in_body = 1;
		ucm_smtp_body(&stage->smtp, message, sizeof(message) - 1);
		ucm_smtp_body_end(&stage->smtp);
	}
}

static void drain(struct stage *stage)
{
	do {
		give_body(stage);
	} while (write_some(stage, 4096));
}

static void log_line(char direction, const char *line, size_t length, void *arg)
{
	const struct stage *stage = arg;

	CLAIM(direction == 'C' || direction == 'S' || direction == '*');
	/* A server may guess, before it is told and after the client forgot. */
	CLAIM((direction == 'S' && stage->smtp.sasl == NULL) || !contains(line, length, secret));
	for (size_t i = 0; i < length; i++)
		CLAIM((unsigned char)line[i] >= 0x20);
}

static void log_in(struct stage *stage)
{
	static const unsigned char nonce[18] = "fyko+d2lbbFgONRv9";
	struct ucm_sasl_options options = {
	    .mechanism = stage->smtp.mechanism,
	    .user = "user",
	    .secret = secret,
	    .secret_length = sizeof(secret) - 1,
	    .host = "mail.example.com",
	    .port = 465,
	    .binding_name = stage->smtp.binding ? "tls-exporter" : NULL,
	    .binding = stage->smtp.binding ? nonce : NULL,
	    .binding_length = stage->smtp.binding ? sizeof(nonce) : 0,
	    .nonce = nonce,
	};
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_sasl *sasl = NULL;

	if (ucm_smtp_want(&stage->smtp) != UCM_NEED_LOGIN)
		return;
	CLAIM(stage->smtp.mechanism < UCM_MECHANISM_COUNT);
	CLAIM(stage->tls || stage->smtp.mechanism == UCM_SCRAM_SHA_256 ||
	      stage->options.allow_clear_login);
	if (ucm_sasl_start(&options, &sasl, &error) != 0) {
		ucm_smtp_lost(&stage->smtp, &error);
		return;
	}
	stage->login_begun = 1;
	(void)ucm_smtp_login(&stage->smtp, sasl);
}

static void queue(struct stage *stage, unsigned kind)
{
	static char addresses[RECIPIENTS_MAX][24] = {
	    "a@example.com", "\"b c\"@example.com", "d@[127.0.0.1]", "e+\xC3\xA9@example.com"};
	struct ucm_mail *mail = &stage->mails[stage->mail_count];
	struct ucm_result *results = stage->results[stage->mail_count];

	if (stage->mail_count == MAILS_MAX)
		return;
	for (size_t i = 0; i < RECIPIENTS_MAX; i++)
		results[i].address = addresses[i];
	mail->from = kind & 1 ? "" : "f@example.com";
	mail->result = results;
	mail->count = 1 + kind % RECIPIENTS_MAX;
	mail->needs.size = 100;
	mail->needs.smtputf8 = mail->count == RECIPIENTS_MAX;
	mail->needs.eight_bit = (kind >> 2) & 1;
	mail->notify = kind & 8 ? "SUCCESS,FAILURE" : NULL;
	mail->envelope_id = kind & 8 ? "id+=1" : NULL;
	mail->require_tls = (kind >> 4) & 1;
	mail->probe = (kind >> 5) & 1;
	stage->mail_count++;
	ucm_smtp_mail(&stage->smtp, mail);
}

static void feed(struct stage *stage, const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		size_t piece = stage->pieces != 0 && stage->pieces < size ? stage->pieces : size;
		unsigned char *copy = malloc(piece);

		CLAIM(copy != NULL);
		memcpy(copy, bytes, piece);
		(void)ucm_smtp_feed(&stage->smtp, copy, piece);
		free(copy);
		bytes += piece;
		size -= piece;
	}
}

static void lose(struct stage *stage)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};

	(void)ucm_fail(&error, UCM_CLASS_AGAIN, "the connection was lost");
	ucm_smtp_lost(&stage->smtp, &error);
}

/* Takes one event. Returns 0 where there is none left. */
static int take_event(struct stage *stage, struct fuzz_choices *events)
{
	const unsigned char *start = events->at;
	const unsigned char *end;
	size_t length;

	if (events->left == 0)
		return 0;
	if (start[0] >= 0x80 && start[0] <= 0x86) {
		events->at++;
		events->left--;
	}
	switch (start[0]) {
	case 0x80:
		if (ucm_smtp_want(&stage->smtp) == UCM_NEED_STARTTLS) {
			stage->tls = 1;
			ucm_smtp_tls_done(&stage->smtp, (int)fuzz_choice(events, 2));
		}
		break;
	case 0x81:
		log_in(stage);
		break;
	case 0x82:
		ucm_smtp_quit(&stage->smtp);
		break;
	case 0x83:
		lose(stage);
		break;
	case 0x84:
		queue(stage, fuzz_choice(events, 256));
		break;
	case 0x85:
		(void)write_some(stage, 1 + fuzz_choice(events, 256));
		return 1;
	case 0x86:
		return 1;
	default:
		end = memchr(start, '\n', events->left);
		length = end != NULL ? (size_t)(end - start) + 1 : events->left;
		feed(stage, start, length);
		events->at += length;
		events->left -= length;
	}
	if (events->left == 0 || events->at[0] != 0x86)
		drain(stage);
	return 1;
}

/* What every mail must be once the session is over. */
static void claim_mail(const struct stage *stage, size_t which)
{
	const struct ucm_mail *mail = &stage->mails[which];

	CLAIM(mail->stage == UCM_MAIL_DONE);
	for (size_t i = 0; i < mail->count; i++) {
		const struct ucm_result *result = &mail->result[i];

		CLAIM(result->status != UCM_RESULT_PENDING);
		CLAIM(result->text == NULL || fuzz_is_clean(result->text));
		/* Accepted: the server had the whole message. Unknown: it may have had it. */
		if (!mail->probe && result->status == UCM_RESULT_ACCEPTED)
			CLAIM(stage->end_sent[which] != 0);
		CLAIM(result->status != UCM_RESULT_UNKNOWN || stage->end_sent[which] != 0);
	}
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	static const char *const methods[] = {
	    NULL, "PASSWORD", "PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"};
	struct fuzz_choices events = {bytes, size};
	struct stage *stage = calloc(1, sizeof(*stage));

	CLAIM(stage != NULL);
	stage->options.helo = "me.example.com";
	stage->options.host = "mail.example.com";
	stage->options.log = log_line;
	stage->options.log_arg = stage;
	stage->options.mode = (enum ucm_tls_mode)fuzz_choice(&events, 3);
	stage->options.starttls_optional =
	    stage->options.mode == UCM_TLS_STARTTLS && fuzz_choice(&events, 2);
	stage->options.auth_method = methods[fuzz_choice(&events, 7)];
	stage->pieces = fuzz_choice(&events, 4);
	stage->tls = stage->options.mode == UCM_TLS_IMPLICIT;
	ucm_smtp_init(&stage->smtp, &stage->options);
	if (stage->tls)
		ucm_smtp_tls_done(&stage->smtp, 1);
	queue(stage, fuzz_choice(&events, 256));
	while (take_event(stage, &events))
		CLAIM(stage->smtp.in_tls == stage->tls);
	CLAIM(fuzz_is_clean(stage->smtp.banner));
	lose(stage);
	for (size_t i = 0; i < stage->mail_count; i++)
		claim_mail(stage, i);
	for (size_t i = 0; i < MAILS_MAX; i++)
		for (size_t j = 0; j < RECIPIENTS_MAX; j++)
			free(stage->results[i][j].text);
	ucm_smtp_free(&stage->smtp);
	free(stage);
}
