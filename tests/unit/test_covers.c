/*
 * Tests of ucm_cert_covers(): RFC 6125 and RFC 7817.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/cert.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int dns_covers(const char *name, size_t length, const char *host)
{
	struct ucm_cert_name names[] = {{UCM_NAME_DNS, (const unsigned char *)name, length}};
	const struct ucm_cert cert = {.names = names, .name_count = 1, .has_san = 1};

	return ucm_cert_covers(&cert, host, 1);
}

static void names_are_matched(void **state)
{
	static const struct {
		const char *what, *name, *host;
		int covers;
	} rows[] = {
	    {"the same", "mail.example.com", "mail.example.com", 1},
	    {"case is ignored", "Mail.EXAMPLE.com", "mail.example.COM", 1},
	    {"trailing dot of the host", "mail.example.com", "mail.example.com.", 1},
	    {"one label", "mailhost", "mailhost", 1},
	    {"underscore", "mail_1.example.com", "mail_1.example.com", 1},
	    {"A-label", "xn--mller-kva.example", "XN--MLLER-KVA.example", 1},
	    {"wildcard", "*.example.com", "mail.example.com", 1},
	    {"wildcard, case", "*.Example.Com", "MAIL.example.com", 1},
	    {"wildcard and A-label", "*.example.com", "xn--mller-kva.example.com", 1},
	    {"wildcard of three labels", "*.a.example.com", "b.a.example.com", 1},
	    {"another host", "mail.example.com", "mail.example.org", 0},
	    {"a part of it", "example.com", "mail.example.com", 0},
	    {"more than it", "mail.example.com", "example.com", 0},
	    {"the same end", "ail.example.com", "mail.example.com", 0},
	    {"wildcard is one label", "*.example.com", "a.b.example.com", 0},
	    {"wildcard is no label", "*.example.com", "example.com", 0},
	    {"wildcard is not empty", "*.example.com", ".example.com", 0},
	    {"wildcard of a whole domain", "*.com", "example.com", 0},
	    {"wildcard of a domain with a dot", "*.com.", "example.com.", 0},
	    {"wildcard alone", "*", "mailhost", 0},
	    {"wildcard and dot", "*.", "mailhost", 0},
	    {"two wildcards", "*.*.com", "mail.example.com", 0},
	    {"wildcard within", "mail.*.com", "mail.example.com", 0},
	    {"part of a label, front", "f*.example.com", "foo.example.com", 0},
	    {"part of a label, back", "*f.example.com", "of.example.com", 0},
	    {"two stars", "**.example.com", "mail.example.com", 0},
	    {"part of an A-label", "xn--*.example.com", "xn--mller-kva.example.com", 0},
	    {"empty name", "", "mail.example.com", 0},
	    {"empty labels", "mail..com", "mail..com", 0},
	    {"trailing dot of the name", "mail.example.com.", "mail.example.com", 0},
	    {"blank behind", "mail.example.com ", "mail.example.com", 0},
	    {"U-label", "m\xC3\xBCller.example", "xn--mller-kva.example", 0},
	    {"address as a name", "192.0.2.1", "192.0.2.1", 0},
	    {"wildcard for an address", "*.0.2.1", "192.0.2.1", 0},
	    {"IPv6 as a name", "2001:db8::1", "2001:db8::1", 0},
	    {"no host at all", "*.example.com", "", 0},
	    {"host with a wildcard", "*.example.com", "*.example.com", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (dns_covers(rows[i].name, strlen(rows[i].name), rows[i].host) != rows[i].covers)
			fail_msg("%s", rows[i].what);
}

static void an_embedded_nul_matches_nothing(void **state)
{
	static const char name[] = "mail.example.com\0.attacker.example";

	(void)state;
	assert_true(dns_covers(name, 16, "mail.example.com"));
	assert_false(dns_covers(name, sizeof(name) - 1, "mail.example.com"));
	assert_false(dns_covers(name, 17, "mail.example.com"));
	assert_false(dns_covers("*\0.example.com", 14, "mail.example.com"));
	assert_false(dns_covers("*.ex\0ample.com", 14, "mail.ex"));
}

static void addresses_match_addresses_only(void **state)
{
	static const unsigned char v4[] = {192, 0, 2, 1};
	static const unsigned char v6[16] = {0x20, 0x01, 0x0D, 0xB8, [15] = 1};
	struct ucm_cert_name names[] = {{UCM_NAME_IP, v4, 4}, {UCM_NAME_IP, v6, 16}};
	const struct ucm_cert cert = {
	    .names = names, .name_count = 2, .has_san = 1, .common_name = "192.0.2.2"};

	(void)state;
	assert_true(ucm_cert_covers(&cert, "192.0.2.1", 0));
	assert_true(ucm_cert_covers(&cert, "[192.0.2.1]", 0));
	assert_true(ucm_cert_covers(&cert, "2001:db8::1", 0));
	assert_true(ucm_cert_covers(&cert, "[2001:DB8:0::0:1]", 0));
	assert_false(ucm_cert_covers(&cert, "192.0.2.2", 1));
	assert_false(ucm_cert_covers(&cert, "2001:db8::2", 1));
	assert_false(ucm_cert_covers(&cert, "::ffff:192.0.2.1", 1));
	assert_false(ucm_cert_covers(&cert, "mail.example.com", 1));
}

static void the_common_name_counts_without_a_san_only(void **state)
{
	struct ucm_cert cert = {.common_name = "mail.example.com"};

	(void)state;
	assert_true(ucm_cert_covers(&cert, "mail.example.com", 1));
	assert_false(ucm_cert_covers(&cert, "mail.example.com", 0));
	cert.has_san = 1; /* of an e-mail address, say */
	assert_false(ucm_cert_covers(&cert, "mail.example.com", 1));
	cert.has_san = 0;
	cert.common_name = NULL;
	assert_false(ucm_cert_covers(&cert, "mail.example.com", 1));
	cert.common_name = "192.0.2.1";
	assert_false(ucm_cert_covers(&cert, "192.0.2.1", 1));
	cert.common_name = "*.example.com";
	assert_true(ucm_cert_covers(&cert, "mail.example.com", 1));
}

int main(void)
{
	const struct CMUnitTest covers[] = {
	    cmocka_unit_test(names_are_matched),
	    cmocka_unit_test(an_embedded_nul_matches_nothing),
	    cmocka_unit_test(addresses_match_addresses_only),
	    cmocka_unit_test(the_common_name_counts_without_a_san_only),
	};

	return cmocka_run_group_tests(covers, NULL, NULL);
}
