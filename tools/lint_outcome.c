/*
 * Outcomes of all policies, to be compared with those of another day, store or system.
 */
#include "config.h"

#include "tools/lint_whatif.h"

#include <string.h>

#include "policy/text.h"
#include "tools/lint_file.h"
#include "tools/report_escape.h"

/* ---- Collecting --------------------------------------------------------------------------- */

static void keep(struct ucm_arena *arena, const struct ucm_decision *decision, uint32_t agents,
    struct ucm_lint_outcome *ret)
{
	struct ucm_report_cell cell = ucm_model_cell(arena, decision);
	char hex[65];

	ret->client = cell.client;
	ret->sender = decision->query.sender;
	ret->server_variable = cell.server_variable;
	ret->agents = agents;
	ret->verdict = decision->verdict;
	ret->refused_by = cell.refused_by;
	ret->host = cell.host;
	ret->port = cell.port;
	ret->protocol = cell.protocol;
	ret->certificate = cell.certificate;
	if (decision->trusted_count) {
		ucm_hex(decision->trusted[0]->sha256, 32, hex);
		ret->sha256 = ucm_arena_string(arena, hex);
	}
}

/* The agents of the set by what they can; those of one class decide alike. */
static void classify(
    uint32_t agents, struct ucm_release release, uint32_t classes[UCM_NO_SUCH_AGENT])
{
	memset(classes, 0, UCM_NO_SUCH_AGENT * sizeof *classes);
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		enum ucm_capability can = ucm_agent_capability((enum ucm_agent)agent, release);

		if ((agents >> agent & 1) && can < UCM_NO_SUCH_AGENT)
			classes[can] |= UINT32_C(1) << agent;
	}
}

static int collect_one(const struct ucm_system *system, const struct ucm_query *query,
    uint32_t agents, struct ucm_arena *arena, struct ucm_lint_outcomes *ret)
{
	struct ucm_arena scratch;
	struct ucm_decision decision;

	ucm_arena_init(&scratch, NULL, 0);
	int failed = ucm_decide(system, query, &scratch, &decision);
	if (!failed)
		keep(arena, &decision, agents, &ret->row[ret->count++]);
	ucm_arena_free(&scratch);
	return failed;
}

int ucm_outcomes_collect(const struct ucm_system *system, const struct ucm_audit_options *options,
    const struct ucm_audit *audit, uint32_t agents, struct ucm_arena *arena,
    struct ucm_lint_outcomes *ret)
{
	uint32_t classes[UCM_NO_SUCH_AGENT];

	classify(agents, options->release, classes);
	ret->count = 0;
	ret->row =
	    ucm_arena_array(arena, audit->cell_count * UCM_NO_SUCH_AGENT + 1, sizeof *ret->row);
	if (!ret->row)
		return -1;
	for (size_t i = 0; i < audit->cell_count; i++) {
		for (int can = UCM_SENDS_PLAIN; can < UCM_NO_SUCH_AGENT; can++) {
			if (!classes[can])
				continue;
			enum ucm_agent first = (enum ucm_agent)__builtin_ctz(classes[can]);
			struct ucm_query query = ucm_audit_query(options, &audit->cells[i], first);

			if (collect_one(system, &query, classes[can], arena, ret))
				return -1;
		}
	}
	return arena->failed ? -1 : 0;
}

/* ---- Certificates that are removed or replaced -------------------------------------------- */

static struct ucm_resource *find_resource(const struct ucm_system *system, const char *name)
{
	for (struct ucm_store *store = system->stores; store; store = store->next) {
		if (store->client != 0)
			continue;
		for (struct ucm_resource *one = store->resources; one; one = one->next)
			if (ucm_equal_nocase(one->name, name))
				return one;
	}
	return NULL;
}

int ucm_has_certificate(const struct ucm_system *system, const char *name)
{
	return find_resource(system, name) != NULL;
}

int ucm_certificate_unknown(
    const struct ucm_system *system, const char *name, struct ucm_error *error)
{
	struct ucm_arena arena;
	const char *list = NULL;

	ucm_arena_init(&arena, NULL, 0);
	for (const struct ucm_store *store = system->stores; store; store = store->next)
		for (const struct ucm_resource *one = store->resources; one && store->client == 0;
		     one = one->next)
			list =
			    list ? ucm_arena_format(&arena, "%s, %s", list, one->name) : one->name;
	ucm_fail(error, UCM_CLASS_USAGE, "UC_TRUSTEDCERTS of client 0 holds no %s%s%s", name,
	    list ? ", but " : "", list ? list : "");
	ucm_arena_free(&arena);
	return -1;
}

static int replace(
    const struct ucm_lint_pair *pair, struct ucm_system *system, struct ucm_error *error)
{
	struct ucm_resource *resource = find_resource(system, pair->name);
	char *bytes, hex[65];

	if (!resource)
		return ucm_certificate_unknown(system, pair->name, error);
	long size = ucm_file_read(
	    &system->arena, pair->value, UCM_PAYLOAD_MAX, UCM_CLASS_USAGE, &bytes, error);
	if (size < 0)
		return -1;
	struct ucm_bundle *bundle = ucm_arena_alloc(&system->arena, sizeof *bundle);
	if (!bundle ||
	    ucm_bundle_parse(&system->arena, (unsigned char *)bytes, (size_t)size, bundle))
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	ucm_sha256(bytes, (size_t)size, resource->sha256);
	ucm_hex(resource->sha256, sizeof resource->sha256, hex);
	resource->checksum = ucm_arena_string(&system->arena, hex);
	resource->payload = (unsigned char *)bytes;
	resource->payload_size = (size_t)size;
	resource->payload_file = pair->value;
	resource->bundle = bundle;
	return resource->checksum ? 0 : ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
}

int ucm_replace_certificates(
    const struct ucm_lint_options *options, struct ucm_system *system, struct ucm_error *error)
{
	for (size_t i = 0; i < options->replace_cert_count; i++)
		if (replace(&options->replace_cert[i], system, error))
			return -1;
	return 0;
}
