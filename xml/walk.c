/*
 * Walking folders: sorted, bounded, never out of the root.
 */
#include "config.h"

#include "xml/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policy/limits.h"
#include "xml/inside.h"
#include "xml/path.h"
#include "xml/reason.h"

/* A folder that the walk is in. */
struct level {
	const struct level *above;
	dev_t device;
	ino_t inode;
	unsigned depth;
	int by_link; /* it or one above was reached through a link */
};

struct walk {
	const char *root;
	const struct ucm_walker *walker;
	const struct ucm_allocator *allocator;
};

static int walk_folder(
    const struct walk *walk, const char *path, const struct level *above, int by_link);

static int is_candidate(const char *name)
{
	return ucm_has_suffix(name, ".xml") || ucm_has_suffix(name, ".zip") ||
	       ucm_has_suffix(name, ".json");
}

static int fault(const struct walk *walk, const char *path, const char *reason)
{
	return walk->walker->fault(walk->walker->arg, path, reason);
}

static int fault_errno(const struct walk *walk, const char *path, int code)
{
	char why[UCM_WHY_MAX];

	ucm_reason_errno(why, sizeof(why), code);
	return fault(walk, path, why);
}

static int visit_link(
    const struct walk *walk, const char *path, const char *name, const struct level *here)
{
	const int inside = ucm_link_is_inside(path, walk->root);
	struct stat status;

	if (inside < 0 || stat(path, &status) != 0)
		return fault(walk, path, "a link that leads nowhere");
	if (!S_ISDIR(status.st_mode) && !is_candidate(name))
		return 0;
	if (!inside)
		return fault(walk, path, "a link that leads out of the folder");
	if (!S_ISDIR(status.st_mode))
		return walk->walker->file(walk->walker->arg, path, walk->root);
	return here->by_link ? 0 : walk_folder(walk, path, here, 1);
}

static int visit(
    const struct walk *walk, const char *path, const char *name, const struct level *here)
{
	struct stat status;

	if (ucm_is_resource_fork(name))
		return 0;
	if (lstat(path, &status) != 0)
		return fault_errno(walk, path, errno);
	if (S_ISLNK(status.st_mode))
		return visit_link(walk, path, name, here);
	if (S_ISDIR(status.st_mode))
		return walk_folder(walk, path, here, here->by_link);
	if (!is_candidate(name))
		return 0;
	if (!S_ISREG(status.st_mode))
		return fault(walk, path, "not a regular file");
	return walk->walker->file(walk->walker->arg, path, walk->root);
}

static int visit_name(
    const struct walk *walk, const char *folder, const char *name, const struct level *here)
{
	char *path = ucm_path_join(walk->allocator, folder, name);
	int result;

	if (path == NULL)
		return -1;
	result = visit(walk, path, name, here);
	(void)ucm_resize(walk->allocator, path, 0);
	return result;
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* The folder's entries in the order of their bytes: the same on every file system and locale. */
static int visit_entries(const struct walk *walk, const char *path, const struct level *here)
{
	struct dirent **entries;
	const int count = scandir(path, &entries, is_entry, by_name);
	int result = 0;

	if (count < 0)
		return fault_errno(walk, path, errno);
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = visit_name(walk, path, entries[i]->d_name, here);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int walk_folder(
    const struct walk *walk, const char *path, const struct level *above, int by_link)
{
	struct level here = {.above = above, .by_link = by_link};
	struct stat status;

	here.depth = above == NULL ? 0 : above->depth + 1;
	if (here.depth > UCM_INPUT_DEPTH_MAX)
		return fault(walk, path, "folders are nested too deeply");
	if (stat(path, &status) != 0)
		return fault_errno(walk, path, errno);
	here.device = status.st_dev;
	here.inode = status.st_ino;
	for (; above != NULL; above = above->above)
		if (above->device == here.device && above->inode == here.inode)
			return 0; /* a link back up: that folder is being walked */
	return visit_entries(walk, path, &here);
}

int ucm_walk(
    const char *root, const struct ucm_walker *walker, const struct ucm_allocator *allocator)
{
	const struct walk walk = {root, walker, allocator};

	return walk_folder(&walk, root, NULL, 0);
}
