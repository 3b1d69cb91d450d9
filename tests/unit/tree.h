/*
 * Folders for tests: made below a temporary one, removed with it.
 */
#ifndef UCM_TESTS_TREE_H
#define UCM_TESTS_TREE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
	char top[64];
	char path[4096]; /* of the last tree_path() */
};

static inline void tree_make(struct tree *tree)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(
	    tree->top, sizeof(tree->top), "%.40s/ucm.XXXXXX", base != NULL ? base : "/tmp");
	assert_non_null(mkdtemp(tree->top));
}

static inline const char *tree_path(struct tree *tree, const char *name)
{
	(void)snprintf(tree->path, sizeof(tree->path), "%s/%s", tree->top, name);
	return tree->path;
}

static inline void tree_folder(struct tree *tree, const char *name)
{
	assert_int_equal(mkdir(tree_path(tree, name), 0777), 0);
}

static inline void tree_write(struct tree *tree, const char *name, const void *bytes, size_t size)
{
	FILE *file = fopen(tree_path(tree, name), "wbe");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void tree_text(struct tree *tree, const char *name, const char *text)
{
	tree_write(tree, name, text, strlen(text));
}

static inline int tree_remove_one(
    const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path);
}

static inline void tree_remove(struct tree *tree)
{
	(void)nftw(tree->top, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
