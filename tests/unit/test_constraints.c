/*
 * Tests of policy/constraints.c: which addresses a CA's name constraints permit.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/cert.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BYTES(text) text, sizeof(text) - 1

/* Subtrees: 10.0.0.0/8, 127.0.0.0/8, 2001:db8::/32, the name a.b, and a network of three octets. */
#define TEN "\x30\x0A\x87\x08\x0A\x00\x00\x00\xFF\x00\x00\x00"
#define LOCAL "\x30\x0A\x87\x08\x7F\x00\x00\x00\xFF\x00\x00\x00"
#define SIX                                                                                        \
	"\x30\x22\x87\x20\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0" \
	"\0"                                                                                       \
	"\0\0\0"
#define NAME "\x30\x05\x82\x03\x61\x2E\x62"
#define SHORT "\x30\x05\x87\x03\x0A\x00\x00"

static const struct {
	const char *what;
	const char *constraints; /* NULL: none */
	size_t size;
	const char *address;
	size_t length;
	int permitted;
} rows[] = {
    {"no constraints", NULL, 0, BYTES("\x0A\x01\x02\x03"), 1},
    {"empty ones", BYTES(""), BYTES("\x0A\x01\x02\x03"), 1},
    {"permitted", BYTES("\xA0\x0C" TEN), BYTES("\x0A\x01\x02\x03"), 1},
    {"not permitted", BYTES("\xA0\x0C" TEN), BYTES("\x0B\x01\x02\x03"), 0},
    {"permitted by the second", BYTES("\xA0\x18" LOCAL TEN), BYTES("\x0A\x01\x02\x03"), 1},
    {"only names are constrained", BYTES("\xA0\x07" NAME), BYTES("\x0B\x01\x02\x03"), 1},
    {"names and addresses are", BYTES("\xA0\x13" NAME TEN), BYTES("\x0B\x01\x02\x03"), 0},
    {"excluded", BYTES("\xA1\x0C" LOCAL), BYTES("\x7F\x00\x00\x01"), 0},
    {"not excluded", BYTES("\xA1\x0C" LOCAL), BYTES("\x0A\x00\x00\x01"), 1},
    {"permitted and excluded", BYTES("\xA0\x0C" LOCAL "\xA1\x0C" LOCAL), BYTES("\x7F\x00\x00\x01"),
	0},
    {"of the other family", BYTES("\xA0\x0C" TEN),
	BYTES("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1"), 0},
    {"the other family excluded", BYTES("\xA1\x0C" TEN),
	BYTES("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1"), 1},
    {"six permitted", BYTES("\xA0\x24" SIX), BYTES("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1"), 1},
    {"six not permitted", BYTES("\xA0\x24" SIX), BYTES("\x20\x01\x0D\xB9\0\0\0\0\0\0\0\0\0\0\0\1"),
	0},
    {"a network that is none", BYTES("\xA1\x07" SHORT), BYTES("\x0B\x01\x02\x03"), 0},
    {"a part that is unknown", BYTES("\xA2\x0C" TEN), BYTES("\x0A\x01\x02\x03"), 0},
    {"cut",
	BYTES("\xA0\x0C"
	      "\x30\x0A\x87\x08"),
	BYTES("\x0A\x01\x02\x03"), 0},
    {"a subtree that is none",
	BYTES("\xA0\x02"
	      "\x05\x00"),
	BYTES("\x0A\x01\x02\x03"), 0},
    {"a subtree that is empty",
	BYTES("\xA0\x02"
	      "\x30\x00"),
	BYTES("\x0A\x01\x02\x03"), 0},
};

static void addresses_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_cert_name names[] = {
		    {UCM_NAME_DNS, (const unsigned char *)"mail.example.com", 16},
		    {UCM_NAME_IP, (const unsigned char *)rows[i].address, rows[i].length}};
		const struct ucm_cert cert = {.names = names, .name_count = 2};
		const struct ucm_cert ca = {
		    .constraints = (const unsigned char *)rows[i].constraints,
		    .constraints_size = rows[i].size};
		const struct ucm_cert without = {.names = names, .name_count = 1};

		if (ucm_cert_permits_addresses(&ca, &cert) != rows[i].permitted)
			fail_msg("%s", rows[i].what);
		assert_true(ucm_cert_permits_addresses(&ca, &without));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(addresses_are_judged)};

	return cmocka_run_group_tests_name("constraints", tests, NULL, NULL);
}
