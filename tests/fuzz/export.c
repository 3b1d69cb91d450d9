/*
 * Fuzz target: one export file. The first bytes choose the client and whether payloads are found.
 */
#include "config.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/system_claims.h"
#include "xml/export.h"

/* Gives back what the resource's name says, as a payload. */
static int find(void *arg, struct ucm_system *system, struct ucm_resource *resource)
{
	(void)arg;
	if (resource->name != NULL && resource->name[0] == 'P') {
		resource->payload = (const unsigned char *)ucm_arena_string(
		    &system->arena, resource->resname != NULL ? resource->resname : "");
		resource->payload_size = strlen((const char *)resource->payload);
		resource->payload_file = "payload";
	}
	return 0;
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct ucm_export export = {
	    .name = "export.xml",
	    .client = UCM_CLIENT_UNKNOWN,
	    .payloads = {.find = find},
	};
	struct ucm_memory_source source;
	struct ucm_system system;

	if (size > 0 && bytes[0] != '<' && bytes[0] < 0x80) { /* not a file as it is */
		export.client = bytes[0] & 1 ? 0 : 100;
		export.walked = bytes[0] & 2;
		bytes++;
		size--;
	}
	ucm_source_memory(&source, bytes, size);
	ucm_system_init(&system, NULL, 0);
	CLAIM(ucm_export_read(&system, &source.base, &export) == 0);
	CLAIM(system.files == 1);
	CLAIM(ucm_system_finish(&system) == 0);
	claim_system(&system);
	claim_snapshot(&system);
	ucm_system_free(&system);
}
