/*
 * Paths as strings.
 */
#ifndef UCM_XML_PATH_H
#define UCM_XML_PATH_H

#include "policy/arena.h"

/* "folder/name", with one slash; to be freed with ucm_resize(). NULL without memory. */
char *ucm_path_join(const struct ucm_allocator *allocator, const char *folder, const char *name);

/* The folder of a file: "a/b" of "a/b/c", "." of "c", "/" of "/c". To be freed likewise. */
char *ucm_path_folder(const struct ucm_allocator *allocator, const char *path);

/* What stands behind the last slash. */
const char *ucm_path_base(const char *path);

/* Whether the name ends in the suffix, ASCII case ignored. */
int ucm_has_suffix(const char *name, const char *suffix);

/* Files and folders that archivers of macOS add beside the real ones: "._*", "__MACOSX". */
int ucm_is_resource_fork(const char *name);

#endif
