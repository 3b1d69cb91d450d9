/*
 * Fuzz target: a script.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "policy/limits.h"
#include "tests/fuzz/fuzz.h"
#include "xml/script.h"

struct script {
	unsigned lines;
	size_t calls;
};

static void claim_argument(const struct ucm_script_argument *argument, const struct script *script)
{
	CLAIM(argument->text != NULL && strlen(argument->text) <= UCM_SCRIPT_ARG_MAX);
	CLAIM(!argument->computed || argument->text[0] == '\0');
	CLAIM(argument->line <= script->lines);
}

static int found(const struct ucm_script_call *call, void *arg)
{
	struct script *script = arg;

	script->calls++;
	CLAIM(call->line >= 1 && call->line <= script->lines && call->column >= 1);
	claim_argument(&call->subject, script);
	claim_argument(&call->attachment, script);
	claim_argument(&call->server, script);
	return script->calls >= 1000;
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct script script = {.lines = 1};
	char *text = malloc(size != 0 ? size : 1);

	CLAIM(text != NULL);
	memcpy(text, bytes, size);
	for (size_t i = 0; i < size; i++)
		script.lines += text[i] == '\n' || text[i] == '\r';
	CLAIM(ucm_script_scan(text, size, found, &script) == (script.calls >= 1000));
	CLAIM(script.calls <= size / strlen("SEND_MAIL("));
	free(text);
}
