/*
 * Defects: what is planted in a clean system, and exactly what the audit must say.
 */
#ifndef UCM_TEST_DEFECTS_H
#define UCM_TEST_DEFECTS_H

#include "unit/build_system.h"

#define EXPECTED 4
#define EDITS 8

#define ENGINE (UINT32_C(1) << UCM_AGENT_ENGINE)
#define LINUX (UINT32_C(1) << UCM_AGENT_UNIX_X64_LINUX)
#define UNIX_OTHER (UINT32_C(1) << UCM_AGENT_UNIX_OTHER)
#define VMS (UINT32_C(1) << UCM_AGENT_VMS)
#define ZOS (UINT32_C(1) << UCM_AGENT_ZOS)

/* The profiles that a row is for: 0 for both. */
enum { BOTH, COMPAT_ONLY, STRICT_ONLY };

struct expected {
	enum ucm_rule rule;
	int client;
	const char *object; /* NULL ends the list */
	const char *key;
};

struct defect {
	const char *sentence;
	struct build_edit edit[EDITS];
	void (*plant)(struct build *build);
	uint32_t agents; /* 0: the engine */
	struct ucm_release release;
	const char *without_cert;
	int profile;
	struct expected expected[EXPECTED];
};

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

#define ROW(c, o, k, v)                                                                            \
	{                                                                                          \
		.client = (c), .object = (o), .key = (k), .value = (v)                             \
	}
#define AT(r, c, o, k)                                                                             \
	{                                                                                          \
		.rule = (r), .client = (c), .object = (o), .key = (k)                              \
	}

static const struct defect defects[] = {
    {.sentence = "the clean system raises nothing"},

    /* Client 0 */
    {.sentence = "a certificate is needed and client 0 is missing",
	.plant = plant_no_client_0,
	.expected = {AT(UCM007, 100, SETTINGS, NULL)}},
    {.sentence = "inherited settings are needed and client 0 is missing",
	.plant = plant_no_client_0,
	.edit = {ROW(100, SETTINGS, "=gone", NULL)},
	.expected = {AT(UCM007, 100, SETTINGS, NULL)}},

    /* Missing values */
    {.sentence = "SMTP_SERVER is missing",
	.edit = {ROW(100, SETTINGS, "SMTP_SERVER", NULL)},
	.expected = {AT(UCM101, 100, SETTINGS, "SMTP_SERVER")}},
    {.sentence = "SMTP_SERVER is blank",
	.edit = {ROW(100, SETTINGS, "SMTP_SERVER", "  ")},
	.expected = {AT(UCM101, 100, SETTINGS, "SMTP_SERVER")}},
    {.sentence = "SMTP_SERVER of client 0 is missing, for client 100 too: told once",
	.edit = {ROW(0, SETTINGS, "SMTP_SERVER", NULL), ROW(100, SETTINGS, "=gone", NULL)},
	.expected = {AT(UCM101, 0, SETTINGS, "SMTP_SERVER"), AT(UCM304, 100, SETTINGS, NULL)}},
    {.sentence = "SMTP_FROM_ADDR is missing",
	.edit = {ROW(100, SETTINGS, "SMTP_FROM_ADDR", NULL)},
	.expected = {AT(UCM102, 100, SETTINGS, "SMTP_FROM_ADDR")}},
    {.sentence = "a blank row in UC_SMTP_ falls through to the client's settings",
	.edit = {ROW(100, EXTRA, "SMTP_FROM_ADDR", " ")},
	.expected = {AT(UCM305, 100, EXTRA, NULL)}},

    /* Values */
    {.sentence = "SMTP_FROM_ADDR is no address",
	.edit = {ROW(100, SETTINGS, "SMTP_FROM_ADDR", "nobody")},
	.expected = {AT(UCM103, 100, SETTINGS, "SMTP_FROM_ADDR")}},
    {.sentence = "SMTP_REPLY_TO is no address",
	.edit = {ROW(100, EXTRA, "SMTP_REPLY_TO", "a@b, c@d")},
	.expected = {AT(UCM103, 100, EXTRA, "SMTP_REPLY_TO")}},
    {.sentence = "SMTP_FROM_ADDR may have a display name",
	.edit = {ROW(100, SETTINGS, "SMTP_FROM_ADDR", "UC4 <uc4@example.com>")}},
    {.sentence = "SMTP_PROTOCOL is unknown, and nothing follows from it",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "SSL")},
	.expected = {AT(UCM104, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "SMTP_PROTOCOL is unknown to agents without TLS too",
	.agents = ENGINE | UNIX_OTHER,
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "SSL"), ROW(100, EXTRA, "=gone", NULL),
	    ROW(0, SETTINGS, "SMTP_PROTOCOL", "SSL")},
	.plant = plant_no_scripts,
	.expected = {AT(UCM104, 0, SETTINGS, "SMTP_PROTOCOL"),
	    AT(UCM104, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "TLS without a certificate",
	.edit = {ROW(100, SETTINGS, "SMTPS_CERT", NULL)},
	.expected = {AT(UCM105, 100, SETTINGS, "SMTPS_CERT")}},
    {.sentence = "no protocol, no certificate",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", NULL), ROW(100, SETTINGS, "SMTPS_CERT", NULL),
	    ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	.expected = {AT(UCM107, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "PLAIN with a certificate",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "PLAIN"),
	    ROW(100, SETTINGS, "SMTP_PORT", "25")},
	.expected = {AT(UCM106, 100, SETTINGS, "SMTPS_CERT"),
	    AT(UCM107, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "a server's PLAIN does not idle the client's certificate",
	.edit = {ROW(100, EXTRA, "SMTP_PROTOCOL", "PLAIN"), ROW(100, EXTRA, "SMTP_PORT", "25"),
	    ROW(100, EXTRA, "SMTPS_CERT", NULL)},
	.expected = {AT(UCM107, 100, EXTRA, "SMTP_PROTOCOL")}},
    {.sentence = "STARTTLS",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "STARTTLS"),
	    ROW(100, SETTINGS, "SMTP_PORT", NULL)},
	.expected = {AT(UCM108, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "a login in clear",
	.edit = {ROW(100, EXTRA, "SMTP_PROTOCOL", "PLAIN"), ROW(100, EXTRA, "SMTP_PORT", "25"),
	    ROW(100, EXTRA, "SMTPS_CERT", NULL), ROW(100, EXTRA, "SMTP_LOGIN", "MAIL.LOGIN")},
	.expected = {AT(UCM109, 100, EXTRA, "SMTP_LOGIN"),
	    AT(UCM107, 100, EXTRA, "SMTP_PROTOCOL")}},
    {.sentence = "SMTP_PORT is 0",
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", "0")},
	.expected = {AT(UCM110, 100, SETTINGS, "SMTP_PORT")}},
    {.sentence = "SMTP_PORT has a sign",
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", "+25")},
	.expected = {AT(UCM110, 100, SETTINGS, "SMTP_PORT")}},
    {.sentence = "SMTP_PORT overflows every integer",
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", "18446744073709551641")},
	.expected = {AT(UCM110, 100, SETTINGS, "SMTP_PORT")}},
    {.sentence = "SMTP_PORT of the client does not matter where the server's holds",
	.edit = {ROW(0, SETTINGS, "SMTP_PORT", "65536")},
	.expected = {AT(UCM110, 0, SETTINGS, "SMTP_PORT")}},
    {.sentence = "port 465 with STARTTLS",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "STARTTLS")},
	.expected = {AT(UCM111, 100, SETTINGS, "SMTP_PORT"),
	    AT(UCM108, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "port 25 with TLS",
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", "25")},
	.expected = {AT(UCM111, 100, SETTINGS, "SMTP_PORT")}},
    {.sentence = "port 587 with TLS is usual", .edit = {ROW(100, SETTINGS, "SMTP_PORT", "587")}},
    {.sentence = "SMTP_TIMEOUT is over 999",
	.edit = {ROW(100, SETTINGS, "SMTP_TIMEOUT", "1000")},
	.expected = {AT(UCM112, 100, SETTINGS, "SMTP_TIMEOUT")}},
    {.sentence = "SMTP_TIMEOUT may be 0", .edit = {ROW(100, SETTINGS, "SMTP_TIMEOUT", "0")}},
    {.sentence = "SMTP_MAX_ATTACHMENT_SIZE is under 400",
	.edit = {ROW(100, SETTINGS, "SMTP_MAX_ATTACHMENT_SIZE", "399")},
	.expected = {AT(UCM113, 100, SETTINGS, "SMTP_MAX_ATTACHMENT_SIZE")}},
    {.sentence = "a key that nobody knows",
	.edit = {ROW(100, SETTINGS, "SMTP_SERVR", "x")},
	.expected = {AT(UCM114, 100, SETTINGS, "SMTP_SERVR")}},
    {.sentence = "a key twice",
	.edit = {ROW(100, EXTRA, "=again", "smtp_server ")},
	.expected = {AT(UCM115, 100, EXTRA, "SMTP_SERVER")}},
    {.sentence = "a key three times is told once",
	.edit = {ROW(100, EXTRA, "=again", "SMTP_PORT"), ROW(100, EXTRA, "=again", "SMTP_PORT")},
	.expected = {AT(UCM115, 100, EXTRA, "SMTP_PORT")}},
    {.sentence = "an unknown key twice",
	.edit = {ROW(100, EXTRA, "=again", "SMTP_X"), ROW(100, EXTRA, "=again", "smtp_x")},
	.expected = {AT(UCM114, 100, EXTRA, "SMTP_X"), AT(UCM114, 100, EXTRA, "smtp_x"),
	    AT(UCM115, 100, EXTRA, "smtp_x")}},
    {.sentence = "a line break in a value, and no other finding of it",
	.edit = {ROW(100, SETTINGS, "SMTP_FROM_ADDR", "uc4@example.com\r\nRCPT TO:<x@y>")},
	.expected = {AT(UCM116, 100, SETTINGS, "SMTP_FROM_ADDR")}},
    {.sentence = "a line break at the end of a value",
	.edit = {ROW(100, SETTINGS, "SMTP_SERVER", "smtp.example.com\n")},
	.expected = {AT(UCM116, 100, SETTINGS, "SMTP_SERVER")}},
    {.sentence = "a C1 control character in a value",
	.edit = {ROW(100, SETTINGS, "SMTP_REPLY_TO", "uc4\xc2\x85@example.com")},
	.expected = {AT(UCM116, 100, SETTINGS, "SMTP_REPLY_TO")}},
    {.sentence = "a scheme in SMTP_SERVER",
	.edit = {ROW(100, SETTINGS, "SMTP_SERVER", "smtps://smtp.example.com")},
	.expected = {AT(UCM117, 100, SETTINGS, "SMTP_SERVER")}},
    {.sentence = "a Login object that is not there",
	.edit = {ROW(100, SETTINGS, "SMTP_LOGIN", "OTHER"),
	    ROW(100, EXTRA, "SMTP_LOGIN", "MAIL.LOGIN")},
	.expected = {AT(UCM118, 100, SETTINGS, "SMTP_LOGIN")}},
    {.sentence = "a Login object of client 0 in other case",
	.edit = {ROW(100, SETTINGS, "SMTP_LOGIN", "mail.login")}},
    {.sentence = "inputs without Login objects say nothing about them",
	.plant = plant_no_logins,
	.edit = {ROW(100, SETTINGS, "SMTP_LOGIN", "OTHER")}},
    {.sentence = "an unknown method",
	.edit = {ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "CRAM-MD5"),
	    ROW(100, EXTRA, "SMTP_AUTH_METHOD", "PASSWORD")},
	.expected = {AT(UCM119, 100, SETTINGS, "SMTP_AUTH_METHOD")}},
    {.sentence = "blanks around a value",
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", " 465")},
	.expected = {AT(UCM120, 100, SETTINGS, "SMTP_PORT")}},
    {.sentence = "a tab behind a value",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "TLS\t")},
	.expected = {AT(UCM120, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "a key that the release does not have yet",
	.release = {24, 0, 0},
	.edit = {ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "XOAUTH2")},
	.expected = {AT(UCM121, 100, SETTINGS, "SMTP_AUTH_METHOD")}},
    {.sentence = "the newest release has every key",
	.edit = {ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "XOAUTH2")}},
    {.sentence = "a protocol in small letters",
	.edit = {ROW(100, SETTINGS, "SMTP_PROTOCOL", "tls")},
	.expected = {AT(UCM122, 100, SETTINGS, "SMTP_PROTOCOL")}},
    {.sentence = "SMTP_FILE_ATTACHMENT is a word",
	.edit = {ROW(100, SETTINGS, "SMTP_FILE_ATTACHMENT", "YES")},
	.expected = {AT(UCM123, 100, SETTINGS, "SMTP_FILE_ATTACHMENT")}},

    /* Certificates */
    {.sentence = "a certificate that the store does not hold",
	.edit = {ROW(100, SETTINGS, "SMTPS_CERT", "CB")},
	.expected = {AT(UCM201, 100, SETTINGS, "SMTPS_CERT")}},
    {.sentence = "a certificate judged as if it were gone: each reference fails",
	.without_cert = "CA",
	.expected = {AT(UCM201, 0, SETTINGS, "SMTPS_CERT"), AT(UCM201, 100, SETTINGS, "SMTPS_CERT"),
	    AT(UCM201, 100, EXTRA, "SMTPS_CERT")}},
    {.sentence = "no store",
	.plant = plant_no_store,
	.expected = {AT(UCM202, 0, SETTINGS, "SMTPS_CERT"), AT(UCM202, 100, SETTINGS, "SMTPS_CERT"),
	    AT(UCM202, 100, EXTRA, "SMTPS_CERT")}},
    {.sentence = "a payload that is missing",
	.plant = plant_no_payload,
	.expected = {AT(UCM203, 0, STORE, "CA")}},
    {.sentence = "a payload of another checksum",
	.plant = plant_checksum,
	.expected = {AT(UCM204, 0, STORE, "CA")}},
    {.sentence = "a store without checksums", .plant = plant_no_checksum},
    {.sentence = "a payload that is no certificate",
	.plant = plant_garbage,
	.expected = {AT(UCM205, 0, STORE, "CA")}},
    {.sentence = "an expired certificate",
	.plant = plant_expired,
	.expected = {AT(UCM206, 0, STORE, "CA")}},
    {.sentence = "a certificate of the future",
	.plant = plant_future,
	.expected = {AT(UCM207, 0, STORE, "CA")}},
    {.sentence = "a certificate that expires in eleven days",
	.plant = plant_expiring,
	.expected = {AT(UCM208, 0, STORE, "CA")}},
    {.sentence = "a weak key", .plant = plant_weak_key, .expected = {AT(UCM209, 0, STORE, "CA")}},
    {.sentence = "a weak signature",
	.plant = plant_weak_signature,
	.expected = {AT(UCM210, 0, STORE, "CA")}},
    {.sentence = "a pinned certificate of another name",
	.plant = plant_other_name,
	.expected = {AT(UCM211, 0, SETTINGS, "SMTPS_CERT"), AT(UCM211, 100, SETTINGS, "SMTPS_CERT"),
	    AT(UCM211, 100, EXTRA, "SMTPS_CERT")}},
    {.sentence = "a pinned certificate of the right name", .plant = plant_right_name},
    {.sentence = "the CN counts in compat", .plant = plant_cn_only, .profile = COMPAT_ONLY},
    {.sentence = "the CN does not count in strict",
	.plant = plant_cn_only,
	.profile = STRICT_ONLY,
	.expected = {AT(UCM211, 0, SETTINGS, "SMTPS_CERT"), AT(UCM211, 100, SETTINGS, "SMTPS_CERT"),
	    AT(UCM211, 100, EXTRA, "SMTPS_CERT")}},
    {.sentence = "a private key beside the certificate",
	.plant = plant_private_key,
	.expected = {AT(UCM212, 0, STORE, "CA")}},
    {.sentence = "a private key alone",
	.plant = plant_key_alone,
	.expected = {AT(UCM212, 0, STORE, "CA")}},
    {.sentence = "a certificate that nobody names",
	.plant = plant_unused,
	.expected = {AT(UCM213, 0, STORE, "SPARE")}},
    {.sentence = "an expired certificate that nobody names",
	.plant = plant_unused_expired,
	.expected = {AT(UCM206, 0, STORE, "SPARE"), AT(UCM213, 0, STORE, "SPARE")}},
    {.sentence = "UC_TRUSTEDCERTS in client 100",
	.plant = plant_second_store,
	.expected = {AT(UCM214, 100, STORE, NULL)}},
    {.sentence = "a certificate for clients only",
	.plant = plant_wrong_usage,
	.expected = {AT(UCM215, 0, STORE, "CA")}},
    {.sentence = "a reference in other case",
	.edit = {ROW(100, SETTINGS, "SMTPS_CERT", "ca")},
	.expected = {AT(UCM216, 100, SETTINGS, "SMTPS_CERT")}},
    {.sentence = "a reference with blanks is not told twice",
	.edit = {ROW(100, SETTINGS, "SMTPS_CERT", " CA ")},
	.expected = {AT(UCM216, 100, SETTINGS, "SMTPS_CERT")}},
    {.sentence = "UC_TRUSTEDCERTS as a variable",
	.plant = plant_variable_store,
	.expected = {AT(UCM217, 0, STORE, NULL), AT(UCM202, 0, SETTINGS, "SMTPS_CERT"),
	    AT(UCM202, 100, SETTINGS, "SMTPS_CERT"), AT(UCM202, 100, EXTRA, "SMTPS_CERT")}},
    {.sentence = "UC_TRUSTEDCERTS as a variable beside the store",
	.plant = plant_variable_beside_store},
    {.sentence = "a bundle that is rolled over warns",
	.plant = plant_rollover,
	.expected = {AT(UCM206, 0, STORE, "CA")}},
    {.sentence = "a bundle without a good certificate",
	.plant = plant_all_bad,
	.expected = {AT(UCM206, 0, STORE, "CA"), AT(UCM207, 0, STORE, "CA")}},
    {.sentence = "a bundle with an anchor covers every name", .plant = plant_other_beside_anchor},
    {.sentence = "an expired anchor does not save a pinned certificate of another name",
	.plant = plant_two_others,
	.edit = {ROW(100, SETTINGS, "=gone", NULL), ROW(100, EXTRA, "=gone", NULL)},
	.expected = {AT(UCM206, 0, STORE, "CA"), AT(UCM211, 0, SETTINGS, "SMTPS_CERT"),
	    AT(UCM304, 100, SETTINGS, NULL), AT(UCM306, 100, "JOBS.MAIL", NULL)}},

    /* Agents */
    {.sentence = "an agent that cannot send",
	.agents = ENGINE | ZOS,
	.expected = {AT(UCM301, 0, SETTINGS, NULL), AT(UCM301, 100, SETTINGS, NULL),
	    AT(UCM301, 100, EXTRA, NULL)}},
    {.sentence = "agents that fall back to clear text",
	.agents = UNIX_OTHER | VMS,
	.expected = {AT(UCM302, 0, SETTINGS, "SMTP_PROTOCOL"),
	    AT(UCM302, 100, SETTINGS, "SMTP_PROTOCOL"), AT(UCM302, 100, EXTRA, "SMTP_PROTOCOL")}},
    {.sentence = "Linux agents do TLS", .agents = ENGINE | LINUX},
    {.sentence = "an agent without TLS looks at no port",
	.agents = UNIX_OTHER,
	.edit = {ROW(100, SETTINGS, "SMTP_PORT", "0"), ROW(100, SETTINGS, "SMTP_AUTH_METHOD", "X")},
	.expected = {AT(UCM302, 0, SETTINGS, "SMTP_PROTOCOL"),
	    AT(UCM302, 100, SETTINGS, "SMTP_PROTOCOL"), AT(UCM302, 100, EXTRA, "SMTP_PROTOCOL")}},

    /* Settings and scripts */
    {.sentence = "settings of client 0",
	.edit = {ROW(100, SETTINGS, "=gone", NULL)},
	.expected = {AT(UCM304, 100, SETTINGS, NULL)}},
    {.sentence = "a bad value of the client is no ambiguity of the server's variable",
	.edit = {ROW(100, SETTINGS, "SMTP_TIMEOUT", "x"), ROW(100, EXTRA, "SMTP_PORT", NULL)},
	.expected = {AT(UCM112, 100, SETTINGS, "SMTP_TIMEOUT")}},
    {.sentence = "the client's certificate fits the server in one reading only",
	.plant = plant_right_name,
	.edit = {ROW(100, EXTRA, "SMTP_SERVER", "other.example.com"),
	    ROW(100, EXTRA, "SMTP_PROTOCOL", NULL), ROW(100, EXTRA, "SMTPS_CERT", NULL)},
	.expected = {AT(UCM211, 100, SETTINGS, "SMTPS_CERT"), AT(UCM305, 100, EXTRA, NULL)},
	.profile = COMPAT_ONLY},
    {.sentence = "a server's variable that says only part",
	.edit = {ROW(100, EXTRA, "SMTP_FROM_ADDR", NULL)},
	.expected = {AT(UCM305, 100, EXTRA, NULL)}},
    {.sentence = "a script names a server that is not there",
	.plant = plant_missing_server,
	.expected = {AT(UCM306, 100, "JOBS.MAIL", NULL)}},
    {.sentence = "a script names a server of client 0, in small letters",
	.plant = plant_server_of_client_0},
    {.sentence = "no script names the server",
	.plant = plant_unnamed_server,
	.expected = {AT(UCM307, 100, EXTRA, NULL)}},
    {.sentence = "a computed name may be any", .plant = plant_computed_server},
    {.sentence = "inputs without scripts say nothing about servers", .plant = plant_no_scripts},
    {.sentence = "a server's name with a blank",
	.plant = plant_misnamed,
	.expected = {AT(UCM308, 100, "UC_SMTP_BAD NAME", NULL)}},
    {.sentence = "a server without a name",
	.plant = plant_empty_name,
	.expected = {AT(UCM308, 100, "UC_SMTP_", NULL)}},
    {.sentence = "a subject of 256 characters",
	.plant = plant_subject,
	.expected = {AT(UCM309, 100, "JOBS.MAIL", NULL)}},
    {.sentence = "a subject of 255 characters in 260 octets", .plant = plant_longest_subject},
    {.sentence = "settings of another type than STATIC, and nothing else of them",
	.edit = {ROW(100, SETTINGS, "=type", "SQL"), ROW(100, EXTRA, "=gone", NULL)},
	.plant = plant_no_scripts,
	.expected = {AT(UCM310, 100, SETTINGS, NULL)}},
    {.sentence = "an empty SQL variable does not inherit",
	.edit = {ROW(100, EXTRA, "=type", "SQLI"), ROW(100, EXTRA, "SMTP_SERVER", NULL)},
	.expected = {AT(UCM310, 100, EXTRA, NULL)}},
};

#endif
