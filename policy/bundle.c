/*
 * A payload: certificates in PEM or DER, and private keys that should not be there.
 */
#include "config.h"

#include <string.h>

#include "policy/cert.h"
#include "policy/der.h"
#include "policy/limits.h"
#include "policy/pem.h"

#define OID_PKCS7 "\x2A\x86\x48\x86\xF7\x0D\x01\x07"

/* Room for a payload's certificates, made when the first is met. */
struct reader {
	struct ucm_arena *arena;
	struct ucm_bundle *bundle;
};

static void add_certificate(struct reader *reader, const unsigned char *der, size_t size)
{
	struct ucm_bundle *bundle = reader->bundle;

	if (bundle->count == UCM_CERTS_PER_PAYLOAD_MAX) {
		bundle->damaged = 1;
		return;
	}
	if (!bundle->cert)
		bundle->cert = ucm_arena_array(
		    reader->arena, UCM_CERTS_PER_PAYLOAD_MAX, sizeof(*bundle->cert));
	if (!bundle->cert)
		return;
	if (ucm_cert_parse(reader->arena, der, size, &bundle->cert[bundle->count]) < 0)
		bundle->damaged = 1;
	else
		bundle->count++;
}

/* ---- Private keys in DER ------------------------------------------------------------------- */

/* Whether the elements have these tags in this order; more may follow. */
static int has_tags(struct ucm_der in, const unsigned char *tags, size_t count)
{
	struct ucm_der_item item;

	for (size_t i = 0; i < count; i++)
		if (ucm_der_expect(&in, tags[i], &item) < 0)
			return 0;
	return 1;
}

/* PKCS #8, also encrypted; PKCS #1 and the like: a version and three integers at least; SEC 1. */
static int is_private_key(struct ucm_der in)
{
	static const struct {
		unsigned char tags[4];
		size_t count;
	} forms[] = {
	    {{UCM_DER_INTEGER, UCM_DER_SEQUENCE, UCM_DER_OCTET_STRING}, 3},
	    {{UCM_DER_SEQUENCE, UCM_DER_OCTET_STRING}, 2},
	    {{UCM_DER_INTEGER, UCM_DER_INTEGER, UCM_DER_INTEGER, UCM_DER_INTEGER}, 4},
	    {{UCM_DER_INTEGER, UCM_DER_OCTET_STRING}, 2},
	};
	struct ucm_der_item sequence;

	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (has_tags(ucm_der_inside(&sequence), forms[i].tags, forms[i].count))
			return 1;
	return 0;
}

/* Behind the tag and length of a SEQUENCE in BER: PKCS #12 files may use the indefinite form. */
static const unsigned char *skip_header(const unsigned char *at, const unsigned char *end)
{
	size_t octets;

	if (!at || end - at < 2 || at[0] != UCM_DER_SEQUENCE)
		return NULL;
	octets = at[1] > 0x80 ? at[1] & 0x7F : 0;
	at += 2;
	return octets <= (size_t)(end - at) ? at + octets : NULL;
}

/* PFX ::= SEQUENCE { version 3, SEQUENCE { pkcs7-data or pkcs7-signedData, … */
static int is_pkcs12(const unsigned char *bytes, size_t size)
{
	static const unsigned char version[] = {UCM_DER_INTEGER, 1, 3};
	static const char content[] = "\x06\x09" OID_PKCS7;
	const unsigned char *end = bytes + size, *at = skip_header(bytes, end);

	if (!at || (size_t)(end - at) < sizeof(version) ||
	    memcmp(at, version, sizeof(version)) != 0)
		return 0;
	at = skip_header(at + sizeof(version), end);
	return at && (size_t)(end - at) >= sizeof(content) &&
	       !memcmp(at, content, sizeof(content) - 1) &&
	       (at[sizeof(content) - 1] == 1 || at[sizeof(content) - 1] == 2);
}

static int is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Certificates in DER, one behind the other; white space may follow. */
static void read_der(struct reader *reader, const unsigned char *bytes, size_t size)
{
	struct ucm_der in = ucm_der_from(bytes, size);
	struct ucm_der_item item;

	if (is_pkcs12(bytes, size) || is_private_key(in)) {
		reader->bundle->has_private_key = 1;
		return;
	}
	while (!ucm_der_at_end(&in) && !reader->arena->failed) {
		if (is_space(*in.next) && in.next != bytes) {
			in.next++;
			continue;
		}
		if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &item) < 0) {
			reader->bundle->damaged = 1;
			return;
		}
		if (is_private_key(ucm_der_from(item.whole, item.whole_length)))
			reader->bundle->has_private_key = 1;
		else
			add_certificate(reader, item.whole, item.whole_length);
	}
}

/* ---- PEM ----------------------------------------------------------------------------------- */

/* A trusted certificate (of OpenSSL) has settings behind the certificate: they do not count. */
static void add_block(struct reader *reader, const struct ucm_pem_block *block)
{
	unsigned char *der = ucm_arena_alloc(reader->arena, block->body_length + 1);
	struct ucm_der_item item;
	struct ucm_der in;
	long size;

	if (!der)
		return;
	size = ucm_pem_decode(block, der);
	in = ucm_der_from(der, size < 0 ? 0 : (size_t)size);
	if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &item) < 0 ||
	    (!ucm_der_at_end(&in) && !ucm_pem_label_is(block, "TRUSTED CERTIFICATE")))
		reader->bundle->damaged = 1;
	else
		add_certificate(reader, item.whole, item.whole_length);
}

/* Returns whether there was any block. */
static int read_pem(struct reader *reader, const char *text, size_t size)
{
	static const char *const labels[] = {
	    "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"};
	const char *end = text + size;
	struct ucm_pem_block block;
	int any = 0;

	while (!reader->arena->failed && ucm_pem_next(&text, end, &block)) {
		any = 1;
		if (ucm_pem_label_has(&block, "PRIVATE KEY"))
			reader->bundle->has_private_key = 1;
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
			if (ucm_pem_label_is(&block, labels[i]))
				add_block(reader, &block);
	}
	return any;
}

int ucm_bundle_parse(
    struct ucm_arena *arena, const unsigned char *bytes, size_t size, struct ucm_bundle *ret)
{
	struct reader reader = {arena, ret};

	memset(ret, 0, sizeof(*ret));
	if (size && !read_pem(&reader, (const char *)bytes, size))
		read_der(&reader, bytes, size);
	return arena->failed ? -1 : 0;
}
