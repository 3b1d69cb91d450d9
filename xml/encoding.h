/*
 * Bytes of an export to UTF-8. Done here and not by the XML library, so that places in the source
 * are exact, and because exports that declare ISO-8859-15 often hold UTF-8.
 */
#ifndef UCM_XML_ENCODING_H
#define UCM_XML_ENCODING_H

#include <stddef.h>

enum ucm_encoding {
	UCM_ENCODING_UTF8, /* and US-ASCII, which it includes */
	UCM_ENCODING_LATIN1, /* ISO-8859-1 */
	UCM_ENCODING_LATIN9, /* ISO-8859-15 */
	UCM_ENCODING_CP1252,
	UCM_ENCODING_UTF16LE,
	UCM_ENCODING_UTF16BE,
	UCM_ENCODING_UNKNOWN /* declared, and not one of these */
};

#define UCM_ENCODING_NAME_MAX 40
#define UCM_ENCODING_SNIFF_MAX 1024 /* bytes in which a declaration must end */

/* Most bytes that decoding `size` bytes can give. */
#define UCM_DECODED_MAX(size) (3 * (size) + 4)

/*
 * What the first bytes of a document say: its byte order mark or its declaration, else UTF-8.
 * *mark receives the length of the byte order mark; name (UCM_ENCODING_NAME_MAX + 1 bytes) the
 * declared name, with anything that is no letter, digit, '-', '_', '.' or ':' cut off.
 */
enum ucm_encoding ucm_encoding_sniff(
    const unsigned char *bytes, size_t size, size_t *mark, char *name);

/* Whether the encoding is one of those whose declaration is often wrong: 8-bit ones. */
int ucm_encoding_is_8bit(enum ucm_encoding encoding);

/*
 * Length of the run of valid UTF-8 at the start (RFC 3629: no surrogates, no overlong forms). A
 * sequence that is cut off by the end is not counted; *cut then tells that it is right so far.
 */
size_t ucm_utf8_prefix(const unsigned char *bytes, size_t size, int *cut);

/* Decodes a stream piece by piece; a character cut by the end of a piece waits for the next. */
struct ucm_decoder {
	enum ucm_encoding encoding;
	unsigned char carry[4];
	size_t carried;
};

/*
 * Decodes `size` bytes to out, which holds UCM_DECODED_MAX(size) bytes. Faults are passed on as
 * bytes that are no UTF-8, for the XML parser to report. Returns the bytes written. At the end of
 * the stream call it once more with `size` 0 and `last` set.
 */
size_t ucm_decode(
    struct ucm_decoder *decoder, const unsigned char *in, size_t size, int last, char *out);

#endif
