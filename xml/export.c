/*
 * Drives the XML parser over an export, in pieces, through SAX2.
 */
#include "config.h"

#include "xml/export.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "policy/text.h"
#include "xml/markup.h"
#include "xml/reader.h"
#include "xml/reason.h"

static const char *const element_names[UCM_ELEMENT_COUNT] = {
    [UCM_ELEMENT_NONE] = "",
    [UCM_ELEMENT_EXPORT] = "uc-export",
    [UCM_ELEMENT_FOLDERS] = "FolderStruct",
    [UCM_ELEMENT_VARA] = "VARA",
    [UCM_ELEMENT_STORE] = "STORE",
    [UCM_ELEMENT_LOGIN] = "LOGIN",
    [UCM_ELEMENT_HEADER] = "HEADER",
    [UCM_ELEMENT_XHEADER] = "XHEADER",
    [UCM_ELEMENT_ATTR_VARA] = "ATTR_VARA",
    [UCM_ELEMENT_VARIABLES] = "Variables",
    [UCM_ELEMENT_RESOURCES] = "resourceList",
    [UCM_ELEMENT_RESOURCES_LOWER] = "resourcelist",
    [UCM_ELEMENT_LOGINS] = "Logins",
    [UCM_ELEMENT_ROW] = "row",
    [UCM_ELEMENT_SUBTYPE] = "OH_SubType",
    [UCM_ELEMENT_SOURCE] = "source",
    [UCM_ELEMENT_HOST_TYPE] = "HostATTR_Type",
    [UCM_ELEMENT_MSCRI] = "MSCRI",
    [UCM_ELEMENT_PSCRI] = "PSCRI",
    [UCM_ELEMENT_OSCRI] = "OSCRI",
};

/* Whether the library has its memory for this thread. Without it, 2.12 and later abort() in the
 * next call. */
static int has_thread_memory(void)
{
#if LIBXML_VERSION >= 21200
	return xmlCheckThreadLocalStorage() == 0;
#else
	return 1;
#endif
}

/* The library's set-up is not safe to run twice at once; it is never undone, others may use it. */
static void init_parser(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, xmlInitParser);
}

static enum ucm_element element_of(
    const struct ucm_reader *reader, const xmlChar *name, const xmlChar *prefix)
{
	if (prefix != NULL)
		return UCM_ELEMENT_NONE;
	for (int element = UCM_ELEMENT_NONE + 1; element < UCM_ELEMENT_COUNT; element++)
		if (reader->names[element] == name)
			return (enum ucm_element)element;
	return UCM_ELEMENT_NONE;
}

static void start_root(struct ucm_reader *reader, enum ucm_element element, const xmlChar *name)
{
	char reason[128];

	reader->rooted = 1;
	if (element == UCM_ELEMENT_EXPORT)
		return;
	(void)snprintf(reason, sizeof(reason), "%.100s", (const char *)name);
	ucm_reason_clean(reason);
	ucm_reader_stop_tag(reader, UCM003, reason);
}

/* The end of every call from the parser: stopping frees what names and attributes point to. */
static void stop_parser(struct ucm_reader *reader)
{
	if (reader->stopped)
		xmlStopParser(reader->parser);
}

static void start_element(struct ucm_reader *reader, const xmlChar *name, const xmlChar *prefix,
    struct ucm_attributes list)
{
	enum ucm_element element;

	if (++reader->depth > UCM_XML_DEPTH_MAX)
		ucm_reader_stop_tag(reader, UCM002, "elements are nested too deeply");
	if (reader->stopped || reader->passed_over != 0)
		return;
	element = element_of(reader, name, prefix);
	if (reader->depth <= UCM_DEPTH_ROW)
		reader->path[reader->depth] = element;
	if (reader->depth == UCM_DEPTH_ROOT)
		start_root(reader, element, name);
	else if (reader->depth == UCM_DEPTH_OBJECT)
		ucm_object_start(reader, element, list);
	else if (element != UCM_ELEMENT_NONE)
		ucm_content_start(reader, element, list);
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
    const xmlChar **attributes)
{
	struct ucm_attributes list = {attributes, attribute_count};

	(void)uri, (void)namespaces, (void)defaulted;
	if (attribute_count + namespace_count > UCM_XML_ATTRIBUTES_MAX) {
		ucm_reader_stop_tag(arg, UCM002, "a tag has too many attributes");
		stop_parser(arg);
		return;
	}
	start_element(arg, name, prefix, list);
	stop_parser(arg);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct ucm_reader *reader = arg;

	(void)name, (void)prefix, (void)uri;
	if (reader->stopped)
		return;
	if (reader->passed_over == reader->depth) {
		reader->passed_over = 0;
	} else if (reader->passed_over == 0) {
		if (reader->capture != UCM_ELEMENT_NONE && reader->capture_depth == reader->depth)
			ucm_content_captured(reader);
		if (reader->depth == UCM_DEPTH_OBJECT)
			ucm_object_end(reader);
	}
	reader->depth--;
	stop_parser(reader);
}

static void on_doctype(
    void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name, (void)external, (void)system;
	ucm_reader_stop_tag(arg, UCM002, "a document type declaration");
	stop_parser(arg);
}

static int open_parser(struct ucm_reader *reader)
{
	xmlSAXHandler sax;

	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.internalSubset = on_doctype;
	sax.serror = ucm_reader_error;
	reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
	if (reader->parser == NULL)
		return -1;
	/* The bytes are UTF-8 by now, whatever the declaration says. NOENT is for the predefined
	 * entities, which would come half resolved without it; there can be no others. */
	(void)xmlCtxtUseOptions(
	    reader->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT);
	for (int element = UCM_ELEMENT_NONE + 1; element < UCM_ELEMENT_COUNT; element++) {
		reader->names[element] = xmlDictLookup(
		    reader->parser->dict, (const xmlChar *)element_names[element], -1);
		if (reader->names[element] == NULL)
			return -1;
	}
	return 0;
}

/* Whether the rest of the source, after `size` bytes of it, is UTF-8. */
static int rest_is_utf8(struct ucm_source *source, const unsigned char *bytes, size_t size)
{
	unsigned char piece[4096];
	size_t kept, valid;
	ssize_t got;
	int cut;

	valid = ucm_utf8_prefix(bytes, size, &cut);
	while (valid == size || cut) {
		kept = size - valid;
		memmove(piece, bytes + valid, kept);
		got = source->ahead(source, piece + kept, sizeof(piece) - kept);
		if (got <= 0)
			return got == 0 && kept == 0;
		bytes = piece;
		size = kept + (size_t)got;
		valid = ucm_utf8_prefix(bytes, size, &cut);
	}
	return 0;
}

/* An 8-bit encoding is believed only as long as the bytes are ASCII or no UTF-8. */
static void settle_encoding(struct ucm_reader *reader, struct ucm_source *source,
    const unsigned char *bytes, size_t size, int *settled)
{
	const size_t plain = *settled ? 0 : ucm_ascii_run((const char *)bytes, size);

	if (*settled || plain == size)
		return;
	if (rest_is_utf8(source, bytes + plain, size - plain))
		reader->decoder.encoding = UCM_ENCODING_UTF8;
	*settled = 1;
}

/* The parser takes a tag when it is whole, and is then too busy with its attributes to be stopped.
 */
static int has_attributes(struct ucm_reader *reader, unsigned long long from)
{
	const struct ucm_window *window = &reader->window;
	const char *tag = ucm_window_at(window, from), *end = window->bytes + window->size;

	return tag != NULL && end - tag > 1 && tag[0] == '<' && tag[1] != '!' && tag[1] != '?' &&
	       ucm_markup_attributes(tag, end) > UCM_XML_ATTRIBUTES_MAX;
}

static void check_limits(struct ucm_reader *reader)
{
	const struct ucm_window *window = &reader->window;
	const unsigned long long fed = window->base + window->size;
	const unsigned long long done = ucm_reader_offset(reader);

	if (reader->stopped)
		return;
	if (fed > done && fed - done > UCM_XML_TOKEN_MAX)
		ucm_reader_stop(reader, UCM002, "a tag, comment or value is too long");
	else if (fed > done && has_attributes(reader, done))
		ucm_reader_stop(reader, UCM002, "a tag has too many attributes");
	else if (reader->capture != UCM_ELEMENT_NONE &&
		 fed - reader->capture_from > UCM_XML_SCRIPT_MAX)
		ucm_reader_stop(reader, UCM002, "a script is too long");
}

/* Decodes a piece and hands it to the parser. */
static void feed(struct ucm_reader *reader, const unsigned char *bytes, size_t size, int last)
{
	struct ucm_window *window = &reader->window;
	const size_t need =
	    reader->decoder.encoding == UCM_ENCODING_UTF8 ? size + 4 : UCM_DECODED_MAX(size);
	char *out = ucm_window_reserve(window, ucm_reader_offset(reader), need);
	size_t written;

	if (out == NULL) {
		ucm_reader_no_memory(reader);
		return;
	}
	written = ucm_decode(&reader->decoder, bytes, size, last, out);
	window->size += written;
	(void)xmlParseChunk(reader->parser, out, (int)written, last);
	check_limits(reader);
}

static void parse(struct ucm_reader *reader, struct ucm_source *source, size_t size)
{
	char name[UCM_ENCODING_NAME_MAX + 1], reason[96];
	size_t mark;
	ssize_t got = (ssize_t)size;
	int settled;

	reader->decoder.encoding = ucm_encoding_sniff(reader->raw, size, &mark, name);
	settled = !ucm_encoding_is_8bit(reader->decoder.encoding);
	if (reader->decoder.encoding == UCM_ENCODING_UNKNOWN) {
		(void)snprintf(reason, sizeof(reason), "unsupported encoding %s", name);
		ucm_reader_stop_file(reader, UCM001, reason);
		return;
	}
	while (got > 0 && !reader->stopped) {
		reader->system->bytes += (size_t)got;
		settle_encoding(reader, source, reader->raw + mark, (size_t)got - mark, &settled);
		feed(reader, reader->raw + mark, (size_t)got - mark, 0);
		mark = 0;
		if (!reader->stopped)
			got = ucm_source_fill(source, reader->raw, sizeof(reader->raw));
	}
	if (got < 0)
		ucm_reader_stop_file(reader, UCM006, source->why);
	if (!reader->stopped)
		feed(reader, reader->raw, 0, 1);
	if (!reader->stopped && !reader->parser->wellFormed)
		ucm_reader_stop(reader, UCM001, "not well-formed");
}

/* Where the XML library reports what concerns no parser, for this thread: the process's choice. */
struct loudness {
	xmlStructuredErrorFunc function;
	void *arg;
};

static void on_stray_error(void *arg, UCM_READER_FAULT *error)
{
	if (error->code == XML_ERR_NO_MEMORY)
		ucm_reader_no_memory(arg);
}

/* Without a parser yet, the XML library prints to standard error that it has no memory. */
static void quiet_begin(struct loudness *before, struct ucm_reader *reader)
{
	before->function = xmlStructuredError;
	before->arg = xmlStructuredErrorContext;
	xmlSetStructuredErrorFunc(reader, on_stray_error);
}

static void quiet_end(const struct loudness *before)
{
	xmlSetStructuredErrorFunc(before->arg, before->function);
	xmlResetLastError(); /* what the library keeps of it for the thread */
}

int ucm_export_read(
    struct ucm_system *system, struct ucm_source *source, const struct ucm_export *export)
{
	struct ucm_reader *reader;
	struct loudness before;
	ssize_t got;
	int failed;

	if (!has_thread_memory())
		return -1;
	reader = ucm_resize(system->arena.allocator, NULL, sizeof(*reader));
	if (reader == NULL)
		return -1;
	memset(reader, 0, sizeof(*reader));
	init_parser(); /* first: looking at the library's settings begins to set it up, too */
	quiet_begin(&before, reader);
	reader->system = system;
	reader->export = export;
	reader->object.client = UCM_CLIENT_UNKNOWN;
	ucm_window_init(&reader->window, system->arena.allocator);
	system->files++;
	got = ucm_source_fill(source, reader->raw, sizeof(reader->raw));
	if (got < 0)
		ucm_reader_stop_file(reader, UCM006, source->why);
	else if (got == 0)
		ucm_reader_stop_file(reader, UCM001, "the file is empty");
	else if (open_parser(reader) < 0)
		reader->no_memory = 1;
	else
		parse(reader, source, (size_t)got);
	if (reader->stopped)
		ucm_object_cut(reader);
	xmlFreeParserCtxt(reader->parser);
	quiet_end(&before);
	ucm_window_free(&reader->window);
	failed = reader->no_memory || system->arena.failed;
	(void)ucm_resize(system->arena.allocator, reader, 0);
	return failed ? -1 : 0;
}
