/*
 * The findings of a merge: equal ones once, and anew what only the whole can tell.
 */
#include "config.h"

#include "tools/lint_merge_parts.h"

#include <stdlib.h>
#include <string.h>

#include "tools/lint_model.h"

/* ---- Findings ----------------------------------------------------------------------------- */

/* How often the fingerprint stands among the first `count` findings. */
static size_t occurrences(
    const struct ucm_report_finding *finding, size_t count, const char *fingerprint)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += !strcmp(finding[i].fingerprint, fingerprint);
	return found;
}

static int compare_fingerprints(const void *left, const void *right)
{
	const struct ucm_report_finding *a = *(const struct ucm_report_finding *const *)left;
	const struct ucm_report_finding *b = *(const struct ucm_report_finding *const *)right;
	int order = strcmp(a->fingerprint, b->fingerprint);

	return order ? order : (a > b) - (a < b);
}

/* Pointers to a shard's findings, sorted by fingerprint. */
struct sorted {
	const struct ucm_report_finding **row;
	size_t count;
};

static int sort_findings(struct ucm_arena *arena, const struct ucm_report_finding *finding,
    size_t count, struct sorted *ret)
{
	ret->count = count;
	ret->row = ucm_arena_array(arena, count + 1, sizeof(const struct ucm_report_finding *));
	if (!ret->row)
		return -1;
	for (size_t i = 0; i < count; i++)
		ret->row[i] = &finding[i];
	if (count > 1)
		qsort(ret->row, count, sizeof(const struct ucm_report_finding *),
		    compare_fingerprints);
	return 0;
}

/* Rows of one fingerprint from `from` on. */
static size_t run_length(const struct sorted *list, size_t from)
{
	size_t length = 1;

	while (from + length < list->count &&
	       !strcmp(list->row[from]->fingerprint, list->row[from + length]->fingerprint))
		length++;
	return length;
}

/* Which of the two lists goes on: the one with the smaller head; 0: both. */
static int compare_heads(const struct sorted *left, size_t i, const struct sorted *right, size_t k)
{
	if (i == left->count)
		return 1;
	if (k == right->count)
		return -1;
	return strcmp(left->row[i]->fingerprint, right->row[k]->fingerprint);
}

/* Joins two sorted lists: of equal fingerprints, as many as the longer one has. */
static int join_sorted(struct ucm_arena *arena, const struct sorted *left,
    const struct sorted *right, struct sorted *ret)
{
	size_t i = 0, k = 0;

	ret->count = 0;
	ret->row = ucm_arena_array(
	    arena, left->count + right->count + 1, sizeof(const struct ucm_report_finding *));
	if (!ret->row)
		return -1;
	while (i < left->count || k < right->count) {
		int order = compare_heads(left, i, right, k);
		size_t mine = order <= 0 ? run_length(left, i) : 0;
		size_t theirs = order >= 0 ? run_length(right, k) : 0;

		for (size_t n = 0; n < mine; n++)
			ret->row[ret->count++] = left->row[i + n];
		for (size_t n = mine; n < theirs; n++)
			ret->row[ret->count++] = right->row[k + n];
		i += mine;
		k += theirs;
	}
	return 0;
}

static int join_findings(
    struct ucm_merge *merge, int pending, struct ucm_report_finding **ret, size_t *count)
{
	struct sorted all = {NULL, 0};

	for (size_t i = 0; i < merge->count; i++) {
		const struct ucm_report *shard = &merge->shard[i];
		struct sorted own, both;

		if (sort_findings(merge->arena, pending ? shard->pending : shard->finding,
			pending ? shard->pending_count : shard->finding_count, &own) ||
		    join_sorted(merge->arena, &all, &own, &both))
			return -1;
		all = both;
	}
	*count = all.count;
	*ret = ucm_arena_array(merge->arena, all.count + 1, sizeof **ret);
	if (!*ret)
		return -1;
	for (size_t i = 0; i < all.count; i++)
		(*ret)[i] = *all.row[i];
	return 0;
}

/* ---- What only the whole can tell --------------------------------------------------------- */

static int is_used_server(const struct ucm_report *report, const struct ucm_place *place)
{
	for (size_t i = 0; place->object && i < report->used_server_count; i++)
		if (report->used_server[i].client == place->client &&
		    !strcmp(report->used_server[i].name, place->object))
			return 1;
	return 0;
}

/* A suppression is unused where no shard used it. */
static int is_everywhere(const struct ucm_merge *merge, const struct ucm_report_finding *finding)
{
	for (size_t i = 0; i < merge->count; i++)
		if (!occurrences(merge->shard[i].finding, merge->shard[i].finding_count,
			finding->fingerprint))
			return 0;
	for (size_t i = 0; i < merge->due_count; i++) {
		const char *name = merge->due[i].suppression;

		if (name && finding->place.key && !strcmp(name, finding->place.key))
			return 0;
	}
	return 1;
}

static int stays(const struct ucm_merge *merge, const struct ucm_report_finding *finding)
{
	if (finding->rule == UCM213)
		return !ucm_merge_uses_certificate(&merge->report, finding->place.key);
	if (finding->rule == UCM307)
		return !is_used_server(&merge->report, &finding->place);
	if (finding->rule == UCM501)
		return is_everywhere(merge, finding);
	return 1;
}

/* Whether what a shard could not judge for want of scripts or Login objects can be judged now. */
static int is_due(const struct ucm_report *report, const struct ucm_report_finding *finding)
{
	return finding->rule == UCM307 ? report->has_scripts : report->has_logins;
}

/* Parts what had to wait into what is due now and what still waits. */
static int fill_due(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	struct ucm_report_finding *pending;
	size_t count, waiting = 0;

	if (join_findings(merge, 1, &pending, &count))
		return -1;
	merge->due = ucm_arena_array(merge->arena, count + 1, sizeof *merge->due);
	if (!merge->due)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!is_due(report, &pending[i]))
			pending[waiting++] = pending[i];
		else if (stays(merge, &pending[i]))
			merge->due[merge->due_count++] = pending[i];
	report->pending = pending;
	report->pending_count = waiting;
	ucm_model_sort(report->pending, report->pending_count);
	return 0;
}

int ucm_merge_findings(struct ucm_merge *merge)
{
	struct ucm_report *report = &merge->report;
	struct ucm_report_finding *all, *joined;
	size_t count;

	if (fill_due(merge) || join_findings(merge, 0, &joined, &count))
		return -1;
	all = ucm_arena_array(merge->arena, count + merge->due_count + 1, sizeof *all);
	if (!all)
		return -1;
	report->finding = all;
	for (size_t i = 0; i < count; i++)
		if (stays(merge, &joined[i]))
			all[report->finding_count++] = joined[i];
	for (size_t i = 0; i < merge->due_count; i++)
		if (!occurrences(joined, count, merge->due[i].fingerprint))
			all[report->finding_count++] = merge->due[i];
	ucm_model_sort(report->finding, report->finding_count);
	return 0;
}
