/*
 * ucmail send --batch: one JSON message per line, over one connection.
 *
 * Outcomes come in the order of the lines. The library asks for messages ahead of their outcomes,
 * so what is waiting is kept in a queue, and a line that is no message waits there for its turn.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/error.h"
#include "tools/ucmail_tool.h"

/* A body inside JSON; attachments are named, not held. */
#define LINE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define LINE_ROOM 4096

struct entry { /* a line whose outcome has not been reported */
	struct ucm_cli_line line;
	unsigned long long index;
	struct entry *next;
};

struct batch {
	struct ucm_cli *cli;
	FILE *in;
	char *line;
	size_t room;
	unsigned long long lines;
	struct entry *first, **end;
	int worst;
	int broken; /* the input cannot be read further, or the report not written */
};

/* ---- Reports ------------------------------------------------------------------------------ */

static void print_json(struct batch *batch, const struct entry *entry,
    const struct ucm_outcome *outcome, const struct ucm_cli_failure *failure)
{
	json_t *object = ucm_cli_outcome_json(batch->cli, outcome, failure);

	ucm_json_set(&object, "index", json_integer((json_int_t)entry->index));
	ucm_json_set(
	    &object, "id", entry->line.id != NULL ? json_incref(entry->line.id) : json_null());
	if (ucm_cli_json_print(object) != UCM_OK)
		batch->broken = 1;
}

/* For people, the reason tells the line. */
static void print_text(struct batch *batch, const struct entry *entry,
    const struct ucm_outcome *outcome, const struct ucm_cli_failure *failure)
{
	char reason[UCM_CLI_REASON_MAX + 256];
	struct ucm_cli_failure told;

	if (batch->cli->options.value[UCM_OPT_QUIET] == NULL)
		printf("line %llu\n", entry->index + 1);
	if (failure == NULL) {
		ucm_cli_outcome_text(batch->cli, outcome, NULL);
		return;
	}
	snprintf(reason, sizeof reason, "%.200s:%llu: %s", batch->cli->options.value[UCM_OPT_BATCH],
	    entry->index + 1, failure->reason);
	told = *failure;
	told.reason = reason;
	ucm_cli_outcome_text(batch->cli, outcome, &told);
}

static void report(struct batch *batch, const struct entry *entry,
    const struct ucm_outcome *outcome, const struct ucm_cli_failure *failure)
{
	int status =
	    failure != NULL ? failure->status : (int)ucm_outcome_number(outcome, UCM_OUTCOME_EXIT);

	batch->worst = ucm_worse(batch->worst, status);
	if (batch->cli->options.value[UCM_OPT_JSON] != NULL)
		print_json(batch, entry, outcome, failure);
	else
		print_text(batch, entry, outcome, failure);
}

static void drop_first(struct batch *batch)
{
	struct entry *entry = batch->first;

	batch->first = entry->next;
	if (batch->first == NULL)
		batch->end = &batch->first;
	json_decref(entry->line.id);
	free(entry);
}

/* Reports the lines at the head of the queue that were no messages. */
static void report_malformed(struct batch *batch)
{
	while (batch->first != NULL && batch->first->line.message == NULL) {
		report(batch, batch->first, NULL, &batch->first->line.failure);
		drop_first(batch);
	}
}

static void take_outcome(
    struct ucm_message *message, const struct ucm_outcome *outcome, int status, void *arg)
{
	struct batch *batch = arg;
	char reason[UCM_CLI_REASON_MAX];
	struct ucm_cli_failure failure = {.status = status, .reason = reason};
	const char *error =
	    outcome == NULL ? ucm_strerror(status) : ucm_outcome_text(outcome, UCM_OUTCOME_ERROR);

	report_malformed(batch);
	if (batch->first == NULL || batch->first->line.message != message)
		return; /* the library tells outcomes in order: cannot be */
	ucm_cli_reason(batch->cli, status, error == NULL ? "" : error, reason, sizeof reason);
	batch->cli->secrets.reason[0] = '\0'; /* it is not that of the next message */
	report(batch, batch->first, outcome, status == UCM_OK && outcome != NULL ? NULL : &failure);
	drop_first(batch);
	report_malformed(batch);
}

/* ---- Lines -------------------------------------------------------------------------------- */

static int is_blank_line(const char *line, size_t length)
{
	while (length > 0 && memchr(" \t\r\n", line[length - 1], 4) != NULL)
		length--;
	return length == 0;
}

static int grow_line(struct batch *batch)
{
	size_t room = batch->room > 0 ? batch->room * 2 : LINE_ROOM;
	char *larger = room <= LINE_MAX_BYTES ? realloc(batch->line, room) : NULL;

	if (larger == NULL)
		return -1;
	batch->line = larger;
	batch->room = room;
	return 0;
}

/* Reads a line, with its end. Its length; 0: there is none, or it cannot be read or held. */
static size_t read_line(struct batch *batch)
{
	size_t length = 0;
	int c = 0;

	while (c != '\n' && (c = getc_unlocked(batch->in)) != EOF) {
		if (length == batch->room && grow_line(batch) != 0) {
			batch->broken = 1;
			return 0;
		}
		batch->line[length++] = (char)c;
	}
	batch->broken |= ferror(batch->in) != 0;
	return batch->broken ? 0 : length;
}

/* Reads a line and puts it into the queue. NULL at the end. */
static struct entry *next_entry(struct batch *batch)
{
	struct entry *entry;
	size_t length;

	do {
		length = read_line(batch);
		if (length == 0)
			return NULL;
		batch->lines++;
	} while (is_blank_line(batch->line, length));
	entry = calloc(1, sizeof *entry);
	if (entry == NULL) {
		batch->broken = 1;
		return NULL;
	}
	entry->index = batch->lines - 1;
	*batch->end = entry;
	batch->end = &entry->next;
	/* where it is no message, the reason stays with the entry */
	(void)ucm_cli_parse_line(batch->cli, batch->line, length, &entry->line);
	return entry;
}

static struct ucm_message *next_message(struct ucm *handle, void *arg)
{
	struct batch *batch = arg;
	struct entry *entry;

	(void)handle;
	while (!batch->broken && (entry = next_entry(batch)) != NULL) {
		if (entry->line.message != NULL)
			return entry->line.message;
		report_malformed(batch);
	}
	return NULL;
}

/* ---- Whole -------------------------------------------------------------------------------- */

/* A batch's messages are on its lines. */
static int check_options(const struct ucm_cli_options *options, char *reason, size_t size)
{
	static const struct {
		enum ucm_cli_option option;
		const char *name;
	} single[] = {{UCM_OPT_TO, "--to"}, {UCM_OPT_CC, "--cc"}, {UCM_OPT_BCC, "--bcc"},
	    {UCM_OPT_SUBJECT, "--subject"}, {UCM_OPT_BODY_FILE, "--body-file"},
	    {UCM_OPT_ATTACH, "--attach"}, {UCM_OPT_REPORT, "--report"},
	    {UCM_OPT_HEADER, "--header"}, {UCM_OPT_MESSAGE, "--message"},
	    {UCM_OPT_DRY_RUN, "--dry-run"}};
	size_t i;

	for (i = 0; i < sizeof single / sizeof single[0]; i++) {
		if (options->value[single[i].option] == NULL)
			continue;
		snprintf(reason, size, "%s cannot go with --batch", single[i].name);
		return UCM_E_USAGE;
	}
	return UCM_OK;
}

/* What every line shares is judged before the first one is read. */
static int check_common(struct ucm_cli *cli, char *reason, size_t size)
{
	struct ucm_message *message = NULL;
	int status = ucm_message_new(cli->handle, &message);

	if (status == UCM_OK)
		status = ucm_cli_fill_common(cli, message, reason, size);
	ucm_message_free(message);
	return status;
}

static int open_batch(struct batch *batch, char *reason, size_t size)
{
	struct ucm_cli *cli = batch->cli;
	int status = check_options(&cli->options, reason, size);
	int fd;

	if (status == UCM_OK)
		status = ucm_cli_open(cli, reason, size);
	if (status == UCM_OK)
		status = check_common(cli, reason, size);
	if (status == UCM_OK)
		status = ucm_decide_policy(cli->handle);
	if (status != UCM_OK)
		return status;
	fd = ucm_cli_open_file(cli->options.value[UCM_OPT_BATCH], reason, size);
	if (fd < 0)
		return UCM_E_IO;
	batch->in = fdopen(fd, "r");
	if (batch->in == NULL) {
		close(fd);
		return UCM_E_IO;
	}
	return UCM_OK;
}

static int run(struct batch *batch)
{
	int status = ucm_send_batch(batch->cli->handle, next_message, take_outcome, batch);

	batch->worst = ucm_worse(batch->worst, status);
	report_malformed(batch);
	while (batch->first != NULL) { /* never sent: the batch itself failed */
		struct ucm_cli_failure failure = {
		    .status = status != UCM_OK ? status : UCM_E_AGAIN,
		    .reason = ucm_error(batch->cli->handle),
		};

		report(batch, batch->first, NULL, &failure);
		drop_first(batch);
	}
	if (batch->broken) {
		fprintf(stderr, "ucmail: the batch stopped behind line %llu: %s\n", batch->lines,
		    "it cannot be read, or its outcomes cannot be written");
		batch->worst = ucm_worse(batch->worst, UCM_E_IO);
	}
	return batch->worst;
}

int ucm_cli_batch(struct ucm_cli *cli)
{
	struct batch batch = {.cli = cli, .worst = UCM_OK};
	char reason[UCM_CLI_REASON_MAX] = "";
	int status;

	batch.end = &batch.first;
	status = open_batch(&batch, reason, sizeof reason);
	if (status == UCM_OK) {
		status = run(&batch);
	} else {
		if (reason[0] == '\0' && cli->handle != NULL)
			ucm_cli_reason(cli, status, ucm_error(cli->handle), reason, sizeof reason);
		ucm_cli_report_failure(cli, status, reason);
	}
	if (batch.in != NULL)
		fclose(batch.in);
	free(batch.line);
	return status;
}
