/*
 * The rules that need the whole system: the trust store, and what scripts call.
 */
#include "policy/audit_parts.h"

#include <stdio.h>
#include <string.h>

#include "policy/limits.h"
#include "policy/place.h"
#include "policy/settings.h"
#include "policy/text.h"
#include "policy/trust.h"

static int is_selected(const struct ucm_audit_options *options, int client)
{
	return options->client == UCM_CLIENT_UNKNOWN || options->client == client;
}

static int report(
    struct ucm_audit *audit, enum ucm_rule rule, struct ucm_place place, const char *argument)
{
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = place,
	    .argument = {argument},
	    .value = argument,
	};

	return ucm_findings_add(&audit->findings, &finding);
}

/* ---- The trust store ------------------------------------------------------------------------ */

/* The resources of a store in a list, so that each has a number for its mark. */
struct marks {
	const struct ucm_resource **resource;
	unsigned char *used;
	size_t count;
};

static int make_marks(const struct ucm_store *store, struct ucm_arena *arena, struct marks *marks)
{
	marks->count = 0;
	for (const struct ucm_resource *r = store->resources; r != NULL; r = r->next)
		marks->count++;
	marks->resource = ucm_arena_array(arena, marks->count, sizeof(const struct ucm_resource *));
	marks->used = ucm_arena_array(arena, marks->count, 1);
	if (marks->resource == NULL || marks->used == NULL)
		return -1;
	marks->count = 0;
	for (const struct ucm_resource *r = store->resources; r != NULL; r = r->next)
		marks->resource[marks->count++] = r;
	return 0;
}

/* A name may stand once for each platform. */
static void mark_used(
    struct marks *marks, const struct ucm_store *store, const char *name, const char *without)
{
	const struct ucm_resource *resource = ucm_store_find(store, name, without);

	for (size_t i = 0; i < marks->count && resource != NULL; i++)
		if (strcmp(marks->resource[i]->name, resource->name) == 0)
			marks->used[i] = 1;
}

/* Every variable that names a certificate uses it, whatever its protocol is. */
static void mark_references(const struct ucm_system *system, const struct ucm_store *store,
    const char *without, struct marks *marks)
{
	for (const struct ucm_variable *v = system->variables; v != NULL; v = v->next) {
		for (const struct ucm_row *row = v->rows; row != NULL; row = row->next)
			if (ucm_key_find(row->name) == UCM_SMTPS_CERT && !ucm_is_blank(row->value))
				mark_used(marks, store, row->value, without);
	}
}

static int audit_resources(const struct ucm_system *system, const struct ucm_audit_options *options,
    const struct ucm_store *store, struct ucm_audit *audit)
{
	const struct ucm_trust_terms terms = {
	    options->profile, options->at, options->expires_within};
	struct marks marks;

	if (make_marks(store, audit->arena, &marks) != 0)
		return -1;
	mark_references(system, store, options->without_cert, &marks);
	for (size_t i = 0; i < marks.count; i++) {
		const struct ucm_resource *resource = marks.resource[i];
		struct ucm_trusted trusted;

		if (ucm_resource_is_gone(resource, options->without_cert))
			continue;
		if (ucm_trust_judge(
			store, resource, &terms, audit->arena, &audit->findings, &trusted) != 0)
			return -1;
		if (!marks.used[i] && report(audit, UCM213, ucm_place_of_resource(store, resource),
					  resource->name) != 0)
			return -1;
	}
	return 0;
}

int ucm_audit_store(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit)
{
	const struct ucm_store *store = ucm_system_store(system, 0);

	for (const struct ucm_store *s = system->stores; s != NULL; s = s->next)
		if (s->client > 0 && is_selected(options, s->client) &&
		    report(audit, UCM214, ucm_place_of_store(s), NULL) != 0)
			return -1;
	for (const struct ucm_variable *v = system->variables; v != NULL; v = v->next) {
		if (!ucm_equal_nocase(v->name, UCM_TRUSTEDCERTS_NAME) ||
		    !is_selected(options, v->client))
			continue;
		if (v->client > 0 &&
		    report(audit, UCM214, ucm_place_of_variable(v, NULL), NULL) != 0)
			return -1;
		if (v->client == 0 && store == NULL &&
		    report(audit, UCM217, ucm_place_of_variable(v, NULL), NULL) != 0)
			return -1;
	}
	if (store == NULL || !is_selected(options, 0))
		return 0;
	return audit_resources(system, options, store, audit);
}

/* ---- Scripts -------------------------------------------------------------------------------- */

/* What the scripts tell about the variables of servers. */
struct usage {
	unsigned char *used; /* a script names it */
	unsigned char *computed; /* by client: a script computes the name */
	int any_computed;
};

static int audit_call(
    const struct ucm_system *system, const struct ucm_call *call, struct ucm_audit *audit)
{
	size_t characters = call->subject == NULL ? 0 : ucm_utf8_length(call->subject);
	char number[24];

	if (call->server != NULL && !ucm_is_blank(call->server) &&
	    ucm_settings_server(system, call->client, call->server) == NULL &&
	    report(audit, UCM306, ucm_place_of_call(call, call->server_line, call->server_column),
		call->server) != 0)
		return -1;
	if (characters <= UCM_SUBJECT_MAX)
		return 0;
	snprintf(number, sizeof(number), "%zu", characters);
	return report(audit, UCM309,
	    ucm_place_of_call(call, call->subject_line, call->subject_column), number);
}

static int gather_usage(
    const struct ucm_system *system, struct ucm_arena *arena, struct usage *usage)
{
	usage->any_computed = 0;
	usage->used = ucm_arena_array(arena, system->variable_count, 1);
	usage->computed = ucm_arena_array(arena, UCM_CLIENT_MAX + 1, 1);
	if (usage->used == NULL || usage->computed == NULL)
		return -1;
	for (const struct ucm_call *call = system->calls; call != NULL; call = call->next) {
		const struct ucm_variable *variable;

		if (call->client < 0 || call->client > UCM_CLIENT_MAX)
			continue;
		if (call->server_computed) {
			usage->computed[call->client] = 1;
			usage->any_computed = 1;
		}
		if (call->server == NULL || ucm_is_blank(call->server))
			continue;
		variable = ucm_settings_server(system, call->client, call->server);
		if (variable != NULL)
			usage->used[variable->position] = 1;
	}
	return 0;
}

/* Only what is certain is unused: a computed name may be any. */
static int audit_unused(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit)
{
	struct usage usage;

	if (gather_usage(system, audit->arena, &usage) != 0)
		return -1;
	for (size_t i = 0; i < system->variable_count; i++) {
		const struct ucm_variable *variable = system->variable_index[i];
		const char *server = ucm_server_of(variable);
		int computed;

		if (server == NULL || ucm_is_blank(server) || usage.used[i] ||
		    !is_selected(options, variable->client) || variable->client < 0 ||
		    variable->client > UCM_CLIENT_MAX)
			continue;
		computed =
		    variable->client == 0 ? usage.any_computed : usage.computed[variable->client];
		if (!computed &&
		    report(audit, UCM307, ucm_place_of_variable(variable, NULL), server) != 0)
			return -1;
	}
	return 0;
}

static int is_misnamed(const char *server)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$@_.#-";

	return server[0] == '\0' || server[strspn(server, allowed)] != '\0';
}

int ucm_audit_scripts(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit)
{
	for (const struct ucm_call *call = system->calls; call != NULL; call = call->next)
		if (call->client >= 0 && is_selected(options, call->client) &&
		    audit_call(system, call, audit) != 0)
			return -1;
	for (const struct ucm_variable *v = system->variables; v != NULL; v = v->next) {
		const char *server = ucm_server_of(v);

		if (server != NULL && is_misnamed(server) && is_selected(options, v->client) &&
		    report(audit, UCM308, ucm_place_of_variable(v, NULL), v->name) != 0)
			return -1;
	}
	return system->has_scripts ? audit_unused(system, options, audit) : 0;
}
