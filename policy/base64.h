/*
 * Base64 of RFC 4648 section 4: one line, padded, strict.
 */
#ifndef UCM_POLICY_BASE64_H
#define UCM_POLICY_BASE64_H

#include <stddef.h>

/* Characters that `size` bytes become, padding included. SIZE_MAX where that overflows. */
size_t ucm_base64_length(size_t size);

/*
 * Writes ucm_base64_length(size) characters, no NUL, and returns their number. A stream is encoded
 * chunk by chunk: as long as each chunk but the last is a multiple of 3 bytes, the characters of
 * the chunks follow one another. (57 bytes make one MIME line of 76.)
 */
size_t ucm_base64_encode(const void *bytes, size_t size, char *out);

/*
 * Decodes exactly `length` characters: no white space, padding where it belongs, unused bits zero.
 * Returns the number of bytes; -1 where the text is wrong or does not fit into `room`. `out` may be
 * the text itself.
 */
long ucm_base64_decode(const char *text, size_t length, unsigned char *out, size_t room);

#endif
