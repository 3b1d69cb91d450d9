/*
 * What holds for every message that goes on the wire.
 */
#ifndef UCM_TESTS_FUZZ_WIRE_CLAIMS_H
#define UCM_TESTS_FUZZ_WIRE_CLAIMS_H

#include "libsrc/message.h"
#include "tests/unit/fake_handle.h"

/* Prepares and reads it, in pieces of `piece` bytes. Lines are CRLF and at most 998, the same bytes
 * come twice, the size is as announced. A message that cannot be prepared has its reason. */
void claim_wire(struct fake_handle *fake, struct ucm_message *message, size_t piece);

#endif
