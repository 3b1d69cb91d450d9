/*
 * Connecting: every address of the host, one after the other with a head start of 250 ms, the first
 * that answers wins (RFC 8305 section 5).
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net.h"
#include "resolve.h"

#define HEAD_START_MS 250 /* RFC 8305 section 5 */
#define RACE_POLL_MS 20 /* while several connect, only the newest is the descriptor */
#define RESOLVE_POLL_MAX_MS 20

struct attempt {
	int fd; /* -1: not begun, or failed */
	int error; /* errno */
};

struct ucm_net {
	struct ucm_net_options options;
	char host[UCM_DOMAIN_MAX + 4];
	struct ucm_resolver *resolver;
	struct ucm_endpoints endpoints;
	struct attempt attempts[UCM_ADDRESSES_TRIED_MAX];
	size_t begun;
	size_t racing; /* attempts that have a socket */
	int64_t next_ms; /* when the next address gets its turn */
	long resolve_wait_ms;
	int fd; /* connected, or -1 */
	int dialled;
	int unacknowledged; /* something was read, and nothing written since */
	int send_flags;
	char address[UCM_NET_ADDRESS_MAX];
};

int64_t ucm_now_ms(void)
{
	struct timespec now = {0, 0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct ucm_net *ucm_net_start(const struct ucm_net_options *options)
{
	struct ucm_net *net = ucm_resize(options->allocator, NULL, sizeof(*net));
	size_t i = 0;

	if (net == NULL)
		return NULL;
	memset(net, 0, sizeof(*net));
	net->options = *options;
	snprintf(net->host, sizeof(net->host), "%s", options->host);
	net->options.host = net->host;
	net->fd = -1;
	for (i = 0; i < UCM_ADDRESSES_TRIED_MAX; i++)
		net->attempts[i].fd = -1;
	if (options->dial == NULL) {
		net->resolver = ucm_resolver_start(options->allocator, net->host, options->port);
		if (net->resolver == NULL) {
			ucm_resize(options->allocator, net, 0);
			return NULL;
		}
	}
	return net;
}

/* Numeric form of an address; "" where it has none. */
static void numeric(const struct sockaddr_storage *address, char out[UCM_NET_ADDRESS_MAX])
{
	out[0] = '\0';
	if (address->ss_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, out, UCM_NET_ADDRESS_MAX);
	} else if (address->ss_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, out, UCM_NET_ADDRESS_MAX);
	}
}

static void no_delay(int fd)
{
	const int on = 1;

	/* Commands are written in whole flights; a socket that is not TCP refuses, which is fine.
	 */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Begins the next address. */
static void begin(struct ucm_net *net)
{
	const struct ucm_endpoint *to = &net->endpoints.at[net->begun];
	struct attempt *attempt = &net->attempts[net->begun];

	net->begun++;
	attempt->fd =
	    socket(to->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (attempt->fd < 0) {
		attempt->error = errno;
		return;
	}
	no_delay(attempt->fd);
	if (connect(attempt->fd, (const struct sockaddr *)&to->address, to->length) < 0 &&
	    errno != EINPROGRESS && errno != EINTR) {
		attempt->error = errno;
		close(attempt->fd);
		attempt->fd = -1;
		return;
	}
	net->racing++;
}

/* 1: connected; 0: not yet; -1: failed, the socket is closed. */
static int check(struct attempt *attempt)
{
	struct pollfd waiting = {.fd = attempt->fd, .events = POLLOUT};
	socklen_t length = sizeof(attempt->error);

	if (poll(&waiting, 1, 0) <= 0)
		return 0;
	if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &attempt->error, &length) < 0)
		attempt->error = errno;
	if (attempt->error == 0)
		return 1;
	close(attempt->fd);
	attempt->fd = -1;
	return -1;
}

static void win(struct ucm_net *net, size_t winner)
{
	size_t i = 0;

	net->fd = net->attempts[winner].fd;
	net->attempts[winner].fd = -1;
	numeric(&net->endpoints.at[winner].address, net->address);
	for (i = 0; i < net->begun; i++) {
		if (net->attempts[i].fd >= 0) {
			close(net->attempts[i].fd);
			net->attempts[i].fd = -1;
		}
	}
	net->racing = 0;
}

void ucm_net_tried(const struct ucm_net *net, char *out, size_t room)
{
	size_t length = 0;
	size_t i = 0;

	out[0] = '\0';
	for (i = 0; i < net->begun && length + 1 < room; i++) {
		char address[UCM_NET_ADDRESS_MAX];
		char room_for_reason[96];
		const char *reason = "no answer";
		int made = 0;

		numeric(&net->endpoints.at[i].address, address);
		if (net->attempts[i].error != 0) {
			reason = ucm_errno_text(
			    net->attempts[i].error, room_for_reason, sizeof(room_for_reason));
		}
		made = snprintf(
		    out + length, room - length, "%s%s (%s)", i > 0 ? ", " : "", address, reason);
		length += made > 0 ? (size_t)made : 0;
	}
}

static int race(struct ucm_net *net, int64_t now_ms, struct ucm_error *error)
{
	char tried[UCM_ERROR_TEXT_MAX / 2];
	size_t i = 0;

	for (i = 0; i < net->begun; i++) {
		int state = net->attempts[i].fd >= 0 ? check(&net->attempts[i]) : 0;

		if (state > 0) {
			win(net, i);
			return UCM_OK;
		}
		if (state < 0) {
			net->racing--;
			net->next_ms = now_ms; /* a refusal gives its turn to the next at once */
		}
	}
	while (net->begun < net->endpoints.count && (now_ms >= net->next_ms || net->racing == 0)) {
		begin(net);
		net->next_ms = now_ms + HEAD_START_MS;
	}
	if (net->racing > 0)
		return UCM_WANT_WRITE;
	ucm_net_tried(net, tried, sizeof(tried));
	return ucm_fail(error, UCM_CLASS_AGAIN, "no connection to %s port %u; tried %s", net->host,
	    net->options.port, tried);
}

static int dial(struct ucm_net *net, struct ucm_error *error)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	int flags = 0;

	net->dialled = 1;
	net->attempts[0].fd =
	    net->options.dial(net->host, net->options.port, net->options.dial_arg);
	if (net->attempts[0].fd < 0) {
		return ucm_fail(error, UCM_CLASS_AGAIN,
		    "the caller's dialler has no connection to %s port %u", net->host,
		    net->options.port);
	}
	flags = fcntl(net->attempts[0].fd, F_GETFL);
	if (flags < 0 || fcntl(net->attempts[0].fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(net->attempts[0].fd, F_SETFD, FD_CLOEXEC) < 0) {
		return ucm_fail(
		    error, UCM_CLASS_AGAIN, "the caller's dialler gave no usable socket");
	}
	no_delay(net->attempts[0].fd);
	memset(&peer, 0, sizeof(peer));
	if (getpeername(net->attempts[0].fd, (struct sockaddr *)&peer, &length) == 0)
		net->endpoints.at[0].address = peer;
	net->endpoints.count = 1;
	net->begun = 1;
	net->racing = 1;
	return 0;
}

int ucm_net_connect(struct ucm_net *net, int64_t now_ms, struct ucm_error *error)
{
	if (net->fd >= 0)
		return UCM_OK;
	if (net->resolver != NULL) {
		int state = ucm_resolver_poll(net->resolver, &net->endpoints, error);

		if (state == 0) {
			net->resolve_wait_ms =
			    net->resolve_wait_ms == 0 ? 1 : net->resolve_wait_ms * 2;
			if (net->resolve_wait_ms > RESOLVE_POLL_MAX_MS)
				net->resolve_wait_ms = RESOLVE_POLL_MAX_MS;
			return UCM_WANT_TIMER;
		}
		if (state < 0)
			return -1;
		ucm_resolver_free(net->resolver);
		net->resolver = NULL;
	} else if (net->options.dial != NULL && !net->dialled && dial(net, error) < 0) {
		return -1;
	}
	return race(net, now_ms, error);
}

int ucm_net_is_resolving(const struct ucm_net *net)
{
	return net->resolver != NULL;
}

int ucm_net_descriptor(const struct ucm_net *net)
{
	size_t i = net->begun;

	if (net->fd >= 0)
		return net->fd;
	while (i > 0)
		if (net->attempts[--i].fd >= 0)
			return net->attempts[i].fd;
	return -1;
}

long ucm_net_timer_ms(const struct ucm_net *net, int64_t now_ms)
{
	int64_t left = 0;

	if (net->fd >= 0)
		return -1;
	if (net->resolver != NULL)
		return net->resolve_wait_ms;
	if (net->racing > 1)
		return RACE_POLL_MS;
	if (net->begun >= net->endpoints.count)
		return -1;
	left = net->next_ms - now_ms;
	return left > 0 ? (long)left : 0;
}

static ssize_t failed(struct ucm_error *error, int number, const char *what)
{
	char room[96];

	if (number == EAGAIN || number == EINTR)
		return UCM_NET_BLOCKED;
	return ucm_fail(error, UCM_CLASS_AGAIN, "the connection was lost while %s: %s", what,
	    ucm_errno_text(number, room, sizeof(room)));
}

/*
 * Before a wait for more: a server that sends a reply in two pieces holds the second one back until
 * the first is acknowledged (Nagle), and we would acknowledge it 40 ms later, since nothing goes
 * back with it. In a batch that would be one wait in every other message.
 */
static void acknowledge(struct ucm_net *net)
{
#ifdef TCP_QUICKACK
	const int on = 1;

	(void)setsockopt(net->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#endif
	net->unacknowledged = 0;
}

ssize_t ucm_net_read(struct ucm_net *net, void *bytes, size_t room, struct ucm_error *error)
{
	ssize_t got = recv(net->fd, bytes, room, 0);
	int number = errno;

	if (got >= 0) {
		net->unacknowledged = 1;
		return got;
	}
	if (number == EAGAIN && net->unacknowledged)
		acknowledge(net);
	return failed(error, number, "reading");
}

ssize_t ucm_net_write(struct ucm_net *net, const void *bytes, size_t size, struct ucm_error *error)
{
	ssize_t put = send(net->fd, bytes, size, MSG_NOSIGNAL | net->send_flags);

	net->unacknowledged = 0; /* it went along */
	return put >= 0 ? put : failed(error, errno, "writing");
}

void ucm_net_expect_more(struct ucm_net *net, int more)
{
#ifdef MSG_MORE
	net->send_flags = more ? MSG_MORE : 0;
#else
	(void)net, (void)more;
#endif
}

int ucm_net_readable(const struct ucm_net *net)
{
	struct pollfd waiting = {.fd = net->fd, .events = POLLIN};

	return net->fd >= 0 && poll(&waiting, 1, 0) > 0;
}

const char *ucm_net_address(const struct ucm_net *net)
{
	return net->address;
}

void ucm_net_literal(const struct ucm_net *net, char out[UCM_NET_ADDRESS_MAX + 16])
{
	struct sockaddr_storage own;
	socklen_t length = sizeof(own);
	char address[UCM_NET_ADDRESS_MAX] = "";

	memset(&own, 0, sizeof(own));
	if (getsockname(net->fd, (struct sockaddr *)&own, &length) == 0)
		numeric(&own, address);
	if (address[0] == '\0')
		memcpy(address, "127.0.0.1", sizeof("127.0.0.1"));
	snprintf(out, UCM_NET_ADDRESS_MAX + 16, own.ss_family == AF_INET6 ? "[IPv6:%s]" : "[%s]",
	    address);
}

void ucm_net_free(struct ucm_net *net)
{
	size_t i = 0;

	if (net == NULL)
		return;
	ucm_resolver_free(net->resolver);
	for (i = 0; i < UCM_ADDRESSES_TRIED_MAX; i++)
		if (net->attempts[i].fd >= 0)
			close(net->attempts[i].fd);
	if (net->fd >= 0)
		close(net->fd);
	ucm_resize(net->options.allocator, net, 0);
}
