/*
 * Scripts of an export: every SEND_MAIL call becomes one of the model, at its place in the file.
 */
#include "config.h"

#include "xml/scripts.h"

#include <string.h>

#include "policy/text.h"
#include "xml/markup.h"
#include "xml/script.h"

/* Where a script's text stands. */
struct script {
	struct ucm_reader *reader;
	struct ucm_spot start; /* in the file, of the text's first character */
	const char *source; /* the text in the window; NULL where the text is a decoded copy */
};

/* A line and column within the script, as ones of the file. */
static struct ucm_spot spot_in_file(const struct script *script, unsigned line, unsigned column)
{
	struct ucm_spot spot = {0, 0};

	if (line == 0)
		return spot;
	spot.line = script->start.line + line - 1;
	spot.column = line == 1 ? script->start.column + column - 1 : column;
	return spot;
}

static const char *copy_literal(
    struct ucm_reader *reader, const struct ucm_script_argument *argument, int absent_is_empty)
{
	if (argument->computed || (argument->line == 0 && !absent_is_empty))
		return NULL;
	return ucm_arena_string(&reader->system->arena, argument->text);
}

static int keep_call(const struct ucm_script_call *found, void *arg)
{
	struct script *script = arg;
	struct ucm_reader *reader = script->reader;
	struct ucm_arena *arena = &reader->system->arena;
	char excerpt[UCM_EXCERPT_MAX + 1];
	struct ucm_spot spot;
	struct ucm_call *call;

	if (reader->object.client == UCM_CLIENT_UNKNOWN) {
		ucm_reader_client_missing(reader);
		return 1;
	}
	if (ucm_reader_keep(reader, 1) < 0)
		return 1;
	call = ucm_system_add_call(reader->system);
	if (call == NULL)
		return -1;
	call->client = reader->object.client;
	call->object = ucm_arena_string(arena, reader->object.name);
	call->file = ucm_reader_file(reader);
	spot = spot_in_file(script, found->line, found->column);
	call->line = spot.line;
	call->column = spot.column;
	if (script->source != NULL) {
		call->excerpt_column = ucm_window_excerpt(&reader->window, found->name, excerpt);
		call->excerpt = ucm_arena_string(arena, excerpt);
	}
	call->server = copy_literal(reader, &found->server, 1);
	call->server_computed = found->server.computed;
	spot = spot_in_file(script, found->server.line, found->server.column);
	call->server_line = spot.line;
	call->server_column = spot.column;
	call->subject = copy_literal(reader, &found->subject, 0);
	call->subject_computed = found->subject.computed;
	spot = spot_in_file(script, found->subject.line, found->subject.column);
	call->subject_line = spot.line;
	call->subject_column = spot.column;
	return arena->failed ? -1 : 0;
}

/* Most scripts send no mail: they need no more than a look for the name. */
static int names_send_mail(const char *text, size_t length)
{
	static const char send[] = "send", mail[] = "mail";
	const char *const end = text + length, *at = text;
	int same;

	while ((at = memchr(at, '_', (size_t)(end - at))) != NULL) {
		same = at - text >= 4 && end - at > 4;
		for (int i = 0; same && i < 4; i++)
			same = ucm_lower(at[i - 4]) == send[i] && ucm_lower(at[i + 1]) == mail[i];
		if (same)
			return 1;
		at++;
	}
	return 0;
}

static void scan(struct script *script, const char *text, size_t length)
{
	if (!names_send_mail(text, length))
		return;
	if (ucm_script_scan(text, length, keep_call, script) < 0)
		ucm_reader_no_memory(script->reader);
}

/* A text with references or several sections: the lines are right, columns as far as they go. */
static void scan_decoded(struct script *script, const char *content, size_t size)
{
	const struct ucm_allocator *allocator = script->reader->system->arena.allocator;
	char *text = ucm_resize(allocator, NULL, size + 1);

	if (text == NULL) {
		ucm_reader_no_memory(script->reader);
		return;
	}
	scan(script, text, ucm_markup_text(content, size, text));
	(void)ucm_resize(allocator, text, 0);
}

static int has_text(const char *content, size_t size)
{
	for (size_t at = 0; at < size; at++)
		if ((unsigned char)content[at] > ' ')
			return 1;
	return 0;
}

void ucm_reader_script(struct ucm_reader *reader, const char *content, size_t size)
{
	struct script script = {.reader = reader};
	size_t length;

	if (ucm_markup_cdata(content, size, &script.source, &length)) {
		if (!has_text(script.source, length))
			return;
		reader->system->has_scripts = 1;
		script.start = ucm_window_spot(&reader->window, script.source);
		scan(&script, script.source, length);
		return;
	}
	if (!has_text(content, size))
		return;
	reader->system->has_scripts = 1;
	script.source = NULL;
	script.start = ucm_window_spot(&reader->window, content);
	scan_decoded(&script, content, size);
}
