/*
 * Tests of the facts in policy/cert.h. The expected ones are those that OpenSSL prints.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/certfacts.h"
#include "policy/limits.h"
#include "policy/text.h"
#include "unit/certs.h"
#include "unit/failing.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum {
	CA = 1,
	BASIC = 2,
	USAGE = 4,
	SIGN = 8,
	EXTENDED = 16,
	SERVER = 32,
	SAN = 64,
	WEAK_SIGNATURE = 128
};

static const struct expected {
	const char *file, *subject, *serial, *sha256;
	int64_t not_before, not_after;
	enum ucm_key_type key_type;
	unsigned key_bits;
	const char *signature;
	unsigned flags;
} expected[] = {
    {"any_eku", "CN=any.example.com", "256f18950938dfd43a42084e6dfc3454fd807239",
	"6e520128aeb72f8f75bd30f5ebc83816e981406f9e6d85660841e308896adaaf", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", EXTENDED | SERVER},
    {"bmp", "CN=bmp.example.com,O=\xC5\xBB\xC3\xB3\xC5\x82\xC4\x87 \xE2\x82\xAC",
	"55ed5a6da5ca5f3eff17844ddeebb5d86dcd1bba",
	"e3e5cb0bee5474896c7e6adc1d92f1be57d1a40bdbca9ad98a38ffbba81d106b", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC},
    {"ca", "CN=Example Root,O=Example,C=DE", "6fecf875e4784f7d7ac7787a0682f7c329e30d5d",
	"e3e5f70728883eb1d3d6115e0d7c0c97fc1c81dd4466f0b987a280365806ed72", 1795545916, 2110905916,
	UCM_KEY_RSA, 2048, "sha256WithRSAEncryption", CA | BASIC | USAGE | SIGN},
    {"ca_no_sign", "CN=No Sign", "3ad1818858a8210bb0eaa60f36b6c16902024372",
	"df92e812259d5ca1e8b4e2a691f90f341dab621444e3a89048d1a32799063aac", 1795545916, 2110905916,
	UCM_KEY_EC, 384, "ecdsa-with-SHA384", CA | BASIC | USAGE},
    {"client_only", "CN=client.example.com", "2eaf1859fa86000392b5dbea8a8f4b20252529c8",
	"ad281d5dabf4c2bbfb16c0b7b6ff3984132e3018b65dd600f3a231a4639e4874", 1795545916, 2110905916,
	UCM_KEY_EC, 521, "ecdsa-with-SHA512", EXTENDED | SAN},
    {"cn_only", "CN=cn.example.com,CN=other.example.com",
	"31c5b8249640b51f847b4727ad93407394f9e6fb",
	"6d9c440bf711c4d397417dc8fbe5fd61d60f495578ba55354f70bb6557c44f24", 1795545916, 2110905916,
	UCM_KEY_ED25519, 256, "ED25519", BASIC},
    {"dsa", "CN=dsa", "742aa99f399bc600fb37ed2a60b6b9fec36f2666",
	"6bb21b3780978b86fc7f27523384f426c1da81ae68cab36f0d988478ad0bf872", 1795545916, 2110905916,
	UCM_KEY_DSA, 1024, "dsa_with_SHA256", BASIC},
    {"email_san", "CN=mail.example.com", "5c88c78ed980195cd7034a5f656a1d206136fad8",
	"9d60441c18fe39e7a29a2171c46414efc1864abb9f9a477d5c13c1ac7d0638f9", 1795545916, 2110905916,
	UCM_KEY_ED448, 456, "ED448", SAN},
    {"explicit", "CN=explicit", "67aef24ceec39e2d8e1deac6a25f1d36ecff628f",
	"c92d45e4c012d996f64540601fc146d174b245b45fd6d5b7439d16bcd5ab9795", 1795545916, 2110905916,
	UCM_KEY_OTHER, 0, "ecdsa-with-SHA256", BASIC},
    {"leaf", "CN=mail.example.com,OU=Mail,O=Example", "27817593592c78a93b2d18b8c49d98d0ff8b9542",
	"d940f9b1fd8b5c7b08f0fdb72e57191287dd3c5fb62d04d0edeb87048536e089", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC | USAGE | EXTENDED | SERVER | SAN},
    {"md5", "CN=weak", "2240f72d9da2adcc6b3593c572ae3aac4625e1c7",
	"82b27882c06bc38f2977c3696efc94ce0bad8e3a36ac56258770e594aa38339c", 1795545916, 2110905916,
	UCM_KEY_RSA, 3072, "md5WithRSAEncryption", BASIC | WEAK_SIGNATURE},
    {"multi",
	"UID=u1,serialNumber=42,OU=Jobs+CN=J\xC3\xB6rg+emailAddress=j@example.com,DC=example,DC="
	"com",
	"22521f28a7c4c4a60aa0494153cabff6ac3cd85d",
	"8986ba633b3fb7b79188d2e3653fcdbb4e671c391db09644baf22e9de6f2ea4f", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC},
    {"p224", "CN=weak", "1175e310812ec6e079828b8e4d9227537426e3a0",
	"41689fab248740a87c781ce2b3763c097ca7034390e35b39cbf172f4f9f2631e", 1795545916, 2110905916,
	UCM_KEY_EC, 224, "ecdsa-with-SHA256", BASIC},
    {"pss", "CN=pss", "73142f887f3d80b34f3fddd8b2a4fd5b7131d01f",
	"9b6726687ccee68f3da1a1c583c65203de4fd291ae2e44e8750447c66149a293", 1795545916, 2110905916,
	UCM_KEY_RSA, 2048, "rsassaPss with SHA256", BASIC},
    {"pss_sha1", "CN=pss", "1fd990e1b40b62a46b6aac699ec616481eeaba87",
	"789848665a8d61b6fab5c636da044cd60af01726a2900854786960eb9583408c", 1795545916, 2110905916,
	UCM_KEY_RSA, 2048, "rsassaPss with SHA1", BASIC | WEAK_SIGNATURE},
    {"t61", "CN=t61.example.com,O=M\xC3\xBCller", "1aafffd61ee688b661ee7d7b2d484aac627bab65",
	"2cef3ed2e42d8c6b2add29cd997d48ea3df5d232a6faf9c52265bd7d3666d7d8", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC},
    {"trusted", "CN=Example Root,O=Example,C=DE", "6fecf875e4784f7d7ac7787a0682f7c329e30d5d",
	"e3e5f70728883eb1d3d6115e0d7c0c97fc1c81dd4466f0b987a280365806ed72", 1795545916, 2110905916,
	UCM_KEY_RSA, 2048, "sha256WithRSAEncryption", CA | BASIC | USAGE | SIGN},
    {"universal", "CN=u.example.com,O=\xE6\x97\xA5\xE6\x9C\xAC",
	"333541b49e6ea50266a93a2abcd0f96ac8277e04",
	"ce28516a3db02e92b95716a7f6f6eb52a96397563b91ab804f0bc879265dac88", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC},
    {"utf8",
	"CN=\\ #1 \\<ok\\>\\; \\\"q\\\" \\+ \xE2\x82\xAC\\ ,O=M\xC3\xBCller & S\xC3\xB6hne\\, "
	"K\xC3\xB6ln",
	"21ed6df35e06a93eefaaa92c28edb0c7cd95ac40",
	"22b365d183f91be57d3da40a530674a8dc9c5a4d153d12d5b8a5fbd40c23072a", 1795545916, 2110905916,
	UCM_KEY_EC, 256, "ecdsa-with-SHA256", BASIC},
    {"weak_rsa", "CN=weak", "5fcd9a58de779a533cd224d3efbf98f96cc4ad72",
	"8c5f660b11e2f7b3d5fe521b0d7e79713e7bcab3f1975dce81e94b4bcab420ae", 1795545916, 2110905916,
	UCM_KEY_RSA, 1024, "sha1WithRSAEncryption", BASIC | WEAK_SIGNATURE},
};

static unsigned flags_of(const struct ucm_cert *cert)
{
	return (cert->is_ca ? CA : 0u) | (cert->has_basic_constraints ? BASIC : 0u) |
	       (cert->has_key_usage ? USAGE : 0u) | (cert->key_usage_cert_sign ? SIGN : 0u) |
	       (cert->has_eku ? EXTENDED : 0u) | (cert->eku_server_auth ? SERVER : 0u) |
	       (cert->has_san ? SAN : 0u) | (cert->weak_signature ? WEAK_SIGNATURE : 0u);
}

static void facts_are_those_that_openssl_prints(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct expected *row = &expected[i];
		const struct ucm_cert *cert = read_cert(&arena, row->file);
		char digest[65];

		ucm_hex(cert->sha256, sizeof(cert->sha256), digest);
		assert_string_equal(digest, row->sha256);
		assert_string_equal(cert->subject, row->subject);
		assert_string_equal(cert->issuer, row->subject);
		assert_string_equal(cert->serial, row->serial);
		assert_string_equal(cert->signature_name, row->signature);
		assert_true(cert->self_issued);
		if (cert->not_before != row->not_before || cert->not_after != row->not_after ||
		    cert->key_type != row->key_type || cert->key_bits != row->key_bits ||
		    flags_of(cert) != row->flags)
			fail_msg("%s: key %d of %u bits, flags %#x", row->file, (int)cert->key_type,
			    cert->key_bits, flags_of(cert));
	}
	ucm_arena_free(&arena);
}

static void anchors_and_servers_are_told(void **state)
{
	static const struct {
		const char *file;
		int anchor, server, weak_key;
	} rows[] = {
	    {"ca", 1, 1, 0},
	    {"ca_no_sign", 0, 1, 0},
	    {"leaf", 0, 1, 0},
	    {"client_only", 0, 0, 0},
	    {"any_eku", 0, 1, 0},
	    {"cn_only", 0, 1, 0},
	    {"weak_rsa", 0, 1, 1},
	    {"p224", 0, 1, 1},
	    {"dsa", 0, 1, 1},
	    {"explicit", 0, 1, 0},
	    {"md5", 0, 1, 0},
	};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ucm_cert *cert = read_cert(&arena, rows[i].file);

		if (ucm_cert_is_anchor(cert) != rows[i].anchor ||
		    ucm_cert_is_server(cert) != rows[i].server ||
		    ucm_cert_is_weak_key(cert) != rows[i].weak_key)
			fail_msg("%s", rows[i].file);
	}
	ucm_arena_free(&arena);
}

static void a_root_may_sign_itself_with_sha1(void **state)
{
	struct ucm_cert cert = {.weak_signature = 1, .self_issued = 1, .is_ca = 1};

	(void)state;
	assert_false(ucm_cert_is_weak_signature(&cert));
	cert.is_ca = 0;
	assert_true(ucm_cert_is_weak_signature(&cert));
	cert.is_ca = 1;
	cert.self_issued = 0;
	assert_true(ucm_cert_is_weak_signature(&cert));
	cert.weak_signature = 0;
	assert_false(ucm_cert_is_weak_signature(&cert));
}

static void the_last_common_name_counts(void **state)
{
	static const struct {
		const char *file, *name;
	} rows[] = {
	    {"cn_only", "cn.example.com"},
	    {"bmp", "bmp.example.com"},
	    {"universal", "u.example.com"},
	    {"multi", "J\xC3\xB6rg"},
	};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(read_cert(&arena, rows[i].file)->common_name, rows[i].name);
	ucm_arena_free(&arena);
}

/* Changes the first occurrence of a text in a copy of a certificate. */
static unsigned char *changed(struct ucm_arena *arena, const struct ucm_cert *cert,
    const char *from, const char *to, size_t length)
{
	unsigned char *copy =
	    (unsigned char *)ucm_arena_copy(arena, (const char *)cert->der, cert->der_size);

	for (size_t i = 0; i + length <= cert->der_size; i++)
		if (!memcmp(copy + i, from, length)) {
			memcpy(copy + i, to, length);
			return copy;
		}
	fail_msg("%s is not there", from);
	return NULL;
}

static void names_cannot_deceive(void **state)
{
	static const struct {
		const char *what, *from, *to;
		size_t length;
		const char *subject, *common_name;
	} rows[] = {
	    {"NUL in the CN", "cn.example.com", "cn.ex\0mple.com", 14,
		"CN=cn.ex\\00mple.com,CN=other.example.com", NULL},
	    {"line end in the CN", "cn.example.com", "cn.ex\nmple.com", 14,
		"CN=cn.ex\\0Ample.com,CN=other.example.com", "cn.ex\nmple.com"},
	    {"C1 control", "cn.example.com", "cn.ex\xC2\x85ple.com", 14,
		"CN=cn.ex\\C2\\85ple.com,CN=other.example.com", "cn.ex\xC2\x85ple.com"},
	    {"separator", "cn.example.com", "cn,O=Somebody.", 14,
		"CN=cn\\,O=Somebody.,CN=other.example.com", "cn,O=Somebody."},
	    {"no UTF-8", "cn.example.com", "cn.ex\xFFmple.com", 14,
		"CN=cn.ex\xEF\xBF\xBDmple.com,CN=other.example.com", "cn.ex\xEF\xBF\xBDmple.com"},
	    {"unknown type",
		"\x55\x04\x03\x0C\x0E"
		"cn",
		"\x55\x04\x7F\x0C\x0E"
		"cn",
		7, "2.5.4.127=#0C0E636E2E6578616D706C652E636F6D,CN=other.example.com",
		"other.example.com"},
	    {"no string",
		"\x55\x04\x03\x0C\x0E"
		"cn",
		"\x55\x04\x03\x04\x0E"
		"cn",
		7, "CN=#040E636E2E6578616D706C652E636F6D,CN=other.example.com", NULL},
	};
	struct ucm_arena arena;
	const struct ucm_cert *base;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	base = read_cert(&arena, "cn_only");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const unsigned char *der =
		    changed(&arena, base, rows[i].from, rows[i].to, rows[i].length);
		struct ucm_cert cert;

		/* The first occurrence is the issuer's: turn it round so that the subject has it.
		 */
		if (ucm_cert_parse(&arena, der, base->der_size, &cert) < 0)
			fail_msg("%s: not read", rows[i].what);
		assert_string_equal(cert.issuer, rows[i].subject);
		assert_false(cert.self_issued);
		der = changed(&arena, &cert, rows[i].from, rows[i].to, rows[i].length);
		assert_int_equal(ucm_cert_parse(&arena, der, base->der_size, &cert), 0);
		assert_string_equal(cert.subject, rows[i].subject);
		if (rows[i].common_name)
			assert_string_equal(cert.common_name, rows[i].common_name);
		else
			assert_null(cert.common_name);
	}
	ucm_arena_free(&arena);
}

static void malformed_certificates_are_none(void **state)
{
	static const struct {
		const char *what, *from, *to;
		size_t length;
	} rows[] = {
	    {"CA:TRUE as BER", "\x30\x03\x01\x01\xFF", "\x30\x03\x01\x01\x01", 5},
	    {"version 4", "\xA0\x03\x02\x01\x02", "\xA0\x03\x02\x01\x03", 5},
	    {"version 1 with extensions", "\xA0\x03\x02\x01\x02", "\xA0\x03\x02\x01\x00", 5},
	    {"an extension twice", "\x06\x03\x55\x1D\x0F", "\x06\x03\x55\x1D\x13", 5},
	    {"two signature algorithms", "\x01\x01\x0B\x05\x00\x30", "\x01\x01\x05\x05\x00\x30", 6},
	    {"month 13 or the like", "\x17\x0D\x32\x36", "\x17\x0D\x32\x3A", 4},
	    {"indefinite length", "\x30\x0F\x06\x03\x55\x1D\x13", "\x30\x80\x06\x03\x55\x1D\x13",
		7},
	};
	struct ucm_arena arena;
	const struct ucm_cert *base;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	base = read_cert(&arena, "ca");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const unsigned char *der =
		    changed(&arena, base, rows[i].from, rows[i].to, rows[i].length);
		struct ucm_cert cert;

		if (!ucm_cert_parse(&arena, der, base->der_size, &cert))
			fail_msg("%s: accepted", rows[i].what);
		assert_false(arena.failed);
	}
	ucm_arena_free(&arena);
}

static void an_extension_counts_once(void **state)
{
	struct ucm_arena arena;
	const struct ucm_cert *base;
	struct ucm_cert cert;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	base = read_cert(&arena, "leaf");
	/* The extended key usage becomes a second subjectAltName, or something that is not read. */
	assert_int_equal(
	    ucm_cert_parse(&arena, changed(&arena, base, "\x55\x1D\x25", "\x55\x1D\x11", 3),
		base->der_size, &cert),
	    -1);
	assert_int_equal(
	    ucm_cert_parse(&arena, changed(&arena, base, "\x55\x1D\x25", "\x55\x1D\x01", 3),
		base->der_size, &cert),
	    0);
	assert_false(cert.has_eku);
	ucm_arena_free(&arena);
}

static void signing_lists_makes_no_anchor(void **state)
{
	struct ucm_arena arena;
	const struct ucm_cert *base;
	struct ucm_cert cert;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	base = read_cert(&arena, "ca");
	assert_int_equal(
	    ucm_cert_parse(&arena, changed(&arena, base, "\x03\x02\x01\x06", "\x03\x02\x01\x02", 4),
		base->der_size, &cert),
	    0);
	assert_true(cert.is_ca && cert.has_key_usage);
	assert_false(ucm_cert_is_anchor(&cert));
	ucm_arena_free(&arena);
}

static void every_truncation_is_refused(void **state)
{
	struct ucm_arena arena, scratch;
	const struct ucm_cert *base;
	struct ucm_cert cert;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	ucm_arena_init(&scratch, NULL, 0);
	base = read_cert(&arena, "leaf");
	for (size_t size = 0; size < base->der_size; size++) {
		/* A block of its own, so that a tool sees each byte read behind it. */
		unsigned char *der = ucm_resize(NULL, NULL, size + 1);

		memcpy(der, base->der, size);
		assert_int_equal(ucm_cert_parse(&scratch, der, size, &cert), -1);
		ucm_resize(NULL, der, 0);
	}
	ucm_arena_free(&scratch);
	ucm_arena_free(&arena);
}

static void any_byte_may_be_wrong(void **state)
{
	static const unsigned char masks[] = {0x01, 0x80, 0xFF, 0x1F};
	struct ucm_arena arena, scratch;
	const struct ucm_cert *base;
	size_t accepted = 0;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	ucm_arena_init(&scratch, NULL, 0);
	base = read_cert(&arena, "leaf");
	for (size_t i = 0; i < base->der_size; i++)
		for (size_t k = 0; k < COUNT(masks); k++) {
			unsigned char *der = (unsigned char *)ucm_arena_copy(
			    &scratch, (const char *)base->der, base->der_size);
			struct ucm_cert cert;

			der[i] = (unsigned char)(der[i] ^ masks[k]);
			if (!ucm_cert_parse(&scratch, der, base->der_size, &cert)) {
				accepted++;
				assert_memory_not_equal(cert.sha256, base->sha256, 32);
				ucm_cert_covers(&cert, "mail.example.com", 1);
			}
			ucm_arena_free(&scratch);
		}
	/* Most of a certificate is key and signature, which are not judged here. */
	assert_in_range(accepted, 1, base->der_size * COUNT(masks) - 1);
	ucm_arena_free(&arena);
}

static void no_memory_is_told(void **state)
{
	char pem[CERT_FILE_MAX];
	size_t size = read_pem("leaf", pem);
	int done = 0;

	(void)state;
	for (int n = 0; !done; n++) {
		int left = n;
		const struct ucm_allocator allocator = {failing_resize, &left};
		struct ucm_arena arena;
		struct ucm_bundle bundle;

		ucm_arena_init(&arena, &allocator, 0);
		done = !ucm_bundle_parse(&arena, (const unsigned char *)pem, size, &bundle);
		assert_int_equal(done, !arena.failed);
		assert_int_equal(done ? bundle.count : 1, 1);
		ucm_arena_free(&arena);
		assert_true(n < 1000);
	}
}

/* Every named curve of SEC 2 and X9.62 below 256 bits is known, so that none passes for unknown. */
static void weak_curves_are_weak(void **state)
{
	static const struct {
		unsigned char first, last; /* the last arc of the curve's identifier */
		unsigned char prefix_length;
		const char *prefix;
	} rows[] = {
	    {1, 9, 4, "\x2B\x81\x04\x00"},
	    {15, 15, 4, "\x2B\x81\x04\x00"},
	    {22, 33, 4, "\x2B\x81\x04\x00"},
	    {1, 6, 7, "\x2A\x86\x48\xCE\x3D\x03\x01"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (unsigned arc = rows[i].first; arc <= rows[i].last; arc++) {
			const unsigned char oid = (unsigned char)(rows[i].prefix_length + 1);
			unsigned char info[64] = {0x30, (unsigned char)(9 + 2 + oid), 0x06, 7, 0x2A,
			    0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, oid};
			size_t length = 13;
			struct ucm_der_item item = {.tag = 0x30, .bytes = info};
			struct ucm_cert cert = {0};

			memcpy(info + length, rows[i].prefix, rows[i].prefix_length);
			length += rows[i].prefix_length;
			info[length++] = (unsigned char)arc;
			memcpy(info + length, "\x03\x02\x00\x04", 4);
			item.length = length + 4;
			assert_int_equal(ucm_cert_read_key(&item, &cert), 0);
			assert_int_equal(cert.key_type, UCM_KEY_EC);
			assert_true(ucm_cert_is_weak_key(&cert));
		}
	}
}

int main(void)
{
	const struct CMUnitTest cert[] = {
	    cmocka_unit_test(weak_curves_are_weak),
	    cmocka_unit_test(facts_are_those_that_openssl_prints),
	    cmocka_unit_test(anchors_and_servers_are_told),
	    cmocka_unit_test(a_root_may_sign_itself_with_sha1),
	    cmocka_unit_test(the_last_common_name_counts),
	    cmocka_unit_test(names_cannot_deceive),
	    cmocka_unit_test(malformed_certificates_are_none),
	    cmocka_unit_test(an_extension_counts_once),
	    cmocka_unit_test(signing_lists_makes_no_anchor),
	    cmocka_unit_test(every_truncation_is_refused),
	    cmocka_unit_test(any_byte_may_be_wrong),
	    cmocka_unit_test(no_memory_is_told),
	};

	return cmocka_run_group_tests(cert, NULL, NULL);
}
