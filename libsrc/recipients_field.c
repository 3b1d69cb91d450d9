/*
 * Recipients in the address fields of a ready message: RFC 5322 section 3.4, with groups.
 */
#include "config.h"

#include <string.h>

#include "libsrc/recipients.h"
#include "policy/limits.h"
#include "policy/text.h"

/* Where in the text a character stands. */
struct walk {
	int quoted; /* inside "…" */
	int comment; /* depth of (…) */
	int literal; /* inside […] */
	int angle; /* inside <…> */
	int escaped; /* behind a backslash */
};

/* Advances over c. Whether c stands outside all of these, and so may be syntax of the list. */
static int is_syntax(struct walk *walk, char c)
{
	if (walk->escaped) {
		walk->escaped = 0;
		return 0;
	}
	if (c == '\\' && (walk->quoted || walk->comment || walk->literal)) {
		walk->escaped = 1;
		return 0;
	}
	if (walk->quoted || (c == '"' && !walk->comment && !walk->literal)) {
		walk->quoted = walk->quoted ? c != '"' : 1;
		return 0;
	}
	if (walk->comment || (c == '(' && !walk->literal)) {
		walk->comment += (c == '(') - (c == ')');
		return 0;
	}
	if (walk->literal || c == '[') {
		walk->literal = c != ']';
		return 0;
	}
	if (walk->angle || c == '<') {
		walk->angle = c != '>';
		return 0;
	}
	return 1;
}

/* The part between < and >, else the whole: a display name in the field is none of our business. */
static int add_member(
    struct ucm_recipients *recipients, const char *text, size_t length, struct ucm_error *error)
{
	struct walk walk = {0};
	char member[UCM_ADDRESS_MAX * 2 + 3];
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		int was = walk.angle;

		(void)is_syntax(&walk, text[i]);
		if (!was && walk.angle)
			start = i;
	}
	while (start < length && (text[start] == ' ' || text[start] == '\t'))
		start++;
	if (start == length)
		return 0; /* "a@b, , c@d": an empty member of the obsolete syntax */
	if (length - start >= sizeof(member))
		return ucm_fail(error, UCM_CLASS_MESSAGE, "an address of the message is too long");
	memcpy(member, text + start, length - start);
	member[length - start] = '\0';
	return ucm_recipients_add(recipients, UCM_TO, member, error);
}

int ucm_recipients_add_field(
    struct ucm_recipients *recipients, const char *value, size_t length, struct ucm_error *error)
{
	struct walk walk = {0};
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		if (!is_syntax(&walk, value[i]))
			continue;
		if (value[i] == ':') { /* the name of a group ends: its members follow */
			start = i + 1;
		} else if (value[i] == ',' || value[i] == ';') {
			if (add_member(recipients, value + start, i - start, error))
				return -1;
			start = i + 1;
		}
	}
	if (walk.quoted || walk.comment || walk.literal || walk.angle)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "an address field of the message has a quote, bracket or comment without end");
	return add_member(recipients, value + start, length - start, error);
}
