/*
 * Finishing the calls of scripts: one order, and no object twice.
 */
#include "policy/finish.h"

#include <stdlib.h>
#include <string.h>

#include "policy/order.h"
#include "policy/text.h"

static int same_words(const char *left, const char *right)
{
	return ucm_compare_text(left, right) == 0;
}

static int order_calls(const void *left, const void *right)
{
	const struct ucm_call *a = *(struct ucm_call *const *)left;
	const struct ucm_call *b = *(struct ucm_call *const *)right;

	return ucm_compare_standing(
	    &(struct ucm_standing){a->client, a->object, a->file, a->line, a->column},
	    &(struct ucm_standing){b->client, b->object, b->file, b->line, b->column});
}

static int same_call(const struct ucm_call *left, const struct ucm_call *right)
{
	return same_words(left->server, right->server) &&
	       same_words(left->subject, right->subject) &&
	       left->server_computed == right->server_computed &&
	       left->subject_computed == right->subject_computed;
}

static int same_object(const struct ucm_call *left, const struct ucm_call *right)
{
	return left->client == right->client && ucm_equal_nocase(left->object, right->object);
}

/* How many calls from `from` on belong to one object of one file. */
static size_t run_length(struct ucm_call **index, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && same_object(index[from], index[end]) &&
	       same_words(index[from]->file, index[end]->file))
		end++;
	return end - from;
}

static int same_run(
    struct ucm_call **left, size_t left_length, struct ucm_call **right, size_t right_length)
{
	size_t i = 0;

	if (left_length != right_length || !same_object(left[0], right[0]))
		return 0;
	while (i < left_length && same_call(left[i], right[i]))
		i++;
	return i == left_length;
}

/* Drops the calls of an object that an earlier file holds in the same words. */
static size_t drop_copied_calls(struct ucm_call **index, size_t count)
{
	size_t first = 0;
	size_t first_length = 0;
	size_t kept = 0;

	for (size_t i = 0; i < count;) {
		size_t length = run_length(index, count, i);

		if (first_length != 0 && same_run(index + first, first_length, index + i, length)) {
			i += length;
			continue;
		}
		if (first_length == 0 || !same_object(index[first], index[i])) {
			first = kept;
			first_length = length;
		}
		memmove(index + kept, index + i, length * sizeof(struct ucm_call *));
		kept += length;
		i += length;
	}
	return kept;
}

int ucm_finish_calls(struct ucm_system *system)
{
	struct ucm_call **index;
	size_t count = 0;

	for (struct ucm_call *c = system->calls; c != NULL; c = c->next)
		count++;
	index = ucm_arena_array(&system->arena, count, sizeof(struct ucm_call *));
	if (index == NULL)
		return -1;
	count = 0;
	for (struct ucm_call *c = system->calls; c != NULL; c = c->next)
		index[count++] = c;
	qsort(index, count, sizeof(struct ucm_call *), order_calls);
	count = drop_copied_calls(index, count);
	for (size_t i = 0; i < count; i++)
		index[i]->next = i + 1 < count ? index[i + 1] : NULL;
	system->calls = count == 0 ? NULL : index[0];
	system->last_call = count == 0 ? NULL : index[count - 1];
	return 0;
}
