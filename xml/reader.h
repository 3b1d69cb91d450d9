/*
 * State of the reader of one export file, shared by its parser (export.c), what it knows of
 * objects (object.c, content.c) and its findings (fault.c). Internal to this folder.
 */
#ifndef UCM_XML_READER_H
#define UCM_XML_READER_H

#include <libxml/parser.h>

#include "policy/limits.h"
#include "xml/encoding.h"
#include "xml/export.h"
#include "xml/window.h"

/* Depth of the places that are told by position: uc-export, object, section, list, row. */
enum { UCM_DEPTH_ROOT = 1, UCM_DEPTH_OBJECT, UCM_DEPTH_SECTION, UCM_DEPTH_LIST, UCM_DEPTH_ROW };

/* Element names that matter; compared as pointers into the parser's dictionary. */
enum ucm_element {
	UCM_ELEMENT_NONE,
	UCM_ELEMENT_EXPORT,
	UCM_ELEMENT_FOLDERS,
	UCM_ELEMENT_VARA,
	UCM_ELEMENT_STORE,
	UCM_ELEMENT_LOGIN,
	UCM_ELEMENT_HEADER,
	UCM_ELEMENT_XHEADER,
	UCM_ELEMENT_ATTR_VARA,
	UCM_ELEMENT_VARIABLES,
	UCM_ELEMENT_RESOURCES,
	UCM_ELEMENT_RESOURCES_LOWER,
	UCM_ELEMENT_LOGINS,
	UCM_ELEMENT_ROW,
	UCM_ELEMENT_SUBTYPE,
	UCM_ELEMENT_SOURCE,
	UCM_ELEMENT_HOST_TYPE,
	UCM_ELEMENT_MSCRI,
	UCM_ELEMENT_PSCRI,
	UCM_ELEMENT_OSCRI,
	UCM_ELEMENT_COUNT
};

enum ucm_object_kind { UCM_OBJECT_OTHER, UCM_OBJECT_VARIABLE, UCM_OBJECT_STORE, UCM_OBJECT_LOGIN };

/* Where the type of a variable was told; the higher wins. */
enum ucm_type_source { UCM_TYPE_NOT_TOLD, UCM_TYPE_HEADER, UCM_TYPE_SECTION, UCM_TYPE_ATTRIBUTE };

struct ucm_object {
	enum ucm_object_kind kind;
	int client; /* UCM_CLIENT_UNKNOWN: nothing tells */
	char name[UCM_XML_NAME_MAX + 1];
	struct ucm_spot spot; /* of the name */
	char excerpt[UCM_EXCERPT_MAX + 1];
	unsigned excerpt_column;
	int client_missed; /* UCM004 was raised */
	enum ucm_type_source typed;
	struct ucm_variable *variable; /* by kind; else NULL */
	struct ucm_store *store;
	struct ucm_login *login;
};

struct ucm_reader {
	struct ucm_system *system;
	const struct ucm_export *export;
	const char *file; /* the export's name in the arena; see ucm_reader_file() */
	xmlParserCtxtPtr parser;
	struct ucm_window window;
	struct ucm_decoder decoder;
	const xmlChar *names[UCM_ELEMENT_COUNT];
	enum ucm_element path[UCM_DEPTH_ROW + 1];
	unsigned depth;
	int rooted; /* the root element has begun */
	unsigned passed_over; /* depth of a subtree of no interest; 0: none */
	enum ucm_element capture; /* the element whose text is wanted */
	unsigned capture_depth;
	unsigned long long capture_from; /* offset of its content */
	struct ucm_object object;
	size_t kept; /* what was kept of the file */
	int stopped; /* a fault was found: what comes is not read */
	int no_memory;
	unsigned char raw[UCM_SOURCE_CHUNK];
};

/* One attribute as the parser gives it: decoded, not terminated. */
struct ucm_attributes {
	const xmlChar **list;
	int count;
};

/* ---- fault.c ------------------------------------------------------------------------------- */

/* The file's name in the arena, made when first needed; NULL without memory. */
const char *ucm_reader_file(struct ucm_reader *reader);

/* Raises a finding at the parser's place and stops reading. */
void ucm_reader_stop(struct ucm_reader *reader, enum ucm_rule rule, const char *reason);

/* The same at the start of the tag that the parser is in. */
void ucm_reader_stop_tag(struct ucm_reader *reader, enum ucm_rule rule, const char *reason);

/* The same without a place in the file. */
void ucm_reader_stop_file(struct ucm_reader *reader, enum ucm_rule rule, const char *reason);

/* Something more is to be kept of the file, as much as so many keys: 0, or -1 where that is too
 * much, and reading stops. */
int ucm_reader_keep(struct ucm_reader *reader, size_t keys);

/* The parser's own errors; the library gives them away for reading only since 2.12. */
#if LIBXML_VERSION >= 21200
#define UCM_READER_FAULT const xmlError
#else
#define UCM_READER_FAULT xmlError
#endif
void ucm_reader_error(void *arg, UCM_READER_FAULT *error);

/* UCM004 at the object, once. */
void ucm_reader_client_missing(struct ucm_reader *reader);

/* Memory is gone: stops without a finding. */
void ucm_reader_no_memory(struct ucm_reader *reader);

/* How far the parser is in the stream of UTF-8. */
unsigned long long ucm_reader_offset(const struct ucm_reader *reader);

/* ---- object.c ------------------------------------------------------------------------------ */

void ucm_object_start(
    struct ucm_reader *reader, enum ucm_element element, struct ucm_attributes attributes);
void ucm_object_end(struct ucm_reader *reader);

/* Reading has stopped: what it stopped in is not whole. */
void ucm_object_cut(struct ucm_reader *reader);

/* The start tag that the parser is in; NULL where it cannot be found. */
const char *ucm_reader_tag(struct ucm_reader *reader);

/* The value of an attribute; NULL where it is not there. */
const char *ucm_attribute(struct ucm_attributes attributes, const char *name, size_t *length);

/* Copies a value to out, which has room for size bytes with the NUL. -1 where it is too long. */
int ucm_attribute_copy(struct ucm_attributes attributes, const char *name, char *out, size_t size);

/* ---- content.c ----------------------------------------------------------------------------- */

/* An element below an object. */
void ucm_content_start(
    struct ucm_reader *reader, enum ucm_element element, struct ucm_attributes attributes);

/* The element whose text is wanted has ended. */
void ucm_content_captured(struct ucm_reader *reader);

#endif
