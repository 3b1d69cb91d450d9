/*
 * Sends through libucmail, as a service does.
 *
 *   bench_ucmail SNAPSHOT CONNECT-TO MODE COUNT [ATTACHMENT]
 *
 * MODE: open (one connection), fresh (a handle and a handshake each), resumed (a connection each,
 * TLS resumed), batch:N (N messages in flight), load (the decision alone), held (as open, measured
 * while the connection is still open).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "ucmail.h"

static char body[1024];

struct run {
	char **argv;
	long count, made, sent;
};

static struct ucm *start(const struct run *run)
{
	struct ucm *handle = NULL;

	if (ucm_start(NULL, &handle) || ucm_add_input(handle, run->argv[1]) ||
	    ucm_set_number(handle, UCM_CLIENT, 100) || ucm_add_connect_to(handle, run->argv[2]) ||
	    ucm_decide_policy(handle)) {
		fprintf(stderr, "%s\n", handle ? ucm_error(handle) : "no memory");
		exit(1);
	}
	return handle;
}

static struct ucm_message *make(struct ucm *handle, const char *attachment)
{
	struct ucm_message *message = NULL;
	const char *to = "a@example.com, b@example.com, c@example.com";

	if (ucm_message_new(handle, &message) || ucm_message_add_recipient(message, UCM_TO, to) ||
	    ucm_message_set(message, UCM_SUBJECT, "bench") ||
	    ucm_message_set_body(message, body, sizeof body) ||
	    (attachment &&
		ucm_message_attach_file(message, attachment, "application/octet-stream"))) {
		fprintf(stderr, "%s\n", ucm_error(handle));
		exit(1);
	}
	return message;
}

static void send_one(struct run *run, struct ucm *handle)
{
	struct ucm_message *message = make(handle, run->argv[5]);
	struct ucm_outcome *outcome = NULL;

	if (ucm_send(handle, message, &outcome)) {
		fprintf(stderr, "%s\n", ucm_error(handle));
		exit(1);
	}
	ucm_message_free(message);
	ucm_outcome_free(outcome);
	run->sent++;
}

static struct ucm_message *next(struct ucm *handle, void *arg)
{
	struct run *run = arg;

	return run->made++ < run->count ? make(handle, NULL) : NULL;
}

static void done(
    struct ucm_message *message, const struct ucm_outcome *outcome, int status, void *arg)
{
	struct run *run = arg;

	(void)message;
	(void)outcome;
	run->sent += status == UCM_OK;
}

static void repeat(struct run *run, const char *mode, const struct measure *measure)
{
	struct ucm *handle = start(run);

	while (run->sent < run->count) {
		if (!strcmp(mode, "fresh")) {
			ucm_end(handle);
			handle = start(run);
		}
		if (!strcmp(mode, "resumed"))
			ucm_disconnect(handle);
		send_one(run, handle);
	}
	if (!strcmp(mode, "held")) {
		measure_print(measure, run->sent, 0);
		exit(0);
	}
	ucm_disconnect(handle);
	ucm_end(handle);
}

static void batch(struct run *run, long window)
{
	struct ucm *handle = start(run);

	if (ucm_set_number(handle, UCM_WINDOW, window) || ucm_send_batch(handle, next, done, run))
		fprintf(stderr, "%s\n", ucm_error(handle));
	ucm_disconnect(handle);
	ucm_end(handle);
}

int main(int argc, char **argv)
{
	struct run run = {.argv = argv};
	struct measure measure;

	if (argc < 5)
		return 64;
	run.count = strtol(argv[4], NULL, 10);
	for (size_t i = 0; i < sizeof body; i++)
		body[i] = i % 64 == 63 ? '\n' : (char)('a' + (int)(i % 26));
	measure_start(&measure);
	if (!strncmp(argv[3], "batch:", 6))
		batch(&run, strtol(argv[3] + 6, NULL, 10));
	else if (!strcmp(argv[3], "load"))
		for (; run.sent < run.count; run.sent++)
			ucm_end(start(&run));
	else
		repeat(&run, argv[3], &measure);
	if (strcmp(argv[3], "held") != 0)
		measure_print(&measure, run.sent, 0);
	return run.sent == run.count ? 0 : 1;
}
