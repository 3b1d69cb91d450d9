/*
 * Walks a folder for files that can be exports.
 */
#ifndef UCM_XML_WALK_H
#define UCM_XML_WALK_H

#include "policy/arena.h"

struct ucm_walker {
	/* A file called *.xml, *.zip or *.json, in the order of names. -1 ends the walk. */
	int (*file)(void *arg, const char *path, const char *root);
	/* Something that cannot be read, with the reason. -1 ends the walk. */
	int (*fault)(void *arg, const char *path, const char *reason);
	void *arg;
};

/*
 * Walks `root`, links within it included. A link to a folder is followed once in a path and never
 * to a folder above it, so that a walk ends; its target is met under its own name in any case.
 * Returns 0, or -1 when a callback ended it or without memory.
 */
int ucm_walk(
    const char *root, const struct ucm_walker *walker, const struct ucm_allocator *allocator);

#endif
