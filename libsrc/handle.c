/*
 * The handle's life: its memory, its clock, its beginning and its end.
 */
#include "config.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libsrc/handle.h"
#include "libsrc/system.h"
#include "policy/text.h"

#define OPTIONS_MAX 4096 /* bytes: a size that was never set is not followed far */

/* In front of every block, so that it can be counted and wiped. */
struct block {
	alignas(max_align_t) size_t size;
};

static void *libc_resize(void *arg, void *old, size_t size)
{
	(void)arg;
	if (size == 0) {
		free(old);
		return NULL;
	}
	return realloc(old, size);
}

static void free_block(struct ucm *handle, struct block *block)
{
	size_t whole = sizeof *block + block->size;

	handle->memory_used -= whole;
	ucm_wipe(block, whole);
	handle->options.resize(handle->options.resize_arg, block, 0);
}

static struct block *new_block(struct ucm *handle, size_t size)
{
	size_t whole, used;
	long limit = handle->number[UCM_MEMORY_LIMIT];
	struct block *block;

	if (__builtin_add_overflow(sizeof *block, size, &whole) ||
	    __builtin_add_overflow(handle->memory_used, whole, &used))
		return NULL;
	if (limit >= 0 && used > (size_t)limit)
		return NULL;
	block = handle->options.resize(handle->options.resize_arg, NULL, whole);
	if (block == NULL)
		return NULL;
	block->size = size;
	handle->memory_used = used;
	return block;
}

/*
 * Growing moves the block by hand: a realloc() that moves would leave a copy of what may be a
 * secret behind, where nobody can wipe it any more.
 */
void *ucm_handle_resize(struct ucm *handle, void *old, size_t size)
{
	struct block *block = NULL;
	struct block *from = old == NULL ? NULL : (struct block *)old - 1;

	if (size > 0) {
		block = new_block(handle, size);
		if (block == NULL)
			return NULL;
		if (from != NULL)
			memcpy(block + 1, old, from->size < size ? from->size : size);
	}
	if (from != NULL)
		free_block(handle, from);
	return block == NULL ? NULL : block + 1;
}

static void *tracked_resize(void *arg, void *old, size_t size)
{
	return ucm_handle_resize(arg, old, size);
}

char *ucm_handle_copy(struct ucm *handle, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = ucm_handle_resize(handle, NULL, size);

	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

void ucm_handle_release(struct ucm *handle, char **slot)
{
	ucm_handle_resize(handle, *slot, 0);
	*slot = NULL;
}

int64_t ucm_handle_now(const struct ucm *handle)
{
	struct timespec now;

	if (handle->options.clock != NULL)
		return handle->options.clock(handle->options.clock_arg);
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec;
}

/*
 * The caller may have been compiled with another version's struct: what an older one lacks is
 * unset, and of a newer one nothing may be set that is not known here. Every member is as wide as a
 * pointer, so any other size is no version's.
 */
static int take_options(struct ucm_options *own, const struct ucm_options *options)
{
	const unsigned char *bytes = (const unsigned char *)options;
	size_t known = sizeof *own, i;

	if (options->size < sizeof options->size || options->size % sizeof(void *) != 0 ||
	    options->size > OPTIONS_MAX)
		return -1;
	for (i = known; i < options->size; i++)
		if (bytes[i] != 0)
			return -1;
	memcpy(own, options, options->size < known ? options->size : known);
	own->size = known;
	return 0;
}

int ucm_start(const struct ucm_options *options, struct ucm **ret)
{
	struct ucm_options own = {.size = sizeof own};
	struct ucm *handle;
	size_t i;

	if (ret == NULL || (options != NULL && take_options(&own, options) != 0))
		return UCM_E_USAGE;
	if (own.resize == NULL) {
		own.resize = libc_resize;
		own.resize_arg = NULL;
	}
	handle = own.resize(own.resize_arg, NULL, sizeof *handle);
	if (handle == NULL)
		return UCM_E_MEMORY;
	memset(handle, 0, sizeof *handle);
	handle->options = own;
	handle->allocator.resize = tracked_resize;
	handle->allocator.arg = handle;
	handle->memory_used = sizeof *handle;
	for (i = 0; i < sizeof handle->number / sizeof handle->number[0]; i++)
		handle->number[i] = -1;
	ucm_arena_init(&handle->decision_arena, &handle->allocator, 0);
	*ret = handle;
	return UCM_OK;
}

static void free_items(struct ucm *handle)
{
	size_t i;

	for (i = 0; i < sizeof handle->text / sizeof handle->text[0]; i++)
		ucm_handle_release(handle, &handle->text[i]);
	for (i = 0; i < handle->input_count; i++)
		ucm_handle_release(handle, &handle->input[i]);
	ucm_handle_resize(handle, handle->input, 0);
	ucm_handle_free_connect_to(handle);
}

void ucm_end(struct ucm *handle)
{
	struct ucm_options options;

	if (handle == NULL)
		return;
	ucm_session_free(handle);
	ucm_outcomes_free_all(handle);
	ucm_messages_free_all(handle);
	ucm_arena_free(&handle->decision_arena);
	ucm_system_drop(handle);
	free_items(handle);
	options = handle->options;
	ucm_wipe(handle, sizeof *handle);
	options.resize(options.resize_arg, handle, 0);
}

int ucm_handle_check_idle(struct ucm *handle)
{
	if (handle->send != NULL)
		return ucm_fail(
		    &handle->error, UCM_CLASS_USAGE, "a send is under way: finish it first");
	return 0;
}

void ucm_handle_forget_decision(struct ucm *handle)
{
	ucm_arena_free(&handle->decision_arena);
	memset(&handle->decision, 0, sizeof handle->decision);
	handle->view = NULL;
	handle->decided = 0;
}

void ucm_handle_forget_policy(struct ucm *handle)
{
	ucm_session_free(handle);
	ucm_handle_forget_decision(handle);
}

void ucm_handle_forget_system(struct ucm *handle)
{
	ucm_handle_forget_policy(handle);
	ucm_system_drop(handle);
}

const char *ucm_error(const struct ucm *handle)
{
	return handle == NULL ? "" : handle->error.text;
}

const char *ucm_error_rule(const struct ucm *handle)
{
	return handle == NULL ? "" : handle->error.rule;
}
