/*
 * ucmail: sends mail as the workload automation's own settings decide it, and shows what they
 * decide.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/streams.h"
#include "tools/ucmail_tool.h"

/* Whether --json was asked for: known also where the command line cannot be parsed. */
static int wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return 1;
	return 0;
}

static int usage_error(struct ucm_cli *cli, int argc, char **argv, const char *reason)
{
	if (wants_json(argc, argv))
		cli->options.value[UCM_OPT_JSON] = "";
	ucm_cli_report_failure(cli, UCM_E_USAGE, reason);
	return UCM_E_USAGE;
}

static int unknown_command(struct ucm_cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"send", "policy", "check", "agents", "compile"};
	const char *near = ucm_nearest(argv[1], names, sizeof names / sizeof names[0]);
	char reason[256];

	if (near != NULL)
		snprintf(
		    reason, sizeof reason, "no command %.100s: did you mean %s?", argv[1], near);
	else
		snprintf(reason, sizeof reason, "no command %.100s: see ucmail --help", argv[1]);
	return usage_error(cli, argc, argv, reason);
}

static int run(struct ucm_cli *cli)
{
	switch (cli->options.command) {
	case UCM_CLI_SEND:
		return cli->options.value[UCM_OPT_BATCH] != NULL ? ucm_cli_batch(cli)
								 : ucm_cli_send(cli);
	case UCM_CLI_POLICY:
		return ucm_cli_policy(cli);
	case UCM_CLI_CHECK:
		return ucm_cli_check(cli);
	case UCM_CLI_AGENTS:
		return ucm_cli_agents(cli);
	case UCM_CLI_COMPILE:
		return ucm_cli_compile(cli);
	}
	return UCM_E_USAGE;
}

static int run_command(struct ucm_cli *cli, int argc, char **argv, enum ucm_cli_command command)
{
	char reason[UCM_CLI_REASON_MAX];
	int status;

	if (ucm_cli_parse(argc - 1, argv + 1, command, &cli->options, reason, sizeof reason) != 0)
		status = usage_error(cli, argc, argv, reason);
	else if (cli->options.value[UCM_OPT_HELP] != NULL) {
		ucm_cli_help(command, stdout);
		status = UCM_OK;
	} else
		status = run(cli);
	ucm_cli_close(cli);
	free(cli->options.item);
	return status;
}

/* Who gives no argument at all wants to know how to begin. */
static void how_to_begin(FILE *out)
{
	ucm_cli_short_usage(out);
	fputs("\n"
	      "  ucmail policy -C exports -c 100    what client 100 would do, and why\n"
	      "  ucmail check -C exports -c 100     try the way to its server; nothing is sent\n"
	      "  ucmail send -C exports -c 100 -t ops@example.com -s Night --body-file night.txt\n"
	      "A first hour: man ucmail-tutorial\n",
	    out);
}

static int run_arguments(int argc, char **argv)
{
	struct ucm_cli cli = {.secrets.fd = -1};
	enum ucm_cli_command command;

	if (argc < 2) {
		how_to_begin(stderr);
		return UCM_E_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("ucmail %s\n", ucm_version());
		return UCM_OK;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		how_to_begin(stdout);
		return UCM_OK;
	}
	command = ucm_cli_find_command(argv[1]);
	if (command == 0)
		return unknown_command(&cli, argc, argv);
	return run_command(&cli, argc, argv, command);
}

int main(int argc, char **argv)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	int status;

	if (ucm_streams_hold() != 0)
		return UCM_E_IO;
	/* a reader that went away is an error of writing, not the end of a send */
	sigaction(SIGPIPE, &ignore, NULL);
	status = run_arguments(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("ucmail: standard output cannot be written\n", stderr);
		status = status == UCM_OK ? UCM_E_IO : status;
	}
	return status;
}
