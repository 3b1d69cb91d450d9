/*
 * Sends one message for each cell that standard input names, and prints what became of it. Knows
 * the library by its public header only. Fields stand between tabs:
 *
 *   system PATH CONNECT-TO...
 *   cell CLIENT VIA SERVER AGENT RELEASE PROFILE      SERVER "-": none
 *
 * Each cell is answered by one line: exit, status, decision, rule, TLS mode, trusted by, host,
 * port, plaintext, SHA-256 of the peer, error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ucmail.h"

#define FIELDS_MAX 32
#define LINE_ROOM 4096

static long give_password(
    const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	static const char secret[] = "agreed";

	(void)message;
	(void)arg;
	if (room < sizeof(secret) - 1)
		return -1;
	memcpy(answer, secret, sizeof(secret) - 1);
	return (long)sizeof(secret) - 1;
}

static size_t split(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;
	char *at = line;

	line[strcspn(line, "\n")] = '\0';
	while (count < FIELDS_MAX) {
		fields[count++] = at;
		at = strchr(at, '\t');
		if (at == NULL)
			break;
		*at++ = '\0';
	}
	return count;
}

static int open_system(struct ucm **handle, char **fields, size_t count)
{
	const struct ucm_options options = {.size = sizeof(options), .conv = give_password};
	const char *modules = getenv("UCM_TEST_MODULES");
	size_t field;
	int status;

	ucm_end(*handle);
	*handle = NULL;
	status = ucm_start(&options, handle);
	if (status == UCM_OK)
		status = ucm_set_text(*handle, UCM_MODULE_DIR, modules);
	if (status == UCM_OK)
		status = ucm_set_text(*handle, UCM_LOGIN_USER, "mailer");
	if (status == UCM_OK)
		status = ucm_add_input(*handle, fields[1]);
	for (field = 2; status == UCM_OK && field < count; field++)
		status = ucm_add_connect_to(*handle, fields[field]);
	return status;
}

static int set_cell(struct ucm *handle, char **fields)
{
	int status = ucm_set_number(handle, UCM_CLIENT, strtol(fields[1], NULL, 10));

	if (status == UCM_OK)
		status = ucm_set_text(
		    handle, UCM_SERVER, strcmp(fields[3], "-") != 0 ? fields[3] : NULL);
	if (status == UCM_OK && strcmp(fields[3], "-") == 0)
		status = ucm_set_text(handle, UCM_VIA, fields[2]);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_AGENT, fields[4]);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_RELEASE, fields[5]);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_PROFILE, fields[6]);
	return status;
}

static const char *text(const struct ucm_outcome *outcome, enum ucm_outcome_text_field field)
{
	const char *value = outcome != NULL ? ucm_outcome_text(outcome, field) : NULL;

	return value != NULL ? value : "-";
}

static void tell(int status, const struct ucm_outcome *outcome, const struct ucm *handle)
{
	printf("%d\t%s\t%s\t%s\t%s\t%s\t%s\t%ld\t%ld\t%s\t%s\n", status,
	    text(outcome, UCM_OUTCOME_STATUS), text(outcome, UCM_OUTCOME_DECISION),
	    text(outcome, UCM_OUTCOME_REFUSED_BY), text(outcome, UCM_OUTCOME_TLS_MODE),
	    text(outcome, UCM_OUTCOME_TRUSTED_BY), text(outcome, UCM_OUTCOME_HOST),
	    outcome != NULL ? ucm_outcome_number(outcome, UCM_OUTCOME_PORT) : -1,
	    outcome != NULL ? ucm_outcome_number(outcome, UCM_OUTCOME_PLAINTEXT) : -1,
	    text(outcome, UCM_OUTCOME_PEER_SHA256), ucm_error(handle));
	(void)fflush(stdout);
}

static void send_cell(struct ucm *handle, char **fields)
{
	struct ucm_message *message = NULL;
	struct ucm_outcome *outcome = NULL;
	int status = set_cell(handle, fields);

	if (status == UCM_OK)
		status = ucm_message_new(handle, &message);
	if (status == UCM_OK)
		status = ucm_message_add_recipient(message, UCM_TO, "b@example.com");
	if (status == UCM_OK)
		status = ucm_message_set_body(message, "cell\n", 5);
	if (status == UCM_OK)
		status = ucm_send(handle, message, &outcome);
	tell(status, outcome, handle);
	ucm_outcome_free(outcome);
	ucm_message_free(message);
	ucm_disconnect(handle);
}

int main(void)
{
	static char line[LINE_ROOM];
	char *fields[FIELDS_MAX];
	struct ucm *handle = NULL;
	int status = 0;

	while (status == 0 && fgets(line, sizeof(line), stdin) != NULL) {
		const size_t count = split(line, fields);

		if (strcmp(fields[0], "system") == 0 && count >= 2)
			status = open_system(&handle, fields, count);
		else if (strcmp(fields[0], "cell") == 0 && count == 7 && handle != NULL)
			send_cell(handle, fields);
		else
			status = UCM_E_USAGE;
	}
	ucm_end(handle);
	return status;
}
