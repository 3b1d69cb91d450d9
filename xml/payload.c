/*
 * Payload files.
 */
#include "config.h"

#include "xml/payload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "xml/inside.h"
#include "xml/path.h"
#include "xml/reason.h"

int ucm_payload_is_name(const char *resname)
{
	return resname[0] != '\0' && strcmp(resname, ".") != 0 && strcmp(resname, "..") != 0 &&
	       strpbrk(resname, "/\\") == NULL;
}

/* Told at the first one that is too much; those behind it are left out. */
static int refuse_more(struct ucm_system *system, const char *file)
{
	char reason[64];

	system->payload_bytes = UCM_PAYLOADS_MAX + 1;
	(void)snprintf(reason, sizeof(reason), "payloads of over %d MB in all",
	    UCM_PAYLOADS_MAX / (1024 * 1024));
	return ucm_reason_add(system, UCM006, file, 0, reason);
}

static int keep_bytes(struct ucm_system *system, struct ucm_resource *resource,
    const unsigned char *bytes, size_t size, const char *file)
{
	resource->payload =
	    (const unsigned char *)ucm_arena_copy(&system->arena, (const char *)bytes, size);
	resource->payload_file = ucm_arena_string(&system->arena, file);
	resource->payload_size = size;
	system->payload_bytes += size;
	ucm_sha256(bytes, size, resource->sha256);
	return system->arena.failed ? -1 : 0;
}

int ucm_payload_keep(struct ucm_system *system, struct ucm_resource *resource,
    struct ucm_source *source, const char *file)
{
	const struct ucm_allocator *allocator = system->arena.allocator;
	unsigned char *bytes;
	char reason[64];
	ssize_t size;
	int result;

	if (system->payload_bytes > UCM_PAYLOADS_MAX)
		return 0; /* that was told */
	/* One byte more than allowed, to see that there is one. */
	bytes = ucm_resize(allocator, NULL, UCM_PAYLOAD_MAX + 1);
	if (bytes == NULL)
		return -1;
	size = ucm_source_fill(source, bytes, UCM_PAYLOAD_MAX + 1);
	if (size < 0) {
		result = ucm_reason_add(system, UCM006, file, 0, source->why);
	} else if (size > UCM_PAYLOAD_MAX) {
		(void)snprintf(
		    reason, sizeof(reason), "a payload of over %d kB", UCM_PAYLOAD_MAX / 1024);
		result = ucm_reason_add(system, UCM006, file, 0, reason);
	} else if (system->payload_bytes + (size_t)size > UCM_PAYLOADS_MAX) {
		result = refuse_more(system, file);
	} else {
		result = keep_bytes(system, resource, bytes, (size_t)size, file);
	}
	(void)ucm_resize(allocator, bytes, 0);
	return result;
}

static int read_payload(
    struct ucm_system *system, struct ucm_resource *resource, const char *path, const char *root)
{
	struct ucm_file_source source;
	char why[UCM_WHY_MAX];
	const int fd = ucm_open_inside(path, root, why);
	int result;

	if (fd < 0)
		return ucm_reason_add(system, UCM006, path, 0, why);
	ucm_source_file(&source, fd, system->arena.allocator);
	result = ucm_payload_keep(system, resource, &source.base, path);
	ucm_source_file_end(&source);
	(void)close(fd);
	return result;
}

static int is_there(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENAMETOOLONG);
}

int ucm_payload_find(void *arg, struct ucm_system *system, struct ucm_resource *resource)
{
	const struct ucm_payload_folders *folders = arg;
	const char *const folder[] = {folders->beside, folders->extra};
	const char *const root[] = {folders->root, folders->extra};
	const struct ucm_allocator *allocator = system->arena.allocator;
	char *path;
	int found = 0, result = 0;

	if (!ucm_payload_is_name(resource->resname))
		return 0;
	for (size_t i = 0; i < 2 && !found; i++) {
		if (folder[i] == NULL)
			continue;
		path = ucm_path_join(allocator, folder[i], resource->resname);
		if (path == NULL)
			return -1;
		found = is_there(path);
		if (found)
			result = read_payload(system, resource, path, root[i]);
		(void)ucm_resize(allocator, path, 0);
	}
	return result;
}
