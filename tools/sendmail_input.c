/*
 * The message on standard input.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/sendmail.h"

#define FIRST_ROOM ((size_t)64 * 1024)

/* Room for more. 0, or -1 with error. */
static int grow(struct ucm_input *input, size_t *room, struct ucm_error *error)
{
	size_t wanted = *room ? 2 * *room : FIRST_ROOM;
	char *grown;

	if (input->size >= UCM_SENDMAIL_MESSAGE_MAX)
		return ucm_fail(error, UCM_CLASS_MESSAGE, "the message is over %zu MiB",
		    UCM_SENDMAIL_MESSAGE_MAX / 1024 / 1024);
	grown = realloc(input->bytes, wanted);
	if (!grown)
		return ucm_out_of_memory(error);
	input->bytes = grown;
	*room = wanted;
	return 0;
}

/*
 * Looks for the line that is a dot alone, from the line that begins at *line on; *line moves to the
 * last line that has no end yet. Whether it was found: then the input ends before it.
 */
static int find_dot(struct ucm_input *input, size_t *line)
{
	const char *feed;

	while ((feed = memchr(input->bytes + *line, '\n', input->size - *line)) != NULL) {
		const char *start = input->bytes + *line;
		size_t length = (size_t)(feed - start);

		if (length && start[length - 1] == '\r')
			length--;
		if (length == 1 && *start == '.') {
			input->size = *line;
			return 1;
		}
		*line = (size_t)(feed - input->bytes) + 1;
	}
	return 0;
}

/* A dot in the last line, which has no end. */
static void drop_last_dot(struct ucm_input *input, size_t line)
{
	if (input->size == line + 1 && input->bytes[line] == '.')
		input->size = line;
}

int ucm_sendmail_read(struct ucm_input *input, int dots, struct ucm_error *error)
{
	size_t room = 0, line = 0;
	ssize_t n;

	for (;;) {
		if (input->size == room && grow(input, &room, error))
			return -1;
		n = read(STDIN_FILENO, input->bytes + input->size, room - input->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ucm_fail(
			    error, UCM_CLASS_IO, "the message on standard input cannot be read");
		if (n == 0)
			break;
		input->size += (size_t)n;
		if (!dots && find_dot(input, &line))
			return 0;
	}
	if (!dots)
		drop_last_dot(input, line);
	return 0;
}
