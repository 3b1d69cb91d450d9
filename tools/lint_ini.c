/*
 * A parser of INI files.
 */
#include "config.h"

#include "tools/lint_ini.h"

#include <string.h>

#include "policy/text.h"

static char *copy_trimmed(struct ucm_arena *arena, const char *text, size_t length)
{
	char *copy = ucm_arena_copy(arena, text, length);

	return copy ? ucm_trim_copy(arena, copy) : NULL;
}

/* Drops one pair of double quotes around the value. */
static char *unquote(char *value)
{
	size_t length = strlen(value);

	if (length < 2 || value[0] != '"' || value[length - 1] != '"')
		return value;
	value[length - 1] = '\0';
	return value + 1;
}

static int parse_line(struct ucm_arena *arena, char *line, unsigned number, const char **section,
    const struct ucm_ini_handler *handler, struct ucm_error *error)
{
	size_t length = strlen(line);
	char *equals = strchr(line, '=');

	if (!length || *line == '#' || *line == ';')
		return 0;
	if (*line == '[') {
		if (line[length - 1] != ']')
			return ucm_fail(error, UCM_CLASS_USAGE, "a section's ] is missing");
		*section = copy_trimmed(arena, line + 1, length - 2);
		if (!*section)
			return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
		return handler->line(handler->arg, number, *section, NULL, NULL, error);
	}
	if (!equals || equals == line)
		return ucm_fail(error, UCM_CLASS_USAGE, "neither a [section] nor key = value");
	if (!*section)
		return ucm_fail(error, UCM_CLASS_USAGE, "a key before the first [section]");
	char *key = copy_trimmed(arena, line, (size_t)(equals - line));
	char *value = copy_trimmed(arena, equals + 1, strlen(equals + 1));
	if (!key || !value)
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	return handler->line(handler->arg, number, *section, key, unquote(value), error);
}

int ucm_ini_parse(struct ucm_arena *arena, const char *text, const char *name,
    const struct ucm_ini_handler *handler, struct ucm_error *error)
{
	const char *section = NULL;

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	for (unsigned number = 1; *text; number++) {
		struct ucm_error inner;
		size_t length = strcspn(text, "\n");
		char *line = copy_trimmed(arena, text, length);

		ucm_error_clear(&inner);
		if (!line)
			return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
		if (parse_line(arena, line, number, &section, handler, &inner))
			return ucm_fail(
			    error, UCM_CLASS_USAGE, "%s:%u: %s", name, number, inner.text);
		text += length + (text[length] == '\n');
	}
	return 0;
}
