/*
 * Encoded-words (RFC 2047) of UTF-8 text.
 */
#ifndef UCM_LIBSRC_ENCODE_WORD_H
#define UCM_LIBSRC_ENCODE_WORD_H

#include <stddef.h>

#include "policy/limits.h"

/* "=?utf-8?Q?" and "?=" */
#define UCM_ENCODED_WORD_FRAME 12
/* The least room for a word: the frame and one character of four octets in Q. */
#define UCM_ENCODED_WORD_MIN (UCM_ENCODED_WORD_FRAME + 12)

/* Whether base64 is the shorter of the two encodings. */
int ucm_encoded_word_prefers_base64(const char *text, size_t length);

/*
 * Writes one encoded-word of at most `room` octets (UCM_ENCODED_WORD_MIN to UCM_ENCODED_WORD_MAX)
 * for as many whole characters from *offset on as fit, moves *offset, returns the word's length.
 * Every octet but those that a phrase may hold is encoded, so a word can stand anywhere.
 */
size_t ucm_encoded_word(const char *text, size_t length, size_t *offset, int base64, size_t room,
    char out[UCM_ENCODED_WORD_MAX]);

#endif
