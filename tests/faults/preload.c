/*
 * Lets one system call of a program fail: for LD_PRELOAD.
 *
 *   UCM_FAULT=CALL:N:HOW     the N-th CALL (from 1) fails. HOW: the number of an errno; "short":
 * half of what was asked for; "end": 0 bytes, as at the end UCM_FAULT_LOG=FILE       is made when
 * that has happened
 *
 * CALL "malloc" stands for all allocations.
 */
#include "config.h"

/* Both names of a call are defined here, so neither may stand for the other. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { PASS, FAIL, SHORT, END };

/* The C library's headers know these calls by other names when buffers are checked. */
#undef open
#undef open64
#undef read
#undef recv
#undef poll
#undef pread
#undef pread64

static atomic_int made;

static void note(void)
{
	const char *log = getenv("UCM_FAULT_LOG");

	if (log != NULL) {
		long fd = syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

		(void)syscall(SYS_close, fd);
	}
}

/* Whether this call is the one; then errno is set where it fails. No memory is needed here. */
static enum how judge(const char *call)
{
	const char *fault = getenv("UCM_FAULT");
	const size_t length = strlen(call);
	const char *how;
	int n;

	if (fault == NULL || strncmp(fault, call, length) != 0 || fault[length] != ':')
		return PASS;
	n = 0;
	for (how = fault + length + 1; *how >= '0' && *how <= '9'; how++)
		n = n * 10 + (*how - '0');
	if (*how != ':' || atomic_fetch_add(&made, 1) + 1 != n)
		return PASS;
	note();
	if (strcmp(how, ":short") == 0)
		return SHORT;
	if (strcmp(how, ":end") == 0)
		return END;
	n = 0;
	while (*++how >= '0' && *how <= '9')
		n = n * 10 + (*how - '0');
	errno = n;
	return FAIL;
}

/* The next definition of a function. C has no cast from an object's to a function's pointer. */
#define NEXT(type, name)                                                                           \
	type next_##name;                                                                          \
	void *next_##name##_symbol = dlsym(RTLD_NEXT, #name);                                      \
	memcpy(&next_##name, &next_##name##_symbol, sizeof(next_##name))

#define EXPORT __attribute__((visibility("default")))

/* Random numbers are read too, by the TLS library: calls of their own kind. */
static const char *reading(int fd)
{
	struct stat status;
	const int error = errno;
	const int random = fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);

	errno = error;
	return random ? "random" : "read";
}

static size_t half(size_t size)
{
	return size > 1 ? size / 2 : size;
}

/* A function that moves bytes: SHORT moves half of them, END none. */
#define MOVES(result, name, call, parameters, whole, part)                                         \
	EXPORT result name parameters;                                                             \
	EXPORT result name parameters                                                              \
	{                                                                                          \
		typedef result(*function) parameters;                                              \
		NEXT(function, name);                                                              \
		switch (judge(call)) {                                                             \
		case FAIL:                                                                         \
			return -1;                                                                 \
		case END:                                                                          \
			return 0;                                                                  \
		case SHORT:                                                                        \
			return next_##name part;                                                   \
		case PASS:                                                                         \
		default:                                                                           \
			return next_##name whole;                                                  \
		}                                                                                  \
	}

MOVES(ssize_t, read, reading(fd), (int fd, void *bytes, size_t size), (fd, bytes, size),
    (fd, bytes, half(size)))
MOVES(ssize_t, __read_chk, reading(fd), (int fd, void *bytes, size_t size, size_t room),
    (fd, bytes, size, room), (fd, bytes, half(size), room))
MOVES(ssize_t, pread, "read", (int fd, void *bytes, size_t size, off_t at), (fd, bytes, size, at),
    (fd, bytes, half(size), at))
MOVES(ssize_t, pread64, "read", (int fd, void *bytes, size_t size, int64_t at),
    (fd, bytes, size, at), (fd, bytes, half(size), at))
MOVES(ssize_t, write, "write", (int fd, const void *bytes, size_t size), (fd, bytes, size),
    (fd, bytes, half(size)))
MOVES(ssize_t, recv, "recv", (int fd, void *bytes, size_t size, int flags),
    (fd, bytes, size, flags), (fd, bytes, half(size), flags))
MOVES(ssize_t, __recv_chk, "recv", (int fd, void *bytes, size_t size, size_t room, int flags),
    (fd, bytes, size, room, flags), (fd, bytes, half(size), room, flags))
MOVES(ssize_t, send, "send", (int fd, const void *bytes, size_t size, int flags),
    (fd, bytes, size, flags), (fd, bytes, half(size), flags))

/* A function that only succeeds or fails. */
#define WORKS(result, name, failure, parameters, arguments)                                        \
	WORKS_AS(#name, result, name, failure, parameters, arguments)
#define WORKS_AS(call, result, name, failure, parameters, arguments)                               \
	EXPORT result name parameters;                                                             \
	EXPORT result name parameters                                                              \
	{                                                                                          \
		typedef result(*function) parameters;                                              \
		NEXT(function, name);                                                              \
		return judge(call) == PASS ? next_##name arguments : (failure);                    \
	}

WORKS(int, socket, -1, (int family, int type, int protocol), (family, type, protocol))
WORKS(int, poll, -1, (struct pollfd * list, nfds_t count, int timeout), (list, count, timeout))
WORKS(int, rename, -1, (const char *from, const char *to), (from, to))
WORKS(int, fsync, -1, (int fd), (fd))
WORKS(int, fchmod, -1, (int fd, mode_t mode), (fd, mode))
WORKS(int, mkostemp, -1, (char *name, int flags), (name, flags))
WORKS(int, getentropy, -1, (void *bytes, size_t size), (bytes, size))
WORKS(int, fflush, EOF, (FILE * file), (file))

/* The GNU C library takes any of the structures for addresses. */
#ifdef __GLIBC__
#define ADDRESS __CONST_SOCKADDR_ARG
#else
#define ADDRESS const struct sockaddr *
#endif

/* One that was interrupted goes on by itself. */
EXPORT int connect(int fd, ADDRESS to, socklen_t size)
{
	typedef int (*function)(int, ADDRESS, socklen_t);
	NEXT(function, connect);

	if (judge("connect") == PASS)
		return next_connect(fd, to, size);
	if (errno == EINTR) {
		(void)next_connect(fd, to, size);
		errno = EINTR;
	}
	return -1;
}

/* Closed all the same, as close(2) does it. */
EXPORT int fclose(FILE *file)
{
	typedef int (*function)(FILE *);
	NEXT(function, fclose);
	const enum how how = judge("fclose");
	const int error = errno, result = next_fclose(file);

	if (how == PASS)
		return result;
	errno = error;
	return EOF;
}

#define OPENS(name)                                                                                \
	EXPORT int name(const char *path, int flags, ...);                                         \
	EXPORT int name(const char *path, int flags, ...)                                          \
	{                                                                                          \
		typedef int (*function)(const char *, int, ...);                                   \
		NEXT(function, name);                                                              \
		va_list arguments;                                                                 \
		mode_t mode = 0;                                                                   \
		va_start(arguments, flags);                                                        \
		if ((flags & (O_CREAT | O_TMPFILE)) != 0)                                          \
			mode = va_arg(arguments, mode_t);                                          \
		va_end(arguments);                                                                 \
		return judge("open") == PASS ? next_##name(path, flags, mode) : -1;                \
	}

OPENS(open)
OPENS(open64)

/* ---- Memory: GNU's dlsym() allocates, so its C library's own names are used. ----------------- */

#ifndef UCM_SANITIZED
#ifdef __GLIBC__
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

EXPORT void *malloc(size_t size)
{
	return judge("malloc") == PASS ? __libc_malloc(size) : NULL;
}

EXPORT void *calloc(size_t count, size_t size)
{
	return judge("malloc") == PASS ? __libc_calloc(count, size) : NULL;
}

EXPORT void *realloc(void *old, size_t size)
{
	return judge("malloc") == PASS ? __libc_realloc(old, size) : NULL;
}
#else
WORKS_AS("malloc", void *, malloc, NULL, (size_t size), (size))
WORKS_AS("malloc", void *, calloc, NULL, (size_t count, size_t size), (count, size))
WORKS_AS("malloc", void *, realloc, NULL, (void *old, size_t size), (old, size))
#endif
#endif
