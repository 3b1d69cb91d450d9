/*
 * Several sends at a time in one thread, by libevent: a handle for each, none of which blocks.
 *
 *   event_loop SYSTEM CLIENT RECIPIENT...        one message to each
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucmail.h>

struct job {
	struct event_base *base;
	struct ucm *handle;
	const char *recipient;
	int status;
};

static void go_on(evutil_socket_t fd, short what, void *arg);

/*
 * Waits for what the library wants next. An event of its own each time, as the descriptor may be
 * another one then: connections to several addresses are tried.
 */
static void wait_for(struct job *job, int wanted)
{
	long milliseconds = ucm_timeout_ms(job->handle);
	struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000};
	int fd = wanted == UCM_WANT_TIMER ? -1 : ucm_descriptor(job->handle);
	short events = EV_TIMEOUT;

	if (fd >= 0)
		events |= wanted == UCM_WANT_READ ? EV_READ : EV_WRITE;
	if (event_base_once(job->base, fd, events, go_on, job, &limit))
		job->status = UCM_E_MEMORY;
}

static void go_on(evutil_socket_t fd, short what, void *arg)
{
	struct job *job = arg;

	(void)fd;
	(void)what; /* time-outs too: the library looks at its own clock */
	job->status = ucm_advance(job->handle, NULL);
	if (job->status == UCM_WANT_READ || job->status == UCM_WANT_WRITE ||
	    job->status == UCM_WANT_TIMER)
		wait_for(job, job->status);
	else
		printf("%s: %s\n", job->recipient,
		    job->status ? ucm_error(job->handle) : ucm_strerror(UCM_OK));
}

/* Nothing of the network is touched here; go_on() begins at the loop's next turn. */
static int begin(struct job *job, const char *system, long client)
{
	static const char text[] = "From an event loop.\n";
	static const struct timeval now = {0, 0};
	struct ucm_message *message;
	int status = ucm_start(NULL, &job->handle);

	if (status)
		return status;
	if (!(status = ucm_add_input(job->handle, system)) &&
	    !(status = ucm_set_number(job->handle, UCM_CLIENT, client)) &&
	    !(status = ucm_message_new(job->handle, &message)) &&
	    !(status = ucm_message_add_recipient(message, UCM_TO, job->recipient)) &&
	    !(status = ucm_message_set_body(message, text, sizeof(text) - 1)) &&
	    !(status = ucm_send_begin(job->handle, message)) &&
	    event_base_once(job->base, -1, EV_TIMEOUT, go_on, job, &now))
		status = UCM_E_MEMORY;
	if (status)
		printf("%s: %s\n", job->recipient, ucm_error(job->handle));
	return status;
}

/* Sends to all; the worst status. */
static int send_to(const char *system, long client, char **recipients, size_t count)
{
	struct event_base *base = event_base_new();
	struct job *jobs = calloc(count, sizeof(*jobs));
	int worst = base && jobs ? UCM_OK : UCM_E_MEMORY;

	for (size_t i = 0; !worst && i < count; i++) {
		jobs[i] = (struct job){.base = base, .recipient = recipients[i]};
		jobs[i].status = begin(&jobs[i], system, client);
	}
	if (!worst)
		event_base_dispatch(base);
	for (size_t i = 0; jobs && i < count; i++) {
		worst = jobs[i].status > worst ? jobs[i].status : worst;
		ucm_end(jobs[i].handle);
	}
	free(jobs);
	if (base)
		event_base_free(base);
	return worst;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fputs("usage: event_loop SYSTEM CLIENT RECIPIENT...\n", stderr);
		return UCM_E_USAGE;
	}
	return send_to(argv[1], strtol(argv[2], NULL, 10), argv + 3, (size_t)argc - 3);
}
