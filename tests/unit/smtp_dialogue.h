/*
 * Drives the SMTP machine along a written dialogue, without any I/O.
 */
#ifndef UCM_TESTS_SMTP_DIALOGUE_H
#define UCM_TESTS_SMTP_DIALOGUE_H

#include "libsrc/smtp.h"

#define DIALOGUE_RECIPIENTS_MAX 300
#define DIALOGUE_STEPS_MAX 32

struct dialogue {
	const char *sentence;
	enum ucm_tls_mode mode;
	int optional; /* opportunistic */
	const char *auth_method; /* or NULL */
	size_t recipients; /* of the first mail; 0: no mail */
	size_t second; /* recipients of a second mail queued behind it */
	/*
	 * "S:…" the server says, "C:…" the client has said since the last C, "T" the TLS handshake
	 * is over, "L" the secret is there, "X" the connection is lost, "Q" the caller quits.
	 */
	const char *steps[DIALOGUE_STEPS_MAX];
	enum ucm_class class; /* of the session's error */
	const char *results; /* A, R, D, U for each recipient of the first mail, "/" the second's */
};

/* Special wishes for the mails of a dialogue; NULL: none. */
typedef void (*dialogue_wish)(struct ucm_mail *mail);

/* Runs it, the server's text in pieces of `piece` bytes; `chunking`: BDAT may be used. Fails the
 * test where it differs. */
void run_dialogue(const struct dialogue *dialogue, size_t piece, dialogue_wish wish, int chunking);

#endif
