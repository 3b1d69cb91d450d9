/*
 * From message options to a message.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/error.h"
#include "policy/text.h"
#include "tools/ucmail_tool.h"

#define BODY_MAX                                                                                   \
	((size_t)64 * 1024 * 1024) /* a text that a person reads; whole files are attached */
#define BODY_STEP ((size_t)64 * 1024)

int ucm_cli_open_file(const char *path, char *reason, size_t reason_size)
{
	char text[128];
	int fd;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		snprintf(reason, reason_size, "%s: cannot be opened for reading: %s", path,
		    ucm_errno_text(errno, text, sizeof text));
	return fd;
}

/* ---- Body --------------------------------------------------------------------------------- */

/* Reads to the end. NULL with the reason. */
static char *read_all(int fd, const char *name, size_t *ret, char *reason, size_t size)
{
	char *bytes = NULL, *grown;
	size_t length = 0, room = 0;
	ssize_t n = 1;

	while (n != 0) {
		if (length == room) {
			room = room == 0 ? BODY_STEP : 2 * room;
			grown = room > 2 * BODY_MAX ? NULL : realloc(bytes, room);
			if (grown == NULL) {
				snprintf(reason, size, "%s: too large for a text: attach it", name);
				free(bytes);
				return NULL;
			}
			bytes = grown;
		}
		n = read(fd, bytes + length, room - length);
		if (n < 0 && errno != EINTR) {
			snprintf(reason, size, "%s: cannot be read", name);
			free(bytes);
			return NULL;
		}
		length += n > 0 ? (size_t)n : 0;
	}
	*ret = length;
	return bytes;
}

static int set_body(struct ucm_message *message, const char *path, char *reason, size_t size)
{
	size_t length = 0;
	char *bytes;
	int fd = ucm_cli_open_file(path, reason, size);
	int status;

	if (fd < 0)
		return UCM_E_IO;
	bytes = read_all(fd, path, &length, reason, size);
	close(fd);
	if (bytes == NULL)
		return UCM_E_IO;
	status = ucm_message_set_body(message, bytes, length);
	free(bytes);
	return status;
}

static int set_raw(struct ucm_message *message, const char *path, char *reason, size_t size)
{
	int fd = ucm_cli_open_file(path, reason, size);
	int status;

	if (fd < 0)
		return UCM_E_IO;
	status = ucm_message_set_raw_fd(message, fd);
	close(fd);
	return status;
}

/* ---- Items -------------------------------------------------------------------------------- */

static int is_token(const char *text)
{
	return *text != '\0' && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789!#$&^_.+-") == strlen(text);
}

/* Only a registered top-level type is one: so FILE may hold a colon and slashes itself. */
static int is_media_type(const char *text)
{
	static const char *const types[] = {"application", "audio", "font", "image", "message",
	    "model", "multipart", "text", "video"};
	const char *slash = strchr(text, '/');

	if (slash == NULL || !is_token(slash + 1))
		return 0;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t length = 0;

		while (types[i][length] != '\0' && ucm_lower(text[length]) == types[i][length])
			length++;
		if (types[i][length] == '\0' && text + length == slash)
			return 1;
	}
	return 0;
}

static int attach(struct ucm_message *message, const char *value)
{
	const char *colon = strrchr(value, ':');
	char *path;
	int status;

	if (colon == NULL || colon == value || !is_media_type(colon + 1))
		return ucm_message_attach_file(message, value, NULL);
	path = strndup(value, (size_t)(colon - value));
	if (path == NULL)
		return UCM_E_MEMORY;
	status = ucm_message_attach_file(message, path, colon + 1);
	free(path);
	return status;
}

static int add_header(struct ucm_message *message, const char *value, char *reason, size_t size)
{
	const char *colon = strchr(value, ':'), *start;
	char *name;
	int status;

	if (colon == NULL || colon == value) {
		snprintf(reason, size, "--header %.100s: must be 'Name: value'", value);
		return UCM_E_USAGE;
	}
	start = colon + 1;
	while (*start == ' ' || *start == '\t')
		start++;
	name = strndup(value, (size_t)(colon - value));
	if (name == NULL)
		return UCM_E_MEMORY;
	status = ucm_message_add_header(message, name, start);
	free(name);
	return status;
}

static int add_item(
    struct ucm_message *message, const struct ucm_cli_item *item, char *reason, size_t size)
{
	/* the other options of the list are of the handle */
	if (item->option == UCM_OPT_TO)
		return ucm_message_add_recipient(message, UCM_TO, item->value);
	if (item->option == UCM_OPT_CC)
		return ucm_message_add_recipient(message, UCM_CC, item->value);
	if (item->option == UCM_OPT_BCC)
		return ucm_message_add_recipient(message, UCM_BCC, item->value);
	if (item->option == UCM_OPT_ATTACH)
		return attach(message, item->value);
	if (item->option == UCM_OPT_REPORT)
		return ucm_message_attach_report(message, item->value);
	if (item->option == UCM_OPT_HEADER)
		return add_header(message, item->value, reason, size);
	return UCM_OK;
}

/* ---- Whole -------------------------------------------------------------------------------- */

static int gave(const struct ucm_cli_options *options, enum ucm_cli_option option)
{
	return options->value[option] != NULL;
}

/* What makes no sense together is told before anything is read. */
static int check_options(const struct ucm_cli_options *options, char *reason, size_t size)
{
	static const struct {
		enum ucm_cli_option option;
		const char *name;
	} made[] = {{UCM_OPT_SUBJECT, "--subject"}, {UCM_OPT_BODY_FILE, "--body-file"},
	    {UCM_OPT_ATTACH, "--attach"}, {UCM_OPT_REPORT, "--report"},
	    {UCM_OPT_HEADER, "--header"}};
	size_t i;

	if (!gave(options, UCM_OPT_MESSAGE)) {
		if (gave(options, UCM_OPT_TO) || gave(options, UCM_OPT_CC) ||
		    gave(options, UCM_OPT_BCC))
			return UCM_OK;
		snprintf(reason, size, "no recipient: give --to, --cc or --bcc");
		return UCM_E_USAGE;
	}
	for (i = 0; i < sizeof made / sizeof made[0]; i++) {
		if (!gave(options, made[i].option))
			continue;
		snprintf(reason, size, "%s cannot go with --message, which is sent as it is",
		    made[i].name);
		return UCM_E_USAGE;
	}
	return UCM_OK;
}

int ucm_cli_fill_common(
    struct ucm_cli *cli, struct ucm_message *message, char *reason, size_t reason_size)
{
	const char *dsn = cli->options.value[UCM_OPT_DSN];

	if (dsn == NULL || ucm_message_set(message, UCM_DSN, dsn) == UCM_OK)
		return UCM_OK;
	snprintf(reason, reason_size,
	    "--dsn %.100s: must be never, or some of success,failure,delay with commas", dsn);
	return UCM_E_USAGE;
}

/* The product's SEND_MAIL would not take it; a mail server does. */
static void warn_of_subject(const struct ucm_cli_options *options)
{
	const char *subject = options->value[UCM_OPT_SUBJECT];
	size_t length = subject == NULL ? 0 : ucm_utf8_length(subject);

	if (length > UCM_SUBJECT_MAX && !gave(options, UCM_OPT_QUIET))
		fprintf(stderr,
		    "ucmail: the subject has %zu characters; SEND_MAIL takes no more than %d\n",
		    length, UCM_SUBJECT_MAX);
}

int ucm_cli_fill_message(
    struct ucm_cli *cli, struct ucm_message *message, char *reason, size_t reason_size)
{
	const struct ucm_cli_options *options = &cli->options;
	int status = check_options(options, reason, reason_size);
	size_t i;

	if (status == UCM_OK)
		status = ucm_cli_fill_common(cli, message, reason, reason_size);
	warn_of_subject(options);
	if (status == UCM_OK && gave(options, UCM_OPT_SUBJECT))
		status = ucm_message_set(message, UCM_SUBJECT, options->value[UCM_OPT_SUBJECT]);
	for (i = 0; i < options->item_count && status == UCM_OK; i++)
		status = add_item(message, &options->item[i], reason, reason_size);
	if (status == UCM_OK && gave(options, UCM_OPT_BODY_FILE))
		status = set_body(message, options->value[UCM_OPT_BODY_FILE], reason, reason_size);
	if (status == UCM_OK && gave(options, UCM_OPT_MESSAGE))
		status = set_raw(message, options->value[UCM_OPT_MESSAGE], reason, reason_size);
	return status;
}
