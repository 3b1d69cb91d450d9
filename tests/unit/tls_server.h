/*
 * Certificates for today, and OpenSSL's own server behind them, one for each handshake.
 */
#ifndef UCM_TESTS_TLS_SERVER_H
#define UCM_TESTS_TLS_SERVER_H

#include <sys/types.h>

#include "policy/cert.h"

struct tls_server {
	pid_t pid;
	int input; /* held open: at its end the server would end too */
	int output; /* what it prints */
	unsigned port;
};

/* Makes the certificates in a temporary folder; 0, or -1. */
int make_certificates(void);
void remove_certificates(void);
/* Where they are: NAME.pem with NAME.key. */
const char *certificate_folder(void);

/* The parsed certificates of NAME.pem there. */
void load_certificates(struct ucm_arena *arena, const char *name, struct ucm_bundle *ret);

/* Starts "openssl s_server" with NAME's certificate (NULL: none) and further options, which are
 * separated by blanks. Fails the test where it does not listen. */
void start_server(struct tls_server *server, const char *name, const char *options);
void stop_server(struct tls_server *server);

#endif
