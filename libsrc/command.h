/*
 * SMTP command lines: bounded, and the one gate for control characters.
 */
#ifndef UCM_LIBSRC_COMMAND_H
#define UCM_LIBSRC_COMMAND_H

#include <stddef.h>

#include "policy/error.h"

/* The longest command that is built here: 512 octets and what the extensions add: SIZE 26, BODY 16,
 * SMTPUTF8 10, REQUIRETLS 11, RET and ENVID 113 (RFC 3461 section 4.1), NOTIFY and ORCPT 28 + 508.
 */
#define UCM_COMMAND_ROOM 1536

struct ucm_command {
	size_t length;
	int failed; /* a character that may not stand in a command, or too long */
	char text[UCM_COMMAND_ROOM];
};

/* Starts a command with text that is ours. */
void ucm_command_start(struct ucm_command *command, const char *text);
/* Appends text from outside: any control character or CR, LF fails the command. */
void ucm_command_add(struct ucm_command *command, const char *text);
void ucm_command_add_number(struct ucm_command *command, unsigned long long number);
/* Appends in the xtext coding of RFC 3461 section 4. */
void ucm_command_add_xtext(struct ucm_command *command, const char *text);
/* Ends with CRLF. 0, or -1 with error (MESSAGE) where the command failed. */
int ucm_command_end(struct ucm_command *command, struct ucm_error *error);

#endif
