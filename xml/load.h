/*
 * Inputs to model: export files, folders, ZIPs, standard input, payload folders.
 */
#ifndef UCM_XML_LOAD_H
#define UCM_XML_LOAD_H

#include <stddef.h>

#include "policy/error.h"
#include "policy/model.h"

struct ucm_load_options {
	const char *payloads;      /* --payloads: a further folder of payload files; NULL: none */
	int client;                /* --client: of objects that nothing else tells; UCM_CLIENT_UNKNOWN */
	const char *stdin_name;    /* what "-" is called in findings; NULL: "<stdin>" */
	unsigned workers;          /* threads that read; 0 or 1: none; never changes the result */
	void (*progress)(void *arg, unsigned long long files, unsigned long long bytes);
	void *progress_arg;
	/* Called after each file (an archive is one), in the order of the files: what it held is in
	 * the system's counts. NULL: not wanted. */
	void (*loaded)(void *arg, const char *path, const struct ucm_system *so_far);
	void *loaded_arg;
};

/*
 * Reads all inputs into an initialised system and finishes it (ucm_system_finish()). What could not
 * be read is a finding of group 0 in system->findings, with the path as it was named; the order of
 * the inputs does not matter. Returns 0, or -1 without memory.
 */
int ucm_load(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options, struct ucm_error *error);

#endif
