/*
 * What may become a header field: the gate against injection.
 */
#include "config.h"

#include <string.h>

#include "libsrc/field.h"
#include "policy/limits.h"
#include "policy/text.h"

/* Those that the library writes, and those that only a relay may. A '*' ends a prefix. */
static const char *const reserved[] = {"From", "To", "Cc", "Bcc", "Date", "Message-ID", "Subject",
    "Reply-To", "MIME-Version", "Content-*", "Return-Path", "Received", "Resent-*"};

static int matches(const char *pattern, const char *name)
{
	for (; *pattern && *pattern != '*'; pattern++, name++)
		if (ucm_lower(*pattern) != ucm_lower(*name))
			return 0;
	return *pattern == '*' || !*name;
}

int ucm_field_check_value(const char *what, const char *value, struct ucm_error *error)
{
	size_t left = strlen(value);

	for (const char *next = value; left;) {
		size_t step = ucm_utf8_sequence(next, left);

		if ((unsigned char)*next < ' ' && *next != '\t')
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "%s holds the control character 0x%02X: it could forge a header", what,
			    (unsigned)*next);
		if (*next == 0x7F)
			return ucm_fail(
			    error, UCM_CLASS_MESSAGE, "%s holds the control character 0x7F", what);
		/* U+0080 to U+009F, and the line and paragraph separators */
		if ((step == 2 && (unsigned char)next[0] == 0xC2 &&
			(unsigned char)next[1] < 0xA0) ||
		    (step == 3 &&
			(!memcmp(next, "\xE2\x80\xA8", 3) || !memcmp(next, "\xE2\x80\xA9", 3))))
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "%s holds a control character outside ASCII", what);
		if (!step)
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "%s is not UTF-8: convert it first, for example with iconv", what);
		next += step;
		left -= step;
	}
	return 0;
}

int ucm_field_check_name(const char *name, struct ucm_error *error)
{
	size_t length = strlen(name);

	if (!length || length > UCM_HEADER_FOLD - 2)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "the header name \"%s\" is empty or longer than %d octets", name,
		    UCM_HEADER_FOLD - 2);
	for (size_t i = 0; i < length; i++)
		if (name[i] < '!' || name[i] > '~' || name[i] == ':')
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "the header name \"%s\" holds a character that no name may hold", name);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (matches(reserved[i], name))
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "the header %s is made by the library or by relays, not by the caller",
			    name);
	return 0;
}

int ucm_field_check_words(const char *name, const char *value, struct ucm_error *error)
{
	size_t run = 0;

	for (size_t i = 0; value[i]; i++) {
		/* A new run begins with the first space behind a word. */
		if (value[i] == ' ' && i && value[i - 1] != ' ')
			run = 0;
		if ((unsigned char)value[i] > '~') /* encoded, and so split anywhere */
			return 0;
		if (++run > UCM_TEXT_LINE_MAX - 1)
			return ucm_fail(error, UCM_CLASS_MESSAGE,
			    "a word of the header %s is longer than a line of %d octets", name,
			    UCM_TEXT_LINE_MAX);
	}
	return 0;
}
