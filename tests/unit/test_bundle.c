/*
 * Tests of ucm_bundle_parse(): payloads as administrators upload them.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "policy/limits.h"
#include "unit/certs.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct ucm_bundle parse(struct ucm_arena *arena, const void *bytes, size_t size)
{
	struct ucm_bundle bundle;

	assert_int_equal(ucm_bundle_parse(arena, bytes, size, &bundle), 0);
	return bundle;
}

/* Replaces %1 and %2 by the certificates "ca" and "leaf", %t by "trusted", %c by "ca" with CR LF,
 * and %e by "ca" without its last line. */
static size_t fill(const char *form, char *out)
{
	size_t used = 0;

	for (; *form; form++) {
		char pem[CERT_FILE_MAX];

		if (*form != '%') {
			out[used++] = *form;
			continue;
		}
		form++;
		read_pem(*form == '2' ? "leaf" : *form == 't' ? "trusted" : "ca", pem);
		if (*form == 'e')
			*strstr(pem, "-----END") = '\0';
		for (const char *c = pem; *c; c++) {
			if (*c == '\n' && *form == 'c')
				out[used++] = '\r';
			out[used++] = *c;
		}
	}
	return used;
}

static void pem_is_read_as_it_is_met(void **state)
{
	static const struct {
		const char *what, *form;
		size_t count;
		int has_private_key, damaged;
	} rows[] = {
	    {"one", "%1", 1, 0, 0},
	    {"two", "%1%2", 2, 0, 0},
	    {"text round them", "subject=a\n%1\nissuer=b\n%2\nend", 2, 0, 0},
	    {"byte order mark", "\xEF\xBB\xBF%1", 1, 0, 0},
	    {"CR LF", "%c%c", 2, 0, 0},
	    {"trusted certificate", "%t", 1, 0, 0},
	    {"text that begins as DER does", "0.1 root\n%1", 1, 0, 0},
	    {"request beside it",
		"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
		"-----END CERTIFICATE REQUEST-----\n%1",
		1, 0, 0},
	    {"private key", "%1-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 1,
		1, 0},
	    {"RSA private key first",
		"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"
		"-----END RSA PRIVATE KEY-----\n%1",
		1, 1, 0},
	    {"encrypted key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA", 0, 1, 0},
	    {"OpenSSH key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", 0, 1, 0},
	    {"public key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", 0, 0, 0},
	    {"not ended", "-----BEGIN CERTIFICATE-----\nMIIB\n", 0, 0, 1},
	    {"whole but not ended", "%e", 0, 0, 1},
	    {"not ended, then a good one", "-----BEGIN CERTIFICATE-----\nMIIB\n%1", 1, 0, 1},
	    {"ended by another label", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END X-----\n%1", 1,
		0, 1},
	    {"no base64", "-----BEGIN CERTIFICATE-----\nM*IB\n-----END CERTIFICATE-----\n", 0, 0,
		1},
	    {"empty", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 0, 0, 1},
	    {"base64 of something else",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n%2", 1, 0, 1},
	    {"label over two lines", "-----BEGIN CERT\nIFICATE-----\n", 0, 0, 1},
	    {"dashes only", "-----------------------------------", 0, 0, 1},
	    {"text", "no certificate", 0, 0, 1},
	};
	struct ucm_arena arena;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[4 * CERT_FILE_MAX];
		struct ucm_bundle bundle;

		ucm_arena_init(&arena, NULL, 0);
		bundle = parse(&arena, text, fill(rows[i].form, text));
		if (bundle.count != rows[i].count || bundle.damaged != rows[i].damaged ||
		    bundle.has_private_key != rows[i].has_private_key)
			fail_msg("%s: %zu, key %d, damaged %d", rows[i].what, bundle.count,
			    bundle.has_private_key, bundle.damaged);
		ucm_arena_free(&arena);
	}
}

static void der_is_read(void **state)
{
	unsigned char bytes[2 * CERT_FILE_MAX];
	struct ucm_arena arena;
	const struct ucm_cert *ca, *leaf;
	struct ucm_bundle bundle;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	ca = read_cert(&arena, "ca");
	leaf = read_cert(&arena, "leaf");
	memcpy(bytes, ca->der, ca->der_size);
	memcpy(bytes + ca->der_size, leaf->der, leaf->der_size);
	bytes[ca->der_size + leaf->der_size] = '\n';

	bundle = parse(&arena, bytes, ca->der_size);
	assert_int_equal(bundle.count, 1);
	assert_false(bundle.damaged);
	assert_memory_equal(bundle.cert[0].sha256, ca->sha256, 32);
	assert_ptr_not_equal(bundle.cert[0].der, bytes);

	bundle = parse(&arena, bytes, ca->der_size + leaf->der_size + 1);
	assert_int_equal(bundle.count, 2);
	assert_false(bundle.damaged);
	assert_memory_equal(bundle.cert[1].sha256, leaf->sha256, 32);

	bundle = parse(&arena, bytes, ca->der_size + 40);
	assert_int_equal(bundle.count, 1);
	assert_true(bundle.damaged);

	bundle = parse(&arena, bytes, ca->der_size - 1);
	assert_int_equal(bundle.count, 0);
	assert_true(bundle.damaged);

	bundle = parse(&arena, bytes, 0);
	assert_int_equal(bundle.count, 0);
	assert_false(bundle.damaged || bundle.has_private_key);
	ucm_arena_free(&arena);
}

static void private_keys_in_der_are_told(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t size;
		int has_private_key;
	} rows[] = {
	    {"PKCS #8", "\x30\x0A\x02\x01\x00\x30\x02\x06\x00\x04\x01\x00", 12, 1},
	    {"PKCS #8, encrypted", "\x30\x07\x30\x02\x06\x00\x04\x01\x00", 9, 1},
	    {"PKCS #1", "\x30\x0C\x02\x01\x00\x02\x01\x21\x02\x01\x03\x02\x01\x07", 14, 1},
	    {"SEC 1", "\x30\x06\x02\x01\x01\x04\x01\x05", 8, 1},
	    {"PKCS #12", "\x30\x10\x02\x01\x03\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01",
		18, 1},
	    {"PKCS #12, indefinite",
		"\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80",
		20, 1},
	    {"PKCS #12, long lengths",
		"\x30\x82\x09\x00\x02\x01\x03\x30\x82\x08\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01"
		"\x07\x01",
		22, 1},
	    {"PKCS #12, cut", "\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2A\x86\x48\x86", 13, 0},
	    {"PKCS #7", "\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 13, 0},
	    {"RSA public key", "\x30\x06\x02\x01\x21\x02\x01\x03", 8, 0},
	    {"header alone", "\x30", 1, 0},
	    {"length cut", "\x30\x84\xFF", 3, 0},
	};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_bundle bundle = parse(&arena, rows[i].bytes, rows[i].size);

		if (bundle.has_private_key != rows[i].has_private_key || bundle.count)
			fail_msg("%s", rows[i].what);
	}
	ucm_arena_free(&arena);
}

static void a_bundle_is_bounded(void **state)
{
	static char text[UCM_CERTS_PER_PAYLOAD_MAX * 1024 * 2];
	char pem[CERT_FILE_MAX];
	size_t size = read_pem("cn_only", pem), used = 0;
	struct ucm_arena arena;
	struct ucm_bundle bundle;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (int i = 0; i < UCM_CERTS_PER_PAYLOAD_MAX; i++, used += size)
		memcpy(text + used, pem, size);
	bundle = parse(&arena, text, used);
	assert_int_equal(bundle.count, UCM_CERTS_PER_PAYLOAD_MAX);
	assert_false(bundle.damaged);
	memcpy(text + used, pem, size);
	bundle = parse(&arena, text, used + size);
	assert_int_equal(bundle.count, UCM_CERTS_PER_PAYLOAD_MAX);
	assert_true(bundle.damaged);
	ucm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest bundle[] = {
	    cmocka_unit_test(pem_is_read_as_it_is_met),
	    cmocka_unit_test(der_is_read),
	    cmocka_unit_test(private_keys_in_der_are_told),
	    cmocka_unit_test(a_bundle_is_bounded),
	};

	return cmocka_run_group_tests(bundle, NULL, NULL);
}
