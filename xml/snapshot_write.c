/*
 * Writes a system as a snapshot: one record a line, so that two of them can be compared by eye.
 *
 * Source lines (excerpts) are left out: they serve people who read an audit of the exports, no
 * decision depends on them, and they may hold what stands beside a value.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/agents.h"
#include "policy/base64.h"
#include "policy/text.h"
#include "xml/snapshot.h"
#include "xml/snapshot_line.h"

#define HEAD_MAX 128 /* version and digest */

static void end_line(struct ucm_snapshot_buffer *out)
{
	ucm_snapshot_put(out, "\n", 1);
}

static void put_where(struct ucm_snapshot_buffer *out, unsigned line, unsigned column)
{
	ucm_snapshot_put_number(out, line);
	ucm_snapshot_put_number(out, column);
}

static void put_counted(struct ucm_snapshot_buffer *out, const char *word, unsigned long long count)
{
	ucm_snapshot_put_word(out, word);
	ucm_snapshot_put_number(out, count);
	end_line(out);
}

static void put_summary(struct ucm_snapshot_buffer *out, const struct ucm_system *system)
{
	put_counted(out, "objects", system->objects);
	put_counted(out, "files", system->files);
	put_counted(out, "bytes", system->bytes);
	put_counted(out, "has-logins", system->has_logins != 0);
	put_counted(out, "has-scripts", system->has_scripts != 0);
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		if (!(system->job_agents >> agent & 1))
			continue;
		ucm_snapshot_put_word(out, "job-agent");
		ucm_snapshot_put_text(out, ucm_agent_name((enum ucm_agent)agent));
		end_line(out);
	}
	for (size_t i = 0; i < system->client_count; i++)
		put_counted(out, "client", (unsigned)system->clients[i]);
}

static void put_variable(struct ucm_snapshot_buffer *out, const struct ucm_variable *variable)
{
	ucm_snapshot_put_word(out, "variable");
	ucm_snapshot_put_number(out, (unsigned)variable->client);
	ucm_snapshot_put_text(out, variable->name);
	ucm_snapshot_put_text(out, variable->type ? variable->type : "");
	ucm_snapshot_put_text(out, variable->file);
	put_where(out, variable->line, variable->column);
	end_line(out);
	for (const struct ucm_row *row = variable->rows; row; row = row->next) {
		ucm_snapshot_put_word(out, "\trow");
		ucm_snapshot_put_text(out, row->name);
		ucm_snapshot_put_text(out, row->value ? row->value : "");
		put_where(out, row->line, row->column);
		ucm_snapshot_put_number(out, row->name_column);
		end_line(out);
	}
}

static void put_payload(struct ucm_snapshot_buffer *out, const struct ucm_resource *resource)
{
	const unsigned char *from = resource->payload;
	size_t left = resource->payload_size;

	ucm_snapshot_put_word(out, "\t\tpayload");
	ucm_snapshot_put_text(out, resource->payload_file);
	ucm_snapshot_put_number(out, left);
	end_line(out);
	while (left) {
		size_t size = left < UCM_SNAPSHOT_BASE64_BYTES ? left : UCM_SNAPSHOT_BASE64_BYTES;
		char line[UCM_SNAPSHOT_BASE64_BYTES / 3 * 4];

		ucm_snapshot_put(out, line, ucm_base64_encode(from, size, line));
		end_line(out);
		from += size;
		left -= size;
	}
}

static void put_store(struct ucm_snapshot_buffer *out, const struct ucm_store *store)
{
	ucm_snapshot_put_word(out, "store");
	ucm_snapshot_put_number(out, (unsigned)store->client);
	ucm_snapshot_put_text(out, store->name);
	ucm_snapshot_put_text(out, store->file);
	put_where(out, store->line, store->column);
	end_line(out);
	for (const struct ucm_resource *resource = store->resources; resource;
	     resource = resource->next) {
		ucm_snapshot_put_word(out, "\tresource");
		ucm_snapshot_put_text(out, resource->name);
		ucm_snapshot_put_text(out, resource->resname);
		ucm_snapshot_put_text(out, resource->checksum);
		put_where(out, resource->line, resource->column);
		end_line(out);
		if (resource->payload)
			put_payload(out, resource);
	}
}

static void put_login(struct ucm_snapshot_buffer *out, const struct ucm_login *login)
{
	ucm_snapshot_put_word(out, "login");
	ucm_snapshot_put_number(out, (unsigned)login->client);
	ucm_snapshot_put_text(out, login->name);
	ucm_snapshot_put_text(out, login->user);
	end_line(out);
}

static void put_call(struct ucm_snapshot_buffer *out, const struct ucm_call *call)
{
	ucm_snapshot_put_word(out, "call");
	ucm_snapshot_put_number(out, (unsigned)call->client);
	ucm_snapshot_put_text(out, call->object);
	ucm_snapshot_put_text(out, call->file);
	put_where(out, call->line, call->column);
	ucm_snapshot_put_text(out, call->server);
	ucm_snapshot_put_number(out, call->server_computed != 0);
	put_where(out, call->server_line, call->server_column);
	ucm_snapshot_put_text(out, call->subject);
	ucm_snapshot_put_number(out, call->subject_computed != 0);
	put_where(out, call->subject_line, call->subject_column);
	end_line(out);
}

/* Clients are written from 1 here: 0 is a client that is not known. */
static void put_place(struct ucm_snapshot_buffer *out, const struct ucm_place *place)
{
	ucm_snapshot_put_number(out, (unsigned)(place->client + 1));
	ucm_snapshot_put_text(out, place->object);
	ucm_snapshot_put_text(out, place->key);
	ucm_snapshot_put_text(out, place->file);
	put_where(out, place->line, place->column);
}

static void put_finding(struct ucm_snapshot_buffer *out, const struct ucm_finding *finding)
{
	ucm_snapshot_put_word(out, "finding");
	ucm_snapshot_put_text(out, ucm_rules[finding->rule].id);
	ucm_snapshot_put_number(out, finding->demoted != 0);
	put_place(out, &finding->place);
	put_place(out, &finding->related);
	for (size_t i = 0; i < UCM_FINDING_ARGUMENTS; i++)
		ucm_snapshot_put_text(out, finding->argument[i]);
	ucm_snapshot_put_text(out, finding->value);
	end_line(out);
}

/* In the order of reports, whatever the order of reading was. */
static void put_findings(struct ucm_snapshot_buffer *out, const struct ucm_findings *findings)
{
	struct ucm_finding *sorted;

	if (!findings->count)
		return;
	/* The list holds as many already, so that the product cannot overflow. */
	sorted = ucm_resize(out->allocator, NULL, findings->count * sizeof(*sorted));
	if (!sorted) {
		out->failed = 1;
		return;
	}
	memcpy(sorted, findings->row, findings->count * sizeof(*sorted));
	qsort(sorted, findings->count, sizeof(*sorted), ucm_finding_compare);
	for (size_t i = 0; i < findings->count; i++)
		put_finding(out, &sorted[i]);
	ucm_resize(out->allocator, sorted, 0);
}

static void put_system(struct ucm_snapshot_buffer *out, const struct ucm_system *system)
{
	put_summary(out, system);
	for (const struct ucm_variable *v = system->variables; v; v = v->next)
		put_variable(out, v);
	for (const struct ucm_store *s = system->stores; s; s = s->next)
		put_store(out, s);
	for (const struct ucm_login *l = system->logins; l; l = l->next)
		put_login(out, l);
	for (const struct ucm_call *c = system->calls; c; c = c->next)
		put_call(out, c);
	put_findings(out, &system->findings);
	ucm_snapshot_put_word(out, UCM_SNAPSHOT_END);
}

/* A system that could not be read whole may not be passed off as one that was. */
static int check_whole(const struct ucm_system *system, struct ucm_error *error)
{
	for (size_t i = 0; i < system->findings.count; i++) {
		const struct ucm_finding *finding = &system->findings.row[i];
		char message[UCM_ERROR_TEXT_MAX];

		if (finding->rule > UCM007 ||
		    ucm_finding_severity(finding, UCM_COMPAT) != UCM_ERROR)
			continue;
		ucm_finding_message(finding, message, sizeof(message));
		return ucm_fail(error, UCM_CLASS_INPUT, "no snapshot is written: %s: %s [%s]",
		    finding->place.file ? finding->place.file : "the input", message,
		    ucm_rules[finding->rule].id);
	}
	return 0;
}

/* What would not be read again is not written. */
static int check_size(const struct ucm_snapshot_buffer *body, struct ucm_error *error)
{
	const char *at = body->bytes, *end = at + body->used;
	size_t lines = 2; /* of the head */

	for (; at < end; at++)
		lines += *at == '\n';
	if (body->used <= UCM_SNAPSHOT_MAX - HEAD_MAX && lines <= UCM_SNAPSHOT_LINES_MAX)
		return 0;
	return ucm_fail(error, UCM_CLASS_INPUT,
	    "no snapshot is written: the system is larger than one may be (%d bytes, %d lines)",
	    UCM_SNAPSHOT_MAX, UCM_SNAPSHOT_LINES_MAX);
}

static int write_out(const struct ucm_snapshot_buffer *body, FILE *out, struct ucm_error *error)
{
	unsigned char digest[32];
	char hex[65];

	if (body->failed)
		return ucm_fail(error, UCM_CLASS_MEMORY, "no memory for the snapshot");
	if (check_size(body, error) < 0)
		return -1;
	ucm_sha256(body->bytes, body->used, digest);
	ucm_hex(digest, sizeof(digest), hex);
	if (fprintf(out, "%s%d\n%s%s\n", UCM_SNAPSHOT_WORD, UCM_SNAPSHOT_VERSION,
		UCM_SNAPSHOT_DIGEST_WORD, hex) < 0 ||
	    fwrite(body->bytes, 1, body->used, out) != body->used || fflush(out))
		return ucm_fail(error, UCM_CLASS_IO, "the snapshot cannot be written");
	return 0;
}

int ucm_snapshot_write(const struct ucm_system *system, FILE *out, struct ucm_error *error)
{
	struct ucm_snapshot_buffer body = {.allocator = system->arena.allocator};
	int failed;

	if (check_whole(system, error) < 0)
		return -1;
	put_system(&body, system);
	failed = write_out(&body, out, error);
	ucm_snapshot_buffer_free(&body);
	return failed;
}
