/*
 * Addresses as local programs write them: names without a domain, senders that the policy replaces.
 */
#include "config.h"

#include <string.h>

#include "libsrc/buffer.h"
#include "policy/address.h"
#include "policy/text.h"
#include "tools/sendmail.h"
#include "tools/sendmail_words.h"

#define MEMBER_MAX 1024 /* an address with its display name and comments */

struct parts { /* of an address that need not have a domain */
	char local[MEMBER_MAX];
	char name[MEMBER_MAX];
};

static void copy_trimmed(char out[MEMBER_MAX], const char *text, size_t length)
{
	while (length && (*text == ' ' || *text == '\t' || *text == '"')) {
		text++;
		length--;
	}
	while (length && strchr(" \t\"", text[length - 1]))
		length--;
	if (length >= MEMBER_MAX)
		length = MEMBER_MAX - 1;
	memcpy(out, text, length);
	out[length] = '\0';
}

/* "Name <local>" or "local (Name)": the forms that cron and mailx write. */
static void split(const char *member, struct parts *parts)
{
	const char *open = strchr(member, '<'), *close = open ? strchr(open, '>') : NULL;
	const char *comment = strchr(member, '('), *end = strrchr(member, ')');

	*parts = (struct parts){0};
	if (open && close) {
		copy_trimmed(parts->name, member, (size_t)(open - member));
		copy_trimmed(parts->local, open + 1, (size_t)(close - open) - 1);
	} else if (comment && end > comment) {
		copy_trimmed(parts->name, comment + 1, (size_t)(end - comment) - 1);
		copy_trimmed(parts->local, member, (size_t)(comment - member));
	} else {
		copy_trimmed(parts->local, member, strlen(member));
	}
}

/* What stands for a name without a domain. NULL with error. */
static const char *complete(const char *member, const struct ucm_sendmail_config *config,
    struct ucm_arena *arena, struct ucm_error *error)
{
	struct parts parts;
	const char *mailbox, *result;

	split(member, &parts);
	if (!config->domain && !config->local_to) {
		ucm_fail(error, UCM_CLASS_MESSAGE,
		    "%s is no address: it has no domain, and %s sets neither domain nor local-to",
		    parts.local, config->file);
		return NULL;
	}
	if (config->local_to)
		return config->local_to;
	mailbox = ucm_arena_format(arena, "%s@%s", parts.local, config->domain);
	result = mailbox ? ucm_words_mailbox(arena, parts.name, mailbox) : NULL;
	if (!result)
		ucm_out_of_memory(error);
	return result;
}

/* The member as it is to be written: itself, completed, or with its name encoded. NULL with error.
 */
static const char *judge_member(const char *member, const struct ucm_sendmail_config *config,
    struct ucm_arena *arena, struct ucm_error *error)
{
	struct ucm_address address;
	enum ucm_address_fault fault = ucm_address_parse(member, &address);

	if (fault == UCM_ADDRESS_NO_DOMAIN)
		return complete(member, config, arena, error);
	if (fault == UCM_ADDRESS_OK && !ucm_is_ascii(address.name))
		return ucm_words_mailbox(arena, address.name, address.mailbox);
	return member;
}

const char *ucm_sendmail_qualify(const char *list, const struct ucm_sendmail_config *config,
    struct ucm_arena *arena, struct ucm_error *error)
{
	const char *rest = list;
	char member[MEMBER_MAX];
	struct ucm_buffer out;
	int more, changed = 0;

	ucm_buffer_init(&out, arena);
	ucm_buffer_text(&out, "");
	while ((more = ucm_address_list_next(&rest, member, sizeof member)) > 0) {
		const char *judged = judge_member(member, config, arena, error);

		if (!judged)
			return NULL;
		changed |= judged != member;
		if (out.length)
			ucm_buffer_text(&out, ",\n ");
		ucm_buffer_text(&out, judged);
	}
	if (more < 0 || !changed)
		return list;
	const char *result = out.failed ? NULL : ucm_arena_copy(arena, out.bytes, out.length);
	if (!result)
		ucm_out_of_memory(error);
	return result;
}

/* ---- The sender --------------------------------------------------------------------------- */

/* The address and the name behind what was asked for; "" where there is no whole address. */
static void read_asked(
    const char *asked, const struct ucm_sendmail_config *config, struct ucm_address *ret)
{
	char member[MEMBER_MAX];
	struct parts parts;
	const char *rest = asked;

	memset(ret, 0, sizeof *ret);
	if (!asked || ucm_address_list_next(&rest, member, sizeof member) <= 0)
		return;
	split(member, &parts);
	if (ucm_address_parse(member, ret) == UCM_ADDRESS_OK) {
		if (!*ret->name && strlen(parts.name) < sizeof ret->name)
			memcpy(ret->name, parts.name, strlen(parts.name) + 1);
		return;
	}
	memset(ret, 0, sizeof *ret);
	if (strlen(parts.name) < sizeof ret->name)
		memcpy(ret->name, parts.name, strlen(parts.name) + 1);
	/* without a domain nobody can answer, but the configuration may know it */
	if (config->domain && *parts.local && !strchr(parts.local, '@') &&
	    strlen(parts.local) + strlen(config->domain) + 1 <= UCM_ADDRESS_MAX) {
		memcpy(ret->mailbox, parts.local, strlen(parts.local));
		ret->mailbox[strlen(parts.local)] = '@';
		memcpy(ret->mailbox + strlen(parts.local) + 1, config->domain,
		    strlen(config->domain) + 1);
	}
}

/* Where answers go: the policy says so, or whoever wanted to be the sender. */
static void add_reply_to(struct ucm_header *header, const struct ucm_address *from,
    const struct ucm_address *sender, const char *policy_mailbox, const char *reply_to)
{
	const char *asked = *from->mailbox ? from->mailbox : sender->mailbox;

	if (ucm_header_find(header, "Reply-To"))
		return;
	if (reply_to)
		ucm_header_add(header, "Reply-To", reply_to);
	else if (*asked && !ucm_equal_nocase(asked, policy_mailbox))
		ucm_header_add(header, "Reply-To", asked);
}

int ucm_sendmail_set_sender(struct ucm_header *header, const struct ucm_sendmail_options *options,
    const struct ucm_sendmail_config *config, const char *sender, const char *reply_to,
    struct ucm_error *error)
{
	struct ucm_header_field *field = ucm_header_find(header, "From");
	struct ucm_address policy, from, asked;
	const char *name, *value;

	if (sender && strcmp(sender, "(hidden)") == 0)
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "SMTP_FROM_ADDR looks like a secret, which may not be put into From");
	if (!sender || ucm_address_parse(sender, &policy) != UCM_ADDRESS_OK)
		return 0; /* the policy refuses, and the send will say why */
	read_asked(field ? field->value : NULL, config, &from);
	read_asked(options->sender, config, &asked);
	ucm_header_drop(header, "Sender");
	ucm_header_drop(header, "Return-Path");
	add_reply_to(header, &from, &asked, policy.mailbox, reply_to);
	name = *from.name ? from.name : options->name ? options->name : "";
	if (field && ucm_equal_nocase(from.mailbox, policy.mailbox) && ucm_is_ascii(field->value))
		return 0;
	ucm_header_drop(header, "From");
	value = ucm_words_mailbox(header->arena, *name ? name : policy.name, policy.mailbox);
	if (!value)
		return ucm_out_of_memory(error);
	ucm_header_add(header, "From", value);
	return 0;
}
