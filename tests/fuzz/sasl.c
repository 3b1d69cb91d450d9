/*
 * Fuzz target: SASL. The first byte chooses the mechanism; then challenges, each up to 0xFF.
 */
#include "config.h"

#include <string.h>

#include "libsrc/sasl.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(const unsigned char *bytes, size_t size)
{
	static const unsigned char nonce[18] = "fyko+d2lbbFgONRv9";
	struct fuzz_choices input = {bytes, size};
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_sasl_options options = {
	    .mechanism = (enum ucm_mechanism)fuzz_choice(&input, UCM_MECHANISM_COUNT),
	    .host = "mail.example.com",
	    .port = 587,
	    .binding_name = "tls-exporter",
	    .binding = nonce,
	    .binding_length = sizeof(nonce),
	    .server_offers_plus = (int)fuzz_choice(&input, 2),
	    .nonce = nonce,
	};
	unsigned char response[8192];
	struct ucm_sasl *sasl = NULL;
	size_t length;
	char user[128] = "user";

	if (fuzz_choice(&input, 2) == 1) { /* user and secret from outside too */
		const unsigned char *name = fuzz_stretch(&input, &length);

		if (length >= sizeof(user))
			length = sizeof(user) - 1;
		memcpy(user, name, length);
		user[length] = '\0';
		options.secret = (const char *)fuzz_stretch(&input, &options.secret_length);
	} else {
		options.secret = "pencil";
		options.secret_length = 6;
	}
	options.user = user;
	if (ucm_sasl_start(&options, &sasl, &error) != 0) {
		CLAIM(error.class != UCM_CLASS_OK && sasl == NULL);
		CLAIM(options.secret_length < 6 ||
		      memmem(error.text, strlen(error.text), options.secret,
			  options.secret_length) == NULL);
		return;
	}
	if (options.mechanism != UCM_LOGIN_MECH)
		CLAIM(ucm_sasl_step(sasl, NULL, 0, response, sizeof(response), &error) >= 0);
	for (unsigned i = 0; input.left > 0 && i < 16; i++) {
		const unsigned char *challenge = fuzz_stretch(&input, &length);
		long made =
		    ucm_sasl_step(sasl, challenge, length, response, sizeof(response), &error);

		CLAIM(made <= (long)sizeof(response));
		CLAIM(made >= 0 || error.class != UCM_CLASS_OK);
		if (made < 0)
			break;
	}
	/* Nobody who lacks the password can prove that he knows it. */
	if (options.mechanism <= UCM_SCRAM_SHA_256 && strcmp(user, "user") == 0)
		CLAIM(!ucm_sasl_complete(sasl) || error.class == UCM_CLASS_OK);
	ucm_sasl_free(sasl);
}
