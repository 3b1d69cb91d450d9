/*
 * The client of an object, where a number or a path tells it.
 */
#ifndef UCM_XML_CLIENT_H
#define UCM_XML_CLIENT_H

#include <stddef.h>

/* "0100" to 100: digits only, at most UCM_CLIENT_MAX; else UCM_CLIENT_UNKNOWN. */
int ucm_client_parse(const char *text, size_t length);

/*
 * The nearest folder of a file's path that is called NNNN or ends in " - NNNN", four digits
 * exactly; the last component, the file's own name, does not count. UCM_CLIENT_UNKNOWN where there
 * is none. The path is taken as it is written.
 */
int ucm_client_of_path(const char *path);

#endif
