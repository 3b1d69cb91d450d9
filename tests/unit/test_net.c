/*
 * Connections: addresses, their order, what fails and how it is told.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libsrc/net.h"
#include "libsrc/resolve.h"

#define PATIENCE_MS 5000

/* A listening socket on a loopback port; backlog < 0: bound, but nobody listens. */
static int open_port(int backlog, unsigned *port)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(own);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, length), 0);
	assert_true(backlog < 0 || listen(fd, backlog) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	*port = ntohs(own.sin_port);
	return fd;
}

static int connect_to(
    const char *host, unsigned port, struct ucm_net **net, struct ucm_error *error)
{
	const struct ucm_net_options options = {.host = host, .port = port};
	const int64_t until = ucm_now_ms() + PATIENCE_MS;
	int state = 0;

	memset(error, 0, sizeof(*error));
	*net = ucm_net_start(&options);
	assert_non_null(*net);
	while ((state = ucm_net_connect(*net, ucm_now_ms(), error)) > 0) {
		struct pollfd waiting = {.fd = ucm_net_descriptor(*net), .events = POLLOUT};
		long timer = ucm_net_timer_ms(*net, ucm_now_ms());

		assert_true(ucm_now_ms() < until);
		assert_true(state == UCM_WANT_TIMER || state == UCM_WANT_WRITE);
		(void)poll(
		    &waiting, waiting.fd >= 0, timer >= 0 && timer < 1000 ? (int)timer : 1000);
	}
	return state;
}

static void test_connects(void **state)
{
	static const char *const hosts[] = {"127.0.0.1", "[127.0.0.1]", "localhost"};
	unsigned port = 0;
	int listener = open_port(5, &port);
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct ucm_net *net = NULL;
		struct ucm_error error;
		char literal[UCM_NET_ADDRESS_MAX + 16];
		char byte = 0;
		int accepted = -1;

		assert_int_equal(connect_to(hosts[i], port, &net, &error), UCM_OK);
		assert_string_equal(ucm_net_address(net), "127.0.0.1");
		ucm_net_literal(net, literal);
		assert_string_equal(literal, "[127.0.0.1]");
		accepted = accept(listener, NULL, NULL);
		assert_true(accepted >= 0);
		assert_int_equal(ucm_net_read(net, &byte, 1, &error), UCM_NET_BLOCKED);
		assert_false(ucm_net_readable(net));
		assert_int_equal(ucm_net_write(net, "x", 1, &error), 1);
		assert_int_equal(recv(accepted, &byte, 1, 0), 1);
		close(accepted);
		assert_int_equal(
		    poll(&(struct pollfd){.fd = ucm_net_descriptor(net), .events = POLLIN}, 1,
			PATIENCE_MS),
		    1);
		assert_true(ucm_net_readable(net));
		assert_int_equal(ucm_net_read(net, &byte, 1, &error), 0);
		ucm_net_free(net);
	}
	close(listener);
}

static void test_refused(void **state)
{
	unsigned port = 0;
	int bound = open_port(-1, &port);
	struct ucm_net *net = NULL;
	struct ucm_error error;

	(void)state;
	assert_int_equal(connect_to("127.0.0.1", port, &net, &error), -1);
	assert_int_equal(error.class, UCM_CLASS_AGAIN);
	assert_non_null(strstr(error.text, "127.0.0.1 ("));
	ucm_net_free(net);
	close(bound);
}

static void test_no_name(void **state)
{
	static const char *const names[] = {"no-such-host.invalid", "", "a b"};
	size_t i = 0;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct ucm_net *net = NULL;
		struct ucm_error error;

		assert_int_equal(connect_to(names[i], 25, &net, &error), -1);
		assert_int_equal(error.class, UCM_CLASS_AGAIN);
		assert_non_null(strstr(error.text, "cannot be looked up"));
		assert_true(ucm_net_is_resolving(net));
		ucm_net_free(net);
	}
}

/* A look-up that is given up at once leaves nothing behind that can hurt. */
static void test_given_up(void **state)
{
	const struct ucm_net_options options = {.host = "localhost", .port = 25};
	struct ucm_error error = {0};
	struct ucm_net *net = ucm_net_start(&options);

	(void)state;
	assert_non_null(net);
	(void)ucm_net_connect(net, ucm_now_ms(), &error);
	ucm_net_free(net);
	ucm_net_free(NULL);
}

static int refuse_to_dial(const char *host, unsigned port, void *arg)
{
	assert_string_equal(host, "mail.example.com");
	assert_int_equal(port, 25);
	++*(int *)arg;
	return -1;
}

static void test_dialler(void **state)
{
	int calls = 0;
	const struct ucm_net_options options = {
	    .host = "mail.example.com", .port = 25, .dial = refuse_to_dial, .dial_arg = &calls};
	struct ucm_error error = {0};
	struct ucm_net *net = ucm_net_start(&options);

	(void)state;
	assert_non_null(net);
	assert_int_equal(ucm_net_connect(net, ucm_now_ms(), &error), -1);
	assert_int_equal(error.class, UCM_CLASS_AGAIN);
	assert_int_equal(calls, 1);
	ucm_net_free(net);
}

static int dial_plainly(const char *host, unsigned port, void *arg)
{
	int *ends = arg;

	(void)host;
	(void)port;
	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? ends[0] : -1;
}

/* The socket is the library's: it does not block, and no child inherits it. */
static void test_dialled_socket(void **state)
{
	int ends[2] = {-1, -1};
	const struct ucm_net_options options = {
	    .host = "mail.example.com", .port = 25, .dial = dial_plainly, .dial_arg = ends};
	struct ucm_error error = {0};
	struct ucm_net *net = ucm_net_start(&options);

	(void)state;
	assert_non_null(net);
	assert_int_equal(ucm_net_connect(net, ucm_now_ms(), &error), UCM_OK);
	assert_true(fcntl(ends[0], F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
	ucm_net_free(net);
	assert_int_equal(fcntl(ends[0], F_GETFD), -1);
	close(ends[1]);
}

static const struct {
	const char *sentence;
	const char *before; /* 4 and 6: families */
	const char *after;
} orders[] = {
    {"nothing", "", ""},
    {"one", "6", "6"},
    {"families alternate", "664444", "646444"},
    {"the resolver's first choice stays first", "4466", "4646"},
    {"one family keeps its order", "4444", "4444"},
    {"already alternating", "6464", "6464"},
};

static void test_order(void **state)
{
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct ucm_endpoints list = {.count = strlen(orders[i].before)};

		for (k = 0; k < list.count; k++) {
			list.at[k].address.ss_family =
			    orders[i].before[k] == '4' ? AF_INET : AF_INET6;
			list.at[k].length = (socklen_t)k;
		}
		ucm_endpoints_interleave(&list);
		for (k = 0; k < list.count; k++)
			if (list.at[k].address.ss_family !=
			    (orders[i].after[k] == '4' ? AF_INET : AF_INET6))
				fail_msg("%s: place %zu", orders[i].sentence, k);
	}
}

#ifdef TCP_QUICKACK
/* What the peer has sent and not seen acknowledged. */
static unsigned in_flight(int fd)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	memset(&info, 0, sizeof(info));
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
	return info.tcpi_unacked;
}

/* A server that waits for an acknowledgement before it goes on does not wait for a timer of ours.
 */
static void test_acknowledges(void **state)
{
	unsigned port = 0;
	int listener = open_port(1, &port);
	struct ucm_net *net = NULL;
	struct ucm_error error;
	char bytes[4];

	(void)state;
	assert_int_equal(connect_to("127.0.0.1", port, &net, &error), UCM_OK);
	int peer = accept(listener, NULL, NULL);
	assert_true(peer >= 0);
	/* Question and answer: the kernel learns to let its acknowledgements go along with data. */
	for (int i = 0; i < 30; i++) {
		assert_int_equal(send(peer, "a", 1, 0), 1);
		assert_int_equal(ucm_net_read(net, bytes, sizeof(bytes), &error), 1);
		assert_int_equal(ucm_net_write(net, "q", 1, &error), 1);
		assert_int_equal(recv(peer, bytes, sizeof(bytes), 0), 1);
	}
	assert_int_equal(send(peer, "a", 1, 0), 1);
	assert_int_equal(ucm_net_read(net, bytes, sizeof(bytes), &error), 1);
	assert_int_equal(ucm_net_read(net, bytes, sizeof(bytes), &error), UCM_NET_BLOCKED);
	assert_int_equal(in_flight(peer), 0);
	ucm_net_free(net);
	close(peer);
	close(listener);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_connects),
#ifdef TCP_QUICKACK
	    cmocka_unit_test(test_acknowledges),
#endif
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_no_name),
	    cmocka_unit_test(test_given_up),
	    cmocka_unit_test(test_dialler),
	    cmocka_unit_test(test_dialled_socket),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
