/*
 * From members of the model to places of findings.
 */
#include "policy/place.h"

#include "policy/keys.h"

struct ucm_place ucm_place_of_variable(const struct ucm_variable *variable, const char *key)
{
	return (struct ucm_place){
	    .client = variable->client,
	    .object = variable->name,
	    .key = key,
	    .file = variable->file,
	    .line = variable->line,
	    .column = variable->column,
	    .excerpt = variable->excerpt,
	    .excerpt_column = variable->excerpt_column,
	};
}

struct ucm_place ucm_place_of_row(const struct ucm_variable *variable, const struct ucm_row *row)
{
	enum ucm_key key = ucm_key_find(row->name);

	return (struct ucm_place){
	    .client = variable->client,
	    .object = variable->name,
	    .key = key == UCM_KEY_COUNT ? row->name : ucm_keys[key].name,
	    .file = variable->file,
	    .line = row->line,
	    .column = row->column,
	    .excerpt = row->excerpt,
	    .excerpt_column = row->excerpt_column,
	};
}

struct ucm_place ucm_place_of_store(const struct ucm_store *store)
{
	return (struct ucm_place){
	    .client = store->client,
	    .object = store->name,
	    .file = store->file,
	    .line = store->line,
	    .column = store->column,
	    .excerpt = store->excerpt,
	    .excerpt_column = store->excerpt_column,
	};
}

struct ucm_place ucm_place_of_resource(
    const struct ucm_store *store, const struct ucm_resource *resource)
{
	return (struct ucm_place){
	    .client = store->client,
	    .object = store->name,
	    .key = resource->name,
	    .file = store->file,
	    .line = resource->line,
	    .column = resource->column,
	    .excerpt = resource->excerpt,
	    .excerpt_column = resource->excerpt_column,
	};
}

struct ucm_place ucm_place_of_call(const struct ucm_call *call, unsigned line, unsigned column)
{
	struct ucm_place place = {
	    .client = call->client,
	    .object = call->object,
	    .file = call->file,
	    .line = call->line,
	    .column = call->column,
	    .excerpt = call->excerpt,
	    .excerpt_column = call->excerpt_column,
	};

	if (line != 0 && line != call->line) {
		/* The excerpt shows the line of the call only. */
		place.excerpt = NULL;
		place.excerpt_column = 0;
	} else if (line != 0 && column >= call->column && call->excerpt_column != 0) {
		place.excerpt_column += column - call->column;
	}
	if (line != 0) {
		place.line = line;
		place.column = column;
	}
	return place;
}
