/*
 * SASLprep (RFC 4013) of user names and passwords, as "stored strings": what Unicode 3.2 does not
 * assign is refused.
 *
 * Normalisation (NFKC) is not carried out but asked for: a text that it would change is refused, with
 * the character named, because a password that only seems to be the same is worse than a reason.
 */
#ifndef UCM_LIBSRC_SASLPREP_H
#define UCM_LIBSRC_SASLPREP_H

#include <stddef.h>
#include <stdint.h>

#include "policy/error.h"

enum ucm_prep_class {
	UCM_PREP_NEUTRAL, UCM_PREP_LEFT, UCM_PREP_RIGHT, /* direction of writing */
	UCM_PREP_SPACE,      /* becomes U+0020 */
	UCM_PREP_NOTHING,    /* is left out */
	UCM_PREP_UNSTABLE,   /* normalisation would change it or what stands before it */
	UCM_PREP_UNASSIGNED, /* in Unicode 3.2 */
	UCM_PREP_PROHIBITED
};

/*
 * Ranges from U+0000 on without gaps: an octet holds the number of characters above their class, or 0
 * there, and two octets with the number follow.
 */
#define UCM_PREP_CLASS_BITS 3
#define UCM_PREP_ROW(length, class) ((length) << UCM_PREP_CLASS_BITS | (int)UCM_PREP_##class)
#define UCM_PREP_LONG_ROW(length, class) (int)UCM_PREP_##class, (length) >> 8, (length)&0xFF

extern const unsigned char ucm_saslprep_table[];
extern const size_t ucm_saslprep_table_size;

/*
 * Prepares `length` octets of UTF-8 into out, which has room for as many, and returns the new length.
 * -1 with error (POLICY) where the text is empty, no UTF-8, or forbidden. `what` names it in the
 * reason; the text itself never stands there.
 */
long ucm_saslprep(const char *what, const char *text, size_t length, char *out,
    struct ucm_error *error);

/*
 * Only refuses what is prohibited in any form, for mechanisms whose server prepares the text (RFC 4616
 * section 2): it goes there as it is.
 */
int ucm_saslprep_check(const char *what, const char *text, size_t length, struct ucm_error *error);

#endif
