/*
 * Writes header fields: folding, encoded-words, mailboxes.
 */
#include "config.h"

#include <string.h>

#include "libsrc/encode_word.h"
#include "libsrc/field.h"
#include "policy/limits.h"
#include "policy/text.h"

#define ENCODED_LINE_MAX 76 /* RFC 2047 section 2: a line that holds encoded-words */

void ucm_field_begin(struct ucm_field *field, struct ucm_buffer *out, const char *name)
{
	field->out = out;
	ucm_buffer_text(out, name);
	ucm_buffer_text(out, ":");
	field->column = strlen(name) + 1;
	field->first = field->column;
	field->limit = UCM_HEADER_FOLD;
}

static void fold(struct ucm_field *field)
{
	ucm_buffer_text(field->out, "\r\n");
	field->column = 0;
	field->limit = UCM_HEADER_FOLD;
}

/*
 * Whether `length` octets belong on a new line. Behind a bare "Name:" folding gains nothing but
 * an empty-looking line, unless the hard limit asks for it.
 */
static int wants_fold(const struct ucm_field *field, size_t length)
{
	if (field->column == field->first)
		return field->column + length > UCM_TEXT_LINE_MAX;
	return field->column + length > field->limit;
}

/* Octets that begin with white space. */
static void put(struct ucm_field *field, const char *bytes, size_t length)
{
	ucm_buffer_add(field->out, bytes, length);
	field->column += length;
	field->first = 0;
}

void ucm_field_token(struct ucm_field *field, const char *token)
{
	size_t length = strlen(token);

	if (wants_fold(field, length + 1))
		fold(field);
	put(field, " ", 1);
	put(field, token, length);
}

/* A run is the spaces before a word and the word. */
static size_t run_length(const char *text, size_t length)
{
	size_t end = 0;

	while (end < length && text[end] == ' ')
		end++;
	while (end < length && text[end] != ' ')
		end++;
	return end;
}

void ucm_field_text(struct ucm_field *field, const char *text, size_t length)
{
	size_t run = run_length(text, length);

	if (wants_fold(field, run + 1))
		fold(field);
	put(field, " ", 1);
	put(field, text, run);
	for (size_t at = run; at < length; at += run) {
		run = run_length(text + at, length - at);
		if (wants_fold(field, run))
			fold(field);
		put(field, text + at, run);
	}
}

/* Octets of the text as one encoded-word. */
static size_t encoded_length(const char *text, size_t length, int base64)
{
	char word[UCM_ENCODED_WORD_MAX];
	size_t offset = 0, used;

	used = ucm_encoded_word(text, length, &offset, base64, UCM_ENCODED_WORD_MAX, word);
	return offset == length ? used : UCM_TEXT_LINE_MAX;
}

void ucm_field_encoded(struct ucm_field *field, const char *text, size_t length)
{
	int base64 = ucm_encoded_word_prefers_base64(text, length);
	size_t whole = encoded_length(text, length, base64);
	char word[UCM_ENCODED_WORD_MAX];

	/* Not parted where a new line makes that needless: some readers join parts with a space.
	 * Nor folded right behind the name: some keep the space of that fold. */
	if (field->column != field->first && whole <= UCM_ENCODED_WORD_MAX &&
	    field->column + 1 + whole > ENCODED_LINE_MAX)
		fold(field);
	for (size_t offset = 0; offset < length;) {
		size_t room;

		if (field->column + 1 + UCM_ENCODED_WORD_MIN > ENCODED_LINE_MAX)
			fold(field);
		room = ENCODED_LINE_MAX - field->column - 1;
		if (room > UCM_ENCODED_WORD_MAX)
			room = UCM_ENCODED_WORD_MAX;
		room = ucm_encoded_word(text, length, &offset, base64, room, word);
		put(field, " ", 1);
		put(field, word, room);
		field->limit = ENCODED_LINE_MAX;
	}
}

/* Printable ASCII that a reader neither decodes nor trims. */
static int is_plain_text(const char *text, size_t length)
{
	if (length && (text[0] == ' ' || text[length - 1] == ' '))
		return 0;
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~' || (text[i] == '=' && text[i + 1] == '?'))
			return 0;
	return 1;
}

static int has_long_run(const char *text, size_t length, size_t limit)
{
	for (size_t at = 0; at < length;) {
		size_t run = run_length(text + at, length - at);

		if (run > limit)
			return 1;
		at += run;
	}
	return 0;
}

void ucm_field_unstructured(struct ucm_field *field, const char *text)
{
	size_t length = strlen(text);

	if (is_plain_text(text, length) && !has_long_run(text, length, UCM_TEXT_LINE_MAX - 1))
		ucm_field_text(field, text, length);
	else
		ucm_field_encoded(field, text, length);
}

/* atext of RFC 5322 section 3.2.3 */
static int is_atext(char c)
{
	int lower = ucm_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Words of atext with single spaces between them: a phrase without quotes. */
static int is_atoms(const char *name)
{
	for (size_t i = 0; name[i]; i++)
		if (!is_atext(name[i]) &&
		    (name[i] != ' ' || !i || !name[i + 1] || name[i + 1] == ' '))
			return 0;
	return 1;
}

/* In one piece: simple readers end a quoted string at a fold. */
static void put_quoted_name(struct ucm_field *field, const char *name)
{
	char quoted[2 * UCM_DOMAIN_MAX + 4];
	size_t used = 0;

	quoted[used++] = '"';
	for (; *name && used < sizeof(quoted) - 3; name++) {
		if (*name == '"' || *name == '\\')
			quoted[used++] = '\\';
		quoted[used++] = *name;
	}
	quoted[used++] = '"';
	quoted[used] = '\0';
	ucm_field_token(field, quoted);
}

static int is_quotable(const char *name)
{
	for (; *name; name++)
		if (*name < ' ' || *name > '~' || (*name == '=' && name[1] == '?'))
			return 0;
	return 1;
}

void ucm_field_mailbox(struct ucm_field *field, const char *name, const char *mailbox, int more)
{
	char token[UCM_ADDRESS_MAX + 4] = "";
	size_t used = 0, length = strlen(mailbox);

	if (*name && !is_quotable(name))
		ucm_field_encoded(field, name, strlen(name));
	else if (*name && is_atoms(name))
		ucm_field_text(field, name, strlen(name));
	else if (*name)
		put_quoted_name(field, name);
	if (length > UCM_ADDRESS_MAX) /* no setter lets one through */
		length = UCM_ADDRESS_MAX;
	if (*name)
		token[used++] = '<';
	memcpy(token + used, mailbox, length);
	used += length;
	if (*name)
		token[used++] = '>';
	if (more)
		token[used++] = ',';
	token[used] = '\0';
	ucm_field_token(field, token);
}

void ucm_field_end(struct ucm_field *field)
{
	ucm_buffer_text(field->out, "\r\n");
}
