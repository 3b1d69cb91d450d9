/*
 * Exports in JSON: told from others, not read.
 */
#ifndef UCM_XML_JSON_H
#define UCM_XML_JSON_H

#include <stddef.h>

/* Bytes of the head of a file that are looked at. */
#define UCM_JSON_HEAD 4096

/* Why such an export is refused (UCM006). */
#define UCM_JSON_REASON "a JSON export, of which no description is public; export as XML"

/* Whether a file that begins so is JSON. */
int ucm_json_is(const unsigned char *head, size_t size);

/*
 * Whether a file of this name that was only met on the way is nobody's export: it is called .json,
 * and is none, or is a report of policy-lint, which may lie beside the exports.
 */
int ucm_json_is_other(const char *name, const unsigned char *head, size_t size);

#endif
