/*
 * The driver of written dialogues.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/smtp_dialogue.h"

#define SAID_MAX 65536

struct stage {
	const struct dialogue *dialogue;
	size_t piece;
	struct ucm_smtp smtp;
	struct ucm_mail mails[2];
	struct ucm_result results[2][DIALOGUE_RECIPIENTS_MAX];
	char addresses[DIALOGUE_RECIPIENTS_MAX][48];
	char said[SAID_MAX];
	size_t said_length;
};

/* Gives the message, and takes what the machine says. */
static void drain(struct stage *stage)
{
	static const char message[] = "Subject: x\r\n\r\n.dot\r\n";
	const char *bytes = NULL;
	size_t size = 0;

	for (;;) {
		if (ucm_smtp_want(&stage->smtp) == UCM_NEED_BODY) {
			assert_true(ucm_smtp_body_room(&stage->smtp) >= sizeof(message));
			ucm_smtp_body(&stage->smtp, message, sizeof(message) - 1);
			ucm_smtp_body_end(&stage->smtp);
		}
		size = ucm_smtp_output(&stage->smtp, &bytes);
		if (size == 0)
			return;
		assert_true(stage->said_length + size < sizeof(stage->said));
		memcpy(stage->said + stage->said_length, bytes, size);
		stage->said_length += size;
		ucm_smtp_sent(&stage->smtp, size);
	}
}

static void hear(struct stage *stage, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t size = left < stage->piece ? left : stage->piece;

		(void)ucm_smtp_feed(&stage->smtp, (const unsigned char *)text, size);
		drain(stage);
		text += size;
		left -= size;
	}
}

static void expect_said(struct stage *stage, const char *text)
{
	stage->said[stage->said_length] = '\0';
	if (strcmp(stage->said, text) != 0) {
		fail_msg("%s, pieces of %zu: expected [%s], the client said [%s] (%s)",
		    stage->dialogue->sentence, stage->piece, text, stage->said,
		    stage->smtp.error.text);
	}
	stage->said_length = 0;
}

static void log_in(struct stage *stage)
{
	static const unsigned char nonce[18] = "fyko+d2lbbFgONRv9";
	struct ucm_sasl_options options = {
	    .mechanism = stage->smtp.mechanism,
	    .user = "user",
	    .secret = "pencil",
	    .secret_length = 6,
	    .host = "mail.example.com",
	    .port = 465,
	    .nonce = nonce,
	};
	struct ucm_error error = {0};
	struct ucm_sasl *sasl = NULL;

	assert_int_equal(ucm_smtp_want(&stage->smtp), UCM_NEED_LOGIN);
	assert_int_equal(ucm_sasl_start(&options, &sasl, &error), 0);
	(void)ucm_smtp_login(&stage->smtp, sasl);
	drain(stage);
}

static void lose(struct stage *stage)
{
	struct ucm_error error = {0};

	ucm_fail(&error, UCM_CLASS_AGAIN, "the connection was lost");
	ucm_smtp_lost(&stage->smtp, &error);
}

static void take_step(struct stage *stage, const char *step)
{
	switch (step[0]) {
	case 'S':
		hear(stage, step + 2);
		break;
	case 'C':
		expect_said(stage, step + 2);
		break;
	case 'T':
		if (ucm_smtp_want(&stage->smtp) == UCM_NEED_STARTTLS) {
			ucm_smtp_tls_done(&stage->smtp, 0);
			drain(stage);
		}
		break;
	case 'L':
		log_in(stage);
		break;
	case 'X':
		lose(stage);
		break;
	case 'Q':
		ucm_smtp_quit(&stage->smtp);
		drain(stage);
		break;
	default:
		fail_msg("no such step: %s", step);
	}
}

static void queue(struct stage *stage, size_t which, size_t count, dialogue_wish wish)
{
	struct ucm_mail *mail = &stage->mails[which];
	size_t i = 0;

	if (count == 0)
		return;
	for (i = 0; i < count; i++) {
		snprintf(stage->addresses[i], sizeof(stage->addresses[i]), "r%zu@example.com", i);
		stage->results[which][i].address = stage->addresses[i];
	}
	mail->from = "f@example.com";
	mail->result = stage->results[which];
	mail->count = count;
	if (wish != NULL)
		wish(mail);
	ucm_smtp_mail(&stage->smtp, mail);
	drain(stage);
}

static void check_results(struct stage *stage)
{
	static const char letters[] = {
	    [UCM_RESULT_PENDING] = 'P',
	    [UCM_RESULT_ACCEPTED] = 'A',
	    [UCM_RESULT_REJECTED] = 'R',
	    [UCM_RESULT_DEFERRED] = 'D',
	    [UCM_RESULT_UNKNOWN] = 'U',
	};
	char found[2 * DIALOGUE_RECIPIENTS_MAX + 2];
	size_t length = 0;
	size_t which = 0;
	size_t i = 0;

	for (which = 0; which < 2; which++) {
		if (which == 1 && stage->mails[1].count > 0)
			found[length++] = '/';
		for (i = 0; i < stage->mails[which].count; i++) {
			found[length++] = letters[stage->results[which][i].status];
			free(stage->results[which][i].text);
		}
	}
	found[length] = '\0';
	if (strcmp(found, stage->dialogue->results) != 0) {
		fail_msg("%s, pieces of %zu: expected %s, got %s (%s)", stage->dialogue->sentence,
		    stage->piece, stage->dialogue->results, found, stage->smtp.error.text);
	}
}

void run_dialogue(const struct dialogue *dialogue, size_t piece, dialogue_wish wish, int chunking)
{
	const struct ucm_smtp_options options = {
	    .helo = "me.example.com",
	    .mode = dialogue->mode,
	    .starttls_optional = dialogue->optional,
	    .auth_method = dialogue->auth_method,
	    .chunking = chunking,
	    .host = "mail.example.com",
	};
	struct stage *stage = calloc(1, sizeof(*stage));
	size_t i = 0;

	assert_non_null(stage);
	stage->dialogue = dialogue;
	stage->piece = piece;
	ucm_smtp_init(&stage->smtp, &options);
	queue(stage, 0, dialogue->recipients, wish);
	queue(stage, 1, dialogue->second, wish);
	for (i = 0; i < DIALOGUE_STEPS_MAX && dialogue->steps[i] != NULL; i++)
		take_step(stage, dialogue->steps[i]);
	expect_said(stage, "");
	if (stage->smtp.error.class != dialogue->class) {
		fail_msg("%s, pieces of %zu: expected class %d, got %d (%s)", dialogue->sentence,
		    piece, (int)dialogue->class, (int)stage->smtp.error.class,
		    stage->smtp.error.text);
	}
	check_results(stage);
	ucm_smtp_free(&stage->smtp);
	free(stage);
}
