/*
 * Building JSON with Jansson when memory may end: a value that failed poisons what it is put into,
 * so that only the root must be looked at. NULL is that poison everywhere.
 */
#ifndef UCM_TOOLS_JSON_HELP_H
#define UCM_TOOLS_JSON_HELP_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Puts value (taken over) into *object, or frees both and leaves NULL. */
void ucm_json_set(json_t **object, const char *key, json_t *value);
void ucm_json_append(json_t **array, json_t *value);

/* A string; null for NULL. The text must be valid UTF-8. */
json_t *ucm_json_text(const char *text);
/* A number; null where it is negative. */
json_t *ucm_json_count(int64_t number);
json_t *ucm_json_bool(int yes);

/* Writes root (taken over) as indented JSON and a newline. 0; -1 where root is NULL or
 * not all of it could be written. */
int ucm_json_write(json_t *root, FILE *out);

/* Members of an object that was read: NULL or fallback where it is missing or of another type. */
const char *ucm_json_get_text(const json_t *object, const char *key);
int64_t ucm_json_get_count(const json_t *object, const char *key, int64_t fallback);

#endif
