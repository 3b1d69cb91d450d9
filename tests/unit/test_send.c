/*
 * Sends through the public calls to a server on the other end of a socket pair: what is kept open,
 * what is opened again, what is never sent twice, and how long it may take.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

/* A handle whose policy is plain, decided by hand. -1 without memory. */
static int begin(struct stage *stage, const struct script *scripts, long allocations)
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

/* Ends the handle, then the servers, and tells where one was not spoken to as its script says. */
static void end(struct stage *stage)
{
	size_t i = 0;

	ucm_end(stage->handle);
	for (i = 0; i < stage->connections; i++) {
		pthread_join(stage->connection[i].thread, NULL);
		close(stage->connection[i].server);
	}
	assert_int_equal(stage->live, 0);
}

static void no_failure(const struct stage *stage)
{
	size_t i = 0;

	for (i = 0; i < stage->connections; i++)
		if (stage->connection[i].failure[0] != '\0')
			fail_msg("connection %zu: %s", i, stage->connection[i].failure);
}

static struct ucm_message *new_message(struct ucm *handle, const char *recipients)
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

static int sink(const void *bytes, size_t length, void *arg)
{
	(void)bytes;
	(void)length;
	(void)arg;
	return 0;
}

/* ---- Scripts -------------------------------------------------------------------------------- */

#define HELLO "S:220 m\r\n", "C:EHLO me.example.com\r\n", "S:250-m\r\n250 PIPELINING\r\n"
#define RCPT(name) "RCPT TO:<" name "@example.com>\r\n"
#define MAIL "MAIL FROM:<f@example.com>\r\n"
#define FLIGHT(name) "C:" MAIL RCPT(name) "DATA\r\n"
#define TAKES "S:250 ok\r\n250 ok\r\n354 go\r\n"
#define STORED "S:250 2.0.0 stored\r\n"
#define ENOUGH "S:452 4.5.3 enough\r\n503 x\r\n503 x\r\n"

static const struct {
	const char *sentence;
	struct script scripts[CONNECTIONS_MAX + 1];
	int sends;
	int status; /* of the last send */
	const char *result; /* of its recipient */
	size_t connections;
} rows[] = {
    {"two sends share a connection",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), TAKES, "D", STORED, "C:QUIT\r\n",
	    "S:221 bye\r\n"}}},
	2, UCM_OK, "accepted", 1},
    {"a kept connection that the server closed is opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"a kept connection that ends with 421 is opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, "S:421 idle\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"421 to MAIL on a kept connection: nothing was taken, opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"enough mails for one connection, which is left open: told goodbye, and opened again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 2},
    {"enough again, before the server took anything on the new one: told",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}},
	    {{HELLO, FLIGHT("a"), ENOUGH, "C:QUIT\r\n"}}},
	2, UCM_E_AGAIN, "deferred", 2},
    {"refused for good behind a mail that was taken: told",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:550 no\r\n503 x\r\n503 x\r\n",
	    "C:QUIT\r\n"}}},
	2, UCM_E_REJECTED, "rejected", 1},
    {"but only once",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "deferred", 2},
    {"421 to MAIL on a fresh connection is told, not retried",
	{{{HELLO, FLIGHT("a"), "S:421 no more\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	1, UCM_E_AGAIN, "deferred", 1},
    {"a mail that the server has begun to answer is not sent again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), "S:250 ok\r\n", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "deferred", 1},
    {"lost after the final dot: unknown, and not sent again",
	{{{HELLO, FLIGHT("a"), TAKES, "D", "X"}}, {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	1, UCM_E_AGAIN, "unknown", 1},
    {"the same on a kept connection",
	{{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("a"), TAKES, "D", "X"}},
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}},
	2, UCM_E_AGAIN, "unknown", 1},
    {"after a refused recipient, the connection goes on with RSET",
	{{{HELLO, FLIGHT("a"), "S:250 ok\r\n550 no\r\n554 no\r\n",
	    "C:RSET\r\n" MAIL RCPT("a") "DATA\r\n", "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n",
	    "D", STORED, "W"}}},
	2, UCM_OK, "accepted", 1},
    {"no connection at all", {{{NULL}}}, 1, UCM_E_AGAIN, "deferred", 0},
};

static void test_rows(void **state)
{
	size_t i = 0;
	int k = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		struct ucm_recipient recipient = {0};
		int status = UCM_OK;

		assert_int_equal(begin(&stage, rows[i].scripts, -1), 0);
		for (k = 0; k < rows[i].sends; k++) {
			struct ucm_message *message = new_message(stage.handle, "a@example.com");

			assert_non_null(message);
			status = ucm_send(stage.handle, message, &outcome);
			ucm_message_free(message);
			(void)poll(NULL, 0, 20); /* a server that closes does so before the next */
		}
		assert_non_null(outcome);
		assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
		if (status != rows[i].status || strcmp(recipient.status, rows[i].result) != 0 ||
		    stage.connections != rows[i].connections) {
			fail_msg("%s: status %d, %s, %zu connections: %s", rows[i].sentence, status,
			    recipient.status, stage.connections, ucm_error(stage.handle));
		}
		assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_EXIT), status);
		ucm_disconnect(stage.handle);
		end(&stage);
		no_failure(&stage);
	}
}

/* ---- Time ----------------------------------------------------------------------------------- */

static const struct {
	const char *sentence;
	struct script script;
	long timeout;
	long deadline;
	const char *result;
} slow[] = {
    {"no greeting", {{"W"}}, 1, -1, "deferred"},
    {"no reply to MAIL", {{HELLO, FLIGHT("a"), "W"}}, 1, -1, "deferred"},
    {"no reply to the message", {{HELLO, FLIGHT("a"), TAKES, "D", "W"}}, 1, -1, "unknown"},
    {"a byte now and then keeps no send alive", {{HELLO, FLIGHT("a"), "T"}}, 30, 1, "deferred"},
};

static void test_time(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(slow); i++) {
		struct stage stage;
		struct script scripts[2] = {slow[i].script, {{NULL}}};
		struct ucm_outcome *outcome = NULL;
		struct ucm_recipient recipient = {0};
		struct ucm_message *message = NULL;

		assert_int_equal(begin(&stage, scripts, -1), 0);
		assert_int_equal(
		    ucm_set_number(stage.handle, UCM_TIMEOUT, slow[i].timeout), UCM_OK);
		assert_int_equal(
		    ucm_set_number(stage.handle, UCM_DEADLINE, slow[i].deadline), UCM_OK);
		message = new_message(stage.handle, "a@example.com");
		assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_AGAIN);
		assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
		if (strcmp(recipient.status, slow[i].result) != 0) {
			fail_msg("%s: %s: %s", slow[i].sentence, recipient.status,
			    ucm_error(stage.handle));
		}
		assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE), 50012);
		end(&stage);
		no_failure(&stage);
	}
}

/* ---- Without blocking ----------------------------------------------------------------------- */

static void test_advance(void **state)
{
	/* Without the pauses it would be chance whether the client waits at all. */
	static const struct script scripts[] = {
	    {{"P", HELLO, FLIGHT("a"), "P", TAKES, "D", "P", STORED, "W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	int waits = 0;
	int status = 0;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	message = new_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_E_USAGE);
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ ||
	       status == UCM_WANT_WRITE || status == UCM_WANT_TIMER) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle),
		    .events = status == UCM_WANT_READ ? POLLIN : POLLOUT};

		assert_true(waiting.fd >= 0);
		assert_in_range(ucm_timeout_ms(stage.handle), 1, 60000);
		(void)poll(&waiting, 1, 1000);
		waits++;
	}
	assert_int_equal(status, UCM_OK);
	assert_true(waits >= 3);
	assert_non_null(outcome);
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT), 1);
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), "sent");
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_REPLY), "250 2.0.0 stored");
	end(&stage);
	no_failure(&stage);
}

/* What is being sent cannot be replaced or written: it would be read from what is gone. */
static void test_used_under_way(void **state)
{
	static const struct script scripts[] = {
	    {{"P", HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	static const char raw[] = "To: b@example.com\n\nother\n";
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_message *other = NULL;
	int status = 0;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	message = new_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_message_new(stage.handle, &other), UCM_OK);
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	assert_int_equal(ucm_message_set_raw(message, raw, sizeof(raw) - 1), UCM_E_USAGE);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_message_set_raw_fd(message, 0), UCM_E_USAGE);
	assert_int_equal(ucm_message_set_body(message, "x", 1), UCM_E_USAGE);
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "x"), UCM_E_USAGE);
	assert_int_equal(ucm_message_add_header(message, "X-A", "b"), UCM_E_USAGE);
	assert_int_equal(ucm_message_add_recipient(message, UCM_CC, "c@example.com"), UCM_E_USAGE);
	assert_int_equal(ucm_message_attach_data(message, "a", NULL, "x", 1), UCM_E_USAGE);
	assert_int_equal(ucm_message_attach_file(message, "/dev/null", NULL), UCM_E_USAGE);
	assert_int_equal(ucm_message_write(message, sink, NULL), UCM_E_USAGE);
	assert_int_equal(ucm_message_set_raw(other, raw, sizeof(raw) - 1), UCM_OK);
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle), .events = POLLIN};

		(void)poll(&waiting, 1, 1000);
	}
	assert_int_equal(status, UCM_OK);
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "x"), UCM_OK);
	end(&stage);
	no_failure(&stage);
}

/* Where nothing can be sent, no outcome of before stays in the caller's hands, and a reason stands.
 */
static void test_wrong_calls(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	struct stage stage;
	struct stage foreign;
	struct ucm_outcome stale;
	struct ucm_outcome *outcome = &stale;
	struct ucm_message *message = NULL;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	assert_int_equal(begin(&foreign, scripts, -1), 0);
	message = new_message(foreign.handle, "a@example.com");
	assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_USAGE);
	assert_null(outcome);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	assert_non_null(strstr(ucm_error(stage.handle), "no send"));
	end(&foreign);
	end(&stage);
}

/* A message that is freed while it is sent takes its send along, and nothing else. */
static void test_freed_under_way(void **state)
{
	static const struct script scripts[] = {{{HELLO, "W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_message *other = NULL;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	message = new_message(stage.handle, "a@example.com");
	other = new_message(stage.handle, "b@example.com");
	assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	ucm_message_free(other);
	assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	ucm_message_free(message);
	assert_int_equal(ucm_descriptor(stage.handle), -1);
	assert_int_equal(ucm_advance(stage.handle, &outcome), UCM_E_USAGE);
	end(&stage);
}

/* ---- Fork ---------------------------------------------------------------------------------- */

/* The child's part: it has a connection of its own. Returns 0 where all is well. */
static int send_in_child(struct stage *stage, struct ucm_message *under_way)
{
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_recipient recipient = {0};
	int failed = 0;

	if (under_way != NULL) {
		failed |= ucm_advance(stage->handle, &outcome) != UCM_E_AGAIN;
		failed |= outcome == NULL ||
			  ucm_outcome_recipient(outcome, 0, &recipient) != UCM_OK ||
			  strcmp(recipient.status, "accepted") == 0;
	}
	message = new_message(stage->handle, "c@example.com");
	failed |= message == NULL || ucm_send(stage->handle, message, &outcome) != UCM_OK;
	failed |= stage->connections != 2;
	ucm_end(stage->handle);
	return failed;
}

/*
 * A connection belongs to the process that opened it: two that encrypt with the same keys, or talk
 * in turns, would destroy it. The child leaves it without a word, and opens another.
 */
static void fork_and_send(const struct script *scripts, int under_way)
{
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	char verdict = 1;
	int result[2];
	int status = UCM_WANT_READ;
	pid_t child = -1;

	assert_int_equal(begin(&stage, scripts, -1), 0);
	message = new_message(stage.handle, "a@example.com");
	if (under_way) {
		assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
		assert_in_range(ucm_advance(stage.handle, &outcome), UCM_WANT_READ, UCM_WANT_TIMER);
	} else {
		assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_OK);
	}
	assert_int_equal(pipe(result), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		verdict = (char)send_in_child(&stage, under_way ? message : NULL);
		_exit(write(result[1], &verdict, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(read(result[0], &verdict, 1), 1);
	assert_int_equal(verdict, 0);
	close(result[0]);
	close(result[1]);
	if (!under_way) {
		message = new_message(stage.handle, "b@example.com");
		assert_int_equal(ucm_send_begin(stage.handle, message), UCM_OK);
	}
	while ((status = ucm_advance(stage.handle, &outcome)) == UCM_WANT_READ) {
		struct pollfd waiting = {.fd = ucm_descriptor(stage.handle), .events = POLLIN};

		(void)poll(&waiting, 1, 1000);
	}
	assert_int_equal(status, UCM_OK);
	assert_int_equal(stage.connections, 1);
	end(&stage);
	no_failure(&stage);
}

static void test_fork(void **state)
{
	static const struct script kept[] = {{{HELLO, FLIGHT("a"), TAKES, "D", STORED, FLIGHT("b"),
						 TAKES, "D", STORED, "C:QUIT\r\n", "W"}},
	    {{HELLO, FLIGHT("c"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	static const struct script under_way[] = {
	    {{HELLO, FLIGHT("a"), "P", "P", "P", "P", TAKES, "D", STORED, "C:QUIT\r\n", "W"}},
	    {{HELLO, FLIGHT("c"), TAKES, "D", STORED, "W"}}, {{NULL}}};

	(void)state;
	fork_and_send(kept, 0);
	fork_and_send(under_way, 1);
}

/* ---- Batches -------------------------------------------------------------------------------- */

struct batch {
	const char *const *recipients;
	char found[256];
};

static struct ucm_message *next(struct ucm *handle, void *arg)
{
	struct batch *batch = arg;

	return *batch->recipients != NULL ? new_message(handle, *batch->recipients++) : NULL;
}

static void done(
    struct ucm_message *message, const struct ucm_outcome *outcome, int status, void *arg)
{
	struct batch *batch = arg;
	size_t at = strlen(batch->found);

	assert_non_null(message);
	snprintf(batch->found + at, sizeof(batch->found) - at, "%s:%d ",
	    ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), status);
}

#define END_AND(name) "S:250 stored\r\n250 ok\r\n250 ok\r\n354 go\r\n"

static struct ucm_message *next_foreign(struct ucm *handle, void *arg)
{
	struct ucm_message **message = arg;
	struct ucm_message *given = *message;

	(void)handle;
	*message = NULL;
	return given;
}

/* It is neither sent nor freed: it belongs to the other handle. */
static void test_batch_of_another_handle(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	struct stage stage;
	struct stage foreign;
	struct ucm_message *message = NULL;
	struct ucm_message *given = NULL;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	assert_int_equal(begin(&foreign, scripts, -1), 0);
	message = given = new_message(foreign.handle, "a@example.com");
	assert_int_equal(ucm_send_batch(stage.handle, next_foreign, done, &given), UCM_E_USAGE);
	assert_string_not_equal(ucm_error(stage.handle), "");
	assert_int_equal(ucm_message_set(message, UCM_SUBJECT, "still there"), UCM_OK);
	end(&foreign);
	end(&stage);
}

static const struct {
	const char *sentence;
	const char *recipients[4];
	struct script scripts[CONNECTIONS_MAX];
	int status;
	const char *found;
	size_t connections;
} batches[] = {
    {"each envelope travels with the end of the message before",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), END_AND("b"), "D", FLIGHT("c"),
	    END_AND("c"), "D", STORED, "W"}}},
	UCM_OK, "sent:0 sent:0 sent:0 ", 1},
    {"a failure of one leaves the others alone",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"),
	    "S:250 stored\r\n250 ok\r\n550 no\r\n554 no\r\n",
	    "C:RSET\r\n" MAIL RCPT("c") "DATA\r\n", "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n",
	    "D", STORED, "W"}}},
	UCM_E_REJECTED, "sent:0 failed:69 sent:0 ", 1},
    {"after 421 the next one is sent on another connection",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), "S:421 enough\r\n", "X"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", FLIGHT("c"), END_AND("c"), "D", STORED, "W"}}},
	UCM_E_AGAIN, "failed:75 sent:0 sent:0 ", 2},
    {"what travelled with the end is not heard: sent on another connection, and the rest alone",
	{"a@example.com", "b@example.com", "c@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), STORED, "W"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", "N", STORED, FLIGHT("c"), TAKES, "D", STORED, "W"}}},
	UCM_OK, "sent:0 sent:0 sent:0 ", 2},
    {"a sender that went alone is not heard: a time-out, and not sent again",
	{"a@example.com", "b@example.com"},
	{{{HELLO, FLIGHT("a"), "W"}}, {{HELLO, FLIGHT("b"), TAKES, "D", STORED, "W"}}}, UCM_E_AGAIN,
	"failed:75 failed:75 ", 1},
    {"lost after a final dot: that one is unknown, the next is sent",
	{"a@example.com", "b@example.com"},
	{{{HELLO, FLIGHT("a"), TAKES, "D", FLIGHT("b"), "X"}},
	    {{HELLO, FLIGHT("b"), TAKES, "D", STORED, "W"}}},
	UCM_E_AGAIN, "unknown:75 sent:0 ", 2},
    {"nobody to connect to: each is told", {"a@example.com", "b@example.com"}, {{{NULL}}},
	UCM_E_AGAIN, "failed:75 failed:75 ", 0},
    {"no message at all", {NULL}, {{{NULL}}}, UCM_OK, "", 0},
};

static void test_batches(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(batches); i++) {
		struct stage stage;
		struct batch batch = {.recipients = batches[i].recipients};
		int status = 0;

		assert_int_equal(begin(&stage, batches[i].scripts, -1), 0);
		stage.handle->decision.timeout_s = 1;
		status = ucm_send_batch(stage.handle, next, done, &batch);
		if (status != batches[i].status || strcmp(batch.found, batches[i].found) != 0 ||
		    stage.connections != batches[i].connections) {
			fail_msg("%s: status %d, [%s], %zu connections", batches[i].sentence,
			    status, batch.found, stage.connections);
		}
		end(&stage);
		no_failure(&stage);
	}
}

/* Where nothing can be decided, each message is told so, and none is forgotten. */
static void test_batch_without_policy(void **state)
{
	static const struct script scripts[] = {{{NULL}}};
	static const char *const recipients[] = {
	    "a@example.com", "b@example.com", "c@example.com", NULL};
	struct stage stage;
	struct batch batch = {.recipients = recipients};

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	stage.handle->decided = 0;
	stage.handle->system = ucm_handle_resize(stage.handle, NULL, sizeof(*stage.handle->system));
	assert_non_null(stage.handle->system);
	ucm_system_init(stage.handle->system, &stage.handle->allocator, 0);
	assert_int_equal(ucm_send_batch(stage.handle, next, done, &batch), UCM_E_POLICY);
	assert_string_equal(batch.found, "failed:78 failed:78 failed:78 ");
	end(&stage);
}

/* ---- Check ---------------------------------------------------------------------------------- */

static void note_step(const struct ucm_check_step *step, void *arg)
{
	struct stage *stage = arg;
	size_t at = strlen(stage->steps);

	assert_int_equal(step->size, sizeof(*step));
	assert_true(step->milliseconds >= 0);
	assert_non_null(step->detail);
	assert_true(step->status == UCM_OK ? step->advice[0] == '\0' : step->detail[0] != '\0');
	snprintf(stage->steps + at, sizeof(stage->steps) - at, "%s:%d ", step->name, step->status);
}

static const struct {
	const char *sentence;
	struct script scripts[2];
	const char *recipient;
	int status;
	const char *steps;
} checks[] = {
    {"everything is well", {{{HELLO, "C:QUIT\r\n", "S:221 bye\r\n"}}}, NULL, UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 quit:0 "},
    {"a recipient is asked for, and nothing sent",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n250 ok\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"a@example.com", UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:0 quit:0 "},
    {"a recipient is refused",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n550 no\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"a@example.com", UCM_E_REJECTED,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:69 quit:0 "},
    {"a recipient with a display name is its mailbox",
	{{{HELLO, "C:" MAIL RCPT("a"), "S:250 ok\r\n250 ok\r\n", "C:QUIT\r\n", "S:221 bye\r\n"}}},
	"A <a@example.com>", UCM_OK,
	"resolve:0 connect:0 greeting:0 capabilities:0 recipient:0 quit:0 "},
    {"what is no address never becomes part of a command", {{{NULL}}},
	"a@example.com> NOTIFY=NEVER", UCM_E_MESSAGE, ""},
    {"the greeting refuses", {{{"S:554 no\r\n", "X"}}}, NULL, UCM_E_REJECTED,
	"resolve:0 connect:0 greeting:69 "},
    {"no connection", {{{NULL}}}, NULL, UCM_E_AGAIN, "resolve:0 connect:75 "},
};

static void test_checks(void **state)
{
	size_t i = 0;

	(void)state;
	for (i = 0; i < COUNT(checks); i++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		int status = 0;

		assert_int_equal(begin(&stage, checks[i].scripts, -1), 0);
		status = ucm_check(stage.handle, checks[i].recipient, note_step, &stage, &outcome);
		if (status != checks[i].status || strcmp(stage.steps, checks[i].steps) != 0) {
			fail_msg("%s: status %d, steps [%s]: %s", checks[i].sentence, status,
			    stage.steps, ucm_error(stage.handle));
		}
		assert_non_null(outcome);
		end(&stage);
		no_failure(&stage);
	}
}

static long give_secret(
    const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	(void)message;
	(void)arg;
	assert_true(room > 6);
	memcpy(answer, "pencil", 6);
	return 6;
}

/* RFC 4954 section 4: a client that cannot go on says so, and the server answers. */
static void test_login_is_cancelled(void **state)
{
	static const struct script scripts[] = {
	    {{"S:220 m\r\n", "C:EHLO me.example.com\r\n", "S:250-m\r\n250 AUTH LOGIN\r\n",
		"C:AUTH LOGIN\r\n", "S:334 !!\r\n", "C:*\r\n", "S:501 cancelled\r\n", "W"}},
	    {{NULL}}};
	struct stage stage;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	stage.handle->options.conv = give_secret;
	assert_int_equal(ucm_set_number(stage.handle, UCM_ALLOW_CLEAR_LOGIN, 1), UCM_OK);
	stage.handle->decision.login = "LOGIN.SMTP";
	stage.handle->decision.login_user = "user";
	stage.handle->decision.auth_method = "LOGIN";
	assert_int_equal(ucm_check(stage.handle, NULL, NULL, NULL, NULL), UCM_E_PROTOCOL);
	assert_non_null(strstr(ucm_error(stage.handle), "base64"));
	end(&stage);
	no_failure(&stage);
}

/* Waiting costs no processor time. */
static void test_check_waits(void **state)
{
	static const struct script scripts[] = {
	    {{"P", "P", "P", "P", "P", "P", "P", "P", HELLO, "C:QUIT\r\n", "S:221 bye\r\n"}},
	    {{NULL}}};
	struct stage stage;
	struct timespec before = {0};
	struct timespec after = {0};
	long spent_ms = 0;

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
	assert_int_equal(ucm_check(stage.handle, NULL, note_step, &stage, NULL), UCM_OK);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
	spent_ms =
	    (after.tv_sec - before.tv_sec) * 1000L + (after.tv_nsec - before.tv_nsec) / 1000000L;
	assert_in_range(spent_ms, 0, 100); /* of 400 that passed */
	end(&stage);
	no_failure(&stage);
}

/* ---- Memory --------------------------------------------------------------------------------- */

/* Each allocation fails in turn: the send works or says why not, and nothing is lost. */
static void test_memory(void **state)
{
	static const struct script scripts[] = {
	    {{HELLO, FLIGHT("a"), TAKES, "D", STORED, "W"}}, {{NULL}}};
	long allowed = 0;
	int status = UCM_E_MEMORY;

	(void)state;
	for (allowed = 0; allowed < 500 && status != UCM_OK; allowed++) {
		struct stage stage;
		struct ucm_outcome *outcome = NULL;
		struct ucm_message *message = NULL;

		if (begin(&stage, scripts, allowed) < 0) {
			end(&stage);
			continue;
		}
		message = new_message(stage.handle, "a@example.com");
		if (message != NULL) {
			status = ucm_send(stage.handle, message, &outcome);
			assert_true(status == UCM_OK || status == UCM_E_MEMORY);
			assert_true(status == UCM_OK || ucm_error(stage.handle)[0] != '\0');
		}
		end(&stage);
	}
	assert_int_equal(status, UCM_OK);
	assert_in_range(allowed, 10, 499);
}

/* A refusal of the policy opens no connection and is an outcome as any other. */
static void test_refusal(void **state)
{
	static const struct script scripts[] = {{{"W"}}, {{NULL}}};
	struct stage stage;
	struct ucm_outcome *outcome = NULL;
	struct ucm_message *message = NULL;
	struct ucm_recipient recipient = {0};

	(void)state;
	assert_int_equal(begin(&stage, scripts, -1), 0);
	stage.handle->decision.verdict = UCM_REFUSE;
	message = new_message(stage.handle, "a@example.com");
	assert_int_equal(ucm_send(stage.handle, message, &outcome), UCM_E_POLICY);
	assert_int_equal(stage.connections, 0);
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS), "failed");
	assert_string_equal(ucm_outcome_text(outcome, UCM_OUTCOME_DECISION), "refuse");
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE), 10034);
	assert_int_equal(ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT), 0);
	assert_int_equal(ucm_outcome_recipient(outcome, 0, &recipient), UCM_OK);
	assert_int_equal(recipient.code, 0);
	assert_int_equal(ucm_outcome_recipient(outcome, 1, &recipient), UCM_E_USAGE);
	end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_advance),
	    cmocka_unit_test(test_used_under_way),
	    cmocka_unit_test(test_wrong_calls),
	    cmocka_unit_test(test_freed_under_way),
	    cmocka_unit_test(test_fork),
	    cmocka_unit_test(test_batches),
	    cmocka_unit_test(test_batch_without_policy),
	    cmocka_unit_test(test_batch_of_another_handle),
	    cmocka_unit_test(test_checks),
	    cmocka_unit_test(test_login_is_cancelled),
	    cmocka_unit_test(test_check_waits),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests_name("send", tests, NULL, NULL);
}
