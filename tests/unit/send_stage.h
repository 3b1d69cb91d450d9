/*
 * A handle whose policy is plain, and servers that follow scripts on the other end of socket pairs.
 */
#ifndef UCM_TESTS_SEND_STAGE_H
#define UCM_TESTS_SEND_STAGE_H

#include <pthread.h>

#include "libsrc/handle.h"
#include "libsrc/outcome.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define CONNECTIONS_MAX 4
#define SCRIPT_MAX 24

/* "S:…" says, "C:…" must hear exactly this, "D" hears a message to its dot, "X" closes, "W" waits
 * until the client closes, "P" pauses for 50 ms, "N" too, and nothing may come meanwhile, "T" says
 * one byte every 100 ms to the end. */
struct script {
	const char *steps[SCRIPT_MAX];
};

struct connection {
	const struct script *script;
	int server;
	pthread_t thread;
	char failure[256];
};

struct stage {
	struct ucm *handle;
	const struct script *scripts; /* one for each connection */
	size_t connections;
	struct connection connection[CONNECTIONS_MAX];
	long allocations; /* until one fails; negative: never */
	long live;
	char steps[512]; /* of a check */
};

#define HELLO "S:220 m\r\n", "C:EHLO me.example.com\r\n", "S:250-m\r\n250 PIPELINING\r\n"
#define RCPT(name) "RCPT TO:<" name "@example.com>\r\n"
#define MAIL "MAIL FROM:<f@example.com>\r\n"
#define FLIGHT(name) "C:" MAIL RCPT(name) "DATA\r\n"
#define TAKES "S:250 ok\r\n250 ok\r\n354 go\r\n"
#define STORED "S:250 2.0.0 stored\r\n"
#define ENOUGH "S:452 4.5.3 enough\r\n503 x\r\n503 x\r\n"

/* A handle whose policy is plain, decided by hand. -1 without memory. */
int stage_begin(struct stage *stage, const struct script *scripts, long allocations);

/* Ends the handle, then the servers. */
void stage_end(struct stage *stage);

/* Fails where a server was not spoken to as its script says; after stage_end(). */
void stage_check(const struct stage *stage);

/* A short mail to them. NULL without memory. */
struct ucm_message *stage_message(struct ucm *handle, const char *recipients);

#endif
