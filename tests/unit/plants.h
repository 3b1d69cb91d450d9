/*
 * Plants: changes of the clean system that are more than a row.
 */
#ifndef UCM_TEST_PLANTS_H
#define UCM_TEST_PLANTS_H

#include "unit/build_system.h"

static void set_resource(struct build *build, const char *name, const char *payload)
{
	for (size_t i = 0; i < BUILD_RESOURCES; i++) {
		if (build->resource[i].name == NULL || strcmp(build->resource[i].name, name) == 0) {
			build->resource[i] = (struct build_resource){name, payload, NULL};
			return;
		}
	}
	fail_msg("no room for %s", name);
}

static void plant_no_store(struct build *build)
{
	build->no_store = 1;
}

static void plant_second_store(struct build *build)
{
	(void)build_find(build, 100, STORE);
}

static void plant_no_payload(struct build *build)
{
	build->resource[0].payload = NULL;
}

static void plant_checksum(struct build *build)
{
	build->resource[0].checksum =
	    "0000000000000000000000000000000000000000000000000000000000000000";
}

static void plant_no_checksum(struct build *build)
{
	build->resource[0].checksum = "";
}

static void plant_garbage(struct build *build)
{
	set_resource(build, "CA", "no certificate");
}

static void plant_expired(struct build *build)
{
	set_resource(build, "CA", CERT_EXPIRED);
}

static void plant_future(struct build *build)
{
	set_resource(build, "CA", CERT_FUTURE);
}

static void plant_expiring(struct build *build)
{
	set_resource(build, "CA", CERT_EXPIRING);
}

static void plant_weak_key(struct build *build)
{
	set_resource(build, "CA", CERT_WEAK_KEY);
}

static void plant_weak_signature(struct build *build)
{
	set_resource(build, "CA", CERT_WEAK_SIGNATURE);
}

static void plant_other_name(struct build *build)
{
	set_resource(build, "CA", CERT_OTHER);
}

static void plant_right_name(struct build *build)
{
	set_resource(build, "CA", CERT_SERVER);
}

static void plant_cn_only(struct build *build)
{
	set_resource(build, "CA", CERT_CN_ONLY);
}

static void plant_private_key(struct build *build)
{
	set_resource(build, "CA", CERT_CA FAKE_PRIVATE_KEY);
}

static void plant_key_alone(struct build *build)
{
	set_resource(build, "CA", FAKE_PRIVATE_KEY);
}

static void plant_wrong_usage(struct build *build)
{
	set_resource(build, "CA", CERT_WRONG_USAGE);
}

static void plant_unused(struct build *build)
{
	set_resource(build, "SPARE", CERT_CA);
}

static void plant_unused_expired(struct build *build)
{
	set_resource(build, "SPARE", CERT_EXPIRED);
}

static void plant_rollover(struct build *build)
{
	set_resource(build, "CA", CERT_EXPIRED CERT_CA);
}

static void plant_all_bad(struct build *build)
{
	set_resource(build, "CA", CERT_EXPIRED CERT_FUTURE);
}

static void plant_other_beside_anchor(struct build *build)
{
	set_resource(build, "CA", CERT_OTHER CERT_CA);
}

static void plant_two_others(struct build *build)
{
	set_resource(build, "CA", CERT_OTHER CERT_EXPIRED);
}

static void plant_variable_store(struct build *build)
{
	build->no_store = 1;
	(void)build_find(build, 0, STORE);
}

static void plant_variable_beside_store(struct build *build)
{
	(void)build_find(build, 0, STORE);
}

static void plant_no_logins(struct build *build)
{
	build->login = NULL;
}

static void plant_no_client_0(struct build *build)
{
	build->no_client_0 = 1;
}

static void plant_missing_server(struct build *build)
{
	build->call[1] = (struct build_call){100, "JOBS.MAIL", "NOWHERE", 0, NULL};
}

static void plant_server_of_client_0(struct build *build)
{
	struct build_variable *variable = build_find(build, 0, "UC_SMTP_SHARED");

	memcpy(variable->row, build_clean_rows, sizeof(build_clean_rows));
	build->call[1] = (struct build_call){100, "JOBS.MAIL", "shared", 0, NULL};
}

static void plant_unnamed_server(struct build *build)
{
	build->call[0].server = "";
}

static void plant_computed_server(struct build *build)
{
	build->call[0].server = NULL;
	build->call[0].server_computed = 1;
}

static void plant_computed_shared(struct build *build)
{
	plant_server_of_client_0(build);
	build->call[1].server = NULL;
	build->call[1].server_computed = 1;
}

static void plant_no_scripts(struct build *build)
{
	build->call[0].object = NULL;
}

static void plant_misnamed(struct build *build)
{
	struct build_variable *variable = build_find(build, 100, "UC_SMTP_BAD NAME");

	memcpy(variable->row, build_clean_rows, sizeof(build_clean_rows));
	build->call[1] = (struct build_call){100, "JOBS.MAIL", "BAD NAME", 0, NULL};
}

static void plant_empty_name(struct build *build)
{
	(void)build_find(build, 100, "UC_SMTP_");
}

#define FIFTY "12345678901234567890123456789012345678901234567890"

static void plant_subject(struct build *build)
{
	build->call[0].subject = FIFTY FIFTY FIFTY FIFTY FIFTY "123456";
}

static void plant_longest_subject(struct build *build)
{
	build->call[0].subject = FIFTY FIFTY FIFTY FIFTY FIFTY "äöüßé";
}

#endif
