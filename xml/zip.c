/*
 * Reading ZIPs.
 */
#include "config.h"

#include "xml/zip.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/limits.h"
#include "xml/client.h"
#include "xml/export.h"
#include "xml/json.h"
#include "xml/member.h"
#include "xml/path.h"
#include "xml/payload.h"
#include "xml/reason.h"

/* Where payloads of one member are looked for. */
struct places {
	struct ucm_archive *archive;
	const char *folder; /* of the member in the archive, with its last slash; "" at the top */
	struct ucm_payload_folders outside;
};

int ucm_zip_is(const unsigned char *bytes, size_t size)
{
	/* A member, an empty archive, a part of a spanned one. */
	return size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0 ||
				memcmp(bytes, "PK\7\x8", 4) == 0);
}

/* "archive/member": what a member is called in findings. Never opened as a path. */
static char *member_name(
    const struct ucm_archive *archive, const char *member, const struct ucm_allocator *allocator)
{
	char *name = ucm_path_join(allocator, archive->path, member);

	if (name != NULL)
		for (char *at = name + strlen(archive->path); *at != '\0'; at++)
			if (*at == '\\')
				*at = '/';
	return name;
}

static zip_int64_t locate(
    const struct places *places, const struct ucm_allocator *allocator, const char *resname)
{
	const size_t length = strlen(places->folder);
	zip_int64_t index;
	char *beside = ucm_resize(allocator, NULL, length + strlen(resname) + 1);

	if (beside == NULL)
		return -2;
	memcpy(beside, places->folder, length);
	memcpy(beside + length, resname, strlen(resname) + 1);
	index = zip_name_locate(places->archive->zip, beside, 0);
	(void)ucm_resize(allocator, beside, 0);
	if (index < 0)
		index = zip_name_locate(places->archive->zip, resname, ZIP_FL_NODIR);
	return index < 0 ? -1 : index;
}

static int keep_member(struct ucm_system *system, struct ucm_resource *resource,
    struct ucm_archive *archive, zip_uint64_t index)
{
	const char *member = zip_get_name(archive->zip, index, 0);
	char *name = member_name(
	    archive, member == NULL ? resource->resname : member, system->arena.allocator);
	struct ucm_member_source source;
	int result;

	if (name == NULL)
		return -1;
	if (ucm_member_open(&source, archive, index) < 0)
		result = ucm_reason_add(system, UCM006, name, 0, source.base.why);
	else
		result = ucm_payload_keep(system, resource, &source.base, name);
	ucm_member_close(&source);
	(void)ucm_resize(system->arena.allocator, name, 0);
	return result;
}

static int find_payload(void *arg, struct ucm_system *system, struct ucm_resource *resource)
{
	struct places *places = arg;
	zip_int64_t index;

	if (!ucm_payload_is_name(resource->resname))
		return 0;
	index = locate(places, system->arena.allocator, resource->resname);
	if (index == -2)
		return -1;
	if (index >= 0)
		return keep_member(system, resource, places->archive, (zip_uint64_t)index);
	return ucm_payload_find(&places->outside, system, resource);
}

static int parse_member(struct ucm_system *system, struct ucm_member_source *source,
    const char *name, const char *folder, const struct ucm_load_options *options)
{
	struct places places = {source->archive, folder, {NULL, NULL, options->payloads}};
	const int client = ucm_client_of_path(name);
	const struct ucm_export export = {
	    .name = name,
	    .client = client != UCM_CLIENT_UNKNOWN ? client : options->client,
	    .walked = 1,
	    .payloads = {find_payload, &places},
	};
	unsigned char head[UCM_JSON_HEAD];
	const ssize_t size = source->base.ahead(&source->base, head, sizeof(head));

	if (size < 0)
		return ucm_reason_add(system, UCM006, name, 0, source->base.why);
	if (ucm_zip_is(head, (size_t)size))
		return ucm_reason_add(system, UCM006, name, 0, "a ZIP in a ZIP");
	if (ucm_json_is_other(name, head, (size_t)size))
		return 0;
	if (ucm_json_is(head, (size_t)size))
		return ucm_reason_add(system, UCM006, name, 0, UCM_JSON_REASON);
	return ucm_export_read(system, &source->base, &export);
}

static int read_member(struct ucm_system *system, struct ucm_archive *archive, zip_uint64_t index,
    const char *member, const struct ucm_load_options *options)
{
	const struct ucm_allocator *allocator = system->arena.allocator;
	const size_t folder_length = (size_t)(ucm_path_base(member) - member);
	char *name = member_name(archive, member, allocator);
	char *folder = ucm_resize(allocator, NULL, folder_length + 1);
	struct ucm_member_source source;
	int result = -1;

	if (name != NULL && folder != NULL) {
		memcpy(folder, member, folder_length);
		folder[folder_length] = '\0';
		if (ucm_member_open(&source, archive, index) < 0)
			result = ucm_reason_add(system, UCM006, name, 0, source.base.why);
		else
			result = parse_member(system, &source, name, folder, options);
		ucm_member_close(&source);
	}
	(void)ucm_resize(allocator, folder, 0);
	(void)ucm_resize(allocator, name, 0);
	return result;
}

/* Directories, resource forks of macOS and what can be no export are passed over. */
static int is_wanted(const char *member)
{
	return (ucm_has_suffix(member, ".xml") || ucm_has_suffix(member, ".zip") ||
		   ucm_has_suffix(member, ".json")) &&
	       !ucm_is_resource_fork(ucm_path_base(member)) &&
	       strncmp(member, "__MACOSX/", 9) != 0 && strstr(member, "/__MACOSX/") == NULL;
}

/* Members that hold more than the archive lie one upon the other: the same bytes, unpacked for
 * each. */
static int overlaps(const struct ucm_archive *archive, zip_int64_t count)
{
	uint64_t left = archive->size;
	zip_stat_t status;

	for (zip_int64_t i = 0; i < count; i++) {
		zip_stat_init(&status);
		if (zip_stat_index(archive->zip, (zip_uint64_t)i, 0, &status) != 0 ||
		    (status.valid & ZIP_STAT_COMP_SIZE) == 0)
			continue; /* said at the member */
		if (status.comp_size > left)
			return 1;
		left -= status.comp_size;
	}
	return 0;
}

static int read_members(
    struct ucm_system *system, struct ucm_archive *archive, const struct ucm_load_options *options)
{
	const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
	const char *member;

	if (count > UCM_ZIP_MEMBERS_MAX)
		return ucm_reason_add(
		    system, UCM006, archive->path, 0, "a ZIP of too many members");
	if (overlaps(archive, count))
		return ucm_reason_add(system, UCM006, archive->path, 0,
		    "a ZIP bomb: its members hold more than the archive");
	for (zip_int64_t i = 0; i < count; i++) {
		member = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
		if (member == NULL || !is_wanted(member))
			continue;
		if (read_member(system, archive, (zip_uint64_t)i, member, options) < 0)
			return -1;
		if (archive->unpacked > UCM_ZIP_TOTAL_MAX)
			break; /* said at the member */
	}
	return 0;
}

static zip_t *open_archive(int fd, zip_error_t *error)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream = copy < 0 ? NULL : fdopen(copy, "rb");
	zip_source_t *source;
	zip_t *zip;

	if (stream == NULL) {
		zip_error_set(error, ZIP_ER_OPEN, 0);
		if (copy >= 0)
			(void)close(copy);
		return NULL;
	}
	source = zip_source_filep_create(stream, 0, -1, error);
	if (source == NULL) {
		(void)fclose(stream);
		return NULL;
	}
	zip = zip_open_from_source(source, ZIP_RDONLY, error);
	if (zip == NULL)
		zip_source_free(source);
	return zip;
}

int ucm_zip_read(
    struct ucm_system *system, int fd, const char *path, const struct ucm_load_options *options)
{
	struct ucm_archive archive = {.path = path};
	struct stat status;
	char reason[128];
	zip_error_t error;
	int result;

	zip_error_init(&error);
	archive.zip = open_archive(fd, &error);
	if (archive.zip == NULL) {
		(void)snprintf(
		    reason, sizeof(reason), "a damaged ZIP: %s", zip_error_strerror(&error));
		ucm_reason_clean(reason);
		result = zip_error_code_zip(&error) == ZIP_ER_MEMORY
			     ? -1
			     : ucm_reason_add(system, UCM006, path, 0, reason);
	} else {
		archive.size = fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
		result = read_members(system, &archive, options);
		zip_discard(archive.zip);
	}
	zip_error_fini(&error);
	return result;
}
