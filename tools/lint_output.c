/*
 * Where reports go: standard output and files, with or without colour.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/lint_file.h"
#include "tools/lint_run.h"
#include "tools/lint_select.h"
#include "tools/report_escape.h"

#define WIDTH_DEFAULT 100 /* of what is no terminal: fixed, so that bytes do not depend on it */
#define WIDTH_MAX 1000

void ucm_lint_complain(const char *text)
{
	fputs(UCM_TOOL_NAME ": ", stderr);
	ucm_put_plain(stderr, text);
	fputc('\n', stderr);
}

static int is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* The option wins, then FORCE_COLOR, then NO_COLOR, then what the stream is. */
static int wants_color(const struct ucm_lint_options *options, int terminal)
{
	const char *term = getenv("TERM"), *force = getenv("FORCE_COLOR");

	if (options->color != UCM_AUTO)
		return options->color == UCM_ALWAYS;
	if (force && *force)
		return strcmp(force, "0") != 0;
	if (is_set("NO_COLOR"))
		return 0;
	return terminal && term && strcmp(term, "dumb") != 0;
}

static unsigned terminal_width(int terminal)
{
	struct winsize size;
	unsigned long columns;
	const char *text = getenv("COLUMNS");

	if (!terminal)
		return WIDTH_DEFAULT;
	if (text && ucm_select_number(text, 20, WIDTH_MAX, &columns) == 0)
		return (unsigned)columns;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

struct writing {
	const struct ucm_report_format *format;
	const struct ucm_report *report;
	struct ucm_report_style style;
};

static int write_report(void *arg, FILE *out)
{
	const struct writing *writing = arg;

	return writing->format->write(writing->report, &writing->style, out);
}

static int write_stdout(const struct ucm_lint_options *options, const struct ucm_report *report,
    const struct ucm_report_format *format)
{
	int terminal = isatty(STDOUT_FILENO);
	struct writing writing = {format, report,
	    {wants_color(options, terminal), terminal_width(terminal), options->quiet}};

	int failed = write_report(&writing, stdout);
	failed |= fflush(stdout) != 0 || ferror(stdout);
	if (failed)
		ucm_lint_complain("cannot write the report to standard output");
	return failed ? -1 : 0;
}

static int write_file(const struct ucm_lint_options *options, const struct ucm_report *report,
    const struct ucm_report_format *format, const char *file)
{
	struct ucm_error error;
	struct writing writing = {
	    format, report, {options->color == UCM_ALWAYS, WIDTH_DEFAULT, options->quiet}};

	ucm_error_clear(&error);
	if (ucm_file_write(file, write_report, &writing, &error) == 0)
		return 0;
	ucm_lint_complain(error.text);
	return -1;
}

/* The format of an output that names none: --format, else what the file's name ends in. */
static const struct ucm_report_format *format_of(
    const struct ucm_lint_options *options, const struct ucm_lint_output *output)
{
	size_t length = strlen(output->file);

	if (output->format)
		return output->format;
	if (options->format)
		return options->format;
	for (const struct ucm_report_format *format = ucm_report_formats; format->name; format++) {
		size_t suffix = strlen(format->suffix);

		if (length > suffix && !strcmp(output->file + length - suffix, format->suffix))
			return format;
	}
	return ucm_report_formats;
}

/* Without --output, and where --format is not what an output is in, the report goes to standard
 * output. */
static const struct ucm_report_format *stdout_format(const struct ucm_lint_options *options)
{
	if (!options->output_count)
		return options->format ? options->format : ucm_report_formats;
	for (size_t i = 0; i < options->output_count; i++)
		if (!options->output[i].format)
			return NULL;
	return options->format;
}

int ucm_lint_wants_matrix(const struct ucm_lint_options *options)
{
	const struct ucm_report_format *format = stdout_format(options);

	if (options->matrix || (format && format->needs_matrix))
		return 1;
	for (size_t i = 0; i < options->output_count; i++)
		if (format_of(options, &options->output[i])->needs_matrix)
			return 1;
	return 0;
}

int ucm_lint_write(const struct ucm_lint_options *options, const struct ucm_report *report)
{
	const struct ucm_report_format *format = stdout_format(options);
	int failed = 0;

	for (size_t i = 0; i < options->output_count; i++) {
		const struct ucm_lint_output *output = &options->output[i];

		if (!strcmp(output->file, "-"))
			failed |= write_stdout(options, report, format_of(options, output));
		else
			failed |=
			    write_file(options, report, format_of(options, output), output->file);
	}
	if (format)
		failed |= write_stdout(options, report, format);
	return failed ? -1 : 0;
}
