/*
 * Octets in memory, in a file, or spooled from a pipe.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libsrc/octets.h"

#define SPOOL_MEMORY 65536 /* a usual message or report; more goes to a file */
#define SPOOL_CHUNK 16384

void ucm_octets_init(struct ucm_octets *octets)
{
	memset(octets, 0, sizeof(*octets));
	octets->fd = -1;
	octets->name = "the data";
}

static int io_failure(struct ucm_error *error, const char *doing, const char *name, int number)
{
	char reason[128] = "";
	const char *text = ucm_errno_text(number, reason, sizeof(reason));

	return ucm_fail(error, UCM_CLASS_IO, "%s %s: %s", doing, name, text);
}

int ucm_octets_copy(struct ucm_octets *octets, struct ucm_arena *arena, const void *bytes,
    size_t size, struct ucm_error *error)
{
	static const unsigned char none[1];
	unsigned char *copy = NULL;

	if (size) {
		copy = ucm_arena_alloc(arena, size);
		if (!copy)
			return ucm_out_of_memory(error);
		memcpy(copy, bytes, size);
	}
	octets->bytes = copy ? copy : none;
	octets->size = size;
	return 0;
}

/* ---- Spool -------------------------------------------------------------------------------- */

/* An unnamed file of which only the descriptor exists. */
static int open_temporary(void)
{
	char name[] = P_tmpdir "/ucmail.XXXXXX";
	int fd;

#ifdef O_TMPFILE
	fd = open(P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
#endif
	/* A file system or system without O_TMPFILE. */
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(name);
	return fd;
}

/* Reads what comes, waiting where the descriptor does not block. 0 at the end, -1 with errno. */
static ssize_t read_some(int fd, void *bytes, size_t room)
{
	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		ssize_t count = read(fd, bytes, room);

		if (count >= 0)
			return count;
		if (errno == EAGAIN) {
			if (poll(&wait, 1, -1) < 0 && errno != EINTR)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
}

/* Fills as much as there is. Returns the octets, or -1 with errno. */
static ssize_t read_full(int fd, unsigned char *bytes, size_t room)
{
	size_t used = 0;

	while (used < room) {
		ssize_t count = read_some(fd, bytes + used, room - used);

		if (count < 0)
			return -1;
		if (!count)
			break;
		used += (size_t)count;
	}
	return (ssize_t)used;
}

static int write_full(int fd, const unsigned char *bytes, size_t size)
{
	while (size) {
		ssize_t count = write(fd, bytes, size);

		if (count < 0 && errno != EINTR)
			return -1;
		if (count > 0) {
			bytes += count;
			size -= (size_t)count;
		}
	}
	return 0;
}

/* Copies the head and all that follows it to a temporary file. */
static int spool_to_file(struct ucm_octets *octets, int fd, const unsigned char *head,
    size_t length, struct ucm_error *error)
{
	unsigned char chunk[SPOOL_CHUNK];
	ssize_t count = (ssize_t)length;
	int file = open_temporary();

	if (file < 0)
		return io_failure(error, "cannot make a temporary file for", octets->name, errno);
	octets->fd = file;
	octets->size = 0;
	while (count > 0) {
		if (write_full(file, head, (size_t)count))
			return io_failure(
			    error, "cannot write the temporary file for", octets->name, errno);
		octets->size += (unsigned long long)count;
		head = chunk;
		count = read_full(fd, chunk, sizeof(chunk));
	}
	if (count < 0)
		return io_failure(error, "cannot read", octets->name, errno);
	return 0;
}

int ucm_octets_spool(
    struct ucm_octets *octets, struct ucm_arena *arena, int fd, struct ucm_error *error)
{
	unsigned char *head = ucm_arena_alloc(arena, SPOOL_MEMORY);
	ssize_t count;

	if (!head)
		return ucm_out_of_memory(error);
	count = read_full(fd, head, SPOOL_MEMORY);
	if (count < 0)
		return io_failure(error, "cannot read", octets->name, errno);
	if (count == SPOOL_MEMORY)
		return spool_to_file(octets, fd, head, (size_t)count, error);
	octets->bytes = head;
	octets->size = (unsigned long long)count;
	return 0;
}

/* ---- Files -------------------------------------------------------------------------------- */

static int adopt(
    struct ucm_octets *octets, struct ucm_arena *arena, int fd, struct ucm_error *error)
{
	struct stat status;

	if (fstat(fd, &status))
		return io_failure(error, "cannot read", octets->name, errno);
	if (S_ISREG(status.st_mode)) {
		octets->fd = fd;
		octets->size = (unsigned long long)status.st_size;
		return 1;
	}
	if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
		return ucm_octets_spool(octets, arena, fd, error);
	return ucm_fail(error, UCM_CLASS_IO, "%s is %s: only files and pipes can be attached",
	    octets->name, S_ISDIR(status.st_mode) ? "a folder" : "a device");
}

int ucm_octets_open(
    struct ucm_octets *octets, struct ucm_arena *arena, const char *path, struct ucm_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), result;

	octets->name = ucm_arena_string(arena, path);
	if (!octets->name) {
		octets->name = "the file";
		result = ucm_out_of_memory(error);
	} else if (fd < 0) {
		return io_failure(error, "cannot open", path, errno);
	} else {
		result = adopt(octets, arena, fd, error);
	}
	if (result <= 0 && fd >= 0)
		(void)close(fd);
	return result < 0 ? -1 : 0;
}

int ucm_octets_refresh(struct ucm_octets *octets, struct ucm_error *error)
{
	struct stat status;

	if (octets->bytes || octets->fd < 0)
		return 0;
	if (fstat(octets->fd, &status))
		return io_failure(error, "cannot read", octets->name, errno);
	octets->size = (unsigned long long)status.st_size;
	return 0;
}

static int changed(const struct ucm_octets *octets, struct ucm_error *error)
{
	return ucm_fail(error, UCM_CLASS_IO, "%s changed its size while it was sent", octets->name);
}

const unsigned char *ucm_octets_at(const struct ucm_octets *octets, unsigned long long offset,
    size_t length, unsigned char *room, struct ucm_error *error)
{
	size_t used = 0;

	if (octets->bytes)
		return octets->bytes + offset;
	while (used < length) {
		ssize_t count =
		    pread(octets->fd, room + used, length - used, (off_t)(offset + used));

		if (count > 0) {
			used += (size_t)count;
		} else if (!count) {
			(void)changed(octets, error);
			return NULL;
		} else if (errno != EINTR) {
			(void)io_failure(error, "cannot read", octets->name, errno);
			return NULL;
		}
	}
	return room;
}

int ucm_octets_check_end(const struct ucm_octets *octets, struct ucm_error *error)
{
	struct stat status;

	if (octets->bytes || octets->fd < 0)
		return 0;
	if (fstat(octets->fd, &status))
		return io_failure(error, "cannot read", octets->name, errno);
	return (unsigned long long)status.st_size == octets->size ? 0 : changed(octets, error);
}

void ucm_octets_close(struct ucm_octets *octets)
{
	if (octets->fd >= 0)
		(void)close(octets->fd);
	octets->fd = -1;
}
