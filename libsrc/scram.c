/*
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677, 9266).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/pwdbased.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "libsrc/sasl_exchange.h"
#include "policy/base64.h"
#include "policy/text.h"

#define SALT_MAX 512
#define COUNT_DIGITS_MAX 9

struct span {
	const void *bytes;
	size_t length;
};

struct server_first {
	struct span nonce;
	unsigned char salt[SALT_MAX];
	size_t salt_length;
	unsigned iterations;
};

struct proof { /* wiped behind the step */
	unsigned char salted[UCM_SHA256_SIZE], client_key[UCM_SHA256_SIZE];
	unsigned char stored_key[UCM_SHA256_SIZE], server_key[UCM_SHA256_SIZE];
	unsigned char signature[UCM_SHA256_SIZE];
};

static int wrong(struct ucm_error *error, const char *why)
{
	return ucm_fail(error, UCM_CLASS_TRUST, "SCRAM: the server's message %s", why);
}

/* ---- Start -------------------------------------------------------------------------------- */

/* What the client says of channel binding (RFC 5802 section 6). */
static int write_gs2_header(
    struct ucm_sasl *sasl, const struct ucm_sasl_options *options, struct ucm_error *error)
{
	int length;

	if (sasl->mechanism == UCM_SCRAM_SHA_256) {
		/* "y": we could bind, and believe that the server cannot: a downgrade shows. */
		const char *flag =
		    options->binding_name && !options->server_offers_plus ? "y,," : "n,,";

		memcpy(sasl->gs2_header, flag, sizeof("y,,"));
		return 0;
	}
	if (!options->binding_name || !options->binding || !options->binding_length ||
	    options->binding_length > sizeof(sasl->binding))
		return ucm_fail(error, UCM_CLASS_USAGE, "no channel binding for %s",
		    ucm_mechanism_name(sasl->mechanism));
	length =
	    snprintf(sasl->gs2_header, sizeof(sasl->gs2_header), "p=%s,,", options->binding_name);
	if (length < 0 || (size_t)length >= sizeof(sasl->gs2_header))
		return ucm_fail(error, UCM_CLASS_USAGE, "the channel binding's name is too long");
	memcpy(sasl->binding, options->binding, options->binding_length);
	sasl->binding_length = options->binding_length;
	return 0;
}

int ucm_scram_start(
    struct ucm_sasl *sasl, const struct ucm_sasl_options *options, struct ucm_error *error)
{
	struct ucm_sasl_reply first = {
	    .bytes = (unsigned char *)sasl->first, .room = sizeof(sasl->first)};

	if (!options->nonce)
		return ucm_fail(error, UCM_CLASS_USAGE, "no nonce for SCRAM");
	if (write_gs2_header(sasl, options, error))
		return -1;
	(void)ucm_base64_encode(options->nonce, UCM_NONCE_BYTES, sasl->nonce);
	ucm_reply_text(&first, "n=");
	ucm_reply_name(&first, sasl->user);
	ucm_reply_text(&first, ",r=");
	ucm_reply_text(&first, sasl->nonce);
	sasl->first_length = first.length;
	return 0;
}

/* ---- The server's first message ------------------------------------------------------------ */

/* The value of the attribute that must come next, up to a comma. */
static int attribute(struct span *rest, char name, struct span *ret)
{
	const char *text = rest->bytes;
	const char *comma;

	if (rest->length < 2 || text[0] != name || text[1] != '=')
		return -1;
	text += 2;
	rest->length -= 2;
	comma = memchr(text, ',', rest->length);
	ret->bytes = text;
	ret->length = comma ? (size_t)(comma - text) : rest->length;
	rest->bytes = comma ? comma + 1 : text + ret->length;
	rest->length -= ret->length + (comma != NULL);
	return 0;
}

static int parse_count(const struct span *span, unsigned *ret)
{
	const char *digits = span->bytes;
	unsigned value = 0;

	if (!span->length || span->length > COUNT_DIGITS_MAX || digits[0] == '0')
		return -1;
	for (size_t i = 0; i < span->length; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		value = value * 10 + (unsigned)(digits[i] - '0');
	}
	*ret = value;
	return 0;
}

/* Printable ASCII without a comma, and longer than ours, which it must begin with. */
static int is_extended_nonce(const struct ucm_sasl *sasl, const struct span *nonce)
{
	size_t own = strlen(sasl->nonce);
	const char *text = nonce->bytes;

	if (nonce->length <= own || memcmp(text, sasl->nonce, own) != 0)
		return 0;
	for (size_t i = 0; i < nonce->length; i++)
		if (text[i] < '!' || text[i] > '~')
			return 0;
	return 1;
}

static int parse_first(const struct ucm_sasl *sasl, const unsigned char *message, size_t length,
    struct server_first *ret, struct ucm_error *error)
{
	struct span rest = {message, length}, salt, count;
	long size;

	if (length > UCM_SCRAM_FIRST_MAX)
		return wrong(error, "is too long");
	if (attribute(&rest, 'r', &ret->nonce) || attribute(&rest, 's', &salt) ||
	    attribute(&rest, 'i', &count))
		return wrong(error, "is not of the form r=…,s=…,i=…");
	if (!is_extended_nonce(sasl, &ret->nonce))
		return wrong(error, "does not continue our nonce: it belongs to another login");
	size = ucm_base64_decode(salt.bytes, salt.length, ret->salt, sizeof(ret->salt));
	if (size <= 0)
		return wrong(error, "has no usable salt");
	ret->salt_length = (size_t)size;
	if (parse_count(&count, &ret->iterations) || ret->iterations < UCM_SCRAM_ITERATIONS_MIN ||
	    ret->iterations > UCM_SCRAM_ITERATIONS_MAX)
		return ucm_fail(error, UCM_CLASS_TRUST,
		    "SCRAM: the server's iteration count is not from %d to %d",
		    UCM_SCRAM_ITERATIONS_MIN, UCM_SCRAM_ITERATIONS_MAX);
	return 0;
}

/* ---- The proof ------------------------------------------------------------------------------ */

static int hmac(const unsigned char key[UCM_SHA256_SIZE], const struct span *parts, size_t count,
    unsigned char out[UCM_SHA256_SIZE])
{
	Hmac state;
	int failed;

	if (wc_HmacInit(&state, NULL, INVALID_DEVID))
		return -1;
	failed = wc_HmacSetKey(&state, WC_SHA256, key, UCM_SHA256_SIZE);
	for (size_t i = 0; i < count && !failed; i++)
		failed = wc_HmacUpdate(&state, parts[i].bytes, (word32)parts[i].length);
	if (!failed)
		failed = wc_HmacFinal(&state, out);
	wc_HmacFree(&state);
	ucm_wipe(&state, sizeof(state));
	return failed ? -1 : 0;
}

static int hmac_label(
    const unsigned char key[UCM_SHA256_SIZE], const char *label, unsigned char out[UCM_SHA256_SIZE])
{
	struct span span = {label, strlen(label)};

	return hmac(key, &span, 1, out);
}

/* RFC 5802 section 3; the client's proof replaces client_key. */
static int compute(struct ucm_sasl *sasl, const struct server_first *first,
    const struct span message[5], struct proof *proof)
{
	if (wc_PBKDF2(proof->salted, (const unsigned char *)sasl->secret, (int)sasl->secret_length,
		first->salt, (int)first->salt_length, (int)first->iterations, UCM_SHA256_SIZE,
		WC_SHA256))
		return -1;
	if (hmac_label(proof->salted, "Client Key", proof->client_key) ||
	    hmac_label(proof->salted, "Server Key", proof->server_key))
		return -1;
	ucm_sha256(proof->client_key, UCM_SHA256_SIZE, proof->stored_key);
	if (hmac(proof->stored_key, message, 5, proof->signature) ||
	    hmac(proof->server_key, message, 5, sasl->server_signature))
		return -1;
	for (size_t i = 0; i < UCM_SHA256_SIZE; i++)
		proof->client_key[i] ^= proof->signature[i];
	return 0;
}

/* "c=…,r=…": the channel binding and the nonce. */
static void write_final(
    const struct ucm_sasl *sasl, const struct server_first *first, struct ucm_sasl_reply *reply)
{
	unsigned char input[sizeof(sasl->gs2_header) + sizeof(sasl->binding)];
	char coded[(sizeof(input) + 2) / 3 * 4];
	size_t header = strlen(sasl->gs2_header);

	memcpy(input, sasl->gs2_header, header);
	memcpy(input + header, sasl->binding, sasl->binding_length);
	ucm_reply_text(reply, "c=");
	ucm_reply_add(reply, coded, ucm_base64_encode(input, header + sasl->binding_length, coded));
	ucm_reply_text(reply, ",r=");
	ucm_reply_add(reply, first->nonce.bytes, first->nonce.length);
}

static int answer_first(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	struct server_first first = {0};
	struct proof proof = {0};
	char coded[(UCM_SHA256_SIZE + 2) / 3 * 4];
	int failed;

	if (parse_first(sasl, challenge, length, &first, error))
		return -1;
	write_final(sasl, &first, reply);
	if (reply->overflow)
		return 0; /* the caller tells */
	const struct span message[5] = {{sasl->first, sasl->first_length}, {",", 1},
	    {challenge, length}, {",", 1}, {reply->bytes, reply->length}};

	failed = compute(sasl, &first, message, &proof);
	ucm_reply_text(reply, ",p=");
	ucm_reply_add(reply, coded, ucm_base64_encode(proof.client_key, UCM_SHA256_SIZE, coded));
	ucm_wipe(&proof, sizeof(proof));
	/* Nothing needs the password any more. */
	ucm_wipe(sasl->secret, sizeof(sasl->secret));
	if (failed)
		return ucm_fail(error, UCM_CLASS_MEMORY, "SCRAM: the keys could not be derived");
	return 0;
}

/* ---- The server's last message --------------------------------------------------------------- */

/* In constant time: a forger must not learn how much was right. */
static int is_equal(const unsigned char *left, const unsigned char *right, size_t length)
{
	unsigned char difference = 0;

	for (size_t i = 0; i < length; i++)
		difference |= left[i] ^ right[i];
	return !difference;
}

static int verify(
    struct ucm_sasl *sasl, const unsigned char *challenge, size_t length, struct ucm_error *error)
{
	struct span rest = {challenge, length}, value;
	unsigned char signature[UCM_SHA256_SIZE];

	if (!attribute(&rest, 'e', &value)) {
		char reason[64];
		size_t kept = value.length < sizeof(reason) ? value.length : sizeof(reason) - 1;

		memcpy(reason, value.bytes, kept);
		reason[kept] = '\0';
		return ucm_fail(error, UCM_CLASS_TRUST, "SCRAM: the server refuses: %s", reason);
	}
	if (attribute(&rest, 'v', &value) || ucm_base64_decode(value.bytes, value.length, signature,
						 sizeof(signature)) != UCM_SHA256_SIZE)
		return wrong(error, "holds no signature");
	if (!is_equal(signature, sasl->server_signature, sizeof(signature)))
		return wrong(error, "has a wrong signature: it does not know the password, so it "
				    "is not the server");
	sasl->complete = 1;
	return 0;
}

int ucm_scram_step(struct ucm_sasl *sasl, const unsigned char *challenge, size_t length,
    struct ucm_sasl_reply *reply, struct ucm_error *error)
{
	if (!sasl->step) {
		ucm_reply_text(reply, sasl->gs2_header);
		ucm_reply_add(reply, sasl->first, sasl->first_length);
		return 0;
	}
	if (!challenge)
		return wrong(error, "is missing");
	if (sasl->step == 1)
		return answer_first(sasl, challenge, length, reply, error);
	if (sasl->step == 2)
		return verify(sasl, challenge, length, error);
	return wrong(error, "asks for more than SCRAM has");
}
