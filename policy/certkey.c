/*
 * Public keys and signature algorithms of certificates, by tables of object identifiers.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "policy/certfacts.h"
#include "policy/certname.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* An identifier: an arc, and up to three octets behind it, none of them 0. */
enum arc { PKCS1, OIW, X962, X957, CERTICOM, BRAINPOOL, NIST_HASHES, NIST_SIGNATURES, THAWTE };

#define OCTETS(text) sizeof(text) - 1, text

static const struct {
	unsigned char length;
	char octets[9];
} arcs[] = {
    [PKCS1] = {OCTETS("\x2A\x86\x48\x86\xF7\x0D\x01\x01")},
    [OIW] = {OCTETS("\x2B\x0E\x03\x02")},
    [X962] = {OCTETS("\x2A\x86\x48\xCE\x3D")},
    [X957] = {OCTETS("\x2A\x86\x48\xCE\x38\x04")},
    [CERTICOM] = {OCTETS("\x2B\x81\x04\x00")},
    [BRAINPOOL] = {OCTETS("\x2B\x24\x03\x03\x02\x08\x01\x01")},
    [NIST_HASHES] = {OCTETS("\x60\x86\x48\x01\x65\x03\x04\x02")},
    [NIST_SIGNATURES] = {OCTETS("\x60\x86\x48\x01\x65\x03\x04\x03")},
    [THAWTE] = {OCTETS("\x2B\x65")},
};

struct oid {
	unsigned char arc;
	char rest[4];
};

static const struct key_row {
	struct oid oid;
	enum ucm_key_type type;
	unsigned bits; /* 0: to be read from the key */
} keys[] = {
    {{PKCS1, "\x01"}, UCM_KEY_RSA, 0},
    {{PKCS1, "\x07"}, UCM_KEY_RSA, 0},
    {{PKCS1, "\x0A"}, UCM_KEY_RSA, 0},
    {{X962, "\x02\x01"}, UCM_KEY_EC, 0},
    {{X957, "\x01"}, UCM_KEY_DSA, 0},
    {{THAWTE, "\x70"}, UCM_KEY_ED25519, 256},
    {{THAWTE, "\x71"}, UCM_KEY_ED448, 456},
};

static const struct curve_row {
	struct oid oid;
	unsigned short bits;
} curves[] = {
    {{X962, "\x03\x01\x01"}, 192}, /* P-192 */
    {{X962, "\x03\x01\x02"}, 192}, /* prime192v2 */
    {{X962, "\x03\x01\x03"}, 192}, /* prime192v3 */
    {{X962, "\x03\x01\x04"}, 239}, /* prime239v1 */
    {{X962, "\x03\x01\x05"}, 239}, /* prime239v2 */
    {{X962, "\x03\x01\x06"}, 239}, /* prime239v3 */
    {{X962, "\x03\x01\x07"}, 256}, /* P-256 */
    {{CERTICOM, "\x21"}, 224}, /* P-224 */
    {{CERTICOM, "\x22"}, 384}, /* P-384 */
    {{CERTICOM, "\x23"}, 521}, /* P-521 */
    {{CERTICOM, "\x06"}, 112}, /* secp112r1 */
    {{CERTICOM, "\x07"}, 112}, /* secp112r2 */
    {{CERTICOM, "\x1C"}, 128}, /* secp128r1 */
    {{CERTICOM, "\x1D"}, 128}, /* secp128r2 */
    {{CERTICOM, "\x09"}, 160}, /* secp160k1 */
    {{CERTICOM, "\x1E"}, 160}, /* secp160r2 */
    {{CERTICOM, "\x04"}, 113}, /* sect113r1 */
    {{CERTICOM, "\x05"}, 113}, /* sect113r2 */
    {{CERTICOM, "\x16"}, 131}, /* sect131r1 */
    {{CERTICOM, "\x17"}, 131}, /* sect131r2 */
    {{CERTICOM, "\x01"}, 163}, /* sect163k1 */
    {{CERTICOM, "\x02"}, 163}, /* sect163r1 */
    {{CERTICOM, "\x0F"}, 163}, /* sect163r2 */
    {{CERTICOM, "\x18"}, 193}, /* sect193r1 */
    {{CERTICOM, "\x19"}, 193}, /* sect193r2 */
    {{CERTICOM, "\x1A"}, 233}, /* sect233k1 */
    {{CERTICOM, "\x1B"}, 233}, /* sect233r1 */
    {{CERTICOM, "\x03"}, 239}, /* sect239k1 */
    {{CERTICOM, "\x10"}, 283}, /* sect283k1 */
    {{CERTICOM, "\x11"}, 283}, /* sect283r1 */
    {{CERTICOM, "\x24"}, 409}, /* sect409k1 */
    {{CERTICOM, "\x25"}, 409}, /* sect409r1 */
    {{CERTICOM, "\x26"}, 571}, /* sect571k1 */
    {{CERTICOM, "\x27"}, 571}, /* sect571r1 */
    {{CERTICOM, "\x08"}, 160}, /* secp160r1 */
    {{CERTICOM, "\x1F"}, 192}, /* secp192k1 */
    {{CERTICOM, "\x20"}, 224}, /* secp224k1 */
    {{CERTICOM, "\x0A"}, 256}, /* secp256k1 */
    {{BRAINPOOL, "\x01"}, 160}, /* brainpoolP160r1 */
    {{BRAINPOOL, "\x02"}, 160}, /* brainpoolP160t1 */
    {{BRAINPOOL, "\x03"}, 192}, /* and so on, r1 and t1 */
    {{BRAINPOOL, "\x04"}, 192},
    {{BRAINPOOL, "\x05"}, 224},
    {{BRAINPOOL, "\x06"}, 224},
    {{BRAINPOOL, "\x07"}, 256},
    {{BRAINPOOL, "\x08"}, 256},
    {{BRAINPOOL, "\x09"}, 320},
    {{BRAINPOOL, "\x0A"}, 320},
    {{BRAINPOOL, "\x0B"}, 384},
    {{BRAINPOOL, "\x0C"}, 384},
    {{BRAINPOOL, "\x0D"}, 512},
    {{BRAINPOOL, "\x0E"}, 512},
};

#define PSS_NAME "rsassaPss"

static const struct signature_row {
	struct oid oid;
	unsigned char weak;
	char name[28];
} signatures[] = {
    {{PKCS1, "\x0B"}, 0, "sha256WithRSAEncryption"},
    {{PKCS1, "\x0C"}, 0, "sha384WithRSAEncryption"},
    {{PKCS1, "\x0D"}, 0, "sha512WithRSAEncryption"},
    {{PKCS1, "\x0E"}, 0, "sha224WithRSAEncryption"},
    {{PKCS1, "\x0F"}, 0, "sha512-224WithRSAEncryption"},
    {{PKCS1, "\x10"}, 0, "sha512-256WithRSAEncryption"},
    {{PKCS1, "\x0A"}, 0, PSS_NAME},
    {{PKCS1, "\x02"}, 1, "md2WithRSAEncryption"},
    {{PKCS1, "\x03"}, 1, "md4WithRSAEncryption"},
    {{PKCS1, "\x04"}, 1, "md5WithRSAEncryption"},
    {{PKCS1, "\x05"}, 1, "sha1WithRSAEncryption"},
    {{OIW, "\x02"}, 1, "md4WithRSA"},
    {{OIW, "\x03"}, 1, "md5WithRSA"},
    {{OIW, "\x04"}, 1, "md4WithRSAEncryption"},
    {{OIW, "\x0D"}, 1, "dsaWithSHA"},
    {{OIW, "\x0F"}, 1, "shaWithRSAEncryption"},
    {{OIW, "\x1B"}, 1, "dsaWithSHA1"},
    {{OIW, "\x1D"}, 1, "sha1WithRSA"},
    {{X957, "\x03"}, 1, "dsaWithSHA1"},
    {{X962, "\x04\x01"}, 1, "ecdsa-with-SHA1"},
    {{X962, "\x04\x03\x01"}, 0, "ecdsa-with-SHA224"},
    {{X962, "\x04\x03\x02"}, 0, "ecdsa-with-SHA256"},
    {{X962, "\x04\x03\x03"}, 0, "ecdsa-with-SHA384"},
    {{X962, "\x04\x03\x04"}, 0, "ecdsa-with-SHA512"},
    {{NIST_SIGNATURES, "\x01"}, 0, "dsa_with_SHA224"},
    {{NIST_SIGNATURES, "\x02"}, 0, "dsa_with_SHA256"},
    {{NIST_SIGNATURES, "\x03"}, 0, "dsa_with_SHA384"},
    {{NIST_SIGNATURES, "\x04"}, 0, "dsa_with_SHA512"},
    {{NIST_SIGNATURES, "\x09"}, 0, "ecdsa_with_SHA3-224"},
    {{NIST_SIGNATURES, "\x0A"}, 0, "ecdsa_with_SHA3-256"},
    {{NIST_SIGNATURES, "\x0B"}, 0, "ecdsa_with_SHA3-384"},
    {{NIST_SIGNATURES, "\x0C"}, 0, "ecdsa_with_SHA3-512"},
    {{NIST_SIGNATURES, "\x0D"}, 0, "RSA-SHA3-224"},
    {{NIST_SIGNATURES, "\x0E"}, 0, "RSA-SHA3-256"},
    {{NIST_SIGNATURES, "\x0F"}, 0, "RSA-SHA3-384"},
    {{NIST_SIGNATURES, "\x10"}, 0, "RSA-SHA3-512"},
    {{THAWTE, "\x70"}, 0, "ED25519"},
    {{THAWTE, "\x71"}, 0, "ED448"},
};

static int is_oid(const struct ucm_der_item *item, struct oid oid)
{
	size_t length = arcs[oid.arc].length, rest = strlen(oid.rest);

	return item->tag == UCM_DER_OID && item->length == length + rest &&
	       !memcmp(item->bytes, arcs[oid.arc].octets, length) &&
	       !memcmp(item->bytes + length, oid.rest, rest);
}

static unsigned curve_bits(const struct ucm_der_item *curve)
{
	for (size_t i = 0; i < COUNT(curves); i++)
		if (is_oid(curve, curves[i].oid))
			return curves[i].bits;
	return 0;
}

/* Bits of the first INTEGER of the SEQUENCE at *in: an RSA modulus or a DSA prime. */
static unsigned first_integer_bits(struct ucm_der in)
{
	struct ucm_der_item sequence, integer;
	size_t bits;

	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0)
		return 0;
	in = ucm_der_inside(&sequence);
	if (ucm_der_expect(&in, UCM_DER_INTEGER, &integer) < 0)
		return 0;
	bits = ucm_der_integer_bits(&integer);
	return bits > UINT_MAX ? 0 : (unsigned)bits;
}

static int read_bits(const struct key_row *row, struct ucm_der parameters,
    const struct ucm_der_item *key, struct ucm_cert *ret)
{
	struct ucm_der_item curve;

	ret->key_type = row->type;
	ret->key_bits = row->bits;
	if (row->type == UCM_KEY_RSA) {
		ret->key_bits = first_integer_bits(ucm_der_from(key->bytes + 1, key->length - 1));
		return ret->key_bits ? 0 : -1;
	}
	if (row->type == UCM_KEY_DSA) {
		/* Parameters may be inherited from the issuer: no bits then. */
		ret->key_bits = first_integer_bits(parameters);
	} else if (row->type == UCM_KEY_EC) {
		if (ucm_der_read(&parameters, &curve) < 0)
			return -1;
		ret->key_bits = curve_bits(&curve);
		if (!ret->key_bits)
			ret->key_type = UCM_KEY_OTHER; /* explicit parameters, unknown curves */
	}
	return 0;
}

int ucm_cert_read_key(const struct ucm_der_item *info, struct ucm_cert *ret)
{
	struct ucm_der in = ucm_der_inside(info), inside;
	struct ucm_der_item algorithm, oid, key;

	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &algorithm) < 0 ||
	    ucm_der_expect(&in, UCM_DER_BIT_STRING, &key) < 0 || !ucm_der_at_end(&in) ||
	    !key.length || key.bytes[0])
		return -1;
	inside = ucm_der_inside(&algorithm);
	if (ucm_der_expect(&inside, UCM_DER_OID, &oid) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(keys); i++)
		if (is_oid(&oid, keys[i].oid))
			return read_bits(&keys[i], inside, &key, ret);
	ret->key_type = UCM_KEY_OTHER;
	return 0;
}

/*
 * The hash of RSASSA-PSS-params (RFC 4055 section 3.1): SHA-1 where it is not told. What cannot be
 * read counts as weak too.
 */
static void read_pss(struct ucm_der parameters, struct ucm_cert *ret)
{
	static const struct {
		struct oid oid;
		char name[26];
	} hashes[] = {
	    {{NIST_HASHES, "\x01"}, PSS_NAME " with SHA256"},
	    {{NIST_HASHES, "\x02"}, PSS_NAME " with SHA384"},
	    {{NIST_HASHES, "\x03"}, PSS_NAME " with SHA512"},
	    {{NIST_HASHES, "\x04"}, PSS_NAME " with SHA224"},
	    {{NIST_HASHES, "\x08"}, PSS_NAME " with SHA3-256"},
	    {{NIST_HASHES, "\x09"}, PSS_NAME " with SHA3-384"},
	    {{NIST_HASHES, "\x0A"}, PSS_NAME " with SHA3-512"},
	};
	struct ucm_der_item item;
	struct ucm_der in = parameters;

	ret->weak_signature = 1;
	ret->signature_name = PSS_NAME " with SHA1";
	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &item) < 0)
		return;
	in = ucm_der_inside(&item);
	if (ucm_der_expect(&in, UCM_DER_CONTEXT_CONSTRUCTED, &item) < 0)
		return;
	in = ucm_der_inside(&item);
	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &item) < 0)
		return;
	in = ucm_der_inside(&item);
	if (ucm_der_expect(&in, UCM_DER_OID, &item) < 0)
		return;
	for (size_t i = 0; i < COUNT(hashes); i++)
		if (is_oid(&item, hashes[i].oid)) {
			ret->weak_signature = 0;
			ret->signature_name = hashes[i].name;
		}
}

int ucm_cert_read_signature(
    struct ucm_arena *arena, const struct ucm_der_item *algorithm, struct ucm_cert *ret)
{
	struct ucm_der in = ucm_der_inside(algorithm);
	struct ucm_der_item oid;

	if (ucm_der_expect(&in, UCM_DER_OID, &oid) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(signatures); i++) {
		if (!is_oid(&oid, signatures[i].oid))
			continue;
		ret->signature_name = signatures[i].name;
		ret->weak_signature = signatures[i].weak;
		if (is_oid(&oid, (struct oid){PKCS1, "\x0A"}))
			read_pss(in, ret);
		return 0;
	}
	ret->signature_name = ucm_oid_text(arena, &oid);
	return ret->signature_name ? 0 : -1;
}
