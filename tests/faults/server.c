/*
 * The server's side of a dialogue.
 */
#include "config.h"

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/faults/server.h"

#define LINE_MAX_HEARD 4096

static int read_byte(struct server *server, char *ret)
{
	return server->tls != NULL ? wolfSSL_read(server->tls, ret, 1)
				   : (int)recv(server->fd, ret, 1, 0);
}

static int hear(struct server *server, char line[LINE_MAX_HEARD])
{
	size_t length = 0;

	while (length < LINE_MAX_HEARD - 1 && read_byte(server, line + length) == 1) {
		if (line[length] == '\n') {
			line[length] = '\0';
			return 0;
		}
		length++;
	}
	return -1;
}

static int say(struct server *server, const char *text)
{
	const int size = (int)strlen(text);
	const int put = server->tls != NULL
			    ? wolfSSL_write(server->tls, text, size)
			    : (int)send(server->fd, text, (size_t)size, MSG_NOSIGNAL);

	return put == size ? 0 : -1;
}

static int begin_tls(struct server *server, WOLFSSL_CTX *context)
{
	server->tls = wolfSSL_new(context);
	return server->tls != NULL && wolfSSL_set_fd(server->tls, server->fd) == WOLFSSL_SUCCESS &&
		       wolfSSL_accept(server->tls) == WOLFSSL_SUCCESS
		   ? 0
		   : -1;
}

static int take_message(struct server *server)
{
	char line[LINE_MAX_HEARD];

	if (say(server, "354 go on\r\n") != 0)
		return -1;
	while (hear(server, line) == 0) {
		if (strcmp(line, ".\r") == 0) {
			server->taken++;
			return say(server, "250 2.0.0 taken\r\n");
		}
	}
	return -1;
}

static void converse(struct server *server, WOLFSSL_CTX *context)
{
	char line[LINE_MAX_HEARD];
	int going = say(server, "220 mail.example.com\r\n");

	while (going == 0 && hear(server, line) == 0)
		if (strncasecmp(line, "EHLO", 4) == 0)
			going = say(server, server->tls != NULL || context == NULL
						? "250-hi\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n"
						: "250-hi\r\n250 STARTTLS\r\n");
		else if (strncasecmp(line, "STARTTLS", 8) == 0)
			going = say(server, "220 go\r\n") || begin_tls(server, context);
		else if (strncasecmp(line, "AUTH", 4) == 0)
			going = say(server, "235 2.7.0 welcome\r\n");
		else if (strncasecmp(line, "DATA", 4) == 0)
			going = take_message(server);
		else if (strncasecmp(line, "QUIT", 4) == 0)
			going = say(server, "221 bye\r\n") != 0 ? -1 : 1;
		else
			going = say(server, "250 2.1.0 ok\r\n");
}

static WOLFSSL_CTX *make_context(const struct server *server)
{
	WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfSSLv23_server_method());

	if (context != NULL &&
	    wolfSSL_CTX_use_certificate_file(context, server->certificate, WOLFSSL_FILETYPE_PEM) ==
		WOLFSSL_SUCCESS &&
	    wolfSSL_CTX_use_PrivateKey_file(context, server->key, WOLFSSL_FILETYPE_PEM) ==
		WOLFSSL_SUCCESS)
		return context;
	(void)fprintf(stderr, "no server context\n");
	wolfSSL_CTX_free(context);
	return NULL;
}

static void *serve(void *arg)
{
	struct server *server = arg;
	WOLFSSL_CTX *context = server->certificate != NULL ? make_context(server) : NULL;
	sigset_t pipe_signal;

	/* A client that gives up is no reason to end: only here, the client must not need it. */
	(void)sigemptyset(&pipe_signal);
	(void)sigaddset(&pipe_signal, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	if (!server->implicit || begin_tls(server, context) == 0)
		converse(server, context);
	(void)shutdown(server->fd, SHUT_WR);
	wolfSSL_free(server->tls);
	wolfSSL_CTX_free(context);
	(void)close(server->fd);
#ifdef HAVE_ECC
#ifdef FP_ECC
	wc_ecc_fp_free();
#endif
#endif
	return NULL;
}

int server_start(struct server *server)
{
	const struct timeval patience = {.tv_sec = 5};
	int ends[2];

	server->taken = 0;
	server->tls = NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	server->fd = ends[1];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ||
	    setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
	    pthread_create(&server->thread, NULL, serve, server) != 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		return -1;
	}
	return ends[0];
}

void server_wait(struct server *server)
{
	(void)pthread_join(server->thread, NULL);
}
