/*
 * Paths as strings.
 */
#include "config.h"

#include "xml/path.h"

#include <string.h>

#include "policy/text.h"

char *ucm_path_join(const struct ucm_allocator *allocator, const char *folder, const char *name)
{
	const size_t length = strlen(folder), tail = strlen(name) + 1;
	const size_t slash = length > 0 && folder[length - 1] == '/' ? 0 : 1;
	char *path = ucm_resize(allocator, NULL, length + slash + tail);

	if (path == NULL)
		return NULL;
	memcpy(path, folder, length);
	path[length] = '/';
	memcpy(path + length + slash, name, tail);
	return path;
}

char *ucm_path_folder(const struct ucm_allocator *allocator, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *from = slash == NULL ? "." : slash == path ? "/" : path;
	const size_t length = from == path && slash != path ? (size_t)(slash - path) : 1;
	char *folder = ucm_resize(allocator, NULL, length + 1);

	if (folder == NULL)
		return NULL;
	memcpy(folder, from, length);
	folder[length] = '\0';
	return folder;
}

const char *ucm_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

int ucm_has_suffix(const char *name, const char *suffix)
{
	const size_t length = strlen(name), tail = strlen(suffix);

	return length >= tail && ucm_equal_nocase(name + length - tail, suffix);
}

int ucm_is_resource_fork(const char *name)
{
	return strncmp(name, "._", 2) == 0 || strcmp(name, "__MACOSX") == 0;
}
