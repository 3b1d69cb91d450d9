/*
 * An allocator that gives out once its allowance is used up.
 */
#ifndef UCM_TESTS_SCARCE_H
#define UCM_TESTS_SCARCE_H

#include <stdlib.h>

struct scarce {
	unsigned left; /* allocations that still succeed */
};

/* A resize of struct ucm_allocator; arg is a struct scarce. */
static inline void *scarce_resize(void *arg, void *old, size_t size)
{
	struct scarce *scarce = arg;

	if (size == 0) {
		free(old);
		return NULL;
	}
	if (scarce->left == 0)
		return NULL;
	scarce->left--;
	return realloc(old, size);
}

#endif
