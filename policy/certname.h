/*
 * X.501 names as text.
 */
#ifndef UCM_POLICY_CERTNAME_H
#define UCM_POLICY_CERTNAME_H

#include "policy/arena.h"
#include "policy/der.h"

/*
 * The Name in RFC 4514 form: UTF-8, most specific part first, special and control characters
 * escaped. NULL where it is malformed or without memory (arena->failed).
 */
const char *ucm_cert_name_text(struct ucm_arena *arena, const struct ucm_der_item *name);

/* The last commonName of a well-formed Name in UTF-8, NULL where there is none or it holds a NUL.
 */
const char *ucm_cert_common_name(struct ucm_arena *arena, const struct ucm_der_item *name);

/* "1.2.840.…" of the content of an OBJECT IDENTIFIER; "" where it is malformed. */
const char *ucm_oid_text(struct ucm_arena *arena, const struct ucm_der_item *oid);

#endif
