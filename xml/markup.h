/*
 * Small pieces of raw, already well-formed markup: where an attribute's value stands in a start
 * tag, and the text of an element.
 */
#ifndef UCM_XML_MARKUP_H
#define UCM_XML_MARKUP_H

#include <stddef.h>

struct ucm_attribute_place {
	const char *name; /* its first character */
	const char *value; /* its first character, behind the quote */
};

/*
 * Finds an attribute in the start tag that begins at `tag`, with "<". The search ends at the tag's
 * ">" or at `end`. Returns 0, or -1 where it is not there.
 */
int ucm_markup_attribute(
    const char *tag, const char *end, const char *name, struct ucm_attribute_place *ret);

/* How many attributes stand whole in the start tag at `tag`, which may be cut at `end`. */
size_t ucm_markup_attributes(const char *tag, const char *end);

/* The ">" that ends the start tag at `tag`, or `end`. */
const char *ucm_markup_tag_end(const char *tag, const char *end);

/*
 * Whether the content of an element is one CDATA section with nothing but blanks round it; then
 * *text and *length are what stands in it.
 */
int ucm_markup_cdata(const char *content, size_t size, const char **text, size_t *length);

/*
 * The text of an element's content: CDATA sections opened, references resolved, comments and tags
 * left out. Never longer than the content; `out` has room for `size` bytes. Returns the length.
 */
size_t ucm_markup_text(const char *content, size_t size, char *out);

#endif
