/*
 * Writing evidence.
 */
#include "config.h"

#include "tools/lint_evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/text.h"
#include "tools/lint_file.h"
#include "tools/lint_rules.h"

/* ---- Digests ------------------------------------------------------------------------------ */

static long read_piece(void *arg, void *room, size_t size)
{
	const int *fd = arg;

	return ucm_file_read_some(*fd, room, size);
}

/* Hex SHA-256 of a file, "" where it is none. 0, or -1 where it cannot be read to its end. */
static int digest_file(const char *file, char hex[65])
{
	unsigned char digest[32];
	struct stat status;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), failed = 0;

	*hex = '\0';
	if (fd < 0)
		return 0;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		failed = ucm_sha256_stream(read_piece, &fd, digest);
		if (!failed)
			ucm_hex(digest, sizeof digest, hex);
	}
	close(fd);
	return failed;
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* All files that were read, sorted, each once. */
static const char **list_files(const struct ucm_lint_run *run, size_t *count)
{
	const struct ucm_store *store;
	const struct ucm_resource *one;
	size_t room = run->inputs.count + 1, kept = 0;

	*count = 0;
	for (store = run->system.stores; store; store = store->next)
		for (one = store->resources; one; one = one->next)
			room++;
	const char **list = ucm_arena_array(run->arena, room, sizeof *list);
	if (!list)
		return NULL;
	for (size_t i = 0; i < run->inputs.count; i++)
		list[(*count)++] = run->inputs.input[i].file;
	for (store = run->system.stores; store; store = store->next)
		for (one = store->resources; one; one = one->next)
			if (one->payload_file)
				list[(*count)++] = one->payload_file;
	qsort(list, *count, sizeof *list, compare_texts);
	for (size_t i = 0; i < *count; i++)
		if (!kept || strcmp(list[kept - 1], list[i]) != 0)
			list[kept++] = list[i];
	*count = kept;
	return list;
}

/* What lies in an archive has no file of its own: the archive's digest stands for it. */
static int put_inputs(void *arg, FILE *out)
{
	size_t count;
	const char **list = list_files(arg, &count);
	char hex[65];

	for (size_t i = 0; list && i < count; i++) {
		if (digest_file(list[i], hex))
			return -1;
		if (*hex)
			fprintf(out, "%s  %s\n", hex, list[i]);
	}
	return list ? 0 : -1;
}

/* ---- Files -------------------------------------------------------------------------------- */

static int put_arguments(void *arg, FILE *out)
{
	const struct ucm_lint_run *run = arg;
	const struct ucm_lint_options *options = run->options;
	char at[21];

	for (size_t i = 0; i < options->recorded_count; i++)
		fprintf(out, "%s\n", options->recorded[i]);
	ucm_time_format(options->at, at);
	if (!options->at_given)
		fprintf(out, "--at=%s\n", at);
	if (run->config.file && !options->config)
		fprintf(out, "--config=%s\n", run->config.file);
	fputs("--\n", out);
	for (size_t i = 0; i < options->input_count; i++)
		fprintf(out, "%s\n", options->inputs[i]);
	return 0;
}

static int put_tool(void *arg, FILE *out)
{
	(void)arg;
	fprintf(out, "%s %s\n", UCM_TOOL_NAME, PACKAGE_VERSION);
	return 0;
}

static int put_config(void *arg, FILE *out)
{
	const struct ucm_lint_run *run = arg;

	fputs(run->config.text, out);
	return 0;
}

static int put_rules(void *arg, FILE *out)
{
	(void)arg;
	return ucm_rules_list(1, out);
}

/* The report as it is kept: with all that does not count, with the matrix, and of one moment. */
static int put_report(const struct ucm_lint_run *run, const char *format, FILE *out)
{
	struct ucm_report report = run->report;
	const struct ucm_report_style style = {0, 100, 0};

	report.show_hidden = 1;
	report.matrix_asked = 1;
	report.at_given = 1;
	return ucm_report_format_find(format)->write(&report, &style, out);
}

static int put_json(void *arg, FILE *out)
{
	return put_report(arg, "json", out);
}

static int put_csv(void *arg, FILE *out)
{
	return put_report(arg, "csv", out);
}

static int put_junit(void *arg, FILE *out)
{
	return put_report(arg, "junit", out);
}

const struct ucm_evidence_part ucm_evidence_parts[] = {
    {"arguments", put_arguments},
    {"cases.xml", put_junit},
    {"inputs.sha256", put_inputs},
    {"matrix.csv", put_csv},
    {"policy-lint.conf", put_config},
    {"report.json", put_json},
    {"rules.json", put_rules},
    {"tool", put_tool},
    {NULL, NULL},
};

struct manifest {
	const char *folder;
	struct ucm_arena *arena;
};

static int put_manifest(void *arg, FILE *out)
{
	const struct manifest *manifest = arg;
	char hex[65];

	for (const struct ucm_evidence_part *part = ucm_evidence_parts; part->name; part++) {
		const char *file =
		    ucm_arena_format(manifest->arena, "%s/%s", manifest->folder, part->name);

		if (!file)
			return -1;
		if (digest_file(file, hex) == 0)
			fprintf(out, "%s  %s\n", hex, part->name);
	}
	return 0;
}

/* ---- The folder --------------------------------------------------------------------------- */

static int is_empty(const char *folder)
{
	DIR *stream = opendir(folder);
	int empty = 1;

	if (!stream)
		return 0;
	for (struct dirent *entry; (entry = readdir(stream));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = 0;
	closedir(stream);
	return empty;
}

/* Evidence is lines of names: a name that holds a line break has no place in it. */
int ucm_evidence_check(const struct ucm_lint_options *options, struct ucm_error *error)
{
	if (!options->evidence)
		return 0;
	if (options->probe)
		return ucm_fail(error, UCM_CLASS_USAGE,
		    "--probe asks servers: their answers cannot be computed again");
	for (size_t i = 0; i < options->input_count; i++) {
		if (!strcmp(options->inputs[i], "-"))
			return ucm_fail(error, UCM_CLASS_USAGE,
			    "standard input leaves no evidence: name a file instead");
		if (strpbrk(options->inputs[i], "\r\n"))
			return ucm_fail(
			    error, UCM_CLASS_USAGE, "an input's name holds a line break");
	}
	for (size_t i = 0; i < options->recorded_count; i++)
		if (strpbrk(options->recorded[i], "\r\n"))
			return ucm_fail(error, UCM_CLASS_USAGE, "an option holds a line break");
	return 0;
}

static int cannot_make(const char *folder, struct ucm_error *error)
{
	char text[128];

	return ucm_fail(error, UCM_CLASS_USAGE, "the folder %s cannot be made: %s", folder,
	    ucm_errno_text(errno, text, sizeof text));
}

int ucm_evidence_write(struct ucm_lint_run *run, const char *folder, struct ucm_error *error)
{
	struct manifest manifest = {folder, run->arena};

	if (mkdir(folder, 0777) && errno != EEXIST)
		return cannot_make(folder, error);
	if (!is_empty(folder))
		return ucm_fail(
		    error, UCM_CLASS_USAGE, "%s must be a new or an empty folder", folder);
	for (const struct ucm_evidence_part *part = ucm_evidence_parts; part->name; part++) {
		const char *file = ucm_arena_format(run->arena, "%s/%s", folder, part->name);

		if (part->put == put_config && !run->config.file)
			continue;
		if (!file || ucm_file_write(file, part->put, run, error))
			return ucm_out_of_memory(error);
	}
	const char *file = ucm_arena_format(run->arena, "%s/%s", folder, UCM_EVIDENCE_MANIFEST);
	if (!file)
		return ucm_out_of_memory(error);
	return ucm_file_write(file, put_manifest, &manifest, error);
}
