/*
 * INI files: sections, keys, values; nothing more.
 */
#ifndef UCM_TOOLS_LINT_INI_H
#define UCM_TOOLS_LINT_INI_H

#include "policy/arena.h"
#include "policy/error.h"

/* Called for a section (key == NULL) and for every key. 0 goes on, -1 stops with the error. */
struct ucm_ini_handler {
	int (*line)(void *arg, unsigned line, const char *section, const char *key,
	    const char *value, struct ucm_error *error);
	void *arg;
};

/*
 * Parses text: "[section]", "key = value", blank lines, lines that begin with # or ;. Blanks around
 * section, key and value are dropped; a value may be in double quotes. The strings belong to the
 * arena. Returns 0, or -1 with an error that begins with name and line.
 */
int ucm_ini_parse(struct ucm_arena *arena, const char *text, const char *name,
    const struct ucm_ini_handler *handler, struct ucm_error *error);

#endif
