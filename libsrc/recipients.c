/*
 * Recipients of a message.
 */
#include "config.h"

#include <string.h>

#include "libsrc/recipients.h"
#include "policy/address.h"
#include "policy/limits.h"
#include "policy/text.h"

#define MEMBER_MAX                                                                                 \
	(UCM_DOMAIN_MAX * 4 + UCM_ADDRESS_MAX) /* a name in encoded-words, and a mailbox */
#define SLOTS_FIRST 16

void ucm_recipients_init(struct ucm_recipients *recipients, struct ucm_arena *arena)
{
	memset(recipients, 0, sizeof(*recipients));
	recipients->arena = arena;
}

static const char *domain_of(const char *mailbox)
{
	const char *at = strrchr(mailbox, '@');

	return at ? at : mailbox;
}

/* FNV-1a; the number of mailboxes is bounded, so the table cannot be made slow without limit. */
static uint32_t hash(const char *mailbox)
{
	const char *domain = domain_of(mailbox);
	uint32_t value = 2166136261u;

	for (; *mailbox; mailbox++) {
		int c = mailbox < domain ? *mailbox : ucm_lower(*mailbox);

		value = (value ^ (unsigned char)c) * 16777619u;
	}
	return value;
}

/* The slot that holds the mailbox, or the free one where it belongs. */
static uint32_t *find_slot(const struct ucm_recipients *recipients, const char *mailbox)
{
	size_t at = hash(mailbox) & (recipients->slots - 1);

	while (recipients->slot[at] &&
	       !ucm_same_mailbox(recipients->envelope[recipients->slot[at] - 1], mailbox))
		at = (at + 1) & (recipients->slots - 1);
	return &recipients->slot[at];
}

/* Keeps the table at most half full. */
static int make_room(struct ucm_recipients *recipients)
{
	size_t slots = recipients->slots ? recipients->slots * 2 : SLOTS_FIRST;
	struct ucm_recipients grown = *recipients;

	if ((recipients->count + 1) * 2 <= recipients->slots)
		return 0;
	grown.slots = slots;
	grown.room = slots / 2;
	grown.slot = ucm_arena_array(recipients->arena, slots, sizeof(*grown.slot));
	grown.envelope = ucm_arena_array(recipients->arena, grown.room, sizeof(*grown.envelope));
	if (!grown.slot || !grown.envelope)
		return -1;
	for (size_t i = 0; i < grown.count; i++) {
		grown.envelope[i] = recipients->envelope[i];
		*find_slot(&grown, grown.envelope[i]) = (uint32_t)i + 1;
	}
	*recipients = grown;
	return 0;
}

/* Appends to the list and, where it is new, to the envelope. */
static int append(struct ucm_recipients *recipients, enum ucm_recipient_kind kind,
    const struct ucm_address *address, struct ucm_error *error)
{
	struct ucm_addressee *addressee;
	uint32_t *slot;

	if (recipients->total >= UCM_RECIPIENTS_MAX)
		return ucm_fail(error, UCM_CLASS_MESSAGE, "more than %d recipients in one message",
		    UCM_RECIPIENTS_MAX);
	addressee = ucm_arena_alloc(recipients->arena, sizeof(*addressee));
	if (!addressee || make_room(recipients))
		return ucm_out_of_memory(error);
	addressee->kind = kind;
	addressee->name = ucm_arena_string(recipients->arena, address->name);
	addressee->mailbox = ucm_arena_string(recipients->arena, address->mailbox);
	if (!addressee->name || !addressee->mailbox)
		return ucm_out_of_memory(error);
	slot = find_slot(recipients, addressee->mailbox);
	if (!*slot) {
		recipients->envelope[recipients->count++] = addressee->mailbox;
		*slot = (uint32_t)recipients->count;
	}
	if (recipients->last)
		recipients->last->next = addressee;
	else
		recipients->first = addressee;
	recipients->last = addressee;
	recipients->total++;
	if (address->utf8 && !recipients->utf8)
		recipients->utf8 = addressee->mailbox;
	return 0;
}

/* "postmaster" or "<postmaster>", in any case. */
static int is_postmaster(const char *member)
{
	char text[sizeof("<postmaster>")];
	const char *start = member + strspn(member, " \t");
	size_t length = strcspn(start, " \t");

	if (length >= sizeof(text) || !ucm_is_blank(start + length))
		return 0;
	memcpy(text, start, length);
	text[length] = '\0';
	return ucm_equal_nocase(text, "postmaster") || ucm_equal_nocase(text, "<postmaster>");
}

int ucm_recipient_parse(const char *member, struct ucm_address *ret, struct ucm_error *error)
{
	enum ucm_address_fault fault = ucm_address_parse(member, ret);

	if (fault == UCM_ADDRESS_NO_DOMAIN && is_postmaster(member)) {
		memset(ret, 0, sizeof(*ret));
		memcpy(ret->mailbox, "postmaster", sizeof("postmaster"));
		return 0;
	}
	if (fault == UCM_ADDRESS_OK)
		return 0;
	return ucm_fail(error, UCM_CLASS_MESSAGE, "the recipient \"%s\" %s", member,
	    ucm_address_fault_text(fault));
}

/* Parses every member before the first is added. `keep` NULL: only a check. */
static int walk(struct ucm_recipients *keep, enum ucm_recipient_kind kind, const char *list,
    struct ucm_error *error)
{
	char member[MEMBER_MAX + 1];
	struct ucm_address address;
	int more;

	while ((more = ucm_address_list_next(&list, member, sizeof(member))) > 0) {
		if (ucm_recipient_parse(member, &address, error))
			return -1;
		if (keep && append(keep, kind, &address, error))
			return -1;
	}
	if (more < 0)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "a recipient is longer than %d octets with its name", MEMBER_MAX);
	return 0;
}

int ucm_recipients_add(struct ucm_recipients *recipients, enum ucm_recipient_kind kind,
    const char *addresses, struct ucm_error *error)
{
	if (ucm_is_blank(addresses))
		return ucm_fail(error, UCM_CLASS_MESSAGE, "the recipient is empty");
	if (walk(NULL, kind, addresses, error))
		return -1;
	return walk(recipients, kind, addresses, error);
}
