/*
 * From options to a handle, and from a failure to words.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/error.h"
#include "policy/text.h"
#include "tools/report_escape.h"
#include "tools/ucmail_tool.h"

#define DEFAULT_CONFIG "/etc/ucmail"
#define ERRNO_ROOM 128

/* ---- The dialogue ------------------------------------------------------------------------- */

static void log_line(char direction, const char *line, size_t length, void *arg)
{
	const struct ucm_cli *cli = arg;
	FILE *outs[2] = {cli->trace, NULL};
	size_t i;

	if (cli->options.value[UCM_OPT_VERBOSE] != NULL && cli->trace != stderr)
		outs[1] = stderr;
	for (i = 0; i < 2; i++) {
		if (outs[i] == NULL)
			continue;
		fprintf(outs[i], "%c: ", direction);
		fwrite(line, 1, length, outs[i]);
		putc('\n', outs[i]);
	}
}

/* The trace holds addresses and mail: nobody else may read it, whatever the umask is. */
static int open_trace(struct ucm_cli *cli, const char *path, char *reason, size_t size)
{
	char why[ERRNO_ROOM];
	struct stat status;
	int fd;

	if (strcmp(path, "-") == 0) {
		cli->trace = stderr;
		return UCM_OK;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd >= 0 && fstat(fd, &status) == 0 &&
	    (!S_ISREG(status.st_mode) || fchmod(fd, 0600) == 0))
		cli->trace = fdopen(fd, "w");
	if (cli->trace == NULL) {
		snprintf(reason, size, "%s: the trace cannot be written: %s", path,
		    ucm_errno_text(errno, why, sizeof why));
		if (fd >= 0)
			close(fd);
		return UCM_E_IO;
	}
	setvbuf(cli->trace, NULL, _IOLBF, BUFSIZ);
	return UCM_OK;
}

/* ---- The handle --------------------------------------------------------------------------- */

static const struct {
	enum ucm_cli_option option;
	enum ucm_text_item item;
} text_items[] = {{UCM_OPT_SERVER, UCM_SERVER}, {UCM_OPT_VIA, UCM_VIA}, {UCM_OPT_AGENT, UCM_AGENT},
    {UCM_OPT_RELEASE, UCM_RELEASE}, {UCM_OPT_PROFILE, UCM_PROFILE},
    {UCM_OPT_PAYLOADS, UCM_PAYLOADS}, {UCM_OPT_LOGIN_USER, UCM_LOGIN_USER}};

static const struct {
	enum ucm_cli_option option;
	const char *name;
	enum ucm_number_item item;
	long low, high;
} number_items[] = {{UCM_OPT_CLIENT, "--client", UCM_CLIENT, 0, 9999},
    {UCM_OPT_DEADLINE, "--deadline", UCM_DEADLINE, 1, 604800},
    {UCM_OPT_WINDOW, "--window", UCM_WINDOW, 1, 1000}};

static int set_numbers(struct ucm_cli *cli, char *reason, size_t size)
{
	const char *const *value = cli->options.value;
	size_t i;
	long number;

	for (i = 0; i < sizeof number_items / sizeof number_items[0]; i++) {
		const char *text = value[number_items[i].option];

		if (text == NULL)
			continue;
		if (ucm_cli_number(text, number_items[i].low, number_items[i].high, &number) != 0) {
			snprintf(reason, size, "%s %.100s: must be a number from %ld to %ld",
			    number_items[i].name, text, number_items[i].low, number_items[i].high);
			return UCM_E_USAGE;
		}
		if (ucm_set_number(cli->handle, number_items[i].item, number) != UCM_OK)
			return UCM_E_USAGE;
	}
	if (value[UCM_OPT_REQUIRE_TLS] != NULL)
		return ucm_set_number(cli->handle, UCM_REQUIRE_TLS, 1);
	return UCM_OK;
}

/* What SEND_MAIL takes in place of an agent's name. */
static const char *agent_kind(const char *agent)
{
	int special = ucm_equal_nocase(agent, "*SERVER") || ucm_equal_nocase(agent, "*DEFAULT");

	return special ? "engine" : agent;
}

/*
 * *DEFAULT is the agent of SEND_MAIL_DEFAULT, else the engine. The exports give that agent's name
 * only, and what it can do depends on its kind: that is never guessed.
 */
static int check_default_agent(struct ucm_cli *cli, char *reason, size_t size)
{
	const char *agent = cli->options.value[UCM_OPT_AGENT];
	struct ucm_source source;
	size_t i;

	if (agent == NULL || !ucm_equal_nocase(agent, "*DEFAULT") ||
	    ucm_decide_policy(cli->handle) != UCM_OK)
		return UCM_OK;
	for (i = 0; ucm_policy_source(cli->handle, i, &source) == UCM_OK; i++) {
		if (strcmp(source.key, "SEND_MAIL_DEFAULT") != 0 ||
		    (source.value != NULL && ucm_equal_nocase(source.value, "*SERVER")))
			continue;
		snprintf(reason, size,
		    "--agent *DEFAULT: SEND_MAIL_DEFAULT (%s:%u) names an agent, but not its kind: "
		    "give --agent KIND",
		    source.file, source.line);
		return UCM_E_USAGE;
	}
	return UCM_OK;
}

static int set_texts(struct ucm_cli *cli)
{
	size_t i;
	int status;

	for (i = 0; i < sizeof text_items / sizeof text_items[0]; i++) {
		const char *text = cli->options.value[text_items[i].option];

		if (text == NULL)
			continue;
		if (text_items[i].item == UCM_AGENT)
			text = agent_kind(text);
		status = ucm_set_text(cli->handle, text_items[i].item, text);
		if (status != UCM_OK)
			return status;
	}
	return UCM_OK;
}

static int add_lists(struct ucm_cli *cli)
{
	const struct ucm_cli_options *options = &cli->options;
	size_t i;
	int status = UCM_OK;

	if (options->value[UCM_OPT_CONFIG] == NULL)
		status = ucm_add_input(cli->handle, DEFAULT_CONFIG);
	for (i = 0; i < options->item_count && status == UCM_OK; i++)
		if (options->item[i].option == UCM_OPT_CONFIG)
			status = ucm_add_input(cli->handle, options->item[i].value);
		else if (options->item[i].option == UCM_OPT_CONNECT_TO)
			status = ucm_add_connect_to(cli->handle, options->item[i].value);
	return status;
}

static int set_secrets(struct ucm_cli *cli, char *reason, size_t size)
{
	const char *fd = cli->options.value[UCM_OPT_PASSWORD_FD];
	const char *file = cli->options.value[UCM_OPT_PASSWORD_FILE];
	long number = -1;

	if (fd != NULL && file != NULL) {
		snprintf(reason, size, "--password-fd and --password-file: give one of them");
		return UCM_E_USAGE;
	}
	if (fd != NULL &&
	    (ucm_cli_number(fd, 0, 1000000, &number) != 0 || fcntl((int)number, F_GETFD) < 0)) {
		snprintf(reason, size, "--password-fd %.100s: no open descriptor", fd);
		return UCM_E_USAGE;
	}
	cli->secrets.fd = (int)number;
	cli->secrets.file = file;
	cli->secrets.credentials = secure_getenv("CREDENTIALS_DIRECTORY");
	cli->secrets.logins = UCM_LOGINS_FOLDER;
	return UCM_OK;
}

/* The two say the same thing twice, and would not in this order be told apart by the library. */
static int check_sender(const struct ucm_cli *cli, char *reason, size_t size)
{
	const char *via = cli->options.value[UCM_OPT_VIA];

	if (cli->options.value[UCM_OPT_SERVER] == NULL || via == NULL ||
	    strcmp(via, "send_mail") == 0)
		return UCM_OK;
	snprintf(reason, size,
	    "--server implies --via send_mail: a notification uses UC_CLIENT_SETTINGS only");
	return UCM_E_USAGE;
}

int ucm_cli_open(struct ucm_cli *cli, char *reason, size_t reason_size)
{
	const char *trace = cli->options.value[UCM_OPT_TRACE];
	struct ucm_options options = {
	    .size = sizeof options,
	    .conv = ucm_secret_answer,
	    .conv_arg = &cli->secrets,
	};
	int status;

	reason[0] = '\0';
	status = set_secrets(cli, reason, reason_size);
	if (status == UCM_OK)
		status = check_sender(cli, reason, reason_size);
	if (status == UCM_OK && trace != NULL)
		status = open_trace(cli, trace, reason, reason_size);
	if (status != UCM_OK)
		return status;
	if (cli->trace != NULL || cli->options.value[UCM_OPT_VERBOSE] != NULL) {
		options.log = log_line;
		options.log_arg = cli;
	}
	status = ucm_start(&options, &cli->handle);
	if (status != UCM_OK) {
		snprintf(reason, reason_size, "%s", ucm_strerror(status));
		return status;
	}
	status = set_texts(cli);
	if (status == UCM_OK)
		status = set_numbers(cli, reason, reason_size);
	if (status == UCM_OK)
		status = add_lists(cli);
	if (status == UCM_OK)
		status = check_default_agent(cli, reason, reason_size);
	if (status != UCM_OK && reason[0] == '\0')
		ucm_cli_reason(cli, status, ucm_error(cli->handle), reason, reason_size);
	return status;
}

void ucm_cli_close(struct ucm_cli *cli)
{
	ucm_end(cli->handle);
	cli->handle = NULL;
	if (cli->trace != NULL && cli->trace != stderr && fclose(cli->trace) != 0)
		fputs("ucmail: the trace could not be written to its end\n", stderr);
	cli->trace = NULL;
	ucm_secrets_wipe(&cli->secrets);
}

/* ---- Failures ----------------------------------------------------------------------------- */

void ucm_cli_reason(
    const struct ucm_cli *cli, int status, const char *library_reason, char *out, size_t size)
{
	const char *secret = cli->secrets.reason;
	int by_default = status == UCM_E_INPUT && cli->options.value[UCM_OPT_CONFIG] == NULL;

	if (status == UCM_E_POLICY && *secret != '\0')
		library_reason = secret;
	snprintf(out, size, "%s%s", library_reason,
	    by_default ? " Exports elsewhere are named by -C PATH." : "");
}

static json_t *failure_json(const struct ucm_cli_failure *failure)
{
	json_t *object = json_object();

	ucm_json_set(&object, "status", json_string("failed"));
	ucm_json_set(&object, "exit", json_integer(failure->status));
	ucm_json_set(&object, "refused_by", ucm_cli_json_known(failure->rule));
	ucm_json_set(&object, "error", ucm_cli_json_text(failure->reason));
	return object;
}

void ucm_cli_complain(const char *text)
{
	fputs("ucmail: ", stderr);
	ucm_put_plain(stderr, text);
	putc('\n', stderr);
}

void ucm_cli_report_failure(const struct ucm_cli *cli, int status, const char *reason)
{
	struct ucm_cli_failure failure = {.status = status, .reason = reason};

	if (cli->handle != NULL)
		failure.rule = ucm_error_rule(cli->handle);
	ucm_cli_complain(reason);
	if (cli->options.value[UCM_OPT_JSON] == NULL)
		return;
	if (cli->options.command == UCM_CLI_SEND)
		(void)ucm_cli_json_print(ucm_cli_outcome_json(cli, NULL, &failure));
	else
		(void)ucm_cli_json_print(failure_json(&failure));
}
