/*
 * What became of a send: the contract's JSON object, and a few lines for people.
 */
#include "config.h"

#include <string.h>

#include "tools/report_escape.h"
#include "tools/ucmail_tool.h"

#define SEND_MAIL_REFUSED 10034 /* the codes that the product's SEND_MAIL returns */
#define SEND_MAIL_FAILED 50006

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *tls_json(const struct ucm_outcome *outcome)
{
	static const struct {
		const char *key;
		enum ucm_outcome_text_field field;
	} fields[] = {{"version", UCM_OUTCOME_TLS_VERSION}, {"cipher", UCM_OUTCOME_TLS_CIPHER},
	    {"mode", UCM_OUTCOME_TLS_MODE}, {"peer_sha256", UCM_OUTCOME_PEER_SHA256},
	    {"trusted_by", UCM_OUTCOME_TRUSTED_BY}};
	json_t *tls = json_object();
	size_t i;

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const char *text =
		    outcome != NULL ? ucm_outcome_text(outcome, fields[i].field) : NULL;

		if (text == NULL && fields[i].field == UCM_OUTCOME_TLS_MODE)
			text = "none"; /* there was no connection */
		ucm_json_set(&tls, fields[i].key, ucm_cli_json_known(text));
	}
	return tls;
}

static json_t *server_json(const struct ucm_cli *cli, const struct ucm_outcome *outcome)
{
	json_t *server = json_object();
	const char *host = NULL, *banner = NULL;
	long port = -1;

	if (outcome != NULL) {
		host = ucm_outcome_text(outcome, UCM_OUTCOME_HOST);
		port = ucm_outcome_number(outcome, UCM_OUTCOME_PORT);
		banner = ucm_outcome_text(outcome, UCM_OUTCOME_BANNER);
	} else if (cli->handle != NULL) {
		host = ucm_policy_text(cli->handle, UCM_POLICY_HOST);
		port = ucm_policy_number(cli->handle, UCM_POLICY_PORT);
	}
	ucm_json_set(&server, "host", ucm_cli_json_known(host));
	ucm_json_set(&server, "port", ucm_cli_json_number(port, 1));
	ucm_json_set(&server, "banner", ucm_cli_json_known(banner));
	return server;
}

static json_t *recipients_json(const struct ucm_outcome *outcome)
{
	json_t *list = json_array();
	struct ucm_recipient one;
	size_t i;

	for (i = 0; outcome != NULL && ucm_outcome_recipient(outcome, i, &one) == UCM_OK; i++) {
		json_t *object = json_object();

		ucm_json_set(&object, "address", ucm_cli_json_text(one.address));
		ucm_json_set(&object, "status", ucm_cli_json_text(one.status));
		ucm_json_set(&object, "code", json_integer(one.code));
		ucm_json_set(&object, "enhanced", ucm_cli_json_known(one.enhanced));
		ucm_json_set(&object, "text", ucm_cli_json_known(one.text));
		ucm_json_append(&list, object);
	}
	return list;
}

static const char *policy_text(const struct ucm_cli *cli, enum ucm_policy_text_field field)
{
	return cli->handle == NULL ? NULL : ucm_policy_text(cli->handle, field);
}

static json_t *client_json(const struct ucm_cli *cli)
{
	return ucm_cli_json_number(
	    cli->handle == NULL ? -1 : ucm_get_number(cli->handle, UCM_CLIENT), 0);
}

static void put_failure(
    json_t **object, const struct ucm_cli *cli, const struct ucm_cli_failure *failure)
{
	int refused = failure->status == UCM_E_POLICY;

	ucm_json_set(object, "status", json_string("failed"));
	ucm_json_set(object, "exit", json_integer(failure->status));
	ucm_json_set(object, "client", client_json(cli));
	ucm_json_set(object, "decision", ucm_cli_json_known(policy_text(cli, UCM_POLICY_DECISION)));
	ucm_json_set(object, "tls", tls_json(NULL));
	ucm_json_set(object, "server", server_json(cli, NULL));
	ucm_json_set(object, "recipients", recipients_json(NULL));
	ucm_json_set(object, "message_id", json_null());
	ucm_json_set(object, "reply", json_null());
	ucm_json_set(
	    object, "send_mail_code", json_integer(refused ? SEND_MAIL_REFUSED : SEND_MAIL_FAILED));
	ucm_json_set(object, "plaintext", json_false());
	ucm_json_set(object, "refused_by", ucm_cli_json_known(failure->rule));
	ucm_json_set(object, "error", ucm_cli_json_known(failure->reason));
}

static void put_outcome(json_t **object, const struct ucm_cli *cli,
    const struct ucm_outcome *outcome, const struct ucm_cli_failure *failure)
{
	const char *error =
	    failure != NULL ? failure->reason : ucm_outcome_text(outcome, UCM_OUTCOME_ERROR);

	ucm_json_set(
	    object, "status", ucm_cli_json_text(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS)));
	ucm_json_set(object, "exit", json_integer(ucm_outcome_number(outcome, UCM_OUTCOME_EXIT)));
	ucm_json_set(object, "client",
	    ucm_cli_json_number(ucm_outcome_number(outcome, UCM_OUTCOME_CLIENT), 0));
	ucm_json_set(object, "decision",
	    ucm_cli_json_known(ucm_outcome_text(outcome, UCM_OUTCOME_DECISION)));
	ucm_json_set(object, "tls", tls_json(outcome));
	ucm_json_set(object, "server", server_json(cli, outcome));
	ucm_json_set(object, "recipients", recipients_json(outcome));
	ucm_json_set(object, "message_id",
	    ucm_cli_json_known(ucm_outcome_text(outcome, UCM_OUTCOME_MESSAGE_ID)));
	ucm_json_set(
	    object, "reply", ucm_cli_json_known(ucm_outcome_text(outcome, UCM_OUTCOME_REPLY)));
	ucm_json_set(object, "send_mail_code",
	    json_integer(ucm_outcome_number(outcome, UCM_OUTCOME_SEND_MAIL_CODE)));
	ucm_json_set(object, "plaintext",
	    json_boolean(ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT) == 1));
	ucm_json_set(object, "refused_by",
	    ucm_cli_json_known(ucm_outcome_text(outcome, UCM_OUTCOME_REFUSED_BY)));
	ucm_json_set(object, "error", ucm_cli_json_known(error));
}

json_t *ucm_cli_outcome_json(const struct ucm_cli *cli, const struct ucm_outcome *outcome,
    const struct ucm_cli_failure *failure)
{
	json_t *object = json_object();

	if (outcome != NULL)
		put_outcome(&object, cli, outcome, failure);
	else
		put_failure(&object, cli, failure);
	return object;
}

/* ---- Text --------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

/* A recipient whom no server was asked about is deferred in JSON; people are told that plainly. */
static const char *recipient_word(const struct ucm_recipient *recipient)
{
	int asked = recipient->code != 0 || strcmp(recipient->status, "deferred") != 0;

	return asked ? recipient->status : "not sent";
}

static void print_recipients(const struct ucm_outcome *outcome)
{
	struct ucm_recipient one;
	size_t i;

	for (i = 0; ucm_outcome_recipient(outcome, i, &one) == UCM_OK; i++) {
		printf("%-9s ", recipient_word(&one));
		ucm_put_plain(stdout, one.address);
		if (strcmp(one.status, "accepted") != 0 && one.code > 0)
			printf(": %d%s%s %s", one.code, *or_empty(one.enhanced) ? " " : "",
			    or_empty(one.enhanced), or_empty(one.text));
		putchar('\n');
	}
}

static void print_connection(const struct ucm_outcome *outcome)
{
	const char *version = ucm_outcome_text(outcome, UCM_OUTCOME_TLS_VERSION);
	const char *host = ucm_outcome_text(outcome, UCM_OUTCOME_HOST);

	printf("%-9s by ", or_empty(ucm_outcome_text(outcome, UCM_OUTCOME_STATUS)));
	ucm_put_plain(stdout, or_empty(host));
	printf(":%ld, ", ucm_outcome_number(outcome, UCM_OUTCOME_PORT));
	if (*or_empty(version) != '\0') {
		printf("%s, %s, trusted by ", version,
		    or_empty(ucm_outcome_text(outcome, UCM_OUTCOME_TLS_CIPHER)));
		ucm_put_plain(stdout, or_empty(ucm_outcome_text(outcome, UCM_OUTCOME_TRUSTED_BY)));
	} else
		fputs(
		    ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT) == 1 ? "in clear" : "no TLS",
		    stdout);
	putchar('\n');
}

static void print_outcome(const struct ucm_outcome *outcome)
{
	print_recipients(outcome);
	if (ucm_outcome_text(outcome, UCM_OUTCOME_BANNER) != NULL)
		print_connection(outcome);
	if (ucm_outcome_text(outcome, UCM_OUTCOME_MESSAGE_ID) != NULL &&
	    ucm_outcome_number(outcome, UCM_OUTCOME_EXIT) == UCM_OK)
		printf("%-9s %s\n", "message", ucm_outcome_text(outcome, UCM_OUTCOME_MESSAGE_ID));
}

void ucm_cli_outcome_text(const struct ucm_cli *cli, const struct ucm_outcome *outcome,
    const struct ucm_cli_failure *failure)
{
	const char *error = failure != NULL ? failure->reason : NULL;

	if (error == NULL && outcome != NULL &&
	    ucm_outcome_number(outcome, UCM_OUTCOME_EXIT) != UCM_OK)
		error = ucm_outcome_text(outcome, UCM_OUTCOME_ERROR);
	if (*or_empty(error) != '\0') {
		fflush(stdout);
		ucm_cli_complain(error);
	}
	if (outcome != NULL && cli->options.value[UCM_OPT_QUIET] == NULL)
		print_outcome(outcome);
}
