/*
 * Counts the allocations of one thread and lets one of them fail.
 */
#include "config.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/scarcity.h"

static _Thread_local unsigned wanted, made;
static _Thread_local atomic_long *failed; /* the count of whose allocation failed */
static atomic_long live, live_in_tls;

void scarcity_fail_at(unsigned n)
{
	wanted = n;
	made = 0;
	failed = NULL;
}

int scarcity_failed(void)
{
	return failed != NULL;
}

int scarcity_failed_in_tls(void)
{
	return failed == &live_in_tls;
}

long scarcity_live(void)
{
	return atomic_load(&live);
}

long scarcity_live_in_tls(void)
{
	return atomic_load(&live_in_tls);
}

static int is_refused(atomic_long *count)
{
	if (wanted == 0 || ++made != wanted)
		return 0;
	failed = count;
	return 1;
}

static void *make(atomic_long *count, size_t size)
{
	void *block = is_refused(count) ? NULL : malloc(size != 0 ? size : 1);

	if (block != NULL)
		atomic_fetch_add(count, 1);
	return block;
}

static void *grow(atomic_long *count, void *old, size_t size)
{
	if (old == NULL)
		return make(count, size);
	return is_refused(count) ? NULL : realloc(old, size != 0 ? size : 1);
}

static void drop(atomic_long *count, void *block)
{
	if (block != NULL)
		atomic_fetch_sub(count, 1);
	free(block);
}

void *scarcity_malloc(size_t size)
{
	return make(&live, size);
}

void scarcity_free(void *block)
{
	drop(&live, block);
}

void *scarcity_realloc(void *old, size_t size)
{
	return grow(&live, old, size);
}

char *scarcity_strdup(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = scarcity_malloc(size);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

void *scarcity_resize(void *arg, void *old, size_t size)
{
	(void)arg;
	if (size != 0)
		return grow(&live, old, size);
	drop(&live, old);
	return NULL;
}

/* ---- The TLS library's: in a list, so that what it loses is not lost for tools. -------------- */

struct block {
	alignas(max_align_t) struct block *previous;
	struct block *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block blocks = {&blocks, &blocks};

static void *enter(struct block *block)
{
	if (block == NULL)
		return NULL;
	(void)pthread_mutex_lock(&lock);
	block->previous = &blocks;
	block->next = blocks.next;
	blocks.next->previous = block;
	blocks.next = block;
	(void)pthread_mutex_unlock(&lock);
	return block + 1;
}

static struct block *leave(void *memory)
{
	struct block *block = memory;

	if (block == NULL)
		return NULL;
	block--;
	(void)pthread_mutex_lock(&lock);
	block->previous->next = block->next;
	block->next->previous = block->previous;
	(void)pthread_mutex_unlock(&lock);
	return block;
}

void *scarcity_tls_malloc(size_t size)
{
	return enter(make(&live_in_tls, sizeof(struct block) + size));
}

void scarcity_tls_free(void *block)
{
	drop(&live_in_tls, leave(block));
}

void *scarcity_tls_realloc(void *old, size_t size)
{
	struct block *block = leave(old);
	void *grown = enter(grow(&live_in_tls, block, sizeof(struct block) + size));

	if (grown == NULL)
		(void)enter(block);
	return grown;
}
