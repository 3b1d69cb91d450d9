/*
 * Sends many messages by handles that live and die, and tells of each what became of it. What is
 * done, and how, is drawn from the seed.
 *
 *   soak SYSTEM MESSAGES SEED CONNECT-TO...
 *
 * One line a message, in no special order: number, status of the send, the outcome's status, and
 * then address=status for each recipient.
 */
#include "config.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ucmail.h"

#define RECIPIENTS_MAX 3
#define BATCH_MAX 8
#define LIFE_MAX 12
#define LINES_SMALL 40
#define LINES_LARGE 6000
#define LINE_ROOM 64

/* What a run knows; the generator is SplitMix64. */
struct soak {
	uint64_t random;
	long next, last;
	char **rules;
	const char *system;
	struct ucm *handle;
	long batch; /* how many more this batch takes */
};

static uint64_t draw(struct soak *soak, uint64_t below)
{
	uint64_t value = soak->random += 0x9E3779B97F4A7C15U;

	value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9U;
	value = (value ^ value >> 27) * 0x94D049BB133111EBU;
	return (value ^ value >> 31) % below;
}

static void need(int status, const struct soak *soak)
{
	if (status != UCM_OK) {
		(void)fprintf(stderr, "message %ld: %s\n", soak->next, ucm_error(soak->handle));
		exit(1);
	}
}

static void open_handle(struct soak *soak)
{
	static const long clients[] = {100, 200, 300, 400};
	char **rule;

	if (ucm_start(NULL, &soak->handle) != UCM_OK)
		exit(1);
	need(ucm_add_input(soak->handle, soak->system), soak);
	for (rule = soak->rules; *rule != NULL; rule++)
		need(ucm_add_connect_to(soak->handle, *rule), soak);
	need(ucm_set_number(soak->handle, UCM_CLIENT, clients[draw(soak, 4)]), soak);
	need(ucm_set_number(soak->handle, UCM_TIMEOUT, 1), soak);
	need(ucm_set_number(soak->handle, UCM_DEADLINE, 4), soak);
	need(ucm_set_number(soak->handle, UCM_WINDOW, 1 + (long)draw(soak, 4)), soak);
}

/* Lines that say how many they are, some of them beginning with a dot. */
static void fill_body(struct soak *soak, struct ucm_message *message)
{
	const size_t lines = 1 + draw(soak, draw(soak, 30) == 0 ? LINES_LARGE : LINES_SMALL);
	char *text = malloc((lines + 1) * LINE_ROOM);
	char count[LINE_ROOM];
	size_t length = 0, line;

	if (text == NULL)
		exit(1);
	for (line = 0; line < lines; line++)
		length += (size_t)snprintf(text + length, LINE_ROOM, "%sline %zu of %ld\n",
		    line % 7 == 0 ? "." : "", line, soak->next);
	(void)snprintf(count, sizeof(count), "%zu", lines);
	need(ucm_message_add_header(message, "X-Lines", count), soak);
	need(ucm_message_set_body(message, text, length), soak);
	free(text);
}

static struct ucm_message *make_message(struct soak *soak)
{
	struct ucm_message *message = NULL;
	const size_t count = 1 + draw(soak, RECIPIENTS_MAX);
	char text[LINE_ROOM];
	size_t i;

	need(ucm_message_new(soak->handle, &message), soak);
	(void)snprintf(text, sizeof(text), "<%ld@soak.example>", soak->next);
	need(ucm_message_set(message, UCM_MESSAGE_ID, text), soak);
	for (i = 0; i < count; i++) {
		(void)snprintf(text, sizeof(text), "r%zu@example.com", i);
		need(ucm_message_add_recipient(message, UCM_TO, text), soak);
	}
	fill_body(soak, message);
	soak->next++;
	return message;
}

static void tell(
    struct ucm_message *message, const struct ucm_outcome *outcome, int status, void *arg)
{
	const char *id = ucm_outcome_text(outcome, UCM_OUTCOME_MESSAGE_ID);
	struct ucm_recipient recipient;
	size_t i;

	(void)message;
	(void)arg;
	printf("%s %d %s", id != NULL ? id : "-", status,
	    ucm_outcome_text(outcome, UCM_OUTCOME_STATUS));
	for (i = 0; ucm_outcome_recipient(outcome, i, &recipient) == UCM_OK; i++)
		printf(" %s=%s", recipient.address, recipient.status);
	printf("\n");
}

static struct ucm_message *next_message(struct ucm *handle, void *arg)
{
	struct soak *soak = arg;

	(void)handle;
	if (soak->batch == 0 || soak->next == soak->last)
		return NULL;
	soak->batch--;
	return make_message(soak);
}

/* The same by hand, as an event loop would. */
static int send_by_hand(struct soak *soak, struct ucm_message *message, struct ucm_outcome **ret)
{
	int status = ucm_send_begin(soak->handle, message);

	if (status != UCM_OK)
		return status;
	while ((status = ucm_advance(soak->handle, ret)) == UCM_WANT_READ ||
	       status == UCM_WANT_WRITE || status == UCM_WANT_TIMER) {
		struct pollfd waiting = {.fd = ucm_descriptor(soak->handle),
		    .events = status == UCM_WANT_READ    ? POLLIN
			      : status == UCM_WANT_WRITE ? POLLOUT
							 : 0};

		(void)poll(&waiting, 1, (int)ucm_timeout_ms(soak->handle));
	}
	return status;
}

static void send_one(struct soak *soak)
{
	struct ucm_message *message = make_message(soak);
	struct ucm_outcome *outcome = NULL;
	const int status = draw(soak, 2) == 0 ? ucm_send(soak->handle, message, &outcome)
					      : send_by_hand(soak, message, &outcome);

	if (outcome == NULL) {
		(void)fprintf(stderr, "no outcome: %s\n", ucm_error(soak->handle));
		exit(1);
	}
	tell(message, outcome, status, NULL);
	ucm_outcome_free(outcome);
	ucm_message_free(message);
}

int main(int argc, char **argv)
{
	struct soak soak = {0};

	if (argc < 5)
		return 64;
	soak.system = argv[1];
	soak.last = strtol(argv[2], NULL, 10);
	soak.random = strtoull(argv[3], NULL, 10);
	soak.rules = argv + 4;
	while (soak.next < soak.last) {
		uint64_t life = 1 + draw(&soak, LIFE_MAX);

		open_handle(&soak);
		while (life-- > 0 && soak.next < soak.last) {
			soak.batch = (long)draw(&soak, BATCH_MAX);
			if (soak.batch == 0)
				send_one(&soak);
			else /* the worst status: each message's own is told */
				(void)!ucm_send_batch(soak.handle, next_message, tell, &soak);
		}
		ucm_end(soak.handle);
	}
	return 0;
}
