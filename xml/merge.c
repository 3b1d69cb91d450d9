/*
 * Deep copies from one system into another.
 */
#include "config.h"

#include "xml/merge.h"

#include <string.h>

static const char *copy(struct ucm_system *system, const char *text)
{
	return text == NULL ? NULL : ucm_arena_string(&system->arena, text);
}

static int merge_rows(
    struct ucm_system *system, struct ucm_variable *variable, const struct ucm_row *from)
{
	for (; from != NULL; from = from->next) {
		struct ucm_row *row = ucm_variable_add_row(system, variable);

		if (row == NULL)
			return -1;
		row->name = copy(system, from->name);
		row->value = copy(system, from->value);
		row->line = from->line;
		row->column = from->column;
		row->name_column = from->name_column;
		row->excerpt = copy(system, from->excerpt);
		row->excerpt_column = from->excerpt_column;
	}
	return 0;
}

static int merge_variables(struct ucm_system *system, const struct ucm_system *part)
{
	for (const struct ucm_variable *from = part->variables; from != NULL; from = from->next) {
		struct ucm_variable *variable = ucm_system_add_variable(system);

		if (variable == NULL)
			return -1;
		variable->client = from->client;
		variable->name = copy(system, from->name);
		variable->type = copy(system, from->type);
		variable->file = copy(system, from->file);
		variable->line = from->line;
		variable->column = from->column;
		variable->excerpt = copy(system, from->excerpt);
		variable->excerpt_column = from->excerpt_column;
		variable->cut = from->cut;
		if (merge_rows(system, variable, from->rows) < 0)
			return -1;
	}
	return 0;
}

static int merge_resources(
    struct ucm_system *system, struct ucm_store *store, const struct ucm_resource *from)
{
	for (; from != NULL; from = from->next) {
		struct ucm_resource *resource = ucm_store_add_resource(system, store);

		if (resource == NULL)
			return -1;
		resource->name = copy(system, from->name);
		resource->resname = copy(system, from->resname);
		resource->checksum = copy(system, from->checksum);
		resource->line = from->line;
		resource->column = from->column;
		resource->excerpt = copy(system, from->excerpt);
		resource->excerpt_column = from->excerpt_column;
		resource->payload_file = copy(system, from->payload_file);
		memcpy(resource->sha256, from->sha256, sizeof(resource->sha256));
		if (from->payload == NULL)
			continue;
		resource->payload_size = from->payload_size;
		resource->payload = (const unsigned char *)ucm_arena_copy(
		    &system->arena, (const char *)from->payload, from->payload_size);
	}
	return 0;
}

static int merge_stores(struct ucm_system *system, const struct ucm_system *part)
{
	for (const struct ucm_store *from = part->stores; from != NULL; from = from->next) {
		struct ucm_store *store = ucm_system_add_store(system);

		if (store == NULL)
			return -1;
		store->client = from->client;
		store->name = copy(system, from->name);
		store->file = copy(system, from->file);
		store->line = from->line;
		store->column = from->column;
		store->excerpt = copy(system, from->excerpt);
		store->excerpt_column = from->excerpt_column;
		store->cut = from->cut;
		if (merge_resources(system, store, from->resources) < 0)
			return -1;
	}
	return 0;
}

static int merge_logins(struct ucm_system *system, const struct ucm_system *part)
{
	for (const struct ucm_login *from = part->logins; from != NULL; from = from->next) {
		struct ucm_login *login = ucm_system_add_login(system);

		if (login == NULL)
			return -1;
		login->client = from->client;
		login->name = copy(system, from->name);
		login->user = copy(system, from->user);
	}
	return 0;
}

static int merge_calls(struct ucm_system *system, const struct ucm_system *part)
{
	for (const struct ucm_call *from = part->calls; from != NULL; from = from->next) {
		struct ucm_call *call = ucm_system_add_call(system);

		if (call == NULL)
			return -1;
		*call = *from;
		call->next = NULL;
		call->object = copy(system, from->object);
		call->file = copy(system, from->file);
		call->excerpt = copy(system, from->excerpt);
		call->server = copy(system, from->server);
		call->subject = copy(system, from->subject);
	}
	return 0;
}

static void copy_place(struct ucm_system *system, struct ucm_place *place)
{
	place->object = copy(system, place->object);
	place->key = copy(system, place->key);
	place->file = copy(system, place->file);
	place->excerpt = copy(system, place->excerpt);
}

static int merge_findings(struct ucm_system *system, const struct ucm_findings *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct ucm_finding finding = from->row[i];

		copy_place(system, &finding.place);
		copy_place(system, &finding.related);
		for (int a = 0; a < UCM_FINDING_ARGUMENTS; a++)
			finding.argument[a] = copy(system, finding.argument[a]);
		finding.value = copy(system, finding.value);
		if (system->arena.failed || ucm_findings_add(&system->findings, &finding) < 0)
			return -1;
	}
	return 0;
}

static int merge_clients(struct ucm_system *system, const struct ucm_system *part)
{
	for (size_t i = 0; i < part->client_count; i++)
		if (ucm_system_see_client(system, part->clients[i]) < 0)
			return -1;
	return 0;
}

int ucm_merge(struct ucm_system *system, const struct ucm_system *part)
{
	if (merge_variables(system, part) < 0 || merge_stores(system, part) < 0 ||
	    merge_logins(system, part) < 0 || merge_calls(system, part) < 0 ||
	    merge_findings(system, &part->findings) < 0 || merge_clients(system, part) < 0)
		return -1;
	system->has_logins |= part->has_logins;
	system->has_scripts |= part->has_scripts;
	system->job_agents |= part->job_agents;
	system->objects += part->objects;
	system->files += part->files;
	system->bytes += part->bytes;
	return system->arena.failed ? -1 : 0;
}
