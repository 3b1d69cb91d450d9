/*
 * Findings of group 0, with their strings kept in the system's arena.
 */
#include "config.h"

#include "xml/reason.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/limits.h"

/* Words of our own: the C library's depend on the locale. */
static const struct {
	int code;
	const char *text;
} reasons[] = {
    {EACCES, "permission denied"},
    {EPERM, "not permitted"},
    {ENOENT, "no such file or folder"},
    {ENOTDIR, "not a folder"},
    {EISDIR, "is a folder"},
    {ELOOP, "too many links"},
    {ENAMETOOLONG, "the name is too long"},
    {EIO, "input or output error"},
    {EMFILE, "too many open files"},
    {ENFILE, "too many open files in the system"},
    {ENOMEM, "out of memory"},
    {ENXIO, "no such device"},
    {ESTALE, "the file is gone from its server"},
    {EBADF, "not open for reading"},
};

void ucm_reason_errno(char *out, size_t size, int code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == code) {
			(void)snprintf(out, size, "%s", reasons[i].text);
			return;
		}
	(void)snprintf(out, size, "error %d", code);
}

void ucm_reason_clean(char *text)
{
	for (; *text != '\0' && *text != '\n' && *text != '\r'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			*text = '?';
	*text = '\0';
}

static const char *copy(struct ucm_system *system, const char *text)
{
	return text == NULL ? NULL : ucm_arena_string(&system->arena, text);
}

int ucm_reason_add_at(struct ucm_system *system, enum ucm_rule rule, const struct ucm_place *place,
    int demoted, const char *reason)
{
	struct ucm_finding finding;

	memset(&finding, 0, sizeof(finding));
	finding.rule = rule;
	finding.place = *place;
	finding.place.object = copy(system, place->object);
	finding.place.key = copy(system, place->key);
	finding.place.file = copy(system, place->file);
	finding.place.excerpt = copy(system, place->excerpt);
	finding.related.client = UCM_CLIENT_UNKNOWN;
	finding.argument[0] = copy(system, reason);
	finding.demoted = demoted;
	if (system->arena.failed)
		return -1;
	return ucm_findings_add(&system->findings, &finding);
}

int ucm_reason_add(struct ucm_system *system, enum ucm_rule rule, const char *file, int demoted,
    const char *reason)
{
	struct ucm_place place;

	memset(&place, 0, sizeof(place));
	place.client = UCM_CLIENT_UNKNOWN;
	place.file = file;
	return ucm_reason_add_at(system, rule, &place, demoted, reason);
}
