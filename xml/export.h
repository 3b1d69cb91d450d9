/*
 * The reader of one export file: bytes in, model out.
 *
 * Streaming: memory depends on what is kept, not on the size of the file. Nothing is resolved or
 * fetched: a document type declaration is refused, and so are all entities but the predefined ones.
 */
#ifndef UCM_XML_EXPORT_H
#define UCM_XML_EXPORT_H

#include "policy/model.h"
#include "xml/source.h"

/* Finds what a STORE's resname names. */
struct ucm_payload_finder {
	/*
	 * Fills payload, payload_size, sha256 and payload_file of the resource, or leaves them.
	 * What is there and cannot be read is a finding of the system. -1 only without memory.
	 */
	int (*find)(void *arg, struct ucm_system *system, struct ucm_resource *resource);
	void *arg;
};

/* What is known of an export file before it is read. */
struct ucm_export {
	const char *name; /* the file in findings; not owned */
	int client; /* of objects that do not tell; UCM_CLIENT_UNKNOWN */
	int walked; /* met in a folder or a ZIP: another kind of XML is only a warning */
	struct ucm_payload_finder payloads; /* find may be NULL */
};

/*
 * Reads the source to its end, or to the first fault, which becomes a finding of group 0
 * (UCM001-UCM004, UCM006). Counts one file and its bytes. Returns 0, or -1 without memory.
 */
int ucm_export_read(
    struct ucm_system *system, struct ucm_source *source, const struct ucm_export *export);

#endif
