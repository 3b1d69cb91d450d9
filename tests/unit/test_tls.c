/*
 * TLS against OpenSSL's server: who is trusted, and above all who is not. The rows S1 to S6 are
 * ways round the authentication that the TLS library's defaults leave open.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/memory.h>

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libsrc/tls.h"
#include "unit/tls_server.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PATIENCE_MS 10000
#define DAY 86400

#define HOST "mail.example.com"

static const struct {
	const char *sentence;
	const char *server; /* its certificate; NULL: none */
	const char *options; /* of openssl s_server */
	const char *trusted;
	const char *host;
	int strict;
	enum ucm_class class;
	const char *rule;
} rows[] = {
    {"issued by the trusted CA", "server", "", "ca", HOST, 0, UCM_CLASS_OK, ""},
    {"the same with RSA", "server_rsa", "", "ca", HOST, 0, UCM_CLASS_OK, ""},
    {"TLS 1.2", "server", "-tls1_2", "ca", HOST, 0, UCM_CLASS_OK, ""},
    {"TLS 1.2 with RSA and ChaCha20", "server_rsa", "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
	"ca", HOST, 0, UCM_CLASS_OK, ""},
    {"TLS 1.3 with P-256 only", "server", "-groups P-256", "ca", HOST, 0, UCM_CLASS_OK, ""},
    {"the CA is one of a bundle", "server", "", "two", HOST, 0, UCM_CLASS_OK, ""},
    {"an address of the certificate", "server", "", "ca", "127.0.0.1", 0, UCM_CLASS_OK, ""},
    {"a trailing dot of the host", "server", "", "ca", HOST ".", 0, UCM_CLASS_OK, ""},
    {"pinned, issued by a CA", "server", "", "server", HOST, 0, UCM_CLASS_OK, ""},
    {"pinned, self-signed", "self_signed", "", "self_signed", HOST, 0, UCM_CLASS_OK, ""},
    {"the CN where there is no SAN", "common_name_only", "", "ca", HOST, 0, UCM_CLASS_OK, ""},
    {"but never with the strict profile", "common_name_only", "", "ca", HOST, 1, UCM_CLASS_TRUST,
	"UCM211"},
    {"another CA", "unknown_ca", "", "ca", HOST, 0, UCM_CLASS_TRUST, ""},
    {"another host", "server", "", "ca", "www.example.com", 0, UCM_CLASS_TRUST, "UCM211"},
    {"another address", "server", "", "ca", "127.0.0.2", 0, UCM_CLASS_TRUST, "UCM211"},
    {"a SAN for another host, the CN would fit", "wrong_name", "", "ca", HOST, 0, UCM_CLASS_TRUST,
	"UCM211"},
    {"pinned, but for another host", "wrong_name", "", "wrong_name", HOST, 0, UCM_CLASS_TRUST,
	"UCM211"},
    {"expired", "expired", "", "ca", HOST, 0, UCM_CLASS_TRUST, "UCM206"},
    {"pinned and expired", "expired_self", "", "expired_self", HOST, 0, UCM_CLASS_TRUST, "UCM206"},
    {"not valid yet", "not_yet", "", "ca", HOST, 0, UCM_CLASS_TRUST, "UCM207"},
    {"for clients only", "client_only", "", "ca", HOST, 0, UCM_CLASS_TRUST, "UCM215"},
    {"pinned, for clients only", "client_only", "", "client_only", HOST, 0, UCM_CLASS_TRUST,
	"UCM215"},
    {"a key that is too weak", "weak", "-cipher DEFAULT:@SECLEVEL=0", "ca", HOST, 0,
	UCM_CLASS_TRUST, "UCM209"},
    {"pinned, with a key that is too weak", "weak", "-cipher DEFAULT:@SECLEVEL=0", "weak", HOST, 0,
	UCM_CLASS_TRUST, "UCM209"},
    {"pinned, and the server has another of the same CA", "server_rsa", "", "server", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"pinned, and the server has a self-signed one", "self_signed", "", "server", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"S1: a forged copy of the trusted CA", "forged_ca", "", "ca", HOST, 0, UCM_CLASS_TRUST, ""},
    {"S1: a forged copy of a pinned certificate", "forged_relay", "", "relay", "relay.example.com",
	0, UCM_CLASS_TRUST, ""},
    {"S2: anonymous Diffie-Hellman", NULL, "-tls1_2 -cipher ADH-AES256-GCM-SHA384:@SECLEVEL=0",
	"ca", HOST, 0, UCM_CLASS_TRUST, ""},
    {"S2: a cipher that hides nothing", "server_rsa",
	"-tls1_2 -cipher ECDHE-RSA-NULL-SHA:@SECLEVEL=0", "ca", HOST, 0, UCM_CLASS_TRUST, ""},
    {"S2: no forward secrecy", "server_rsa", "-tls1_2 -cipher AES256-GCM-SHA384", "ca", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"S2: CBC", "server_rsa", "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256", "ca", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"S2: TLS 1.1", "server_rsa", "-tls1_1 -cipher DEFAULT:@SECLEVEL=0", "ca", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"S5: a certificate that a pinned one has issued", "issued_by_leaf", "", "server", HOST, 0,
	UCM_CLASS_TRUST, ""},
    {"S6: a pinned certificate is no anchor for its own CA", "server_rsa", "", "self_signed", HOST,
	0, UCM_CLASS_TRUST, ""},
    {"a CA that is itself presented must still be for the host", "ca", "", "ca", HOST, 0,
	UCM_CLASS_TRUST, "UCM211"},
};

/* A connection, and what it needs. */
struct link {
	struct ucm_arena arena;
	struct ucm_bundle bundle;
	const struct ucm_cert *trusted[UCM_CERTS_PER_PAYLOAD_MAX];
	struct ucm_net *net;
	struct ucm_tls *tls;
	struct ucm_error error;
};

static void wait_for(struct link *link, int want)
{
	struct pollfd waiting = {.fd = ucm_net_descriptor(link->net),
	    .events = want == UCM_WANT_WRITE ? POLLOUT : POLLIN};

	assert_true(poll(&waiting, 1, PATIENCE_MS) > 0);
}

static void connect_net(struct link *link, unsigned port)
{
	const struct ucm_net_options options = {.host = "127.0.0.1", .port = port};
	int state = 0;

	link->net = ucm_net_start(&options);
	assert_non_null(link->net);
	while ((state = ucm_net_connect(link->net, ucm_now_ms(), &link->error)) != UCM_OK) {
		assert_true(state > 0);
		wait_for(link, state);
	}
}

/* Shakes hands. Returns its end: UCM_OK or -1. */
static int shake(struct link *link, const char *trusted, const char *host, int strict, int64_t now,
    const struct ucm_tls_session *resume)
{
	struct ucm_tls_options options = {.net = link->net,
	    .rules = {.trusted = link->trusted, .host = host, .now = now, .strict = strict},
	    .resume = resume};
	int state = 0;
	size_t i = 0;

	load_certificates(&link->arena, trusted, &link->bundle);
	for (i = 0; i < link->bundle.count; i++)
		link->trusted[i] = &link->bundle.cert[i];
	options.rules.trusted_count = link->bundle.count;
	link->tls = ucm_tls_new(&options, &link->error);
	if (link->tls == NULL)
		return -1;
	while ((state = ucm_tls_handshake(link->tls, &link->error)) > 0)
		wait_for(link, state);
	return state;
}

static void open_link(struct link *link, unsigned port)
{
	memset(link, 0, sizeof(*link));
	ucm_arena_init(&link->arena, NULL, 0);
	connect_net(link, port);
}

static void close_link(struct link *link)
{
	ucm_tls_free(link->tls);
	ucm_net_free(link->net);
	ucm_arena_free(&link->arena);
}

static void test_rows(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct tls_server server;
		struct link link;
		int end = 0;

		start_server(&server, rows[i].server, rows[i].options);
		open_link(&link, server.port);
		end = shake(&link, rows[i].trusted, rows[i].host, rows[i].strict, time(NULL), NULL);
		if ((end == UCM_OK) != (rows[i].class == UCM_CLASS_OK) ||
		    link.error.class != rows[i].class ||
		    strcmp(link.error.rule, rows[i].rule) != 0) {
			fail_msg("%s: got %d, class %d, rule [%s]: %s", rows[i].sentence, end,
			    (int)link.error.class, link.error.rule, link.error.text);
		}
		close_link(&link);
		stop_server(&server);
	}
}

/* The dates are judged by the caller's clock. */
static void test_clock(void **state)
{
	struct tls_server server;
	struct link link;

	(void)state;
	start_server(&server, "server", "");
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "server", HOST, 0, time(NULL) + 400LL * DAY, NULL), -1);
	assert_string_equal(link.error.rule, "UCM206");
	close_link(&link);
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "ca", HOST, 0, time(NULL) - 400LL * DAY, NULL), -1);
	assert_string_equal(link.error.rule, "UCM207");
	close_link(&link);
	stop_server(&server);
}

/* The error tells the certificate that was presented. */
static void test_error_tells(void **state)
{
	struct tls_server server;
	struct link link;

	(void)state;
	start_server(&server, "unknown_ca", "");
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "ca", HOST, 0, time(NULL), NULL), -1);
	assert_non_null(strstr(link.error.text, "CN=" HOST));
	assert_non_null(strstr(link.error.text, "CN=Somebody Else CA"));
	assert_non_null(strstr(link.error.text, "SHA-256 "));
	assert_non_null(ucm_tls_presented(link.tls));
	close_link(&link);
	stop_server(&server);
}

/* Reads what the server has sent with the end of the handshake: tickets. */
static void read_tickets(struct link *link)
{
	char bytes[64];
	struct pollfd waiting = {.fd = ucm_net_descriptor(link->net), .events = POLLIN};

	(void)poll(&waiting, 1, 1000);
	assert_int_equal(
	    ucm_tls_read(link->tls, bytes, sizeof(bytes), &link->error), UCM_NET_BLOCKED);
}

/* A session is resumed with what was verified first, and judged anew. */
static void resume_with(const char *options, const char *trusted)
{
	struct tls_server server;
	struct ucm_tls_session *kept = NULL;
	struct ucm_tls_facts facts;
	struct link link;

	start_server(&server, "server", options);
	open_link(&link, server.port);
	assert_int_equal(shake(&link, trusted, HOST, 0, time(NULL), NULL), UCM_OK);
	ucm_tls_facts(link.tls, &facts);
	assert_false(facts.resumed);
	if (strcmp(facts.version, "TLSv1.3") == 0)
		read_tickets(&link);
	kept = ucm_tls_keep(link.tls);
	assert_non_null(kept);
	close_link(&link);

	open_link(&link, server.port);
	assert_int_equal(shake(&link, trusted, HOST, 0, time(NULL), kept), UCM_OK);
	ucm_tls_facts(link.tls, &facts);
	assert_true(facts.resumed);
	assert_string_equal(facts.cert->subject, "CN=" HOST);
	close_link(&link);

	open_link(&link, server.port);
	assert_int_equal(shake(&link, trusted, "www.example.com", 0, time(NULL), kept), -1);
	assert_string_equal(link.error.rule, "UCM211");
	close_link(&link);

	open_link(&link, server.port);
	assert_int_equal(shake(&link, trusted, HOST, 0, time(NULL) + 400LL * DAY, kept), -1);
	assert_string_equal(link.error.rule, "UCM206");
	close_link(&link);
	ucm_tls_session_free(kept);
	stop_server(&server);
}

static void test_resume(void **state)
{
	(void)state;
	resume_with("", "ca");
	resume_with("", "server");
	resume_with("-tls1_2", "ca");
}

/* A pin that is no longer trusted is not resumed. */
static void test_resume_other_pin(void **state)
{
	struct tls_server server;
	struct ucm_tls_session *kept = NULL;
	struct link link;

	(void)state;
	start_server(&server, "server", "");
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "server", HOST, 0, time(NULL), NULL), UCM_OK);
	read_tickets(&link);
	kept = ucm_tls_keep(link.tls);
	assert_non_null(kept);
	close_link(&link);
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "self_signed", HOST, 0, time(NULL), kept), -1);
	assert_int_equal(link.error.class, UCM_CLASS_TRUST);
	close_link(&link);
	ucm_tls_session_free(kept);
	stop_server(&server);
}

/* A server that sends tickets for ever keeps no call for ever: the caller looks at its clock again
 * while there is still something to read. */
static void test_tickets(void **state)
{
	const struct timespec until_much_waits = {.tv_nsec = 300000000};
	struct tls_server server;
	struct link link;

	(void)state;
	start_server(&server, "server", "-num_tickets 1000000");
	open_link(&link, server.port);
	assert_int_equal(shake(&link, "ca", HOST, 0, time(NULL), NULL), UCM_OK);
	(void)nanosleep(&until_much_waits, NULL);
	read_tickets(&link);
	assert_true(ucm_net_readable(link.net));
	close_link(&link);
	stop_server(&server);
}

/* ---- What the TLS library holds ------------------------------------------------------------- */

/* Not where it was built without a say in its memory, as the small one is. */
#ifdef USE_WOLFSSL_MEMORY
static size_t held; /* octets, by all threads */

static void *count_malloc(size_t size)
{
	void *got = malloc(size);

	held += malloc_usable_size(got);
	return got;
}

static void count_free(void *memory)
{
	held -= malloc_usable_size(memory);
	free(memory);
}

static void *count_realloc(void *memory, size_t size)
{
	const size_t before = malloc_usable_size(memory);
	void *got = realloc(memory, size);

	if (got != NULL)
		held += malloc_usable_size(got) - before;
	return got;
}

#define SHAKES 8
#define FEW_KB ((size_t)256 * 1024)

struct shakes {
	unsigned port;
	size_t held[SHAKES]; /* after each connection has been freed */
};

static void *shake_often(void *arg)
{
	struct shakes *shakes = arg;
	size_t i = 0;

	for (i = 0; i < SHAKES; i++) {
		struct link link;

		open_link(&link, shakes->port);
		assert_int_equal(shake(&link, "ca", HOST, 0, time(NULL), NULL), UCM_OK);
		close_link(&link);
		shakes->held[i] = held;
	}
	return NULL;
}

/* A thread that connects once or twice is spared the tables of curve points; one that goes on gets
 * them, and its end frees them. */
static void test_tables(void **state)
{
	struct tls_server server;
	struct shakes shakes = {0};
	pthread_t thread;
	size_t before = 0;

	(void)state;
	ucm_tls_thread_end();
	before = held;
	start_server(&server, "server", "");
	shakes.port = server.port;
	assert_int_equal(pthread_create(&thread, NULL, shake_often, &shakes), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(shakes.held[0] < before + FEW_KB);
	assert_true(shakes.held[1] < before + FEW_KB);
#ifdef FP_ECC
	assert_true(shakes.held[SHAKES - 1] > before + FEW_KB);
#endif
	assert_true(held < before + FEW_KB);
	stop_server(&server);
}
#endif

static int set_up(void **state)
{
	(void)state;
#ifdef USE_WOLFSSL_MEMORY
	/* Before the library allocates anything. */
	if (wolfSSL_SetAllocators(count_malloc, count_free, count_realloc) != 0)
		return -1;
#endif
	return make_certificates();
}

static int tear_down(void **state)
{
	(void)state;
	remove_certificates();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_error_tells),
	    cmocka_unit_test(test_resume),
	    cmocka_unit_test(test_resume_other_pin),
	    cmocka_unit_test(test_tickets),
#ifdef USE_WOLFSSL_MEMORY
	    cmocka_unit_test(test_tables),
#endif
	};

	return cmocka_run_group_tests_name("tls", tests, set_up, tear_down);
}
