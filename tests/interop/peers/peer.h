/*
 * What the small programs around other libraries share: the command line and the message.
 *
 *   PROGRAM MODE PORT CA-FILE USER PASSWORD SENDER RECIPIENT...   <message
 *
 * MODE: plain, may (TLS if offered), starttls (TLS or nothing), tls (from the first byte). USER "-":
 * no login. The server is localhost; two seconds of silence are enough. Exit 0: the library says
 * that the mail was sent; 2: the library has no such mode; else 1.
 */
#ifndef UCM_TESTS_INTEROP_PEER_H
#define UCM_TESTS_INTEROP_PEER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEER_TIMEOUT_S 2
#define PEER_MESSAGE_MAX 1048576

struct peer {
	const char *mode, *ca, *user, *password, *sender;
	int port;
	char **recipient;
	int recipient_count;
	char message[PEER_MESSAGE_MAX];
	size_t size;
};

static inline struct peer *peer_read(int argc, char **argv)
{
	struct peer *peer = calloc(1, sizeof *peer);

	if (!peer || argc < 8)
		exit(64);
	peer->mode = argv[1];
	peer->port = (int)strtol(argv[2], NULL, 10);
	peer->ca = argv[3];
	peer->user = strcmp(argv[4], "-") != 0 ? argv[4] : NULL;
	peer->password = argv[5];
	peer->sender = argv[6];
	peer->recipient = argv + 7;
	peer->recipient_count = argc - 7;
	peer->size = fread(peer->message, 1, sizeof peer->message - 1, stdin);
	return peer;
}

static inline int peer_is(const struct peer *peer, const char *mode)
{
	return strcmp(peer->mode, mode) == 0;
}

#endif
