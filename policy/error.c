/*
 * Reasons: recorded once, made printable, never longer than their buffer.
 */
#include "config.h"

#include "policy/error.h"

#include <stdio.h>
#include <string.h>

#include "policy/text.h"

/* A cut may have split the last character; its bytes are removed. */
static void drop_split_character(char *text)
{
	size_t length = strlen(text);
	size_t start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0 || (unsigned char)text[start - 1] < 0xc0)
		return;
	start--;
	if (ucm_utf8_sequence(text + start, length - start) != length - start)
		text[start] = '\0';
}

int ucm_fail(struct ucm_error *error, enum ucm_class class, const char *format, ...)
{
	va_list arguments;
	int length;

	if (error == NULL || error->class != UCM_CLASS_OK)
		return -1;
	error->class = class;
	va_start(arguments, format);
	length = vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	if (length < 0)
		error->text[0] = '\0';
	else if ((size_t)length >= sizeof(error->text))
		drop_split_character(error->text);
	/* Arguments may come from a server or a file. */
	ucm_text_clean(error->text, strlen(error->text), error->text, sizeof(error->text));
	return -1;
}

int ucm_out_of_memory(struct ucm_error *error)
{
	return ucm_fail(error, UCM_CLASS_MEMORY, "out of memory");
}

void ucm_error_clear(struct ucm_error *error)
{
	memset(error, 0, sizeof(*error));
}

/* Worst first; a status that nobody knows is worse. */
static int rank(int status)
{
	static const unsigned char order[] = {UCM_CLASS_POLICY, UCM_CLASS_TRUST, UCM_CLASS_PROTOCOL,
	    UCM_CLASS_AGAIN, UCM_CLASS_IO, UCM_CLASS_MEMORY, UCM_CLASS_REJECTED, UCM_CLASS_INPUT,
	    UCM_CLASS_MESSAGE, UCM_CLASS_USAGE, UCM_CLASS_OK};

	for (size_t i = 0; i < sizeof(order); i++)
		if (order[i] == status)
			return (int)i;
	return -1;
}

int ucm_worse(int left, int right)
{
	return rank(left) < rank(right) ? left : right;
}

const char *ucm_errno_text(int number, char *room, size_t size)
{
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
	return strerror_r(number, room, size);
#else
	if (strerror_r(number, room, size) != 0)
		snprintf(room, size, "error %d", number);
	return room;
#endif
}
