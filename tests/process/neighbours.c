/*
 * A host that uses wolfSSL itself, and loads the library beside it: before, while it is loaded and
 * afterwards the host's own TLS works, its connections live on, its allocators are called for it
 * alone where the library brings a wolfSSL of its own, and neither's wolfSSL_Cleanup() takes
 * anything from the other.
 *
 *   neighbours PORT CA SNAPSHOT shared|own LIBRARY...
 *
 * "own": the libraries bring a wolfSSL of their own. All are loaded at the same time.
 */
#include "config.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "tests/process/loaded.h"

#define ROUNDS 3
#define LIBRARIES_MAX 4

struct host {
	unsigned port;
	const char *ca, *snapshot;
	char connect_to[64];
	int own;
	char **libraries;
	size_t count;
	struct loaded loaded[LIBRARIES_MAX];
};

static void claim(int holds, const char *what)
{
	if (!holds) {
		(void)fprintf(stderr, "not so: %s\n", what);
		exit(1);
	}
}

/* ---- The host's own TLS --------------------------------------------------------------------- */

static long allocations; /* of the host's wolfSSL */

static void *host_malloc(size_t size)
{
	allocations++;
	return malloc(size);
}

static void host_free(void *block)
{
	free(block);
}

static void *host_realloc(void *block, size_t size)
{
	allocations++;
	return realloc(block, size);
}

/* The libraries' calls of these come here, where they use the host's wolfSSL; the host's do not. */
static long starts, started;

#define EXPORT __attribute__((visibility("default")))

static int call(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);
	int (*function)(void) = NULL;

	memcpy(&function, &symbol, sizeof(function));
	return function();
}

EXPORT int wolfSSL_Init(void)
{
	starts++;
	started++;
	return call("wolfSSL_Init");
}

EXPORT int wolfSSL_Cleanup(void)
{
	claim(--started >= 0, "a library ends only what it has begun");
	return call("wolfSSL_Cleanup");
}

struct talk {
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;
	int fd;
};

static void ask(struct talk *talk, const char *command, const char *reply)
{
	char line[256];
	int size;

	if (command != NULL)
		claim(wolfSSL_write(talk->ssl, command, (int)strlen(command)) > 0,
		    "the host's own connection can be written");
	size = wolfSSL_read(talk->ssl, line, sizeof(line) - 1);
	claim(size >= 3 && memcmp(line, reply, 3) == 0, "the host's own connection is answered");
}

static struct talk talk_begin(const struct host *host)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((in_port_t)host->port)};
	struct talk talk = {.ctx = wolfSSL_CTX_new(wolfTLS_client_method())};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	claim(talk.ctx != NULL, "the host has a context");
	wolfSSL_CTX_set_verify(talk.ctx, WOLFSSL_VERIFY_PEER, NULL);
	claim(wolfSSL_CTX_load_verify_locations(talk.ctx, host->ca, NULL) == WOLFSSL_SUCCESS,
	    "the host trusts its CA");
	talk.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	claim(connect(talk.fd, (const struct sockaddr *)&to, sizeof(to)) == 0, "the host connects");
	talk.ssl = wolfSSL_new(talk.ctx);
	claim(talk.ssl != NULL && wolfSSL_set_fd(talk.ssl, talk.fd) == WOLFSSL_SUCCESS &&
		  wolfSSL_check_domain_name(talk.ssl, "mail.example.com") == WOLFSSL_SUCCESS &&
		  wolfSSL_connect(talk.ssl) == WOLFSSL_SUCCESS,
	    "the host's own handshake succeeds");
	ask(&talk, NULL, "220");
	return talk;
}

static void talk_end(struct talk *talk)
{
	ask(talk, "NOOP\r\n", "250");
	wolfSSL_free(talk->ssl);
	wolfSSL_CTX_free(talk->ctx);
	claim(close(talk->fd) == 0, "the host's own connection is closed");
}

static void talk_once(const struct host *host)
{
	struct talk talk = talk_begin(host);

	talk_end(&talk);
}

static void claim_allocators(void)
{
	wolfSSL_Malloc_cb on_malloc = NULL;
	wolfSSL_Free_cb on_free = NULL;
	wolfSSL_Realloc_cb on_realloc = NULL;

	claim(wolfSSL_GetAllocators(&on_malloc, &on_free, &on_realloc) == 0 &&
		  on_malloc == host_malloc && on_free == host_free && on_realloc == host_realloc,
	    "the host's allocators are as the host has set them");
}

/* ---- The libraries -------------------------------------------------------------------------- */

static void load_all(struct host *host)
{
	for (size_t i = 0; i < host->count; i++)
		claim(loaded_open(&host->loaded[i], host->libraries[i], host->snapshot,
			  host->connect_to) == 0,
		    "the library can be loaded");
}

static void send_all(struct host *host)
{
	const long before = allocations;

	for (size_t i = 0; i < host->count; i++)
		claim(loaded_send(&host->loaded[i]) == 0, "the library sends");
	claim(host->own ? allocations == before : allocations > before,
	    "the library calls the wolfSSL that it was linked with");
}

static void close_all(struct host *host)
{
	for (size_t i = 0; i < host->count; i++)
		claim(loaded_close(&host->loaded[i]) == 0, "the library can be closed");
}

/* Of whose Init and Cleanup come first and last, each order. */
static void cycle(struct host *host)
{
	struct talk talk;

	load_all(host);
	send_all(host); /* before the host's first call */
	claim(call("wolfSSL_Init") == WOLFSSL_SUCCESS, "the host's wolfSSL starts");
	talk_once(host);
	talk = talk_begin(host);
	send_all(host);
	close_all(host);
	talk_end(&talk);
	talk_once(host);

	load_all(host);
	send_all(host);
	talk = talk_begin(host);
	talk_end(&talk);
	claim(call("wolfSSL_Cleanup") == WOLFSSL_SUCCESS, "the host's wolfSSL ends");
	send_all(host); /* by its connection, after the host's last call */
	close_all(host);
	load_all(host);
	send_all(host); /* by a new one */
	close_all(host);
	claim_allocators();
}

int main(int argc, char **argv)
{
	struct host host = {0};

	if (argc < 6 || argc > 5 + LIBRARIES_MAX)
		return 64;
	host.port = (unsigned)strtoul(argv[1], NULL, 10);
	host.ca = argv[2];
	host.snapshot = argv[3];
	host.own = strcmp(argv[4], "own") == 0;
	host.libraries = argv + 5;
	host.count = (size_t)argc - 5;
	(void)snprintf(host.connect_to, sizeof(host.connect_to), "::127.0.0.1:%u", host.port);
	claim(wolfSSL_SetAllocators(host_malloc, host_free, host_realloc) == 0,
	    "the host sets its allocators");
	for (int round = 0; round < ROUNDS; round++)
		cycle(&host);
	claim(host.own ? starts == 0 : starts > 0, "a wolfSSL is started by whoever uses it");
	return 0;
}
