/*
 * Name look-up that does not block where the C library can do that.
 */
#ifndef UCM_LIBSRC_RESOLVE_H
#define UCM_LIBSRC_RESOLVE_H

#include <sys/socket.h>

#include "policy/arena.h"
#include "policy/error.h"

struct ucm_endpoint {
	struct sockaddr_storage address;
	socklen_t length;
};

/* Families alternate, the resolver's first choice first (RFC 8305 section 4). */
struct ucm_endpoints {
	struct ucm_endpoint at[UCM_ADDRESSES_TRIED_MAX];
	size_t count;
};

struct ucm_resolver;

/* Starts a look-up; an address (brackets allowed) is no look-up. NULL without memory. */
struct ucm_resolver *ucm_resolver_start(
    const struct ucm_allocator *allocator, const char *host, unsigned port);

/* 1: done, *ret is filled; 0: not yet; -1 with error (AGAIN). */
int ucm_resolver_poll(
    struct ucm_resolver *resolver, struct ucm_endpoints *ret, struct ucm_error *error);

/* Cancels what is under way. NULL is allowed. */
void ucm_resolver_free(struct ucm_resolver *resolver);

/* Orders addresses so that families alternate. */
void ucm_endpoints_interleave(struct ucm_endpoints *list);

#endif
