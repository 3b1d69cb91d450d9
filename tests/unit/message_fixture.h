/*
 * One message of a fake handle, and what it becomes.
 */
#ifndef UCM_TESTS_MESSAGE_FIXTURE_H
#define UCM_TESTS_MESSAGE_FIXTURE_H

#include "libsrc/message.h"
#include "tests/unit/fake_handle.h"

#define FIXTURE_HEX "000102030405060708090a0b0c0d0e0f"
#define FIXTURE_ID "<" FIXTURE_HEX "@example.com>"
#define FIXTURE_DATE "Tue, 24 Nov 2026 19:00:00 +0100"

struct fixture {
	struct fake_handle fake;
	struct ucm_message *message;
	struct ucm_message_needs needs;
	struct ucm_error error; /* of the last fixture_text() */
	char *text; /* what it gave; freed by the next and by fixture_end() */
};

void fixture_start(struct fixture *fixture);

/* Prepares with a fixed date and random; the octets with a NUL behind, or NULL with error. */
const char *fixture_text(struct fixture *fixture);

/* The part of the text, which must be there, behind the first empty line. */
const char *fixture_body(struct fixture *fixture);

/* Frees, and fails where memory is left. */
void fixture_end(struct fixture *fixture);

#endif
