/*
 * Raw markup. The XML parser has found it well-formed before it comes here; still nothing reads
 * beyond the end that it is given.
 */
#include "config.h"

#include "xml/markup.h"

#include <stdint.h>
#include <string.h>

#include "policy/text.h"

static int is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && is_space(*at))
		at++;
	return at;
}

static const char *skip_name(const char *at, const char *end)
{
	while (at < end && !is_space(*at) && *at != '=' && *at != '>' && *at != '/')
		at++;
	return at;
}

/* Reads the attribute at `at`; returns the place behind its closing quote, or NULL. */
static const char *next_attribute(
    const char *at, const char *end, struct ucm_attribute_place *place, size_t *name_length)
{
	const char *close;

	at = skip_space(at, end);
	place->name = at;
	at = skip_name(at, end);
	*name_length = (size_t)(at - place->name);
	at = skip_space(at, end);
	if (*name_length == 0 || at == end || *at != '=')
		return NULL;
	at = skip_space(at + 1, end);
	if (at == end || (*at != '"' && *at != '\''))
		return NULL;
	place->value = at + 1;
	close = memchr(at + 1, *at, (size_t)(end - at - 1));
	return close == NULL ? NULL : close + 1;
}

int ucm_markup_attribute(
    const char *tag, const char *end, const char *name, struct ucm_attribute_place *ret)
{
	const size_t length = strlen(name);
	const char *at;
	size_t found;

	if (tag == end)
		return -1;
	at = skip_name(tag + 1, end);
	while ((at = next_attribute(at, end, ret, &found)) != NULL)
		if (found == length && memcmp(ret->name, name, length) == 0)
			return 0;
	return -1;
}

size_t ucm_markup_attributes(const char *tag, const char *end)
{
	struct ucm_attribute_place place;
	const char *at = tag == end ? end : skip_name(tag + 1, end);
	size_t length, count = 0;

	while ((at = next_attribute(at, end, &place, &length)) != NULL)
		count++;
	return count;
}

const char *ucm_markup_tag_end(const char *tag, const char *end)
{
	struct ucm_attribute_place place;
	const char *at, *next;
	size_t length;

	if (tag == end)
		return end;
	at = skip_name(tag + 1, end);
	while ((next = next_attribute(at, end, &place, &length)) != NULL)
		at = next;
	while (at < end && *at != '>')
		at++;
	return at;
}

#define OPEN "<![CDATA["
#define CLOSE "]]>"
#define LENGTH(literal) (sizeof(literal) - 1)

static int starts_with(const char *at, const char *end, const char *prefix, size_t length)
{
	return (size_t)(end - at) >= length && memcmp(at, prefix, length) == 0;
}

static const char *find(const char *at, const char *end, const char *what, size_t length)
{
	while ((size_t)(end - at) >= length) {
		at = memchr(at, what[0], (size_t)(end - at));
		if (at == NULL || (size_t)(end - at) < length)
			return NULL;
		if (memcmp(at, what, length) == 0)
			return at;
		at++;
	}
	return NULL;
}

int ucm_markup_cdata(const char *content, size_t size, const char **text, size_t *length)
{
	const char *end = content + size, *start, *close;

	start = skip_space(content, end);
	if (!starts_with(start, end, OPEN, LENGTH(OPEN)))
		return 0;
	start += LENGTH(OPEN);
	close = find(start, end, CLOSE, LENGTH(CLOSE));
	if (close == NULL || skip_space(close + LENGTH(CLOSE), end) != end)
		return 0;
	*text = start;
	*length = (size_t)(close - start);
	return 1;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* The character of "#10" or "#xA"; 0 where it is none. */
static uint32_t numeric(const char *name, size_t length)
{
	const int base = length > 1 && name[1] == 'x' ? 16 : 10;
	uint32_t c = 0;

	for (size_t i = base == 16 ? 2 : 1; i < length; i++) {
		int digit = digit_of(name[i]);

		if (digit >= base)
			return 0;
		c = c * (uint32_t)base + (uint32_t)digit;
		if (c > 0x10FFFF)
			return 0;
	}
	return c;
}

/* Resolves the reference between "&" and ";": its character, or 0. */
static uint32_t resolve(const char *name, size_t length)
{
	static const struct {
		const char *name;
		char character;
	} predefined[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};

	if (length > 1 && name[0] == '#')
		return numeric(name, length);
	for (size_t i = 0; i < sizeof(predefined) / sizeof(predefined[0]); i++)
		if (strlen(predefined[i].name) == length &&
		    memcmp(predefined[i].name, name, length) == 0)
			return (uint32_t)predefined[i].character;
	return 0;
}

/* Copies a CDATA section at `at` or passes over a comment or tag; returns the place behind. */
static const char *take_markup(const char *at, const char *end, char *out, size_t *written)
{
	const char *close;

	if (starts_with(at, end, OPEN, LENGTH(OPEN))) {
		at += LENGTH(OPEN);
		close = find(at, end, CLOSE, LENGTH(CLOSE));
		if (close == NULL)
			return end;
		memcpy(out + *written, at, (size_t)(close - at));
		*written += (size_t)(close - at);
		return close + LENGTH(CLOSE);
	}
	if (starts_with(at, end, "<!--", 4)) {
		close = find(at + 4, end, "-->", 3);
		return close == NULL ? end : close + 3;
	}
	close = ucm_markup_tag_end(at, end);
	return close == end ? end : close + 1;
}

size_t ucm_markup_text(const char *content, size_t size, char *out)
{
	const char *at = content, *const end = content + size, *stop;
	size_t written = 0;
	uint32_t c;

	while (at < end) {
		if (*at == '<') {
			at = take_markup(at, end, out, &written);
			continue;
		}
		if (*at == '&') {
			stop = memchr(at, ';', (size_t)(end - at));
			c = stop == NULL ? 0 : resolve(at + 1, (size_t)(stop - at - 1));
			if (c != 0) {
				written += ucm_utf8_put(c, out + written);
				at = stop + 1;
				continue;
			}
		}
		out[written++] = *at++;
	}
	return written;
}
