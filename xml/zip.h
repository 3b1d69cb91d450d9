/*
 * ZIPs: exports, action packs and Storage objects with their payloads. Nothing is unpacked to disk.
 */
#ifndef UCM_XML_ZIP_H
#define UCM_XML_ZIP_H

#include <stddef.h>

#include "policy/model.h"
#include "xml/load.h"

/* Whether the bytes begin as a ZIP does. */
int ucm_zip_is(const unsigned char *bytes, size_t size);

/*
 * Reads all *.xml members of the archive that is open at `fd` (it stays open and is left at any
 * position). `path` is its name in findings; members are called "path/member". 0, or -1 without
 * memory.
 */
int ucm_zip_read(
    struct ucm_system *system, int fd, const char *path, const struct ucm_load_options *options);

#endif
