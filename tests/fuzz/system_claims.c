/*
 * Claims about systems, for the targets that read exports, ZIPs and snapshots.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/audit.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/system_claims.h"
#include "xml/snapshot.h"

static void claim_findings(const struct ucm_findings *findings)
{
	char text[2048];

	for (size_t i = 0; i < findings->count; i++) {
		const struct ucm_finding *finding = &findings->row[i];
		char fingerprint[33];

		CLAIM(finding->rule < UCM_RULE_COUNT);
		CLAIM(ucm_finding_message(finding, text, sizeof(text)) < sizeof(text));
		CLAIM(fuzz_is_clean(text));
		CLAIM(ucm_finding_hint(finding, text, sizeof(text)) < sizeof(text));
		CLAIM(fuzz_is_clean(text));
		CLAIM(finding->place.excerpt == NULL || fuzz_is_clean(finding->place.excerpt));
		CLAIM(finding->place.client >= -1 && finding->place.client <= 9999);
		ucm_finding_fingerprint(finding, fingerprint);
	}
}

static void claim_audit(const struct ucm_system *system, enum ucm_profile profile)
{
	const struct ucm_audit_options options = {
	    .client = UCM_CLIENT_UNKNOWN,
	    .profile = profile,
	    .at = 1795543200,
	    .expires_within = 30,
	};
	struct ucm_arena arena;
	struct ucm_audit audit;

	ucm_arena_init(&arena, NULL, 0);
	CLAIM(ucm_audit_run(system, &options, &arena, &audit) == 0);
	claim_findings(&audit.findings);
	for (size_t i = 0; i < audit.cell_count && i < 4; i++) {
		struct ucm_query query =
		    ucm_audit_query(&options, &audit.cells[i], UCM_AGENT_UNIX_X64_LINUX);
		struct ucm_decision decision;

		CLAIM(ucm_decide(system, &query, &arena, &decision) == 0);
		CLAIM(decision.verdict == UCM_REFUSE || decision.host != NULL);
		CLAIM(decision.verdict == UCM_REFUSE || decision.refused_by == UCM_RULE_COUNT);
		CLAIM(decision.verdict != UCM_FORCED || decision.trusted_count > 0);
		CLAIM(decision.verdict == UCM_REFUSE || fuzz_is_clean(decision.from));
	}
	ucm_arena_free(&arena);
}

void claim_system(const struct ucm_system *system)
{
	for (const struct ucm_variable *it = system->variables; it != NULL; it = it->next) {
		CLAIM(it->name != NULL && fuzz_is_utf8(it->name));
		CLAIM(it->client >= -1 && it->client <= 9999);
		for (const struct ucm_row *row = it->rows; row != NULL; row = row->next) {
			CLAIM(fuzz_is_utf8(row->name) && fuzz_is_utf8(row->value));
			CLAIM(row->excerpt == NULL || fuzz_is_clean(row->excerpt));
		}
	}
	claim_findings(&system->findings);
	claim_audit(system, UCM_COMPAT);
	claim_audit(system, UCM_STRICT);
}

static char *write_snapshot(const struct ucm_system *system, size_t *size)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, size);

	CLAIM(out != NULL);
	CLAIM(ucm_snapshot_write(system, out, &error) == 0);
	CLAIM(fclose(out) == 0);
	return bytes;
}

void claim_snapshot(const struct ucm_system *system)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system again;
	size_t first_size = 0, second_size = 0;
	char *first, *second;

	for (size_t i = 0; i < system->findings.count; i++)
		if (ucm_finding_severity(&system->findings.row[i], UCM_COMPAT) == UCM_ERROR)
			return; /* none is written of a system that was not read in full */
	first = write_snapshot(system, &first_size);
	ucm_system_init(&again, NULL, 0);
	if (ucm_snapshot_read(&again, first, first_size, "first", &error) != 0) {
		(void)fprintf(stderr, "%s\n%.*s\n", error.text, (int)first_size, first);
		CLAIM(!"a snapshot is read again");
	}
	second = write_snapshot(&again, &second_size);
	if (first_size != second_size || memcmp(first, second, first_size) != 0)
		(void)fprintf(
		    stderr, "%.*s\n----\n%.*s\n", (int)first_size, first, (int)second_size, second);
	CLAIM(first_size == second_size && memcmp(first, second, first_size) == 0);
	ucm_system_free(&again);
	free(first);
	free(second);
}
