/*
 * DER (X.690) reader: definite, minimal lengths, low tag numbers; nothing is copied or recursed.
 */
#ifndef UCM_POLICY_DER_H
#define UCM_POLICY_DER_H

#include <stddef.h>
#include <stdint.h>

enum {
	UCM_DER_BOOLEAN = 0x01,
	UCM_DER_INTEGER = 0x02,
	UCM_DER_BIT_STRING = 0x03,
	UCM_DER_OCTET_STRING = 0x04,
	UCM_DER_OID = 0x06,
	UCM_DER_UTF8_STRING = 0x0C,
	UCM_DER_NUMERIC_STRING = 0x12,
	UCM_DER_PRINTABLE_STRING = 0x13,
	UCM_DER_T61_STRING = 0x14,
	UCM_DER_IA5_STRING = 0x16,
	UCM_DER_UTC_TIME = 0x17,
	UCM_DER_GENERALIZED_TIME = 0x18,
	UCM_DER_VISIBLE_STRING = 0x1A,
	UCM_DER_UNIVERSAL_STRING = 0x1C,
	UCM_DER_BMP_STRING = 0x1E,
	UCM_DER_SEQUENCE = 0x30,
	UCM_DER_SET = 0x31,
	UCM_DER_CONTEXT = 0x80, /* | number */
	UCM_DER_CONTEXT_CONSTRUCTED = 0xA0 /* | number */
};

/* What is left to read. */
struct ucm_der {
	const unsigned char *next, *end;
};

/* One element: its content, and the whole of it with tag and length. */
struct ucm_der_item {
	unsigned char tag;
	const unsigned char *bytes;
	size_t length;
	const unsigned char *whole;
	size_t whole_length;
};

struct ucm_der ucm_der_from(const unsigned char *bytes, size_t size);
/* The elements inside an element. */
struct ucm_der ucm_der_inside(const struct ucm_der_item *item);
int ucm_der_at_end(const struct ucm_der *in);
/* Whether the next element is there and has that tag. */
int ucm_der_next_is(const struct ucm_der *in, unsigned char tag);

/* The next element; *in moves behind it. 0, or -1 at the end or where it is malformed. */
int ucm_der_read(struct ucm_der *in, struct ucm_der_item *ret);
/* The same, which must have that tag. */
int ucm_der_expect(struct ucm_der *in, unsigned char tag, struct ucm_der_item *ret);

/* Whether an element is the OBJECT IDENTIFIER with these content bytes. */
int ucm_der_is_oid(const struct ucm_der_item *item, const char *oid, size_t length);

/* BOOLEAN of DER. 0 or 1, -1 where it is none. */
int ucm_der_boolean(const struct ucm_der_item *item);

/* Significant bits of a non-negative INTEGER; 0 where it is none or negative. */
size_t ucm_der_integer_bits(const struct ucm_der_item *item);

/* UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 writes them. 0, or -1. */
int ucm_der_time(const struct ucm_der_item *item, int64_t *ret);

#endif
