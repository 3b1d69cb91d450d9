/*
 * One line of a batch: a JSON object to a message.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "policy/error.h"
#include "tools/json_read.h"
#include "tools/ucmail_tool.h"

static int fail_line(struct ucm_cli_line *line, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail_line(struct ucm_cli_line *line, int status, const char *format, ...)
{
	struct ucm_error clean = {.class = UCM_CLASS_OK};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line->reason, sizeof line->reason, format, arguments);
	va_end(arguments);
	/* It quotes the line, and terminals will show it. Cleaned it is never longer. */
	(void)ucm_fail(&clean, UCM_CLASS_MESSAGE, "%s", line->reason);
	memcpy(line->reason, clean.text, strlen(clean.text) + 1);
	line->failure.status = status;
	line->failure.reason = line->reason;
	return -1;
}

/* A failed call on the message: the library has the reason. */
static int check(struct ucm_cli *cli, struct ucm_cli_line *line, int status)
{
	if (status == UCM_OK)
		return 0;
	return fail_line(line, status, "%s", ucm_error(cli->handle));
}

enum member { TO, CC, BCC, ATTACH, SUBJECT, BODY, ID, MEMBERS };

static const char *const member_names[MEMBERS] = {
    "to", "cc", "bcc", "attach", "subject", "body", "id"};

static enum member find_member(const char *name)
{
	int i;

	for (i = 0; i < MEMBERS; i++)
		if (strcmp(name, member_names[i]) == 0)
			break;
	return (enum member)i;
}

static int add_one(
    struct ucm_cli *cli, struct ucm_cli_line *line, enum member member, const char *text)
{
	struct ucm_message *message = line->message;

	if (member == ATTACH)
		return check(cli, line, ucm_message_attach_file(message, text, NULL));
	return check(cli, line,
	    ucm_message_add_recipient(message,
		member == TO   ? UCM_TO
		: member == CC ? UCM_CC
			       : UCM_BCC,
		text));
}

/* A list of strings. */
static int add_list(
    struct ucm_cli *cli, struct ucm_cli_line *line, enum member member, json_t *list)
{
	json_t *one;
	size_t i;

	if (!json_is_array(list))
		return fail_line(line, UCM_E_MESSAGE, "\"%s\" must be a list, such as [\"...\"]",
		    member_names[member]);
	json_array_foreach(list, i, one)
	{
		if (!json_is_string(one))
			return fail_line(line, UCM_E_MESSAGE, "\"%s\" must be a list of strings",
			    member_names[member]);
		if (add_one(cli, line, member, json_string_value(one)) != 0)
			return -1;
	}
	return 0;
}

static int set_member(
    struct ucm_cli *cli, struct ucm_cli_line *line, const char *name, json_t *value)
{
	enum member member = find_member(name);
	const char *text;

	if (member == MEMBERS)
		return fail_line(line, UCM_E_MESSAGE,
		    "\"%.100s\" is no member of a message: to, cc, bcc, attach, subject, body, id",
		    name);
	if (member == ID)
		return 0;
	if (member != SUBJECT && member != BODY)
		return add_list(cli, line, member, value);
	if (!json_is_string(value))
		return fail_line(line, UCM_E_MESSAGE, "\"%s\" must be a string", name);
	text = json_string_value(value);
	if (member == SUBJECT)
		return check(cli, line, ucm_message_set(line->message, UCM_SUBJECT, text));
	return check(
	    cli, line, ucm_message_set_body(line->message, text, json_string_length(value)));
}

static int fill(struct ucm_cli *cli, struct ucm_cli_line *line, json_t *object)
{
	const char *name;
	json_t *value;
	int status;

	json_object_foreach(object, name, value)
	{
		if (set_member(cli, line, name, value) != 0)
			return -1;
	}
	status = ucm_cli_fill_common(cli, line->message, line->reason, sizeof line->reason);
	return status == UCM_OK ? 0 : fail_line(line, status, "--dsn is wrong");
}

int ucm_cli_parse_line(
    struct ucm_cli *cli, const char *text, size_t length, struct ucm_cli_line *line)
{
	json_error_t error;
	json_t *object = ucm_json_read_text(text, length, &error);
	int failed;

	memset(line, 0, sizeof *line);
	if (object == NULL)
		return fail_line(
		    line, UCM_E_MESSAGE, "not JSON: %s, column %d", error.text, error.column);
	if (!json_is_object(object)) {
		json_decref(object);
		return fail_line(line, UCM_E_MESSAGE, "not a JSON object");
	}
	line->id = json_incref(json_object_get(object, "id"));
	failed = check(cli, line, ucm_message_new(cli->handle, &line->message));
	if (failed == 0)
		failed = fill(cli, line, object);
	if (failed != 0) {
		ucm_message_free(line->message);
		line->message = NULL;
	}
	json_decref(object);
	return failed;
}
