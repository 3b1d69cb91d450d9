/*
 * Systems for tests: a clean one, and edits that plant a defect in it.
 *
 * The clean system raises nothing for the engine in either profile:
 *   client 0     UC_CLIENT_SETTINGS by TLS to smtp.example.com:465; UC_TRUSTEDCERTS with CA; a
 * Login client 100   the same settings of its own, UC_SMTP_EXTRA with all of them, a script that
 * names it
 */
#ifndef UCM_BUILD_SYSTEM_H
#define UCM_BUILD_SYSTEM_H

#include <stdio.h>
#include <string.h>

#include "policy/cert.h"
#include "policy/decide.h"
#include "policy/text.h"

#include "unit/test_certs.h"

#define BUILD_VARIABLES 8
#define BUILD_ROWS 16
#define BUILD_RESOURCES 4
#define BUILD_CALLS 4

#define SETTINGS "UC_CLIENT_SETTINGS"
#define EXTRA "UC_SMTP_EXTRA"
#define STORE "UC_TRUSTEDCERTS"

struct build_row {
	const char *name;
	const char *value;
};

struct build_variable {
	int client;
	const char *name; /* NULL: not there */
	const char *type;
	struct build_row row[BUILD_ROWS];
};

struct build_resource {
	const char *name; /* NULL: not there */
	const char *payload; /* NULL: not among the inputs */
	const char *checksum; /* NULL: the right one */
};

struct build_call {
	int client;
	const char *object; /* NULL: not there */
	const char *server;
	int server_computed;
	const char *subject;
};

struct build {
	struct build_variable variable[BUILD_VARIABLES];
	struct build_resource resource[BUILD_RESOURCES];
	struct build_call call[BUILD_CALLS];
	int no_store;
	int store_client;
	int no_client_0;
	const char *login; /* of client 0; NULL: the input has no Login objects */
	const char *login_user;
};

/* One change: sets a row (value NULL: removes it). The key may be "=type", "=gone" (the variable is
 * removed) or "=again" (value: a key whose row comes a second time). */
struct build_edit {
	int client;
	const char *object; /* NULL ends a list */
	const char *key;
	const char *value;
};

static const struct build_row build_clean_rows[] = {
    {"SMTP_SERVER", "smtp.example.com"},
    {"SMTP_FROM_ADDR", "uc4@example.com"},
    {"SMTP_PORT", "465"},
    {"SMTP_PROTOCOL", "TLS"},
    {"SMTPS_CERT", "CA"},
};

static inline void build_clean(struct build *build)
{
	static const struct build_variable clean[] = {
	    {.client = 0, .name = SETTINGS, .type = "STATIC"},
	    {.client = 100, .name = SETTINGS, .type = "STATIC"},
	    {.client = 100, .name = EXTRA, .type = "STATIC"},
	};

	memset(build, 0, sizeof(*build));
	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++) {
		build->variable[i] = clean[i];
		memcpy(build->variable[i].row, build_clean_rows, sizeof(build_clean_rows));
	}
	build->resource[0] = (struct build_resource){"CA", CERT_CA, NULL};
	build->call[0] = (struct build_call){100, "JOBS.MAIL", "EXTRA", 0, "Report"};
	build->login = "MAIL.LOGIN";
	build->login_user = "mailer";
}

static inline struct build_variable *build_find(struct build *build, int client, const char *name)
{
	for (size_t i = 0; i < BUILD_VARIABLES; i++) {
		struct build_variable *variable = &build->variable[i];

		if (variable->name == NULL) {
			variable->client = client;
			variable->name = name;
			variable->type = "STATIC";
		}
		if (variable->client == client && strcmp(variable->name, name) == 0)
			return variable;
	}
	fail_msg("no room for %s", name);
	return NULL;
}

static inline void build_add_row(
    struct build_variable *variable, const char *key, const char *value)
{
	for (size_t i = 0; i < BUILD_ROWS; i++) {
		if (variable->row[i].name == NULL) {
			variable->row[i] = (struct build_row){key, value};
			return;
		}
	}
	fail_msg("no room for %s", key);
}

static inline void build_set_row(
    struct build_variable *variable, const char *key, const char *value)
{
	size_t i = 0;

	while (i < BUILD_ROWS && variable->row[i].name != NULL &&
	       strcmp(variable->row[i].name, key) != 0)
		i++;
	if (i < BUILD_ROWS && variable->row[i].name != NULL && value != NULL) {
		variable->row[i].value = value;
	} else if (i < BUILD_ROWS && variable->row[i].name != NULL) {
		memmove(&variable->row[i], &variable->row[i + 1],
		    (BUILD_ROWS - i - 1) * sizeof(variable->row[0]));
		variable->row[BUILD_ROWS - 1] = (struct build_row){NULL, NULL};
	} else if (value != NULL) {
		build_add_row(variable, key, value);
	}
}

static inline void build_edit(struct build *build, const struct build_edit *edit)
{
	for (; edit->object != NULL; edit++) {
		struct build_variable *variable = build_find(build, edit->client, edit->object);

		if (edit->key == NULL)
			continue;
		if (strcmp(edit->key, "=type") == 0)
			variable->type = edit->value;
		else if (strcmp(edit->key, "=gone") == 0)
			variable->client = -2;
		else if (strcmp(edit->key, "=again") == 0)
			build_add_row(variable, edit->value, "again");
		else
			build_set_row(variable, edit->key, edit->value);
	}
}

static inline void build_add_variable(
    struct ucm_system *system, const struct build_variable *from, unsigned line)
{
	struct ucm_variable *variable = ucm_system_add_variable(system);

	assert_non_null(variable);
	variable->client = from->client;
	variable->name = from->name;
	variable->type = from->type;
	variable->file = ucm_arena_format(&system->arena, "%04d/%s.xml", from->client, from->name);
	variable->line = line;
	variable->column = 1;
	for (size_t i = 0; i < BUILD_ROWS && from->row[i].name != NULL; i++) {
		struct ucm_row *row = ucm_variable_add_row(system, variable);

		assert_non_null(row);
		row->name = from->row[i].name;
		row->value = from->row[i].value;
		row->line = line + 1 + (unsigned)i;
		row->column = 20;
	}
	assert_int_equal(ucm_system_see_client(system, from->client), 0);
}

static inline void build_add_store(struct ucm_system *system, const struct build *build)
{
	struct ucm_store *store = ucm_system_add_store(system);

	assert_non_null(store);
	store->client = build->store_client;
	store->name = STORE;
	store->file = "0000/UC_TRUSTEDCERTS.xml";
	store->line = 3;
	for (size_t i = 0; i < BUILD_RESOURCES; i++) {
		const struct build_resource *from = &build->resource[i];
		struct ucm_resource *resource;
		unsigned char digest[32];
		char hex[65];

		if (from->name == NULL)
			continue;
		resource = ucm_store_add_resource(system, store);
		assert_non_null(resource);
		resource->name = from->name;
		resource->resname = from->name;
		resource->checksum = from->checksum;
		resource->line = 10 + (unsigned)i;
		resource->column = 5;
		if (from->payload == NULL)
			continue;
		resource->payload = (const unsigned char *)from->payload;
		resource->payload_size = strlen(from->payload);
		ucm_sha256(from->payload, resource->payload_size, digest);
		ucm_hex(digest, sizeof(digest), hex);
		if (from->checksum == NULL)
			resource->checksum = ucm_arena_string(&system->arena, hex);
	}
	assert_int_equal(ucm_system_see_client(system, store->client), 0);
}

static inline void build_add_calls(struct ucm_system *system, const struct build *build)
{
	for (size_t i = 0; i < BUILD_CALLS; i++) {
		const struct build_call *from = &build->call[i];
		struct ucm_call *call;

		if (from->object == NULL)
			continue;
		call = ucm_system_add_call(system);
		assert_non_null(call);
		call->client = from->client;
		call->object = from->object;
		call->file = "0100/JOBS.MAIL.xml";
		call->line = 40 + (unsigned)i;
		call->column = 2;
		call->server = from->server;
		call->server_computed = from->server_computed;
		call->server_line = call->line;
		call->server_column = 30;
		call->subject = from->subject;
		call->subject_line = call->line;
		call->subject_column = 12;
		system->has_scripts = 1;
		assert_int_equal(ucm_system_see_client(system, call->client), 0);
	}
}

/* Makes a finished system of it. The caller frees. */
static inline void build_system(const struct build *build, struct ucm_system *system)
{
	ucm_system_init(system, NULL, 0);
	for (size_t i = 0; i < BUILD_VARIABLES; i++) {
		const struct build_variable *variable = &build->variable[i];

		if (variable->name == NULL || variable->client < 0 ||
		    (build->no_client_0 && variable->client == 0))
			continue;
		build_add_variable(system, variable, 100 * (unsigned)(i + 1));
	}
	if (!build->no_store && !(build->no_client_0 && build->store_client == 0))
		build_add_store(system, build);
	build_add_calls(system, build);
	if (build->login != NULL && !build->no_client_0) {
		struct ucm_login *login = ucm_system_add_login(system);

		assert_non_null(login);
		login->client = 0;
		login->name = build->login;
		login->user = build->login_user;
	}
	assert_int_equal(ucm_system_finish(system), 0);
}

static inline int build_same_text(const char *left, const char *right)
{
	return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

#endif
