/*
 * The command lines of ucmail: one table, from which the parser and the help are made.
 */
#include "config.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/ucmail_tool.h"

#define LETTERLESS 1000 /* getopt's value of an option without a letter: this plus its number */

enum {
	POLICY_OPTION = UCM_CLI_SEND | UCM_CLI_POLICY | UCM_CLI_CHECK,
	WIRE_OPTION = UCM_CLI_SEND | UCM_CLI_CHECK,
	INPUT_OPTION = POLICY_OPTION | UCM_CLI_COMPILE,
	EVERY_OPTION = INPUT_OPTION | UCM_CLI_AGENTS,
};

struct option_row {
	const char *name;
	char letter; /* 0: none */
	const char *argument; /* NULL: takes none */
	int repeats;
	int commands; /* bits of enum ucm_cli_command */
	const char *help;
};

static const struct option_row rows[UCM_OPT_COUNT] = {
    [UCM_OPT_CONFIG] = {"config", 'C', "PATH", 1, INPUT_OPTION,
	"an input of the system: export, folder, ZIP or snapshot (default /etc/ucmail)"},
    [UCM_OPT_CLIENT] = {"client", 'c', "N", 0, POLICY_OPTION, "the client that sends (default 0)"},
    [UCM_OPT_SERVER] = {"server", 'S', "NAME", 0, POLICY_OPTION,
	"the server that SEND_MAIL names: UC_SMTP_<NAME>"},
    [UCM_OPT_VIA] = {"via", 0, "SENDER", 0, POLICY_OPTION, "notification or send_mail (default)"},
    [UCM_OPT_AGENT] = {"agent", 'a', "KIND", 0, POLICY_OPTION,
	"the kind of agent that sends (default: this host's)"},
    [UCM_OPT_RELEASE] = {"release", 0, "R", 0, POLICY_OPTION | UCM_CLI_AGENTS,
	"the product version (default: the newest known)"},
    [UCM_OPT_PROFILE] = {"profile", 0, "NAME", 0, POLICY_OPTION, "compat (default) or strict"},
    [UCM_OPT_PAYLOADS] = {"payloads", 0, "DIR", 0, INPUT_OPTION,
	"a further folder of certificate payloads"},
    [UCM_OPT_CONNECT_TO] = {"connect-to", 0, "RULE", 1, POLICY_OPTION,
	"HOST:PORT:ADDRESS:PORT: dial ADDRESS instead; empty HOST or PORT match all"},
    [UCM_OPT_PASSWORD_FD] = {"password-fd", 0, "N", 0, POLICY_OPTION,
	"read the password from descriptor N"},
    [UCM_OPT_PASSWORD_FILE] = {"password-file", 0, "F", 0, POLICY_OPTION,
	"read the password from a file of mode 0600"},
    [UCM_OPT_LOGIN_USER] = {"login-user", 0, "U", 0, POLICY_OPTION,
	"the user name of the Login object, where the export lacks it"},
    [UCM_OPT_DEADLINE] = {"deadline", 0, "S", 0, WIRE_OPTION,
	"seconds for all (default 10 x SMTP_TIMEOUT, at least 60)"},
    [UCM_OPT_JSON] = {"json", 0, NULL, 0, EVERY_OPTION, "one JSON object on standard output"},
    [UCM_OPT_TRACE] = {"trace", 0, "FILE", 0, WIRE_OPTION,
	"write the dialogue, secrets removed; - is standard error"},
    [UCM_OPT_QUIET] = {"quiet", 'q', NULL, 0, EVERY_OPTION, "nothing but errors"},
    [UCM_OPT_VERBOSE] = {"verbose", 'v', NULL, 0, EVERY_OPTION,
	"the dialogue on standard error, secrets removed"},
    [UCM_OPT_TO] = {"to", 't', "A", 1, WIRE_OPTION, "a recipient, or several with commas"},
    [UCM_OPT_CC] = {"cc", 0, "A", 1, UCM_CLI_SEND, "a recipient of a copy"},
    [UCM_OPT_BCC] = {"bcc", 0, "A", 1, UCM_CLI_SEND, "a recipient of a blind copy"},
    [UCM_OPT_SUBJECT] = {"subject", 's', "S", 0, UCM_CLI_SEND, "the subject"},
    [UCM_OPT_BODY_FILE] = {"body-file", 0, "F", 0, UCM_CLI_SEND,
	"the text, in UTF-8; - is standard input (default: no text)"},
    [UCM_OPT_ATTACH] = {"attach", 'A', "FILE[:TYPE]", 1, UCM_CLI_SEND, "attach a file whole"},
    [UCM_OPT_REPORT] = {"report", 0, "FILE", 1, UCM_CLI_SEND,
	"attach a text report, cut at SMTP_MAX_ATTACHMENT_SIZE"},
    [UCM_OPT_HEADER] = {"header", 0, "'N: V'", 1, UCM_CLI_SEND, "a further header field"},
    [UCM_OPT_MESSAGE] = {"message", 0, "F", 0, UCM_CLI_SEND,
	"a ready RFC 5322 message; - is standard input"},
    [UCM_OPT_BATCH] = {"batch", 0, "F", 0, UCM_CLI_SEND,
	"one JSON message per line, over one connection; - is standard input"},
    [UCM_OPT_WINDOW] = {"window", 0, "N", 0, UCM_CLI_SEND,
	"messages of a batch in flight (default 1)"},
    [UCM_OPT_DSN] = {"dsn", 0, "WHEN", 0, UCM_CLI_SEND, "never, or of success,failure,delay"},
    [UCM_OPT_REQUIRE_TLS] = {"require-tls", 0, NULL, 0, UCM_CLI_SEND,
	"TLS all the way to the mailbox (REQUIRETLS), or no mail"},
    [UCM_OPT_DRY_RUN] = {"dry-run", 0, NULL, 0, UCM_CLI_SEND, "print what would be sent"},
    [UCM_OPT_OUTPUT] = {"output", 'o', "FILE", 0, UCM_CLI_COMPILE,
	"the snapshot; - is standard output"},
    [UCM_OPT_HELP] = {"help", 'h', NULL, 0, EVERY_OPTION, "this help"},
};

static const struct command_row {
	enum ucm_cli_command command;
	const char *name, *synopsis, *help;
} commands[] = {
    {UCM_CLI_SEND, "send", "POLICY-OPTIONS MESSAGE-OPTIONS", "send a message"},
    {UCM_CLI_CHECK, "check", "POLICY-OPTIONS",
	"connect, verify, log in if a login is set, and quit"},
    {UCM_CLI_POLICY, "policy", "POLICY-OPTIONS", "show the effective policy"},
    {UCM_CLI_AGENTS, "agents", "[--release R]", "list which kinds of agent can send"},
    {UCM_CLI_COMPILE, "compile", "-C PATH ... -o FILE", "write a snapshot of a system"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

enum ucm_cli_command ucm_cli_find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].command;
	return 0;
}

const char *ucm_cli_command_name(enum ucm_cli_command command)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (commands[i].command == command)
			return commands[i].name;
	return "";
}

void ucm_cli_short_usage(FILE *out)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "%s ucmail %-8s%s\n", i == 0 ? "usage:" : "      ", commands[i].name,
		    commands[i].synopsis);
	fputs("       ucmail --version | --help | COMMAND --help\n", out);
}

void ucm_cli_help(enum ucm_cli_command command, FILE *out)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (commands[i].command == command)
			fprintf(out, "usage: ucmail %s %s\n%s\n\n", commands[i].name,
			    commands[i].synopsis, commands[i].help);
	for (i = 0; i < UCM_OPT_COUNT; i++) {
		const struct option_row *row = &rows[i];
		char left[64];

		if ((row->commands & (int)command) == 0)
			continue;
		snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument ? " " : "",
		    row->argument ? row->argument : "");
		fprintf(out, "  %c%c%s%-22s %s%s\n", row->letter ? '-' : ' ',
		    row->letter ? row->letter : ' ', row->letter ? ", " : "  ", left, row->help,
		    row->repeats ? "; repeatable" : "");
	}
}

/* ---- Parser ------------------------------------------------------------------------------- */

static int complain(char *reason, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int complain(char *reason, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, size, format, arguments);
	va_end(arguments);
	return -1;
}

/* getopt's two descriptions of all options; those of other commands are told by their name. */
static void describe(struct option *long_options, char *letters)
{
	size_t i;

	*letters++ = ':'; /* a missing argument is told as ':' */
	for (i = 0; i < UCM_OPT_COUNT; i++) {
		long_options[i] = (struct option){
		    .name = rows[i].name,
		    .has_arg = rows[i].argument != NULL ? required_argument : no_argument,
		    .val = rows[i].letter ? rows[i].letter : LETTERLESS + (int)i,
		};
		if (rows[i].letter) {
			*letters++ = rows[i].letter;
			if (rows[i].argument != NULL)
				*letters++ = ':';
		}
	}
	long_options[UCM_OPT_COUNT] = (struct option){0};
	*letters = '\0';
}

static size_t row_of(int value)
{
	size_t i;

	if (value >= LETTERLESS)
		return (size_t)(value - LETTERLESS);
	for (i = 0; i < UCM_OPT_COUNT; i++)
		if (rows[i].letter == value)
			break;
	return i;
}

static int unknown_option(const char *word, char *reason, size_t size)
{
	const char *names[UCM_OPT_COUNT], *near = NULL;
	char name[64];
	size_t i, length = strcspn(word, "=");

	for (i = 0; i < UCM_OPT_COUNT; i++)
		names[i] = rows[i].name;
	if (strncmp(word, "--", 2) == 0 && length - 2 < sizeof name) {
		memcpy(name, word + 2, length - 2);
		name[length - 2] = '\0';
		near = ucm_nearest(name, names, UCM_OPT_COUNT);
	}
	if (near != NULL)
		return complain(reason, size, "no option %.100s: did you mean --%s?", word, near);
	return complain(reason, size, "no option %.100s: see ucmail --help", word);
}

static int take(
    struct ucm_cli_options *options, size_t option, const char *value, char *reason, size_t size)
{
	if ((rows[option].commands & (int)options->command) == 0)
		return complain(reason, size, "--%s is no option of ucmail %s", rows[option].name,
		    ucm_cli_command_name(options->command));
	options->value[option] = value != NULL ? value : "";
	if (rows[option].repeats) {
		options->item[options->item_count].option = (enum ucm_cli_option)option;
		options->item[options->item_count].value = value;
		options->item_count++;
	}
	return 0;
}

static int parse(int argc, char **argv, struct ucm_cli_options *options, char *reason, size_t size)
{
	struct option long_options[UCM_OPT_COUNT + 1];
	char letters[2 * UCM_OPT_COUNT + 2];
	int value;

	describe(long_options, letters);
	opterr = 0;
	optind = 1;
	for (;;) {
		int at = optind;

		value = getopt_long(argc, argv, letters, long_options, NULL);
		if (value == -1)
			break;
		if (value == ':')
			return complain(reason, size, "%.100s: its argument is missing",
			    argv[optind <= argc ? optind - 1 : argc - 1]);
		if (value == '?' && optopt != 0 && row_of(optopt) < UCM_OPT_COUNT)
			return complain(reason, size, "%.100s: takes no argument", argv[at]);
		if (value == '?')
			return unknown_option(argv[at < argc ? at : argc - 1], reason, size);
		if (take(options, row_of(value), optarg, reason, size) != 0)
			return -1;
	}
	if (optind < argc)
		return complain(reason, size, "%.100s: not an option; see ucmail %s --help",
		    argv[optind], ucm_cli_command_name(options->command));
	return 0;
}

int ucm_cli_parse(int argc, char **argv, enum ucm_cli_command command, struct ucm_cli_options *ret,
    char *reason, size_t reason_size)
{
	memset(ret, 0, sizeof *ret);
	ret->command = command;
	ret->item = calloc((size_t)argc + 1, sizeof *ret->item); /* an option is a word or more */
	if (ret->item == NULL)
		return complain(reason, reason_size, "no memory for the options");
	return parse(argc, argv, ret, reason, reason_size);
}

int ucm_cli_number(const char *text, long low, long high, long *ret)
{
	long number = 0;
	const char *at;

	for (at = text; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(number, 10L, &number) ||
		    __builtin_add_overflow(number, (long)(*at - '0'), &number))
			return -1;
	if (at == text || *at != '\0' || number < low || number > high)
		return -1;
	*ret = number;
	return 0;
}
