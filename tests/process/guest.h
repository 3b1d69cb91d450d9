/*
 * What the programs share that use the library as a service would.
 */
#ifndef UCM_TESTS_PROCESS_GUEST_H
#define UCM_TESTS_PROCESS_GUEST_H

#include "ucmail.h"

/* How handles are made: the words of the command line, and the options of ucm_start(). */
struct guest {
	const char *input, *connect_to;
	const struct ucm_options *options;
};

/* A handle for client 100; ends the program where there is none. */
struct ucm *guest_handle(const struct guest *guest);

/* Sends one message; the status. */
int guest_send(struct ucm *handle);

/* Ends the program with the reason where the condition does not hold. */
void guest_claim(int holds, const char *reason);

#endif
