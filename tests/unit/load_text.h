/*
 * Loading inputs, for tests: folders with exports in them, and what came of them.
 */
#ifndef UCM_TESTS_LOAD_TEXT_H
#define UCM_TESTS_LOAD_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "unit/tree.h"
#include "xml/load.h"

#define SETTINGS "<uc-export><VARA name='UC_CLIENT_SETTINGS'/></uc-export>"
#define SERVER_OF(name) "<uc-export><VARA name='UC_SMTP_" name "'/></uc-export>"

static inline void load(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options)
{
	struct ucm_error error;

	memset(&error, 0, sizeof(error));
	ucm_system_init(system, NULL, 0);
	assert_int_equal(ucm_load(system, inputs, count, options, &error), 0);
}

static inline void load_one(struct ucm_system *system, const char *input)
{
	const struct ucm_load_options options = {.client = UCM_CLIENT_UNKNOWN};

	load(system, &input, 1, &options);
}

static inline const struct ucm_finding *only_finding(const struct ucm_system *system)
{
	static const struct ucm_finding none = {.place = {.file = ""}};

	assert_int_equal(system->findings.count, 1);
	return system->findings.count == 1 ? &system->findings.row[0] : &none;
}

static inline int make_tree(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	assert_non_null(tree);
	tree_make(tree);
	*state = tree;
	return 0;
}

static inline int remove_tree(void **state)
{
	tree_remove(*state);
	free(*state);
	return 0;
}

#define STORE(rows)                                                                                \
	"<uc-export><STORE name='UC_TRUSTEDCERTS'><STORE><resourceList>" rows                      \
	"</resourceList></STORE></STORE></uc-export>"
#define RESOURCE(name, resname) "<row checksum='00' name='" name "' resname='" resname "'/>"

static inline const struct ucm_resource *resource_of(
    const struct ucm_system *system, const char *name)
{
	static const struct ucm_resource missing;

	if (system->stores != NULL)
		for (const struct ucm_resource *resource = system->stores->resources;
		     resource != NULL; resource = resource->next)
			if (strcmp(resource->name, name) == 0)
				return resource;
	fail_msg("no resource %s", name);
	return &missing;
}

#endif
