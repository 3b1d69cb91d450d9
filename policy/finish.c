/*
 * Finishing a system: one order whatever the order of the inputs, no copies, certificates parsed.
 */
#include "policy/finish.h"

#include <stdlib.h>
#include <string.h>

#include "policy/cert.h"
#include "policy/order.h"
#include "policy/place.h"
#include "policy/text.h"

static int same_text(const char *left, const char *right)
{
	return ucm_compare_text(left, right) == 0;
}

/* ---- Variables ------------------------------------------------------------------------------ */

static int order_variables(const void *left, const void *right)
{
	const struct ucm_variable *a = *(struct ucm_variable *const *)left;
	const struct ucm_variable *b = *(struct ucm_variable *const *)right;

	return ucm_compare_standing(
	    &(struct ucm_standing){a->client, a->name, a->file, a->line, a->column},
	    &(struct ucm_standing){b->client, b->name, b->file, b->line, b->column});
}

static int same_variable_content(const struct ucm_variable *left, const struct ucm_variable *right)
{
	const struct ucm_row *a = left->rows;
	const struct ucm_row *b = right->rows;

	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!same_text(a->name, b->name) || !same_text(a->value, b->value))
			return 0;
	return a == NULL && b == NULL && same_text(left->type, right->type);
}

static int report_copy(struct ucm_system *system, struct ucm_place first, struct ucm_place copy)
{
	struct ucm_finding finding = {.rule = UCM005, .place = copy, .related = first};

	finding.argument[0] = copy.object;
	finding.argument[1] = first.file;
	return ucm_findings_add(&system->findings, &finding);
}

static int finish_variables(struct ucm_system *system)
{
	struct ucm_variable **index;
	size_t count = 0;
	size_t kept = 0;

	for (struct ucm_variable *v = system->variables; v != NULL; v = v->next)
		count++;
	index = ucm_arena_array(&system->arena, count, sizeof(struct ucm_variable *));
	if (index == NULL)
		return -1;
	count = 0;
	for (struct ucm_variable *v = system->variables; v != NULL; v = v->next)
		index[count++] = v;
	qsort(index, count, sizeof(struct ucm_variable *), order_variables);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || index[kept - 1]->client != index[i]->client ||
		    !ucm_equal_nocase(index[kept - 1]->name, index[i]->name))
			index[kept++] = index[i];
		else if (!index[kept - 1]->cut && !index[i]->cut &&
			 !same_variable_content(index[kept - 1], index[i]) &&
			 report_copy(system, ucm_place_of_variable(index[kept - 1], NULL),
			     ucm_place_of_variable(index[i], NULL)) != 0)
			return -1;
	for (size_t i = 0; i < kept; i++) {
		index[i]->next = i + 1 < kept ? index[i + 1] : NULL;
		index[i]->position = i;
	}
	system->variables = kept == 0 ? NULL : index[0];
	system->last_variable = kept == 0 ? NULL : index[kept - 1];
	system->variable_index = index;
	system->variable_count = kept;
	return 0;
}

/* ---- Stores --------------------------------------------------------------------------------- */

static int order_stores(const void *left, const void *right)
{
	const struct ucm_store *a = *(struct ucm_store *const *)left;
	const struct ucm_store *b = *(struct ucm_store *const *)right;

	return ucm_compare_standing(
	    &(struct ucm_standing){a->client, a->name, a->file, a->line, a->column},
	    &(struct ucm_standing){b->client, b->name, b->file, b->line, b->column});
}

static int same_payload(const struct ucm_resource *left, const struct ucm_resource *right)
{
	if (left->payload == NULL || right->payload == NULL)
		return 1; /* one export may come without its payloads */
	return left->payload_size == right->payload_size &&
	       memcmp(left->payload, right->payload, left->payload_size) == 0;
}

static int same_store_content(const struct ucm_store *left, const struct ucm_store *right)
{
	const struct ucm_resource *a = left->resources;
	const struct ucm_resource *b = right->resources;

	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!same_text(a->name, b->name) || !same_text(a->checksum, b->checksum) ||
		    !same_payload(a, b))
			return 0;
	return a == NULL && b == NULL;
}

static void lend_payloads(struct ucm_store *to, const struct ucm_store *from)
{
	const struct ucm_resource *b = from->resources;

	for (struct ucm_resource *a = to->resources; a != NULL; a = a->next, b = b->next) {
		if (a->payload != NULL)
			continue;
		a->payload = b->payload;
		a->payload_size = b->payload_size;
		a->payload_file = b->payload_file;
	}
}

static int read_payloads(struct ucm_system *system, struct ucm_store *store)
{
	for (struct ucm_resource *r = store->resources; r != NULL; r = r->next) {
		if (r->payload == NULL)
			continue;
		ucm_sha256(r->payload, r->payload_size, r->sha256);
		r->bundle = ucm_arena_alloc(&system->arena, sizeof(*r->bundle));
		if (r->bundle == NULL ||
		    ucm_bundle_parse(&system->arena, r->payload, r->payload_size, r->bundle) != 0)
			return -1;
	}
	return 0;
}

static int finish_stores(struct ucm_system *system)
{
	struct ucm_store **index;
	size_t count = 0;
	size_t kept = 0;

	for (struct ucm_store *s = system->stores; s != NULL; s = s->next)
		count++;
	index = ucm_arena_array(&system->arena, count, sizeof(struct ucm_store *));
	if (index == NULL)
		return -1;
	count = 0;
	for (struct ucm_store *s = system->stores; s != NULL; s = s->next)
		index[count++] = s;
	qsort(index, count, sizeof(struct ucm_store *), order_stores);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || index[kept - 1]->client != index[i]->client)
			index[kept++] = index[i];
		else if (index[kept - 1]->cut || index[i]->cut)
			continue; /* why is told at the file */
		else if (same_store_content(index[kept - 1], index[i]))
			lend_payloads(index[kept - 1], index[i]);
		else if (report_copy(system, ucm_place_of_store(index[kept - 1]),
			     ucm_place_of_store(index[i])) != 0)
			return -1;
	for (size_t i = 0; i < kept; i++) {
		index[i]->next = i + 1 < kept ? index[i + 1] : NULL;
		if (read_payloads(system, index[i]) != 0)
			return -1;
	}
	system->stores = kept == 0 ? NULL : index[0];
	system->last_store = kept == 0 ? NULL : index[kept - 1];
	return 0;
}

/* ---- Logins --------------------------------------------------------------------------------- */

static int order_logins(const void *left, const void *right)
{
	const struct ucm_login *a = *(struct ucm_login *const *)left;
	const struct ucm_login *b = *(struct ucm_login *const *)right;
	int order = ucm_compare_number(a->client, b->client);

	if (order == 0)
		order = ucm_compare_nocase(a->name, b->name);
	/* One that keeps a user stands before one that does not. */
	if (order == 0)
		order = (a->user == NULL) - (b->user == NULL);
	if (order == 0)
		order = ucm_compare_text(a->user, b->user);
	return order == 0 ? strcmp(a->name, b->name) : order;
}

static int finish_logins(struct ucm_system *system)
{
	struct ucm_login **index;
	size_t count = 0;
	size_t kept = 0;

	for (struct ucm_login *l = system->logins; l != NULL; l = l->next)
		count++;
	index = ucm_arena_array(&system->arena, count, sizeof(struct ucm_login *));
	if (index == NULL)
		return -1;
	count = 0;
	for (struct ucm_login *l = system->logins; l != NULL; l = l->next)
		index[count++] = l;
	qsort(index, count, sizeof(struct ucm_login *), order_logins);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || index[kept - 1]->client != index[i]->client ||
		    !ucm_equal_nocase(index[kept - 1]->name, index[i]->name))
			index[kept++] = index[i];
	for (size_t i = 0; i < kept; i++)
		index[i]->next = i + 1 < kept ? index[i + 1] : NULL;
	system->logins = kept == 0 ? NULL : index[0];
	system->last_login = kept == 0 ? NULL : index[kept - 1];
	system->login_index = index;
	system->login_count = kept;
	return 0;
}

int ucm_system_finish(struct ucm_system *system)
{
	if (finish_variables(system) != 0 || finish_stores(system) != 0 ||
	    finish_logins(system) != 0 || ucm_finish_calls(system) != 0)
		return -1;
	return system->arena.failed ? -1 : 0;
}
