/*
 * Memory of which one allocation fails: that of the library, of the TLS and of the XML library.
 */
#ifndef UCM_TESTS_SCARCITY_H
#define UCM_TESTS_SCARCITY_H

#include <stddef.h>

/* Lets the n-th allocation of this thread fail from now on; 0: none. Forgets what was counted. */
void scarcity_fail_at(unsigned n);

/* Whether it failed. */
int scarcity_failed(void);

/* Whether it was one of the TLS library that failed. */
int scarcity_failed_in_tls(void);

/* Blocks that were made and not freed: by the TLS library, and by all others. */
long scarcity_live(void);
long scarcity_live_in_tls(void);

/* struct ucm_allocator's and ucm_start()'s. */
void *scarcity_resize(void *arg, void *old, size_t size);

/* malloc(), free(), realloc(), strdup() of the XML library. */
void *scarcity_malloc(size_t size);
void scarcity_free(void *block);
void *scarcity_realloc(void *old, size_t size);
char *scarcity_strdup(const char *text);

/* The same for the TLS library. */
void *scarcity_tls_malloc(size_t size);
void scarcity_tls_free(void *block);
void *scarcity_tls_realloc(void *old, size_t size);

#endif
