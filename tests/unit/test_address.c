/*
 * Tests of the mail addresses in policy/address.h.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "policy/address.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define LABEL63 X60 "xxx"

static void addresses_are_accepted(void **state)
{
	static const struct {
		const char *what, *text, *mailbox, *name;
	} rows[] = {
	    {"plain", "a@example.com", "a@example.com", ""},
	    {"one label", "root@localhost", "root@localhost", ""},
	    {"in brackets", "<a@example.com>", "a@example.com", ""},
	    {"blanks around", "  a@example.com\t", "a@example.com", ""},
	    {"named", "Job Control <a@b.example>", "a@b.example", "Job Control"},
	    {"named without a blank", "Jobs<a@b.example>", "a@b.example", "Jobs"},
	    {"blanks in brackets", "Jobs < a@b.example >", "a@b.example", "Jobs"},
	    {"quoted name", "\"Control, Job\" <a@b.example>", "a@b.example", "Control, Job"},
	    {"escaped quote", "\"a\\\"b\" <a@b.example>", "a@b.example", "a\"b"},
	    {"escaped backslash", "\"a\\\\\" <a@b.example>", "a@b.example", "a\\"},
	    {"dots in a name", "J. R. Doe <a@b.example>", "a@b.example", "J. R. Doe"},
	    {"blanks folded", "A \t  B <a@b.example>", "a@b.example", "A B"},
	    {"empty quoted name", "\"\" <a@b.example>", "a@b.example", ""},
	    {"comment behind", "a@b.example (of (nested) jobs)", "a@b.example", ""},
	    {"comment before", "(x) a@b.example", "a@b.example", ""},
	    {"comment with an escape", "(\\)) a@b.example", "a@b.example", ""},
	    {"comment in a name", "A (x) B <a@b.example>", "a@b.example", "A B"},
	    {"comment at the at sign", "a(x)@(y)b.example", "a@b.example", ""},
	    {"comment that looks like an address", "a@b.example (c@d.example)", "a@b.example", ""},
	    {"all characters of an atom", "!#$%&'*+-/=?^_`{|}~@b.example",
		"!#$%&'*+-/=?^_`{|}~@b.example", ""},
	    {"quoted local part", "\"a b@c\"@d.example", "\"a b@c\"@d.example", ""},
	    {"quoted local part with escape", "\"a\\\"b\"@d.example", "\"a\\\"b\"@d.example", ""},
	    {"name and quoted local part", "N <\"a b\"@d.example>", "\"a b\"@d.example", "N"},
	    {"IPv4 literal", "a@[192.0.2.1]", "a@[192.0.2.1]", ""},
	    {"IPv6 literal", "a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]", ""},
	    {"IPv6 tag in lower case", "a@[ipv6:::1]", "a@[ipv6:::1]", ""},
	    {"A-label", "a@xn--mller-kva.example", "a@xn--mller-kva.example", ""},
	    {"longest local part", X60 "xxxx@b.example", X60 "xxxx@b.example", ""},
	    {"longest label", "a@" LABEL63 ".example", "a@" LABEL63 ".example", ""},
	    {"longest address", "a@" LABEL63 "." LABEL63 "." LABEL63 "." X60,
		"a@" LABEL63 "." LABEL63 "." LABEL63 "." X60, ""},
	    {"encoded word is a word", "=?utf-8?q?J=C3=BC?= <a@b.example>", "a@b.example",
		"=?utf-8?q?J=C3=BC?="},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_address address;
		enum ucm_address_fault fault = ucm_address_parse(rows[i].text, &address);

		if (fault)
			fail_msg("%s: %s", rows[i].what, ucm_address_fault_text(fault));
		assert_string_equal(address.mailbox, rows[i].mailbox);
		assert_string_equal(address.name, rows[i].name);
		assert_false(address.utf8);
	}
}

static void utf8_is_told(void **state)
{
	struct ucm_address address;

	(void)state;
	assert_int_equal(ucm_address_parse("J\xC3\xBCrgen <a@b.example>", &address), 0);
	assert_string_equal(address.name, "J\xC3\xBCrgen");
	assert_false(address.utf8);
	assert_int_equal(ucm_address_parse("j\xC3\xBCrgen@b.example", &address), 0);
	assert_true(address.utf8);
	assert_int_equal(ucm_address_parse("a@m\xC3\xBCller.example", &address), 0);
	assert_true(address.utf8);
}

static void everything_else_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *what, *text;
		enum ucm_address_fault fault;
	} rows[] = {
	    {"empty", "", UCM_ADDRESS_EMPTY},
	    {"blank", " \t ", UCM_ADDRESS_EMPTY},
	    {"comment only", "(x)", UCM_ADDRESS_EMPTY},
	    {"null path", "<>", UCM_ADDRESS_EMPTY},
	    {"header injection", "a@b.example\r\nBcc: c@d.example", UCM_ADDRESS_CONTROL},
	    {"bare LF", "a@b.example\n", UCM_ADDRESS_CONTROL},
	    {"bare CR in a name", "A\rB <a@b.example>", UCM_ADDRESS_CONTROL},
	    {"CR in a comment", "a@b.example (\r)", UCM_ADDRESS_CONTROL},
	    {"LF behind a backslash", "\"\\\n\"@b.example", UCM_ADDRESS_CONTROL},
	    {"DEL", "a\x7F@b.example", UCM_ADDRESS_CONTROL},
	    {"escape", "\x1B[2J <a@b.example>", UCM_ADDRESS_CONTROL},
	    {"C1 control", "\xC2\x85 <a@b.example>", UCM_ADDRESS_CONTROL},
	    {"line separator", "\xE2\x80\xA8 <a@b.example>", UCM_ADDRESS_CONTROL},
	    {"no domain", "postmaster", UCM_ADDRESS_NO_DOMAIN},
	    {"no domain in brackets", "N <postmaster>", UCM_ADDRESS_NO_DOMAIN},
	    {"empty domain", "a@", UCM_ADDRESS_NO_DOMAIN},
	    {"name alone", "Job Control", UCM_ADDRESS_NO_DOMAIN},
	    {"no local part", "@b.example", UCM_ADDRESS_SYNTAX},
	    {"two at signs", "a@b@c.example", UCM_ADDRESS_SYNTAX},
	    {"blank inside", "a b@c.example", UCM_ADDRESS_SYNTAX},
	    {"blank before the at sign", "a @b.example", UCM_ADDRESS_SYNTAX},
	    {"blank behind the at sign", "a@ b.example", UCM_ADDRESS_NO_DOMAIN},
	    {"two dots", "a..b@c.example", UCM_ADDRESS_SYNTAX},
	    {"leading dot", ".a@c.example", UCM_ADDRESS_SYNTAX},
	    {"trailing dot", "a.@c.example", UCM_ADDRESS_SYNTAX},
	    {"bracket not closed", "N <a@b.example", UCM_ADDRESS_SYNTAX},
	    {"bracket not opened", "a@b.example>", UCM_ADDRESS_SYNTAX},
	    {"SMTP parameter behind", "<a@b.example> SIZE=1", UCM_ADDRESS_SYNTAX},
	    {"bracket twice", "<<a@b.example>>", UCM_ADDRESS_SYNTAX},
	    {"text behind", "N <a@b.example> x", UCM_ADDRESS_SYNTAX},
	    {"quote not closed", "\"N <a@b.example>", UCM_ADDRESS_SYNTAX},
	    {"quote ends in an escape", "\"N\\", UCM_ADDRESS_SYNTAX},
	    {"comment not closed", "a@b.example (x", UCM_ADDRESS_SYNTAX},
	    {"comment not closed within", "a@b.example ((x)", UCM_ADDRESS_SYNTAX},
	    {"comment not opened", "a@b.example )", UCM_ADDRESS_SYNTAX},
	    {"quoted string and atom", "\"a\".b@c.example", UCM_ADDRESS_SYNTAX},
	    {"tab in a quoted local part", "\"a\tb\"@c.example", UCM_ADDRESS_SYNTAX},
	    {"no-break space pasted", "a@b.example\xC2\xA0", UCM_ADDRESS_SYNTAX},
	    {"zero-width space", "a\xE2\x80\x8B@b.example", UCM_ADDRESS_SYNTAX},
	    {"text turned round", "a\xE2\x80\xAE@b.example", UCM_ADDRESS_SYNTAX},
	    {"byte order mark",
		"\xEF\xBB\xBF"
		"a@b.example",
		UCM_ADDRESS_SYNTAX},
	    {"mailto", "mailto:a@b.example", UCM_ADDRESS_GROUP},
	    {"group", "jobs: a@b.example, c@d.example;", UCM_ADDRESS_GROUP},
	    {"empty group", "undisclosed-recipients:;", UCM_ADDRESS_GROUP},
	    {"route", "<@a.example:b@c.example>", UCM_ADDRESS_ROUTE},
	    {"route of two", "<@a.example,@b.example:c@d.example>", UCM_ADDRESS_ROUTE},
	    {"route without brackets", "@a.example:b@c.example", UCM_ADDRESS_ROUTE},
	    {"two addresses", "a@b.example, c@d.example", UCM_ADDRESS_SEVERAL},
	    {"two by semicolon", "a@b.example;c@d.example", UCM_ADDRESS_SEVERAL},
	    {"comma in a name", "Control, Job <a@b.example>", UCM_ADDRESS_SEVERAL},
	    {"two in brackets", "<a@b.example>,<c@d.example>", UCM_ADDRESS_SEVERAL},
	    {"underscore in the domain", "a@b_c.example", UCM_ADDRESS_DOMAIN},
	    {"hyphen first", "a@-b.example", UCM_ADDRESS_DOMAIN},
	    {"hyphen last", "a@b-.example", UCM_ADDRESS_DOMAIN},
	    {"dot last", "a@b.example.", UCM_ADDRESS_DOMAIN},
	    {"dots in the domain", "a@b..example", UCM_ADDRESS_DOMAIN},
	    {"dot first in the domain", "a@.example", UCM_ADDRESS_DOMAIN},
	    {"address without brackets", "a@192.0.2.1", UCM_ADDRESS_DOMAIN},
	    {"literal out of range", "a@[192.0.2.256]", UCM_ADDRESS_DOMAIN},
	    {"octal literal", "a@[192.0.02.1]", UCM_ADDRESS_DOMAIN},
	    {"IPv6 without tag", "a@[2001:db8::1]", UCM_ADDRESS_DOMAIN},
	    {"IPv4 with the tag of IPv6", "a@[IPv6:192.0.2.1]", UCM_ADDRESS_DOMAIN},
	    {"literal of another kind", "a@[x400:abc]", UCM_ADDRESS_DOMAIN},
	    {"empty literal", "a@[]", UCM_ADDRESS_DOMAIN},
	    {"literal not closed", "a@[192.0.2.1", UCM_ADDRESS_DOMAIN},
	    {"label too long", "a@" LABEL63 "x.example", UCM_ADDRESS_DOMAIN},
	    {"local part too long", X60 "xxxxx@b.example", UCM_ADDRESS_TOO_LONG},
	    {"local part far too long", X60 X60 X60 X60 X60 "@b.example", UCM_ADDRESS_TOO_LONG},
	    {"address too long", "a@" LABEL63 "." LABEL63 "." LABEL63 "." X60 "x",
		UCM_ADDRESS_TOO_LONG},
	    {"domain too long", "a@" LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".example",
		UCM_ADDRESS_TOO_LONG},
	    {"name too long", X60 X60 X60 X60 X60 " <a@b.example>", UCM_ADDRESS_TOO_LONG},
	    {"Latin-1", "J\xFCrgen <a@b.example>", UCM_ADDRESS_NOT_UTF8},
	    {"overlong at sign",
		"a\xC1\x80"
		"b.example",
		UCM_ADDRESS_NOT_UTF8},
	    {"cut character", "a@b.example\xC3", UCM_ADDRESS_NOT_UTF8},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_address address;
		enum ucm_address_fault fault = ucm_address_parse(rows[i].text, &address);

		if (fault != rows[i].fault)
			fail_msg("%s: %s", rows[i].what, ucm_address_fault_text(fault));
		assert_string_equal(address.mailbox, "");
		assert_string_equal(address.name, "");
	}
}

static void every_fault_has_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < UCM_ADDRESS_FAULTS; i++)
		assert_non_null(ucm_address_fault_text((enum ucm_address_fault)i));
	assert_non_null(ucm_address_fault_text(UCM_ADDRESS_FAULTS));
}

static void mailboxes_are_compared(void **state)
{
	static const struct {
		const char *left, *right;
		int same;
	} rows[] = {
	    {"a@example.com", "a@example.com", 1},
	    {"a@example.com", "a@EXAMPLE.com", 1},
	    {"a@example.com", "A@example.com", 0},
	    {"a@example.com", "aa@example.com", 0},
	    {"a@example.com", "a@example.org", 0},
	    {"a@example.com", "a", 0},
	    {"\"a@b\"@example.com", "\"a@b\"@Example.com", 1},
	    {"\"a@b\"@example.com", "\"a@B\"@example.com", 0},
	    {"postmaster", "Postmaster", 1},
	    {"postmaster", "postmaster@example.com", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(ucm_same_mailbox(rows[i].left, rows[i].right), rows[i].same);
		assert_int_equal(ucm_same_mailbox(rows[i].right, rows[i].left), rows[i].same);
	}
}

static void lists_are_walked(void **state)
{
	static const struct {
		const char *what, *list, *joined;
	} rows[] = {
	    {"one", "a@b", "a@b|"},
	    {"two", "a@b, c@d", "a@b|c@d|"},
	    {"empty members", ",, a@b ,\t, c@d,", "a@b|c@d|"},
	    {"comma in quotes", "\"N, M\" <a@b>, c@d", "\"N, M\" <a@b>|c@d|"},
	    {"comma behind an escaped quote", "\"N\\\", M\" <a@b>, c", "\"N\\\", M\" <a@b>|c|"},
	    {"comma in a comment", "a@b (x, y), c@d", "a@b (x, y)|c@d|"},
	    {"comma in a route", "<@a,@b:c@d>, e@f", "<@a,@b:c@d>|e@f|"},
	    {"quote not closed", "\"N, a@b, c@d", "\"N, a@b, c@d|"},
	    {"comments not closed", "((((, a@b", "((((, a@b|"},
	    {"bracket not closed", "<a@b, c@d", "<a@b, c@d|"},
	    {"nothing", " , ", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *list = rows[i].list;
		char member[64], joined[128] = "";

		while (ucm_address_list_next(&list, member, sizeof(member)) == 1) {
			size_t used = strlen(joined);

			snprintf(joined + used, sizeof(joined) - used, "%s|", member);
		}
		if (strcmp(joined, rows[i].joined) != 0)
			fail_msg("%s: %s", rows[i].what, joined);
		assert_int_equal(*list, '\0');
	}
}

static void a_member_too_long_is_told_and_passed(void **state)
{
	const char *list = "abcd, e";
	char member[4];

	(void)state;
	assert_int_equal(ucm_address_list_next(&list, member, sizeof(member)), -1);
	assert_int_equal(ucm_address_list_next(&list, member, sizeof(member)), 1);
	assert_string_equal(member, "e");
	assert_int_equal(ucm_address_list_next(&list, member, sizeof(member)), 0);
}

int main(void)
{
	const struct CMUnitTest address[] = {
	    cmocka_unit_test(addresses_are_accepted),
	    cmocka_unit_test(utf8_is_told),
	    cmocka_unit_test(everything_else_is_refused_with_its_reason),
	    cmocka_unit_test(every_fault_has_words),
	    cmocka_unit_test(mailboxes_are_compared),
	    cmocka_unit_test(lists_are_walked),
	    cmocka_unit_test(a_member_too_long_is_told_and_passed),
	};

	return cmocka_run_group_tests(address, NULL, NULL);
}
