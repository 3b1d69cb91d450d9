/*
 * Reads one file of any kind that an input can be; its first bytes tell which.
 */
#ifndef UCM_XML_INPUT_H
#define UCM_XML_INPUT_H

#include "policy/model.h"
#include "xml/load.h"
#include "xml/source.h"

struct ucm_input {
	const char *path; /* as it is named in findings, and opened */
	const char *root; /* the folder that was walked, or NULL where the file itself was named */
};

/* Reads it into a system, which stays unfinished. 0, or -1 without memory. */
int ucm_input_read(struct ucm_system *system, const struct ucm_input *input,
    const struct ucm_load_options *options);

/* The same for standard input: XML or a snapshot only. */
int ucm_input_read_stdin(struct ucm_system *system, const struct ucm_load_options *options);

#endif
