/*
 * Reading JSON with Jansson when memory may end.
 */
#include "config.h"

#include "tools/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where there is no memory for the next octets of a string or a number, Jansson (2.14) goes on
 * without them, and reads an address or a time that is not there. Only its allocator sees that, and
 * an allocator has no argument: the one variable of the tools.
 */
static _Thread_local int lost;

static void *allocate(size_t size)
{
	void *block = malloc(size);

	lost |= block == NULL;
	return block;
}

json_t *ucm_json_read_text(const char *text, size_t length, json_error_t *place)
{
	json_t *root;

	json_set_alloc_funcs(allocate, free);
	lost = 0;
	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, place);
	if (!lost)
		return root;
	json_decref(root);
	memset(place, 0, sizeof *place);
	(void)snprintf(place->text, sizeof place->text, "out of memory");
	return NULL;
}
