/*
 * Fuzz target: addresses, lists of them, hosts.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "policy/address.h"
#include "tests/fuzz/fuzz.h"

/* What an accepted mailbox is: one @ that divides it, nothing that ends or splits a command. */
static void claim_mailbox(const struct ucm_address *address)
{
	const char *at = strrchr(address->mailbox, '@');
	struct ucm_address again;

	CLAIM(fuzz_is_clean(address->mailbox) && fuzz_is_clean(address->name));
	CLAIM(strlen(address->mailbox) <= UCM_ADDRESS_MAX);
	CLAIM(at != NULL && at != address->mailbox && at[1] != '\0');
	CLAIM(strpbrk(at, "<> \t\"") == NULL);
	if (address->mailbox[0] != '"')
		CLAIM(strpbrk(address->mailbox, "<> ,;:\"") == NULL || at[1] == '[');
	CLAIM(ucm_address_parse(address->mailbox, &again) == UCM_ADDRESS_OK);
	CLAIM(strcmp(again.mailbox, address->mailbox) == 0 && again.name[0] == '\0');
	CLAIM(again.utf8 == address->utf8);
}

static void walk_list(const char *text)
{
	const char *at = text;
	char member[UCM_ADDRESS_MAX * 2];
	int more;

	do {
		const char *before = at;
		struct ucm_address address;

		more = ucm_address_list_next(&at, member, sizeof(member));
		CLAIM(at >= before && at <= text + strlen(text));
		CLAIM(more == 0 || at > before);
		if (more > 0 && ucm_address_parse(member, &address) == UCM_ADDRESS_OK)
			claim_mailbox(&address);
	} while (more != 0);
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size);
	struct ucm_address address;
	unsigned char octets[16];
	enum ucm_address_fault fault = ucm_address_parse(text, &address);
	enum ucm_host_kind kind = ucm_host_parse(text, octets);

	CLAIM(ucm_address_fault_text(fault) != NULL);
	if (fault == UCM_ADDRESS_OK)
		claim_mailbox(&address);
	if (kind != UCM_HOST_INVALID)
		CLAIM(fuzz_is_clean(text) && strpbrk(text, " /@<>\"%") == NULL);
	CLAIM(ucm_host_parse(text, NULL) == kind);
	walk_list(text);
	free(text);
}
