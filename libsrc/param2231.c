/*
 * Parameters of MIME headers: plain, quoted, or extended by RFC 2231.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libsrc/field.h"
#include "policy/limits.h"
#include "policy/text.h"

#define SECTION_MAX                                                                                \
	60 /* octets of value in one section: with its frame it stays under the fold               \
	    */

static const char hex[] = "0123456789ABCDEF";

/* attribute-char of RFC 2231: what needs no percent sign; narrower than it may be. */
static int is_attribute_char(unsigned char c)
{
	int lower = ucm_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-._", c));
}

/* Characters that simple readers mistake inside quotes are left to the extended form. */
int ucm_parameter_is_extended(const char *value)
{
	size_t length = strlen(value);

	if (!length || value[0] == ' ' || value[length - 1] == ' ')
		return 1;
	for (size_t i = 0; i < length; i++)
		if (value[i] < ' ' || value[i] > '~' || strchr("\"\\%;", value[i]) ||
		    (value[i] == '=' && value[i + 1] == '?'))
			return 1;
	return length > UCM_TEXT_LINE_MAX / 2;
}

/* Percent-encodes whole characters up to SECTION_MAX octets. Returns the octets of value taken. */
static size_t encode_section(const char *value, size_t length, char *out)
{
	size_t taken = 0, used = 0;

	while (taken < length) {
		size_t step = ucm_utf8_sequence(value + taken, length - taken);
		size_t width = 0;

		step = step ? step : 1;
		for (size_t i = 0; i < step; i++)
			width += is_attribute_char((unsigned char)value[taken + i]) ? 1 : 3;
		if (used + width > SECTION_MAX)
			break;
		for (size_t i = 0; i < step; i++) {
			unsigned char c = (unsigned char)value[taken + i];

			if (is_attribute_char(c)) {
				out[used++] = (char)c;
			} else {
				out[used++] = '%';
				out[used++] = hex[c >> 4];
				out[used++] = hex[c & 15];
			}
		}
		taken += step;
	}
	out[used] = '\0';
	return taken;
}

static void put_semicolon(struct ucm_field *field)
{
	ucm_buffer_text(field->out, ";");
	field->column++;
}

static void put_extended(struct ucm_field *field, const char *name, const char *value)
{
	char section[SECTION_MAX + 1], token[SECTION_MAX + UCM_HEADER_FOLD];
	size_t length = strlen(value), at = 0;
	unsigned number = 0;

	do {
		at += encode_section(value + at, length - at, section);
		put_semicolon(field);
		if (!number && at == length)
			(void)snprintf(token, sizeof(token), "%s*=utf-8''%s", name, section);
		else
			(void)snprintf(token, sizeof(token), "%s*%u*=%s%s", name, number,
			    number ? "" : "utf-8''", section);
		number++;
		ucm_field_token(field, token);
	} while (at < length);
}

void ucm_field_parameter(struct ucm_field *field, const char *name, const char *value)
{
	char token[UCM_TEXT_LINE_MAX];

	if (ucm_parameter_is_extended(value)) {
		put_extended(field, name, value);
		return;
	}
	put_semicolon(field);
	(void)snprintf(token, sizeof(token), "%s=\"%s\"", name, value);
	ucm_field_token(field, token);
}
