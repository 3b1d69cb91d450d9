/*
 * Verifying evidence: the same run again, into a temporary folder, and a comparison.
 */
#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lint_evidence.h"
#include "tools/lint_file.h"
#include "tools/report_escape.h"

#define PART_BYTES_MAX (512UL * 1024 * 1024)
#define ARGUMENTS_MAX 100000

static const char *join(struct ucm_arena *arena, const char *folder, const char *name)
{
	return ucm_arena_format(arena, "%s/%s", folder, name);
}

/* The recorded arguments as a vector for the option reader; NULL with an error. */
static char **read_arguments(
    struct ucm_arena *arena, const char *folder, int *count, struct ucm_error *error)
{
	const char *file = join(arena, folder, "arguments");
	char *text, **list = ucm_arena_array(arena, ARGUMENTS_MAX + 2, sizeof *list);

	*count = 0;
	if (!file || !list) {
		ucm_fail(error, UCM_CLASS_INPUT, "out of memory");
		return NULL;
	}
	long size = ucm_file_read(arena, file, PART_BYTES_MAX, UCM_CLASS_INPUT, &text, error);
	if (size == UCM_FILE_MISSING) {
		ucm_error_clear(error);
		ucm_fail(error, UCM_CLASS_INPUT, "%s is no folder that --evidence wrote", folder);
	}
	if (size < 0)
		return NULL;
	list[(*count)++] = ucm_arena_string(arena, UCM_TOOL_NAME);
	while (*text && *count < ARGUMENTS_MAX) {
		size_t length = strcspn(text, "\n");

		list[(*count)++] = text;
		text += length + (text[length] == '\n');
		text[-1] = '\0';
	}
	return list;
}

/* What a stored part is against the one that was made now, in a word; NULL: the same. */
static const char *compare_part(struct ucm_arena *arena, const char *stored, const char *made)
{
	struct ucm_error error;
	char *left, *right;

	ucm_error_clear(&error);
	long size = ucm_file_read(arena, stored, PART_BYTES_MAX, UCM_CLASS_INPUT, &left, &error);
	long wanted = ucm_file_read(arena, made, PART_BYTES_MAX, UCM_CLASS_INPUT, &right, &error);
	if (size == UCM_FILE_MISSING)
		return wanted == UCM_FILE_MISSING ? NULL : "missing";
	if (wanted == UCM_FILE_MISSING)
		return "should not be there";
	if (size < 0 || wanted < 0)
		return "cannot be read";
	if (size != wanted)
		return "differs";
	return memcmp(left, right, (size_t)size) ? "differs" : NULL;
}

static int is_part(const char *name)
{
	for (const struct ucm_evidence_part *part = ucm_evidence_parts; part->name; part++)
		if (!strcmp(part->name, name))
			return 1;
	return !strcmp(name, UCM_EVIDENCE_MANIFEST);
}

static int tell(const char *name, const char *what)
{
	ucm_put_plain(stdout, name);
	printf(": %s\n", what);
	return 1;
}

/* Files that nobody knows of do not belong to the evidence. */
static int tell_strangers(const char *folder)
{
	DIR *stream = opendir(folder);
	int found = 0;

	if (!stream)
		return 0;
	for (struct dirent *entry; (entry = readdir(stream));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !is_part(entry->d_name))
			found |= tell(entry->d_name, "is no part of the evidence");
	closedir(stream);
	return found;
}

static int compare_folders(struct ucm_arena *arena, const char *stored, const char *made)
{
	int differs = 0;
	const char *what;

	for (const struct ucm_evidence_part *part = ucm_evidence_parts; part->name; part++) {
		what = compare_part(
		    arena, join(arena, stored, part->name), join(arena, made, part->name));
		if (what)
			differs |= tell(part->name, what);
	}
	what = compare_part(arena, join(arena, stored, UCM_EVIDENCE_MANIFEST),
	    join(arena, made, UCM_EVIDENCE_MANIFEST));
	if (what)
		differs |= tell(UCM_EVIDENCE_MANIFEST, what);
	return differs | tell_strangers(stored);
}

static void remove_folder(struct ucm_arena *arena, const char *folder)
{
	for (const struct ucm_evidence_part *part = ucm_evidence_parts; part->name; part++)
		unlink(join(arena, folder, part->name));
	unlink(join(arena, folder, UCM_EVIDENCE_MANIFEST));
	rmdir(folder);
}

/* Runs the recorded arguments again, into the folder. 0, or the exit code of what went wrong. */
static int run_again(struct ucm_arena *arena, const char *evidence, const char *folder)
{
	struct ucm_lint_options *options = ucm_arena_alloc(arena, sizeof *options);
	struct ucm_error error;
	int count;

	ucm_error_clear(&error);
	char **list = read_arguments(arena, evidence, &count, &error);
	if (!options || !list) {
		ucm_lint_complain(error.text);
		return UCM_LINT_INCOMPLETE;
	}
	ucm_lint_options_init(options, arena);
	if (ucm_lint_options_read(options, count, list, &error)) {
		ucm_lint_complain(error.text);
		return UCM_LINT_USAGE;
	}
	/* Never recorded: whoever wrote it in wants a file of ours overwritten. */
	if (options->write_baseline) {
		ucm_lint_complain(
		    "the evidence wants a baseline to be written: no run recorded that");
		return UCM_LINT_USAGE;
	}
	options->evidence = folder;
	options->mute = 1;
	int code = ucm_lint_run(options);
	return code == UCM_LINT_USAGE ? code : 0;
}

int ucm_evidence_verify(const char *folder, struct ucm_arena *arena)
{
	char *made = ucm_file_temporary(arena);

	if (!made || !mkdtemp(made)) {
		ucm_lint_complain("cannot make a temporary folder");
		return UCM_LINT_INCOMPLETE;
	}
	int code = run_again(arena, folder, made);
	if (!code)
		code = compare_folders(arena, folder, made) ? UCM_LINT_FINDINGS : UCM_LINT_CLEAN;
	if (!arena->failed)
		remove_folder(arena, made);
	if (code == UCM_LINT_CLEAN)
		puts("the evidence is what the inputs give");
	return code;
}
