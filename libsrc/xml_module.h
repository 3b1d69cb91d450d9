/*
 * The contract between the library and its module that reads exports.
 *
 * The module has its own copy of the pure code, and both sides see the same structures. So only
 * the module of exactly this build is accepted: the library compares ucm_xml_build before it calls
 * anything.
 */
#ifndef UCM_LIBSRC_XML_MODULE_H
#define UCM_LIBSRC_XML_MODULE_H

#include <stddef.h>
#include <stdint.h>

#include "policy/cert.h"
#include "policy/keys.h"
#include "policy/model.h"
#include "xml/load.h"

#define UCM_XML_MODULE_FILE "ucmail-xml.so"
#define UCM_XML_BUILD_SIZES 16

struct ucm_xml_build {
	char version[32]; /* PACKAGE_VERSION, NUL-padded */
	uint32_t sizes[UCM_XML_BUILD_SIZES]; /* of what both sides share */
};

/* clang-format off */
#define UCM_XML_BUILD { PACKAGE_VERSION, { \
	sizeof(struct ucm_system), sizeof(struct ucm_arena), sizeof(struct ucm_variable), \
	sizeof(struct ucm_row), sizeof(struct ucm_store), sizeof(struct ucm_resource), \
	sizeof(struct ucm_login), sizeof(struct ucm_call), sizeof(struct ucm_finding), \
	sizeof(struct ucm_bundle), sizeof(struct ucm_cert), sizeof(struct ucm_load_options), \
	sizeof(struct ucm_error), (uint32_t)offsetof(struct ucm_system, findings), \
	(uint32_t)UCM_RULE_COUNT << 16 | (uint32_t)UCM_KEY_COUNT << 8 | (uint32_t)UCM_AGENT_COUNT, \
	sizeof(void *) } }
/* clang-format on */

/* What the module exports. */
typedef int (*ucm_load_fn)(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options, struct ucm_error *error);

#define UCM_XML_LOAD_SYMBOL "ucm_xml_load" /* an ucm_load_fn */
#define UCM_XML_BUILD_SYMBOL "ucm_xml_build" /* a const struct ucm_xml_build */

/*
 * Of the library: the function that reads exports. NULL with handle->error where this build has
 * none, or the module is missing, broken or of another build.
 */
struct ucm;
ucm_load_fn ucm_find_reader(struct ucm *handle);

#endif
