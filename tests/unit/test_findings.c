/*
 * Lists of findings, their words and their fingerprints.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "policy/agents.h"
#include "policy/findings.h"
#include "policy/limits.h"

static struct ucm_finding port_at(unsigned line)
{
	return (struct ucm_finding){
	    .rule = UCM110,
	    .place = {.client = 100,
		.object = "UC_CLIENT_SETTINGS",
		.key = "SMTP_PORT",
		.file = "a.xml",
		.line = line,
		.column = 3},
	    .argument = {"x"},
	    .value = "x",
	};
}

static void no_finding_is_there_twice(void **state)
{
	struct ucm_findings list = {0};
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	list.arena = &arena;
	/* Long enough for every way that the list looks for equals. */
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned line = 1; line <= 1000; line++) {
			struct ucm_finding finding = port_at(line);

			assert_int_equal(ucm_findings_add(&list, &finding), 0);
		}
		assert_int_equal(list.count, 1000);
		ucm_findings_sort(&list);
	}
	for (unsigned line = 1; line <= 1000; line++)
		assert_int_equal(list.row[line - 1].place.line, line);
	ucm_arena_free(&arena);
}

static void any_difference_makes_another_finding(void **state)
{
	struct ucm_finding base = port_at(1);
	struct ucm_finding other[8];
	struct ucm_findings list = {0};
	struct ucm_arena arena;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		other[i] = base;
	other[0].rule = UCM112;
	other[1].place.client = 101;
	other[2].place.object = NULL;
	other[3].place.key = "SMTP_TIMEOUT";
	other[4].place.file = "b.xml";
	other[5].place.line = 2;
	other[6].place.column = 4;
	other[7].argument[2] = "";
	ucm_arena_init(&arena, NULL, 0);
	list.arena = &arena;
	assert_int_equal(ucm_findings_add(&list, &base), 0);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(ucm_findings_add(&list, &other[i]), 0);
	assert_int_equal(list.count, 9);
	ucm_arena_free(&arena);
}

static void arguments_are_the_lists_own(void **state)
{
	struct ucm_finding finding = port_at(1);
	struct ucm_findings list = {0};
	struct ucm_arena arena;
	char value[] = "old";

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	list.arena = &arena;
	finding.argument[0] = value;
	finding.value = value;
	assert_int_equal(ucm_findings_add(&list, &finding), 0);
	value[0] = '?';
	assert_string_equal(list.row[0].argument[0], "old");
	assert_string_equal(list.row[0].value, "old");
	ucm_arena_free(&arena);
}

static void agents_of_equal_findings_are_joined(void **state)
{
	struct ucm_finding finding = {.rule = UCM302, .place = {.client = 1}};
	struct ucm_findings list = {0};
	struct ucm_arena arena;
	char text[200];

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	list.arena = &arena;
	finding.agents = UINT32_C(1) << UCM_AGENT_VMS;
	assert_int_equal(ucm_findings_add(&list, &finding), 0);
	finding.agents = UINT32_C(1) << UCM_AGENT_UNIX_OTHER;
	assert_int_equal(ucm_findings_add(&list, &finding), 0);
	assert_int_equal(list.count, 1);
	ucm_finding_message(&list.row[0], text, sizeof(text));
	assert_non_null(strstr(text, "unix-other, vms"));
	ucm_arena_free(&arena);
}

static void demotion_makes_a_warning_that_does_not_refuse(void **state)
{
	struct ucm_finding finding = {.rule = UCM206};

	(void)state;
	assert_int_equal(ucm_finding_severity(&finding, UCM_COMPAT), UCM_ERROR);
	assert_true(ucm_finding_refuses(&finding, UCM_COMPAT));
	finding.demoted = 1;
	assert_int_equal(ucm_finding_severity(&finding, UCM_STRICT), UCM_WARNING);
	assert_false(ucm_finding_refuses(&finding, UCM_STRICT));
	finding.rule = UCM304;
	assert_int_equal(ucm_finding_severity(&finding, UCM_COMPAT), UCM_INFO);
}

static void secrets_are_never_shown(void **state)
{
	static const struct {
		const char *sentence, *value, *shown;
	} rows[] = {
	    {"the value itself", "--10A1B2C3", "(hidden)"},
	    {"blanks before it", "  --10A1B2C3", "  (hidden)"},
	    {"inside a value", "x=--10A1B2C3", "x=(hidden)"},
	    {"quoted", "'--10A1B2C3'", "'(hidden)"},
	    {"a second one", "a--10 --10A1B2C3", "a--10 (hidden)"},
	    {"no secret: inside a word", "a--10b", "a--10b"},
	    {"no secret: another number", "--11A1B2C3", "--11A1B2C3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ucm_finding finding = {.rule = UCM110, .argument = {rows[i].value}};
		char text[200];
		char wanted[200];

		ucm_finding_message(&finding, text, sizeof(text));
		snprintf(wanted, sizeof(wanted), "SMTP_PORT '%s' is no port", rows[i].shown);
		if (strcmp(text, wanted) != 0)
			fail_msg("%s: %s", rows[i].sentence, text);
		ucm_finding_hint(&finding, text, sizeof(text));
		assert_null(strstr(text, "A1B2C3"));
	}
}

static void no_message_shows_a_secret(void **state)
{
	(void)state;
	for (int rule = 0; rule < UCM_RULE_COUNT; rule++) {
		struct ucm_finding finding = {.rule = (enum ucm_rule)rule,
		    .argument = {"--10SECRET", "--10SECRET", "--10SECRET"},
		    .value = "--10SECRET"};
		char text[600];

		ucm_finding_message(&finding, text, sizeof(text));
		assert_null(strstr(text, "SECRET"));
		ucm_finding_hint(&finding, text, sizeof(text));
		assert_null(strstr(text, "SECRET"));
	}
}

static void values_cannot_steer_a_terminal(void **state)
{
	struct ucm_finding finding = {
	    .rule = UCM110, .argument = {"1\r\n\033[2J\x7f\xc2\x9b\xff %1 %s ü"}};
	char text[200];

	(void)state;
	ucm_finding_message(&finding, text, sizeof(text));
	assert_string_equal(text, "SMTP_PORT '1???[2J??? %1 %s ü' is no port");
}

static void messages_fit_their_buffer(void **state)
{
	struct ucm_finding finding = {.rule = UCM110, .argument = {"€€€€"}};
	char whole[200];
	size_t length = ucm_finding_message(&finding, whole, sizeof(whole));

	(void)state;
	assert_int_equal(length, strlen(whole));
	assert_int_equal(ucm_finding_message(&finding, NULL, 0), 0);
	for (size_t size = 1; size <= length + 1; size++) {
		char text[200];
		size_t got;

		memset(text, 'x', sizeof(text));
		got = ucm_finding_message(&finding, text, size);
		assert_true(got < size);
		assert_int_equal(text[got], '\0');
		assert_int_equal(text[size], 'x');
		assert_memory_equal(text, whole, got);
		/* Never half a character. */
		assert_true(((unsigned char)whole[got] & 0xc0) != 0x80);
	}
}

static void long_values_are_cut(void **state)
{
	char value[2 * UCM_ARGUMENT_SHOWN_MAX];
	struct ucm_finding finding = {.rule = UCM110, .argument = {value}};
	char text[1000];

	(void)state;
	memset(value, '7', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	ucm_finding_message(&finding, text, sizeof(text));
	assert_true(strlen(text) < UCM_ARGUMENT_SHOWN_MAX + 40);
	assert_non_null(strstr(text, "7…'"));
}

static void a_fingerprint_survives_edits_elsewhere(void **state)
{
	struct ucm_finding finding = port_at(1);
	char first[33];
	char second[33];

	(void)state;
	ucm_finding_fingerprint(&finding, first);
	assert_int_equal(strlen(first), 32);
	assert_int_equal(strspn(first, "0123456789abcdef"), 32);
	finding.place.line = 99;
	finding.place.column = 7;
	finding.place.file = "moved.xml";
	finding.argument[1] = "other words";
	ucm_finding_fingerprint(&finding, second);
	assert_string_equal(first, second);
}

static void a_fingerprint_tells_findings_apart(void **state)
{
	struct ucm_finding rows[8];
	char print[8][33];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		rows[i] = port_at(1);
	rows[1].rule = UCM112;
	rows[2].place.client = 101;
	rows[3].place.object = "UC_SMTP_X";
	rows[4].place.key = "SMTP_TIMEOUT";
	rows[5].value = "y";
	rows[6].value = NULL;
	/* Fields do not run into each other. */
	rows[7].place.object = "UC_CLIENT_SETTINGSSMTP_";
	rows[7].place.key = "PORT";
	for (size_t i = 0; i < 8; i++) {
		ucm_finding_fingerprint(&rows[i], print[i]);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(print[i], print[k]);
	}
}

static void findings_of_files_differ_by_file(void **state)
{
	struct ucm_finding a = {.rule = UCM001, .place = {.client = -1, .file = "a.xml"}};
	struct ucm_finding b = {.rule = UCM001, .place = {.client = -1, .file = "b.xml"}};
	char first[33];
	char second[33];

	(void)state;
	ucm_finding_fingerprint(&a, first);
	ucm_finding_fingerprint(&b, second);
	assert_string_not_equal(first, second);
}

static void order_is_client_object_key_rule_place(void **state)
{
	struct ucm_finding rows[] = {
	    {.rule = UCM001, .place = {.client = UCM_CLIENT_UNKNOWN, .file = "z"}},
	    {.rule = UCM304, .place = {.client = 0}},
	    {.rule = UCM310, .place = {.client = 0, .object = "A"}},
	    {.rule = UCM101, .place = {.client = 0, .object = "A", .key = "K"}},
	    {.rule = UCM102, .place = {.client = 0, .object = "A", .key = "K"}},
	    {.rule = UCM102, .place = {.client = 0, .object = "A", .key = "K", .file = "a"}},
	    {.rule = UCM102,
		.place = {.client = 0, .object = "A", .key = "K", .file = "a", .line = 9}},
	    {.rule = UCM102,
		.place = {.client = 0, .object = "A", .key = "K", .file = "a", .line = 10}},
	    {.rule = UCM101, .place = {.client = 1, .object = "A"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
			int order = ucm_finding_compare(&rows[i], &rows[k]);

			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	}
}

/* ---- Chosen names --------------------------------------------------------------------------- */

#define MANY 3000
#define FNV(hash, octet) (((hash) ^ (uint32_t)(octet)) * 16777619U)

static uint32_t fnv_number(uint32_t hash, uint32_t number)
{
	for (int shift = 0; shift < 32; shift += 8)
		hash = FNV(hash, number >> shift & 0xffU);
	return hash;
}

static uint32_t fnv_text(uint32_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = FNV(hash, (unsigned char)*text);
	return hash * 16777619U;
}

/* Where the key of an unknown setting comes to lie, for those who know where a hash begins. */
static uint32_t place_of(const char *key)
{
	static const struct ucm_finding like = {.rule = UCM114, .place = {.client = 100}};
	uint32_t hash = fnv_number(2166136261U, (uint32_t)like.rule);

	hash = fnv_number(hash, (uint32_t)like.place.client);
	return fnv_text(fnv_text(hash, "UC_CLIENT_SETTINGS"), key);
}

/* Adds a finding for each key; the processor's time that it took. */
static double time_of(char keys[MANY][16])
{
	struct ucm_findings list = {0};
	struct ucm_arena arena;
	clock_t start = clock();

	ucm_arena_init(&arena, NULL, 0);
	list.arena = &arena;
	for (size_t i = 0; i < MANY; i++) {
		struct ucm_finding finding = {.rule = UCM114,
		    .place = {.client = 100, .object = "UC_CLIENT_SETTINGS", .key = keys[i]}};

		assert_int_equal(ucm_findings_add(&list, &finding), 0);
	}
	assert_int_equal(list.count, MANY);
	ucm_arena_free(&arena);
	return (double)(clock() - start);
}

/* Keys that all fall into one place of a table of 8,192 take no longer than others. */
static void names_cannot_be_chosen_to_be_slow(void **state)
{
	static char others[MANY][16], chosen[MANY][16];
	double quickest = 1e9, slowest = 1e9;

	(void)state;
	for (unsigned i = 0, found = 0; found < MANY; i++) {
		char key[16];

		snprintf(key, sizeof(key), "SMTP_%u", i);
		if ((place_of(key) & 8191U) == 77)
			memcpy(chosen[found++], key, sizeof(key));
		if (i < MANY)
			memcpy(others[i], key, sizeof(key));
	}
	for (int round = 0; round < 3; round++) {
		const double other = time_of(others), one = time_of(chosen);

		quickest = other < quickest ? other : quickest;
		slowest = one < slowest ? one : slowest;
	}
	assert_true(slowest < 10 * quickest + CLOCKS_PER_SEC / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_finding_is_there_twice),
	    cmocka_unit_test(names_cannot_be_chosen_to_be_slow),
	    cmocka_unit_test(any_difference_makes_another_finding),
	    cmocka_unit_test(arguments_are_the_lists_own),
	    cmocka_unit_test(agents_of_equal_findings_are_joined),
	    cmocka_unit_test(demotion_makes_a_warning_that_does_not_refuse),
	    cmocka_unit_test(secrets_are_never_shown),
	    cmocka_unit_test(no_message_shows_a_secret),
	    cmocka_unit_test(values_cannot_steer_a_terminal),
	    cmocka_unit_test(messages_fit_their_buffer),
	    cmocka_unit_test(long_values_are_cut),
	    cmocka_unit_test(a_fingerprint_survives_edits_elsewhere),
	    cmocka_unit_test(a_fingerprint_tells_findings_apart),
	    cmocka_unit_test(findings_of_files_differ_by_file),
	    cmocka_unit_test(order_is_client_object_key_rule_place),
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
