/*
 * Recognising exports in JSON.
 */
#include "config.h"

#include "xml/json.h"

#include <string.h>

#include "xml/path.h"

int ucm_json_is(const unsigned char *head, size_t size)
{
	size_t at = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	while (at < size && (head[at] == ' ' || (head[at] >= '\t' && head[at] <= '\r')))
		at++;
	return at < size && (head[at] == '{' || head[at] == '[');
}

static int is_own_report(const unsigned char *head, size_t size)
{
	static const char mark[] = "\"policy-lint\"";

	return memmem(head, size, mark, sizeof(mark) - 1) != NULL;
}

int ucm_json_is_other(const char *name, const unsigned char *head, size_t size)
{
	return ucm_has_suffix(name, ".json") &&
	       (!ucm_json_is(head, size) || is_own_report(head, size));
}
