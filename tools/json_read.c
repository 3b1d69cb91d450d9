/*
 * Reading JSON with Jansson when memory may end.
 */
#include "config.h"

#include "tools/json_read.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where there is no memory for the next octets of a string or a number, Jansson (2.14) goes on
 * without them, and reads an address or a time that is not there. Only its allocator sees that, and
 * an allocator has no argument: the one variable of the tools.
 */
static _Thread_local struct {
	int now; /* a text is read: what is made is counted */
	int lost;
	size_t left; /* octets that may still be taken */
} reading;

size_t ucm_json_memory(size_t length)
{
	size_t most;

	if (__builtin_mul_overflow(length, (size_t)UCM_JSON_GROWTH_MAX, &most) ||
	    __builtin_add_overflow(most, UCM_JSON_MEMORY_MIN, &most))
		return SIZE_MAX;
	return most;
}

static void *allocate(size_t size)
{
	const int spent = reading.now && size > reading.left;
	void *block = spent ? NULL : malloc(size);

	reading.lost |= block == NULL;
	if (reading.now)
		reading.left = spent ? 0 : reading.left - size;
	return block;
}

json_t *ucm_json_read_text(const char *text, size_t length, json_error_t *place)
{
	json_t *root;

	json_set_alloc_funcs(allocate, free);
	reading.now = 1;
	reading.lost = 0;
	reading.left = ucm_json_memory(length);
	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, place);
	reading.now = 0;
	if (!reading.lost)
		return root;
	json_decref(root);
	memset(place, 0, sizeof *place);
	(void)snprintf(place->text, sizeof place->text,
	    reading.left == 0 ? "it would take over %d times its size in memory" : "out of memory",
	    UCM_JSON_GROWTH_MAX);
	return NULL;
}
