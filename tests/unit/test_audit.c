/*
 * The audit: a clean system with one planted defect raises that finding, at its place, alone.
 */
#include "unit/cmocka_all.h"

#include "policy/audit.h"

#include "unit/build_system.h"
#include "unit/defects.h"

static struct ucm_audit_options options_of(const struct defect *defect, enum ucm_profile profile)
{
	return (struct ucm_audit_options){
	    .client = UCM_CLIENT_UNKNOWN,
	    .agents = defect->agents == 0 ? ENGINE : defect->agents,
	    .release = defect->release,
	    .profile = profile,
	    .at = UCM_TEST_NOW,
	    .expires_within = 30,
	    .without_cert = defect->without_cert,
	};
}

static int is_expected(const struct expected *expected, const struct ucm_finding *finding)
{
	return expected->rule == finding->rule && expected->client == finding->place.client &&
	       build_same_text(expected->object, finding->place.object) &&
	       build_same_text(expected->key, finding->place.key);
}

static void check_findings(const struct defect *defect, const struct ucm_findings *findings)
{
	size_t count = 0;

	for (; count < EXPECTED && defect->expected[count].object != NULL; count++) {
		size_t i = 0;

		while (i < findings->count &&
		       !is_expected(&defect->expected[count], &findings->row[i]))
			i++;
		if (i == findings->count)
			fail_msg("%s: %s is not raised at %d %s %s", defect->sentence,
			    ucm_rules[defect->expected[count].rule].id,
			    defect->expected[count].client, defect->expected[count].object,
			    defect->expected[count].key == NULL ? "-"
								: defect->expected[count].key);
	}
	for (size_t i = 0; i < findings->count; i++) {
		const struct ucm_place *place = &findings->row[i].place;
		size_t k = 0;

		while (k < count && !is_expected(&defect->expected[k], &findings->row[i]))
			k++;
		if (k == count || findings->count != count)
			fail_msg("%s: %zu findings, one is %s at %d %s %s", defect->sentence,
			    findings->count, ucm_rules[findings->row[i].rule].id, place->client,
			    place->object, place->key == NULL ? "-" : place->key);
	}
	assert_int_equal(findings->count, count);
}

/* What one decision says, the audit says; and a policy is refused exactly by a rule that refuses.
 */
static void check_cells(const struct defect *defect, const struct ucm_system *system,
    const struct ucm_audit_options *options, const struct ucm_audit *audit)
{
	for (size_t i = 0; i < audit->cell_count * UCM_AGENT_COUNT; i++) {
		enum ucm_agent agent = (enum ucm_agent)(i % UCM_AGENT_COUNT);
		struct ucm_query query =
		    ucm_audit_query(options, &audit->cells[i / UCM_AGENT_COUNT], agent);
		struct ucm_decision decision;
		struct ucm_arena arena;
		int refuses = 0;

		if ((options->agents & (UINT32_C(1) << agent)) == 0)
			continue;
		ucm_arena_init(&arena, NULL, 0);
		assert_int_equal(ucm_decide(system, &query, &arena, &decision), 0);
		for (size_t k = 0; k < decision.findings.count; k++) {
			const struct ucm_finding *finding = &decision.findings.row[k];
			size_t found = 0;

			while (found < audit->findings.count &&
			       ucm_finding_compare(&audit->findings.row[found], finding) != 0)
				found++;
			if (found == audit->findings.count)
				fail_msg("%s: %s only in the decision", defect->sentence,
				    ucm_rules[finding->rule].id);
			refuses |= finding->rule == UCM007 ||
				   ucm_finding_refuses(finding, options->profile);
		}
		if (refuses != (decision.verdict == UCM_REFUSE))
			fail_msg(
			    "%s: verdict %s", defect->sentence, ucm_verdict_name(decision.verdict));
		ucm_arena_free(&arena);
	}
}

static void check_defect(const struct defect *defect, enum ucm_profile profile)
{
	struct ucm_audit_options options = options_of(defect, profile);
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;
	struct build build;

	build_clean(&build);
	build_edit(&build, defect->edit);
	if (defect->plant != NULL)
		defect->plant(&build);
	build_system(&build, &system);
	ucm_arena_init(&arena, NULL, 0);
	assert_int_equal(ucm_audit_run(&system, &options, &arena, &audit), 0);
	check_findings(defect, &audit.findings);
	check_cells(defect, &system, &options, &audit);
	assert_int_equal(audit.not_judged,
	    defect->expected[0].rule == UCM007 && defect->expected[0].object != NULL);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void a_planted_defect_is_found_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
		if (defects[i].profile != STRICT_ONLY)
			check_defect(&defects[i], UCM_COMPAT);
		if (defects[i].profile != COMPAT_ONLY)
			check_defect(&defects[i], UCM_STRICT);
	}
}

/* Rules that the audit itself raises, each with a row above. */
static void every_rule_has_a_defect(void **state)
{
	(void)state;
	for (int rule = UCM101; rule <= UCM310; rule++) {
		int found = rule == UCM303; /* raised for a command line */

		for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
			for (size_t k = 0; k < EXPECTED; k++)
				found |= defects[i].expected[k].object != NULL &&
					 defects[i].expected[k].rule == (enum ucm_rule)rule;
		}
		if (!found)
			fail_msg("%s has no defect", ucm_rules[rule].id);
	}
}

static void run_clean(const struct ucm_audit_options *options, void (*plant)(struct build *),
    struct ucm_system *system, struct ucm_arena *arena, struct ucm_audit *audit)
{
	struct build build;

	build_clean(&build);
	if (plant != NULL)
		plant(&build);
	build_system(&build, system);
	ucm_arena_init(arena, NULL, 0);
	assert_int_equal(ucm_audit_run(system, options, arena, audit), 0);
}

static void cells_are_listed_in_order(void **state)
{
	static const struct ucm_cell expected[] = {
	    {0, UCM_NOTIFICATION, NULL, NULL},
	    {0, UCM_SEND_MAIL, NULL, NULL},
	    {0, UCM_SEND_MAIL, "SHARED", "UC_SMTP_SHARED"},
	    {100, UCM_NOTIFICATION, NULL, NULL},
	    {100, UCM_SEND_MAIL, NULL, NULL},
	    {100, UCM_SEND_MAIL, "EXTRA", "UC_SMTP_EXTRA"},
	    {100, UCM_SEND_MAIL, "SHARED", "UC_SMTP_SHARED"},
	};
	struct ucm_audit_options options = {.client = UCM_CLIENT_UNKNOWN, .at = UCM_TEST_NOW};
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;

	(void)state;
	run_clean(&options, plant_server_of_client_0, &system, &arena, &audit);
	assert_int_equal(audit.client_count, 2);
	assert_int_equal(audit.mail_variables, 4);
	assert_int_equal(audit.cell_count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < audit.cell_count; i++) {
		assert_int_equal(audit.cells[i].client, expected[i].client);
		assert_int_equal(audit.cells[i].sender, expected[i].sender);
		assert_true(build_same_text(audit.cells[i].server, expected[i].server));
		assert_true(
		    build_same_text(audit.cells[i].server_variable, expected[i].server_variable));
	}
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void one_client_can_be_audited_alone(void **state)
{
	struct ucm_audit_options options = {
	    .client = 100, .agents = ENGINE, .at = UCM_TEST_NOW, .expires_within = 30};
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;

	(void)state;
	run_clean(&options, plant_unused, &system, &arena, &audit);
	assert_int_equal(audit.client_count, 1);
	assert_int_equal(audit.cell_count, 3);
	assert_int_equal(audit.findings.count, 0);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void agents_are_named_in_one_finding(void **state)
{
	struct ucm_audit_options options = {.client = 100, .at = UCM_TEST_NOW};
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;
	char text[200];
	size_t told = 0;

	(void)state;
	run_clean(&options, NULL, &system, &arena, &audit);
	for (size_t i = 0; i < audit.findings.count; i++) {
		if (audit.findings.row[i].rule != UCM301)
			continue;
		told++;
		ucm_finding_message(&audit.findings.row[i], text, sizeof(text));
		assert_non_null(strstr(text, "bs2000, nsk, as400, zos"));
	}
	assert_int_equal(told, 2);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

static void findings_of_reading_are_taken_over(void **state)
{
	struct ucm_audit_options options = {
	    .client = UCM_CLIENT_UNKNOWN, .agents = ENGINE, .at = UCM_TEST_NOW};
	struct ucm_finding unreadable = {
	    .rule = UCM006,
	    .place = {.client = UCM_CLIENT_UNKNOWN, .file = "x.zip"},
	    .argument = {"damaged"},
	};
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;
	struct build build;

	(void)state;
	build_clean(&build);
	build_system(&build, &system);
	assert_int_equal(ucm_findings_add(&system.findings, &unreadable), 0);
	ucm_arena_init(&arena, NULL, 0);
	assert_int_equal(ucm_audit_run(&system, &options, &arena, &audit), 0);
	assert_int_equal(audit.findings.count, 1);
	assert_int_equal(audit.findings.row[0].rule, UCM006);
	ucm_arena_free(&arena);
	ucm_system_free(&system);
}

/* Memory may run out at any allocation: the audit then says so. */
static void lack_of_memory_is_reported(void **state)
{
	struct ucm_audit_options options = {.client = UCM_CLIENT_UNKNOWN, .at = UCM_TEST_NOW};
	struct ucm_system system;
	struct ucm_arena arena;
	struct ucm_audit audit;
	struct build build;
	size_t ceiling = 1;

	(void)state;
	build_clean(&build);
	plant_weak_key(&build);
	build_system(&build, &system);
	for (;; ceiling += 64) {
		int status;

		ucm_arena_init(&arena, NULL, ceiling);
		status = ucm_audit_run(&system, &options, &arena, &audit);
		assert_int_equal(status, arena.failed || status != 0 ? -1 : 0);
		ucm_arena_free(&arena);
		if (status == 0)
			break;
	}
	assert_true(ceiling > 1000);
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_planted_defect_is_found_alone),
	    cmocka_unit_test(every_rule_has_a_defect),
	    cmocka_unit_test(cells_are_listed_in_order),
	    cmocka_unit_test(one_client_can_be_audited_alone),
	    cmocka_unit_test(agents_are_named_in_one_finding),
	    cmocka_unit_test(findings_of_reading_are_taken_over),
	    cmocka_unit_test(lack_of_memory_is_reported),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
