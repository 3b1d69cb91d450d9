/*
 * HOST:PORT:ADDR:PORT: where to dial instead, as curl's --connect-to.
 */
#include "config.h"

#include <string.h>

#include "libsrc/handle.h"
#include "policy/text.h"

#define FIELDS 4
#define FIELD_MAX (UCM_DOMAIN_MAX + 2) /* with the brackets of an IPv6 address */

enum { FROM_HOST, FROM_PORT, TO_HOST, TO_PORT };

/* Cuts the rule at its colons, not at those within brackets. The brackets are left out. */
static int split(const char *rule, char fields[FIELDS][FIELD_MAX + 1])
{
	size_t field = 0, length = 0;
	int bracket = 0;
	const char *at;

	memset(fields, 0, FIELDS * sizeof fields[0]);
	for (at = rule; *at != '\0'; at++) {
		if (*at == '[' && length == 0 && !bracket) {
			bracket = 1;
		} else if (*at == ']' && bracket == 1) {
			bracket = 2;
		} else if (*at == ':' && bracket != 1) {
			if (++field == FIELDS)
				return -1;
			length = 0;
			bracket = 0;
		} else {
			if (bracket == 2 || length == FIELD_MAX)
				return -1; /* behind a bracket stands a colon, nothing else */
			fields[field][length++] = *at;
		}
	}
	return field == FIELDS - 1 && bracket != 1 ? 0 : -1;
}

/* "" is 0: any port, or the same port. */
static int parse_port(const char *text, unsigned *ret)
{
	unsigned port = 0;

	*ret = 0;
	if (*text == '\0')
		return 0;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		port = port * 10 + (unsigned)(*text - '0');
		if (port > 65535)
			return -1;
	}
	*ret = port;
	return port == 0 ? -1 : 0;
}

static void free_rule(struct ucm *handle, struct ucm_connect_to *rule)
{
	ucm_handle_release(handle, &rule->host);
	ucm_handle_release(handle, &rule->address);
	ucm_handle_resize(handle, rule, 0);
}

static struct ucm_connect_to *make_rule(struct ucm *handle, const char *host, const char *address)
{
	struct ucm_connect_to *rule = ucm_handle_resize(handle, NULL, sizeof *rule);

	if (rule == NULL)
		return NULL;
	memset(rule, 0, sizeof *rule);
	rule->host = ucm_handle_copy(handle, host);
	rule->address = ucm_handle_copy(handle, address);
	if (rule->host == NULL || rule->address == NULL) {
		free_rule(handle, rule);
		return NULL;
	}
	return rule;
}

static int add_rule(struct ucm *handle, const char *text)
{
	char fields[FIELDS][FIELD_MAX + 1];
	struct ucm_connect_to *rule, **end;
	unsigned from, to;

	if (split(text, fields) != 0 || parse_port(fields[FROM_PORT], &from) != 0 ||
	    parse_port(fields[TO_PORT], &to) != 0)
		return ucm_fail(&handle->error, UCM_CLASS_USAGE,
		    "\"%.300s\": must be HOST:PORT:ADDRESS:PORT, an IPv6 address in brackets",
		    text);
	rule = make_rule(handle, fields[FROM_HOST], fields[TO_HOST]);
	if (rule == NULL)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory for a rule");
	rule->port = from;
	rule->to_port = to;
	ucm_session_free(handle);
	for (end = &handle->connect_to; *end != NULL; end = &(*end)->next)
		;
	*end = rule;
	return 0;
}

int ucm_add_connect_to(struct ucm *handle, const char *rule)
{
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (rule == NULL)
		ucm_fail(&handle->error, UCM_CLASS_USAGE, "no rule was given");
	else if (ucm_handle_check_idle(handle) == 0)
		add_rule(handle, rule);
	return (int)handle->error.class;
}

const struct ucm_connect_to *ucm_handle_connect_to(
    const struct ucm *handle, const char *host, unsigned port)
{
	const struct ucm_connect_to *rule;

	for (rule = handle->connect_to; rule != NULL; rule = rule->next)
		if ((*rule->host == '\0' || ucm_equal_nocase(rule->host, host)) &&
		    (rule->port == 0 || rule->port == port))
			return rule;
	return NULL;
}

void ucm_handle_free_connect_to(struct ucm *handle)
{
	while (handle->connect_to != NULL) {
		struct ucm_connect_to *rule = handle->connect_to;

		handle->connect_to = rule->next;
		free_rule(handle, rule);
	}
}
