/*
 * A handle without its machinery: memory that can be made to fail, a decision set by hand.
 */
#ifndef UCM_TESTS_FAKE_HANDLE_H
#define UCM_TESTS_FAKE_HANDLE_H

#include "libsrc/handle.h"

struct fake_handle {
	struct ucm handle; /* first: ucm_handle_*() get a pointer to it */
	long allocations; /* made so far */
	long fail_at; /* number of the allocation that fails; 0: none */
	long live; /* blocks that were not freed */
};

/* A forced policy that sends as "Batch Mail <batch@example.com>". */
void fake_handle_init(struct fake_handle *fake);

#endif
