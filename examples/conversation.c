/*
 * A login whose password a person types: the terminal is asked only when the server has been
 * verified, as a PAM application asks for one, and with a PAM application's care.
 *
 *   conversation SYSTEM CLIENT RECIPIENT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <ucmail.h>
#include <unistd.h>

/* Reads a line into answer without its end. Its length, or -1: at the end, on error, if too long.
 */
static long read_line(int fd, char *answer, size_t room)
{
	size_t length = 0;

	for (;;) {
		char byte;
		ssize_t got = read(fd, &byte, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || (byte != '\n' && length == room))
			return -1;
		if (byte == '\n')
			return (long)length;
		answer[length++] = byte;
	}
}

/* The conversation. `arg` is the descriptor that is asked; the library wipes the answer. */
static long ask(const struct ucm_conv_message *asked, char *answer, size_t room, void *arg)
{
	const int *fd = arg;
	struct termios old, quiet;
	int terminal = !tcgetattr(*fd, &old);
	long length;

	if (asked->style != UCM_CONV_PASSWORD)
		return -1; /* this program has no tokens */
	fprintf(stderr, "Password of %s at %s: ", asked->user ? asked->user : asked->login,
	    asked->host);
	if (terminal) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		if (tcsetattr(*fd, TCSAFLUSH, &quiet))
			return -1;
	}
	length = read_line(*fd, answer, room);
	if (terminal) {
		tcsetattr(*fd, TCSAFLUSH, &old);
		fputc('\n', stderr);
	}
	return length;
}

int main(int argc, char **argv)
{
	int input = STDIN_FILENO;
	struct ucm_options options = {.size = sizeof(options), .conv = ask, .conv_arg = &input};
	struct ucm_message *message;
	struct ucm *handle;
	int status;

	if (argc != 4) {
		fputs("usage: conversation SYSTEM CLIENT RECIPIENT\n", stderr);
		return UCM_E_USAGE;
	}
	status = ucm_start(&options, &handle);
	if (status)
		return status;
	if (!(status = ucm_add_input(handle, argv[1])) &&
	    !(status = ucm_set_number(handle, UCM_CLIENT, strtol(argv[2], NULL, 10))) &&
	    !(status = ucm_message_new(handle, &message)) &&
	    !(status = ucm_message_add_recipient(message, UCM_TO, argv[3])) &&
	    !(status = ucm_message_set(message, UCM_SUBJECT, "Sent by a person")))
		status = ucm_send(handle, message, NULL);
	if (status)
		fprintf(stderr, "%s: %s\n", ucm_strerror(status), ucm_error(handle));
	ucm_end(handle);
	return status;
}
