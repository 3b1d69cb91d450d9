/*
 * Text outside ASCII in a header that a program wrote without encoding it (RFC 2047).
 */
#ifndef UCM_TOOLS_SENDMAIL_WORDS_H
#define UCM_TOOLS_SENDMAIL_WORDS_H

#include "policy/arena.h"

/*
 * The text as encoded-words, folded between them; what is not UTF-8 is taken for ISO-8859-1. NULL
 * without memory.
 */
const char *ucm_words_encode(struct ucm_arena *arena, const char *text);

/* "Name <mailbox>", the name quoted or encoded as it needs; the mailbox alone where it is "". */
const char *ucm_words_mailbox(struct ucm_arena *arena, const char *name, const char *mailbox);

#endif
