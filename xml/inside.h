/*
 * Opening files of a folder without leaving it, and without waiting for pipes and devices.
 */
#ifndef UCM_XML_INSIDE_H
#define UCM_XML_INSIDE_H

#include <stddef.h>

#define UCM_WHY_MAX 128 /* a reason in words */

/* Whether the link at `path` ends, at last, inside `root`. 1 and 0; -1 where it dangles. */
int ucm_link_is_inside(const char *path, const char *root);

/*
 * Opens a regular file for reading. A link is followed only where it ends inside `root`; with a
 * NULL root, always. Returns the descriptor, or -1 with why (UCM_WHY_MAX bytes) filled.
 */
int ucm_open_inside(const char *path, const char *root, char *why);

#endif
