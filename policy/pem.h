/*
 * PEM (RFC 7468): the blocks of a text, one after the other.
 */
#ifndef UCM_POLICY_PEM_H
#define UCM_POLICY_PEM_H

#include <stddef.h>

struct ucm_pem_block {
	const char *label; /* not terminated */
	size_t label_length;
	const char *body; /* between the lines of dashes, as it is written */
	size_t body_length;
	int ended; /* an END line with the same label closes it */
};

/*
 * The next block at or behind *text; moves *text behind it. Text around blocks is passed over.
 * 1, or 0 where there is none. Linear in the size.
 */
int ucm_pem_next(const char **text, const char *end, struct ucm_pem_block *ret);

/* Whether the label is this one, or holds this word. */
int ucm_pem_label_is(const struct ucm_pem_block *block, const char *label);
int ucm_pem_label_has(const struct ucm_pem_block *block, const char *words);

/*
 * Decodes the body: base64 in lines. `out` has room for body_length bytes. The number of bytes, -1
 * where the body is wrong or empty or the block did not end.
 */
long ucm_pem_decode(const struct ucm_pem_block *block, unsigned char *out);

#endif
