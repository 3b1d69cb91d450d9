/* A system with one of everything, and its snapshot. */
#include "config.h"

#include "unit/snapshot_system.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/agents.h"
#include "policy/text.h"

char *written(const struct ucm_system *system, size_t *size)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, size);

	assert_non_null(out);
	if (ucm_snapshot_write(system, out, &error) < 0)
		fail_msg("%s", error.text);
	fclose(out);
	return bytes;
}

char *with_head(const char *body, size_t length, size_t *size)
{
	unsigned char digest[32];
	char hex[65], *text = malloc(length + 128);
	int head;

	assert_non_null(text);
	ucm_sha256(body, length, digest);
	ucm_hex(digest, sizeof(digest), hex);
	head = snprintf(text, 128, "ucmail-snapshot 1\nsha256 %s\n", hex);
	memcpy(text + head, body, length);
	*size = (size_t)head + length;
	return text;
}

int read_bytes(
    struct ucm_system *system, const char *bytes, size_t size, struct ucm_error *error)
{
	/* A copy of exactly this size, so that a tool sees each byte read behind it. */
	char *copy = malloc(size + !size);
	int result;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	memset(error, 0, sizeof(*error));
	ucm_system_init(system, NULL, 0);
	result = ucm_snapshot_read(system, copy, size, "s.txt", error);
	free(copy);
	return result;
}

void add_row(struct ucm_system *system, struct ucm_variable *variable, const char *name,
    const char *value, unsigned line)
{
	struct ucm_row *row = ucm_variable_add_row(system, variable);

	row->name = name;
	row->value = value;
	row->line = line;
	row->column = 21;
	row->name_column = 10;
	row->excerpt = "<row/>";
}

struct ucm_variable *add_variable(struct ucm_system *system, int client, const char *name)
{
	struct ucm_variable *variable = ucm_system_add_variable(system);

	variable->client = client;
	variable->name = name;
	variable->type = "STATIC";
	variable->file = "PROD - 0100/settings.xml";
	variable->line = 3;
	variable->column = 2;
	ucm_system_see_client(system, client);
	return variable;
}

static void add_store(struct ucm_system *system, const char *pem, size_t size)
{
	struct ucm_store *store = ucm_system_add_store(system);
	struct ucm_resource *resource;

	store->client = 0;
	store->name = UCM_TRUSTEDCERTS_NAME;
	store->file = "0000/\"the\" store\\\xFF.xml";
	store->line = 8;
	store->column = 1;
	resource = ucm_store_add_resource(system, store);
	resource->name = "MAIL_CA";
	resource->resname = "MAIL_CA.pem";
	resource->checksum = "00ff";
	resource->line = 9;
	resource->column = 12;
	resource->payload = (const unsigned char *)pem;
	resource->payload_size = size;
	resource->payload_file = "0000/MAIL_CA.pem";
	resource = ucm_store_add_resource(system, store);
	resource->name = "GONE";
	resource = ucm_store_add_resource(system, store);
	resource->name = "EMPTY";
	resource->payload = (const unsigned char *)"";
}

static void add_call(struct ucm_system *system)
{
	struct ucm_call *call = ucm_system_add_call(system);

	call->client = 100;
	call->object = "JOBS.MAIL";
	call->file = "0100/jobs.xml";
	call->line = 70;
	call->column = 12;
	call->server = "MYSERVER1";
	call->server_line = 71;
	call->server_column = 4;
	call->subject_computed = 1;
	call->subject_line = 70;
	call->subject_column = 33;
}

void add_finding(struct ucm_system *system, int demoted)
{
	const struct ucm_finding finding = {.rule = UCM003,
	    .place = {.client = UCM_CLIENT_UNKNOWN, .file = "0000/other.xml", .line = 1},
	    .argument = {"html"},
	    .demoted = demoted};

	assert_int_equal(ucm_findings_add(&system->findings, &finding), 0);
}

void make_system(struct ucm_system *system, const char *pem, size_t size)
{
	struct ucm_variable *variable;
	struct ucm_login *login;

	ucm_system_init(system, NULL, 0);
	variable = add_variable(system, 100, UCM_CLIENT_SETTINGS_NAME);
	add_row(system, variable, "SMTP_SERVER", " mail.example.com ", 5);
	add_row(system, variable, "SMTP_FROM_ADDR", "J\xC3\xBCrgen \"J\" <a\\b@c.example>", 6);
	add_row(system, variable, "SMTP_LOGIN", "a\r\n\x7F\x01z", 7);
	add_row(system, variable, "SMTP_LOGIN", "", 8);
	add_variable(system, 0, "UC_SMTP_MYSERVER1")->type = "";
	add_store(system, pem, size);
	add_call(system);
	login = ucm_system_add_login(system);
	login->client = 0;
	login->name = "MAIL.LOGIN";
	login->user = "jobs";
	ucm_system_add_login(system)->name = "OTHER";
	add_finding(system, 1);
	ucm_system_see_client(system, 9999);
	system->has_scripts = 1;
	system->job_agents = 1u << UCM_AGENT_WINDOWS | 1u << UCM_AGENT_UNIX_X64_LINUX;
	system->objects = 12;
	system->files = 3;
	system->bytes = 5000000000ULL;
	assert_int_equal(ucm_system_finish(system), 0);
}
