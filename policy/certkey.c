/*
 * Public keys and signature algorithms of certificates, by tables of object identifiers.
 */
#include "config.h"

#include <limits.h>

#include "policy/certfacts.h"
#include "policy/certname.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define PKCS1 "\x2A\x86\x48\x86\xF7\x0D\x01\x01"
#define OIW "\x2B\x0E\x03\x02"
#define X962 "\x2A\x86\x48\xCE\x3D"
#define X957 "\x2A\x86\x48\xCE\x38\x04"
#define CERTICOM "\x2B\x81\x04\x00"
#define BRAINPOOL "\x2B\x24\x03\x03\x02\x08\x01\x01"
#define NIST_HASHES "\x60\x86\x48\x01\x65\x03\x04\x02"
#define NIST_SIGNATURES "\x60\x86\x48\x01\x65\x03\x04\x03"
#define OID(bytes) bytes, sizeof(bytes) - 1

struct oid {
	const char *bytes;
	size_t length;
};

static const struct key_row {
	struct oid oid;
	enum ucm_key_type type;
	unsigned bits; /* 0: to be read from the key */
} keys[] = {
    {{OID(PKCS1 "\x01")}, UCM_KEY_RSA, 0},
    {{OID(PKCS1 "\x07")}, UCM_KEY_RSA, 0},
    {{OID(PKCS1 "\x0A")}, UCM_KEY_RSA, 0},
    {{OID(X962 "\x02\x01")}, UCM_KEY_EC, 0},
    {{OID(X957 "\x01")}, UCM_KEY_DSA, 0},
    {{OID("\x2B\x65\x70")}, UCM_KEY_ED25519, 256},
    {{OID("\x2B\x65\x71")}, UCM_KEY_ED448, 456},
};

static const struct curve_row {
	struct oid oid;
	unsigned bits;
} curves[] = {
    {{OID(X962 "\x03\x01\x01")}, 192}, /* P-192 */
    {{OID(X962 "\x03\x01\x02")}, 192}, /* prime192v2 */
    {{OID(X962 "\x03\x01\x03")}, 192}, /* prime192v3 */
    {{OID(X962 "\x03\x01\x04")}, 239}, /* prime239v1 */
    {{OID(X962 "\x03\x01\x05")}, 239}, /* prime239v2 */
    {{OID(X962 "\x03\x01\x06")}, 239}, /* prime239v3 */
    {{OID(X962 "\x03\x01\x07")}, 256}, /* P-256 */
    {{OID(CERTICOM "\x21")}, 224}, /* P-224 */
    {{OID(CERTICOM "\x22")}, 384}, /* P-384 */
    {{OID(CERTICOM "\x23")}, 521}, /* P-521 */
    {{OID(CERTICOM "\x06")}, 112}, /* secp112r1 */
    {{OID(CERTICOM "\x07")}, 112}, /* secp112r2 */
    {{OID(CERTICOM "\x1C")}, 128}, /* secp128r1 */
    {{OID(CERTICOM "\x1D")}, 128}, /* secp128r2 */
    {{OID(CERTICOM "\x09")}, 160}, /* secp160k1 */
    {{OID(CERTICOM "\x1E")}, 160}, /* secp160r2 */
    {{OID(CERTICOM "\x04")}, 113}, /* sect113r1 */
    {{OID(CERTICOM "\x05")}, 113}, /* sect113r2 */
    {{OID(CERTICOM "\x16")}, 131}, /* sect131r1 */
    {{OID(CERTICOM "\x17")}, 131}, /* sect131r2 */
    {{OID(CERTICOM "\x01")}, 163}, /* sect163k1 */
    {{OID(CERTICOM "\x02")}, 163}, /* sect163r1 */
    {{OID(CERTICOM "\x0F")}, 163}, /* sect163r2 */
    {{OID(CERTICOM "\x18")}, 193}, /* sect193r1 */
    {{OID(CERTICOM "\x19")}, 193}, /* sect193r2 */
    {{OID(CERTICOM "\x1A")}, 233}, /* sect233k1 */
    {{OID(CERTICOM "\x1B")}, 233}, /* sect233r1 */
    {{OID(CERTICOM "\x03")}, 239}, /* sect239k1 */
    {{OID(CERTICOM "\x10")}, 283}, /* sect283k1 */
    {{OID(CERTICOM "\x11")}, 283}, /* sect283r1 */
    {{OID(CERTICOM "\x24")}, 409}, /* sect409k1 */
    {{OID(CERTICOM "\x25")}, 409}, /* sect409r1 */
    {{OID(CERTICOM "\x26")}, 571}, /* sect571k1 */
    {{OID(CERTICOM "\x27")}, 571}, /* sect571r1 */
    {{OID(CERTICOM "\x08")}, 160}, /* secp160r1 */
    {{OID(CERTICOM "\x1F")}, 192}, /* secp192k1 */
    {{OID(CERTICOM "\x20")}, 224}, /* secp224k1 */
    {{OID(CERTICOM "\x0A")}, 256}, /* secp256k1 */
    {{OID(BRAINPOOL "\x01")}, 160}, /* brainpoolP160r1 */
    {{OID(BRAINPOOL "\x02")}, 160}, /* brainpoolP160t1 */
    {{OID(BRAINPOOL "\x03")}, 192}, /* and so on, r1 and t1 */
    {{OID(BRAINPOOL "\x04")}, 192},
    {{OID(BRAINPOOL "\x05")}, 224},
    {{OID(BRAINPOOL "\x06")}, 224},
    {{OID(BRAINPOOL "\x07")}, 256},
    {{OID(BRAINPOOL "\x08")}, 256},
    {{OID(BRAINPOOL "\x09")}, 320},
    {{OID(BRAINPOOL "\x0A")}, 320},
    {{OID(BRAINPOOL "\x0B")}, 384},
    {{OID(BRAINPOOL "\x0C")}, 384},
    {{OID(BRAINPOOL "\x0D")}, 512},
    {{OID(BRAINPOOL "\x0E")}, 512},
};

#define PSS_NAME "rsassaPss"

static const struct signature_row {
	struct oid oid;
	const char *name;
	int weak;
} signatures[] = {
    {{OID(PKCS1 "\x0B")}, "sha256WithRSAEncryption", 0},
    {{OID(PKCS1 "\x0C")}, "sha384WithRSAEncryption", 0},
    {{OID(PKCS1 "\x0D")}, "sha512WithRSAEncryption", 0},
    {{OID(PKCS1 "\x0E")}, "sha224WithRSAEncryption", 0},
    {{OID(PKCS1 "\x0F")}, "sha512-224WithRSAEncryption", 0},
    {{OID(PKCS1 "\x10")}, "sha512-256WithRSAEncryption", 0},
    {{OID(PKCS1 "\x0A")}, PSS_NAME, 0},
    {{OID(PKCS1 "\x02")}, "md2WithRSAEncryption", 1},
    {{OID(PKCS1 "\x03")}, "md4WithRSAEncryption", 1},
    {{OID(PKCS1 "\x04")}, "md5WithRSAEncryption", 1},
    {{OID(PKCS1 "\x05")}, "sha1WithRSAEncryption", 1},
    {{OID(OIW "\x02")}, "md4WithRSA", 1},
    {{OID(OIW "\x03")}, "md5WithRSA", 1},
    {{OID(OIW "\x04")}, "md4WithRSAEncryption", 1},
    {{OID(OIW "\x0D")}, "dsaWithSHA", 1},
    {{OID(OIW "\x0F")}, "shaWithRSAEncryption", 1},
    {{OID(OIW "\x1B")}, "dsaWithSHA1", 1},
    {{OID(OIW "\x1D")}, "sha1WithRSA", 1},
    {{OID(X957 "\x03")}, "dsaWithSHA1", 1},
    {{OID(X962 "\x04\x01")}, "ecdsa-with-SHA1", 1},
    {{OID(X962 "\x04\x03\x01")}, "ecdsa-with-SHA224", 0},
    {{OID(X962 "\x04\x03\x02")}, "ecdsa-with-SHA256", 0},
    {{OID(X962 "\x04\x03\x03")}, "ecdsa-with-SHA384", 0},
    {{OID(X962 "\x04\x03\x04")}, "ecdsa-with-SHA512", 0},
    {{OID(NIST_SIGNATURES "\x01")}, "dsa_with_SHA224", 0},
    {{OID(NIST_SIGNATURES "\x02")}, "dsa_with_SHA256", 0},
    {{OID(NIST_SIGNATURES "\x03")}, "dsa_with_SHA384", 0},
    {{OID(NIST_SIGNATURES "\x04")}, "dsa_with_SHA512", 0},
    {{OID(NIST_SIGNATURES "\x09")}, "ecdsa_with_SHA3-224", 0},
    {{OID(NIST_SIGNATURES "\x0A")}, "ecdsa_with_SHA3-256", 0},
    {{OID(NIST_SIGNATURES "\x0B")}, "ecdsa_with_SHA3-384", 0},
    {{OID(NIST_SIGNATURES "\x0C")}, "ecdsa_with_SHA3-512", 0},
    {{OID(NIST_SIGNATURES "\x0D")}, "RSA-SHA3-224", 0},
    {{OID(NIST_SIGNATURES "\x0E")}, "RSA-SHA3-256", 0},
    {{OID(NIST_SIGNATURES "\x0F")}, "RSA-SHA3-384", 0},
    {{OID(NIST_SIGNATURES "\x10")}, "RSA-SHA3-512", 0},
    {{OID("\x2B\x65\x70")}, "ED25519", 0},
    {{OID("\x2B\x65\x71")}, "ED448", 0},
};

static int is_oid(const struct ucm_der_item *item, struct oid oid)
{
	return ucm_der_is_oid(item, oid.bytes, oid.length);
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
		const char *name;
	} hashes[] = {
	    {{OID(NIST_HASHES "\x01")}, PSS_NAME " with SHA256"},
	    {{OID(NIST_HASHES "\x02")}, PSS_NAME " with SHA384"},
	    {{OID(NIST_HASHES "\x03")}, PSS_NAME " with SHA512"},
	    {{OID(NIST_HASHES "\x04")}, PSS_NAME " with SHA224"},
	    {{OID(NIST_HASHES "\x08")}, PSS_NAME " with SHA3-256"},
	    {{OID(NIST_HASHES "\x09")}, PSS_NAME " with SHA3-384"},
	    {{OID(NIST_HASHES "\x0A")}, PSS_NAME " with SHA3-512"},
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
		if (is_oid(&oid, (struct oid){OID(PKCS1 "\x0A")}))
			read_pss(in, ret);
		return 0;
	}
	ret->signature_name = ucm_oid_text(arena, &oid);
	return ret->signature_name ? 0 : -1;
}
