/*
 * SASL: choice of a mechanism, the mechanisms that send the secret, and preparation.
 */
#include "config.h"

#include <string.h>

#include "libsrc/sasl_exchange.h"
#include "libsrc/saslprep.h"
#include "unit/cmocka_all.h"

enum {
	PLUS = 1 << UCM_SCRAM_SHA_256_PLUS,
	SCRAM = 1 << UCM_SCRAM_SHA_256,
	PLAIN = 1 << UCM_PLAIN_MECH,
	LOGIN = 1 << UCM_LOGIN_MECH,
	BEARER = 1 << UCM_OAUTHBEARER,
	XOAUTH2 = 1 << UCM_XOAUTH2
};

static void test_parse(void **state)
{
	(void)state;
	assert_int_equal(ucm_mechanisms_parse("PLAIN LOGIN"), PLAIN | LOGIN);
	assert_int_equal(ucm_mechanisms_parse("scram-sha-256 SCRAM-SHA-256-PLUS"), SCRAM | PLUS);
	assert_int_equal(ucm_mechanisms_parse("=LOGIN  XOAUTH2"), LOGIN | XOAUTH2);
	assert_int_equal(ucm_mechanisms_parse("OAUTHBEARER GSSAPI"), BEARER);
	assert_int_equal(ucm_mechanisms_parse("PLAINER SCRAM-SHA-25 SCRAM-SHA-1 CRAM-MD5"), 0);
	assert_int_equal(ucm_mechanisms_parse(""), 0);
}

static const struct choice_row {
	const char *why, *method;
	unsigned offered;
	int in_tls, clear_allowed, binding;
	enum ucm_mechanism expected;
} choice_rows[] = {
    {"the strongest first", "PASSWORD", PLAIN | LOGIN | SCRAM | PLUS, 1, 0, 1,
	UCM_SCRAM_SHA_256_PLUS},
    {"no binding data: no PLUS", "PASSWORD", PLAIN | SCRAM | PLUS, 1, 0, 0, UCM_SCRAM_SHA_256},
    {"PLAIN before LOGIN", "PASSWORD", PLAIN | LOGIN, 1, 0, 1, UCM_PLAIN_MECH},
    {"only LOGIN", "password", LOGIN, 1, 0, 0, UCM_LOGIN_MECH},
    {"a password is no token", "PASSWORD", XOAUTH2 | BEARER, 1, 0, 0, UCM_MECHANISM_COUNT},
    {"in clear only SCRAM", "PASSWORD", PLAIN | LOGIN | SCRAM, 0, 0, 0, UCM_SCRAM_SHA_256},
    {"in clear no PLUS", "PASSWORD", PLUS, 0, 0, 1, UCM_MECHANISM_COUNT},
    {"in clear no PLAIN", "PASSWORD", PLAIN | LOGIN, 0, 0, 0, UCM_MECHANISM_COUNT},
    {"in clear PLAIN where it is allowed", "PASSWORD", PLAIN | LOGIN, 0, 1, 0, UCM_PLAIN_MECH},
    {"a token never in clear", "XOAUTH2", XOAUTH2, 0, 0, 0, UCM_MECHANISM_COUNT},
    {"by name", "LOGIN", PLAIN | LOGIN | SCRAM, 1, 0, 0, UCM_LOGIN_MECH},
    {"by name, not offered", "PLAIN", LOGIN | SCRAM, 1, 0, 0, UCM_MECHANISM_COUNT},
    {"SCRAM by name means PLUS too", "SCRAM-SHA-256", SCRAM | PLUS, 1, 0, 1,
	UCM_SCRAM_SHA_256_PLUS},
    {"bearer", "OAUTHBEARER", XOAUTH2 | BEARER, 1, 0, 0, UCM_OAUTHBEARER},
    {"nothing offered", "PASSWORD", 0, 1, 1, 1, UCM_MECHANISM_COUNT},
};

static void test_choose(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(choice_rows) / sizeof(choice_rows[0]); i++) {
		const struct choice_row *row = &choice_rows[i];
		enum ucm_mechanism got = ucm_mechanism_choose(
		    row->method, row->offered, row->in_tls, row->clear_allowed, row->binding);

		if (got != row->expected)
			fail_msg("%s: %d", row->why, (int)got);
	}
	assert_true(ucm_mechanism_wants_token(UCM_XOAUTH2));
	assert_true(ucm_mechanism_wants_token(UCM_OAUTHBEARER));
	assert_false(ucm_mechanism_wants_token(UCM_PLAIN_MECH));
	assert_string_equal(ucm_mechanism_name(UCM_MECHANISM_COUNT), "");
}

/* ---- Exchanges ------------------------------------------------------------------------------ */

static int start(enum ucm_mechanism mechanism, const char *user, const char *secret,
    struct ucm_sasl **ret, struct ucm_error *error)
{
	static const unsigned char nonce[UCM_NONCE_BYTES];
	struct ucm_sasl_options options = {.mechanism = mechanism,
	    .user = user,
	    .secret = secret,
	    .secret_length = strlen(secret),
	    .host = "server.example.com",
	    .port = 587,
	    .nonce = nonce};

	memset(error, 0, sizeof(*error));
	return ucm_sasl_start(&options, ret, error);
}

static void expect_step(
    struct ucm_sasl *sasl, const char *challenge, const char *expected, size_t length)
{
	struct ucm_error error = {0};
	unsigned char out[1024];
	long got = ucm_sasl_step(sasl, (const unsigned char *)challenge,
	    challenge ? strlen(challenge) : 0, out, sizeof(out), &error);

	assert_int_equal(got, (long)length);
	assert_memory_equal(out, expected, length);
}

static void expect_no_step(struct ucm_sasl *sasl)
{
	struct ucm_error error = {0};
	unsigned char out[1024];

	assert_int_equal(
	    ucm_sasl_step(sasl, (const unsigned char *)"", 0, out, sizeof(out), &error), -1);
	assert_int_equal(error.class, UCM_CLASS_PROTOCOL);
}

#define EXPECT(sasl, challenge, text) expect_step(sasl, challenge, text, sizeof(text) - 1)

static void test_plain(void **state)
{
	struct ucm_error error;
	struct ucm_sasl *sasl;

	(void)state;
	assert_int_equal(start(UCM_PLAIN_MECH, "tim", "tanstaaftanstaaf", &sasl, &error), 0);
	assert_false(ucm_sasl_complete(sasl));
	EXPECT(sasl, NULL, "\0tim\0tanstaaftanstaaf"); /* RFC 4616 section 4 */
	assert_true(ucm_sasl_complete(sasl));
	expect_no_step(sasl);
	ucm_sasl_free(sasl);
}

static void test_login(void **state)
{
	struct ucm_error error;
	struct ucm_sasl *sasl;

	(void)state;
	assert_int_equal(start(UCM_LOGIN_MECH, "tim", "p\xC2\xA0w", &sasl, &error), 0);
	EXPECT(sasl, "User Name", "tim");
	assert_false(ucm_sasl_complete(sasl));
	EXPECT(sasl, "Password:", "p\xC2\xA0w"); /* not mapped: the server prepares */
	assert_true(ucm_sasl_complete(sasl));
	expect_no_step(sasl);
	ucm_sasl_free(sasl);
}

static void test_bearer(void **state)
{
	struct ucm_error error;
	struct ucm_sasl *sasl;

	(void)state;
	assert_int_equal(start(UCM_OAUTHBEARER, "user@example.com",
			     "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", &sasl, &error),
	    0);
	EXPECT(sasl, NULL, /* RFC 7628 section 4.1, with our port */
	    "n,a=user@example.com,\1host=server.example.com\1port=587\1"
	    "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1");
	assert_true(ucm_sasl_complete(sasl));
	EXPECT(sasl, "{\"status\":\"invalid_token\"}", "\1"); /* section 4.3 */
	assert_false(ucm_sasl_complete(sasl));
	expect_no_step(sasl);
	ucm_sasl_free(sasl);
}

static void test_xoauth2(void **state)
{
	struct ucm_error error;
	struct ucm_sasl *sasl;

	(void)state;
	assert_int_equal(start(UCM_XOAUTH2, "someuser@example.com",
			     "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", &sasl, &error),
	    0);
	EXPECT(sasl, NULL,
	    "user=someuser@example.com\1auth=Bearer "
	    "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1");
	EXPECT(sasl, "{\"status\":\"401\"}", "");
	assert_false(ucm_sasl_complete(sasl));
	expect_no_step(sasl);
	ucm_sasl_free(sasl);
}

static const struct refused_row {
	const char *why;
	enum ucm_mechanism mechanism;
	const char *user, *secret;
} refused_rows[] = {
    {"no user", UCM_PLAIN_MECH, "", "x"},
    {"no password", UCM_PLAIN_MECH, "user", ""},
    {"a line end in the password", UCM_PLAIN_MECH, "user", "a\nb"},
    {"a control character in the user name", UCM_LOGIN_MECH,
	"us\x07"
	"er",
	"x"},
    {"a password that is no UTF-8", UCM_LOGIN_MECH, "user", "p\xF6ss"},
    {"a token with a control character", UCM_XOAUTH2, "user", "abc\1auth=Bearer x"},
    {"a token with a space", UCM_OAUTHBEARER, "user", "abc def"},
    {"padding inside a token", UCM_OAUTHBEARER, "user", "ab=c"},
    {"a token of padding", UCM_OAUTHBEARER, "user", "=="},
    {"a user with a control character", UCM_XOAUTH2, "user\1auth=Bearer y", "x"},
    {"a decomposed character", UCM_SCRAM_SHA_256, "user", "o\xCC\x88"},
    {"a Roman numeral, which has another normal form", UCM_SCRAM_SHA_256, "user", "\xE2\x85\xA8"},
    {"a character younger than Unicode 3.2", UCM_SCRAM_SHA_256, "user", "\xF0\x9F\x93\xAC"},
    {"only what is mapped to nothing", UCM_SCRAM_SHA_256, "user", "\xC2\xAD"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused_rows) / sizeof(refused_rows[0]); i++) {
		const struct refused_row *row = &refused_rows[i];
		struct ucm_sasl *sasl = NULL;
		struct ucm_error error;
		int result = start(row->mechanism, row->user, row->secret, &sasl, &error);

		if (!result || sasl || error.class != UCM_CLASS_POLICY)
			fail_msg("%s: %d, class %d", row->why, result, (int)error.class);
		if (strlen(row->secret) > 1)
			assert_null(strstr(error.text, row->secret));
	}
}

static void test_long_secret(void **state)
{
	static char secret[UCM_SECRET_MAX + 2];
	struct ucm_error error;
	struct ucm_sasl *sasl = NULL;

	(void)state;
	memset(secret, 'x', sizeof(secret) - 1);
	assert_int_equal(start(UCM_PLAIN_MECH, "user", secret, &sasl, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_POLICY);
	secret[UCM_SECRET_MAX] = '\0';
	assert_int_equal(start(UCM_PLAIN_MECH, "user", secret, &sasl, &error), 0);
	ucm_sasl_free(sasl);
	ucm_sasl_free(NULL);
}

/* ---- SASLprep ------------------------------------------------------------------------------- */

static const struct prep_row {
	const char *why, *in, *out; /* out NULL: refused */
} prep_rows[] = {
    {"RFC 4013: soft hyphen goes", "I\xC2\xADX", "IX"},
    {"RFC 4013: nothing to do", "user", "user"},
    {"RFC 4013: case stays", "USER", "USER"},
    {"RFC 4013: a prohibited character", "\x07", NULL},
    {"RFC 4013: directions",
	"\xD8\xA7"
	"1",
	NULL},
    {"all from right to left", "\xD8\xA7\xD8\xA8", "\xD8\xA7\xD8\xA8"},
    {"digits between letters from right to left",
	"\xD8\xA7"
	"1\xD8\xA8",
	"\xD8\xA7"
	"1\xD8\xA8"},
    {"both directions",
	"\xD8\xA7"
	"a\xD8\xA8",
	NULL},
    {"a no-break space becomes a space",
	"a\xC2\xA0"
	"b",
	"a b"},
    {"an ideographic space too",
	"a\xE3\x80\x80"
	"b",
	"a b"},
    {"a composed umlaut stays", "p\xC3\xB6", "p\xC3\xB6"},
    {"a private character", "\xEE\x80\x80", NULL},
    {"a surrogate", "\xED\xA0\x80", NULL},
    {"a non-character", "\xEF\xBF\xBF", NULL},
    {"the replacement character", "\xEF\xBF\xBD", NULL},
    {"a tag", "\xF3\xA0\x81\x81", NULL},
    {"DEL", "\x7F", NULL},
    {"a C1 control", "\xC2\x85", NULL},
    {"beyond Unicode", "\xF4\x90\x80\x80", NULL},
    {"Greek, which was there in 3.2", "\xCE\xB1", "\xCE\xB1"},
};

static void test_prep(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prep_rows) / sizeof(prep_rows[0]); i++) {
		const struct prep_row *row = &prep_rows[i];
		struct ucm_error error = {0};
		char out[64] = "";
		long length = ucm_saslprep("the password", row->in, strlen(row->in), out, &error);

		if (!row->out && length >= 0)
			fail_msg("%s: passed", row->why);
		if (row->out && (length != (long)strlen(row->out) ||
				    memcmp(out, row->out, strlen(row->out)) != 0))
			fail_msg("%s: %ld %s", row->why, length, error.text);
	}
}

static void test_nul(void **state)
{
	struct ucm_error error = {0};
	char out[8];

	(void)state;
	assert_int_equal(ucm_saslprep("the password", "a\0b", 3, out, &error), -1);
	assert_int_equal(ucm_saslprep_check("the password", "a\0b", 3, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_choose),
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_login),
	    cmocka_unit_test(test_bearer),
	    cmocka_unit_test(test_xoauth2),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_long_secret),
	    cmocka_unit_test(test_prep),
	    cmocka_unit_test(test_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
