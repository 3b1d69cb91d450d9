/*
 * The model: appending while inputs are read, and looking up once it is finished.
 */
#include "policy/model.h"

#include <stdlib.h>
#include <string.h>

#include "policy/keys.h"
#include "policy/limits.h"
#include "policy/order.h"
#include "policy/text.h"

void ucm_system_init(
    struct ucm_system *system, const struct ucm_allocator *allocator, size_t ceiling)
{
	memset(system, 0, sizeof(*system));
	ucm_arena_init(&system->arena, allocator, ceiling);
	system->findings.arena = &system->arena;
}

void ucm_system_free(struct ucm_system *system)
{
	const struct ucm_allocator *allocator = system->arena.allocator;
	size_t ceiling = system->arena.ceiling;

	ucm_arena_free(&system->arena);
	ucm_system_init(system, allocator, ceiling);
}

struct ucm_variable *ucm_system_add_variable(struct ucm_system *system)
{
	struct ucm_variable *variable = ucm_arena_alloc(&system->arena, sizeof(*variable));

	if (variable == NULL)
		return NULL;
	if (system->last_variable == NULL)
		system->variables = variable;
	else
		system->last_variable->next = variable;
	system->last_variable = variable;
	return variable;
}

struct ucm_row *ucm_variable_add_row(struct ucm_system *system, struct ucm_variable *variable)
{
	struct ucm_row *row = ucm_arena_alloc(&system->arena, sizeof(*row));

	if (row == NULL)
		return NULL;
	if (variable->last_row == NULL)
		variable->rows = row;
	else
		variable->last_row->next = row;
	variable->last_row = row;
	return row;
}

struct ucm_store *ucm_system_add_store(struct ucm_system *system)
{
	struct ucm_store *store = ucm_arena_alloc(&system->arena, sizeof(*store));

	if (store == NULL)
		return NULL;
	if (system->last_store == NULL)
		system->stores = store;
	else
		system->last_store->next = store;
	system->last_store = store;
	return store;
}

struct ucm_resource *ucm_store_add_resource(struct ucm_system *system, struct ucm_store *store)
{
	struct ucm_resource *resource = ucm_arena_alloc(&system->arena, sizeof(*resource));

	if (resource == NULL)
		return NULL;
	if (store->last_resource == NULL)
		store->resources = resource;
	else
		store->last_resource->next = resource;
	store->last_resource = resource;
	return resource;
}

struct ucm_login *ucm_system_add_login(struct ucm_system *system)
{
	struct ucm_login *login = ucm_arena_alloc(&system->arena, sizeof(*login));

	if (login == NULL)
		return NULL;
	if (system->last_login == NULL)
		system->logins = login;
	else
		system->last_login->next = login;
	system->last_login = login;
	system->has_logins = 1;
	return login;
}

struct ucm_call *ucm_system_add_call(struct ucm_system *system)
{
	struct ucm_call *call = ucm_arena_alloc(&system->arena, sizeof(*call));

	if (call == NULL)
		return NULL;
	if (system->last_call == NULL)
		system->calls = call;
	else
		system->last_call->next = call;
	system->last_call = call;
	return call;
}

/* The position of the first client not below `client`. */
static size_t client_position(const struct ucm_system *system, int client)
{
	size_t low = 0;
	size_t high = system->client_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (system->clients[middle] < client)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int ucm_system_has_client(const struct ucm_system *system, int client)
{
	size_t position = client_position(system, client);

	return position < system->client_count && system->clients[position] == client;
}

/* The array has room for the next power of two above its count. */
static int make_client_room(struct ucm_system *system)
{
	size_t count = system->client_count;
	int *clients;

	if ((count & (count - 1)) != 0)
		return 0;
	clients = ucm_arena_array(&system->arena, count == 0 ? 1 : 2 * count, sizeof(*clients));
	if (clients == NULL)
		return -1;
	if (count > 0)
		memcpy(clients, system->clients, count * sizeof(*clients));
	system->clients = clients;
	return 0;
}

int ucm_system_see_client(struct ucm_system *system, int client)
{
	size_t position;

	if (client < 0 || client > UCM_CLIENT_MAX || ucm_system_has_client(system, client))
		return 0;
	if (make_client_room(system) != 0)
		return -1;
	position = client_position(system, client);
	memmove(system->clients + position + 1, system->clients + position,
	    (system->client_count - position) * sizeof(*system->clients));
	system->clients[position] = client;
	system->client_count++;
	return 0;
}

struct wanted {
	int client;
	const char *name;
};

static int compare_wanted(const struct wanted *wanted, int client, const char *name)
{
	if (wanted->client != client)
		return wanted->client < client ? -1 : 1;
	return ucm_compare_nocase(wanted->name, name);
}

static int find_variable(const void *key, const void *member)
{
	const struct ucm_variable *variable = *(struct ucm_variable *const *)member;

	return compare_wanted(key, variable->client, variable->name);
}

const struct ucm_variable *ucm_system_variable(
    const struct ucm_system *system, int client, const char *name)
{
	struct wanted wanted = {client, name};
	struct ucm_variable **found;

	if (system->variable_count == 0)
		return NULL;
	found = bsearch(&wanted, system->variable_index, system->variable_count,
	    sizeof(struct ucm_variable *), find_variable);
	return found == NULL ? NULL : *found;
}

static int find_login(const void *key, const void *member)
{
	const struct ucm_login *login = *(struct ucm_login *const *)member;

	return compare_wanted(key, login->client, login->name);
}

static const struct ucm_login *login_of(
    const struct ucm_system *system, int client, const char *name)
{
	struct wanted wanted = {client, name};
	struct ucm_login **found;

	if (system->login_count == 0)
		return NULL;
	found = bsearch(&wanted, system->login_index, system->login_count,
	    sizeof(struct ucm_login *), find_login);
	return found == NULL ? NULL : *found;
}

const struct ucm_login *ucm_system_login(
    const struct ucm_system *system, int client, const char *name)
{
	const struct ucm_login *login = login_of(system, client, name);

	return login == NULL && client != 0 ? login_of(system, 0, name) : login;
}

const struct ucm_store *ucm_system_store(const struct ucm_system *system, int client)
{
	for (const struct ucm_store *store = system->stores; store != NULL; store = store->next)
		if (store->client == client)
			return store;
	return NULL;
}

static int has_prefix(const char *text, const char *prefix)
{
	while (*prefix != '\0' && ucm_lower(*text) == ucm_lower(*prefix)) {
		text++;
		prefix++;
	}
	return *prefix == '\0';
}

int ucm_is_mail_variable(const char *name)
{
	return ucm_equal_nocase(name, UCM_CLIENT_SETTINGS_NAME) ||
	       ucm_equal_nocase(name, UCM_TRUSTEDCERTS_NAME) || has_prefix(name, UCM_SMTP_PREFIX);
}

int ucm_is_mail_key(const char *name)
{
	const char *start;

	ucm_trim(name, &start);
	return has_prefix(start, "SMTP_") || has_prefix(start, "SMTPS_") ||
	       ucm_key_find(name) == UCM_SEND_MAIL_DEFAULT;
}
