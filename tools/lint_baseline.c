/*
 * Baselines and the comparison with a former report: sets of fingerprints.
 */
#include "config.h"

#include "tools/lint_baseline.h"

#include <string.h>

#include "tools/json_help.h"
#include "tools/json_read.h"
#include "tools/lint_file.h"

#define WRITTEN_BY "; -f json writes a report, --write-baseline a baseline"

json_t *ucm_json_read(struct ucm_arena *arena, const char *file, struct ucm_error *error)
{
	json_error_t place;
	char *text;

	long size = ucm_file_read(arena, file, UCM_REPORT_BYTES_MAX, UCM_CLASS_USAGE, &text, error);
	if (size == UCM_FILE_MISSING) {
		ucm_error_clear(error);
		ucm_fail(error, UCM_CLASS_USAGE, "there is no file %s%s", file, WRITTEN_BY);
	}
	if (size < 0)
		return NULL;
	json_t *root = ucm_json_read_text(text, (size_t)size, &place);
	if (!root) {
		ucm_fail(error, UCM_CLASS_USAGE, "%s:%d:%d: no JSON (%s)%s", file, place.line,
		    place.column, place.text, WRITTEN_BY);
		return NULL;
	}
	if (ucm_json_get_count(root, "version", 0) != UCM_REPORT_VERSION) {
		ucm_fail(error, UCM_CLASS_USAGE, "%s: no report or baseline of version %d%s", file,
		    UCM_REPORT_VERSION, WRITTEN_BY);
		json_decref(root);
		return NULL;
	}
	return root;
}

static int is_fingerprint(const char *text)
{
	return text && strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

static int read_findings(struct ucm_arena *arena, const char *file, const json_t *findings,
    struct ucm_fingerprints *ret, struct ucm_error *error)
{
	size_t count = json_array_size(findings);

	ret->count = 0;
	ret->text = ucm_arena_array(arena, count + 1, sizeof *ret->text);
	if (!ret->text)
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const char *text = ucm_json_get_text(json_array_get(findings, i), "fingerprint");

		if (!is_fingerprint(text))
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "%s: finding %zu has no fingerprint", file, i + 1);
		ret->text[ret->count++] = ucm_arena_string(arena, text);
	}
	if (arena->failed)
		return ucm_fail(error, UCM_CLASS_USAGE, "out of memory");
	ucm_fingerprints_sort(ret);
	return 0;
}

int ucm_baseline_read(struct ucm_arena *arena, const char *file, struct ucm_fingerprints *ret,
    struct ucm_error *error)
{
	json_t *root = ucm_json_read(arena, file, error);

	if (!root)
		return -1;
	const json_t *findings = json_object_get(root, "findings");
	int failed = json_is_array(findings)
			 ? read_findings(arena, file, findings, ret, error)
			 : ucm_fail(error, UCM_CLASS_USAGE, "%s: no list of findings", file);
	json_decref(root);
	return failed;
}

static int belongs_in_baseline(const struct ucm_report_finding *finding)
{
	return finding->hidden != UCM_BY_SUPPRESSION && finding->rule > UCM007 &&
	       finding->rule != UCM501 && finding->rule != UCM502;
}

static json_t *one_entry(const struct ucm_report_finding *finding)
{
	json_t *object = json_object();

	ucm_json_set(&object, "fingerprint", ucm_json_text(finding->fingerprint));
	ucm_json_set(&object, "rule", ucm_json_text(ucm_rules[finding->rule].id));
	ucm_json_set(&object, "client", ucm_json_count(finding->place.client));
	ucm_json_set(&object, "object", ucm_json_text(finding->place.object));
	ucm_json_set(&object, "key", ucm_json_text(finding->place.key));
	return object;
}

static int write_baseline(void *arg, FILE *out)
{
	const struct ucm_report *const *report = arg;
	json_t *root = json_object(), *array = json_array();

	for (size_t i = 0; i < (*report)->finding_count; i++)
		if (belongs_in_baseline(&(*report)->finding[i]))
			ucm_json_append(&array, one_entry(&(*report)->finding[i]));
	ucm_json_set(&root, "version", json_integer(UCM_REPORT_VERSION));
	ucm_json_set(&root, "tool", ucm_json_text(UCM_TOOL_NAME));
	ucm_json_set(&root, "findings", array);
	return ucm_json_write(root, out);
}

int ucm_baseline_write(const struct ucm_report *report, const char *file, struct ucm_error *error)
{
	return ucm_file_write(file, write_baseline, &report, error);
}

int ucm_since_fill(struct ucm_arena *arena, const struct ucm_fingerprints *then,
    const struct ucm_report *report, struct ucm_report_since *ret)
{
	size_t room = report->finding_count + then->count + 1;
	struct ucm_fingerprints now = {ucm_arena_array(arena, room, sizeof(char *)), 0};

	ret->fresh = ucm_arena_array(arena, room, sizeof *ret->fresh);
	ret->fixed = ucm_arena_array(arena, room, sizeof *ret->fixed);
	ret->unchanged = ucm_arena_array(arena, room, sizeof *ret->unchanged);
	if (!now.text || !ret->fresh || !ret->fixed || !ret->unchanged)
		return -1;
	for (size_t i = 0; i < report->finding_count; i++)
		if (ucm_report_shows(report, &report->finding[i]))
			now.text[now.count++] = report->finding[i].fingerprint;
	ucm_fingerprints_sort(&now);
	for (size_t i = 0; i < now.count; i++) {
		if (i && !strcmp(now.text[i], now.text[i - 1]))
			continue;
		if (ucm_fingerprints_have(then, now.text[i]))
			ret->unchanged[ret->unchanged_count++] = now.text[i];
		else
			ret->fresh[ret->fresh_count++] = now.text[i];
	}
	for (size_t i = 0; i < then->count; i++)
		if ((!i || strcmp(then->text[i], then->text[i - 1]) != 0) &&
		    !ucm_fingerprints_have(&now, then->text[i]))
			ret->fixed[ret->fixed_count++] = then->text[i];
	return 0;
}
