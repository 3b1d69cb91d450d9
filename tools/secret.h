/*
 * Where ucmail finds a password.
 */
#ifndef UCM_TOOLS_SECRET_H
#define UCM_TOOLS_SECRET_H

#include <stddef.h>

#include "policy/limits.h"
#include "ucmail.h"

#define UCM_SECRET_REASON_MAX 512
#define UCM_LOGINS_FOLDER "/etc/ucmail/logins"

/* Zero it, then set fd to -1. */
struct ucm_secrets {
	int fd; /* --password-fd; -1: none */
	const char *file; /* --password-file; NULL: none */
	const char *credentials; /* $CREDENTIALS_DIRECTORY; NULL: none */
	const char *logins; /* UCM_LOGINS_FOLDER */
	char kept[UCM_SECRET_MAX]; /* what the descriptor gave: it can be read only once */
	size_t kept_length;
	int fd_was_read;
	char reason[UCM_SECRET_REASON_MAX]; /* why there is none; "" where there was no failure */
};

/*
 * The conversation (ucm_conv_fn); arg is a struct ucm_secrets. Nothing is read before it is called.
 * In this order: the descriptor, the file, the service manager's credential of the login's name,
 * the file of that name among the logins. Files but credentials must be closed to everybody else.
 * One final newline is dropped.
 */
long ucm_secret_answer(
    const struct ucm_conv_message *message, char *answer, size_t room, void *arg);

void ucm_secrets_wipe(struct ucm_secrets *secrets);

#endif
