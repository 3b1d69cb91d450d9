/*
 * An honest SMTP server with STARTTLS or implicit TLS on one end of a socket, in a thread. It
 * counts what it has taken.
 */
#ifndef UCM_TESTS_FAULTS_SERVER_H
#define UCM_TESTS_FAULTS_SERVER_H

#include <pthread.h>

struct server {
	const char *certificate, *key; /* PEM files; NULL: no TLS */
	int implicit;
	int fd; /* owned; set by server_start() */
	pthread_t thread;
	unsigned taken; /* messages that were heard to their end */
	void *tls; /* WOLFSSL */
};

/* Starts it, and returns the client's end, non-blocking; -1 where there is none. */
int server_start(struct server *server);

/* Waits until the client has closed its end. */
void server_wait(struct server *server);

#endif
