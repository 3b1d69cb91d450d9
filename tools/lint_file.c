/*
 * Reading small files whole, and writing files whole or not at all.
 */
#include "config.h"

#include "tools/lint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ERRNO_TEXT_MAX 128

static int fail_errno(
    struct ucm_error *error, enum ucm_class class, const char *what, const char *file)
{
	char text[ERRNO_TEXT_MAX];

	const char *reason = ucm_errno_text(errno, text, sizeof text);
	return ucm_fail(error, class, "cannot %s %s: %s", what, file, reason);
}

static ssize_t read_all(int fd, char *bytes, size_t limit)
{
	size_t used = 0;

	while (used < limit) {
		ssize_t got = read(fd, bytes + used, limit - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

long ucm_file_read(struct ucm_arena *arena, const char *file, size_t limit, enum ucm_class class,
    char **ret, struct ucm_error *error)
{
	struct stat status;
	size_t room = limit;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return fail_errno(error, class, "read", file);
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    (unsigned long long)status.st_size < limit)
		room = (size_t)status.st_size + 1; /* one more shows whether it grew */
	char *bytes = ucm_arena_alloc(arena, room + 1);
	ssize_t size = bytes ? read_all(fd, bytes, room) : -1;
	int saved = errno;
	close(fd);
	errno = saved;
	if (!bytes)
		return ucm_fail(error, class, "out of memory");
	if (size < 0)
		return fail_errno(error, class, "read", file);
	if ((size_t)size == limit)
		return ucm_fail(error, class, "%s is larger than %zu bytes", file, limit);
	bytes[size] = '\0';
	*ret = bytes;
	return (long)size;
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
