/*
 * Releases, and what each kind of agent can do in them.
 */
#include "unit/cmocka_all.h"

#include <string.h>

#include "policy/agents.h"

static void releases_are_read(void **state)
{
	static const struct {
		const char *text;
		int status;
		struct ucm_release release;
	} rows[] = {
	    {"21.0.10", 0, {21, 0, 10}},
	    {"24", 0, {24, 0, 0}},
	    {"24.4.1+hf.2", 0, {24, 4, 1}},
	    {"24.4.", 0, {24, 4, 0}},
	    {"24.x", 0, {24, 0, 0}},
	    {"12.3.1+build.1570622767455", 0, {12, 3, 1}},
	    {"1.2.3.4", 0, {1, 2, 3}},
	    {"", -1, {0, 0, 0}},
	    {"v24", -1, {0, 0, 0}},
	    {"24,4", -1, {0, 0, 0}},
	    {".24", -1, {0, 0, 0}},
	    {"-1", -1, {0, 0, 0}},
	    {"0.0.0", -1, {0, 0, 0}},
	    {"65536", -1, {0, 0, 0}},
	    {"24.99999999999999999999", -1, {0, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ucm_release release = {0, 0, 0};

		if (ucm_release_parse(rows[i].text, &release) != rows[i].status ||
		    ucm_release_compare(release, rows[i].release) != 0)
			fail_msg("'%s'", rows[i].text);
	}
}

static void facts_hold_until_the_next_release(void **state)
{
	static const struct {
		const char *sentence;
		struct ucm_release asked, facts;
	} rows[] = {
	    {"no release is the newest", {0, 0, 0}, {24, 4, 0}},
	    {"a release to come", {99, 0, 0}, {24, 4, 0}},
	    {"the newest", {24, 4, 0}, {24, 4, 0}},
	    {"between two", {24, 3, 9}, {24, 0, 0}},
	    {"a patch of 21", {21, 0, 12}, {21, 0, 10}},
	    {"just before agents knew TLS", {21, 0, 9}, {1, 0, 0}},
	    {"below every row", {0, 5, 0}, {1, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ucm_release_compare(ucm_release_of_facts(rows[i].asked), rows[i].facts) != 0)
			fail_msg("%s", rows[i].sentence);
	assert_int_equal(
	    ucm_release_compare(ucm_release_newest(), (struct ucm_release){24, 4, 0}), 0);
}

#define N UCM_CANNOT_SEND
#define P UCM_SENDS_PLAIN
#define S UCM_SENDS_SECURE
#define X UCM_NO_SUCH_AGENT

static void capabilities_are_as_documented(void **state)
{
	static const struct {
		const char *name;
		enum ucm_capability before, at_21_0_10, at_24_0, newest;
	} rows[] = {
	    {"bs2000", N, N, N, N},
	    {"database", P, P, S, S},
	    {"jmx", P, P, S, S},
	    {"nsk", N, N, N, N},
	    {"as400", N, N, N, N},
	    {"peoplesoft", P, P, S, S},
	    {"rapid-automation", P, P, S, S},
	    {"sap", P, P, S, S},
	    {"unix-x64-linux", P, S, S, S},
	    {"unix-linux-ppc64le", X, X, X, S},
	    {"unix-other", P, P, P, P},
	    {"vms", P, P, P, P},
	    {"windows", P, S, S, S},
	    {"zos", N, N, N, N},
	    {"engine", S, S, S, S},
	};
	const struct ucm_release before = {12, 3, 0};
	const struct ucm_release at_21 = {21, 0, 10};
	const struct ucm_release at_24 = {24, 0, 0};
	const struct ucm_release newest = {0, 0, 0};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), UCM_AGENT_COUNT);
	for (size_t i = 0; i < UCM_AGENT_COUNT; i++) {
		enum ucm_agent agent = ucm_agent_find(rows[i].name);

		assert_int_equal(agent, i);
		assert_string_equal(ucm_agent_name(agent), rows[i].name);
		if (ucm_agent_capability(agent, before) != rows[i].before ||
		    ucm_agent_capability(agent, at_21) != rows[i].at_21_0_10 ||
		    ucm_agent_capability(agent, at_24) != rows[i].at_24_0 ||
		    ucm_agent_capability(agent, newest) != rows[i].newest)
			fail_msg("%s", rows[i].name);
	}
}

static void other_kinds_are_unknown(void **state)
{
	const struct ucm_release newest = {0, 0, 0};

	(void)state;
	assert_int_equal(ucm_agent_find("Windows"), UCM_AGENT_WINDOWS);
	assert_int_equal(ucm_agent_find("window"), UCM_AGENT_COUNT);
	assert_int_equal(ucm_agent_find(""), UCM_AGENT_COUNT);
	assert_null(ucm_agent_name(UCM_AGENT_COUNT));
	assert_int_equal(ucm_agent_capability(UCM_AGENT_COUNT, newest), UCM_NO_SUCH_AGENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(releases_are_read),
	    cmocka_unit_test(facts_hold_until_the_next_release),
	    cmocka_unit_test(capabilities_are_as_documented),
	    cmocka_unit_test(other_kinds_are_unknown),
	};

	return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
