/*
 * Mail addresses. What could change the meaning of a header or of an SMTP command is refused:
 * control characters, groups, source routes, a second address, bytes that are no UTF-8.
 */
#include "config.h"

#include <string.h>

#include "policy/address.h"
#include "policy/host.h"
#include "policy/text.h"

/* A text that is read from left to right. */
struct scan {
	const char *next;
	struct ucm_address *ret;
	size_t name_length;
	size_t mailbox_length;
};

static const char *const fault_texts[UCM_ADDRESS_FAULTS] = {
    [UCM_ADDRESS_OK] = "is an address",
    [UCM_ADDRESS_EMPTY] = "is empty",
    [UCM_ADDRESS_CONTROL] = "holds a control character",
    [UCM_ADDRESS_SYNTAX] = "is not written as local@domain or Name <local@domain>",
    [UCM_ADDRESS_NO_DOMAIN] = "has no @domain",
    [UCM_ADDRESS_DOMAIN] = "has a domain that is no host name and no [address]",
    [UCM_ADDRESS_TOO_LONG] = "is too long (64 octets before the @, 254 in all, 255 of a name)",
    [UCM_ADDRESS_GROUP] = "is a group",
    [UCM_ADDRESS_ROUTE] = "is a source route",
    [UCM_ADDRESS_SEVERAL] = "is more than one address (a comma in a name needs quotes)",
    [UCM_ADDRESS_NOT_UTF8] = "is not valid UTF-8",
};

int ucm_same_mailbox(const char *left, const char *right)
{
	const char *at = strrchr(left, '@');
	size_t local = at ? (size_t)(at - left) : 0; /* "Postmaster" has no case */

	return !strncmp(left, right, local) && ucm_equal_nocase(left + local, right + local);
}

const char *ucm_address_fault_text(enum ucm_address_fault fault)
{
	return fault_texts[fault < UCM_ADDRESS_FAULTS ? fault : UCM_ADDRESS_SYNTAX];
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* C0 (a tab is white space), DEL, C1, and the line separators of Unicode. */
static int is_control(const char *text, size_t length)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

	if (length == 1)
		return (first < ' ' && first != '\t') || first == 0x7F;
	return (length == 2 && first == 0xC2 && second < 0xA0) ||
	       (length == 3 && first == 0xE2 && second == 0x80 &&
		   ((unsigned char)text[2] == 0xA8 || (unsigned char)text[2] == 0xA9));
}

static enum ucm_address_fault check_characters(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t step = ucm_utf8_sequence(text, left);

		if (!step)
			return UCM_ADDRESS_NOT_UTF8;
		if (is_control(text, step))
			return UCM_ADDRESS_CONTROL;
		text += step;
		left -= step;
	}
	return UCM_ADDRESS_OK;
}

/* RFC 5322 atext, with RFC 6532's characters outside ASCII. */
static int is_atext(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return 1;
	return (unsigned char)c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Behind the comment that begins at text; NULL where it does not end. */
static const char *skip_comment(const char *text)
{
	size_t depth = 0;

	for (; *text; text++)
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '(')
			depth++;
		else if (*text == ')' && --depth == 0)
			return text + 1;
	return NULL;
}

/* Behind the quoted string that begins at text; NULL where it does not end. */
static const char *skip_quoted(const char *text)
{
	for (text++; *text; text++)
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '"')
			return text + 1;
	return NULL;
}

static int skip_comments(struct scan *scan, int blanks_too)
{
	for (;;) {
		if (*scan->next == '(') {
			scan->next = skip_comment(scan->next);
			if (!scan->next)
				return -1;
		} else if (blanks_too && is_blank(*scan->next)) {
			scan->next++;
		} else {
			return 0;
		}
	}
}

static int append(char *out, size_t *used, size_t most, const char *bytes, size_t length)
{
	if (length > most - *used)
		return -1;
	memcpy(out + *used, bytes, length);
	*used += length;
	out[*used] = '\0';
	return 0;
}

static int name_append(struct scan *scan, const char *bytes, size_t length)
{
	return append(scan->ret->name, &scan->name_length, UCM_DOMAIN_MAX, bytes, length);
}

static enum ucm_address_fault mailbox_append(struct scan *scan, const char *bytes, size_t length)
{
	if (append(scan->ret->mailbox, &scan->mailbox_length, UCM_ADDRESS_MAX, bytes, length) < 0)
		return UCM_ADDRESS_TOO_LONG;
	return UCM_ADDRESS_OK;
}

/* The unquoted text of a quoted string, tabs as blanks. */
static enum ucm_address_fault name_quoted(struct scan *scan)
{
	const char *end = skip_quoted(scan->next);

	if (!end)
		return UCM_ADDRESS_SYNTAX;
	for (const char *from = scan->next + 1; from < end - 1; from++) {
		if (*from == '\\')
			from++;
		if (name_append(scan, *from == '\t' ? " " : from, 1) < 0)
			return UCM_ADDRESS_TOO_LONG;
	}
	scan->next = end;
	return UCM_ADDRESS_OK;
}

/* Words of a display name up to the character that ends it; dots are accepted as they are met. */
static enum ucm_address_fault read_name(struct scan *scan)
{
	for (;;) {
		const char *before = scan->next;
		enum ucm_address_fault fault = UCM_ADDRESS_OK;

		if (skip_comments(scan, 1) < 0)
			return UCM_ADDRESS_SYNTAX;
		if (*scan->next != '"' && *scan->next != '.' && !is_atext(*scan->next))
			return UCM_ADDRESS_OK;
		if (scan->next != before && scan->name_length && name_append(scan, " ", 1) < 0)
			return UCM_ADDRESS_TOO_LONG;
		if (*scan->next == '"') {
			fault = name_quoted(scan);
		} else {
			size_t length = 0;

			while (scan->next[length] == '.' || is_atext(scan->next[length]))
				length++;
			if (name_append(scan, scan->next, length) < 0)
				fault = UCM_ADDRESS_TOO_LONG;
			scan->next += length;
		}
		if (fault)
			return fault;
	}
}

/* End of a local part; NULL where there is none. A tab in quotes is no SMTP (RFC 5321 4.1.2). */
static const char *local_end(const char *text)
{
	const char *end = text;

	if (*text == '"') {
		end = skip_quoted(text);
		return end && !memchr(text, '\t', (size_t)(end - text)) ? end : NULL;
	}
	while (is_atext(*end) || (*end == '.' && end > text && end[-1] != '.'))
		end++;
	return end > text && end[-1] != '.' ? end : NULL;
}

/* "[192.0.2.1]" or "[IPv6:2001:db8::1]" */
static int is_literal(const char *text, size_t length)
{
	static const char tag[] = "ipv6:";
	unsigned char octets[16];
	size_t at = 0;

	if (length < 3 || text[0] != '[' || text[length - 1] != ']')
		return 0;
	text++;
	length -= 2;
	while (at < length && tag[at] && ucm_lower(text[at]) == tag[at])
		at++;
	if (!tag[at])
		return ucm_address_literal(text + at, length - at, octets) == UCM_HOST_IPV6;
	return ucm_address_literal(text, length, octets) == UCM_HOST_IPV4;
}

static enum ucm_address_fault read_domain(struct scan *scan)
{
	const char *start = scan->next;
	size_t length;

	if (*start == '[')
		length = strcspn(start, "]") + (strchr(start, ']') != NULL);
	else
		length = strcspn(start, " \t()<>,;:\"@[]\\");
	scan->next += length;
	if (length > UCM_DOMAIN_MAX)
		return UCM_ADDRESS_TOO_LONG;
	if (!length)
		return UCM_ADDRESS_NO_DOMAIN;
	if (!is_literal(start, length) && !ucm_name_is_valid(start, length, UCM_NAME_UTF8))
		return UCM_ADDRESS_DOMAIN;
	return mailbox_append(scan, start, length);
}

static enum ucm_address_fault read_mailbox(struct scan *scan)
{
	enum ucm_address_fault fault;
	const char *local, *end;

	if (skip_comments(scan, 1) < 0)
		return UCM_ADDRESS_SYNTAX;
	local = scan->next;
	if (*local == '@')
		return strchr(local, ':') ? UCM_ADDRESS_ROUTE : UCM_ADDRESS_SYNTAX;
	if (*local == '>' || !*local)
		return UCM_ADDRESS_EMPTY;
	end = local_end(local);
	if (!end)
		return UCM_ADDRESS_SYNTAX;
	if (end - local > UCM_LOCAL_PART_MAX)
		return UCM_ADDRESS_TOO_LONG;
	scan->next = end;
	if (skip_comments(scan, 0) < 0)
		return UCM_ADDRESS_SYNTAX;
	if (*scan->next != '@')
		return *scan->next && *scan->next != '>' ? UCM_ADDRESS_SYNTAX
							 : UCM_ADDRESS_NO_DOMAIN;
	scan->next++;
	fault = mailbox_append(scan, local, (size_t)(end - local));
	if (!fault)
		fault = mailbox_append(scan, "@", 1);
	if (!fault && skip_comments(scan, 0) < 0)
		fault = UCM_ADDRESS_SYNTAX;
	return fault ? fault : read_domain(scan);
}

/* What may stand behind an address: blanks and comments. */
static enum ucm_address_fault read_end(struct scan *scan)
{
	if (skip_comments(scan, 1) < 0)
		return UCM_ADDRESS_SYNTAX;
	switch (*scan->next) {
	case '\0':
		return UCM_ADDRESS_OK;
	case ',':
	case ';':
		return UCM_ADDRESS_SEVERAL;
	default:
		return UCM_ADDRESS_SYNTAX;
	}
}

static enum ucm_address_fault read_angle(struct scan *scan)
{
	enum ucm_address_fault fault;

	scan->next++;
	fault = read_mailbox(scan);
	if (fault)
		return fault;
	if (skip_comments(scan, 1) < 0 || *scan->next != '>')
		return UCM_ADDRESS_SYNTAX;
	scan->next++;
	return read_end(scan);
}

static enum ucm_address_fault read_address(struct scan *scan)
{
	const char *start = scan->next;
	enum ucm_address_fault fault = read_name(scan);

	if (fault)
		return fault;
	switch (*scan->next) {
	case '<':
		return read_angle(scan);
	case '@':
		scan->next = start;
		scan->name_length = 0;
		scan->ret->name[0] = '\0';
		fault = read_mailbox(scan);
		return fault ? fault : read_end(scan);
	case ':':
		return UCM_ADDRESS_GROUP;
	case ',':
	case ';':
		return UCM_ADDRESS_SEVERAL;
	case '\0':
		return scan->name_length ? UCM_ADDRESS_NO_DOMAIN : UCM_ADDRESS_EMPTY;
	default:
		return UCM_ADDRESS_SYNTAX;
	}
}

/* Blanks, joiners and direction marks outside ASCII: they make one address look like another. */
static int is_invisible(const char *text, size_t length)
{
	static const struct {
		unsigned char lead[2], low, high;
	} ranges[] = {
	    {{0xE2, 0x80}, 0x80, 0x8F},
	    {{0xE2, 0x80}, 0xAA, 0xAF},
	    {{0xE2, 0x81}, 0xA0, 0xAF},
	    {{0xE3, 0x80}, 0x80, 0x80},
	    {{0xEF, 0xBB}, 0xBF, 0xBF},
	};
	unsigned char last = (unsigned char)text[length - 1];

	if (length == 2)
		return (unsigned char)text[0] == 0xC2 && (last == 0xA0 || last == 0xAD);
	for (size_t i = 0; length == 3 && i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (!memcmp(text, ranges[i].lead, 2) && last >= ranges[i].low &&
		    last <= ranges[i].high)
			return 1;
	return 0;
}

static enum ucm_address_fault check_mailbox(struct ucm_address *ret)
{
	const char *text = ret->mailbox;
	size_t left = strlen(text);

	while (left) {
		size_t step = ucm_utf8_sequence(text, left);

		if (!step || is_invisible(text, step))
			return UCM_ADDRESS_SYNTAX;
		if (step > 1)
			ret->utf8 = 1;
		text += step;
		left -= step;
	}
	return UCM_ADDRESS_OK;
}

enum ucm_address_fault ucm_address_parse(const char *text, struct ucm_address *ret)
{
	struct scan scan = {.next = text, .ret = ret};
	enum ucm_address_fault fault;

	memset(ret, 0, sizeof(*ret));
	if (ucm_is_blank(text))
		return UCM_ADDRESS_EMPTY;
	fault = check_characters(text);
	if (!fault)
		fault = read_address(&scan);
	if (!fault)
		fault = check_mailbox(ret);
	if (fault)
		memset(ret, 0, sizeof(*ret));
	return fault;
}

/* Where the member that begins at text ends: at a comma outside quotes, comments and brackets; one
 * that is not closed takes the rest. */
static const char *member_end(const char *text)
{
	int in_angle = 0;

	while (*text && (in_angle || *text != ',')) {
		const char *behind = text + 1;

		if (*text == '"')
			behind = skip_quoted(text);
		else if (*text == '(')
			behind = skip_comment(text);
		else if (*text == '<' || *text == '>')
			in_angle = *text == '<';
		text = behind ? behind : text + strlen(text);
	}
	return text;
}

int ucm_address_list_next(const char **list, char *out, size_t size)
{
	const char *start = *list, *end;

	while (*start == ',' || is_blank(*start))
		start++;
	end = member_end(start);
	*list = end;
	while (end > start && is_blank(end[-1]))
		end--;
	if (end == start)
		return 0;
	if ((size_t)(end - start) >= size)
		return -1;
	memcpy(out, start, (size_t)(end - start));
	out[end - start] = '\0';
	return 1;
}
