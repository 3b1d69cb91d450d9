/*
 * Command lines. Whatever becomes a command passes here, so no text can become a second command.
 */
#include <string.h>

#include "command.h"

static void put(struct ucm_command *command, char c)
{
	/* Two octets stay for CRLF. */
	if (command->length + 3 > sizeof(command->text)) {
		command->failed = 1;
		return;
	}
	command->text[command->length++] = c;
}

void ucm_command_start(struct ucm_command *command, const char *text)
{
	command->length = 0;
	command->failed = 0;
	ucm_command_add(command, text);
}

void ucm_command_add(struct ucm_command *command, const char *text)
{
	for (; *text != '\0'; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7F) {
			command->failed = 1;
			return;
		}
		put(command, *text);
	}
}

void ucm_command_add_number(struct ucm_command *command, unsigned long long number)
{
	char digits[24];
	size_t n = sizeof(digits);

	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (; n < sizeof(digits); n++)
		put(command, digits[n]);
}

void ucm_command_add_xtext(struct ucm_command *command, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text != '\0'; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c > 0x20 && c < 0x7F && c != '+' && c != '=') {
			put(command, *text);
			continue;
		}
		put(command, '+');
		put(command, hex[c >> 4]);
		put(command, hex[c & 15]);
	}
}

int ucm_command_end(struct ucm_command *command, struct ucm_error *error)
{
	if (command->failed) {
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "an address or name holds a control character or is too long for SMTP");
	}
	memcpy(command->text + command->length, "\r\n", 2);
	command->length += 2;
	return 0;
}
