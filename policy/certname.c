/*
 * X.501 names as text (RFC 4514). Written twice: once to count, once into memory of that size.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "policy/certname.h"
#include "policy/text.h"

#define NAME_PARTS_MAX 64 /* real names have about ten */
#define OID_COMMON_NAME "\x55\x04\x03"

/* Attribute types that have a short name: RFC 4514 section 3, and what certificates use beside. */
static const struct attribute {
	const char *oid;
	unsigned char length;
	const char *name;
} attributes[] = {
    {OID_COMMON_NAME, 3, "CN"},
    {"\x55\x04\x07", 3, "L"},
    {"\x55\x04\x08", 3, "ST"},
    {"\x55\x04\x0A", 3, "O"},
    {"\x55\x04\x0B", 3, "OU"},
    {"\x55\x04\x06", 3, "C"},
    {"\x55\x04\x09", 3, "street"},
    {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x19", 10, "DC"},
    {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x01", 10, "UID"},
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01", 9, "emailAddress"},
    {"\x55\x04\x04", 3, "SN"},
    {"\x55\x04\x05", 3, "serialNumber"},
    {"\x55\x04\x0C", 3, "title"},
    {"\x55\x04\x0D", 3, "description"},
    {"\x55\x04\x0F", 3, "businessCategory"},
    {"\x55\x04\x11", 3, "postalCode"},
    {"\x55\x04\x2A", 3, "GN"},
    {"\x55\x04\x2B", 3, "initials"},
    {"\x55\x04\x2E", 3, "dnQualifier"},
    {"\x55\x04\x61", 3, "organizationIdentifier"},
};

/* Where text goes; counts only while out is NULL. */
struct writer {
	char *out;
	size_t used;
};

static void put(struct writer *writer, const char *bytes, size_t length)
{
	if (writer->out)
		memcpy(writer->out + writer->used, bytes, length);
	writer->used += length;
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text, strlen(text));
}

/* ---- Object identifiers -------------------------------------------------------------------- */

static int put_oid(struct writer *writer, const struct ucm_der_item *oid)
{
	uint64_t arc = 0;
	int first = 1;

	if (!oid->length || oid->bytes[oid->length - 1] & 0x80)
		return -1;
	for (size_t i = 0; i < oid->length; i++) {
		char digits[48];
		uint64_t root;

		if (arc >> 56)
			return -1;
		arc = arc << 7 | (oid->bytes[i] & 0x7F);
		if (oid->bytes[i] & 0x80)
			continue;
		root = arc < 80 ? arc / 40 : 2;
		if (first)
			snprintf(digits, sizeof(digits), "%u.%llu", (unsigned)root,
			    (unsigned long long)(arc - root * 40));
		else
			snprintf(digits, sizeof(digits), ".%llu", (unsigned long long)arc);
		put_text(writer, digits);
		first = 0;
		arc = 0;
	}
	return 0;
}

const char *ucm_oid_text(struct ucm_arena *arena, const struct ucm_der_item *oid)
{
	struct writer writer = {NULL, 0};

	if (put_oid(&writer, oid) < 0)
		return "";
	writer.out = ucm_arena_alloc(arena, writer.used + 1);
	if (!writer.out)
		return NULL;
	writer.used = 0;
	put_oid(&writer, oid);
	return writer.out;
}

/* ---- Values -------------------------------------------------------------------------------- */

/* What is no character becomes U+FFFD. */
static size_t encode_utf8(uint32_t c, char out[4])
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	return ucm_utf8_put(c, out);
}

/* Octets of one character: 0 where the type is no string, 1 also for UTF8String. */
static size_t unit_of(unsigned char tag)
{
	switch (tag) {
	case UCM_DER_UTF8_STRING:
	case UCM_DER_NUMERIC_STRING:
	case UCM_DER_PRINTABLE_STRING:
	case UCM_DER_T61_STRING:
	case UCM_DER_IA5_STRING:
	case UCM_DER_VISIBLE_STRING:
		return 1;
	case UCM_DER_BMP_STRING:
		return 2;
	case UCM_DER_UNIVERSAL_STRING:
		return 4;
	default:
		return 0;
	}
}

/* The next character of a string value in UTF-8. Single octets over 127 are read as Latin-1, which
 * is what T61String holds in practice; what is malformed becomes U+FFFD. */
static size_t next_character(const struct ucm_der_item *value, size_t *at, char out[4])
{
	size_t unit = unit_of(value->tag), left = value->length - *at;
	uint32_t c = 0;

	if (value->tag == UCM_DER_UTF8_STRING) {
		const char *text = (const char *)value->bytes + *at;
		size_t step = ucm_utf8_sequence(text, left);

		*at += step ? step : 1;
		if (!step)
			return encode_utf8(*text ? 0xFFFD : 0, out);
		memcpy(out, text, step);
		return step;
	}
	for (size_t i = 0; i < unit; i++)
		c = c << 8 | value->bytes[*at + i];
	*at += unit;
	return encode_utf8(c, out);
}

static void put_hex(struct writer *writer, const char *before, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char hex[3];

		snprintf(hex, sizeof(hex), "%02X", (unsigned)(unsigned char)bytes[i]);
		put_text(writer, before);
		put(writer, hex, 2);
	}
}

/* RFC 4514 section 2.4; a blank only where it stands first or last. */
static int needs_backslash(char c, int first, int last)
{
	if (c == ' ')
		return first || last;
	return (c == '#' && first) || strchr(",+\"\\<>;", c) != NULL;
}

static void put_value(struct writer *writer, const struct ucm_der_item *value)
{
	size_t unit = unit_of(value->tag);

	if (!unit || value->length % unit) {
		put_text(writer, "#");
		put_hex(writer, "", (const char *)value->whole, value->whole_length);
		return;
	}
	for (size_t at = 0; at < value->length;) {
		int first = at == 0;
		char text[4];
		size_t length = next_character(value, &at, text);
		unsigned char lead = (unsigned char)text[0];

		if (lead < ' ' || lead == 0x7F || (lead == 0xC2 && (unsigned char)text[1] < 0xA0)) {
			put_hex(writer, "\\", text, length);
			continue;
		}
		if (length == 1 && needs_backslash(text[0], first, at == value->length))
			put_text(writer, "\\");
		put(writer, text, length);
	}
}

/* ---- Names --------------------------------------------------------------------------------- */

/* One AttributeTypeAndValue. */
static int read_attribute(
    struct ucm_der *set, struct ucm_der_item *type, struct ucm_der_item *value)
{
	struct ucm_der_item pair;
	struct ucm_der inside;

	if (ucm_der_expect(set, UCM_DER_SEQUENCE, &pair) < 0)
		return -1;
	inside = ucm_der_inside(&pair);
	if (ucm_der_expect(&inside, UCM_DER_OID, type) < 0 || ucm_der_read(&inside, value) < 0)
		return -1;
	return ucm_der_at_end(&inside) ? 0 : -1;
}

static int put_type(struct writer *writer, const struct ucm_der_item *type)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (ucm_der_is_oid(type, attributes[i].oid, attributes[i].length)) {
			put_text(writer, attributes[i].name);
			return 1;
		}
	return put_oid(writer, type);
}

static int put_rdn(struct writer *writer, const struct ucm_der_item *rdn)
{
	struct ucm_der set = ucm_der_inside(rdn);

	if (ucm_der_at_end(&set))
		return -1;
	while (!ucm_der_at_end(&set)) {
		struct ucm_der_item type, value;
		int known;

		if (read_attribute(&set, &type, &value) < 0)
			return -1;
		known = put_type(writer, &type);
		if (known < 0)
			return -1;
		put_text(writer, "=");
		if (!known)
			value.tag = 0; /* a type without a name takes the #hex form */
		put_value(writer, &value);
		if (!ucm_der_at_end(&set))
			put_text(writer, "+");
	}
	return 0;
}

/* Splits a Name into its parts. Their number, or -1. */
static int read_parts(const struct ucm_der_item *name, struct ucm_der_item part[NAME_PARTS_MAX])
{
	struct ucm_der sequence = ucm_der_inside(name);
	int count = 0;

	while (!ucm_der_at_end(&sequence)) {
		if (count == NAME_PARTS_MAX ||
		    ucm_der_expect(&sequence, UCM_DER_SET, &part[count]) < 0)
			return -1;
		count++;
	}
	return count;
}

static int put_parts(struct writer *writer, const struct ucm_der_item *part, int count)
{
	for (int i = count; i-- > 0;) {
		if (put_rdn(writer, &part[i]) < 0)
			return -1;
		if (i)
			put_text(writer, ",");
	}
	return 0;
}

const char *ucm_cert_name_text(struct ucm_arena *arena, const struct ucm_der_item *name)
{
	struct ucm_der_item part[NAME_PARTS_MAX];
	struct writer writer = {NULL, 0};
	int count = read_parts(name, part);

	if (count < 0 || put_parts(&writer, part, count) < 0)
		return NULL;
	writer.out = ucm_arena_alloc(arena, writer.used + 1);
	if (!writer.out)
		return NULL;
	writer.used = 0;
	put_parts(&writer, part, count);
	return writer.out;
}

/* Writes the characters as they are; -1 where one is NUL. */
static int put_plain(struct writer *writer, const struct ucm_der_item *value)
{
	size_t unit = unit_of(value->tag);

	if (!unit || value->length % unit)
		return -1;
	for (size_t at = 0; at < value->length;) {
		char text[4];
		size_t length = next_character(value, &at, text);

		if (!text[0])
			return -1;
		put(writer, text, length);
	}
	return 0;
}

/* The last commonName. 1, or 0 where there is none. */
static int find_common_name(const struct ucm_der_item *name, struct ucm_der_item *ret)
{
	struct ucm_der_item part[NAME_PARTS_MAX];
	int count = read_parts(name, part), found = 0;

	for (int i = 0; i < count; i++) {
		struct ucm_der set = ucm_der_inside(&part[i]);
		struct ucm_der_item type, value;

		while (!ucm_der_at_end(&set) && !read_attribute(&set, &type, &value)) {
			if (!ucm_der_is_oid(&type, OID_COMMON_NAME, 3))
				continue;
			*ret = value;
			found = 1;
		}
	}
	return found;
}

const char *ucm_cert_common_name(struct ucm_arena *arena, const struct ucm_der_item *name)
{
	struct writer writer = {NULL, 0};
	struct ucm_der_item value;

	if (!find_common_name(name, &value) || put_plain(&writer, &value) < 0)
		return NULL;
	writer.out = ucm_arena_alloc(arena, writer.used + 1);
	if (!writer.out)
		return NULL;
	writer.used = 0;
	put_plain(&writer, &value);
	return writer.out;
}
