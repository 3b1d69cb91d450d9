/*
 * Small JSON helpers over Jansson: every key is there, every text is UTF-8.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/ucmail_tool.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* A copy in which every byte that is no UTF-8 is replaced. */
static json_t *repaired(const char *text)
{
	size_t left = strlen(text), used = 0;
	char *copy = malloc(left * (sizeof REPLACEMENT - 1) + 1);
	json_t *json;

	if (copy == NULL)
		return NULL;
	while (left > 0) {
		size_t length = ucm_utf8_sequence(text, left);
		const char *from = length == 0 ? REPLACEMENT : text;
		size_t size = length == 0 ? sizeof REPLACEMENT - 1 : length;

		memcpy(copy + used, from, size);
		used += size;
		length = length == 0 ? 1 : length;
		text += length;
		left -= length;
	}
	json = json_stringn(copy, used);
	free(copy);
	return json;
}

json_t *ucm_cli_json_text(const char *text)
{
	json_t *json;

	if (text == NULL)
		return json_null();
	json = json_string(text);
	return json != NULL ? json : repaired(text);
}

json_t *ucm_cli_json_known(const char *text)
{
	return ucm_cli_json_text(text == NULL || *text == '\0' ? NULL : text);
}

json_t *ucm_cli_json_number(long number, long low)
{
	return number < low ? json_null() : json_integer(number);
}

int ucm_cli_json_print(json_t *object)
{
	int failed;

	if (object == NULL) {
		fputs("ucmail: no memory for the report\n", stderr);
		return UCM_E_MEMORY;
	}
	failed = json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12)) != 0;
	json_decref(object);
	if (failed && !ferror(stdout))
		fputs("ucmail: no memory for the report\n", stderr);
	/* what could not be written is told at the end, by main() */
	return failed || putchar('\n') == EOF || fflush(stdout) != 0 ? UCM_E_IO : UCM_OK;
}
