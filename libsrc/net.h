/*
 * A TCP connection: name look-up, all addresses of a host, reading and writing, never blocking.
 */
#ifndef UCM_LIBSRC_NET_H
#define UCM_LIBSRC_NET_H

#include <stdint.h>
#include <sys/types.h>

#include "policy/arena.h"
#include "policy/error.h"
#include "ucmail.h"

#define UCM_NET_BLOCKED (-2) /* of reads and writes: nothing now */
#define UCM_NET_ADDRESS_MAX 64

struct ucm_net_options {
	const struct ucm_allocator *allocator;
	const char *host; /* name or address, brackets allowed */
	unsigned port;
	ucm_dial_fn dial; /* or NULL */
	void *dial_arg;
};

struct ucm_net;

/* Milliseconds of the monotonic clock. */
int64_t ucm_now_ms(void);

/* Begins to connect. NULL without memory. The host is copied. */
struct ucm_net *ucm_net_start(const struct ucm_net_options *options);

/*
 * Goes on. UCM_OK: connected. UCM_WANT_TIMER: the name is looked up; UCM_WANT_WRITE: connecting;
 * call again when the descriptor is writable or ucm_net_timer_ms() have passed. -1 with error: no
 * address answered, and which were tried.
 */
int ucm_net_connect(struct ucm_net *net, int64_t now_ms, struct ucm_error *error);

/* Whether the name is still being looked up. */
int ucm_net_is_resolving(const struct ucm_net *net);

int ucm_net_descriptor(const struct ucm_net *net);
long ucm_net_timer_ms(const struct ucm_net *net, int64_t now_ms);

/* What was tried, for words: "192.0.2.1 port 25 (connection refused), …". */
void ucm_net_tried(const struct ucm_net *net, char *out, size_t room);

/* Octets read; 0 at the end; UCM_NET_BLOCKED; -1 with error (AGAIN). */
ssize_t ucm_net_read(struct ucm_net *net, void *bytes, size_t room, struct ucm_error *error);
/* Octets written; UCM_NET_BLOCKED; -1 with error (AGAIN). */
ssize_t ucm_net_write(struct ucm_net *net, const void *bytes, size_t size, struct ucm_error *error);

/* Whether more follows at once what is written from now on: the system may then wait a moment for
 * it, and send larger packets. The last write before an answer must not say so. */
void ucm_net_expect_more(struct ucm_net *net, int more);

/* Whether bytes, the end or an error can be read at once. */
int ucm_net_readable(const struct ucm_net *net);

/* The numeric address that was connected, "" where it has none. */
const char *ucm_net_address(const struct ucm_net *net);

/* The address literal of our side for EHLO: "[192.0.2.1]", "[IPv6:2001:db8::1]". */
void ucm_net_literal(const struct ucm_net *net, char out[UCM_NET_ADDRESS_MAX + 16]);

void ucm_net_free(struct ucm_net *net);

#endif
