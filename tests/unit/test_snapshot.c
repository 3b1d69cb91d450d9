/*
 * Tests of xml/snapshot.h.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/agents.h"
#include "policy/cert.h"
#include "policy/text.h"
#include "unit/certs.h"
#include "xml/snapshot.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- Systems and bytes --------------------------------------------------------------------- */

static char *written(const struct ucm_system *system, size_t *size)
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

/* A head with the right digest before these records. */
static char *with_head(const char *body, size_t length, size_t *size)
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

static int read_bytes(
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

static void add_row(struct ucm_system *system, struct ucm_variable *variable, const char *name,
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

static struct ucm_variable *add_variable(struct ucm_system *system, int client, const char *name)
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

static void add_finding(struct ucm_system *system, int demoted)
{
	const struct ucm_finding finding = {.rule = UCM003,
	    .place = {.client = UCM_CLIENT_UNKNOWN, .file = "0000/other.xml", .line = 1},
	    .argument = {"html"},
	    .demoted = demoted};

	assert_int_equal(ucm_findings_add(&system->findings, &finding), 0);
}

/* A system with one of everything. */
static void make_system(struct ucm_system *system, const char *pem, size_t size)
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

/* ---- Round trip ---------------------------------------------------------------------------- */

static void assert_same_text(const char *left, const char *right)
{
	assert_int_equal(!left, !right);
	if (left)
		assert_string_equal(left, right);
}

static void assert_same_variables(const struct ucm_variable *a, const struct ucm_variable *b)
{
	for (; a && b; a = a->next, b = b->next) {
		const struct ucm_row *r = a->rows, *s = b->rows;

		assert_int_equal(a->client, b->client);
		assert_string_equal(a->name, b->name);
		assert_string_equal(a->type, b->type);
		assert_string_equal(a->file, b->file);
		assert_int_equal(a->line, b->line);
		assert_int_equal(a->column, b->column);
		for (; r && s; r = r->next, s = s->next) {
			assert_string_equal(r->name, s->name);
			assert_string_equal(r->value, s->value);
			assert_int_equal(r->line, s->line);
			assert_int_equal(r->column, s->column);
			assert_int_equal(r->name_column, s->name_column);
			assert_null(s->excerpt);
		}
		assert_true(!r && !s);
	}
	assert_true(!a && !b);
}

static void assert_same_stores(const struct ucm_store *a, const struct ucm_store *b)
{
	const struct ucm_resource *r = a->resources, *s = b->resources;

	assert_string_equal(a->name, b->name);
	assert_string_equal(a->file, b->file);
	assert_int_equal(a->client, b->client);
	assert_int_equal(a->line, b->line);
	for (; r && s; r = r->next, s = s->next) {
		assert_string_equal(r->name, s->name);
		assert_same_text(r->resname, s->resname);
		assert_same_text(r->checksum, s->checksum);
		assert_same_text(r->payload_file, s->payload_file);
		assert_int_equal(r->line, s->line);
		assert_int_equal(r->column, s->column);
		assert_int_equal(!r->payload, !s->payload);
		assert_int_equal(r->payload_size, s->payload_size);
		if (r->payload_size)
			assert_memory_equal(r->payload, s->payload, r->payload_size);
		assert_memory_equal(r->sha256, s->sha256, 32);
		if (r->bundle)
			assert_int_equal(r->bundle->count, s->bundle->count);
	}
	assert_true(!r && !s && !a->next && !b->next);
}

static void assert_same_rest(const struct ucm_system *a, const struct ucm_system *b)
{
	const struct ucm_call *c = a->calls, *d = b->calls;
	const struct ucm_login *l = a->logins, *m = b->logins;

	assert_string_equal(c->object, d->object);
	assert_string_equal(c->file, d->file);
	assert_int_equal(c->client, d->client);
	assert_int_equal(c->line, d->line);
	assert_int_equal(c->column, d->column);
	assert_string_equal(c->server, d->server);
	assert_int_equal(c->server_computed, d->server_computed);
	assert_int_equal(c->server_line, d->server_line);
	assert_int_equal(c->server_column, d->server_column);
	assert_same_text(c->subject, d->subject);
	assert_int_equal(c->subject_computed, d->subject_computed);
	assert_int_equal(c->subject_line, d->subject_line);
	assert_int_equal(c->subject_column, d->subject_column);
	for (; l && m; l = l->next, m = m->next) {
		assert_int_equal(l->client, m->client);
		assert_string_equal(l->name, m->name);
		assert_same_text(l->user, m->user);
	}
	assert_true(!l && !m && !d->next);
	assert_int_equal(a->has_logins, b->has_logins);
	assert_int_equal(a->has_scripts, b->has_scripts);
	assert_int_equal(a->job_agents, b->job_agents);
	assert_int_equal(a->objects, b->objects);
	assert_int_equal(a->files, b->files);
	assert_true(a->bytes == b->bytes);
	assert_int_equal(a->client_count, b->client_count);
	assert_memory_equal(a->clients, b->clients, a->client_count * sizeof(*a->clients));
	assert_int_equal(b->findings.count, 1);
	assert_int_equal(ucm_finding_compare(a->findings.row, b->findings.row), 0);
	assert_int_equal(b->findings.row[0].demoted, 1);
}

static void everything_survives_a_round_trip(void **state)
{
	struct ucm_system first, second;
	struct ucm_error error;
	char pem[CERT_FILE_MAX], *bytes, *again;
	size_t size, size_again, pem_size = read_pem("ca", pem);

	(void)state;
	make_system(&first, pem, pem_size);
	bytes = written(&first, &size);
	assert_true(ucm_snapshot_is(bytes, size));
	if (read_bytes(&second, bytes, size, &error) < 0)
		fail_msg("%s", error.text);
	assert_same_variables(first.variables, second.variables);
	assert_same_stores(first.stores, second.stores);
	assert_same_rest(&first, &second);
	assert_ptr_equal(second.variables->file, second.variables->next->file);
	again = written(&second, &size_again);
	assert_int_equal(size, size_again);
	assert_memory_equal(bytes, again, size);
	for (size_t i = 0; i < size; i++)
		assert_true((bytes[i] >= ' ' && bytes[i] != 0x7F) || bytes[i] == '\n' ||
			    bytes[i] == '\t' || (unsigned char)bytes[i] >= 0x80);
	free(bytes);
	free(again);
	ucm_system_free(&first);
	ucm_system_free(&second);
}

static void an_empty_system_survives(void **state)
{
	struct ucm_system first, second;
	struct ucm_error error;
	size_t size;
	char *bytes;

	(void)state;
	ucm_system_init(&first, NULL, 0);
	assert_int_equal(ucm_system_finish(&first), 0);
	bytes = written(&first, &size);
	assert_int_equal(read_bytes(&second, bytes, size, &error), 0);
	assert_int_equal(second.client_count, 0);
	assert_null(second.variables);
	free(bytes);
	ucm_system_free(&first);
	ucm_system_free(&second);
}

static void all_clients_fit(void **state)
{
	struct ucm_system first, second;
	struct ucm_error error;
	size_t size;
	char *bytes;

	(void)state;
	ucm_system_init(&first, NULL, 0);
	for (int client = 0; client <= UCM_CLIENT_MAX; client++)
		add_row(&first, add_variable(&first, client, UCM_CLIENT_SETTINGS_NAME),
		    "SMTP_SERVER", "mail.example.com", 5);
	assert_int_equal(ucm_system_finish(&first), 0);
	bytes = written(&first, &size);
	assert_int_equal(read_bytes(&second, bytes, size, &error), 0);
	assert_int_equal(second.client_count, UCM_CLIENT_MAX + 1);
	assert_same_variables(first.variables, second.variables);
	free(bytes);
	ucm_system_free(&first);
	ucm_system_free(&second);
}

static void a_system_not_read_whole_is_not_written(void **state)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;
	char *bytes = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&bytes, &size);

	(void)state;
	assert_non_null(out);
	ucm_system_init(&system, NULL, 0);
	add_finding(&system, 0);
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(ucm_snapshot_write(&system, out, &error), -1);
	fclose(out);
	assert_int_equal(size, 0);
	assert_int_equal(error.class, UCM_CLASS_INPUT);
	assert_non_null(strstr(error.text, "0000/other.xml"));
	assert_non_null(strstr(error.text, "UCM003"));
	free(bytes);
	ucm_system_free(&system);
}

static void a_full_disk_is_told(void **state)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	ucm_system_init(&system, NULL, 0);
	assert_int_equal(ucm_system_finish(&system), 0);
	assert_int_equal(ucm_snapshot_write(&system, out, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_IO);
	fclose(out);
	ucm_system_free(&system);
}

/* ---- Damage -------------------------------------------------------------------------------- */

static void assert_refused(const char *what, const char *bytes, size_t size, const char *why)
{
	struct ucm_system system;
	struct ucm_error error;

	if (read_bytes(&system, bytes, size, &error) == 0)
		fail_msg("%s: accepted", what);
	assert_int_equal(error.class, UCM_CLASS_INPUT);
	if (strncmp(error.text, "s.txt:", 6) != 0 || strchr(error.text, '\n') ||
	    !strstr(error.text, why))
		fail_msg("%s: %s", what, error.text);
	ucm_system_free(&system);
}

static void wrong_records_are_refused(void **state)
{
	static const struct {
		const char *what, *body, *why;
	} rows[] = {
	    {"unknown record", "x 1\nend\n", "3: this kind of record"},
	    {"unknown record behind a known one", "client 1\nclients 1\nend\n", "4: this kind"},
	    {"empty line", "\nend\n", "3: this kind"},
	    {"blank before a record", " client 1\nend\n", "3: this kind"},
	    {"no end", "client 1\n", "cut short"},
	    {"nothing", "", "cut short"},
	    {"end without a line end", "client 1\nend", "cut short"},
	    {"end twice", "end\nend\n", "not the last"},
	    {"end with a field", "end 1\nx\nend\n", "3: the fields"},
	    {"number missing", "client\nend\n", "3: the fields"},
	    {"number empty", "client \nend\n", "3: the fields"},
	    {"number with a sign", "client -1\nend\n", "3: the fields"},
	    {"number with a zero", "client 01\nend\n", "3: the fields"},
	    {"number with letters", "client 1a\nend\n", "3: the fields"},
	    {"two numbers", "client 1 2\nend\n", "3: the fields"},
	    {"two blanks", "client  1\nend\n", "3: the fields"},
	    {"CR", "client 1\r\nend\n", "3: the fields"},
	    {"client too large", "client 10000\nend\n", "3: the fields"},
	    {"number too large", "objects 18446744073709551616\nend\n", "3: the fields"},
	    {"line too large", "variable 1 \"A\" \"\" - 4294967296 1\nend\n", "3: the fields"},
	    {"flag", "has-scripts 2\nend\n", "3: the fields"},
	    {"text for a number", "client \"1\"\nend\n", "3: the fields"},
	    {"number for a text", "login 1 1 -\nend\n", "3: the fields"},
	    {"name missing", "login 1 - -\nend\n", "3: the fields"},
	    {"field missing", "login 1 \"A\"\nend\n", "3: the fields"},
	    {"text not closed", "login 1 \"A -\nend\n", "3: the fields"},
	    {"quote escaped", "login 1 \"A\\\" -\nend\n", "3: the fields"},
	    {"escape of nothing", "login 1 \"\\\nend\n", "3: the fields"},
	    {"unknown escape", "login 1 \"\\n\" -\nend\n", "3: the fields"},
	    {"escape in upper case", "login 1 \"\\xFF\" -\nend\n", "3: the fields"},
	    {"escape cut", "login 1 \"\\x0\" -\nend\n", "3: the fields"},
	    {"half a character escaped", "login 1 \"a\\x8a\" -\nend\n", "3: the fields"},
	    {"NUL escaped", "login 1 \"\\x00\" -\nend\n", "3: the fields"},
	    {"control character", "login 1 \"\x01\" -\nend\n", "3: the fields"},
	    {"no UTF-8", "login 1 \"\xFF\" -\nend\n", "3: the fields"},
	    {"UTF-8 cut by the quote", "login 1 \"\xC3\" -\nend\n", "3: the fields"},
	    {"no UTF-8 elsewhere", "\xFF\nend\n", "3: this kind"},
	    {"row before a variable", "\trow \"A\" \"B\" 1 1 1\nend\n", "3: a row"},
	    {"resource before a store", "\tresource \"A\" - - 1 1\nend\n", "3: a resource"},
	    {"payload before a resource", "store 0 \"A\" - 1 1\n\t\tpayload - 0\nend\n",
		"4: a payload"},
	    {"payload of an earlier store",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\nstore 1 \"A\" - 1 1\n"
		"\t\tpayload - 0\nend\n",
		"6: a payload"},
	    {"payload twice",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 0\n"
		"\t\tpayload - 0\nend\n",
		"6: a payload"},
	    {"payload too short",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 9\nQQ==\nend\n",
		"5: the payload"},
	    {"payload too large",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1048577\nQQ==\nend\n",
		"5: the fields"},
	    {"payload missing",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1\nend\n",
		"5: the payload"},
	    {"payload is no base64",
		"store 0 \"A\" - 1 1\n\tresource \"A\" - - 1 1\n\t\tpayload - 1\nQ*==\nend\n",
		"5: the payload"},
	    {"unknown agent", "job-agent \"abacus\"\nend\n", "3: this kind of agent"},
	    {"unknown rule", "finding \"UCM999\" 0 0 - - - 0 0 0 - - - 0 0 - - - -\nend\n",
		"3: this rule"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t size;
		char *text = with_head(rows[i].body, strlen(rows[i].body), &size);

		assert_refused(rows[i].what, text, size, rows[i].why);
		free(text);
	}
}

static void wrong_heads_are_refused(void **state)
{
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
	static const struct {
		const char *what, *text, *why;
	} rows[] = {
	    {"nothing", "", "no snapshot"},
	    {"something else", "<?xml version=\"1.0\"?>\n", "no snapshot"},
	    {"first line cut", "ucmail-snapshot 1", "no snapshot"},
	    {"other version", "ucmail-snapshot 2\nsha256 " ZEROS "\nend\n", "version"},
	    {"no version", "ucmail-snapshot \nsha256 " ZEROS "\nend\n", "version"},
	    {"two versions", "ucmail-snapshot 1 1\nsha256 " ZEROS "\nend\n", "version"},
	    {"CR LF", "ucmail-snapshot 1\r\nsha256 " ZEROS "\r\nend\r\n", "CR LF"},
	    {"no digest", "ucmail-snapshot 1\nend\n", "digest is missing"},
	    {"short digest", "ucmail-snapshot 1\nsha256 00\nend\n", "digest is missing"},
	    {"other digest", "ucmail-snapshot 1\nsha512 " ZEROS "\nend\n", "digest is missing"},
	    {"wrong digest", "ucmail-snapshot 1\nsha256 " ZEROS "\n\nend\n", "digest is wrong"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_refused(rows[i].what, rows[i].text, strlen(rows[i].text), rows[i].why);
	assert_false(ucm_snapshot_is("ucmail-snapshot", 15));
	assert_true(ucm_snapshot_is("ucmail-snapshot ", 16));
}

static void every_truncation_and_change_is_refused(void **state)
{
	struct ucm_system system;
	size_t size;
	char *bytes;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	for (size_t length = 0; length < size; length++)
		assert_refused("cut", bytes, length, "");
	for (size_t i = 0; i < size; i++) {
		bytes[i] = (char)(bytes[i] ^ 1);
		assert_refused("changed", bytes, size, "");
		bytes[i] = (char)(bytes[i] ^ 1);
	}
	free(bytes);
	ucm_system_free(&system);
}

/* Damage that comes with a right digest: it may be refused or read, and nothing worse. */
static void damage_under_a_right_digest_does_no_harm(void **state)
{
	static const char masks[] = {1, 2, 16, 127};
	struct ucm_system system;
	size_t size, head, refused = 0;
	char *bytes;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	head = (size_t)(strchr(strchr(bytes, '\n') + 1, '\n') + 1 - bytes);
	for (size_t i = head; i < size; i++)
		for (size_t k = 0; k < COUNT(masks); k++) {
			struct ucm_system other;
			struct ucm_error error;
			size_t length;
			char *text;

			bytes[i] = (char)(bytes[i] ^ masks[k]);
			text = with_head(bytes + head, size - head, &length);
			refused += read_bytes(&other, text, length, &error) < 0;
			bytes[i] = (char)(bytes[i] ^ masks[k]);
			ucm_system_free(&other);
			free(text);
		}
	assert_in_range(refused, size / 2, (size - head) * COUNT(masks) - 1);
	free(bytes);
	ucm_system_free(&system);
}

/* Lines beyond the limit are neither read nor written: they would take memory without bounds. */
static void lines_are_limited(void **state)
{
	static const char line[] = "client 1\n", end[] = "end\n";
	const size_t all = UCM_SNAPSHOT_LINES_MAX - 2; /* beside the head */
	char *body = malloc(all * (sizeof(line) - 1) + sizeof(end)), *at = body;

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < all; i++, at += sizeof(line) - 1)
		memcpy(at, line, sizeof(line));
	for (size_t more = 2; more-- > 0;) { /* the second time, "end" takes the last one's place */
		struct ucm_system system;
		struct ucm_error error = {.class = UCM_CLASS_OK};
		size_t size;
		char *text;

		memcpy(at - (1 - more) * (sizeof(line) - 1), end, sizeof(end));
		text = with_head(body, strlen(body), &size);
		if (more)
			assert_refused("a line more", text, size, "more lines");
		else if (read_bytes(&system, text, size, &error) < 0)
			fail_msg("%s", error.text);
		else
			ucm_system_free(&system);
		free(text);
	}
	free(body);
}

static void what_could_not_be_read_is_not_written(void **state)
{
	struct ucm_system system;
	struct ucm_error error = {.class = UCM_CLASS_OK};
	FILE *out = fopen("/dev/null", "we");

	(void)state;
	assert_non_null(out);
	ucm_system_init(&system, NULL, 0);
	for (size_t i = 0; i < UCM_SNAPSHOT_LINES_MAX; i++) {
		struct ucm_login *login = ucm_system_add_login(&system);

		assert_non_null(login);
		login->name = "L";
	}
	assert_int_equal(ucm_snapshot_write(&system, out, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_INPUT);
	assert_non_null(strstr(error.text, "larger than one may be"));
	fclose(out);
	ucm_system_free(&system);
}

/* Refuses the n-th allocation. */
static void *failing_resize(void *arg, void *old, size_t size)
{
	int *left = arg;

	if (size && (*left)-- == 0)
		return NULL;
	return ucm_resize(NULL, old, size);
}

static void no_memory_is_told(void **state)
{
	struct ucm_system system;
	size_t size;
	char *bytes;
	int done = 0;

	(void)state;
	make_system(&system, "x", 1);
	bytes = written(&system, &size);
	ucm_system_free(&system);
	for (int n = 0; !done; n++) {
		int left = n;
		const struct ucm_allocator allocator = {failing_resize, &left};
		struct ucm_error error = {.class = UCM_CLASS_OK};

		ucm_system_init(&system, &allocator, 0);
		done = !ucm_snapshot_read(&system, bytes, size, "s.txt", &error);
		assert_int_equal(error.class, done ? UCM_CLASS_OK : UCM_CLASS_MEMORY);
		ucm_system_free(&system);
		assert_true(n < 1000);
	}
	free(bytes);
}

static void no_memory_for_writing_is_told(void **state)
{
	FILE *out = fopen("/dev/null", "w");
	int left = 1000;
	const struct ucm_allocator allocator = {failing_resize, &left};
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;

	(void)state;
	assert_non_null(out);
	ucm_system_init(&system, &allocator, 0);
	assert_int_equal(ucm_system_finish(&system), 0);
	left = 0;
	assert_int_equal(ucm_snapshot_write(&system, out, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_MEMORY);
	fclose(out);
	ucm_system_free(&system);
}

int main(void)
{
	const struct CMUnitTest snapshot[] = {
	    cmocka_unit_test(everything_survives_a_round_trip),
	    cmocka_unit_test(an_empty_system_survives),
	    cmocka_unit_test(all_clients_fit),
	    cmocka_unit_test(a_system_not_read_whole_is_not_written),
	    cmocka_unit_test(a_full_disk_is_told),
	    cmocka_unit_test(wrong_records_are_refused),
	    cmocka_unit_test(wrong_heads_are_refused),
	    cmocka_unit_test(every_truncation_and_change_is_refused),
	    cmocka_unit_test(damage_under_a_right_digest_does_no_harm),
	    cmocka_unit_test(lines_are_limited),
	    cmocka_unit_test(what_could_not_be_read_is_not_written),
	    cmocka_unit_test(no_memory_is_told),
	    cmocka_unit_test(no_memory_for_writing_is_told),
	};

	return cmocka_run_group_tests(snapshot, NULL, NULL);
}
