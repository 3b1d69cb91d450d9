/*
 * Host names and addresses by length, for the parsers of addresses and certificates.
 */
#ifndef UCM_POLICY_HOST_H
#define UCM_POLICY_HOST_H

#include <stddef.h>

#include "policy/address.h"

/* What a name may hold beside letters, digits and hyphens. */
enum ucm_name_extra { UCM_NAME_STRICT = 0, UCM_NAME_UNDERSCORE = 1, UCM_NAME_UTF8 = 2 };

/*
 * Whether the characters are labels joined by dots: 1-63 octets each, no hyphen at an end, the last
 * one not all digits (an address that is none must not pass as a name). No trailing dot.
 */
int ucm_name_is_valid(const char *text, size_t length, unsigned extra);

/* An IPv4 or IPv6 address, without brackets. octets (16 bytes) receives 4 or 16. */
enum ucm_host_kind ucm_address_literal(const char *text, size_t length, unsigned char *octets);

#endif
