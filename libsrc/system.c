/*
 * Reads a handle's inputs: a snapshot by itself, exports through the XML module.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libsrc/handle.h"
#include "libsrc/system.h"
#include "libsrc/xml_module.h"
#include "xml/snapshot.h"

#define SNAPSHOT_PEEK 64 /* enough for ucm_snapshot_is() */

void ucm_system_drop(struct ucm *handle)
{
	if (handle->system == NULL)
		return;
	ucm_system_free(handle->system);
	ucm_handle_resize(handle, handle->system, 0);
	handle->system = NULL;
	handle->system_takes_client = 0;
}

/* ---- Inputs ------------------------------------------------------------------------------- */

static int add_input(struct ucm *handle, const char *path)
{
	char **grown;
	char *copy;
	size_t count, size;

	if (path == NULL || *path == '\0')
		return ucm_fail(&handle->error, UCM_CLASS_USAGE, "an input has no name");
	if (__builtin_add_overflow(handle->input_count, 1, &count) ||
	    __builtin_mul_overflow(count, sizeof *grown, &size))
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "too many inputs");
	copy = ucm_handle_copy(handle, path);
	grown = copy == NULL ? NULL : ucm_handle_resize(handle, handle->input, size);
	if (grown == NULL) {
		ucm_handle_release(handle, &copy);
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory for an input");
	}
	ucm_handle_forget_system(handle);
	handle->input = grown;
	handle->input[handle->input_count++] = copy;
	return 0;
}

int ucm_add_input(struct ucm *handle, const char *path)
{
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_check_idle(handle) != 0 || add_input(handle, path) != 0)
		return (int)handle->error.class;
	return UCM_OK;
}

/* ---- Snapshots ---------------------------------------------------------------------------- */

static ssize_t read_fully(int fd, char *bytes, size_t room)
{
	size_t length = 0;

	while (length < room) {
		ssize_t n = read(fd, bytes + length, room - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		length += (size_t)n;
	}
	return (ssize_t)length;
}

/* An open descriptor of a regular file that begins as a snapshot does; -1 of anything else. What
 * cannot be opened here is told by the reader of exports, with its place. */
static int open_snapshot(const char *path, struct stat *status)
{
	char peek[SNAPSHOT_PEEK];
	ssize_t length;
	int fd;

	if (strcmp(path, "-") == 0 || stat(path, status) != 0 || !S_ISREG(status->st_mode))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -1;
	length = fstat(fd, status) == 0 && S_ISREG(status->st_mode)
		     ? pread(fd, peek, sizeof peek, 0)
		     : -1;
	if (length > 0 && ucm_snapshot_is(peek, (size_t)length))
		return fd;
	close(fd);
	return -1;
}

static int read_snapshot(struct ucm *handle, int fd, const char *path, off_t size)
{
	char *bytes;
	ssize_t length;
	int failed;

	if (size > UCM_SNAPSHOT_MAX)
		return ucm_fail(&handle->error, UCM_CLASS_INPUT,
		    "%s: the snapshot is larger than %d bytes", path, UCM_SNAPSHOT_MAX);
	bytes = ucm_handle_resize(handle, NULL, (size_t)size + 1);
	if (bytes == NULL)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "%s: no memory to read it", path);
	length = read_fully(fd, bytes, (size_t)size + 1);
	if (length < 0)
		failed = ucm_fail(&handle->error, UCM_CLASS_INPUT, "%s: cannot be read", path);
	else if (length != size)
		failed = ucm_fail(&handle->error, UCM_CLASS_INPUT,
		    "%s: changed while it was read: try again", path);
	else
		failed =
		    ucm_snapshot_read(handle->system, bytes, (size_t)length, path, &handle->error);
	ucm_handle_resize(handle, bytes, 0);
	return failed;
}

/* 1: the inputs were one snapshot, and it was read; 0: they are exports; -1 with error. */
static int try_snapshot(struct ucm *handle)
{
	struct stat status;
	size_t i;
	int fd, failed;

	for (i = 0; i < handle->input_count; i++) {
		fd = open_snapshot(handle->input[i], &status);
		if (fd < 0)
			continue;
		failed =
		    handle->input_count > 1
			? ucm_fail(&handle->error, UCM_CLASS_INPUT,
			      "%s is a snapshot, which stands for a whole system: give it alone",
			      handle->input[i])
			: read_snapshot(handle, fd, handle->input[i], status.st_size);
		close(fd);
		return failed != 0 ? -1 : 1;
	}
	return 0;
}

/* ---- Exports ------------------------------------------------------------------------------ */

static int load_exports(struct ucm *handle, ucm_load_fn load, int client)
{
	const char *const *inputs = (const char *const *)handle->input;
	struct ucm_load_options options = {
	    .payloads = handle->text[UCM_PAYLOADS], .client = client};

	handle->system_takes_client = client != UCM_CLIENT_UNKNOWN;
	if (load(handle->system, inputs, handle->input_count, &options, &handle->error) != 0)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory to read the system");
	return 0;
}

static int has_object_without_client(const struct ucm_system *system)
{
	size_t i;

	for (i = 0; i < system->findings.count; i++)
		if (system->findings.row[i].rule == UCM004)
			return 1;
	return 0;
}

/* The standard input can be read but once. */
static int has_standard_input(const struct ucm *handle)
{
	size_t i;

	for (i = 0; i < handle->input_count; i++)
		if (strcmp(handle->input[i], "-") == 0)
			return 1;
	return 0;
}

/*
 * Objects whose client nothing tells are of the client that was set, and a finding where none was.
 * Most systems have none of them: only a second reading ties what was read to UCM_CLIENT.
 */
static int read_exports(struct ucm *handle)
{
	const int set =
	    handle->number[UCM_CLIENT] < 0 ? UCM_CLIENT_UNKNOWN : (int)handle->number[UCM_CLIENT];
	const int at_once = has_standard_input(handle);
	ucm_load_fn load = ucm_find_reader(handle);

	if (load == NULL || load_exports(handle, load, at_once ? set : UCM_CLIENT_UNKNOWN) != 0)
		return -1;
	if (at_once || set == UCM_CLIENT_UNKNOWN || !has_object_without_client(handle->system))
		return 0;
	ucm_system_free(handle->system);
	ucm_system_init(handle->system, &handle->allocator, 0);
	return load_exports(handle, load, set);
}

/* ---- Both --------------------------------------------------------------------------------- */

/* What could not be read might have said otherwise: a system that is not whole decides nothing. */
static int refuse_unread(struct ucm *handle)
{
	const struct ucm_findings *findings = &handle->system->findings;
	size_t i;

	for (i = 0; i < findings->count; i++)
		if (ucm_finding_severity(&findings->row[i], UCM_COMPAT) == UCM_ERROR)
			return ucm_fail_finding(&handle->error, UCM_CLASS_INPUT, &findings->row[i]);
	return 0;
}

int ucm_handle_read_system(struct ucm *handle)
{
	int done;

	if (handle->system != NULL)
		return 0;
	if (handle->input_count == 0)
		return ucm_fail(&handle->error, UCM_CLASS_USAGE,
		    "no input: name the exports or a snapshot of the system");
	handle->system = ucm_handle_resize(handle, NULL, sizeof *handle->system);
	if (handle->system == NULL)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory to read the system");
	ucm_system_init(handle->system, &handle->allocator, 0);
	done = try_snapshot(handle);
	if (done == 0)
		done = read_exports(handle);
	if (done < 0 || refuse_unread(handle) != 0) {
		ucm_system_drop(handle);
		return -1;
	}
	return 0;
}

/* Writes to an own copy of the descriptor. 0, or -1 with error. */
static int write_snapshot(struct ucm *handle, int fd)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
	int failed;

	if (out == NULL) {
		if (copy >= 0)
			close(copy);
		return ucm_fail(&handle->error, UCM_CLASS_IO, "the snapshot cannot be written");
	}
	failed = ucm_snapshot_write(handle->system, out, &handle->error);
	if (fclose(out) == 0 && failed == 0)
		return 0;
	return ucm_fail(&handle->error, UCM_CLASS_IO, "the snapshot cannot be written");
}

/*
 * The same where the descriptor may be a pipe whose reader went away: the signal of that would end
 * a caller that does not expect it. It is held back in this thread, and taken if it came.
 */
static void write_without_signal(struct ucm *handle, int fd)
{
	sigset_t signals, before, pending;
	int taken = 0, was_pending = 0;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGPIPE);
	if (pthread_sigmask(SIG_BLOCK, &signals, &before) != 0) {
		ucm_fail(&handle->error, UCM_CLASS_IO, "the snapshot cannot be written");
		return;
	}
	was_pending = sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
	(void)write_snapshot(handle, fd);
	if (!was_pending && sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1)
		(void)sigwait(&signals, &taken);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int ucm_compile(struct ucm *handle, int fd)
{
	if (handle == NULL || fd < 0)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_read_system(handle) != 0)
		return (int)handle->error.class;
	write_without_signal(handle, fd);
	return (int)handle->error.class;
}
