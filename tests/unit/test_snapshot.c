/*
 * Tests of xml/snapshot.h: what is written is what is read.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/certs.h"
#include "unit/snapshot_system.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything_survives_a_round_trip),
	    cmocka_unit_test(an_empty_system_survives),
	    cmocka_unit_test(all_clients_fit),
	    cmocka_unit_test(a_system_not_read_whole_is_not_written),
	    cmocka_unit_test(a_full_disk_is_told),
	    cmocka_unit_test(what_could_not_be_read_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
