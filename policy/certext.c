/*
 * Extensions of certificates that decide what one may be used for, and for which hosts.
 */
#include "config.h"

#include <limits.h>

#include "policy/certfacts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define OID_SERVER_AUTH "\x2B\x06\x01\x05\x05\x07\x03\x01"
#define OID_ANY_EKU "\x55\x1D\x25\x00"
#define KEY_CERT_SIGN 0x04 /* bit 5 of the first octet, counted from the left */
#define TAG_DNS_NAME (UCM_DER_CONTEXT | 2)
#define TAG_IP_ADDRESS (UCM_DER_CONTEXT | 7)

static int read_path_length(const struct ucm_der_item *integer, struct ucm_cert *ret)
{
	if (!integer->length || integer->bytes[0] & 0x80)
		return -1;
	ret->has_path_length = 1;
	ret->path_length = integer->length == 1 ? integer->bytes[0] : UINT_MAX;
	return 0;
}

static int read_basic_constraints(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret)
{
	struct ucm_der_item sequence, item;

	(void)arena;
	if (ret->has_basic_constraints || ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0 ||
	    !ucm_der_at_end(&in))
		return -1;
	ret->has_basic_constraints = 1;
	in = ucm_der_inside(&sequence);
	if (ucm_der_next_is(&in, UCM_DER_BOOLEAN)) {
		if (ucm_der_read(&in, &item) < 0)
			return -1;
		ret->is_ca = ucm_der_boolean(&item);
		if (ret->is_ca < 0)
			return -1;
	}
	if (ucm_der_next_is(&in, UCM_DER_INTEGER) &&
	    (ucm_der_read(&in, &item) < 0 || read_path_length(&item, ret) < 0))
		return -1;
	return ucm_der_at_end(&in) ? 0 : -1;
}

static int read_key_usage(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret)
{
	struct ucm_der_item bits;

	(void)arena;
	if (ret->has_key_usage || ucm_der_expect(&in, UCM_DER_BIT_STRING, &bits) < 0 ||
	    !ucm_der_at_end(&in) || !bits.length || bits.bytes[0] > 7)
		return -1;
	ret->has_key_usage = 1;
	ret->key_usage_cert_sign = bits.length > 1 && bits.bytes[1] & KEY_CERT_SIGN;
	return 0;
}

static int read_extended_key_usage(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret)
{
	struct ucm_der_item sequence, oid;

	(void)arena;
	if (ret->has_eku || ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0 ||
	    !ucm_der_at_end(&in))
		return -1;
	ret->has_eku = 1;
	in = ucm_der_inside(&sequence);
	while (!ucm_der_at_end(&in)) {
		if (ucm_der_expect(&in, UCM_DER_OID, &oid) < 0)
			return -1;
		if (ucm_der_is_oid(&oid, OID_SERVER_AUTH, sizeof(OID_SERVER_AUTH) - 1) ||
		    ucm_der_is_oid(&oid, OID_ANY_EKU, sizeof(OID_ANY_EKU) - 1))
			ret->eku_server_auth = 1;
	}
	return 0;
}

/* Whether a GeneralName can match a host. */
static int is_host_name(const struct ucm_der_item *name)
{
	return name->tag == TAG_DNS_NAME ||
	       (name->tag == TAG_IP_ADDRESS && (name->length == 4 || name->length == 16));
}

static int read_alternative_names(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret)
{
	struct ucm_der_item sequence, name;
	size_t count = 0;

	if (ret->has_san || ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0 ||
	    !ucm_der_at_end(&in))
		return -1;
	ret->has_san = 1;
	for (in = ucm_der_inside(&sequence); !ucm_der_at_end(&in);) {
		if (ucm_der_read(&in, &name) < 0)
			return -1;
		count += (size_t)is_host_name(&name);
	}
	if (!count)
		return 0;
	ret->names = ucm_arena_array(arena, count, sizeof(*ret->names));
	if (!ret->names)
		return -1;
	for (in = ucm_der_inside(&sequence); !ucm_der_read(&in, &name);) {
		if (!is_host_name(&name))
			continue;
		ret->names[ret->name_count].type =
		    name.tag == TAG_DNS_NAME ? UCM_NAME_DNS : UCM_NAME_IP;
		ret->names[ret->name_count].bytes = name.bytes;
		ret->names[ret->name_count].length = name.length;
		ret->name_count++;
	}
	return 0;
}

static int read_name_constraints(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret)
{
	struct ucm_der_item sequence;

	(void)arena;
	if (ret->constraints || ucm_der_expect(&in, UCM_DER_SEQUENCE, &sequence) < 0 ||
	    !ucm_der_at_end(&in))
		return -1;
	ret->constraints = sequence.bytes;
	ret->constraints_size = sequence.length;
	return 0;
}

static const struct extension_row {
	const char *oid; /* three octets: id-ce */
	int (*read)(struct ucm_arena *arena, struct ucm_der in, struct ucm_cert *ret);
} extensions_read[] = {
    {"\x55\x1D\x13", read_basic_constraints},
    {"\x55\x1D\x0F", read_key_usage},
    {"\x55\x1D\x25", read_extended_key_usage},
    {"\x55\x1D\x11", read_alternative_names},
    {"\x55\x1D\x1E", read_name_constraints},
};

static int read_extension(
    struct ucm_arena *arena, const struct ucm_der_item *extension, struct ucm_cert *ret)
{
	struct ucm_der in = ucm_der_inside(extension);
	struct ucm_der_item oid, critical, value;

	if (ucm_der_expect(&in, UCM_DER_OID, &oid) < 0)
		return -1;
	if (ucm_der_next_is(&in, UCM_DER_BOOLEAN) &&
	    (ucm_der_read(&in, &critical) < 0 || ucm_der_boolean(&critical) < 0))
		return -1;
	if (ucm_der_expect(&in, UCM_DER_OCTET_STRING, &value) < 0 || !ucm_der_at_end(&in))
		return -1;
	for (size_t i = 0; i < COUNT(extensions_read); i++)
		if (ucm_der_is_oid(&oid, extensions_read[i].oid, 3))
			return extensions_read[i].read(arena, ucm_der_inside(&value), ret);
	return 0;
}

int ucm_cert_read_extensions(
    struct ucm_arena *arena, const struct ucm_der_item *extensions, struct ucm_cert *ret)
{
	struct ucm_der in = ucm_der_inside(extensions);

	while (!ucm_der_at_end(&in)) {
		struct ucm_der_item extension;

		if (ucm_der_expect(&in, UCM_DER_SEQUENCE, &extension) < 0 ||
		    read_extension(arena, &extension, ret) < 0)
			return -1;
	}
	return 0;
}
