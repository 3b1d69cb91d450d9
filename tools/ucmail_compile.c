/*
 * ucmail compile: a snapshot of a system, put in place as a whole or not at all.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/lint_file.h"
#include "tools/ucmail_tool.h"

struct compilation {
	struct ucm_cli *cli;
	int status;
};

static int compile_to(void *arg, FILE *out)
{
	struct compilation *compilation = arg;

	compilation->status = ucm_compile(compilation->cli->handle, fileno(out));
	return compilation->status == UCM_OK ? 0 : -1;
}

/* The old file stays until the new one is on the disk. */
static int replace(struct ucm_cli *cli, const char *path, char *reason, size_t size)
{
	struct compilation compilation = {.cli = cli};
	struct ucm_error error = {.class = UCM_CLASS_OK};

	if (ucm_file_write(path, compile_to, &compilation, &error) == 0)
		return UCM_OK;
	if (compilation.status != UCM_OK && compilation.status != UCM_E_IO)
		return compilation.status;
	snprintf(reason, size, "%s", error.text);
	return UCM_E_IO;
}

static json_t *done_json(const char *path)
{
	json_t *object = json_object();

	ucm_json_set(&object, "status", json_string("written"));
	ucm_json_set(&object, "exit", json_integer(UCM_OK));
	ucm_json_set(&object, "file", ucm_cli_json_text(path));
	return object;
}

static int compile(struct ucm_cli *cli, char *reason, size_t size)
{
	const char *path = cli->options.value[UCM_OPT_OUTPUT];
	int status;

	reason[0] = '\0';
	if (path == NULL) {
		snprintf(reason, size, "no place for the snapshot: give --output");
		return UCM_E_USAGE;
	}
	if (strcmp(path, "-") == 0 && cli->options.value[UCM_OPT_JSON] != NULL) {
		snprintf(reason, size, "--json and --output - both want standard output");
		return UCM_E_USAGE;
	}
	status = ucm_cli_open(cli, reason, size);
	if (status != UCM_OK)
		return status;
	return strcmp(path, "-") == 0 ? ucm_compile(cli->handle, STDOUT_FILENO)
				      : replace(cli, path, reason, size);
}

int ucm_cli_compile(struct ucm_cli *cli)
{
	char reason[UCM_CLI_REASON_MAX];
	int status = compile(cli, reason, sizeof reason);

	if (status != UCM_OK) {
		if (reason[0] == '\0')
			snprintf(reason, sizeof reason, "%s",
			    cli->handle == NULL ? ucm_strerror(status) : ucm_error(cli->handle));
		ucm_cli_report_failure(cli, status, reason);
		return status;
	}
	if (cli->options.value[UCM_OPT_JSON] != NULL)
		return ucm_cli_json_print(done_json(cli->options.value[UCM_OPT_OUTPUT]));
	return UCM_OK;
}
