/*
 * Which hosts a certificate speaks for (RFC 6125 section 6.4, RFC 7817).
 */
#include "config.h"

#include <string.h>

#include "policy/cert.h"
#include "policy/host.h"
#include "policy/text.h"

static int equal_nocase(const char *left, const char *right, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (ucm_lower(left[i]) != ucm_lower(right[i]))
			return 0;
	return 1;
}

/*
 * A reference name against the name of a certificate. "*." stands for exactly one label, and two
 * labels at least must follow: "*.com" would speak for everybody. A NUL, a star elsewhere or a
 * character outside a host name makes the name match nothing.
 */
static int name_matches(const char *pattern, size_t pattern_length, const char *host, size_t length)
{
	if (pattern_length > 2 && pattern[0] == '*' && pattern[1] == '.') {
		const char *dot = memchr(host, '.', length);

		pattern += 2;
		pattern_length -= 2;
		if (!dot || !memchr(pattern, '.', pattern_length))
			return 0;
		length -= (size_t)(dot + 1 - host);
		host = dot + 1;
	}
	return pattern_length == length &&
	       ucm_name_is_valid(pattern, pattern_length, UCM_NAME_UNDERSCORE) &&
	       equal_nocase(pattern, host, length);
}

static int covers_address(const struct ucm_cert *cert, const unsigned char *octets, size_t size)
{
	for (size_t i = 0; i < cert->name_count; i++)
		if (cert->names[i].type == UCM_NAME_IP && cert->names[i].length == size &&
		    !memcmp(cert->names[i].bytes, octets, size))
			return 1;
	return 0;
}

static int covers_name(const struct ucm_cert *cert, const char *host, size_t length, int allow_cn)
{
	for (size_t i = 0; i < cert->name_count; i++)
		if (cert->names[i].type == UCM_NAME_DNS &&
		    name_matches(
			(const char *)cert->names[i].bytes, cert->names[i].length, host, length))
			return 1;
	return allow_cn && !cert->has_san && cert->common_name &&
	       name_matches(cert->common_name, strlen(cert->common_name), host, length);
}

int ucm_cert_covers(const struct ucm_cert *cert, const char *host, int allow_cn)
{
	unsigned char octets[16];
	size_t length = strlen(host);

	switch (ucm_host_parse(host, octets)) {
	case UCM_HOST_IPV4:
		return covers_address(cert, octets, 4);
	case UCM_HOST_IPV6:
		return covers_address(cert, octets, 16);
	case UCM_HOST_NAME:
		return covers_name(cert, host, length - (host[length - 1] == '.'), allow_cn);
	case UCM_HOST_INVALID:
	default:
		return 0;
	}
}
