/*
 * Opening files of a folder.
 */
#include "config.h"

#include "xml/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xml/reason.h"

static int say(char *why, const char *reason)
{
	(void)snprintf(why, UCM_WHY_MAX, "%s", reason);
	return -1;
}

static int is_below(const char *path, const char *root)
{
	const size_t length = strlen(root);

	if (strcmp(root, "/") == 0)
		return 1;
	return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Where a path really leads, for the caller to free; NULL where nowhere. */
static char *target_of(const char *path, const char *root, int *inside)
{
	char *target = realpath(path, NULL);
	char *top = target != NULL ? realpath(root, NULL) : NULL;

	*inside = top != NULL ? is_below(target, top) : -1;
	free(top);
	return target;
}

int ucm_link_is_inside(const char *path, const char *root)
{
	int inside;

	free(target_of(path, root, &inside));
	return inside;
}

/* Opens what is no link, or is allowed to be one; looks at its kind before and after. */
static int open_regular(const char *path, int flags, char *why)
{
	struct stat status;
	int fd;

	if (stat(path, &status) != 0) {
		ucm_reason_errno(why, UCM_WHY_MAX, errno);
		return -1;
	}
	if (!S_ISREG(status.st_mode))
		return say(why, "not a regular file");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	if (fd < 0) {
		ucm_reason_errno(why, UCM_WHY_MAX, errno);
		return -1;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		(void)close(fd);
		return say(why, "not a regular file");
	}
	return fd;
}

/* What is opened is what was judged: the link itself may be another by now. */
static int open_link(const char *path, const char *root, char *why)
{
	int inside;
	char *target = target_of(path, root, &inside);
	int fd = -1;

	if (inside < 0)
		(void)say(why, "a link that leads nowhere");
	else if (!inside)
		(void)say(why, "a link that leads out of the folder");
	else
		fd = open_regular(target, O_NOFOLLOW, why);
	free(target);
	return fd;
}

int ucm_open_inside(const char *path, const char *root, char *why)
{
	struct stat status;

	if (root == NULL)
		return open_regular(path, 0, why);
	if (lstat(path, &status) != 0) {
		ucm_reason_errno(why, UCM_WHY_MAX, errno);
		return -1;
	}
	if (S_ISLNK(status.st_mode))
		return open_link(path, root, why);
	return open_regular(path, O_NOFOLLOW, why);
}
