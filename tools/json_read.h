/*
 * Reading JSON with Jansson when memory may end.
 */
#ifndef UCM_TOOLS_JSON_READ_H
#define UCM_TOOLS_JSON_READ_H

#include <jansson.h>
#include <stddef.h>

#define UCM_JSON_GROWTH_MAX 16 /* of a text in memory; a report takes 5 times its size, a batch 8 */
#define UCM_JSON_MEMORY_MIN ((size_t)1024 * 1024) /* what a short text may take nevertheless */

/* Octets that what was read of a text of this length may take. */
size_t ucm_json_memory(size_t length);

/*
 * One JSON text, whole, in which no object has a member twice. NULL where it is not that, takes
 * more than ucm_json_memory(), or without memory; then place->text tells why, place->line and
 * place->column where (0 without memory). The caller owns what is returned. Sets Jansson's allocator.
 */
json_t *ucm_json_read_text(const char *text, size_t length, json_error_t *place);

#endif
