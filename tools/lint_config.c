/*
 * The configuration file: where it is, and what its sections mean.
 */
#include "config.h"

#include "tools/lint_config.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "policy/text.h"
#include "tools/lint_file.h"
#include "tools/lint_ini.h"
#include "tools/lint_select.h"

#define SUPPRESSIONS_MAX 10000

struct reading {
	struct ucm_lint_options *options;
	struct ucm_lint_config *config;
	const char *base; /* the folder of the file */
	int in_suppression; /* else in [policy-lint] */
};

int ucm_suppression_matches(
    const struct ucm_suppression *suppression, enum ucm_rule rule, const struct ucm_place *place)
{
	if (suppression->rule != rule)
		return 0;
	if (suppression->client != UCM_CLIENT_UNKNOWN && suppression->client != place->client)
		return 0;
	if (suppression->object &&
	    (!place->object || !ucm_equal_nocase(suppression->object, place->object)))
		return 0;
	return !suppression->key || (place->key && ucm_equal_nocase(suppression->key, place->key));
}

/* ---- Keys of a suppression ---------------------------------------------------------------- */

static int set_rule(struct ucm_suppression *one, const char *value, struct ucm_error *error)
{
	one->rule = ucm_rule_find(value);
	if (one->rule == UCM501 || one->rule == UCM502)
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "%s is about suppressions and cannot be suppressed", value);
	if (one->rule < UCM_RULE_COUNT)
		return 0;
	return ucm_fail(
	    error, UCM_CLASS_USAGE, "there is no rule %s; --list-rules lists them", value);
}

static int set_expiry(struct ucm_suppression *one, const char *value, struct ucm_error *error)
{
	if (ucm_time_parse(value, &one->until))
		return ucm_fail(error, UCM_CLASS_USAGE, "%s is no date, such as 2027-01-31", value);
	one->expires = value;
	if (strlen(value) == 10)
		one->until += INT64_C(86400); /* its day still counts */
	return 0;
}

static int set_client(struct ucm_suppression *one, const char *value, struct ucm_error *error)
{
	unsigned long client;

	if (ucm_select_number(value, 0, UCM_CLIENT_MAX, &client))
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s is no client: 0 to %d", value, UCM_CLIENT_MAX);
	one->client = (int)client;
	return 0;
}

struct suppression_key {
	struct ucm_lint_setting setting;
	int mandatory;
	size_t offset; /* of a text */
	/* Of what is no text; the offset is not used then. */
	int (*apply)(struct ucm_suppression *, const char *value, struct ucm_error *);
};

#define AT(member) offsetof(struct ucm_suppression, member)

static const struct suppression_key keys[] = {
    {{"rule", {"starttls-opportunistic", "One rule, by identifier or name. Mandatory."}}, 1, 0,
	set_rule},
    {{"client", {"100", "Only there. By default in every client."}}, 0, 0, set_client},
    {{"object", {"UC_SMTP_RELAY", "Only in this object. By default in every one."}}, 0, AT(object),
	NULL},
    {{"key", {"SMTP_PROTOCOL", "Only at this key. By default at every one."}}, 0, AT(key), NULL},
    {{"reason", {"the relay has no certificate before the move", "Why. Mandatory."}}, 1, AT(reason),
	NULL},
    {{"owner", {"mail team", "Who answers for it. Mandatory."}}, 1, AT(owner), NULL},
    {{"expires", {"2027-06-30", "The last day on which it suppresses. Mandatory."}}, 1, 0,
	set_expiry},
};

#define KEYS (sizeof keys / sizeof *keys)

int ucm_lint_config_setting(size_t index, struct ucm_lint_setting *ret)
{
	if (index >= KEYS)
		return 0;
	*ret = keys[index].setting;
	return 1;
}

/* "rule, client, ...", for a message. */
static const char *all_keys(struct ucm_arena *arena)
{
	const char *list = keys[0].setting.name;

	for (size_t i = 1; list && i < KEYS; i++)
		list = ucm_arena_format(arena, "%s, %s", list, keys[i].setting.name);
	return list ? list : "";
}

static int set_in_suppression(struct ucm_arena *arena, struct ucm_suppression *one, const char *key,
    const char *value, struct ucm_error *error)
{
	size_t i = 0;

	while (i < KEYS && strcmp(keys[i].setting.name, key) != 0)
		i++;
	if (i == KEYS)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "a suppression has no %s: %s", key, all_keys(arena));
	if (one->given >> i & 1)
		return ucm_fail(error, UCM_CLASS_USAGE, "%s is there twice", key);
	one->given |= *value ? 1U << i : 0;
	if (keys[i].apply)
		return keys[i].apply(one, value, error);
	*(const char **)(void *)((char *)one + keys[i].offset) = value;
	return 0;
}

static int check_suppression(const struct ucm_suppression *one, struct ucm_error *error)
{
	for (size_t i = 0; i < KEYS; i++)
		if (keys[i].mandatory && !(one->given >> i & 1))
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "suppression %s (line %u) has no %s", one->name, one->line,
			    keys[i].setting.name);
	return 0;
}

/* ---- Sections ----------------------------------------------------------------------------- */

/* A section ends where the next begins, or the file. */
static int end_section(const struct reading *reading, struct ucm_error *error)
{
	const struct ucm_lint_config *config = reading->config;

	if (!reading->in_suppression)
		return 0;
	return check_suppression(&config->suppression[config->count - 1], error);
}

static int begin_suppression(
    struct reading *reading, unsigned line, const char *name, struct ucm_error *error)
{
	struct ucm_lint_config *config = reading->config;

	for (size_t i = 0; i < config->count; i++)
		if (!strcmp(config->suppression[i].name, name))
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "suppression %s is there twice (line %u)", name,
			    config->suppression[i].line);
	if (!*name)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "a suppression needs a name: [suppress NAME]");
	if (config->count == SUPPRESSIONS_MAX)
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "more than %d suppressions", SUPPRESSIONS_MAX);
	/* Doubled when it is full, which is when the count is a power of two. */
	if ((config->count & (config->count - 1)) == 0) {
		struct ucm_suppression *more = ucm_arena_array(
		    reading->options->arena, config->count ? config->count * 2 : 1, sizeof *more);

		if (!more)
			return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
		if (config->count)
			memcpy(more, config->suppression, config->count * sizeof *more);
		config->suppression = more;
	}
	struct ucm_suppression *one = &config->suppression[config->count++];
	one->name = name;
	one->rule = UCM_RULE_COUNT;
	one->client = UCM_CLIENT_UNKNOWN;
	one->line = line;
	reading->in_suppression = 1;
	return 0;
}

static int begin_section(
    struct reading *reading, unsigned line, const char *section, struct ucm_error *error)
{
	if (end_section(reading, error))
		return -1;
	reading->in_suppression = 0;
	if (!strcmp(section, "policy-lint"))
		return 0;
	if (!strncmp(section, "suppress", 8) && (section[8] == ' ' || !section[8])) {
		const char *name = ucm_trim_copy(reading->options->arena, section + 8);

		if (!name)
			return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
		return begin_suppression(reading, line, name, error);
	}
	return ucm_fail(error, UCM_CLASS_USAGE,
	    "there is no section [%s]: [policy-lint] or [suppress NAME]", section);
}

static int handle_line(void *arg, unsigned line, const char *section, const char *key,
    const char *value, struct ucm_error *error)
{
	struct reading *reading = arg;
	struct ucm_lint_config *config = reading->config;

	if (!key)
		return begin_section(reading, line, section, error);
	if (reading->in_suppression)
		return set_in_suppression(reading->options->arena,
		    &config->suppression[config->count - 1], key, value, error);
	return ucm_lint_options_set(reading->options, key, value, reading->base, error);
}

/* ---- The file ----------------------------------------------------------------------------- */

/* "..", as many times as there are folders above, from ".policy-lint.conf" on. NULL: none. */
static const char *search_upward(struct ucm_arena *arena)
{
	char working[PATH_MAX];
	char *name = ucm_arena_string(arena, UCM_CONFIG_NAME);
	size_t above = 0;

	if (!getcwd(working, sizeof working))
		return NULL;
	for (const char *at = working; *at; at++)
		above += *at == '/' && at[1];
	for (; name; above--) {
		if (access(name, F_OK) == 0)
			return name;
		if (!above)
			return NULL;
		name = ucm_arena_format(arena, "../%s", name);
	}
	return NULL;
}

static const char *folder_of(struct ucm_arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return ".";
	return ucm_arena_copy(arena, file, slash == file ? 1 : (size_t)(slash - file));
}

int ucm_lint_config_read(
    struct ucm_lint_options *options, struct ucm_lint_config *config, struct ucm_error *error)
{
	struct reading reading = {.options = options, .config = config};
	struct ucm_ini_handler handler = {handle_line, &reading};
	struct ucm_error inner;
	char *text;

	memset(config, 0, sizeof *config);
	config->file = options->config ? options->config : search_upward(options->arena);
	if (!config->file)
		return 0;
	long size = ucm_file_read_text(
	    options->arena, config->file, UCM_CONFIG_BYTES_MAX, UCM_CLASS_USAGE, &text, error);
	if (size == UCM_FILE_MISSING) {
		ucm_error_clear(error);
		return ucm_fail(error, UCM_CLASS_USAGE, "there is no file %s; --init %s writes one",
		    config->file, config->file);
	}
	if (size < 0)
		return -1;
	config->text = text;
	reading.base = folder_of(options->arena, config->file);
	if (!reading.base || ucm_ini_parse(options->arena, text, config->file, &handler, error))
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	ucm_error_clear(&inner);
	if (end_section(&reading, &inner))
		return ucm_fail(error, UCM_CLASS_USAGE, "%s: %s", config->file, inner.text);
	return 0;
}
