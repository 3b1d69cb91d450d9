/*
 * Loads a system from its inputs.
 */
#include "config.h"

#include "xml/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "xml/inside.h"
#include "xml/input.h"
#include "xml/reason.h"
#include "xml/walk.h"
#include "xml/workers.h"

struct loader {
	struct ucm_system *system;
	const struct ucm_load_options *options;
	struct ucm_workers *workers; /* NULL: files are read by this thread */
};

static void report_progress(const struct loader *loader)
{
	const struct ucm_load_options *options = loader->options;

	if (options->progress != NULL)
		options->progress(
		    options->progress_arg, loader->system->files, loader->system->bytes);
}

static void report_loaded(const struct loader *loader, const char *path)
{
	if (loader->options->loaded != NULL)
		loader->options->loaded(loader->options->loaded_arg, path, loader->system);
}

static int on_file(void *arg, const char *path, const char *root)
{
	struct loader *loader = arg;
	const struct ucm_input input = {path, root};
	int result;

	if (loader->workers != NULL)
		return ucm_workers_read(loader->workers, &input);
	result = ucm_input_read(loader->system, &input, loader->options);
	report_progress(loader);
	report_loaded(loader, path);
	return result;
}

static int on_fault(void *arg, const char *path, const char *reason)
{
	struct loader *loader = arg;

	return ucm_reason_add(loader->system, UCM006, path, 0, reason);
}

static int load_stdin(struct loader *loader)
{
	const int result = ucm_input_read_stdin(loader->system, loader->options);

	report_loaded(
	    loader, loader->options->stdin_name != NULL ? loader->options->stdin_name : "<stdin>");
	return result;
}

static int load_input(struct loader *loader, const char *path)
{
	const struct ucm_walker walker = {on_file, on_fault, loader};
	char why[UCM_WHY_MAX];
	struct stat status;

	if (strcmp(path, "-") == 0)
		return load_stdin(loader);
	if (stat(path, &status) != 0) {
		ucm_reason_errno(why, sizeof(why), errno);
		return on_fault(loader, path, why);
	}
	if (S_ISDIR(status.st_mode))
		return ucm_walk(path, &walker, loader->system->arena.allocator);
	return on_file(loader, path, NULL);
}

static int by_bytes(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* A folder that is named wrongly must not seem empty. */
static int check_payloads(struct loader *loader, const char *folder)
{
	char why[UCM_WHY_MAX];
	struct stat status;

	if (stat(folder, &status) != 0) {
		ucm_reason_errno(why, sizeof(why), errno);
		return on_fault(loader, folder, why);
	}
	return S_ISDIR(status.st_mode) ? 0 : on_fault(loader, folder, "not a folder");
}

/* Sorted, so that their order does not matter, and each name once. */
static int load_each(struct loader *loader, const char **sorted, size_t count)
{
	qsort(sorted, count, sizeof(*sorted), by_bytes);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(sorted[i - 1], sorted[i]) != 0)
			if (load_input(loader, sorted[i]) < 0)
				return -1;
	return 0;
}

static int load_sorted(struct loader *loader, const char **sorted, size_t count)
{
	const char *payloads = loader->options->payloads;
	int result;

	if (payloads != NULL && check_payloads(loader, payloads) < 0)
		return -1;
	loader->workers =
	    ucm_workers_start(loader->system, loader->options->workers, loader->options);
	result = load_each(loader, sorted, count);
	if (loader->workers != NULL && ucm_workers_end(loader->workers) < 0)
		result = -1;
	return result;
}

int ucm_load(struct ucm_system *system, const char *const *inputs, size_t count,
    const struct ucm_load_options *options, struct ucm_error *error)
{
	struct loader loader = {system, options, NULL};
	const char **sorted;
	int result;

	sorted = count > SIZE_MAX / sizeof(*sorted)
		     ? NULL
		     : ucm_resize(system->arena.allocator, NULL, (count + 1) * sizeof(*sorted));
	if (sorted == NULL)
		return ucm_out_of_memory(error);
	if (count > 0)
		memcpy(sorted, inputs, count * sizeof(*sorted));
	result = load_sorted(&loader, sorted, count);
	(void)ucm_resize(system->arena.allocator, sorted, 0);
	if (result < 0 || ucm_system_finish(system) < 0)
		return ucm_out_of_memory(error);
	ucm_findings_sort(&system->findings);
	return 0;
}
