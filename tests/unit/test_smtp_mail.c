/*
 * What a mail asks of the server, and mail to very many.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "unit/smtp_dialogue.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define HI "S:220 mail.example.com ESMTP\r\n"
#define EHLO "C:EHLO me.example.com\r\n"
#define PIPE "S:250-mail.example.com\r\n250-SIZE 1000\r\n250 PIPELINING\r\n"
#define MAIL "MAIL FROM:<f@example.com>\r\n"
#define RCPT0 "RCPT TO:<r0@example.com>\r\n"
#define RCPT1 "RCPT TO:<r1@example.com>\r\n"
#define BODY "Subject: x\r\n\r\n..dot\r\n.\r\n"
#define FLIGHT1 MAIL RCPT0 "DATA\r\n"

static void wish_everything(struct ucm_mail *mail)
{
	mail->needs.size = 1000;
	mail->needs.eight_bit = 1;
	mail->needs.smtputf8 = 1;
	mail->notify = "SUCCESS,FAILURE";
	mail->envelope_id = "id=1";
	mail->require_tls = 1;
}

static void wish_size(struct ucm_mail *mail)
{
	mail->needs.size = 1001;
}

static void wish_utf8(struct ucm_mail *mail)
{
	mail->needs.smtputf8 = 1;
}

static void wish_eight_bit(struct ucm_mail *mail)
{
	mail->needs.eight_bit = 1;
}

static void wish_tls(struct ucm_mail *mail)
{
	mail->require_tls = 1;
}

static void wish_dsn(struct ucm_mail *mail)
{
	mail->notify = "NEVER";
}

static void wish_probe(struct ucm_mail *mail)
{
	mail->probe = 1;
}

#define ALL                                                                                        \
	"S:250-m\r\n250-PIPELINING\r\n250-SIZE "                                                   \
	"1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n"                                      \
	"250 REQUIRETLS\r\n"

static const struct {
	dialogue_wish wish;
	struct dialogue dialogue;
} wishes[] = {
    {wish_everything,
	{"every extension is used", UCM_TLS_IMPLICIT, 0, NULL, 1, 0,
	    {HI, EHLO, ALL,
		"C:MAIL FROM:<f@example.com> SIZE=1000 BODY=8BITMIME SMTPUTF8 REQUIRETLS RET=HDRS "
		"ENVID=id+3D1\r\nRCPT TO:<r0@example.com> NOTIFY=SUCCESS,FAILURE "
		"ORCPT=rfc822;r0@example.com\r\nDATA\r\n",
		"X"},
	    UCM_CLASS_AGAIN, "D"}},
    {wish_size, {"more than SIZE allows is refused here", UCM_TLS_NONE, 0, NULL, 1, 1,
		    {HI, EHLO, PIPE}, UCM_CLASS_OK, "R/R"}},
    {wish_utf8, {"no SMTPUTF8 where it is needed", UCM_TLS_NONE, 0, NULL, 2, 0, {HI, EHLO, PIPE},
		    UCM_CLASS_OK, "RR"}},
    {wish_eight_bit, {"no 8BITMIME where it is needed", UCM_TLS_NONE, 0, NULL, 1, 0,
			 {HI, EHLO, PIPE}, UCM_CLASS_OK, "R"}},
    {wish_tls, {"no REQUIRETLS where it is needed", UCM_TLS_IMPLICIT, 0, NULL, 1, 0,
		   {HI, EHLO, PIPE}, UCM_CLASS_OK, "R"}},
    {wish_tls, {"REQUIRETLS means nothing outside TLS", UCM_TLS_NONE, 0, NULL, 1, 0,
		   {HI, EHLO, ALL}, UCM_CLASS_OK, "R"}},
    {wish_dsn, {"no DSN: sent without", UCM_TLS_NONE, 0, NULL, 1, 0,
		   {HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
		       "S:250 queued\r\n"},
		   UCM_CLASS_OK, "A"}},
    {wish_probe, {"a probe asks and takes it back", UCM_TLS_NONE, 0, NULL, 2, 1,
		     {HI, EHLO, PIPE, "C:" MAIL RCPT0 RCPT1, "S:250 ok\r\n250 ok\r\n550 no\r\n",
			 "C:RSET\r\n" MAIL RCPT0, "S:250 ok\r\n250 ok\r\n450 no\r\n"},
		     UCM_CLASS_OK, "AR/D"}},
};

static void test_wishes(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(wishes); i++) {
		run_dialogue(&wishes[i].dialogue, 4096, wishes[i].wish, 0);
		run_dialogue(&wishes[i].dialogue, 1, wishes[i].wish, 0);
	}
}

/* Never more commands in flight than the machine can remember, and every one is answered. */
static void test_many(void **state)
{
	static struct ucm_result results[1000];
	const struct ucm_smtp_options options = {.helo = "me.example.com", .host = "m"};
	struct ucm_smtp *smtp = malloc(sizeof(*smtp));
	struct ucm_mail mail = {.from = "f@example.com", .result = results, .count = 1000};
	static const char hello[] = "220 m\r\n250-m\r\n250 PIPELINING\r\n";
	char address[] = "r@example.com";
	size_t rounds = 0;
	size_t i = 0;

	(void)state;
	assert_non_null(smtp);
	for (i = 0; i < 1000; i++)
		results[i].address = address;
	ucm_smtp_init(smtp, &options);
	ucm_smtp_mail(smtp, &mail);
	assert_int_equal(ucm_smtp_feed(smtp, (const unsigned char *)hello, 7), 0);
	assert_int_equal(
	    ucm_smtp_feed(smtp, (const unsigned char *)hello + 7, sizeof(hello) - 8), 0);
	while (mail.stage < UCM_MAIL_BODY && rounds++ < 100) {
		const char *bytes = NULL;
		size_t size = 0;
		size_t answers = 0;

		while ((size = ucm_smtp_output(smtp, &bytes)) > 0)
			ucm_smtp_sent(smtp, size);
		answers = smtp->expected_count;
		assert_in_range(answers, 1, UCM_SMTP_IN_FLIGHT_MAX);
		while (answers-- > 0) {
			const char *answer =
			    smtp->expected[smtp->expected_first].step == UCM_STEP_DATA
				? "354 go\r\n"
				: "250 k\r\n";

			assert_int_equal(
			    ucm_smtp_feed(smtp, (const unsigned char *)answer, strlen(answer)), 0);
		}
	}
	assert_int_equal(mail.stage, UCM_MAIL_BODY);
	assert_int_equal(mail.accepted, 1000);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(results[i].status, UCM_RESULT_ACCEPTED);
		free(results[i].text);
	}
	ucm_smtp_free(smtp);
	free(smtp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wishes),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
