/*
 * Header fields: written into a buffer, folded, encoded (RFC 5322, 2047, 2231).
 */
#ifndef UCM_LIBSRC_FIELD_H
#define UCM_LIBSRC_FIELD_H

#include <stddef.h>

#include "libsrc/buffer.h"
#include "policy/error.h"

struct ucm_field {
	struct ucm_buffer *out;
	size_t column; /* octets on the current line */
	size_t first;  /* column behind "Name:" while nothing follows it yet, else 0 */
	size_t limit;  /* where the current line is to be folded */
};

/* Writes "Name:". */
void ucm_field_begin(struct ucm_field *field, struct ucm_buffer *out, const char *name);

/* A token that must not be broken, behind one space or a fold. */
void ucm_field_token(struct ucm_field *field, const char *token);

/* ASCII text, folded at its own spaces only, so that unfolding gives the same text back. */
void ucm_field_text(struct ucm_field *field, const char *text, size_t length);

/* UTF-8 text as encoded-words. */
void ucm_field_encoded(struct ucm_field *field, const char *text, size_t length);

/* Unstructured text: as it is where every reader gets the same back, else as encoded-words. */
void ucm_field_unstructured(struct ucm_field *field, const char *text);

/* A mailbox with its display name ("" for none); `more`: a comma follows. */
void ucm_field_mailbox(struct ucm_field *field, const char *name, const char *mailbox, int more);

/*
 * A parameter "; name=value" of Content-Type or Content-Disposition: quoted where that is safe, else
 * by RFC 2231, in as many sections as the line length asks for, cut between characters.
 */
void ucm_field_parameter(struct ucm_field *field, const char *name, const char *value);

/* Whether a parameter's value needs RFC 2231. */
int ucm_parameter_is_extended(const char *value);

void ucm_field_end(struct ucm_field *field);

/* ---- Checks at the setters: 0, or -1 with error (class MESSAGE) ---- */

/* UTF-8 without control characters (TAB is allowed); `what` names the value in the reason. */
int ucm_field_check_value(const char *what, const char *value, struct ucm_error *error);

/* A name of RFC 5322 that is not one of those that the library or the transport makes. */
int ucm_field_check_name(const char *name, struct ucm_error *error);

/* No word of an ASCII value is so long that no folding can keep the line under its limit. */
int ucm_field_check_words(const char *name, const char *value, struct ucm_error *error);

#endif
