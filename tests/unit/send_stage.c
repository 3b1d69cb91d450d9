/*
 * The scripted servers and the handle.
 */
#include "config.h"

#include "unit/send_stage.h"

#include "unit/cmocka_all.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- Server --------------------------------------------------------------------------------- */

static int hear(struct connection *connection, const char *text)
{
	for (; *text != '\0'; text++) {
		char c = '\0';

		if (recv(connection->server, &c, 1, 0) != 1 || c != *text) {
			snprintf(connection->failure, sizeof(connection->failure),
			    "expected [%.160s], got %d", text, (int)c);
			return -1;
		}
	}
	return 0;
}

static void hear_message(struct connection *connection)
{
	static const char end[] = "\r\n.\r\n";
	size_t matched = 0;
	char c = '\0';

	while (matched < sizeof(end) - 1 && recv(connection->server, &c, 1, 0) == 1)
		if (c == end[matched])
			matched++;
		else
			matched = c == '\r' ? 1 : 0;
}

static void trickle(struct connection *connection)
{
	while (send(connection->server, "2", 1, MSG_NOSIGNAL) == 1)
		(void)poll(NULL, 0, 100);
}

static void *serve(void *arg)
{
	struct connection *connection = arg;
	const char *const *step = connection->script->steps;
	char c = '\0';

	for (; *step != NULL && **step != 'X'; step++) {
		if (**step == 'S') {
			(void)send(connection->server, *step + 2, strlen(*step + 2), MSG_NOSIGNAL);
		} else if (**step == 'C' && hear(connection, *step + 2) < 0) {
			break;
		} else if (**step == 'D') {
			hear_message(connection);
		} else if (**step == 'P') {
			(void)poll(NULL, 0, 50);
		} else if (**step == 'N') {
			(void)poll(NULL, 0, 50);
			if (recv(connection->server, &c, 1, MSG_DONTWAIT | MSG_PEEK) == 1) {
				snprintf(connection->failure, sizeof(connection->failure),
				    "expected nothing, got '%c'", c);
				break;
			}
		} else if (**step == 'T') {
			trickle(connection);
		} else if (**step == 'W') {
			while (recv(connection->server, &c, 1, 0) == 1) {
			}
		}
	}
	shutdown(connection->server, SHUT_RDWR);
	return NULL;
}

static int dial(const char *host, unsigned port, void *arg)
{
	struct stage *stage = arg;
	struct connection *connection = &stage->connection[stage->connections];
	int ends[2];

	(void)host;
	(void)port;
	if (stage->connections >= CONNECTIONS_MAX ||
	    stage->scripts[stage->connections].steps[0] == NULL ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	connection->script = &stage->scripts[stage->connections];
	connection->server = ends[1];
	if (pthread_create(&connection->thread, NULL, serve, connection) != 0)
		return -1;
	stage->connections++;
	return ends[0];
}

/* ---- Handle --------------------------------------------------------------------------------- */

static void *resize(void *arg, void *old, size_t size)
{
	struct stage *stage = arg;

	if (size == 0) {
		stage->live -= old != NULL;
		free(old);
		return NULL;
	}
	if (stage->allocations == 0)
		return NULL;
	stage->allocations -= stage->allocations > 0;
	stage->live += old == NULL;
	return realloc(old, size);
}

int stage_begin(struct stage *stage, const struct script *scripts, long allocations)
{
	struct ucm_options options = {.size = sizeof(options),
	    .resize = resize,
	    .resize_arg = stage,
	    .dial = dial,
	    .dial_arg = stage};
	struct ucm_decision *decision = NULL;

	memset(stage, 0, sizeof(*stage));
	stage->scripts = scripts;
	stage->allocations = allocations;
	if (ucm_start(&options, &stage->handle) != UCM_OK)
		return -1;
	if (ucm_set_text(stage->handle, UCM_HELO_NAME, "me.example.com") != UCM_OK)
		return -1;
	decision = &stage->handle->decision;
	decision->verdict = UCM_PLAIN;
	decision->refused_by = UCM_RULE_COUNT;
	decision->host = "mail.example.com";
	decision->port = 25;
	decision->protocol = "PLAIN";
	decision->from = "f@example.com";
	decision->from_header = "f@example.com";
	decision->auth_method = "PASSWORD";
	decision->timeout_s = 5;
	decision->max_report_bytes = 8000;
	decision->file_attachments = 1;
	stage->handle->decided = 1;
	return 0;
}

void stage_end(struct stage *stage)
{
	size_t i = 0;

	ucm_end(stage->handle);
	for (i = 0; i < stage->connections; i++) {
		pthread_join(stage->connection[i].thread, NULL);
		close(stage->connection[i].server);
	}
	assert_int_equal(stage->live, 0);
}

void stage_check(const struct stage *stage)
{
	size_t i = 0;

	for (i = 0; i < stage->connections; i++)
		if (stage->connection[i].failure[0] != '\0')
			fail_msg("connection %zu: %s", i, stage->connection[i].failure);
}

struct ucm_message *stage_message(struct ucm *handle, const char *recipients)
{
	struct ucm_message *message = NULL;

	if (ucm_message_new(handle, &message) != UCM_OK)
		return NULL;
	if (ucm_message_add_recipient(message, UCM_TO, recipients) != UCM_OK ||
	    ucm_message_set(message, UCM_SUBJECT, "Hello") != UCM_OK ||
	    ucm_message_set_body(message, "Hello\n", 6) != UCM_OK) {
		ucm_message_free(message);
		return NULL;
	}
	return message;
}
