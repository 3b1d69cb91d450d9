/*
 * What stands inside objects: rows of the kept ones, types, platforms, scripts.
 */
#include "config.h"

#include "xml/reader.h"

#include <string.h>

#include "policy/text.h"
#include "xml/hosttype.h"
#include "xml/markup.h"
#include "xml/scripts.h"

/* Where the value of an attribute of the start tag at `tag` stands; the tag's own place without. */
static struct ucm_spot spot_of(
    const struct ucm_reader *reader, const char *tag, const char *attribute, const char **value)
{
	const struct ucm_window *window = &reader->window;
	struct ucm_attribute_place place;

	*value = tag;
	if (ucm_markup_attribute(tag, window->bytes + window->size, attribute, &place) == 0)
		*value = place.value;
	return ucm_window_spot(window, *value);
}

static const char *keep_value(
    struct ucm_reader *reader, struct ucm_attributes attributes, const char *name)
{
	size_t length;
	const char *value = ucm_attribute(attributes, name, &length);
	const char *copy;

	if (length > UCM_XML_VALUE_MAX) {
		ucm_reader_stop_tag(reader, UCM002, "a value is too long");
		return "";
	}
	copy = ucm_arena_copy(&reader->system->arena, value == NULL ? "" : value, length);
	if (copy == NULL)
		ucm_reader_no_memory(reader);
	return copy;
}

static const char *keep_excerpt(struct ucm_reader *reader, const char *place, unsigned *column)
{
	char excerpt[UCM_EXCERPT_MAX + 1];
	const char *copy;

	*column = ucm_window_excerpt(&reader->window, place, excerpt);
	copy = ucm_arena_string(&reader->system->arena, excerpt);
	if (copy == NULL)
		ucm_reader_no_memory(reader);
	return copy;
}

static void variable_row(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	struct ucm_variable *variable = reader->object.variable;
	char name[UCM_XML_NAME_MAX + 1];
	const int whole = ucm_attribute_copy(attributes, "Name", name, sizeof(name)) == 0;
	struct ucm_spot spot, name_spot;
	const char *tag, *value, *name_value;
	struct ucm_row *row;

	/* UC_TRUSTEDCERTS is kept for being a variable, not for its rows. */
	if (ucm_equal_nocase(variable->name, UCM_TRUSTEDCERTS_NAME) || !ucm_is_mail_key(name))
		return;
	tag = ucm_reader_tag(reader);
	if (!whole || tag == NULL) {
		ucm_reader_stop_tag(reader, UCM002, "the name of a key is too long");
		return;
	}
	if (ucm_reader_keep(reader, 1) < 0)
		return;
	row = ucm_variable_add_row(reader->system, variable);
	if (row == NULL) {
		ucm_reader_no_memory(reader);
		return;
	}
	name_spot = spot_of(reader, tag, "Name", &name_value);
	spot = spot_of(reader, tag, "Value", &value);
	if (value == tag) { /* no Value at all: the key is the nearest place */
		value = name_value;
		spot = name_spot;
	}
	row->line = spot.line;
	row->column = spot.column;
	row->name_column = name_spot.column;
	row->name = keep_value(reader, attributes, "Name");
	row->value = keep_value(reader, attributes, "Value");
	row->excerpt = keep_excerpt(reader, value, &row->excerpt_column);
}

static void store_row(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	const char *tag = ucm_reader_tag(reader), *value;
	struct ucm_spot spot;
	struct ucm_resource *resource;

	if (tag == NULL) {
		ucm_reader_stop_tag(reader, UCM002, "a start tag is too long");
		return;
	}
	if (ucm_reader_keep(reader, 1) < 0)
		return;
	resource = ucm_store_add_resource(reader->system, reader->object.store);
	if (resource == NULL) {
		ucm_reader_no_memory(reader);
		return;
	}
	spot = spot_of(reader, tag, "name", &value);
	resource->line = spot.line;
	resource->column = spot.column;
	resource->name = keep_value(reader, attributes, "name");
	resource->resname = keep_value(reader, attributes, "resname");
	resource->checksum = keep_value(reader, attributes, "checksum");
	resource->excerpt = keep_excerpt(reader, value, &resource->excerpt_column);
}

static void login_row(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	size_t length;

	if (reader->object.login->user == NULL &&
	    ucm_attribute(attributes, "Login", &length) != NULL && length > 0)
		reader->object.login->user = keep_value(reader, attributes, "Login");
}

/* Rows are told by all of: the object's kind, their depth, and the elements above them. */
static const struct {
	enum ucm_object_kind kind;
	enum ucm_element section, list;
	void (*row)(struct ucm_reader *reader, struct ucm_attributes attributes);
} rows[] = {
    {UCM_OBJECT_VARIABLE, UCM_ELEMENT_VARA, UCM_ELEMENT_VARIABLES, variable_row},
    {UCM_OBJECT_STORE, UCM_ELEMENT_STORE, UCM_ELEMENT_RESOURCES, store_row},
    {UCM_OBJECT_STORE, UCM_ELEMENT_STORE, UCM_ELEMENT_RESOURCES_LOWER, store_row},
    {UCM_OBJECT_LOGIN, UCM_ELEMENT_LOGIN, UCM_ELEMENT_LOGINS, login_row},
};

static void start_row(struct ucm_reader *reader, struct ucm_attributes attributes)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == reader->object.kind &&
		    rows[i].section == reader->path[UCM_DEPTH_SECTION] &&
		    rows[i].list == reader->path[UCM_DEPTH_LIST])
			rows[i].row(reader, attributes);
}

/* From now on the source is kept, until the element ends. */
static void start_capture(struct ucm_reader *reader, enum ucm_element element)
{
	const struct ucm_window *window = &reader->window;
	const char *tag = ucm_reader_tag(reader), *end;

	if (tag == NULL)
		return;
	end = ucm_markup_tag_end(tag, window->bytes + window->size);
	if (end == window->bytes + window->size)
		return;
	reader->capture = element;
	reader->capture_depth = reader->depth;
	reader->capture_from = window->base + (unsigned long long)(end + 1 - window->bytes);
	reader->window.pin = reader->capture_from;
}

static int is_type_place(const struct ucm_reader *reader, enum ucm_element element)
{
	const enum ucm_element section = reader->path[UCM_DEPTH_SECTION];

	if (reader->depth != UCM_DEPTH_LIST || reader->object.variable == NULL)
		return 0;
	if (element == UCM_ELEMENT_SOURCE)
		return section == UCM_ELEMENT_ATTR_VARA;
	return section == UCM_ELEMENT_HEADER || section == UCM_ELEMENT_XHEADER;
}

void ucm_content_start(
    struct ucm_reader *reader, enum ucm_element element, struct ucm_attributes attributes)
{
	if (reader->capture != UCM_ELEMENT_NONE)
		return;
	switch ((int)element) {
	case UCM_ELEMENT_ROW:
		if (reader->depth == UCM_DEPTH_ROW)
			start_row(reader, attributes);
		break;
	case UCM_ELEMENT_SOURCE:
	case UCM_ELEMENT_SUBTYPE:
		if (is_type_place(reader, element))
			start_capture(reader, element);
		break;
	case UCM_ELEMENT_HOST_TYPE:
	case UCM_ELEMENT_MSCRI:
	case UCM_ELEMENT_PSCRI:
	case UCM_ELEMENT_OSCRI:
		start_capture(reader, element);
		break;
	default:
		break;
	}
}

/* A short text without the blanks round it; longer ones are cut. */
static size_t short_text(const char *content, size_t size, char out[UCM_XML_NAME_MAX])
{
	size_t length, start = 0;

	length = ucm_markup_text(content, size > UCM_XML_NAME_MAX ? UCM_XML_NAME_MAX : size, out);
	while (length > 0 && (unsigned char)out[length - 1] <= ' ')
		length--;
	while (start < length && (unsigned char)out[start] <= ' ')
		start++;
	if (start > 0)
		memmove(out, out + start, length - start);
	return length - start;
}

static void captured_type(
    struct ucm_reader *reader, enum ucm_type_source source, const char *text, size_t length)
{
	struct ucm_object *object = &reader->object;

	if (length == 0 || source <= object->typed)
		return;
	object->typed = source;
	object->variable->type = ucm_arena_copy(&reader->system->arena, text, length);
	if (object->variable->type == NULL)
		ucm_reader_no_memory(reader);
}

void ucm_content_captured(struct ucm_reader *reader)
{
	struct ucm_window *window = &reader->window;
	const char *content = ucm_window_at(window, reader->capture_from);
	const char *end = ucm_window_at(window, ucm_reader_offset(reader));
	const enum ucm_element element = reader->capture;
	char text[UCM_XML_NAME_MAX];
	size_t length;

	reader->capture = UCM_ELEMENT_NONE;
	window->pin = UCM_WINDOW_NO_PIN;
	if (content == NULL || end == NULL || end < content)
		return;
	do /* back to the end tag; an empty element has none behind its content */
		end--;
	while (end >= content && *end != '<');
	if (end < content)
		return;
	if (element == UCM_ELEMENT_MSCRI || element == UCM_ELEMENT_PSCRI ||
	    element == UCM_ELEMENT_OSCRI) {
		ucm_reader_script(reader, content, (size_t)(end - content));
		return;
	}
	length = short_text(content, (size_t)(end - content), text);
	if (element == UCM_ELEMENT_HOST_TYPE)
		reader->system->job_agents |= ucm_host_type_agents(text, length);
	else
		captured_type(reader,
		    element == UCM_ELEMENT_SOURCE ? UCM_TYPE_SECTION : UCM_TYPE_HEADER, text,
		    length);
}
