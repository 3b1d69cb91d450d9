/*
 * The module's two symbols.
 */
#include "config.h"

#include "libsrc/xml_module.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED extern const struct ucm_xml_build ucm_xml_build;
EXPORTED int ucm_xml_load(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options, struct ucm_error *error);

const struct ucm_xml_build ucm_xml_build = UCM_XML_BUILD;

int ucm_xml_load(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options, struct ucm_error *error)
{
	return ucm_load(system, inputs, count, options, error);
}
