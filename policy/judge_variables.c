/*
 * The variables as wholes: keys that nobody knows, and keys that are there twice.
 */
#include "policy/judge.h"

#include <stdlib.h>

#include "policy/order.h"
#include "policy/place.h"
#include "policy/text.h"

/* A row with its key as it counts: without blanks around. */
struct unknown {
	const struct ucm_row *row;
	const char *name;
	size_t position; /* in the variable */
};

static const char *nearest_key(const char *name)
{
	const char *names[UCM_KEY_COUNT];
	const char *nearest;

	for (int key = 0; key < UCM_KEY_COUNT; key++)
		names[key] = ucm_keys[key].name;
	nearest = ucm_nearest(name, names, UCM_KEY_COUNT);
	return nearest == NULL ? "one of the documented keys" : nearest;
}

static void judge_unknown(
    struct ucm_judge *judge, const struct ucm_variable *variable, const struct unknown *unknown)
{
	const struct ucm_setting setting = {unknown->row, variable, unknown->row->value};

	ucm_judge_raise_at(judge, UCM114, &setting, unknown->name, nearest_key(unknown->name));
	if (ucm_value_has_control(unknown->row->value))
		ucm_judge_raise_at(judge, UCM116, &setting, unknown->name, NULL);
	else if (ucm_value_is_padded(unknown->row->value))
		ucm_judge_raise_at(judge, UCM120, &setting, unknown->name, "value of");
}

static void raise_twice(struct ucm_judge *judge, const struct ucm_variable *variable,
    const struct ucm_row *first, const struct ucm_row *second, const char *name)
{
	struct ucm_finding finding = {
	    .rule = UCM115,
	    .place = ucm_place_of_row(variable, second),
	    .related = ucm_place_of_row(variable, first),
	    .argument = {name},
	};

	ucm_judge_raise(judge, &finding);
}

/* A key of UC_CLIENT_SETTINGS that UC_SMTP_<SERVER> sets has no say in this policy. */
static int is_overridden(
    const struct ucm_judge *judge, const struct ucm_variable *variable, enum ucm_key key)
{
	const struct ucm_variable *holder = judge->settings->setting[key].variable;

	return variable != judge->settings->server && holder != NULL &&
	       holder == judge->settings->server;
}

static void judge_known_twice(struct ucm_judge *judge, const struct ucm_variable *variable)
{
	const struct ucm_row *first[UCM_KEY_COUNT] = {NULL};
	unsigned char told[UCM_KEY_COUNT] = {0};

	for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next) {
		enum ucm_key key = ucm_key_find(row->name);

		if (key == UCM_KEY_COUNT || told[key])
			continue;
		if (first[key] == NULL) {
			first[key] = row;
			continue;
		}
		told[key] = 1;
		if (ucm_judge_counts(judge, key) && !is_overridden(judge, variable, key))
			raise_twice(judge, variable, first[key], row, ucm_keys[key].name);
	}
}

static int order_unknown(const void *left, const void *right)
{
	const struct unknown *a = left;
	const struct unknown *b = right;
	int order = ucm_compare_nocase(a->name, b->name);

	return order == 0 ? (a->position > b->position) - (a->position < b->position) : order;
}

static void judge_unknown_twice(struct ucm_judge *judge, const struct ucm_variable *variable,
    struct unknown *unknown, size_t count)
{
	size_t first = 0;

	qsort(unknown, count, sizeof(*unknown), order_unknown);
	for (size_t i = 1; i < count; i++) {
		if (!ucm_equal_nocase(unknown[first].name, unknown[i].name))
			first = i;
		else if (i == first + 1)
			raise_twice(judge, variable, unknown[first].row, unknown[i].row,
			    unknown[first].name);
	}
}

static void judge_variable(struct ucm_judge *judge, const struct ucm_variable *variable)
{
	struct unknown *unknown;
	size_t count = 0;

	judge_known_twice(judge, variable);
	for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next)
		count += ucm_key_find(row->name) == UCM_KEY_COUNT;
	if (count == 0)
		return;
	unknown = ucm_arena_array(judge->arena, count, sizeof(*unknown));
	if (unknown == NULL)
		return;
	count = 0;
	for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next) {
		if (ucm_key_find(row->name) != UCM_KEY_COUNT)
			continue;
		unknown[count].row = row;
		unknown[count].position = count;
		unknown[count].name = ucm_trim_copy(judge->arena, row->name);
		if (unknown[count].name == NULL)
			return;
		judge_unknown(judge, variable, &unknown[count]);
		count++;
	}
	judge_unknown_twice(judge, variable, unknown, count);
}

void ucm_judge_variables(struct ucm_judge *judge)
{
	if (judge->settings->server != NULL)
		judge_variable(judge, judge->settings->server);
	if (judge->settings->base != NULL)
		judge_variable(judge, judge->settings->base);
}
