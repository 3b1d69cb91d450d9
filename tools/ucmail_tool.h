/*
 * The ucmail program inside: options, the handle made of them, reports.
 */
#ifndef UCM_TOOLS_UCMAIL_TOOL_H
#define UCM_TOOLS_UCMAIL_TOOL_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "tools/json_help.h"
#include "tools/secret.h"
#include "ucmail.h"

#define UCM_CLI_REASON_MAX 2048 /* a reason of the library with one of our own behind it */

/* ---- Options ------------------------------------------------------------------------------ */

/* Bits, so that a row of the option table can name several. */
enum ucm_cli_command {
	UCM_CLI_SEND = 1,
	UCM_CLI_POLICY = 2,
	UCM_CLI_CHECK = 4,
	UCM_CLI_AGENTS = 8,
	UCM_CLI_COMPILE = 16
};

enum ucm_cli_option {
	UCM_OPT_CONFIG,
	UCM_OPT_CLIENT,
	UCM_OPT_SERVER,
	UCM_OPT_VIA,
	UCM_OPT_AGENT,
	UCM_OPT_RELEASE,
	UCM_OPT_PROFILE,
	UCM_OPT_PAYLOADS,
	UCM_OPT_CONNECT_TO,
	UCM_OPT_PASSWORD_FD,
	UCM_OPT_PASSWORD_FILE,
	UCM_OPT_LOGIN_USER,
	UCM_OPT_DEADLINE,
	UCM_OPT_JSON,
	UCM_OPT_TRACE,
	UCM_OPT_QUIET,
	UCM_OPT_VERBOSE,
	UCM_OPT_TO,
	UCM_OPT_CC,
	UCM_OPT_BCC,
	UCM_OPT_SUBJECT,
	UCM_OPT_BODY_FILE,
	UCM_OPT_ATTACH,
	UCM_OPT_REPORT,
	UCM_OPT_HEADER,
	UCM_OPT_MESSAGE,
	UCM_OPT_BATCH,
	UCM_OPT_WINDOW,
	UCM_OPT_DSN,
	UCM_OPT_REQUIRE_TLS,
	UCM_OPT_DRY_RUN,
	UCM_OPT_OUTPUT,
	UCM_OPT_HELP,
	UCM_OPT_COUNT
};

struct ucm_cli_item { /* an option that may be repeated, in the order of the command line */
	enum ucm_cli_option option;
	const char *value;
};

struct ucm_cli_options {
	enum ucm_cli_command command;
	const char *value[UCM_OPT_COUNT]; /* the last one given; "" of an option without argument */
	struct ucm_cli_item *item; /* all that may be repeated; freed by the owner */
	size_t item_count;
};

/*
 * Reads the command line behind the command's name. 0, or -1 with the reason (reason_size bytes).
 * The strings stay those of argv.
 */
int ucm_cli_parse(int argc, char **argv, enum ucm_cli_command command, struct ucm_cli_options *ret,
    char *reason, size_t reason_size);

/* A decimal number between low and high. 0, or -1. */
int ucm_cli_number(const char *text, long low, long high, long *ret);

/* The command of that name, 0 where there is none. */
enum ucm_cli_command ucm_cli_find_command(const char *name);
const char *ucm_cli_command_name(enum ucm_cli_command command);

/* One line a command; and all that a command takes. */
void ucm_cli_short_usage(FILE *out);
void ucm_cli_help(enum ucm_cli_command command, FILE *out);

/* ---- A run -------------------------------------------------------------------------------- */

struct ucm_cli {
	struct ucm_cli_options options;
	struct ucm *handle;
	struct ucm_secrets secrets;
	FILE *trace; /* NULL: none */
};

/*
 * Makes the handle and sets what the options say. Returns a status; where that is not UCM_OK the
 * reason is in `reason`.
 */
int ucm_cli_open(struct ucm_cli *cli, char *reason, size_t reason_size);
/* Ends the handle, closes the trace, wipes the secrets. Any member may be unset. */
void ucm_cli_close(struct ucm_cli *cli);

/*
 * The reason of a failure: the library's, but where it was refused for want of a password, why
 * there was none, which says more.
 */
void ucm_cli_reason(
    const struct ucm_cli *cli, int status, const char *library_reason, char *out, size_t size);

/* "ucmail: text" on standard error, in characters that no terminal obeys. */
void ucm_cli_complain(const char *text);

/* Complains; with --json prints the object of a failure on standard output. */
void ucm_cli_report_failure(const struct ucm_cli *cli, int status, const char *reason);

/* The commands; each returns the exit code. */
int ucm_cli_send(struct ucm_cli *cli);
int ucm_cli_batch(struct ucm_cli *cli);
int ucm_cli_policy(struct ucm_cli *cli);
int ucm_cli_check(struct ucm_cli *cli);
int ucm_cli_agents(struct ucm_cli *cli);
int ucm_cli_compile(struct ucm_cli *cli);

/* ---- Messages ----------------------------------------------------------------------------- */

/* Fills a message from the options. A status, with the reason where it is not UCM_OK. */
int ucm_cli_fill_message(
    struct ucm_cli *cli, struct ucm_message *message, char *reason, size_t reason_size);

/* Sets what holds for every message, batch or not: --dsn. */
int ucm_cli_fill_common(
    struct ucm_cli *cli, struct ucm_message *message, char *reason, size_t reason_size);

/* Opens a file for reading, "-" for standard input. -1 with the reason. */
int ucm_cli_open_file(const char *path, char *reason, size_t reason_size);

/* ---- Outcomes ----------------------------------------------------------------------------- */

struct ucm_cli_failure { /* of what never came to an outcome */
	int status;
	const char *reason;
	const char *rule; /* "" or NULL: none */
};

/*
 * The object of the contract for a send. outcome may be NULL: then the failure tells. `reason`
 * replaces the outcome's error where not NULL. NULL without memory.
 */
json_t *ucm_cli_outcome_json(const struct ucm_cli *cli, const struct ucm_outcome *outcome,
    const struct ucm_cli_failure *failure);

/*
 * A few lines for people: the reason on standard error, then on standard output, unless -q, what came of
 * it. They stand in that order on a terminal as in a file.
 */
void ucm_cli_outcome_text(const struct ucm_cli *cli, const struct ucm_outcome *outcome,
    const struct ucm_cli_failure *failure);

/* ---- Batches ------------------------------------------------------------------------------ */

#define UCM_CLI_LINE_REASON_MAX 512

struct ucm_cli_line { /* of a batch */
	struct ucm_message *message; /* NULL: it was none, and the failure tells why */
	struct ucm_cli_failure failure;
	char reason[UCM_CLI_LINE_REASON_MAX];
	json_t *id; /* of whatever type, NULL where it has none; a reference of the owner's */
};

/* Makes a message of a line. 0, or -1 with ret->failure. ret may not be moved afterwards. */
int ucm_cli_parse_line(
    struct ucm_cli *cli, const char *text, size_t length, struct ucm_cli_line *ret);

/* ---- JSON --------------------------------------------------------------------------------- */

/* A string; null for NULL; bytes that are no UTF-8 become U+FFFD. NULL without memory. */
json_t *ucm_cli_json_text(const char *text);
/* The same, and null for "". */
json_t *ucm_cli_json_known(const char *text);
/* A number; null below `low`. */
json_t *ucm_cli_json_number(long number, long low);
/* Prints the object in one line, and drops it. NULL: says that memory is short. Returns a status.
 */
int ucm_cli_json_print(json_t *object);

#endif
