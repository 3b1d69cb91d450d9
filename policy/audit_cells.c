/*
 * The matrix: which policies a system contains.
 */
#include "policy/audit_parts.h"

#include "policy/order.h"
#include "policy/text.h"

const char *ucm_server_of(const struct ucm_variable *variable)
{
	const char *prefix = UCM_SMTP_PREFIX;
	const char *name = variable->name;

	for (; *prefix != '\0'; prefix++, name++)
		if (ucm_lower(*name) != ucm_lower(*prefix))
			return NULL;
	return name;
}

/* The variables of one client: a slice of the index. */
struct slice {
	struct ucm_variable *const *member;
	size_t count;
};

/* Cuts the slice of the client off the front of what is left of the index. */
static struct slice cut_client(struct slice *rest, int client)
{
	struct slice slice;

	while (rest->count > 0 && rest->member[0]->client < client) {
		rest->member++;
		rest->count--;
	}
	slice = *rest;
	slice.count = 0;
	while (rest->count > 0 && rest->member[0]->client == client) {
		slice.count++;
		rest->member++;
		rest->count--;
	}
	return slice;
}

static void skip_other_variables(struct slice *slice)
{
	while (slice->count > 0) {
		const char *server = ucm_server_of(slice->member[0]);

		if (server != NULL && !ucm_is_blank(server))
			return;
		slice->member++;
		slice->count--;
	}
}

/* The next server by name, the client's own before that of client 0; NULL at the end. */
static const struct ucm_variable *next_server(struct slice *own, struct slice *shared)
{
	const struct ucm_variable *variable;
	int order;

	skip_other_variables(own);
	skip_other_variables(shared);
	if (own->count == 0 && shared->count == 0)
		return NULL;
	if (own->count == 0)
		order = 1;
	else if (shared->count == 0)
		order = -1;
	else
		order = ucm_compare_nocase(own->member[0]->name, shared->member[0]->name);
	variable = order <= 0 ? own->member[0] : shared->member[0];
	if (order <= 0) {
		own->member++;
		own->count--;
	}
	if (order >= 0) {
		shared->member++;
		shared->count--;
	}
	return variable;
}

/* Writes the client's cells to cell (NULL: counts only). Returns how many there are. */
static size_t cells_of_client(
    int client, struct slice own, struct slice shared, struct ucm_cell *cell)
{
	const struct ucm_variable *variable;
	size_t count = 2;

	if (cell != NULL) {
		cell[0] = (struct ucm_cell){.client = client, .sender = UCM_NOTIFICATION};
		cell[1] = (struct ucm_cell){.client = client, .sender = UCM_SEND_MAIL};
	}
	while ((variable = next_server(&own, &shared)) != NULL) {
		if (cell != NULL)
			cell[count] = (struct ucm_cell){
			    .client = client,
			    .sender = UCM_SEND_MAIL,
			    .server = ucm_server_of(variable),
			    .server_variable = variable->name,
			};
		count++;
	}
	return count;
}

/* Where neither the client nor client 0 says anything of mail, there is no policy to judge. */
static int says_anything(const struct slice *slice)
{
	for (size_t i = 0; i < slice->count; i++)
		if (!ucm_equal_nocase(slice->member[i]->name, UCM_TRUSTEDCERTS_NAME))
			return 1;
	return 0;
}

static int is_selected(const struct ucm_audit_options *options, int client)
{
	return options->client == UCM_CLIENT_UNKNOWN || options->client == client;
}

/* Writes all cells (NULL: counts only). */
static size_t walk(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_cell *cell, size_t *clients)
{
	struct slice all = {system->variable_index, system->variable_count};
	struct slice rest = all;
	struct slice shared = cut_client(&all, 0);
	size_t count = 0;

	*clients = 0;
	for (size_t i = 0; i < system->client_count; i++) {
		int client = system->clients[i];
		struct slice own = cut_client(&rest, client);
		struct slice others = shared;

		if (!is_selected(options, client))
			continue;
		++*clients;
		if (client == 0)
			others.count = 0;
		if (says_anything(&own) || says_anything(&others))
			count += cells_of_client(
			    client, own, others, cell == NULL ? NULL : cell + count);
	}
	return count;
}

int ucm_audit_cells(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit)
{
	size_t count = walk(system, options, NULL, &audit->client_count);

	audit->cells = ucm_arena_array(audit->arena, count, sizeof(*audit->cells));
	if (audit->cells == NULL)
		return -1;
	audit->cell_count = walk(system, options, audit->cells, &audit->client_count);
	return 0;
}
