/*
 * sendmail.conf: which policy mail is sent under.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "policy/address.h"
#include "policy/text.h"
#include "tools/lint_file.h"
#include "tools/lint_ini.h"
#include "tools/sendmail.h"

#define SECTION "sendmail"
#define DEFAULT_INPUT "/etc/ucmail"

enum key_kind { TEXT, NUMBER, INPUT, CONNECT_TO, DOMAIN, LOCAL_TO, PASSWORD_FILE };

static const struct key_row {
	const char *name;
	enum key_kind kind;
	int item; /* enum ucm_text_item or enum ucm_number_item */
	int is_path; /* must be absolute: callers run in any folder */
	long low, high; /* of a number */
} key_rows[] = {
    {"config", INPUT, 0, 1, 0, 0},
    {"client", NUMBER, UCM_CLIENT, 0, 0, UCM_CLIENT_MAX},
    {"server", TEXT, UCM_SERVER, 0, 0, 0},
    {"via", TEXT, UCM_VIA, 0, 0, 0},
    {"agent", TEXT, UCM_AGENT, 0, 0, 0},
    {"release", TEXT, UCM_RELEASE, 0, 0, 0},
    {"profile", TEXT, UCM_PROFILE, 0, 0, 0},
    {"payloads", TEXT, UCM_PAYLOADS, 1, 0, 0},
    {"connect-to", CONNECT_TO, 0, 0, 0, 0},
    {"deadline", NUMBER, UCM_DEADLINE, 0, 1, 604800},
    {"login-user", TEXT, UCM_LOGIN_USER, 0, 0, 0},
    {"password-file", PASSWORD_FILE, 0, 1, 0, 0},
    {"domain", DOMAIN, 0, 0, 0, 0},
    {"local-to", LOCAL_TO, 0, 0, 0, 0},
};

#define KEY_ROWS (sizeof key_rows / sizeof key_rows[0])

struct reader {
	struct ucm_sendmail_config *config;
	struct ucm *handle;
	int has_input;
	unsigned seen; /* bit set of key_rows */
};

static int unknown_key(const char *key, struct ucm_error *error)
{
	const char *names[KEY_ROWS], *near;

	for (size_t i = 0; i < KEY_ROWS; i++)
		names[i] = key_rows[i].name;
	near = ucm_nearest(key, names, KEY_ROWS);
	return near ? ucm_fail(error, UCM_CLASS_POLICY, "no key %s: did you mean %s?", key, near)
		    : ucm_fail(error, UCM_CLASS_POLICY, "no key %s", key);
}

static int set_number(const struct key_row *row, const char *value, struct ucm *handle)
{
	long number = 0;
	const char *at;

	for (at = value; *at >= '0' && *at <= '9' && number <= row->high; at++)
		number = number * 10 + (*at - '0');
	if (at == value || *at || number < row->low || number > row->high)
		return UCM_E_USAGE;
	return ucm_set_number(handle, (enum ucm_number_item)row->item, number);
}

static int set_domain(struct ucm_sendmail_config *config, const char *value)
{
	config->domain = value;
	return ucm_host_parse(value, NULL) == UCM_HOST_NAME ? UCM_OK : UCM_E_USAGE;
}

static int set_local_to(struct ucm_sendmail_config *config, const char *value)
{
	struct ucm_address address;

	config->local_to = value;
	return ucm_address_parse(value, &address) == UCM_ADDRESS_OK ? UCM_OK : UCM_E_USAGE;
}

static int set_key(struct reader *reader, const struct key_row *row, const char *value)
{
	switch (row->kind) {
	case TEXT:
		return ucm_set_text(reader->handle, (enum ucm_text_item)row->item, value);
	case NUMBER:
		return set_number(row, value, reader->handle);
	case INPUT:
		reader->has_input = 1;
		return ucm_add_input(reader->handle, value);
	case CONNECT_TO:
		return ucm_add_connect_to(reader->handle, value);
	case DOMAIN:
		return set_domain(reader->config, value);
	case LOCAL_TO:
		return set_local_to(reader->config, value);
	case PASSWORD_FILE:
		reader->config->secrets.file = value;
		return UCM_OK;
	}
	return UCM_E_USAGE;
}

static int take_line(void *arg, unsigned line, const char *section, const char *key,
    const char *value, struct ucm_error *error)
{
	struct reader *reader = arg;
	size_t i;

	(void)line;
	if (strcmp(section, SECTION) != 0)
		return ucm_fail(
		    error, UCM_CLASS_POLICY, "no section [%s]: it must be [" SECTION "]", section);
	if (!key)
		return 0;
	for (i = 0; i < KEY_ROWS && strcmp(key, key_rows[i].name) != 0;)
		i++;
	if (i == KEY_ROWS)
		return unknown_key(key, error);
	if (reader->seen & 1U << i && key_rows[i].kind != INPUT && key_rows[i].kind != CONNECT_TO)
		return ucm_fail(error, UCM_CLASS_POLICY, "%s is given twice", key);
	reader->seen |= 1U << i;
	if (key_rows[i].is_path && *value != '/')
		return ucm_fail(error, UCM_CLASS_POLICY, "%s must be an absolute path", key);
	if (set_key(reader, &key_rows[i], value) == UCM_OK)
		return 0;
	if (key_rows[i].kind == NUMBER)
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "%s = %s: must be a number from %ld to %ld", key, value, key_rows[i].low,
		    key_rows[i].high);
	const char *reason = ucm_error(reader->handle);
	return ucm_fail(error, UCM_CLASS_POLICY, "%s = %s is not allowed%s%s", key, value,
	    *reason ? ": " : "", reason);
}

int ucm_sendmail_configure(struct ucm_sendmail_config *config, struct ucm *handle, const char *file,
    struct ucm_arena *arena, struct ucm_error *error)
{
	struct reader reader = {.config = config, .handle = handle};
	const struct ucm_ini_handler handler = {.line = take_line, .arg = &reader};
	struct ucm_error inner;
	char *text;

	ucm_error_clear(&inner);
	config->file = file ? file : UCM_SENDMAIL_CONF;
	long size = ucm_file_read_text(
	    arena, config->file, UCM_SENDMAIL_CONF_MAX, UCM_CLASS_POLICY, &text, error);
	if (size == UCM_FILE_MISSING && !file)
		ucm_error_clear(error);
	else if (size < 0)
		return -1;
	/* the parser's own complaints are of usage; here they are the configuration's */
	else if (ucm_ini_parse(arena, text, config->file, &handler, &inner))
		return ucm_fail(error, UCM_CLASS_POLICY, "%s", inner.text);
	config->by_default = !reader.has_input;
	if (!reader.has_input && ucm_add_input(handle, DEFAULT_INPUT) != UCM_OK)
		return ucm_fail(error, UCM_CLASS_MEMORY, "%s", ucm_error(handle));
	return 0;
}
