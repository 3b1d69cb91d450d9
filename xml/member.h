/*
 * A member of a ZIP as a source of bytes, with bounds on what it may unpack to.
 */
#ifndef UCM_XML_MEMBER_H
#define UCM_XML_MEMBER_H

#include <stdint.h>
#include <zip.h>

#include "xml/source.h"

/* Small members may unpack to this much, whatever their ratio. */
#define UCM_ZIP_SLACK 1048576

struct ucm_archive {
	zip_t *zip;
	const char *path; /* of the archive, in findings */
	uint64_t size; /* of the archive's file */
	uint64_t unpacked; /* of all members so far */
};

struct ucm_member_source {
	struct ucm_source base;
	struct ucm_archive *archive;
	zip_uint64_t index;
	zip_file_t *file, *ahead;
	uint64_t unpacked, limit;
};

/* Opens a member. 0, or -1 with source->base.why: encrypted, damaged, a bomb by its own account. */
int ucm_member_open(
    struct ucm_member_source *source, struct ucm_archive *archive, zip_uint64_t index);
void ucm_member_close(struct ucm_member_source *source);

#endif
