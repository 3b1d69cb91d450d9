/*
 * Escaping, one function per syntax, and the masking of secrets.
 */
#include "config.h"

#include "tools/report_escape.h"

#include <string.h>

#include "policy/arena.h"
#include "policy/text.h"

/* ---- Characters --------------------------------------------------------------------------- */

/* The character at text; a stray byte is itself, with *valid 0. */
static uint32_t decode(const char *text, size_t *size, int *valid)
{
	size_t length = ucm_utf8_sequence(text, strnlen(text, 4));

	*valid = length > 0;
	*size = length ? length : 1;
	return length ? ucm_utf8_code(text, length) : (unsigned char)*text;
}

struct range {
	uint32_t first, last;
};

static int in_ranges(uint32_t code, const struct range *range, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= range[i].first && code <= range[i].last)
			return 1;
	return 0;
}

unsigned ucm_character_width(const char *text, size_t *size)
{
	/* The blocks that matter of Unicode's combining marks and East Asian wide characters. */
	static const struct range combining[] = {
	    {0x0300, 0x036f},
	    {0x0483, 0x0489},
	    {0x0591, 0x05bd},
	    {0x064b, 0x065f},
	    {0x1ab0, 0x1aff},
	    {0x1dc0, 0x1dff},
	    {0x200b, 0x200d},
	    {0x20d0, 0x20ff},
	    {0xfe00, 0xfe0f},
	    {0xfe20, 0xfe2f},
	};
	static const struct range wide[] = {
	    {0x1100, 0x115f},
	    {0x2e80, 0x303e},
	    {0x3041, 0xa4cf},
	    {0xac00, 0xd7a3},
	    {0xf900, 0xfaff},
	    {0xfe30, 0xfe6f},
	    {0xff00, 0xff60},
	    {0xffe0, 0xffe6},
	    {0x1f300, 0x1faff},
	    {0x20000, 0x3fffd},
	};
	int valid;
	uint32_t code = decode(text, size, &valid);

	if (!valid || code == '\t')
		return 1;
	if (in_ranges(code, combining, sizeof combining / sizeof *combining))
		return 0;
	return in_ranges(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

/* ---- Secrets ------------------------------------------------------------------------------ */

static int ends_word(char c)
{
	return !c || c == '"' || c == '\'' || c == '<' || c == '>' || c == '&' || c == ' ' ||
	       c == '\t';
}

/* Bytes of the password that stands at text, 0 where none does. */
static size_t secret_length(const char *text, int at_start)
{
	size_t length = 0;

	if (strncmp(text, "--10", 4) != 0) {
		/* A window may begin inside one: only hexadecimal digits, and many. */
		if (!at_start)
			return 0;
		length = strspn(text, "-0123456789abcdefABCDEF");
		return length >= 12 && ends_word(text[length]) ? length : 0;
	}
	while (!ends_word(text[length]))
		length++;
	return length;
}

const char *ucm_mask(struct ucm_arena *arena, const char *text, unsigned *column)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t secret = sizeof UCM_REDACTED - 1, used = 0;
	unsigned character = 0, wanted = column ? *column : 0;

	if (!text)
		return NULL;
	/* A value as a whole: where it ends is certain. */
	if (!column && !strncmp(text + strspn(text, " \t\r\n"), "--10", 4))
		return UCM_REDACTED;
	/* The worst growth: a four-byte secret becomes a mask, a stray byte three bytes. */
	char *copy = ucm_arena_array(arena, strlen(text) + 1, 3);
	if (!copy)
		return "";
	for (const char *at = text; *at;) {
		size_t size = secret_length(at, at == text && column);
		int valid = 1;

		if (size) {
			unsigned length = (unsigned)ucm_utf8_length(at),
				 rest = (unsigned)ucm_utf8_length(at + size);

			memcpy(copy + used, UCM_REDACTED, secret);
			used += secret;
			if (wanted > character + (length - rest))
				*column = *column + (unsigned)secret - (length - rest);
			else if (wanted > character)
				*column = *column - (wanted - character) + 1;
			character += length - rest;
			at += size;
			continue;
		}
		decode(at, &size, &valid);
		memcpy(copy + used, valid ? at : replacement, valid ? size : 3);
		used += valid ? size : 3;
		character++;
		at += size;
	}
	copy[used] = '\0';
	return copy;
}

/* ---- Formats ------------------------------------------------------------------------------ */

static void put_code(FILE *out, uint32_t code)
{
	if (code == '\t')
		fputc(' ', out);
	else if (code < 0x100)
		fprintf(out, "\\x%02x", (unsigned)code);
	else
		fprintf(out, "\\u{%x}", (unsigned)code);
}

void ucm_put_plain(FILE *out, const char *text)
{
	for (size_t size; *text; text += size) {
		int valid;
		uint32_t code = decode(text, &size, &valid);

		if (!valid || ucm_is_unsafe(code))
			put_code(out, code);
		else
			fwrite(text, 1, size, out);
	}
}

/* The entity of a markup character, or NULL. */
static const char *entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void ucm_put_xml(FILE *out, const char *text)
{
	for (size_t size; *text; text += size) {
		int valid;
		uint32_t code = decode(text, &size, &valid);

		if (entity(code))
			fputs(entity(code), out);
		else if (code == '\t' || code == '\n' || code == '\r')
			fprintf(out, "&#%u;", (unsigned)code);
		else if (valid && code >= 0x20 && code != 0xfffe && code != 0xffff)
			fwrite(text, 1, size, out);
	}
}

void ucm_put_html(FILE *out, const char *text)
{
	for (size_t size; *text; text += size) {
		int valid;
		uint32_t code = decode(text, &size, &valid);

		if (entity(code))
			fputs(entity(code), out);
		else if (!valid || ucm_is_unsafe(code))
			put_code(out, code);
		else
			fwrite(text, 1, size, out);
	}
}

void ucm_put_csv(FILE *out, const char *text)
{
	int formula = *text && strchr("=+-@\t\r", *text);
	int quoted = formula || strpbrk(text, "\",\r\n");

	if (quoted)
		fputc('"', out);
	if (formula)
		fputc('\'', out);
	for (size_t size; *text; text += size) {
		int valid;
		uint32_t code = decode(text, &size, &valid);

		if (code == '"')
			fputc('"', out);
		if (code != '\t' && code != '\n' && (!valid || ucm_is_unsafe(code)))
			put_code(out, code);
		else
			fwrite(text, 1, size, out);
	}
	if (quoted)
		fputc('"', out);
}

/* "::" is harmless wherever it lands: nothing reads as a command. */
static int is_github_syntax(uint32_t code, int property, char next)
{
	return code == '%' || code < 0x20 || code == 0x7f ||
	       (code == ':' && (property || next == ':')) || (code == ',' && property);
}

void ucm_put_github(FILE *out, const char *text, int property)
{
	for (size_t size; *text; text += size) {
		int valid;
		uint32_t code = decode(text, &size, &valid);

		if (is_github_syntax(code, property, text[size]))
			fprintf(out, "%%%02X", (unsigned)code);
		else if (!valid || ucm_is_unsafe(code))
			put_code(out, code);
		else
			fwrite(text, 1, size, out);
	}
}

void ucm_put_label(FILE *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '\\' || *text == '"')
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
}

char *ucm_path_uri(struct ucm_arena *arena, const char *path)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
	static const char digit[] = "0123456789ABCDEF";

	while (path[0] == '.' && path[1] == '/')
		path += 2;
	char *uri = ucm_arena_array(arena, strlen(path) + 4, 3);
	if (!uri)
		return NULL;
	char *end = uri;
	if (*path == '/') {
		memcpy(end, "file://", 7);
		end += 7;
	}
	for (; *path; path++) {
		unsigned char byte = (unsigned char)*path;

		if (strchr(plain, byte)) {
			*end++ = (char)byte;
			continue;
		}
		*end++ = '%';
		*end++ = digit[byte >> 4];
		*end++ = digit[byte & 15];
	}
	*end = '\0';
	return uri;
}
