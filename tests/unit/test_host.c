/*
 * Tests of the host names in policy/address.h and policy/host.h.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/host.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define LABEL63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LABEL61 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void hosts_are_told_apart(void **state)
{
	static const struct {
		const char *what, *text;
		enum ucm_host_kind kind;
	} rows[] = {
	    {"name", "mail.example.com", UCM_HOST_NAME},
	    {"one label", "mailhost", UCM_HOST_NAME},
	    {"digit first", "3com.example", UCM_HOST_NAME},
	    {"trailing dot", "mail.example.com.", UCM_HOST_NAME},
	    {"underscore", "mail_1.example.com", UCM_HOST_NAME},
	    {"A-label", "xn--mller-kva.example", UCM_HOST_NAME},
	    {"longest label", LABEL63 ".example", UCM_HOST_NAME},
	    {"longest name", LABEL63 "." LABEL63 "." LABEL63 "." LABEL61, UCM_HOST_NAME},
	    {"longest name with a dot", LABEL63 "." LABEL63 "." LABEL63 "." LABEL61 ".",
		UCM_HOST_NAME},
	    {"IPv4", "192.0.2.1", UCM_HOST_IPV4},
	    {"IPv4 in brackets", "[192.0.2.1]", UCM_HOST_IPV4},
	    {"IPv6", "2001:db8::1", UCM_HOST_IPV6},
	    {"IPv6 in brackets", "[2001:db8::1]", UCM_HOST_IPV6},
	    {"IPv6 that holds IPv4", "::ffff:192.0.2.1", UCM_HOST_IPV6},
	    {"empty", "", UCM_HOST_INVALID},
	    {"dot", ".", UCM_HOST_INVALID},
	    {"two dots last", "mail.example..", UCM_HOST_INVALID},
	    {"dot first", ".example.com", UCM_HOST_INVALID},
	    {"scheme", "smtp://mail.example.com", UCM_HOST_INVALID},
	    {"port", "mail.example.com:25", UCM_HOST_INVALID},
	    {"port of an address", "192.0.2.1:25", UCM_HOST_INVALID},
	    {"port of IPv6", "[2001:db8::1]:25", UCM_HOST_INVALID},
	    {"blank inside", "mail example", UCM_HOST_INVALID},
	    {"blank behind", "mail.example ", UCM_HOST_INVALID},
	    {"two names", "mail1.example,mail2.example", UCM_HOST_INVALID},
	    {"line end", "mail.example\n", UCM_HOST_INVALID},
	    {"path", "mail.example/", UCM_HOST_INVALID},
	    {"user", "a@mail.example", UCM_HOST_INVALID},
	    {"variable", "&HOST#", UCM_HOST_INVALID},
	    {"hyphen first", "-mail.example", UCM_HOST_INVALID},
	    {"hyphen last", "mail-.example", UCM_HOST_INVALID},
	    {"label too long", LABEL63 "x.example", UCM_HOST_INVALID},
	    {"name too long", LABEL63 "." LABEL63 "." LABEL63 "." LABEL61 "x", UCM_HOST_INVALID},
	    {"number out of range", "192.0.2.256", UCM_HOST_INVALID},
	    {"short address", "127.1", UCM_HOST_INVALID},
	    {"address as one number", "2130706433", UCM_HOST_INVALID},
	    {"octal", "0177.0.0.1", UCM_HOST_INVALID},
	    {"five numbers", "1.2.3.4.5", UCM_HOST_INVALID},
	    {"empty brackets", "[]", UCM_HOST_INVALID},
	    {"name in brackets", "[mail.example]", UCM_HOST_INVALID},
	    {"bracket not closed", "[2001:db8::1", UCM_HOST_INVALID},
	    {"zone", "fe80::1%eth0", UCM_HOST_INVALID},
	    {"umlaut", "m\xC3\xBCller.example", UCM_HOST_INVALID},
	    {"wildcard", "*.example.com", UCM_HOST_INVALID},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (ucm_host_parse(rows[i].text, NULL) != rows[i].kind)
			fail_msg("%s", rows[i].what);
}

static void octets_are_returned(void **state)
{
	static const unsigned char v4[16] = {192, 0, 2, 1};
	static const unsigned char v6[16] = {0x20, 0x01, 0x0D, 0xB8, [15] = 1};
	unsigned char octets[16];

	(void)state;
	assert_int_equal(ucm_host_parse("192.0.2.1", octets), UCM_HOST_IPV4);
	assert_memory_equal(octets, v4, 16);
	assert_int_equal(ucm_host_parse("[2001:db8::1]", octets), UCM_HOST_IPV6);
	assert_memory_equal(octets, v6, 16);
}

static void names_are_judged_by_their_length(void **state)
{
	(void)state;
	assert_true(ucm_name_is_valid("mail.example!", 12, UCM_NAME_STRICT));
	assert_false(ucm_name_is_valid("mail\0example", 12, UCM_NAME_STRICT));
	assert_false(ucm_name_is_valid("a_b.example", 11, UCM_NAME_STRICT));
	assert_true(ucm_name_is_valid("a_b.example", 11, UCM_NAME_UNDERSCORE));
	assert_true(ucm_name_is_valid("\xC3\xBC.example", 10, UCM_NAME_UTF8));
	assert_false(ucm_name_is_valid("\xC3.example", 9, UCM_NAME_UTF8));
	assert_false(ucm_name_is_valid("", 0, UCM_NAME_UTF8));
}

int main(void)
{
	const struct CMUnitTest host[] = {
	    cmocka_unit_test(hosts_are_told_apart),
	    cmocka_unit_test(octets_are_returned),
	    cmocka_unit_test(names_are_judged_by_their_length),
	};

	return cmocka_run_group_tests(host, NULL, NULL);
}
