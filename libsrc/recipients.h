/*
 * Recipients: as the header shows them, and each mailbox once for the envelope.
 */
#ifndef UCM_LIBSRC_RECIPIENTS_H
#define UCM_LIBSRC_RECIPIENTS_H

#include <stddef.h>
#include <stdint.h>

#include "policy/address.h"
#include "policy/arena.h"
#include "policy/error.h"
#include "ucmail.h"

struct ucm_addressee {
	enum ucm_recipient_kind kind;
	const char *name; /* "" for none */
	const char *mailbox;
	struct ucm_addressee *next;
};

struct ucm_recipients {
	struct ucm_arena *arena;
	struct ucm_addressee *first, *last; /* in the order in which they were added */
	size_t total;
	const char **envelope; /* local part exact, domain without regard to case */
	size_t count, room;
	uint32_t *slot; /* hash table of indices + 1 into the envelope */
	size_t slots; /* a power of two, or 0 */
	const char *utf8; /* the first mailbox that needs SMTPUTF8, or NULL */
};

void ucm_recipients_init(struct ucm_recipients *recipients, struct ucm_arena *arena);

/*
 * One recipient: an address, or "postmaster", the one mailbox that every server has without a
 * domain (RFC 5321 section 4.1.1.3). 0, or -1 with error and *ret unusable.
 */
int ucm_recipient_parse(const char *member, struct ucm_address *ret, struct ucm_error *error);

/* A comma-separated list from the caller. 0, or -1 with error: nothing was added where an address
 * is wrong. */
int ucm_recipients_add(struct ucm_recipients *recipients, enum ucm_recipient_kind kind,
    const char *addresses, struct ucm_error *error);

/*
 * The value of an address field of a ready message (unfolded). Groups are opened ("undisclosed-
 * recipients:;" is an empty one), display names are not judged.
 */
int ucm_recipients_add_field(
    struct ucm_recipients *recipients, const char *value, size_t length, struct ucm_error *error);

#endif
