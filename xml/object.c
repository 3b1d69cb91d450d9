/*
 * Objects of an export: what stands directly under its root.
 */
#include "config.h"

#include "xml/reader.h"

#include <string.h>

#include "policy/text.h"
#include "xml/client.h"
#include "xml/hosttype.h"
#include "xml/markup.h"

/* Five pointers for each attribute: local name, prefix, URI, value, end of the value. */
#define FIELDS 5

const char *ucm_attribute(struct ucm_attributes attributes, const char *name, size_t *length)
{
	const xmlChar **at = attributes.list;

	for (int i = 0; i < attributes.count; i++, at += FIELDS)
		if (at[1] == NULL && strcmp((const char *)at[0], name) == 0) {
			*length = (size_t)(at[4] - at[3]);
			return (const char *)at[3];
		}
	*length = 0;
	return NULL;
}

int ucm_attribute_copy(struct ucm_attributes attributes, const char *name, char *out, size_t size)
{
	size_t length;
	const char *value = ucm_attribute(attributes, name, &length);
	const int fits = length < size;

	if (!fits)
		length = size - 1;
	if (value != NULL)
		memcpy(out, value, length);
	out[length] = '\0';
	return fits ? 0 : -1;
}

const char *ucm_reader_tag(struct ucm_reader *reader)
{
	const char *at = ucm_window_at(&reader->window, ucm_reader_offset(reader));

	/* "<" stands in no attribute, so the nearest one before is the tag's own. */
	while (at != NULL && at > reader->window.bytes)
		if (*--at == '<') {
			ucm_window_move(&reader->window, at);
			return at;
		}
	return NULL;
}

static void find_client(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;
	size_t length;
	const char *text = ucm_attribute(attributes, "client", &length);

	/* One that is no client is a fault: nothing else is asked then. */
	object->client = text == NULL ? reader->export->client : ucm_client_parse(text, length);
	if (object->client != UCM_CLIENT_UNKNOWN &&
	    ucm_system_see_client(reader->system, object->client) < 0)
		ucm_reader_no_memory(reader);
}

static void find_place(struct ucm_reader *reader)
{
	struct ucm_object *object = &reader->object;
	const struct ucm_window *window = &reader->window;
	const char *tag = ucm_reader_tag(reader), *place = tag;
	struct ucm_attribute_place name;

	if (tag == NULL) {
		memset(&object->spot, 0, sizeof(object->spot));
		object->excerpt[0] = '\0';
		object->excerpt_column = 0;
		return;
	}
	if (ucm_markup_attribute(tag, window->bytes + window->size, "name", &name) == 0)
		place = name.value;
	object->spot = ucm_window_spot(window, place);
	object->excerpt_column = ucm_window_excerpt(window, place, object->excerpt);
}

static void start_variable(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;
	struct ucm_arena *arena = &reader->system->arena;
	struct ucm_variable *variable = ucm_system_add_variable(reader->system);
	size_t length;
	const char *type = ucm_attribute(attributes, "data_type", &length);

	if (variable == NULL)
		return;
	object->variable = variable;
	object->typed = length > 0 ? UCM_TYPE_ATTRIBUTE : UCM_TYPE_NOT_TOLD;
	variable->client = object->client;
	variable->name = ucm_arena_string(arena, object->name);
	variable->type = ucm_arena_copy(arena, type == NULL ? "" : type, length);
	variable->file = ucm_reader_file(reader);
	variable->line = object->spot.line;
	variable->column = object->spot.column;
	variable->excerpt = ucm_arena_string(arena, object->excerpt);
	variable->excerpt_column = object->excerpt_column;
}

static void start_store(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;
	struct ucm_arena *arena = &reader->system->arena;
	struct ucm_store *store = ucm_system_add_store(reader->system);

	(void)attributes;
	if (store == NULL)
		return;
	object->store = store;
	store->client = object->client;
	store->name = ucm_arena_string(arena, object->name);
	store->file = ucm_reader_file(reader);
	store->line = object->spot.line;
	store->column = object->spot.column;
	store->excerpt = ucm_arena_string(arena, object->excerpt);
	store->excerpt_column = object->excerpt_column;
}

static void start_login(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;
	struct ucm_login *login = ucm_system_add_login(reader->system);

	(void)attributes;
	if (login == NULL)
		return;
	object->login = login;
	login->client = object->client;
	login->name = ucm_arena_string(&reader->system->arena, object->name);
	reader->system->has_logins = 1;
}

static int is_trusted_certs(const char *name)
{
	return ucm_equal_nocase(name, UCM_TRUSTEDCERTS_NAME);
}

static int is_any(const char *name)
{
	(void)name;
	return 1;
}

/* Which objects are kept, by tag and name. */
static const struct {
	enum ucm_element element;
	enum ucm_object_kind kind;
	int (*is_kept)(const char *name);
	size_t keys; /* counts as so many: a variable may be a server, with a policy */
	void (*start)(struct ucm_reader *reader, struct ucm_attributes attributes);
} kept[] = {
    {UCM_ELEMENT_VARA, UCM_OBJECT_VARIABLE, ucm_is_mail_variable, 10, start_variable},
    {UCM_ELEMENT_STORE, UCM_OBJECT_STORE, is_trusted_certs, 1, start_store},
    {UCM_ELEMENT_LOGIN, UCM_OBJECT_LOGIN, is_any, 1, start_login},
};

static void keep(
    struct ucm_reader *reader, enum ucm_element element, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (kept[i].element != element || !kept[i].is_kept(object->name))
			continue;
		if (ucm_reader_keep(reader, kept[i].keys) < 0)
			return;
		if (object->client == UCM_CLIENT_UNKNOWN) {
			ucm_reader_client_missing(reader);
			return;
		}
		object->kind = kept[i].kind;
		kept[i].start(reader, attributes);
		if (reader->system->arena.failed)
			ucm_reader_no_memory(reader);
		return;
	}
}

void ucm_object_start(
    struct ucm_reader *reader, enum ucm_element element, struct ucm_attributes attributes)
{
	struct ucm_object *object = &reader->object;
	size_t length;
	const char *host_type;

	if (element == UCM_ELEMENT_FOLDERS) { /* its leaves look like objects and are none */
		reader->passed_over = reader->depth;
		return;
	}
	object->kind = UCM_OBJECT_OTHER;
	object->client_missed = 0;
	object->variable = NULL;
	object->store = NULL;
	object->login = NULL;
	reader->system->objects++;
	find_place(reader);
	if (ucm_attribute_copy(attributes, "name", object->name, sizeof(object->name)) < 0) {
		ucm_reader_stop_tag(reader, UCM002, "the name of an object is too long");
		return;
	}
	find_client(reader, attributes);
	host_type = ucm_attribute(attributes, "AttrType", &length);
	if (host_type != NULL)
		reader->system->job_agents |= ucm_host_type_agents(host_type, length);
	keep(reader, element, attributes);
}

void ucm_object_end(struct ucm_reader *reader)
{
	const struct ucm_payload_finder *payloads = &reader->export->payloads;
	struct ucm_resource *resource;

	if (reader->object.store == NULL || payloads->find == NULL)
		return;
	for (resource = reader->object.store->resources; resource != NULL;
	     resource = resource->next)
		if (payloads->find(payloads->arg, reader->system, resource) < 0) {
			ucm_reader_no_memory(reader);
			return;
		}
}

void ucm_object_cut(struct ucm_reader *reader)
{
	struct ucm_object *object = &reader->object;

	if (reader->depth < UCM_DEPTH_OBJECT)
		return;
	if (object->variable != NULL)
		object->variable->cut = 1;
	if (object->store != NULL)
		object->store->cut = 1;
}
