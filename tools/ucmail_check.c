/*
 * ucmail check: tries the way to the server step by step, and sends nothing.
 */
#include "config.h"

#include <string.h>

#include "tools/report_escape.h"
#include "tools/ucmail_tool.h"

struct steps {
	const struct ucm_cli *cli;
	int in_json; /* else printed as they come */
	json_t *list;
};

/* To microseconds: what lies below says nothing. */
static double rounded(double milliseconds)
{
	return (double)(long long)(milliseconds * 1000 + 0.5) / 1000;
}

static json_t *step_json(const struct ucm_check_step *step)
{
	json_t *object = json_object();

	ucm_json_set(&object, "name", ucm_cli_json_text(step->name));
	ucm_json_set(&object, "status", json_integer(step->status));
	ucm_json_set(&object, "milliseconds", json_real(rounded(step->milliseconds)));
	ucm_json_set(&object, "detail", ucm_cli_json_known(step->detail));
	ucm_json_set(&object, "advice", ucm_cli_json_known(step->advice));
	return object;
}

static void print_words(const char *before, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	fputs(before, stdout);
	ucm_put_plain(stdout, text);
}

static void take_step(const struct ucm_check_step *step, void *arg)
{
	struct steps *steps = arg;

	if (steps->in_json) {
		ucm_json_append(&steps->list, step_json(step));
		return;
	}
	if (steps->cli->options.value[UCM_OPT_QUIET] != NULL)
		return;
	printf("%-6s %-12s %8.1f ms", step->status == UCM_OK ? "ok" : "FAILED", step->name,
	    step->milliseconds);
	print_words("  ", step->detail);
	putchar('\n');
	if (step->advice != NULL && *step->advice != '\0') {
		print_words("       ", step->advice);
		putchar('\n');
	}
	fflush(stdout);
}

/* The first recipient of the options, or NULL: the server is then not asked for one. */
static int one_recipient(const struct ucm_cli_options *options, const char **ret)
{
	size_t i, count = 0;

	*ret = NULL;
	for (i = 0; i < options->item_count; i++)
		if (options->item[i].option == UCM_OPT_TO && count++ == 0)
			*ret = options->item[i].value;
	return count > 1 ? -1 : 0;
}

static int report(
    struct ucm_cli *cli, struct steps *steps, const struct ucm_outcome *outcome, int status)
{
	char reason[UCM_CLI_REASON_MAX];
	struct ucm_cli_failure failure = {.status = status, .reason = reason};
	const char *error = outcome == NULL ? NULL : ucm_outcome_text(outcome, UCM_OUTCOME_ERROR);
	json_t *object;

	if (error == NULL || *error == '\0')
		error = ucm_error(cli->handle);
	ucm_cli_reason(cli, status, error, reason, sizeof reason);
	failure.rule = ucm_error_rule(cli->handle);
	if (status != UCM_OK)
		ucm_cli_complain(reason);
	if (!steps->in_json)
		return status;
	object = ucm_cli_outcome_json(
	    cli, outcome, status == UCM_OK && outcome != NULL ? NULL : &failure);
	ucm_json_set(&object, "status", json_string(status == UCM_OK ? "ok" : "failed"));
	ucm_json_set(&object, "steps", json_incref(steps->list));
	if (ucm_cli_json_print(object) != UCM_OK && status == UCM_OK)
		return UCM_E_IO;
	return status;
}

int ucm_cli_check(struct ucm_cli *cli)
{
	struct steps steps = {.cli = cli};
	struct ucm_outcome *outcome = NULL;
	char reason[UCM_CLI_REASON_MAX];
	const char *recipient;
	int status = ucm_cli_open(cli, reason, sizeof reason);

	if (status == UCM_OK && one_recipient(&cli->options, &recipient) != 0) {
		snprintf(reason, sizeof reason, "--to: one recipient is enough for a check");
		status = UCM_E_USAGE;
	}
	if (status != UCM_OK) {
		ucm_cli_report_failure(cli, status, reason);
		return status;
	}
	steps.in_json = cli->options.value[UCM_OPT_JSON] != NULL;
	if (steps.in_json)
		steps.list = json_array();
	status = ucm_check(cli->handle, recipient, take_step, &steps, &outcome);
	status = report(cli, &steps, outcome, status);
	json_decref(steps.list);
	return status;
}
