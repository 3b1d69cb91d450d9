/*
 * Memory that ends.
 */
#ifndef UCM_TESTS_UNIT_FAILING_H
#define UCM_TESTS_UNIT_FAILING_H

#include <stddef.h>

#include "policy/arena.h"

/* For an allocator whose arg is an int: refuses the allocation before which that many succeed. */
static inline void *failing_resize(void *arg, void *old, size_t size)
{
	int *left = arg;

	if (size && (*left)-- == 0)
		return NULL;
	return ucm_resize(NULL, old, size);
}

#endif
