/*
 * Mail addresses (RFC 5321 section 4.1.2, RFC 5322 section 3.4, RFC 6531) and host names.
 */
#ifndef UCM_POLICY_ADDRESS_H
#define UCM_POLICY_ADDRESS_H

#include <stddef.h>

#include "policy/limits.h"

struct ucm_address {
	char name[UCM_DOMAIN_MAX + 1];      /* display name, unquoted, UTF-8; "" where there is none */
	char mailbox[UCM_ADDRESS_MAX + 1];  /* local@domain; quoted local parts stay quoted */
	int utf8;                           /* the mailbox holds a character outside ASCII */
};

/* Why a text is no address. */
enum ucm_address_fault {
	UCM_ADDRESS_OK, UCM_ADDRESS_EMPTY, UCM_ADDRESS_CONTROL, UCM_ADDRESS_SYNTAX,
	UCM_ADDRESS_NO_DOMAIN, UCM_ADDRESS_DOMAIN, UCM_ADDRESS_TOO_LONG, UCM_ADDRESS_GROUP,
	UCM_ADDRESS_ROUTE, UCM_ADDRESS_SEVERAL, UCM_ADDRESS_NOT_UTF8, UCM_ADDRESS_FAULTS
};

/* "a@b", "<a@b>", "Name <a@b>", "\"N, M\" <a@b>", comments allowed. One address only. */
enum ucm_address_fault ucm_address_parse(const char *text, struct ucm_address *ret);
/* Whether two mailboxes are one: domains and a bare "postmaster" have no case, local parts have. */
int ucm_same_mailbox(const char *left, const char *right);
const char *ucm_address_fault_text(enum ucm_address_fault fault);

/*
 * Walks a list "a@b, \"N, M\" <c@d>": copies the next member to out, moves *list behind it.
 * 1: one was copied; 0: the end; -1: a member longer than size.
 */
int ucm_address_list_next(const char **list, char *out, size_t size);

/* Kinds of a host in SMTP_SERVER. */
enum ucm_host_kind { UCM_HOST_INVALID, UCM_HOST_NAME, UCM_HOST_IPV4, UCM_HOST_IPV6 };

/* A name (RFC 1123, underscore tolerated, trailing dot allowed), an IPv4 or IPv6 address
 * (with or without brackets). octets (16 bytes; may be NULL) receives an address. */
enum ucm_host_kind ucm_host_parse(const char *text, unsigned char *octets);

#endif
