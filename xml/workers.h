/*
 * Threads that read files side by side. What they find is joined in the order in which the files
 * were handed out, so that the result does not depend on their number.
 */
#ifndef UCM_XML_WORKERS_H
#define UCM_XML_WORKERS_H

#include "policy/model.h"
#include "xml/input.h"

#define UCM_WORKERS_MAX 64

struct ucm_workers;

/*
 * Starts up to `count` threads for a system of the C library's memory. Returns NULL where there is
 * no thread to be had; the caller then reads by itself. The options must outlive the workers.
 */
struct ucm_workers *ucm_workers_start(
    struct ucm_system *system, unsigned count, const struct ucm_load_options *options);

/*
 * Hands out a file. The path is copied; the root must stay until ucm_workers_end(). What earlier
 * files held may be joined to the system meanwhile, by this thread. 0, or -1 without memory.
 */
int ucm_workers_read(struct ucm_workers *workers, const struct ucm_input *input);

/* Joins what is left and ends the threads. 0, or -1 without memory. */
int ucm_workers_end(struct ucm_workers *workers);

#endif
