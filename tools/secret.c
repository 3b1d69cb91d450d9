/*
 * Finds a password when, and only when, the library asks for it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/error.h"
#include "policy/text.h"
#include "tools/secret.h"

#define PATH_ROOM 4096
#define ERRNO_ROOM 128

static long refuse(struct ucm_secrets *secrets, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static long refuse(struct ucm_secrets *secrets, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(secrets->reason, sizeof secrets->reason, format, arguments);
	va_end(arguments);
	return -1;
}

/* Reads to the end; one final newline is dropped. */
static long read_secret(
    struct ucm_secrets *secrets, int fd, const char *name, char *out, size_t room)
{
	size_t length = 0;
	ssize_t n = 0;

	while (length < room) {
		n = read(fd, out + length, room - length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		length += (size_t)n;
	}
	if (n < 0)
		return refuse(secrets, "%s: the password cannot be read", name);
	if (length == room)
		return refuse(secrets, "%s: the password is longer than %zu bytes", name, room - 1);
	if (length > 0 && out[length - 1] == '\n')
		length--;
	if (length > 0 && out[length - 1] == '\r')
		length--;
	if (length == 0)
		return refuse(secrets, "%s: the password is empty", name);
	return (long)length;
}

static long from_descriptor(struct ucm_secrets *secrets, char *answer, size_t room)
{
	long length;

	if (secrets->fd_was_read && secrets->kept_length == 0)
		return refuse(secrets, "--password-fd: there was no password");
	if (!secrets->fd_was_read) {
		secrets->fd_was_read = 1;
		length = read_secret(
		    secrets, secrets->fd, "--password-fd", secrets->kept, sizeof secrets->kept);
		secrets->kept_length = length < 0 ? 0 : (size_t)length;
	}
	if (secrets->kept_length == 0)
		return -1;
	if (secrets->kept_length > room)
		return refuse(
		    secrets, "--password-fd: the password is longer than %zu bytes", room);
	memcpy(answer, secrets->kept, secrets->kept_length);
	return (long)secrets->kept_length;
}

/* Of the file behind the descriptor: nobody but its owner, who is us or root, may touch it. */
static int check_private(struct ucm_secrets *secrets, int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)))
		return (int)refuse(secrets, "%s: not a file", path);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return (int)refuse(secrets, "%s: belongs to somebody else: chown it", path);
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		return (int)refuse(secrets, "%s: others may read or change it: chmod 600 it", path);
	return 0;
}

/* Returns -2 where there is no such file. */
static long from_file(
    struct ucm_secrets *secrets, const char *path, int must_be_private, char *answer, size_t room)
{
	char why[ERRNO_ROOM];
	long length = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return -2;
	if (fd < 0)
		return refuse(secrets, "%s: cannot be opened: %s", path,
		    ucm_errno_text(errno, why, sizeof why));
	if (!must_be_private || check_private(secrets, fd, path) == 0)
		length = read_secret(secrets, fd, path, answer, room);
	close(fd);
	return length;
}

/* A login's name becomes a file's name only where it cannot become anything else. */
static int is_file_name(const char *login)
{
	return login != NULL && *login != '\0' && *login != '.' && strchr(login, '/') == NULL;
}

static long from_folder(struct ucm_secrets *secrets, const char *folder, const char *login,
    int must_be_private, char *answer, size_t room)
{
	char path[PATH_ROOM];
	int length;

	if (folder == NULL || *folder == '\0')
		return -2;
	length = snprintf(path, sizeof path, "%s/%s", folder, login);
	if (length < 0 || (size_t)length >= sizeof path)
		return refuse(secrets, "the path of the password file is too long");
	return from_file(secrets, path, must_be_private, answer, room);
}

/* Nowhere is there a password: where to put it. */
static long nowhere(struct ucm_secrets *secrets, const char *login)
{
	if (secrets->credentials != NULL && *secrets->credentials != '\0')
		return refuse(secrets,
		    "no password of login %s: the service has no credential of that name; see that "
		    "its unit loads it (LoadCredential=), and that its file is there",
		    login);
	return refuse(secrets,
	    "no password of login %s: give --password-file or --password-fd, or put it into %s/%s "
	    "with mode 0600",
	    login, secrets->logins, login);
}

long ucm_secret_answer(const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	struct ucm_secrets *secrets = arg;
	const char *login = message->login;
	long length;

	secrets->reason[0] = '\0';
	if (secrets->fd >= 0)
		return from_descriptor(secrets, answer, room);
	if (secrets->file != NULL) {
		length = from_file(secrets, secrets->file, 1, answer, room);
		return length == -2 ? refuse(secrets, "%s: no such file", secrets->file) : length;
	}
	if (!is_file_name(login))
		return refuse(secrets,
		    "the login's name is no file name: give --password-file or --password-fd");
	length = from_folder(secrets, secrets->credentials, login, 0, answer, room);
	if (length == -2)
		length = from_folder(secrets, secrets->logins, login, 1, answer, room);
	return length == -2 ? nowhere(secrets, login) : length;
}

void ucm_secrets_wipe(struct ucm_secrets *secrets)
{
	ucm_wipe(secrets, sizeof *secrets);
	secrets->fd = -1;
}
