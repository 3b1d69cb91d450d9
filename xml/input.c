/*
 * One file of any kind.
 */
#include "config.h"

#include "xml/input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policy/limits.h"
#include "xml/client.h"
#include "xml/export.h"
#include "xml/inside.h"
#include "xml/json.h"
#include "xml/merge.h"
#include "xml/path.h"
#include "xml/payload.h"
#include "xml/reason.h"
#include "xml/snapshot.h"
#include "xml/zip.h"

enum kind { KIND_XML, KIND_ZIP, KIND_SNAPSHOT, KIND_JSON, KIND_NO_ZIP };

/* What the bytes are; the name counts only where they could be anything. */
static enum kind kind_of(const unsigned char *head, size_t size, const char *name)
{
	if (ucm_zip_is(head, size))
		return KIND_ZIP;
	if (ucm_snapshot_is(head, size))
		return KIND_SNAPSHOT;
	if (ucm_json_is(head, size))
		return KIND_JSON;
	if (ucm_has_suffix(name, ".zip") && (size == 0 || memchr(head, '<', size) == NULL))
		return KIND_NO_ZIP;
	return KIND_XML;
}

/* The bytes of a snapshot in memory; NULL with why, or without memory with no why. */
static char *slurp(struct ucm_source *source, const struct ucm_allocator *allocator, size_t *size)
{
	char *bytes = NULL, *larger;
	size_t room = 0;
	ssize_t got;

	*size = 0;
	do {
		if (room > UCM_SPOOL_MAX) {
			(void)snprintf(source->why, sizeof(source->why), "a snapshot that large");
			break;
		}
		room += UCM_SOURCE_CHUNK;
		larger = ucm_resize(allocator, bytes, room + 1);
		if (larger == NULL)
			break;
		bytes = larger;
		got = ucm_source_fill(source, bytes + *size, room - *size);
		if (got < 0)
			break;
		*size += (size_t)got;
		if (*size < room)
			return bytes;
	} while (1);
	(void)ucm_resize(allocator, bytes, 0);
	return NULL;
}

/* A snapshot among other inputs counts like the exports that it was made of. */
static int read_snapshot(struct ucm_system *system, struct ucm_source *source, const char *name)
{
	struct ucm_system part;
	struct ucm_error error;
	size_t size;
	char *bytes = slurp(source, system->arena.allocator, &size);
	int result;

	system->files++;
	if (bytes == NULL)
		return source->why[0] == '\0'
			   ? -1
			   : ucm_reason_add(system, UCM006, name, 0, source->why);
	system->bytes += size;
	memset(&error, 0, sizeof(error));
	ucm_system_init(&part, system->arena.allocator, system->arena.ceiling);
	if (ucm_snapshot_read(&part, bytes, size, name, &error) == 0)
		result = ucm_merge(system, &part);
	else if (error.class == UCM_CLASS_MEMORY)
		result = -1;
	else
		result = ucm_reason_add(system, UCM006, name, 0, error.text);
	ucm_system_free(&part);
	(void)ucm_resize(system->arena.allocator, bytes, 0);
	return result;
}

/* The client that the path tells, else the one of the options. */
static int client_of(const char *path, const struct ucm_load_options *options)
{
	const int client = ucm_client_of_path(path);

	return client != UCM_CLIENT_UNKNOWN ? client : options->client;
}

static int read_xml(struct ucm_system *system, struct ucm_source *source,
    const struct ucm_input *input, const struct ucm_load_options *options)
{
	char *folder = ucm_path_folder(system->arena.allocator, input->path);
	struct ucm_payload_folders folders = {
	    folder, input->root != NULL ? input->root : folder, options->payloads};
	const struct ucm_export export = {
	    .name = input->path,
	    .client = client_of(input->path, options),
	    .walked = input->root != NULL,
	    .payloads = {ucm_payload_find, &folders},
	};
	int result = folder == NULL ? -1 : ucm_export_read(system, source, &export);

	(void)ucm_resize(system->arena.allocator, folder, 0);
	return result;
}

static int refuse(struct ucm_system *system, const char *name, const char *reason)
{
	system->files++;
	return ucm_reason_add(system, UCM006, name, 0, reason);
}

static int read_open(struct ucm_system *system, struct ucm_file_source *source,
    const struct ucm_input *input, const struct ucm_load_options *options)
{
	unsigned char head[UCM_JSON_HEAD];
	const ssize_t size = source->base.ahead(&source->base, head, sizeof(head));

	if (size < 0)
		return refuse(system, input->path, source->base.why);
	if (input->root != NULL && ucm_json_is_other(input->path, head, (size_t)size))
		return 0;
	switch (kind_of(head, (size_t)size, ucm_path_base(input->path))) {
	case KIND_ZIP:
		return ucm_zip_read(system, source->fd, input->path, options);
	case KIND_SNAPSHOT:
		return read_snapshot(system, &source->base, input->path);
	case KIND_JSON:
		return refuse(system, input->path, UCM_JSON_REASON);
	case KIND_NO_ZIP:
		return refuse(system, input->path, "a damaged ZIP");
	case KIND_XML:
	default:
		return read_xml(system, &source->base, input, options);
	}
}

int ucm_input_read(struct ucm_system *system, const struct ucm_input *input,
    const struct ucm_load_options *options)
{
	struct ucm_file_source source;
	char why[UCM_WHY_MAX];
	const int fd = ucm_open_inside(input->path, input->root, why);
	int result;

	if (fd < 0)
		return refuse(system, input->path, why);
	ucm_source_file(&source, fd, system->arena.allocator);
	result = read_open(system, &source, input, options);
	ucm_source_file_end(&source);
	(void)close(fd);
	return result;
}

int ucm_input_read_stdin(struct ucm_system *system, const struct ucm_load_options *options)
{
	const char *name = options->stdin_name != NULL ? options->stdin_name : "<stdin>";
	const struct ucm_export export = {.name = name,
	    .client = options->client,
	    .payloads = {
		ucm_payload_find, &(struct ucm_payload_folders){NULL, NULL, options->payloads}}};
	struct ucm_file_source source;
	unsigned char head[UCM_JSON_HEAD];
	ssize_t size;
	int result;

	ucm_source_file(&source, STDIN_FILENO, system->arena.allocator);
	size = source.base.ahead(&source.base, head, sizeof(head));
	if (size < 0)
		result = refuse(system, name, source.base.why);
	else if (ucm_zip_is(head, (size_t)size))
		result = refuse(system, name, "a ZIP on standard input; name the file instead");
	else if (ucm_json_is(head, (size_t)size))
		result = refuse(system, name, UCM_JSON_REASON);
	else if (ucm_snapshot_is(head, (size_t)size))
		result = read_snapshot(system, &source.base, name);
	else
		result = ucm_export_read(system, &source.base, &export);
	ucm_source_file_end(&source);
	return result;
}
