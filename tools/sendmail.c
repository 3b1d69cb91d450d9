/*
 * ucmail-sendmail: what cron, mailx and scripts call as sendmail. The message comes on standard
 * input, who may send it and how is the policy's business alone.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/sendmail.h"
#include "tools/streams.h"

static const char usage[] =
    "usage: ucmail-sendmail [-i] [-t] [-F name] [-f address] [-N dsn] [-v] [address ...]\n"
    "\n"
    "Sends the message on standard input at once, as the policy decides that\n"
    "/etc/ucmail/sendmail.conf (or $UCMAIL_SENDMAIL_CONF) names:\n"
    "\n"
    "  [sendmail]\n"
    "  config = /etc/ucmail/system.snapshot\n"
    "  client = 100\n"
    "\n"
    "  -t          the recipients are those of To, Cc and Bcc\n"
    "  -i          a line that is a dot alone does not end the message\n"
    "  -F name     the sender's name; -f address: where answers shall go\n"
    "  -N dsn      when servers report back: never, or success,failure,delay\n"
    "  -v          the dialogue on standard error, secrets removed";

struct run {
	struct ucm_sendmail_options options;
	struct ucm_sendmail_config config;
	struct ucm_arena arena;
	struct ucm *handle;
	struct ucm_input input;
};

static void log_line(char direction, const char *line, size_t length, void *arg)
{
	(void)arg;
	fprintf(stderr, "%c: ", direction);
	fwrite(line, 1, length, stderr);
	putc('\n', stderr);
}

/* A failure of the library, with its reason. */
static int library_failed(struct run *run, int status, struct ucm_error *error)
{
	const char *secret = run->config.secrets.reason;
	const char *reason = ucm_error(run->handle), *rule = ucm_error_rule(run->handle);

	int elsewhere = status == UCM_E_INPUT && run->config.by_default;

	if (status == UCM_E_POLICY && *secret)
		reason = secret;
	return ucm_fail(error, (enum ucm_class)status, "%s%s%s%s%s%s",
	    *reason ? reason : ucm_strerror(status), *rule ? " " : "", rule,
	    elsewhere ? " (exports elsewhere are named by config = PATH in " : "",
	    elsewhere ? run->config.file : "", elsewhere ? ")" : "");
}

static int open_handle(struct run *run, struct ucm_error *error)
{
	struct ucm_options options = {
	    .size = sizeof options, .conv = ucm_secret_answer, .conv_arg = &run->config.secrets};
	int status;

	run->config.secrets = (struct ucm_secrets){.fd = -1,
	    .credentials = secure_getenv("CREDENTIALS_DIRECTORY"),
	    .logins = UCM_LOGINS_FOLDER};
	if (run->options.verbose)
		options.log = log_line;
	status = ucm_start(&options, &run->handle);
	if (status)
		return ucm_fail(error, (enum ucm_class)status, "%s", ucm_strerror(status));
	return ucm_sendmail_configure(
	    &run->config, run->handle, secure_getenv("UCMAIL_SENDMAIL_CONF"), &run->arena, error);
}

/* Each recipient that was not accepted: the caller has nothing but this to learn of it. */
static void tell_recipients(const struct ucm_outcome *outcome)
{
	struct ucm_recipient one;

	for (size_t i = 0; ucm_outcome_recipient(outcome, i, &one) == UCM_OK; i++)
		if (strcmp(one.status, "accepted") != 0 && one.code > 0)
			fprintf(stderr, "ucmail-sendmail: %s %s: %d%s%s %s\n", one.address,
			    one.status, one.code, *one.enhanced ? " " : "", one.enhanced, one.text);
}

static int send_message(struct run *run, struct ucm_error *error)
{
	struct ucm_message *message = NULL;
	struct ucm_outcome *outcome = NULL;
	int status = ucm_decide_policy(run->handle);

	if (!status)
		status = ucm_message_new(run->handle, &message);
	if (status)
		return library_failed(run, status, error);
	if (ucm_sendmail_fill(
		message, run->handle, &run->options, &run->config, &run->input, error))
		return -1;
	status = ucm_send(run->handle, message, &outcome);
	if (!status)
		return 0;
	if (outcome)
		tell_recipients(outcome);
	return library_failed(run, status, error);
}

static int run_options(struct run *run, struct ucm_error *error)
{
	if (run->options.version)
		printf("ucmail-sendmail %s\n", ucm_version());
	if (run->options.help)
		puts(usage);
	if (run->options.version || run->options.help)
		return 0;
	if (!run->options.recipient_count && !run->options.from_header)
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "no recipient: name them, or give -t, which takes those of To, Cc and Bcc; "
		    "--help tells more");
	if (open_handle(run, error) || ucm_sendmail_read(&run->input, run->options.dots, error))
		return -1;
	return send_message(run, error);
}

int main(int argc, char **argv)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct run run = {0};
	struct ucm_error error;
	int failed;

	if (ucm_streams_hold())
		return UCM_E_IO;
	/* a caller that went away is an error of writing, not the end of a send */
	sigaction(SIGPIPE, &ignore, NULL);
	ucm_error_clear(&error);
	ucm_arena_init(&run.arena, NULL, 0);
	failed = ucm_sendmail_parse(argc, argv, &run.options, &error) || run_options(&run, &error);
	if (fflush(stdout) || ferror(stdout))
		failed = ucm_fail(&error, UCM_CLASS_IO, "standard output cannot be written");
	if (failed)
		fprintf(stderr, "ucmail-sendmail: %s\n", error.text);
	ucm_end(run.handle);
	free(run.input.bytes);
	ucm_arena_free(&run.arena);
	ucm_secrets_wipe(&run.config.secrets);
	return failed ? (int)error.class : UCM_OK;
}
