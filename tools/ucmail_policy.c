/*
 * ucmail policy: what would happen, and where each setting comes from.
 */
#include "config.h"

#include <string.h>

#include "policy/text.h"
#include "tools/report_escape.h"
#include "tools/ucmail_tool.h"

#define VALUE_WIDTH 30 /* of a text report, in characters */

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *certificate_json(const struct ucm *handle)
{
	json_t *object;

	if (ucm_policy_text(handle, UCM_POLICY_CERT_NAME) == NULL)
		return json_null();
	object = json_object();
	ucm_json_set(
	    &object, "name", ucm_cli_json_text(ucm_policy_text(handle, UCM_POLICY_CERT_NAME)));
	ucm_json_set(
	    &object, "sha256", ucm_cli_json_text(ucm_policy_text(handle, UCM_POLICY_CERT_SHA256)));
	ucm_json_set(&object, "subject",
	    ucm_cli_json_text(ucm_policy_text(handle, UCM_POLICY_CERT_SUBJECT)));
	ucm_json_set(&object, "not_after",
	    ucm_cli_json_text(ucm_policy_text(handle, UCM_POLICY_CERT_NOT_AFTER)));
	return object;
}

static json_t *provenance_json(const struct ucm *handle)
{
	json_t *object = json_object();
	struct ucm_source source;
	size_t i;

	for (i = 0; ucm_policy_source(handle, i, &source) == UCM_OK; i++) {
		json_t *place = json_object();

		ucm_json_set(&place, "client", ucm_cli_json_number(source.client, 0));
		ucm_json_set(&place, "object", ucm_cli_json_text(source.object));
		ucm_json_set(&place, "file", ucm_cli_json_text(source.file));
		ucm_json_set(&place, "line", ucm_cli_json_number(source.line, 1));
		ucm_json_set(&place, "column", ucm_cli_json_number(source.column, 1));
		ucm_json_set(&object, source.key, place);
	}
	return object;
}

/* Whether an earlier finding was of that rule: the list of the contract is of rules. */
static int was_listed(const struct ucm *handle, size_t index, const char *rule)
{
	struct ucm_policy_finding earlier;
	size_t i;

	for (i = 0; i < index; i++)
		if (ucm_policy_finding_at(handle, i, &earlier) == UCM_OK &&
		    strcmp(earlier.rule, rule) == 0)
			return 1;
	return 0;
}

static json_t *findings_json(const struct ucm *handle)
{
	json_t *list = json_array();
	struct ucm_policy_finding finding;
	size_t i;

	for (i = 0; ucm_policy_finding_at(handle, i, &finding) == UCM_OK; i++)
		if (!was_listed(handle, i, finding.rule))
			ucm_json_append(&list, json_string(finding.rule));
	return list;
}

struct text_field {
	const char *key;
	enum ucm_policy_text_field field;
};

static const struct text_field head_texts[] = {{"via", UCM_POLICY_VIA},
    {"server_variable", UCM_POLICY_SERVER_VARIABLE}, {"agent", UCM_POLICY_AGENT},
    {"decision", UCM_POLICY_DECISION}, {"host", UCM_POLICY_HOST}, {NULL, 0}};
static const struct text_field middle_texts[] = {{"protocol", UCM_POLICY_PROTOCOL},
    {"from", UCM_POLICY_FROM}, {"reply_to", UCM_POLICY_REPLY_TO}, {"login", UCM_POLICY_LOGIN},
    {NULL, 0}};
static const struct text_field tail_texts[] = {{"login_user", UCM_POLICY_LOGIN_USER},
    {"auth_method", UCM_POLICY_AUTH_METHOD}, {"refused_by", UCM_POLICY_REFUSED_BY}, {NULL, 0}};

static void put_texts(json_t **object, const struct text_field *fields, const struct ucm *handle)
{
	for (; fields->key != NULL; fields++)
		ucm_json_set(
		    object, fields->key, ucm_cli_json_text(ucm_policy_text(handle, fields->field)));
}

static json_t *policy_json(const struct ucm *handle, int status)
{
	json_t *object = json_object();
	long number;

	number = ucm_policy_number(handle, UCM_POLICY_CLIENT);
	ucm_json_set(&object, "client", ucm_cli_json_number(number, 0));
	put_texts(&object, head_texts, handle);
	number = ucm_policy_number(handle, UCM_POLICY_PORT);
	ucm_json_set(&object, "port", ucm_cli_json_number(number, 1));
	put_texts(&object, middle_texts, handle);
	number = ucm_policy_number(handle, UCM_POLICY_TIMEOUT_S);
	ucm_json_set(&object, "timeout_s", ucm_cli_json_number(number, 0));
	number = ucm_policy_number(handle, UCM_POLICY_MAX_REPORT_BYTES);
	ucm_json_set(&object, "max_report_bytes", ucm_cli_json_number(number, 0));
	ucm_json_set(&object, "certificate", certificate_json(handle));
	ucm_json_set(&object, "provenance", provenance_json(handle));
	ucm_json_set(&object, "findings", findings_json(handle));
	put_texts(&object, tail_texts, handle);
	number = ucm_policy_number(handle, UCM_POLICY_FILE_ATTACHMENTS);
	ucm_json_set(&object, "file_attachments", json_boolean(number == 1));
	ucm_json_set(&object, "exit", json_integer(status));
	return object;
}

/* ---- Text --------------------------------------------------------------------------------- */

/* The source of a key. 0, or -1 where it is not set. */
static int find_source(const struct ucm *handle, const char *key, struct ucm_source *ret)
{
	size_t i;

	for (i = 0; key != NULL && ucm_policy_source(handle, i, ret) == UCM_OK; i++)
		if (strcmp(ret->key, key) == 0)
			return 0;
	return -1;
}

/* One line of the table, with the place of the key that it came from. */
static void print_line(
    const struct ucm *handle, const char *label, const char *value, const char *key)
{
	struct ucm_source source;

	printf("%-12s  ", label);
	ucm_put_plain(stdout, value);
	if (find_source(handle, key, &source) == 0) {
		for (size_t width = ucm_utf8_length(value); width < VALUE_WIDTH; width++)
			putchar(' ');
		fputs("  ", stdout);
		ucm_put_plain(stdout, source.object);
		printf(" of client %d, ", source.client);
		ucm_put_plain(stdout, source.file);
		printf(":%u", source.line);
	}
	putchar('\n');
}

static void print_number(const struct ucm *handle, const char *label,
    enum ucm_policy_number_field field, const char *unit, const char *key)
{
	long number = ucm_policy_number(handle, field);
	char value[64];

	if (number < 0)
		return;
	snprintf(value, sizeof value, "%ld%s", number, unit);
	print_line(handle, label, value, key);
}

static void print_text(
    const struct ucm *handle, const char *label, enum ucm_policy_text_field field, const char *key)
{
	const char *value = ucm_policy_text(handle, field);

	if (value != NULL)
		print_line(handle, label, value, key);
}

static void print_findings(const struct ucm *handle)
{
	struct ucm_policy_finding finding;
	size_t i;

	for (i = 0; ucm_policy_finding_at(handle, i, &finding) == UCM_OK; i++) {
		printf("%s%s %s: ", i == 0 ? "\n" : "", finding.severity, finding.rule);
		ucm_put_plain(stdout, finding.message);
		if (finding.hint != NULL && *finding.hint != '\0') {
			fputs("\n    ", stdout);
			ucm_put_plain(stdout, finding.hint);
		}
		if (finding.file != NULL) {
			fputs("\n    at ", stdout);
			ucm_put_plain(stdout, finding.file);
			printf(":%u", finding.line);
		}
		putchar('\n');
	}
}

static void print_policy(const struct ucm *handle)
{
	print_text(handle, "decision", UCM_POLICY_DECISION, NULL);
	print_number(handle, "client", UCM_POLICY_CLIENT, "", NULL);
	print_text(handle, "sender", UCM_POLICY_VIA, NULL);
	print_text(handle, "variable", UCM_POLICY_SERVER_VARIABLE, NULL);
	print_text(handle, "agent", UCM_POLICY_AGENT, NULL);
	print_text(handle, "host", UCM_POLICY_HOST, "SMTP_SERVER");
	print_number(handle, "port", UCM_POLICY_PORT, "", "SMTP_PORT");
	print_text(handle, "protocol", UCM_POLICY_PROTOCOL, "SMTP_PROTOCOL");
	print_text(handle, "from", UCM_POLICY_FROM, "SMTP_FROM_ADDR");
	print_text(handle, "reply to", UCM_POLICY_REPLY_TO, "SMTP_REPLY_TO");
	print_text(handle, "login", UCM_POLICY_LOGIN, "SMTP_LOGIN");
	print_text(handle, "login user", UCM_POLICY_LOGIN_USER, NULL);
	print_text(handle, "method", UCM_POLICY_AUTH_METHOD, "SMTP_AUTH_METHOD");
	print_number(handle, "time-out", UCM_POLICY_TIMEOUT_S, " s", "SMTP_TIMEOUT");
	print_number(handle, "report", UCM_POLICY_MAX_REPORT_BYTES, " bytes at most",
	    "SMTP_MAX_ATTACHMENT_SIZE");
	print_text(handle, "certificate", UCM_POLICY_CERT_NAME, "SMTPS_CERT");
	print_text(handle, "  subject", UCM_POLICY_CERT_SUBJECT, NULL);
	print_text(handle, "  not after", UCM_POLICY_CERT_NOT_AFTER, NULL);
	print_text(handle, "  SHA-256", UCM_POLICY_CERT_SHA256, NULL);
	print_findings(handle);
}

/* ---- Both --------------------------------------------------------------------------------- */

/* The reason of a refusal, in one line. */
static void print_refusal(const struct ucm *handle)
{
	const char *rule = ucm_policy_text(handle, UCM_POLICY_REFUSED_BY);
	struct ucm_policy_finding finding;
	size_t i;

	for (i = 0; rule != NULL && ucm_policy_finding_at(handle, i, &finding) == UCM_OK; i++)
		if (finding.refuses && strcmp(finding.rule, rule) == 0) {
			fprintf(
			    stderr, "ucmail: the policy refuses, %s: %s\n", rule, finding.message);
			return;
		}
	fprintf(stderr, "ucmail: the policy refuses: no mail can be sent by %s\n",
	    ucm_policy_text(handle, UCM_POLICY_AGENT));
}

int ucm_cli_policy(struct ucm_cli *cli)
{
	char reason[UCM_CLI_REASON_MAX];
	int status = ucm_cli_open(cli, reason, sizeof reason);

	if (status == UCM_OK) {
		status = ucm_decide_policy(cli->handle);
		if (status != UCM_OK)
			ucm_cli_reason(cli, status, ucm_error(cli->handle), reason, sizeof reason);
	}
	if (status != UCM_OK) {
		ucm_cli_report_failure(cli, status, reason);
		return status;
	}
	if (strcmp(ucm_policy_text(cli->handle, UCM_POLICY_DECISION), "refuse") == 0)
		status = UCM_E_POLICY;
	if (cli->options.value[UCM_OPT_JSON] != NULL) {
		if (ucm_cli_json_print(policy_json(cli->handle, status)) != UCM_OK &&
		    status == UCM_OK)
			return UCM_E_IO;
	} else if (cli->options.value[UCM_OPT_QUIET] == NULL)
		print_policy(cli->handle);
	if (status != UCM_OK)
		print_refusal(cli->handle);
	return status;
}
