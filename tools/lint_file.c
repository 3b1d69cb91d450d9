/*
 * Reading small files whole, and writing files whole or not at all.
 */
#include "config.h"

#include "tools/lint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ERRNO_TEXT_MAX 128
#define ROOM_MIN 65536U

static int fail_errno(
    struct ucm_error *error, enum ucm_class class, const char *what, const char *file)
{
	char text[ERRNO_TEXT_MAX];

	const char *reason = ucm_errno_text(errno, text, sizeof text);
	return ucm_fail(error, class, "cannot %s %s: %s", what, file, reason);
}

/*
 * How much to read at first. A file knows its size, but may grow meanwhile; pipes and what the
 * kernel makes up know nothing.
 */
static size_t first_room(int fd, size_t limit)
{
	struct stat status;
	size_t room = ROOM_MIN;

	if (fstat(fd, &status) == 0 && status.st_size >= (off_t)room)
		room = (uintmax_t)status.st_size < limit ? (size_t)status.st_size + 1 : limit;
	return room < limit ? room : limit;
}

long ucm_file_read_some(int fd, void *room, size_t size)
{
	ssize_t got;

	do
		got = read(fd, room, size);
	while (got < 0 && errno == EINTR);
	return (long)got;
}

/* Room for so many octets and a NUL behind them, with those of `bytes` in it. NULL with errno. */
static char *room_for(struct ucm_arena *arena, size_t room, const char *bytes, size_t used)
{
	char *larger = ucm_arena_alloc(arena, room + 1);

	if (larger)
		memcpy(larger, bytes, used);
	else
		errno = ENOMEM;
	return larger;
}

/* Reads to the end or to the limit, with a NUL behind it. Returns the size, or -1 with errno. */
static long read_all(struct ucm_arena *arena, int fd, size_t limit, char **ret)
{
	size_t room = first_room(fd, limit), used = 0;
	char *bytes = room_for(arena, room, "", 0);

	while (bytes) {
		long got = ucm_file_read_some(fd, bytes + used, room - used);

		if (got < 0)
			return -1;
		used += (size_t)got;
		if (got == 0 || used == limit) {
			*ret = bytes;
			return (long)used;
		}
		if (used == room) {
			room = room < limit / 2 ? room * 2 : limit;
			bytes = room_for(arena, room, bytes, used);
		}
	}
	return -1;
}

long ucm_file_read(struct ucm_arena *arena, const char *file, size_t limit, enum ucm_class class,
    char **ret, struct ucm_error *error)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		int missing = errno == ENOENT;
		fail_errno(error, class, "read", file);
		return missing ? UCM_FILE_MISSING : -1;
	}
	long size = read_all(arena, fd, limit + 1, ret);
	int saved = errno;
	close(fd);
	errno = saved;
	if (size < 0)
		return fail_errno(error, class, "read", file);
	if ((size_t)size > limit)
		return ucm_fail(error, class, "%s is larger than %zu bytes", file, limit);
	return size;
}

long ucm_file_read_text(struct ucm_arena *arena, const char *file, size_t limit,
    enum ucm_class class, char **ret, struct ucm_error *error)
{
	long size = ucm_file_read(arena, file, limit, class, ret, error);

	if (size >= 0 && strlen(*ret) != (size_t)size)
		return ucm_fail(error, class, "%s: holds a NUL byte", file);
	return size;
}

char *ucm_file_temporary(struct ucm_arena *arena)
{
	const char *base = getenv("TMPDIR");

	return ucm_arena_format(arena, "%s/policy-lint.XXXXXX", base && *base ? base : "/tmp");
}

/* "DIR/.NAME.XXXXXX" for mkostemp, or NULL. The caller frees it. */
static char *temporary_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	size_t size = strlen(file) + sizeof "..XXXXXX";
	char *name = malloc(size);

	if (name)
		snprintf(name, size, "%.*s.%s.XXXXXX", (int)folder, file, file + folder);
	return name;
}

/* The mode of the file that is replaced, else what the umask leaves of 0666. */
static mode_t wanted_mode(const char *file)
{
	struct stat status;

	if (stat(file, &status) == 0)
		return status.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int write_stream(int fd, int (*write)(void *, FILE *), void *arg, int lasting)
{
	FILE *out = fdopen(fd, "w");

	if (!out) {
		close(fd);
		return -1;
	}
	int failed = write(arg, out) != 0;
	failed |= fflush(out) != 0 || ferror(out);
	failed = failed || (lasting && fsync(fd) != 0);
	failed |= fclose(out) != 0;
	return failed ? -1 : 0;
}

/* Pipes and devices cannot be renamed over. */
static int write_special(
    const char *file, int (*write)(void *, FILE *), void *arg, struct ucm_error *error)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || write_stream(fd, write, arg, 0))
		return fail_errno(error, UCM_CLASS_IO, "write", file);
	return 0;
}

/* Makes the new name last too. Not every file system can; the file itself is safe by now. */
static void sync_folder(char *file)
{
	char *slash = strrchr(file, '/');
	int fd;

	if (slash != NULL)
		slash[slash == file] = '\0';
	fd = open(slash != NULL ? file : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

int ucm_file_write(
    const char *file, int (*write)(void *, FILE *), void *arg, struct ucm_error *error)
{
	struct stat status;

	if (stat(file, &status) == 0 && !S_ISREG(status.st_mode))
		return write_special(file, write, arg, error);
	/* A link stays a link: what it points to is replaced. */
	char *real = realpath(file, NULL);
	char *name = temporary_name(real ? real : file);
	int fd = name ? mkostemp(name, O_CLOEXEC) : -1;
	int failed = fd < 0;

	if (!failed) {
		failed = fchmod(fd, wanted_mode(file)) != 0;
		failed |= write_stream(fd, write, arg, 1) != 0;
		failed = failed || rename(name, real ? real : file) != 0;
		if (failed) {
			int saved = errno;
			unlink(name);
			errno = saved;
		} else {
			sync_folder(name);
		}
	}
	if (failed)
		fail_errno(error, UCM_CLASS_IO, "write", file);
	free(name);
	free(real);
	return failed ? -1 : 0;
}
