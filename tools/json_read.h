/*
 * Reading JSON with Jansson when memory may end.
 */
#ifndef UCM_TOOLS_JSON_READ_H
#define UCM_TOOLS_JSON_READ_H

#include <jansson.h>
#include <stddef.h>

/*
 * One JSON text, whole, in which no object has a member twice. NULL where it is not that, or
 * without memory; then place->text tells why, place->line and place->column where (0 without
 * memory). The caller owns what is returned. Sets Jansson's allocator.
 */
json_t *ucm_json_read_text(const char *text, size_t length, json_error_t *place);

#endif
