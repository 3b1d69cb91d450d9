/*
 * Secrets stand in no log and in no reason, whatever the server says.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "unit/smtp_dialogue.h"

#define LOG_ROOM 4096
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void keep_log(char direction, const char *line, size_t length, void *arg)
{
	char *log = arg;
	size_t at = strlen(log);

	(void)direction;
	assert_true(at + length + 2 < LOG_ROOM);
	memcpy(log + at, line, length);
	memcpy(log + at + length, "\n", 2);
}

/* Comes as far as the first line of the login, which stands at *bytes. The log is emptied. */
static size_t begin_login(struct ucm_smtp *smtp, char *log, const char **bytes)
{
	static const char hello[] = "220 m\r\n250-m\r\n250 AUTH PLAIN\r\n";
	const struct ucm_smtp_options options = {.helo = "me.example.com",
	    .host = "m",
	    .mode = UCM_TLS_IMPLICIT,
	    .auth_method = "PASSWORD",
	    .log = keep_log,
	    .log_arg = log};
	const struct ucm_sasl_options login = {.mechanism = UCM_PLAIN_MECH,
	    .user = "user",
	    .secret = "pencil",
	    .secret_length = 6,
	    .nonce = (const unsigned char *)"123456789012345678"};
	struct ucm_error error = {0};
	struct ucm_sasl *sasl = NULL;

	log[0] = '\0';
	ucm_smtp_init(smtp, &options);
	assert_int_equal(ucm_smtp_feed(smtp, (const unsigned char *)hello, sizeof(hello) - 1), 0);
	ucm_smtp_sent(smtp, ucm_smtp_output(smtp, bytes));
	assert_int_equal(ucm_sasl_start(&login, &sasl, &error), 0);
	assert_int_equal(ucm_smtp_login(smtp, sasl), 0);
	return ucm_smtp_output(smtp, bytes);
}

/* The trace shows no secret, and the output buffer forgets it once it is sent. */
static void test_secrets(void **state)
{
	static const char coded[] = "AHVzZXIAcGVuY2ls";
	char log[LOG_ROOM];
	struct ucm_smtp *smtp = malloc(sizeof(*smtp));
	const char *bytes = NULL;
	size_t size = 0;

	(void)state;
	assert_non_null(smtp);
	size = begin_login(smtp, log, &bytes);
	assert_memory_equal(bytes + 11, coded, strlen(coded));
	ucm_smtp_sent(smtp, size);
	assert_memory_not_equal(bytes + 11, coded, strlen(coded));
	assert_null(strstr(log, coded));
	assert_non_null(strstr(log, "AUTH PLAIN <secret>"));
	ucm_smtp_free(smtp);
	free(smtp);
}

/* What servers that echo say: the secret is "pencil". Nothing of it stands in log, error or reply.
 */
static const struct {
	const char *what, *reply, *logged, *error;
} echoes[] = {
    {"the password", "535 5.7.8 wrong: pencil\r\n", "535 <secret>", "535 <secret>"},
    {"within a word", "535 (pencils)\r\n", "535 <secret>", "535 <secret>"},
    {"the response", "535 5.7.8 AUTH PLAIN AHVzZXIAcGVuY2ls?\r\n", "535 <secret>", "535 <secret>"},
    {"the password in base64", "535 cGVuY2ls\r\n", "535 <secret>", "535 <secret>"},
    {"that with padding", "535 <AHBlbmNpbA==>\r\n", "535 <secret>", "535 <secret>"},
    {"cut behind the password", "535 AHBlbmNpbCEhI\r\n", "535 <secret>", "535 <secret>"},
    {"in one line of two", "535-5.7.8 wrong\r\n535 5.7.8 pencil\r\n", "535 <secret>",
	"535 wrong <secret>"},
    {"in the first of two", "535-5.7.8 pencil\r\n535 5.7.8 wrong\r\n", "535 5.7.8 wrong",
	"535 5.7.8 <secret> wrong"},
    {"with success", "235 welcome, pencil\r\n", "235 <secret>", ""},
    {"with a wrong code", "250 pencil\r\n", "250 <secret>", ""},
    {"with a code that is none here", "354 pencil\r\n", "354 <secret>", NULL},
    {"with a closed connection", "421 pencil\r\n", "421 <secret>", "421 <secret>"},
    {"nothing", "535 5.7.8 no pen, AHVzZXIA cGVu\r\n", "535 5.7.8 no pen, AHVzZXIA cGVu",
	"535 5.7.8 no pen, AHVzZXIA cGVu"},
};

static void test_echoes(void **state)
{
	char log[LOG_ROOM];
	struct ucm_smtp *smtp = malloc(sizeof(*smtp));
	const char *bytes = NULL;

	(void)state;
	assert_non_null(smtp);
	for (size_t i = 0; i < COUNT(echoes); i++) {
		print_message("# %s\n", echoes[i].what);
		ucm_smtp_sent(smtp, begin_login(smtp, log, &bytes));
		(void)ucm_smtp_feed(
		    smtp, (const unsigned char *)echoes[i].reply, strlen(echoes[i].reply));
		assert_non_null(strstr(log, echoes[i].logged));
		if (echoes[i].error != NULL)
			assert_non_null(strstr(smtp->error.text, echoes[i].error));
		assert_null(strstr(log, "pencil"));
		assert_null(strstr(log, "cGVuY2ls"));
		assert_null(strstr(smtp->error.text, "pencil"));
		assert_null(strstr(smtp->error.text, "cGVuY2ls"));
		assert_null(strstr(smtp->fatal.text, "pencil"));
		ucm_smtp_free(smtp);
	}
	free(smtp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_secrets),
	    cmocka_unit_test(test_echoes),
	};

	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
