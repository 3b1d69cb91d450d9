/*
 * Knows a secret again in what a server says.
 */
#ifndef UCM_LIBSRC_TOLD_H
#define UCM_LIBSRC_TOLD_H

#include <stddef.h>

/*
 * Whether a line of a server, of at most UCM_AUTH_LINE_MAX octets, has a part of the secret in it
 * that is no chance: as it is, in base64 from any character on and cut anywhere, in hexadecimal
 * digits, or behind %, = or + as URLs, quoted-printable and xtext (RFC 3461) have it. A server that
 * repeats what it did not understand is found out; one that wants to hide the secret is not.
 */
int ucm_is_told(const char *secret, size_t secret_length, const char *text, size_t length);

#endif
