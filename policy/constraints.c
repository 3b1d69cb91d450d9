/*
 * Name constraints (RFC 5280 section 4.2.1.10) as far as they are of addresses. Those of host names
 * are the TLS library's business, which passes over these, critical or not.
 */
#include "policy/cert.h"
#include "policy/der.h"

#define TAG_PERMITTED (UCM_DER_CONTEXT_CONSTRUCTED | 0)
#define TAG_EXCLUDED (UCM_DER_CONTEXT_CONSTRUCTED | 1)
#define TAG_IP_ADDRESS (UCM_DER_CONTEXT | 7)

/* What subtrees say of an address. */
struct verdict {
	int any; /* they are of addresses at all */
	int holds; /* one of them holds it */
	int malformed;
};

/* Whether a network, an address and its mask, holds an address. */
static int holds(const struct ucm_der_item *network, const struct ucm_cert_name *address)
{
	if (network->length != 2 * address->length)
		return 0; /* of the other family */
	for (size_t i = 0; i < address->length; i++)
		if ((network->bytes[i] ^ address->bytes[i]) & network->bytes[address->length + i])
			return 0;
	return 1;
}

static void judge(
    const struct ucm_der_item *subtrees, const struct ucm_cert_name *address, struct verdict *ret)
{
	struct ucm_der in = ucm_der_inside(subtrees);

	while (!ucm_der_at_end(&in)) {
		struct ucm_der_item subtree, base;
		struct ucm_der inside;

		if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &subtree) < 0) {
			ret->malformed = 1;
			return;
		}
		inside = ucm_der_inside(&subtree);
		if (ucm_der_read(&inside, &base) < 0) {
			ret->malformed = 1;
		} else if (base.tag == TAG_IP_ADDRESS) {
			ret->malformed |= base.length != 8 && base.length != 32;
			ret->any = 1;
			ret->holds |= holds(&base, address);
		}
	}
}

static int permits(const struct ucm_cert *ca, const struct ucm_cert_name *address)
{
	struct ucm_der in = ucm_der_from(ca->constraints, ca->constraints_size);

	while (!ucm_der_at_end(&in)) {
		struct verdict verdict = {0, 0, 0};
		struct ucm_der_item subtrees;

		if (ucm_der_read(&in, &subtrees) < 0 ||
		    (subtrees.tag != TAG_PERMITTED && subtrees.tag != TAG_EXCLUDED))
			return 0;
		judge(&subtrees, address, &verdict);
		if (verdict.malformed ||
		    (subtrees.tag == TAG_EXCLUDED ? verdict.holds : verdict.any && !verdict.holds))
			return 0;
	}
	return 1;
}

int ucm_cert_permits_addresses(const struct ucm_cert *ca, const struct ucm_cert *cert)
{
	if (!ca->constraints)
		return 1;
	for (size_t i = 0; i < cert->name_count; i++)
		if (cert->names[i].type == UCM_NAME_IP && !permits(ca, &cert->names[i]))
			return 0;
	return 1;
}
