/*
 * SCRAM: the vector of RFC 7677, exchanges computed elsewhere, and servers that lie.
 */
#include "config.h"

#include <string.h>

#include "libsrc/sasl_exchange.h"
#include "unit/cmocka_all.h"

#define OUR_NONCE "AAECAwQFBgcICQoLDA0ODxAR" /* of the octets 0 to 17 */

static const unsigned char nonce[UCM_NONCE_BYTES] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

static struct ucm_sasl_options options_for(
    enum ucm_mechanism mechanism, const char *user, const char *secret)
{
	struct ucm_sasl_options options = {.mechanism = mechanism,
	    .user = user,
	    .secret = secret,
	    .secret_length = strlen(secret),
	    .nonce = nonce};

	return options;
}

static struct ucm_sasl *start(const struct ucm_sasl_options *options)
{
	struct ucm_error error = {0};
	struct ucm_sasl *sasl = NULL;

	assert_int_equal(ucm_sasl_start(options, &sasl, &error), 0);
	return sasl;
}

/* One step; "" for a failure, whose class is in *ret. */
static const char *step(
    struct ucm_sasl *sasl, const char *challenge, char out[4096], struct ucm_error *ret)
{
	long length = ucm_sasl_step(sasl, (const unsigned char *)challenge,
	    challenge ? strlen(challenge) : 0, (unsigned char *)out, 4095, ret);

	out[length < 0 ? 0 : length] = '\0';
	return out;
}

static void whole_exchange(struct ucm_sasl *sasl, const char *const line[4])
{
	struct ucm_error error = {0};
	char out[4096];

	assert_string_equal(step(sasl, NULL, out, &error), line[0]);
	assert_string_equal(step(sasl, line[1], out, &error), line[2]);
	assert_false(ucm_sasl_complete(sasl));
	assert_string_equal(step(sasl, line[3], out, &error), "");
	assert_int_equal(error.class, UCM_CLASS_OK);
	assert_true(ucm_sasl_complete(sasl));
	ucm_sasl_free(sasl);
}

static void test_rfc7677(void **state)
{
	static const char *const line[4] = {"n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
	    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i="
	    "4096",
	    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="};
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");
	struct ucm_sasl *sasl = start(&options);

	(void)state;
	/* The RFC's nonce is shorter than ours. */
	memcpy(sasl->nonce, "rOprNGfwEbeRWgbNEkqO", sizeof("rOprNGfwEbeRWgbNEkqO"));
	memcpy(sasl->first, line[0] + 3, strlen(line[0] + 3));
	sasl->first_length = strlen(line[0] + 3);
	whole_exchange(sasl, line);
}

static void test_plus(void **state)
{
	static const char *const line[4] = {"p=tls-exporter,,n=a=2Cb=3Dc,r=" OUR_NONCE,
	    "r=" OUR_NONCE "XyZ,s=c2FsdFNBTFRzYWx0,i=5000",
	    "c=cD10bHMtZXhwb3J0ZXIsLGRlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKD,r=" OUR_NONCE
	    "XyZ,p=xRwxBKuTYfZzb1C0Mc04q6rDA/81r/D2cjerOQHaqcc=",
	    "v=EmZecAjQ4i+WN+vbHhdEIJgljKvkp0WJUYtz/Whvqks="};
	struct ucm_sasl_options options =
	    options_for(UCM_SCRAM_SHA_256_PLUS, "a,b=c", "p\xC3\xB6ss\xC2\xA0word");
	unsigned char binding[32];

	(void)state;
	for (size_t i = 0; i < sizeof(binding); i++)
		binding[i] = (unsigned char)(100 + i);
	options.binding_name = "tls-exporter";
	options.binding = binding;
	options.binding_length = sizeof(binding);
	options.server_offers_plus = 1;
	whole_exchange(start(&options), line);
}

static void test_could_bind(void **state)
{
	static const char *const line[4] = {"y,,n=user,r=" OUR_NONCE,
	    "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=4096",
	    "c=eSws,r=" OUR_NONCE "srv,p=U1PhSNycKSRqG9og4st9HrXUY3kuRgYaMLH7DEBTrh4=",
	    "v=tycxt6L5JKG33EqOsGyLiigF1CSgXLse891u6aRTOio="};
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");
	struct ucm_error error = {0};
	struct ucm_sasl *sasl;
	char out[4096];

	(void)state;
	options.binding_name = "tls-exporter"; /* we could; the server does not offer it */
	whole_exchange(start(&options), line);

	options.server_offers_plus = 1; /* then "y" would be a lie that a server must refuse */
	sasl = start(&options);
	assert_int_equal(strncmp(step(sasl, NULL, out, &error), "n,,", 3), 0);
	ucm_sasl_free(sasl);
}

static const struct first_row {
	const char *why, *message;
} first_rows[] = {
    {"no nonce", "s=AAECAwQFBgc=,i=4096"},
    {"an empty message", ""},
    {"our nonce alone", "r=" OUR_NONCE ",s=AAECAwQFBgc=,i=4096"},
    {"another nonce", "r=BAECAwQFBgcICQoLDA0ODxARsrv,s=AAECAwQFBgc=,i=4096"},
    {"a nonce with a control character", "r=" OUR_NONCE "\x01,s=AAECAwQFBgc=,i=4096"},
    {"a mandatory extension", "m=x,r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=4096"},
    {"no salt", "r=" OUR_NONCE "srv,s=,i=4096"},
    {"a salt that is no base64", "r=" OUR_NONCE "srv,s=A*==,i=4096"},
    {"too few iterations", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=4095"},
    {"too many iterations", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=1000001"},
    {"iterations beyond 32 bits", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=99999999999999"},
    {"negative iterations", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=-4096"},
    {"octal iterations", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=04096"},
    {"no iterations", "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i="},
    {"nothing behind the salt", "r=" OUR_NONCE "srv,s=AAECAwQFBgc="},
    {"attributes in another order", "s=AAECAwQFBgc=,r=" OUR_NONCE "srv,i=4096"},
};

static void test_first_messages_refused(void **state)
{
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");

	(void)state;
	for (size_t i = 0; i < sizeof(first_rows) / sizeof(first_rows[0]); i++) {
		struct ucm_sasl *sasl = start(&options);
		struct ucm_error error = {0};
		char out[4096];

		(void)step(sasl, NULL, out, &error);
		(void)step(sasl, first_rows[i].message, out, &error);
		if (error.class != UCM_CLASS_TRUST)
			fail_msg("%s: class %d", first_rows[i].why, (int)error.class);
		assert_null(strstr(error.text, "pencil"));
		assert_false(ucm_sasl_complete(sasl));
		ucm_sasl_free(sasl);
	}
}

static const struct first_row last_rows[] = {
    {"a wrong signature", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
    {"a signature of one octet less", "v=tycxt6L5JKG33EqOsGyLiigF1CSgXLse891u6aRTOg=="},
    {"no signature", "v="},
    {"nothing", ""},
    {"an error", "e=invalid-proof"},
    {"another attribute", "x=tycxt6L5JKG33EqOsGyLiigF1CSgXLse891u6aRTOio="},
};

static void test_last_messages_refused(void **state)
{
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");

	(void)state;
	options.binding_name = "tls-exporter"; /* "y,,", as in test_could_bind */
	for (size_t i = 0; i < sizeof(last_rows) / sizeof(last_rows[0]); i++) {
		struct ucm_sasl *sasl = start(&options);
		struct ucm_error error = {0};
		char out[4096];

		(void)step(sasl, NULL, out, &error);
		(void)step(sasl, "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=4096", out, &error);
		assert_int_equal(error.class, UCM_CLASS_OK);
		(void)step(sasl, last_rows[i].message, out, &error);
		if (error.class != UCM_CLASS_TRUST)
			fail_msg("%s: class %d", last_rows[i].why, (int)error.class);
		assert_false(ucm_sasl_complete(sasl));
		ucm_sasl_free(sasl);
	}
}

static void test_wiped(void **state)
{
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");
	struct ucm_error error = {0};
	struct ucm_sasl *sasl;
	char out[4096];

	(void)state;
	options.binding_name = "tls-exporter"; /* "y,,", as in test_could_bind */
	sasl = start(&options);
	(void)step(sasl, NULL, out, &error);
	assert_string_equal(sasl->secret, "pencil");
	(void)step(sasl, "r=" OUR_NONCE "srv,s=AAECAwQFBgc=,i=4096", out, &error);
	assert_string_equal(sasl->secret, "");
	(void)step(sasl, "v=tycxt6L5JKG33EqOsGyLiigF1CSgXLse891u6aRTOio=", out, &error);
	assert_int_equal(error.class, UCM_CLASS_OK);
	(void)step(sasl, "more", out, &error);
	assert_int_equal(error.class, UCM_CLASS_TRUST); /* SCRAM ends there */
	ucm_sasl_free(sasl);
}

static void test_small_room(void **state)
{
	struct ucm_sasl_options options = options_for(UCM_SCRAM_SHA_256, "user", "pencil");
	struct ucm_sasl *sasl = start(&options);
	struct ucm_error error = {0};
	unsigned char out[10];

	(void)state;
	assert_int_equal(ucm_sasl_step(sasl, NULL, 0, out, sizeof(out), &error), -1);
	assert_int_equal(error.class, UCM_CLASS_PROTOCOL);
	ucm_sasl_free(sasl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rfc7677),
	    cmocka_unit_test(test_plus),
	    cmocka_unit_test(test_could_bind),
	    cmocka_unit_test(test_first_messages_refused),
	    cmocka_unit_test(test_last_messages_refused),
	    cmocka_unit_test(test_wiped),
	    cmocka_unit_test(test_small_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
