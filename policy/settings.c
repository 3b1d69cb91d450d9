/*
 * Resolution of settings, each with its provenance.
 */
#include "policy/settings.h"

#include <string.h>

#include "policy/limits.h"
#include "policy/place.h"
#include "policy/text.h"

const struct ucm_variable *ucm_settings_server(
    const struct ucm_system *system, int client, const char *server)
{
	char name[sizeof(UCM_SMTP_PREFIX) + UCM_XML_NAME_MAX];
	const struct ucm_variable *variable;
	const char *start;
	size_t length = ucm_trim(server, &start);

	if (length == 0 || length > UCM_XML_NAME_MAX)
		return NULL;
	memcpy(name, UCM_SMTP_PREFIX, sizeof(UCM_SMTP_PREFIX) - 1);
	memcpy(name + sizeof(UCM_SMTP_PREFIX) - 1, start, length);
	name[sizeof(UCM_SMTP_PREFIX) - 1 + length] = '\0';
	variable = ucm_system_variable(system, client, name);
	return variable == NULL && client != 0 ? ucm_system_variable(system, 0, name) : variable;
}

int ucm_variable_is_static(const struct ucm_variable *variable)
{
	return variable->type != NULL && ucm_equal_nocase(variable->type, "STATIC");
}

/* Whether a row makes a client's settings its own. Unknown keys count: a slip of the pen in
 * SMTP_SERVER shall not silently bring in another client's server. */
static int is_smtp_setting(const struct ucm_row *row)
{
	enum ucm_key key = ucm_key_find(row->name);

	if (ucm_is_blank(row->value))
		return 0;
	return key == UCM_KEY_COUNT ? ucm_is_mail_key(row->name) : ucm_keys[key].is_smtp;
}

/* A variable whose rows cannot be read as values may hold settings, and so is never passed over. */
static int has_own_settings(const struct ucm_variable *variable)
{
	if (variable == NULL)
		return 0;
	if (!ucm_variable_is_static(variable))
		return 1;
	for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next)
		if (is_smtp_setting(row))
			return 1;
	return 0;
}

static int set_value(struct ucm_setting *setting, const struct ucm_variable *variable,
    const struct ucm_row *row, struct ucm_arena *arena)
{
	const char *start;
	size_t length = ucm_trim(row->value, &start);

	setting->variable = variable;
	setting->row = row;
	setting->text = start;
	if (start[length] == '\0')
		return 0;
	setting->text = ucm_arena_copy(arena, start, length);
	return setting->text == NULL ? -1 : 0;
}

/* Gives every key that is still unset the variable's first row of it, unless that is blank. */
static int take_rows(
    struct ucm_settings *settings, const struct ucm_variable *variable, struct ucm_arena *arena)
{
	unsigned char seen[UCM_KEY_COUNT] = {0};

	if (variable == NULL)
		return 0;
	for (const struct ucm_row *row = variable->rows; row != NULL; row = row->next) {
		enum ucm_key key = ucm_key_find(row->name);

		if (key == UCM_KEY_COUNT || seen[key])
			continue;
		seen[key] = 1;
		if (settings->setting[key].row != NULL || ucm_is_blank(row->value))
			continue;
		if (set_value(&settings->setting[key], variable, row, arena) != 0)
			return -1;
	}
	return 0;
}

static enum ucm_protocol protocol_of(const struct ucm_setting *setting)
{
	static const struct {
		const char *word;
		enum ucm_protocol protocol;
	} words[] = {
	    {"PLAIN", UCM_PROTOCOL_PLAIN},
	    {"STARTTLS", UCM_PROTOCOL_STARTTLS},
	    {"TLS", UCM_PROTOCOL_TLS},
	};

	if (setting->text == NULL)
		return UCM_PROTOCOL_UNSET;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ucm_equal_nocase(setting->text, words[i].word))
			return words[i].protocol;
	return UCM_PROTOCOL_UNKNOWN;
}

int ucm_settings_resolve(const struct ucm_system *system, int client,
    const struct ucm_variable *server, struct ucm_arena *arena, struct ucm_settings *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->client = client;
	ret->server = server;
	ret->own = ucm_system_variable(system, client, UCM_CLIENT_SETTINGS_NAME);
	ret->base = ret->own;
	if (client != 0 && !has_own_settings(ret->own)) {
		ret->inherited = 1;
		ret->base = ucm_system_variable(system, 0, UCM_CLIENT_SETTINGS_NAME);
	}
	if (take_rows(ret, server, arena) != 0)
		return -1;
	/* SEND_MAIL_DEFAULT is no SMTP setting: the client's own stays. */
	if (ret->inherited && take_rows(ret, ret->own, arena) != 0)
		return -1;
	if (take_rows(ret, ret->base, arena) != 0)
		return -1;
	ret->protocol = protocol_of(&ret->setting[UCM_SMTP_PROTOCOL]);
	return 0;
}

int ucm_settings_resolve_alone(int client, const struct ucm_variable *server,
    struct ucm_arena *arena, struct ucm_settings *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->client = client;
	ret->server = server;
	if (take_rows(ret, server, arena) != 0)
		return -1;
	ret->protocol = protocol_of(&ret->setting[UCM_SMTP_PROTOCOL]);
	return 0;
}

int ucm_settings_are_cut(const struct ucm_settings *settings)
{
	const struct ucm_variable *used[] = {settings->server, settings->own, settings->base};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		if (used[i] != NULL && used[i]->cut)
			return 1;
	return 0;
}

struct ucm_place ucm_settings_place(const struct ucm_settings *settings, const char *key)
{
	struct ucm_place place = {.object = UCM_CLIENT_SETTINGS_NAME, .key = key};

	if (settings->base != NULL)
		return ucm_place_of_variable(settings->base, key);
	place.client = settings->inherited ? 0 : settings->client;
	return place;
}

const char *ucm_key_word(enum ucm_key key, const char *text, struct ucm_arena *arena, int *exact)
{
	const char *word = ucm_keys[key].words;

	while (*word != '\0') {
		size_t length = strcspn(word, " ");
		char *copy = ucm_arena_copy(arena, word, length);

		if (copy == NULL)
			return NULL;
		if (ucm_equal_nocase(copy, text)) {
			*exact = strcmp(copy, text) == 0;
			return copy;
		}
		word += length;
		word += strspn(word, " ");
	}
	return NULL;
}

int ucm_key_number(enum ucm_key key, const char *text, unsigned *ret)
{
	const struct ucm_key_row *row = &ucm_keys[key];
	unsigned value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > row->high)
			return -1;
	}
	if (value < row->low)
		return -1;
	*ret = value;
	return 0;
}
