/*
 * What refers to what, the certificates of the store, and what could not be judged.
 */
#include "config.h"

#include "tools/lint_model.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/report_escape.h"

/* ---- Certificates ------------------------------------------------------------------------- */

/* Whether a row sets SMTPS_CERT to the resource. */
static int refers(const struct ucm_row *row, const char *resource)
{
	const char *value, *name;
	size_t value_length, name_length;

	if (ucm_key_find(row->name) != UCM_SMTPS_CERT)
		return 0;
	value_length = ucm_trim(row->value, &value);
	name_length = ucm_trim(resource, &name);
	if (value_length != name_length)
		return 0;
	for (size_t i = 0; i < name_length; i++)
		if (ucm_lower((unsigned char)value[i]) != ucm_lower((unsigned char)name[i]))
			return 0;
	return 1;
}

static int is_used(const struct ucm_system *system, const char *resource)
{
	for (const struct ucm_variable *one = system->variables; one; one = one->next)
		for (const struct ucm_row *row = one->rows; row; row = row->next)
			if (refers(row, resource))
				return 1;
	return 0;
}

static void add_certificates(const struct ucm_resource *resource, int used, struct ucm_arena *arena,
    struct ucm_report *report)
{
	for (size_t i = 0; i < resource->bundle->count; i++) {
		const struct ucm_cert *cert = &resource->bundle->cert[i];
		char hex[65];

		ucm_hex(cert->sha256, sizeof cert->sha256, hex);
		struct ucm_report_certificate one = {
		    .name = ucm_mask(arena, resource->name, NULL),
		    .index = (unsigned)i + 1,
		    .subject = ucm_mask(arena, cert->subject, NULL),
		    .sha256 = ucm_arena_string(arena, hex),
		    .not_before = cert->not_before,
		    .not_after = cert->not_after,
		    .used = used,
		};
		report->certificate[report->certificate_count++] = one;
	}
}

static int fill_certificates(
    const struct ucm_system *system, struct ucm_arena *arena, struct ucm_report *report)
{
	const struct ucm_store *store = ucm_system_store(system, 0);
	size_t certificates = 1, resources = 1;

	for (const struct ucm_resource *one = store ? store->resources : NULL; one;
	     one = one->next) {
		certificates += one->bundle ? one->bundle->count : 0;
		resources++;
	}
	report->certificate = ucm_arena_array(arena, certificates, sizeof *report->certificate);
	report->used_certificate =
	    ucm_arena_array(arena, resources, sizeof *report->used_certificate);
	if (!report->certificate || !report->used_certificate)
		return -1;
	for (const struct ucm_resource *one = store ? store->resources : NULL; one;
	     one = one->next) {
		int used = is_used(system, one->name);

		if (used) {
			struct ucm_report_reference reference = {
			    0, ucm_mask(arena, one->name, NULL)};
			report->used_certificate[report->used_certificate_count++] = reference;
		}
		if (one->bundle)
			add_certificates(one, used, arena, report);
	}
	return 0;
}

/* ---- Server variables --------------------------------------------------------------------- */

static int compare_reference(const void *left, const void *right)
{
	const struct ucm_report_reference *one = left, *other = right;

	if (one->client != other->client)
		return one->client < other->client ? -1 : 1;
	return strcmp(one->name, other->name);
}

/* The variable that the call's server names: the client's own, else that of client 0. */
static const struct ucm_variable *variable_of(
    const struct ucm_system *system, const struct ucm_call *call, struct ucm_arena *arena)
{
	if (!call->server || !*call->server)
		return NULL;
	const char *name = ucm_arena_format(arena, "%s%s", UCM_SMTP_PREFIX, call->server);
	if (!name)
		return NULL;
	const struct ucm_variable *own = ucm_system_variable(system, call->client, name);
	return own ? own : ucm_system_variable(system, 0, name);
}

static int fill_servers(
    const struct ucm_system *system, struct ucm_arena *arena, struct ucm_report *report)
{
	size_t calls = 1, kept = 0;

	for (const struct ucm_call *call = system->calls; call; call = call->next)
		calls++;
	struct ucm_report_reference *list = ucm_arena_array(arena, calls, sizeof *list);
	if (!list)
		return -1;
	for (const struct ucm_call *call = system->calls; call; call = call->next) {
		const struct ucm_variable *one = variable_of(system, call, arena);

		if (one) {
			list[kept].client = one->client;
			list[kept++].name = ucm_mask(arena, one->name, NULL);
		}
	}
	if (kept)
		qsort(list, kept, sizeof *list, compare_reference);
	report->used_server = list;
	for (size_t i = 0; i < kept; i++)
		if (!report->used_server_count ||
		    compare_reference(&list[report->used_server_count - 1], &list[i]) != 0)
			list[report->used_server_count++] = list[i];
	report->has_scripts = system->has_scripts;
	report->has_logins = system->has_logins;
	return 0;
}

/* ---- Gaps --------------------------------------------------------------------------------- */

static void add_call_gap(const struct ucm_call *call, const char *what, struct ucm_arena *arena,
    struct ucm_report *report)
{
	struct ucm_report_gap gap = {
	    .client = call->client,
	    .object = ucm_mask(arena, call->object, NULL),
	    .file = ucm_mask(arena, call->file, NULL),
	    .line = call->line,
	    .what = what,
	    .why = "it is computed when the script runs",
	};

	report->gap[report->gap_count++] = gap;
}

static void add_gap(struct ucm_report *report, int client, const char *what, const char *why)
{
	struct ucm_report_gap gap = {.client = client, .what = what, .why = why};

	report->gap[report->gap_count++] = gap;
}

static int has_login(const struct ucm_report *report)
{
	for (size_t i = 0; i < report->policy_count; i++)
		if (report->policy[i].login)
			return 1;
	return 0;
}

static int has_policy(const struct ucm_audit *audit, int client)
{
	for (size_t i = 0; i < audit->cell_count; i++)
		if (audit->cells[i].client == client)
			return 1;
	return 0;
}

static int fill_gaps(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	const struct ucm_system *system = source->system;
	int only = source->options->only;
	size_t room = system->client_count + 2;

	for (const struct ucm_call *call = system->calls; call; call = call->next)
		room += (size_t)(!!call->server_computed + !!call->subject_computed);
	report->gap = ucm_arena_array(arena, room, sizeof *report->gap);
	if (!report->gap)
		return -1;
	for (const struct ucm_call *call = system->calls; call; call = call->next) {
		if (only != UCM_CLIENT_UNKNOWN && call->client != only)
			continue;
		if (call->server_computed)
			add_call_gap(call, UCM_GAP_SERVER, arena, report);
		if (call->subject_computed)
			add_call_gap(call, UCM_GAP_SUBJECT, arena, report);
	}
	if (!system->has_scripts)
		add_gap(report, UCM_CLIENT_UNKNOWN, UCM_GAP_CALLS, "no script is among the inputs");
	if (!system->has_logins && has_login(report))
		add_gap(report, UCM_CLIENT_UNKNOWN, UCM_GAP_LOGIN,
		    "no Login object is among the inputs");
	for (size_t i = 0; i < system->client_count; i++)
		if ((only == UCM_CLIENT_UNKNOWN || only == system->clients[i]) &&
		    !has_policy(source->audit, system->clients[i]))
			add_gap(report, system->clients[i], "the client",
			    "it has no mail settings, nor has client 0");
	return 0;
}

static int compare_gaps(const void *left, const void *right)
{
	const struct ucm_report_gap *a = left, *b = right;

	if (a->client != b->client)
		return a->client < b->client ? -1 : 1;
	int order = ucm_compare_texts(a->file, b->file);
	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	if (!order)
		order = ucm_compare_texts(a->object, b->object);
	return order ? order : strcmp(a->what, b->what);
}

void ucm_model_sort_gaps(struct ucm_report *report)
{
	if (report->gap_count > 1)
		qsort(report->gap, report->gap_count, sizeof *report->gap, compare_gaps);
}

static int compare_inputs(const void *left, const void *right)
{
	const struct ucm_report_input *a = left, *b = right;

	return strcmp(a->file, b->file);
}

int ucm_model_inputs(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	const struct ucm_system *system = source->system;
	int only = source->options->only;

	report->client = ucm_arena_array(arena, system->client_count + 1, sizeof *report->client);
	if (!report->client)
		return -1;
	/* Those without a policy too: client 0 may hold nothing but the store. */
	for (size_t i = 0; i < system->client_count; i++)
		if (only == UCM_CLIENT_UNKNOWN || only == system->clients[i])
			report->client[report->client_count++] = system->clients[i];
	if (report->input_count > 1)
		qsort(report->input, report->input_count, sizeof *report->input, compare_inputs);
	return 0;
}

int ucm_model_references(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	if (fill_certificates(source->system, arena, report) ||
	    fill_servers(source->system, arena, report) || fill_gaps(source, arena, report))
		return -1;
	ucm_model_sort_gaps(report);
	return arena->failed ? -1 : 0;
}
