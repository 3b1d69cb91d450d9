/*
 * Tests of policy/der.h.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/der.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct ucm_der from(const char *bytes, size_t size)
{
	return ucm_der_from((const unsigned char *)bytes, size);
}

static void lengths_are_definite_minimal_and_inside(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t size;
		int result;
		size_t length;
	} rows[] = {
	    {"empty element", "\x05\x00", 2, 0, 0},
	    {"short form",
		"\x04\x02"
		"ab",
		4, 0, 2},
	    {"nothing", "", 0, -1, 0},
	    {"tag alone", "\x04", 1, -1, 0},
	    {"content cut",
		"\x04\x02"
		"a",
		3, -1, 0},
	    {"indefinite", "\x30\x80\x00\x00", 4, -1, 0},
	    {"long form of a short length",
		"\x04\x81\x02"
		"ab",
		5, -1, 0},
	    {"leading zero",
		"\x04\x82\x00\x02"
		"ab",
		6, -1, 0},
	    {"length octets cut", "\x04\x82\x01", 3, -1, 0},
	    {"4 GiB", "\x04\x84\xFF\xFF\xFF\xFF", 6, -1, 0},
	    {"more octets than a size", "\x04\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01", 11, -1, 0},
	    {"reserved", "\x04\xFF", 2, -1, 0},
	    {"high tag number", "\x1F\x22\x00", 3, -1, 0},
	};
	struct ucm_der_item item;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_der in = from(rows[i].bytes, rows[i].size);

		if (ucm_der_read(&in, &item) != rows[i].result ||
		    (!rows[i].result && item.length != rows[i].length))
			fail_msg("%s", rows[i].what);
	}
}

static void a_long_length_is_read(void **state)
{
	char bytes[3 + 200] = "\x04\x81\xC8";
	struct ucm_der in = from(bytes, sizeof(bytes));
	struct ucm_der_item item;

	(void)state;
	assert_int_equal(ucm_der_expect(&in, UCM_DER_OCTET_STRING, &item), 0);
	assert_int_equal(item.length, 200);
	assert_int_equal(item.whole_length, 203);
	assert_true(ucm_der_at_end(&in));
	assert_int_equal(ucm_der_expect(&in, UCM_DER_OCTET_STRING, &item), -1);

	/* The same length with an octet more than it needs. */
	memcpy(bytes, "\x04\x82\x00\xC4", 4);
	in = from(bytes, sizeof(bytes));
	assert_int_equal(ucm_der_read(&in, &item), -1);
}

static void a_wrong_tag_does_not_move(void **state)
{
	struct ucm_der in = from("\x05\x00", 2);
	struct ucm_der_item item;

	(void)state;
	assert_int_equal(ucm_der_expect(&in, UCM_DER_INTEGER, &item), -1);
	assert_true(ucm_der_next_is(&in, 5));
}

static void integers_are_measured(void **state)
{
	static const struct {
		const char *bytes;
		size_t length, bits;
	} rows[] = {
	    {"\x00", 1, 0},
	    {"\x01", 1, 1},
	    {"\x7F", 1, 7},
	    {"\x00\x80", 2, 8},
	    {"\x00\xFF\xFF", 3, 16},
	    {"\x80", 1, 0},
	    {"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ucm_der_item item = {.tag = UCM_DER_INTEGER,
		    .bytes = (const unsigned char *)rows[i].bytes,
		    .length = rows[i].length};

		assert_int_equal(ucm_der_integer_bits(&item), rows[i].bits);
		item.tag = UCM_DER_OCTET_STRING;
		assert_int_equal(ucm_der_integer_bits(&item), 0);
	}
}

static void times_are_read_as_rfc_5280_writes_them(void **state)
{
	static const struct {
		unsigned char tag;
		const char *text;
		int result;
		int64_t seconds;
	} rows[] = {
	    {UCM_DER_UTC_TIME, "700101000000Z", 0, 0},
	    {UCM_DER_UTC_TIME, "491231235959Z", 0, 2524607999},
	    {UCM_DER_UTC_TIME, "500101000000Z", 0, -631152000},
	    {UCM_DER_UTC_TIME, "261124180000Z", 0, 1795543200},
	    {UCM_DER_GENERALIZED_TIME, "20261124180000Z", 0, 1795543200},
	    {UCM_DER_GENERALIZED_TIME, "99991231235959Z", 0, 253402300799},
	    {UCM_DER_GENERALIZED_TIME, "19700101000000Z", 0, 0},
	    {UCM_DER_UTC_TIME, "20261124180000Z", -1, 0},
	    {UCM_DER_GENERALIZED_TIME, "261124180000Z", -1, 0},
	    {UCM_DER_UTC_TIME, "2611241800Z", -1, 0},
	    {UCM_DER_UTC_TIME, "261124180000+", -1, 0},
	    {UCM_DER_UTC_TIME, "261324180000Z", -1, 0},
	    {UCM_DER_UTC_TIME, "260230180000Z", -1, 0},
	    {UCM_DER_UTC_TIME, "26112418000 Z", -1, 0},
	    {UCM_DER_GENERALIZED_TIME, "2026112418000.5", -1, 0},
	    {UCM_DER_GENERALIZED_TIME, "202611241800.5Z", -1, 0},
	    {UCM_DER_IA5_STRING, "261124180000Z", -1, 0},
	    {UCM_DER_UTC_TIME, "", -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ucm_der_item item = {.tag = rows[i].tag,
		    .bytes = (const unsigned char *)rows[i].text,
		    .length = strlen(rows[i].text)};
		int64_t seconds = 0;

		if (ucm_der_time(&item, &seconds) != rows[i].result || seconds != rows[i].seconds)
			fail_msg("%s", rows[i].text);
	}
}

static void booleans_are_those_of_der(void **state)
{
	struct ucm_der in = from("\x01\x01\xFF\x01\x01\x00\x01\x01\x01\x02\x01\xFF", 12);
	static const int values[] = {1, 0, -1, -1};
	struct ucm_der_item item;

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		assert_int_equal(ucm_der_read(&in, &item), 0);
		assert_int_equal(ucm_der_boolean(&item), values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest der[] = {
	    cmocka_unit_test(lengths_are_definite_minimal_and_inside),
	    cmocka_unit_test(a_long_length_is_read),
	    cmocka_unit_test(a_wrong_tag_does_not_move),
	    cmocka_unit_test(integers_are_measured),
	    cmocka_unit_test(times_are_read_as_rfc_5280_writes_them),
	    cmocka_unit_test(booleans_are_those_of_der),
	};

	return cmocka_run_group_tests(der, NULL, NULL);
}
