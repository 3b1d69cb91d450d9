/*
 * Sources of bytes: files, pipes and memory.
 */
#include "config.h"

#include "xml/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policy/limits.h"
#include "xml/reason.h"

ssize_t ucm_source_fill(struct ucm_source *source, void *bytes, size_t size)
{
	unsigned char *at = bytes;
	size_t left = size;
	ssize_t got;

	while (left > 0) {
		got = source->read(source, at, left);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		at += got;
		left -= (size_t)got;
	}
	return (ssize_t)(size - left);
}

static size_t take(
    const unsigned char *from, size_t available, size_t *at, void *bytes, size_t size)
{
	size_t count = available - *at;

	if (count > size)
		count = size;
	if (count > 0)
		memcpy(bytes, from + *at, count);
	*at += count;
	return count;
}

static ssize_t memory_read(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_memory_source *source = (struct ucm_memory_source *)base;
	size_t count = take(source->bytes, source->size, &source->at, bytes, size);

	source->ahead_at = source->at;
	return (ssize_t)count;
}

static ssize_t memory_ahead(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_memory_source *source = (struct ucm_memory_source *)base;

	return (ssize_t)take(source->bytes, source->size, &source->ahead_at, bytes, size);
}

void ucm_source_memory(struct ucm_memory_source *source, const void *bytes, size_t size)
{
	memset(source, 0, sizeof(*source));
	source->base.read = memory_read;
	source->base.ahead = memory_ahead;
	source->bytes = bytes;
	source->size = size;
}

static ssize_t read_fd(struct ucm_file_source *source, void *bytes, size_t size)
{
	ssize_t got;

	do
		got = read(source->fd, bytes, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		ucm_reason_errno(source->base.why, sizeof(source->base.why), errno);
	return got;
}

/* By void *, as off_t may be aligned more than the base, which is the first member. */
static struct ucm_file_source *file_of(struct ucm_source *base)
{
	return (struct ucm_file_source *)(void *)base;
}

static ssize_t file_read(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_file_source *source = file_of(base);
	ssize_t got;

	if (source->spool_at < source->spool_size) {
		got = (ssize_t)take(
		    source->spool, source->spool_size, &source->spool_at, bytes, size);
		source->spool_ahead_at = source->spool_at;
		return got;
	}
	source->spool_size = source->spool_at = source->spool_ahead_at = 0;
	got = read_fd(source, bytes, size);
	if (got > 0) {
		source->at += got;
		source->ahead_at = source->at;
	}
	return got;
}

/* Keeps what is read ahead of a pipe, because it cannot be read again. */
static ssize_t spool_ahead(struct ucm_file_source *source, void *bytes, size_t size)
{
	unsigned char *larger;
	ssize_t got;

	if (source->spool_ahead_at < source->spool_size)
		return (ssize_t)take(
		    source->spool, source->spool_size, &source->spool_ahead_at, bytes, size);
	if (size > UCM_SOURCE_CHUNK)
		size = UCM_SOURCE_CHUNK;
	if (source->spool_size > UCM_SPOOL_MAX - UCM_SOURCE_CHUNK) {
		(void)snprintf(source->base.why, sizeof(source->base.why),
		    "over %d MB on a pipe, in an 8-bit encoding", UCM_SPOOL_MAX / (1024 * 1024));
		return -1;
	}
	larger = ucm_resize(source->allocator, source->spool, source->spool_size + size);
	if (larger == NULL) {
		ucm_reason_errno(source->base.why, sizeof(source->base.why), ENOMEM);
		return -1;
	}
	source->spool = larger;
	got = read_fd(source, source->spool + source->spool_size, size);
	if (got > 0) {
		memcpy(bytes, source->spool + source->spool_size, (size_t)got);
		source->spool_size += (size_t)got;
		source->spool_ahead_at = source->spool_size;
	}
	return got;
}

static ssize_t file_ahead(struct ucm_source *base, void *bytes, size_t size)
{
	struct ucm_file_source *source = file_of(base);
	ssize_t got;

	if (!source->seekable)
		return spool_ahead(source, bytes, size);
	do
		got = pread(source->fd, bytes, size, source->ahead_at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		ucm_reason_errno(source->base.why, sizeof(source->base.why), errno);
	else
		source->ahead_at += got;
	return got;
}

void ucm_source_file(struct ucm_file_source *source, int fd, const struct ucm_allocator *allocator)
{
	off_t at = lseek(fd, 0, SEEK_CUR);

	memset(source, 0, sizeof(*source));
	source->base.read = file_read;
	source->base.ahead = file_ahead;
	source->fd = fd;
	source->allocator = allocator;
	source->seekable = at >= 0;
	source->at = source->ahead_at = at >= 0 ? at : 0;
}

void ucm_source_file_end(struct ucm_file_source *source)
{
	(void)ucm_resize(source->allocator, source->spool, 0);
	source->spool = NULL;
	source->spool_size = source->spool_at = source->spool_ahead_at = 0;
}
