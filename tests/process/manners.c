/*
 * What a guest leaves as it was: locale, umask, signal mask, every signal's disposition,
 * environment, working directory, descriptors. While a send is under way, each descriptor is closed
 * on exec.
 *
 *   manners SYSTEM CONNECT-TO [lost]      lost: the server hangs up, the send must fail
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/process/guest.h"

#define FD_MAX 256
#define TEXT_MAX 8192
#define SIGNALS 65

extern char **environ;

struct state {
	char locale[256], directory[1024], environment[TEXT_MAX];
	mode_t mask;
	sigset_t blocked;
	void (*handlers[SIGNALS])(int);
	int open[FD_MAX];
};

static void look(struct state *state)
{
	char *const *word;
	size_t length = 0;
	int i;

	memset(state, 0, sizeof(*state));
	(void)snprintf(state->locale, sizeof(state->locale), "%s", setlocale(LC_ALL, NULL));
	guest_claim(getcwd(state->directory, sizeof(state->directory)) != NULL, "a directory");
	for (word = environ; *word != NULL && length < TEXT_MAX; word++)
		length += (size_t)snprintf(state->environment + length, TEXT_MAX - length,
		    "%p=%s\n", (const void *)*word, *word);
	state->mask = umask(0);
	(void)umask(state->mask);
	guest_claim(sigprocmask(SIG_BLOCK, NULL, &state->blocked) == 0, "a mask");
	for (i = 1; i < SIGNALS; i++) {
		struct sigaction action;

		if (sigaction(i, NULL, &action) == 0)
			state->handlers[i] = action.sa_handler;
	}
	for (i = 0; i < FD_MAX; i++)
		state->open[i] = fcntl(i, F_GETFD) >= 0;
}

static void compare(const struct state *before, const struct state *after)
{
	guest_claim(strcmp(before->locale, after->locale) == 0, "the locale is the same");
	guest_claim(strcmp(before->directory, after->directory) == 0, "the directory is the same");
	guest_claim(
	    strcmp(before->environment, after->environment) == 0, "the environment is the same");
	guest_claim(before->mask == after->mask, "the umask is the same");
	guest_claim(memcmp(&before->blocked, &after->blocked, sizeof(sigset_t)) == 0,
	    "the signal mask is the same");
	guest_claim(memcmp(before->handlers, after->handlers, sizeof(before->handlers)) == 0,
	    "every signal is handled as before");
	guest_claim(memcmp(before->open, after->open, sizeof(before->open)) == 0,
	    "no descriptor is left open");
}

/* Called for every line of the dialogue: in the midst of the send. */
static void during(char direction, const char *line, size_t length, void *arg)
{
	const struct state *before = arg;
	int i, flags;

	(void)direction;
	(void)line;
	(void)length;
	for (i = 0; i < FD_MAX; i++) {
		flags = fcntl(i, F_GETFD);
		guest_claim(flags < 0 || before->open[i] || (flags & FD_CLOEXEC) != 0,
		    "each descriptor of the library is closed on exec");
	}
}

/* A snapshot into a pipe that nobody reads is an error, and no signal, now or later. */
static void compile_for_nobody(struct ucm *handle)
{
	sigset_t pending;
	int ends[2];

	guest_claim(pipe(ends) == 0 && close(ends[0]) == 0, "a pipe without a reader");
	guest_claim(ucm_compile(handle, ends[1]) == UCM_E_IO, "the snapshot cannot be written");
	guest_claim(close(ends[1]) == 0, "the descriptor is the caller's still");
	guest_claim(sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 0,
	    "no signal is left behind");
}

int main(int argc, char **argv)
{
	static struct state before, after, signals;
	struct ucm_options options = {.size = sizeof(options), .log = during, .log_arg = &before};
	const struct guest guest = {.input = argv[1], .connect_to = argv[2], .options = &options};
	struct ucm *handle;
	int status;

	guest_claim(argc == 3 || argc == 4, "arguments");
	(void)umask(027);
	guest_claim(setlocale(LC_ALL, "C.UTF-8") != NULL, "a locale");
	look(&before);
	handle = guest_handle(&guest);
	status = guest_send(handle);
	guest_claim((status == UCM_OK) == (argc == 3), "the send ends as it should");
	compile_for_nobody(handle);
	/* With the connection still open: nothing but descriptors may be there that was not. */
	look(&signals);
	memcpy(signals.open, before.open, sizeof(before.open));
	compare(&before, &signals);
	ucm_end(handle);
	look(&after);
	compare(&before, &after);
	return 0;
}
