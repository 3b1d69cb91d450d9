/*
 * What stops the reader of an export, as findings.
 */
#include "config.h"

#include "xml/reader.h"

#include <stdio.h>
#include <string.h>

#include "policy/limits.h"
#include "xml/reason.h"

const char *ucm_reader_file(struct ucm_reader *reader)
{
	if (reader->file == NULL) {
		reader->file = ucm_arena_string(&reader->system->arena, reader->export->name);
		if (reader->file == NULL)
			ucm_reader_no_memory(reader);
	}
	return reader->file;
}

unsigned long long ucm_reader_offset(const struct ucm_reader *reader)
{
	unsigned long offset = 0;

	if (reader->parser == NULL || reader->parser->input == NULL)
		return 0;
#if LIBXML_VERSION >= 21400
	(void)xmlCtxtGetInputPosition(reader->parser, 0, NULL, NULL, NULL, &offset);
#else
	offset = (unsigned long)xmlByteConsumed(reader->parser);
#endif
	return ucm_window_offset(&reader->window, (uint32_t)offset);
}

void ucm_reader_no_memory(struct ucm_reader *reader)
{
	reader->no_memory = 1;
	reader->stopped = 1;
}

/* XML of another kind does no harm where it was only met on the way. */
static int is_demoted(const struct ucm_reader *reader, enum ucm_rule rule)
{
	return rule == UCM003 && reader->export->walked;
}

static void raise_at(
    struct ucm_reader *reader, enum ucm_rule rule, const char *where, const char *reason)
{
	char excerpt[UCM_EXCERPT_MAX + 1];
	struct ucm_place place;
	struct ucm_spot spot;

	memset(&place, 0, sizeof(place));
	place.client = UCM_CLIENT_UNKNOWN;
	place.file = reader->export->name;
	if (where != NULL) {
		spot = ucm_window_spot(&reader->window, where);
		place.line = spot.line;
		place.column = spot.column;
		place.excerpt_column = ucm_window_excerpt(&reader->window, where, excerpt);
		place.excerpt = excerpt;
	}
	if (ucm_reason_add_at(reader->system, rule, &place, is_demoted(reader, rule), reason) < 0)
		reader->no_memory = 1;
}

void ucm_reader_stop(struct ucm_reader *reader, enum ucm_rule rule, const char *reason)
{
	if (reader->stopped)
		return;
	raise_at(reader, rule, ucm_window_at(&reader->window, ucm_reader_offset(reader)), reason);
	reader->stopped = 1;
}

void ucm_reader_stop_tag(struct ucm_reader *reader, enum ucm_rule rule, const char *reason)
{
	if (reader->stopped)
		return;
	raise_at(reader, rule, ucm_reader_tag(reader), reason);
	reader->stopped = 1;
}

void ucm_reader_stop_file(struct ucm_reader *reader, enum ucm_rule rule, const char *reason)
{
	if (reader->stopped)
		return;
	raise_at(reader, rule, NULL, reason);
	reader->stopped = 1;
}

int ucm_reader_keep(struct ucm_reader *reader, size_t keys)
{
	if (keys <= UCM_XML_KEPT_MAX - reader->kept) {
		reader->kept += keys;
		return 0;
	}
	ucm_reader_stop_tag(
	    reader, UCM002, "more keys, calls and objects of mail than an export may hold");
	return -1;
}

/* Whether nothing was found that an XML file begins with. */
static int is_no_beginning(const struct ucm_reader *reader, const xmlError *error)
{
	return error->code == XML_ERR_DOCUMENT_EMPTY ||
	       (error->code == XML_ERR_DOCUMENT_END && !reader->rooted && reader->depth == 0);
}

static int ends_early(const struct ucm_reader *reader, const xmlError *error)
{
	return reader->depth > 0 &&
	       (error->code == XML_ERR_DOCUMENT_END || error->code == XML_ERR_TAG_NOT_FINISHED);
}

/* How far the parser had looked differs between its versions: a fault of the whole file is put at
 * the beginning, or behind the last of it. */
static const char *place_of(const struct ucm_reader *reader, const xmlError *error)
{
	const struct ucm_window *window = &reader->window;
	size_t end = window->size;

	if (is_no_beginning(reader, error))
		return ucm_window_at(window, 0);
	if (!ends_early(reader, error))
		return ucm_window_at(window, ucm_reader_offset(reader));
	while (end > window->cursor && strchr(" \t\r\n", window->bytes[end - 1]) != NULL)
		end--;
	return window->bytes + end;
}

/* The parser's words, but where they mislead. */
static const char *words_of(const struct ucm_reader *reader, const xmlError *error)
{
	if (ends_early(reader, error))
		return "the file ends too early";
	if (is_no_beginning(reader, error))
		return "the file does not begin as XML does";
	return error->message == NULL ? "not well-formed" : error->message;
}

void ucm_reader_error(void *arg, UCM_READER_FAULT *error)
{
	struct ucm_reader *reader = arg;
	char reason[256];

	if (reader->stopped || error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
		return;
	if (error->code == XML_ERR_NO_MEMORY) {
		ucm_reader_no_memory(reader);
		return;
	}
	(void)snprintf(reason, sizeof(reason), "%s", words_of(reader, error));
	ucm_reason_clean(reason);
	raise_at(reader, UCM001, place_of(reader, error), reason);
	reader->stopped = 1; /* the parser stops by itself */
}

void ucm_reader_client_missing(struct ucm_reader *reader)
{
	struct ucm_object *object = &reader->object;
	struct ucm_place place;

	if (object->client_missed)
		return;
	object->client_missed = 1;
	memset(&place, 0, sizeof(place));
	place.client = UCM_CLIENT_UNKNOWN;
	place.object = object->name;
	place.file = reader->export->name;
	place.line = object->spot.line;
	place.column = object->spot.column;
	place.excerpt = object->excerpt;
	place.excerpt_column = object->excerpt_column;
	if (ucm_reason_add_at(reader->system, UCM004, &place, 0, object->name) < 0)
		ucm_reader_no_memory(reader);
}
