/*
 * JSON with one check at the end.
 */
#include "config.h"

#include "tools/json_help.h"

void ucm_json_set(json_t **object, const char *key, json_t *value)
{
	if (!*object) {
		json_decref(value);
		return;
	}
	if (!value || json_object_set_new(*object, key, value)) {
		json_decref(*object);
		*object = NULL;
	}
}

void ucm_json_append(json_t **array, json_t *value)
{
	if (!*array) {
		json_decref(value);
		return;
	}
	if (!value || json_array_append_new(*array, value)) {
		json_decref(*array);
		*array = NULL;
	}
}

json_t *ucm_json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

json_t *ucm_json_count(int64_t number)
{
	return number < 0 ? json_null() : json_integer(number);
}

json_t *ucm_json_bool(int yes)
{
	return yes ? json_true() : json_false();
}

int ucm_json_write(json_t *root, FILE *out)
{
	if (!root)
		return -1;
	/* It may also lack memory, in the midst of it: that does not show at the stream. */
	int failed = json_dumpf(root, out, JSON_INDENT(2)) != 0;
	failed |= fputc('\n', out) == EOF;
	json_decref(root);
	return failed ? -1 : 0;
}

const char *ucm_json_get_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t ucm_json_get_count(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : fallback;
}
