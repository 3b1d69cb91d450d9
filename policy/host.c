/*
 * Host names (RFC 1123) and literal addresses.
 */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "policy/host.h"
#include "policy/text.h"

#define HOST_NAME_MAX_TEXT (UCM_DOMAIN_MAX - 2) /* 255 octets on the wire are 253 characters */

/* Length of the label's next character, 0 where it may not stand in a label. */
static size_t label_character(const char *text, size_t available, unsigned extra)
{
	char c = text[0];

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')
		return 1;
	if (c == '_')
		return extra & UCM_NAME_UNDERSCORE ? 1 : 0;
	if ((unsigned char)c >= 0x80 && extra & UCM_NAME_UTF8)
		return ucm_utf8_sequence(text, available);
	return 0;
}

static int label_is_valid(const char *label, size_t length, unsigned extra)
{
	if (!length || length > UCM_LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
		return 0;
	for (size_t i = 0; i < length;) {
		size_t step = label_character(label + i, length - i, extra);

		if (!step)
			return 0;
		i += step;
	}
	return 1;
}

static int is_number(const char *label, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (label[i] < '0' || label[i] > '9')
			return 0;
	return 1;
}

int ucm_name_is_valid(const char *text, size_t length, unsigned extra)
{
	const char *label = text, *end = text + length;

	for (;;) {
		const char *dot = memchr(label, '.', (size_t)(end - label));
		size_t size = (size_t)((dot ? dot : end) - label);

		if (!label_is_valid(label, size, extra))
			return 0;
		if (!dot)
			return !is_number(label, size);
		label = dot + 1;
	}
}

enum ucm_host_kind ucm_address_literal(const char *text, size_t length, unsigned char *octets)
{
	char copy[INET6_ADDRSTRLEN];

	if (!length || length >= sizeof(copy) || memchr(text, '\0', length))
		return UCM_HOST_INVALID;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, octets) == 1)
		return UCM_HOST_IPV4;
	if (inet_pton(AF_INET6, copy, octets) == 1)
		return UCM_HOST_IPV6;
	return UCM_HOST_INVALID;
}

enum ucm_host_kind ucm_host_parse(const char *text, unsigned char *octets)
{
	size_t length = strlen(text);
	unsigned char unwanted[16];
	enum ucm_host_kind kind;

	if (!octets)
		octets = unwanted;
	memset(octets, 0, 16);
	if (length > 2 && text[0] == '[' && text[length - 1] == ']')
		return ucm_address_literal(text + 1, length - 2, octets);
	kind = ucm_address_literal(text, length, octets);
	if (kind != UCM_HOST_INVALID)
		return kind;
	if (length && text[length - 1] == '.')
		length--;
	if (length > HOST_NAME_MAX_TEXT || !ucm_name_is_valid(text, length, UCM_NAME_UNDERSCORE))
		return UCM_HOST_INVALID;
	return UCM_HOST_NAME;
}
