/*
 * One certificate (RFC 5280 section 4.1): its fields, and what follows from them.
 */
#include "config.h"

#include <string.h>

#include "policy/certfacts.h"
#include "policy/certname.h"
#include "policy/text.h"

#define RSA_BITS_LEAST 2048
#define EC_BITS_LEAST 256
#define VERSION_3 2

/* The fields of TBSCertificate in their order. */
struct fields {
	int version;
	struct ucm_der_item serial, signature, issuer, validity, subject, key, extensions;
	int has_extensions;
};

/* [0] EXPLICIT Version DEFAULT v1 */
static int read_version(struct ucm_der *in, int *ret)
{
	struct ucm_der_item outer, version;
	struct ucm_der inside;

	*ret = 0;
	if (!ucm_der_next_is(in, UCM_DER_CONTEXT_CONSTRUCTED))
		return 0;
	if (ucm_der_read(in, &outer) < 0)
		return -1;
	inside = ucm_der_inside(&outer);
	if (ucm_der_expect(&inside, UCM_DER_INTEGER, &version) < 0 || !ucm_der_at_end(&inside) ||
	    version.length != 1 || version.bytes[0] > VERSION_3)
		return -1;
	*ret = version.bytes[0];
	return 0;
}

/* issuerUniqueID, subjectUniqueID and extensions, each optional. */
static int read_optional(struct ucm_der *in, struct fields *ret)
{
	struct ucm_der_item item;
	struct ucm_der inside;

	for (unsigned char i = 1; i <= 2; i++)
		if (ucm_der_next_is(in, (unsigned char)(UCM_DER_CONTEXT | i)) &&
		    ucm_der_read(in, &item) < 0)
			return -1;
	if (ucm_der_at_end(in))
		return 0;
	if (ret->version != VERSION_3 ||
	    ucm_der_expect(in, UCM_DER_CONTEXT_CONSTRUCTED | 3, &item) < 0 || !ucm_der_at_end(in))
		return -1;
	inside = ucm_der_inside(&item);
	ret->has_extensions = 1;
	if (ucm_der_expect(&inside, UCM_DER_SEQUENCE, &ret->extensions) < 0)
		return -1;
	return ucm_der_at_end(&inside) ? 0 : -1;
}

static int read_fields(const struct ucm_der_item *body, struct fields *ret)
{
	struct ucm_der in = ucm_der_inside(body);

	if (read_version(&in, &ret->version) < 0 ||
	    ucm_der_expect(&in, UCM_DER_INTEGER, &ret->serial) < 0 || !ret->serial.length ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &ret->signature) < 0 ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &ret->issuer) < 0 ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &ret->validity) < 0 ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &ret->subject) < 0 ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &ret->key) < 0)
		return -1;
	return read_optional(&in, ret);
}

/* Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } */
static int read_certificate(const unsigned char *der, size_t size, struct fields *ret)
{
	struct ucm_der in = ucm_der_from(der, size);
	struct ucm_der_item whole, body, algorithm, value;

	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &whole) < 0 || !ucm_der_at_end(&in))
		return -1;
	in = ucm_der_inside(&whole);
	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &body) < 0 ||
	    ucm_der_expect(&in, UCM_DER_SEQUENCE, &algorithm) < 0 ||
	    ucm_der_expect(&in, UCM_DER_BIT_STRING, &value) < 0 || !ucm_der_at_end(&in) ||
	    read_fields(&body, ret) < 0)
		return -1;
	/* RFC 5280 section 4.1.1.2: both say the same. */
	if (algorithm.whole_length != ret->signature.whole_length ||
	    memcmp(algorithm.whole, ret->signature.whole, algorithm.whole_length) != 0)
		return -1;
	return 0;
}

static int read_validity(const struct ucm_der_item *validity, struct ucm_cert *ret)
{
	struct ucm_der in = ucm_der_inside(validity);
	struct ucm_der_item before, after;

	if (ucm_der_read(&in, &before) < 0 || ucm_der_read(&in, &after) < 0 ||
	    !ucm_der_at_end(&in) || ucm_der_time(&before, &ret->not_before) < 0)
		return -1;
	return ucm_der_time(&after, &ret->not_after);
}

static char *serial_text(struct ucm_arena *arena, const struct ucm_der_item *serial)
{
	const unsigned char *bytes = serial->bytes;
	size_t length = serial->length;
	char *text;

	while (length > 1 && !*bytes) {
		bytes++;
		length--;
	}
	text = ucm_arena_array(arena, length + 1, 2);
	if (text)
		ucm_hex(bytes, length, text);
	return text;
}

static int is_same(const struct ucm_der_item *left, const struct ucm_der_item *right)
{
	return left->length == right->length && !memcmp(left->bytes, right->bytes, left->length);
}

int ucm_cert_parse(
    struct ucm_arena *arena, const unsigned char *der, size_t size, struct ucm_cert *ret)
{
	struct fields fields = {0};

	memset(ret, 0, sizeof(*ret));
	if (read_certificate(der, size, &fields) < 0)
		return -1;
	/* Once more over the copy, so that every part points into it. */
	ret->der = (const unsigned char *)ucm_arena_copy(arena, (const char *)der, size);
	ret->der_size = size;
	if (!ret->der || read_certificate(ret->der, size, &fields) < 0)
		return -1;
	ucm_sha256(ret->der, size, ret->sha256);
	ret->subject = ucm_cert_name_text(arena, &fields.subject);
	ret->issuer = ucm_cert_name_text(arena, &fields.issuer);
	ret->serial = serial_text(arena, &fields.serial);
	if (!ret->subject || !ret->issuer || !ret->serial)
		return -1;
	ret->common_name = ucm_cert_common_name(arena, &fields.subject);
	ret->self_issued = is_same(&fields.subject, &fields.issuer);
	if (read_validity(&fields.validity, ret) < 0 || ucm_cert_read_key(&fields.key, ret) < 0 ||
	    ucm_cert_read_signature(arena, &fields.signature, ret) < 0 ||
	    (fields.has_extensions && ucm_cert_read_extensions(arena, &fields.extensions, ret) < 0))
		return -1;
	return arena->failed ? -1 : 0;
}

int ucm_cert_is_anchor(const struct ucm_cert *cert)
{
	return cert->is_ca && (!cert->has_key_usage || cert->key_usage_cert_sign);
}

int ucm_cert_is_server(const struct ucm_cert *cert)
{
	return !cert->has_eku || cert->eku_server_auth;
}

int ucm_cert_is_weak_key(const struct ucm_cert *cert)
{
	switch (cert->key_type) {
	case UCM_KEY_RSA:
		return cert->key_bits < RSA_BITS_LEAST;
	case UCM_KEY_EC:
		return cert->key_bits < EC_BITS_LEAST;
	case UCM_KEY_DSA:
		return 1;
	case UCM_KEY_ED25519:
	case UCM_KEY_ED448:
	case UCM_KEY_OTHER:
	default:
		return 0;
	}
}

int ucm_cert_is_weak_signature(const struct ucm_cert *cert)
{
	int is_root = cert->self_issued && cert->is_ca;

	return cert->weak_signature && !is_root;
}
