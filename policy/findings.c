/*
 * Lists of findings: no finding twice, a fixed order, fingerprints that survive edits elsewhere.
 */
#include "policy/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/order.h"
#include "policy/text.h"

/* Up to here a walk is quicker than a hash; single decisions never get longer. */
#define WALK_MAX 32

static int same_finding(const struct ucm_finding *left, const struct ucm_finding *right)
{
	return ucm_finding_compare(left, right) == 0;
}

/* FNV-1a; NULL and "" differ. */
static uint32_t hash_text(uint32_t hash, const char *text)
{
	if (text == NULL)
		return (hash ^ 0xffU) * 16777619U;
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash * 16777619U;
}

static uint32_t hash_number(uint32_t hash, uint32_t number)
{
	for (int shift = 0; shift < 32; shift += 8)
		hash = (hash ^ (number >> shift & 0xffU)) * 16777619U;
	return hash;
}

/* It begins with where the list's memory is, which is another place in each process: whoever writes
 * an export cannot choose names that all fall into one bucket. No order depends on it. */
static uint32_t hash_finding(const struct ucm_findings *list, const struct ucm_finding *finding)
{
	const uintptr_t place = (uintptr_t)list->bucket;
	uint32_t hash = 2166136261U ^ (uint32_t)(place >> 4) ^ (uint32_t)(place >> 12);

	hash = hash_number(hash, (uint32_t)finding->rule);
	hash = hash_number(hash, (uint32_t)finding->place.client);
	hash = hash_text(hash, finding->place.object);
	hash = hash_text(hash, finding->place.key);
	hash = hash_text(hash, finding->place.file);
	hash = hash_number(hash, finding->place.line);
	hash = hash_number(hash, finding->place.column);
	for (size_t i = 0; i < UCM_FINDING_ARGUMENTS; i++)
		hash = hash_text(hash, finding->argument[i]);
	return hash;
}

/* The bucket of an equal finding, or the empty one where it belongs. */
static uint32_t *bucket_of(const struct ucm_findings *list, const struct ucm_finding *finding)
{
	size_t i = hash_finding(list, finding) & (list->buckets - 1);

	while (list->bucket[i] != 0 && !same_finding(&list->row[list->bucket[i] - 1], finding))
		i = (i + 1) & (list->buckets - 1);
	return &list->bucket[i];
}

/* Keeps at least half of the buckets empty. Returns 0, or -1 without memory. */
static int make_buckets(struct ucm_findings *list)
{
	size_t buckets = list->buckets == 0 ? (size_t)4 * WALK_MAX : list->buckets;

	while (buckets < 2 * (list->count + 1))
		buckets *= 2;
	if (buckets == list->buckets)
		return 0;
	list->bucket = ucm_arena_array(list->arena, buckets, sizeof(*list->bucket));
	if (list->bucket == NULL) {
		list->buckets = 0;
		return -1;
	}
	list->buckets = buckets;
	for (size_t i = 0; i < list->count; i++)
		*bucket_of(list, &list->row[i]) = (uint32_t)(i + 1);
	return 0;
}

static int make_room(struct ucm_findings *list)
{
	struct ucm_finding *row;
	size_t room = list->room == 0 ? 4 : list->room * 2;

	if (list->count < list->room)
		return 0;
	if (list->count >= UINT32_MAX / 4)
		return -1;
	row = ucm_arena_array(list->arena, room, sizeof(*row));
	if (row == NULL)
		return -1;
	if (list->count > 0)
		memcpy(row, list->row, list->count * sizeof(*row));
	list->row = row;
	list->room = room;
	return 0;
}

/* Replaces *text by a copy in the arena. Returns 0, or -1 without memory. */
static int keep_text(struct ucm_arena *arena, const char **text)
{
	if (*text == NULL)
		return 0;
	*text = ucm_arena_string(arena, *text);
	return *text == NULL ? -1 : 0;
}

static int append(struct ucm_findings *list, const struct ucm_finding *finding)
{
	struct ucm_finding copy = *finding;

	if (make_room(list) != 0)
		return -1;
	for (size_t i = 0; i < UCM_FINDING_ARGUMENTS; i++)
		if (keep_text(list->arena, &copy.argument[i]) != 0)
			return -1;
	if (keep_text(list->arena, &copy.value) != 0)
		return -1;
	list->row[list->count++] = copy;
	return 0;
}

int ucm_findings_add(struct ucm_findings *list, const struct ucm_finding *finding)
{
	if (list->count < WALK_MAX) {
		for (size_t i = 0; i < list->count; i++) {
			if (same_finding(&list->row[i], finding)) {
				list->row[i].agents |= finding->agents;
				list->row[i].demoted &= finding->demoted;
				return 0;
			}
		}
		return append(list, finding);
	}
	if (make_buckets(list) != 0)
		return -1;
	uint32_t *bucket = bucket_of(list, finding);

	if (*bucket != 0) {
		list->row[*bucket - 1].agents |= finding->agents;
		list->row[*bucket - 1].demoted &= finding->demoted;
		return 0;
	}
	if (append(list, finding) != 0)
		return -1;
	*bucket = (uint32_t)list->count;
	return 0;
}

enum ucm_severity ucm_finding_severity(const struct ucm_finding *finding, enum ucm_profile profile)
{
	enum ucm_severity severity = (enum ucm_severity)ucm_rules[finding->rule].severity[profile];

	return finding->demoted && severity == UCM_ERROR ? UCM_WARNING : severity;
}

int ucm_finding_refuses(const struct ucm_finding *finding, enum ucm_profile profile)
{
	return !finding->demoted && ucm_rule_refuses(finding->rule, profile);
}

int ucm_finding_compare(const void *left, const void *right)
{
	const struct ucm_finding *a = left;
	const struct ucm_finding *b = right;
	int order = ucm_compare_number(a->place.client, b->place.client);

	if (order == 0)
		order = ucm_compare_text(a->place.object, b->place.object);
	if (order == 0)
		order = ucm_compare_text(a->place.key, b->place.key);
	if (order == 0)
		order = ucm_compare_number(a->rule, b->rule);
	if (order == 0)
		order = ucm_compare_text(a->place.file, b->place.file);
	if (order == 0)
		order = ucm_compare_number(a->place.line, b->place.line);
	if (order == 0)
		order = ucm_compare_number(a->place.column, b->place.column);
	for (size_t i = 0; i < UCM_FINDING_ARGUMENTS && order == 0; i++)
		order = ucm_compare_text(a->argument[i], b->argument[i]);
	return order;
}

void ucm_findings_sort(struct ucm_findings *list)
{
	if (list->count > 1)
		qsort(list->row, list->count, sizeof(*list->row), ucm_finding_compare);
	/* The row numbers in the buckets no longer hold. */
	list->bucket = NULL;
	list->buckets = 0;
}

#define SHA256_SIZE 32

/* One field of the fingerprint: a digest each, so that no field can run into the next. */
static void digest_field(const char *text, unsigned char out[SHA256_SIZE])
{
	memset(out, 0, SHA256_SIZE);
	if (text != NULL)
		ucm_sha256(text, strlen(text), out);
}

void ucm_finding_fingerprint(const struct ucm_finding *finding, char out[33])
{
	enum { RULE, CLIENT, OBJECT, KEY, VALUE, FIELDS };
	const char *value = finding->value;
	unsigned char field[FIELDS][SHA256_SIZE];
	unsigned char digest[SHA256_SIZE];
	char client[16];

	if (value == NULL && finding->place.object == NULL)
		value = finding->place.file;
	snprintf(client, sizeof(client), "%d", finding->place.client);
	digest_field(ucm_rules[finding->rule].id, field[RULE]);
	digest_field(client, field[CLIENT]);
	digest_field(finding->place.object, field[OBJECT]);
	digest_field(finding->place.key, field[KEY]);
	digest_field(value, field[VALUE]);
	ucm_sha256(field, sizeof(field), digest);
	ucm_hex(digest, SHA256_SIZE / 2, out);
}
