/*
 * ucmail compile: a snapshot of a system, put in place as a whole or not at all.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/ucmail_tool.h"

/* What open() would have given a new file: mkostemp() gives 0600. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

/* The old file stays until the new one is on the disk. */
static int replace(struct ucm_cli *cli, const char *path, char *reason, size_t size)
{
	size_t room = strlen(path) + sizeof ".XXXXXX";
	char *temporary = malloc(room);
	int fd, status;

	if (temporary == NULL)
		return UCM_E_MEMORY;
	snprintf(temporary, room, "%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		snprintf(reason, size, "%s: the snapshot cannot be made in that folder", path);
		free(temporary);
		return UCM_E_IO;
	}
	status = ucm_compile(cli->handle, fd);
	if (status == UCM_OK && (fchmod(fd, usual_mode()) != 0 || fsync(fd) != 0))
		status = UCM_E_IO;
	if (close(fd) != 0 && status == UCM_OK)
		status = UCM_E_IO;
	if (status == UCM_OK && rename(temporary, path) != 0)
		status = UCM_E_IO;
	if (status != UCM_OK)
		unlink(temporary);
	if (status == UCM_E_IO)
		snprintf(reason, size, "%s: the snapshot cannot be written", path);
	free(temporary);
	return status;
}

static json_t *done_json(const char *path)
{
	json_t *object = json_object();
	int failed = object == NULL;

	ucm_cli_json_put(object, "status", json_string("written"), &failed);
	ucm_cli_json_put(object, "exit", json_integer(UCM_OK), &failed);
	ucm_cli_json_put(object, "file", ucm_cli_json_text(path), &failed);
	if (failed) {
		json_decref(object);
		return NULL;
	}
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
