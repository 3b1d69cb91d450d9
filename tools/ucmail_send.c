/*
 * ucmail send: one message.
 */
#include "config.h"

#include <string.h>

#include "tools/ucmail_tool.h"

static int print_bytes(const void *bytes, size_t length, void *arg)
{
	(void)arg;
	return fwrite(bytes, 1, length, stdout) == length ? 0 : -1;
}

/* Prints the message as it would be sent. The policy must allow it, as for a send. */
static int dry_run(struct ucm_message *message)
{
	int status = ucm_message_write(message, print_bytes, NULL);

	if (status == UCM_OK && fflush(stdout) != 0)
		return UCM_E_IO;
	return status;
}

static int report(const struct ucm_cli *cli, const struct ucm_outcome *outcome, int status)
{
	char reason[UCM_CLI_REASON_MAX];
	struct ucm_cli_failure failure = {.status = status, .reason = reason};
	const char *error =
	    outcome == NULL ? ucm_error(cli->handle) : ucm_outcome_text(outcome, UCM_OUTCOME_ERROR);
	const struct ucm_cli_failure *told = status == UCM_OK ? NULL : &failure;

	failure.rule = ucm_error_rule(cli->handle);
	ucm_cli_reason(cli, status, error == NULL ? "" : error, reason, sizeof reason);
	if (cli->options.value[UCM_OPT_JSON] == NULL) {
		ucm_cli_outcome_text(cli, outcome, told);
		return status;
	}
	if (status != UCM_OK)
		ucm_cli_complain(reason);
	if (ucm_cli_json_print(ucm_cli_outcome_json(cli, outcome, told)) != UCM_OK &&
	    status == UCM_OK)
		return UCM_E_IO;
	return status;
}

int ucm_cli_send(struct ucm_cli *cli)
{
	char reason[UCM_CLI_REASON_MAX];
	struct ucm_message *message = NULL;
	struct ucm_outcome *outcome = NULL;
	int status = ucm_cli_open(cli, reason, sizeof reason);

	if (status == UCM_OK) {
		status = ucm_message_new(cli->handle, &message);
		if (status == UCM_OK)
			status = ucm_cli_fill_message(cli, message, reason, sizeof reason);
		if (status == UCM_OK && cli->options.value[UCM_OPT_DRY_RUN] != NULL) {
			status = dry_run(message);
			if (status == UCM_OK)
				return UCM_OK;
		}
	}
	if (status != UCM_OK) {
		if (reason[0] == '\0')
			ucm_cli_reason(cli, status, ucm_error(cli->handle), reason, sizeof reason);
		ucm_cli_report_failure(cli, status, reason);
		return status;
	}
	status = ucm_send(cli->handle, message, &outcome);
	return report(cli, outcome, status);
}
