/*
 * The lists of a merge: what refers to what, policies, clients, inputs, gaps.
 */
#include "config.h"

#include "tools/lint_merge_parts.h"

#include <stdlib.h>
#include <string.h>

#include "tools/lint_model.h"

/* ---- References --------------------------------------------------------------------------- */

static int compare_references(const void *left, const void *right)
{
	const struct ucm_report_reference *a = left, *b = right;

	if (a->client != b->client)
		return a->client < b->client ? -1 : 1;
	return strcmp(a->name, b->name);
}

int ucm_merge_servers(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	size_t room = 1, kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		room += merge->shard[i].used_server_count;
	report->used_server = ucm_arena_array(merge->arena, room, sizeof *report->used_server);
	if (!report->used_server)
		return -1;
	for (size_t i = 0; i < merge->count; i++) {
		const struct ucm_report *shard = &merge->shard[i];

		for (size_t k = 0; k < shard->used_server_count; k++)
			report->used_server[report->used_server_count++] = shard->used_server[k];
		report->has_scripts |= shard->has_scripts;
		report->has_logins |= shard->has_logins;
	}
	qsort(report->used_server, report->used_server_count, sizeof *report->used_server,
	    compare_references);
	for (size_t i = 0; i < report->used_server_count; i++)
		if (!kept ||
		    compare_references(&report->used_server[kept - 1], &report->used_server[i]))
			report->used_server[kept++] = report->used_server[i];
	report->used_server_count = kept;
	return 0;
}

int ucm_merge_uses_certificate(const struct ucm_report *report, const char *name)
{
	for (size_t i = 0; name && i < report->used_certificate_count; i++)
		if (!strcmp(report->used_certificate[i].name, name))
			return 1;
	return 0;
}

static struct ucm_report_certificate *find_certificate(
    struct ucm_report *report, const struct ucm_report_certificate *one)
{
	for (size_t i = 0; i < report->certificate_count; i++)
		if (!strcmp(report->certificate[i].name, one->name) &&
		    report->certificate[i].index == one->index)
			return &report->certificate[i];
	return NULL;
}

/* Brings the names in use into the order of the store; one without a certificate stays where it is
 * at the end. */
static void order_used(struct ucm_report *report)
{
	size_t placed = 0;

	for (size_t i = 0; i < report->certificate_count; i++) {
		for (size_t k = placed; k < report->used_certificate_count; k++) {
			struct ucm_report_reference one = report->used_certificate[k];

			if (strcmp(one.name, report->certificate[i].name) != 0)
				continue;
			memmove(&report->used_certificate[placed + 1],
			    &report->used_certificate[placed], (k - placed) * sizeof one);
			report->used_certificate[placed++] = one;
			break;
		}
	}
}

/* Lists of certificates are compared each to each. */
static int check_count(size_t count, struct ucm_error *error)
{
	if (count <= UCM_MERGE_CERTIFICATES_MAX)
		return 0;
	return ucm_fail(error, UCM_CLASS_USAGE, "the reports name more than %d certificates",
	    UCM_MERGE_CERTIFICATES_MAX);
}

/* Every shard has client 0, and so the same store: the first one's order is everybody's. */
int ucm_merge_certificates(struct ucm_merge *merge, struct ucm_error *error)
{
	struct ucm_report *report = &merge->report;
	size_t room = 1, names = 1;

	for (size_t i = 0; i < merge->count; i++) {
		room += merge->shard[i].certificate_count;
		names += merge->shard[i].used_certificate_count;
		if (check_count(merge->shard[i].certificate_count, error) ||
		    check_count(merge->shard[i].used_certificate_count, error))
			return -1;
	}
	report->certificate = ucm_arena_array(merge->arena, room, sizeof *report->certificate);
	report->used_certificate =
	    ucm_arena_array(merge->arena, names, sizeof *report->used_certificate);
	if (!report->certificate || !report->used_certificate)
		return -1;
	for (size_t i = 0; i < merge->count; i++) {
		const struct ucm_report *shard = &merge->shard[i];

		for (size_t k = 0; k < shard->certificate_count; k++) {
			struct ucm_report_certificate *known =
			    find_certificate(report, &shard->certificate[k]);

			if (known)
				known->used |= shard->certificate[k].used;
			else
				report->certificate[report->certificate_count++] =
				    shard->certificate[k];
		}
		for (size_t k = 0; k < shard->used_certificate_count; k++)
			if (!ucm_merge_uses_certificate(report, shard->used_certificate[k].name))
				report->used_certificate[report->used_certificate_count++] =
				    shard->used_certificate[k];
		if (check_count(report->certificate_count, error) ||
		    check_count(report->used_certificate_count, error))
			return -1;
	}
	order_used(report);
	return 0;
}

/* ---- Policies, clients, inputs, gaps ------------------------------------------------------ */

static int has_client(const struct ucm_report *report, int client)
{
	for (size_t i = 0; i < report->client_count; i++)
		if (report->client[i] == client)
			return 1;
	return 0;
}

static int compare_clients(const void *left, const void *right)
{
	const int *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Takes the policies and cells of those clients that no earlier shard had. */
static void take_clients(struct ucm_report *report, const struct ucm_report *shard)
{
	for (size_t i = 0; i < shard->policy_count; i++)
		if (!has_client(report, shard->policy[i].client))
			report->policy[report->policy_count++] = shard->policy[i];
	for (size_t i = 0; i < shard->cell_count; i++)
		if (!has_client(report, shard->cell[i].client))
			report->cell[report->cell_count++] = shard->cell[i];
	for (size_t i = 0; i < shard->client_count; i++)
		if (!has_client(report, shard->client[i]))
			report->client[report->client_count++] = shard->client[i];
}

/* Brings rows of client after client into the order of their clients; within one, nothing moves. A
 * row of a client that no shard lists goes. Returns how many are left. */
static size_t order_rows(struct ucm_arena *arena, const struct ucm_report *report, void *rows,
    size_t count, size_t size, int (*client_of)(const void *row))
{
	char *from = rows, *sorted = ucm_arena_array(arena, count + 1, size), *to = sorted;

	if (!sorted)
		return 0;
	for (size_t i = 0; i < report->client_count; i++) {
		for (size_t k = 0; k < count; k++) {
			if (client_of(from + k * size) != report->client[i])
				continue;
			memcpy(to, from + k * size, size);
			to += size;
		}
	}
	memcpy(rows, sorted, (size_t)(to - sorted));
	return (size_t)(to - sorted) / size;
}

static int client_of_policy(const void *row)
{
	const struct ucm_report_policy *policy = row;

	return policy->client;
}

static int client_of_cell(const void *row)
{
	const struct ucm_report_cell *cell = row;

	return cell->client;
}

/* Where some shard has Login objects, UCM118 is a finding of the policies that wait for it. */
static void settle_logins(struct ucm_report_policy *policy)
{
	size_t at = policy->rule_count;

	if (!policy->login_pending || at == UCM_RULE_COUNT)
		return;
	policy->login_pending = 0;
	for (; at > 0 && policy->rule[at - 1] > UCM118; at--)
		policy->rule[at] = policy->rule[at - 1];
	policy->rule[at] = UCM118;
	policy->rule_count++;
}

int ucm_merge_policies(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	size_t policies = 1, cells = 1, clients = 1;

	report->matrix_asked = 1;
	for (size_t i = 0; i < merge->count; i++) {
		policies += merge->shard[i].policy_count;
		cells += merge->shard[i].cell_count;
		clients += merge->shard[i].client_count;
		report->matrix_asked &= merge->shard[i].matrix_asked;
		report->agents |= merge->shard[i].agents;
	}
	report->policy = ucm_arena_array(merge->arena, policies, sizeof *report->policy);
	report->cell = ucm_arena_array(merge->arena, cells, sizeof *report->cell);
	report->client = ucm_arena_array(merge->arena, clients, sizeof *report->client);
	if (!report->policy || !report->cell || !report->client)
		return -1;
	for (size_t i = 0; i < merge->count; i++)
		take_clients(report, &merge->shard[i]);
	qsort(report->client, report->client_count, sizeof *report->client, compare_clients);
	report->policy_count = order_rows(merge->arena, report, report->policy,
	    report->policy_count, sizeof *report->policy, client_of_policy);
	report->cell_count = order_rows(merge->arena, report, report->cell, report->cell_count,
	    sizeof *report->cell, client_of_cell);
	for (size_t i = 0; report->has_logins && i < report->policy_count; i++)
		settle_logins(&report->policy[i]);
	return 0;
}

static int compare_inputs(const void *left, const void *right)
{
	const struct ucm_report_input *a = left, *b = right;

	return strcmp(a->file, b->file);
}

int ucm_merge_inputs(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	struct ucm_report_summary *sum = &report->summary;
	size_t room = 1, kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		room += merge->shard[i].input_count;
	report->input = ucm_arena_array(merge->arena, room, sizeof *report->input);
	if (!report->input)
		return -1;
	for (size_t i = 0; i < merge->count; i++)
		for (size_t k = 0; k < merge->shard[i].input_count; k++)
			report->input[report->input_count++] = merge->shard[i].input[k];
	qsort(report->input, report->input_count, sizeof *report->input, compare_inputs);
	for (size_t i = 0; i < report->input_count; i++) {
		if (kept && !compare_inputs(&report->input[kept - 1], &report->input[i]))
			continue;
		sum->objects += report->input[i].objects;
		sum->files += report->input[i].files;
		sum->bytes += report->input[i].bytes;
		report->input[kept++] = report->input[i];
	}
	report->input_count = kept;
	return 0;
}

static int same_gap(const struct ucm_report_gap *a, const struct ucm_report_gap *b)
{
	return a->client == b->client && a->line == b->line && !strcmp(a->what, b->what) &&
	       !ucm_compare_texts(a->file, b->file) && !ucm_compare_texts(a->object, b->object);
}

/* Whether it is a gap of the whole as well: another shard may hold what this one lacks. */
static int is_gap_of_whole(const struct ucm_report *whole, const struct ucm_report_gap *gap)
{
	if (!strcmp(gap->what, UCM_GAP_CALLS))
		return !whole->has_scripts;
	if (!strcmp(gap->what, UCM_GAP_LOGIN))
		return !whole->has_logins;
	return 1;
}

int ucm_merge_gaps(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	size_t room = 1, kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		room += merge->shard[i].gap_count;
	report->gap = ucm_arena_array(merge->arena, room, sizeof *report->gap);
	if (!report->gap)
		return -1;
	for (size_t i = 0; i < merge->count; i++)
		for (size_t k = 0; k < merge->shard[i].gap_count; k++) {
			const struct ucm_report_gap *gap = &merge->shard[i].gap[k];

			if (is_gap_of_whole(report, gap))
				report->gap[report->gap_count++] = *gap;
		}
	ucm_model_sort_gaps(report);
	for (size_t i = 0; i < report->gap_count; i++)
		if (!kept || !same_gap(&report->gap[kept - 1], &report->gap[i]))
			report->gap[kept++] = report->gap[i];
	report->gap_count = kept;
	return 0;
}
