/*
 * DER reader: every length is checked against what is left before it is used.
 */
#include "config.h"

#include <string.h>

#include "policy/der.h"
#include "policy/text.h"

#define LENGTH_OCTETS_MAX 4 /* no input here reaches 4 GiB */

struct ucm_der ucm_der_from(const unsigned char *bytes, size_t size)
{
	return (struct ucm_der){bytes, bytes + size};
}

struct ucm_der ucm_der_inside(const struct ucm_der_item *item)
{
	return ucm_der_from(item->bytes, item->length);
}

int ucm_der_at_end(const struct ucm_der *in)
{
	return in->next == in->end;
}

int ucm_der_next_is(const struct ucm_der *in, unsigned char tag)
{
	return in->next < in->end && *in->next == tag;
}

/* The length octets at *at; moves *at behind them. */
static int read_length(const unsigned char **at, const unsigned char *end, size_t *ret)
{
	size_t octets, length = 0;

	if (*at == end)
		return -1;
	octets = *(*at)++;
	if (octets < 0x80) {
		*ret = octets;
		return 0;
	}
	octets &= 0x7F;
	if (!octets || octets > LENGTH_OCTETS_MAX || octets > (size_t)(end - *at) || !**at)
		return -1;
	while (octets--)
		length = length << 8 | *(*at)++;
	if (length < 0x80)
		return -1;
	*ret = length;
	return 0;
}

int ucm_der_read(struct ucm_der *in, struct ucm_der_item *ret)
{
	const unsigned char *at = in->next;
	size_t length;

	if (at == in->end || (*at & 0x1F) == 0x1F)
		return -1;
	ret->tag = *at++;
	if (read_length(&at, in->end, &length) < 0 || length > (size_t)(in->end - at))
		return -1;
	ret->bytes = at;
	ret->length = length;
	ret->whole = in->next;
	ret->whole_length = (size_t)(at - in->next) + length;
	in->next = at + length;
	return 0;
}

int ucm_der_expect(struct ucm_der *in, unsigned char tag, struct ucm_der_item *ret)
{
	return ucm_der_next_is(in, tag) ? ucm_der_read(in, ret) : -1;
}

int ucm_der_is_oid(const struct ucm_der_item *item, const char *oid, size_t length)
{
	return item->tag == UCM_DER_OID && item->length == length &&
	       !memcmp(item->bytes, oid, length);
}

int ucm_der_boolean(const struct ucm_der_item *item)
{
	if (item->tag != UCM_DER_BOOLEAN || item->length != 1)
		return -1;
	return item->bytes[0] == 0xFF ? 1 : item->bytes[0] == 0 ? 0 : -1;
}

size_t ucm_der_integer_bits(const struct ucm_der_item *item)
{
	const unsigned char *bytes = item->bytes;
	size_t length = item->length, bits;

	if (item->tag != UCM_DER_INTEGER || !length || bytes[0] & 0x80)
		return 0;
	while (length && !*bytes) {
		bytes++;
		length--;
	}
	if (!length)
		return 0;
	bits = length * 8;
	for (unsigned char top = *bytes; !(top & 0x80); top = (unsigned char)(top << 1))
		bits--;
	return bits;
}

/* Rewrites "[CC]YYMMDDHHMMSSZ" for the parser of times, which checks every part. */
int ucm_der_time(const struct ucm_der_item *item, int64_t *ret)
{
	static const char form[] = "YYYY-YY-YYTYY:YY:YYZ"; /* Y: the next digit */
	const unsigned char *from = item->bytes;
	char text[sizeof(form)];
	size_t at = 0;

	if (item->tag == UCM_DER_UTC_TIME && item->length == 13) {
		/* Years 50-99 belong to the last century. */
		memcpy(text, from[0] >= '5' ? "19" : "20", 2);
		at = 2;
	} else if (item->tag != UCM_DER_GENERALIZED_TIME || item->length != 15) {
		return -1;
	}
	if (from[item->length - 1] != 'Z')
		return -1;
	for (; at < sizeof(form); at++)
		text[at] = form[at] == 'Y' ? (char)*from++ : form[at];
	return ucm_time_parse(text, ret);
}
