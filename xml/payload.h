/*
 * Payloads of Storage objects: the files that resname names.
 */
#ifndef UCM_XML_PAYLOAD_H
#define UCM_XML_PAYLOAD_H

#include "policy/model.h"
#include "xml/source.h"

/* Where payloads of one export are looked for, in this order. */
struct ucm_payload_folders {
	const char *beside; /* the folder of the export */
	const char *root; /* what links may not leave, of `beside` */
	const char *extra; /* --payloads; NULL: none */
};

/* A find of struct ucm_payload_finder; arg is a struct ucm_payload_folders. */
int ucm_payload_find(void *arg, struct ucm_system *system, struct ucm_resource *resource);

/* Whether a resname can name a file: not empty, no path. */
int ucm_payload_is_name(const char *resname);

/*
 * Reads a payload and keeps it with its digest. `file` is its name in findings. What cannot be
 * read, or is over UCM_PAYLOAD_MAX, is UCM006. Returns 0, or -1 without memory.
 */
int ucm_payload_keep(struct ucm_system *system, struct ucm_resource *resource,
    struct ucm_source *source, const char *file);

#endif
