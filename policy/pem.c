/*
 * PEM blocks.
 */
#include "config.h"

#include <string.h>

#include "policy/base64.h"
#include "policy/pem.h"

#define DASHES "-----"
#define BEGIN "-----BEGIN "
#define END "-----END "
#define LABEL_MAX 64 /* the longest in use have about 25 characters */

/* The first occurrence of a short needle in [from, end), or end. */
static const char *find(const char *from, const char *end, const char *needle)
{
	size_t length = strlen(needle);

	while ((size_t)(end - from) >= length) {
		from = memchr(from, needle[0], (size_t)(end - from) - length + 1);
		if (!from)
			return end;
		if (!memcmp(from, needle, length))
			return from;
		from++;
	}
	return end;
}

/* Whether [from, end) begins with "-----END LABEL-----". */
static int closes(const char *from, const char *end, const struct ucm_pem_block *block)
{
	size_t left = (size_t)(end - from), tag = sizeof(END) - 1, dashes = sizeof(DASHES) - 1;

	return left >= tag + block->label_length + dashes && !memcmp(from, END, tag) &&
	       !memcmp(from + tag, block->label, block->label_length) &&
	       !memcmp(from + tag + block->label_length, DASHES, dashes);
}

int ucm_pem_next(const char **text, const char *end, struct ucm_pem_block *ret)
{
	const char *at = *text;

	while ((at = find(at, end, BEGIN)) != end) {
		const char *label = at + sizeof(BEGIN) - 1;
		const char *most = (size_t)(end - label) > LABEL_MAX ? label + LABEL_MAX : end;
		const char *behind = find(label, most, DASHES);

		at = label;
		if (behind == most || memchr(label, '\n', (size_t)(behind - label)))
			continue;
		ret->label = label;
		ret->label_length = (size_t)(behind - label);
		ret->body = behind + sizeof(DASHES) - 1;
		at = find(ret->body, end, DASHES);
		ret->body_length = (size_t)(at - ret->body);
		ret->ended = closes(at, end, ret);
		*text =
		    ret->ended ? at + sizeof(END) - 1 + ret->label_length + sizeof(DASHES) - 1 : at;
		return 1;
	}
	*text = end;
	return 0;
}

int ucm_pem_label_is(const struct ucm_pem_block *block, const char *label)
{
	return strlen(label) == block->label_length &&
	       !memcmp(block->label, label, block->label_length);
}

int ucm_pem_label_has(const struct ucm_pem_block *block, const char *words)
{
	const char *end = block->label + block->label_length;

	return find(block->label, end, words) != end;
}

long ucm_pem_decode(const struct ucm_pem_block *block, unsigned char *out)
{
	size_t length = 0;
	long size;

	if (!block->ended)
		return -1;
	for (size_t i = 0; i < block->body_length; i++)
		if (!strchr(" \t\r\n", block->body[i]))
			out[length++] = (unsigned char)block->body[i];
		else if (!block->body[i])
			return -1;
	size = ucm_base64_decode((const char *)out, length, out, block->body_length);
	return size > 0 ? size : -1;
}
