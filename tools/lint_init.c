/*
 * --init: writes a commented configuration file.
 */
#include "config.h"

#include "tools/lint_init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/lint_config.h"
#include "tools/lint_run.h"

#define WIDTH 98 /* of remarks */

static const char head[] =
    "# Configuration of policy-lint; policy-lint.conf(5) tells more.\n"
    "#\n"
    "# Every setting is here as a remark, with its default, or with an example where the text\n"
    "# above it says what holds by default. Remove the # of those that you change. An option of\n"
    "# the command line goes before its setting here; names of files that are read count from the\n"
    "# folder of this file.\n"
    "\n"
    "[policy-lint]\n";

static const char suppressions[] = "\n"
				   "# Findings that are known and accepted for a time. There may "
				   "be any number of these sections,\n"
				   "# each with a name of its own.\n"
				   "#[suppress old relay]\n";

/* A paragraph of remarks, broken between words. */
static void write_remark(const char *text, FILE *out)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (column + 1 + length > WIDTH)
			column = 0;
		if (!column)
			fputs("\n#", out);
		fprintf(out, " %.*s", (int)length, text);
		column += 1 + length;
		text += length + (text[length] == ' ');
	}
}

static void write_setting(const struct ucm_lint_setting *setting, FILE *out)
{
	write_remark(setting->remark.text, out);
	fprintf(out, "\n#%s = %s\n", setting->name, setting->remark.value);
}

static int write_all(FILE *out)
{
	struct ucm_lint_setting setting;

	fputs(head, out);
	for (size_t i = 0; ucm_lint_options_setting(i, &setting); i++)
		write_setting(&setting, out);
	fputs(suppressions, out);
	for (size_t i = 0; ucm_lint_config_setting(i, &setting); i++)
		write_setting(&setting, out);
	return fflush(out) != 0 || ferror(out) ? -1 : 0;
}

static int cannot_write(const char *what)
{
	char text[128];
	struct ucm_error error;

	ucm_error_clear(&error);
	ucm_fail(&error, UCM_CLASS_IO, "cannot write %s: %s", what,
	    ucm_errno_text(errno, text, sizeof text));
	ucm_lint_complain(error.text);
	return UCM_LINT_INCOMPLETE;
}

static int is_there(const char *file)
{
	struct ucm_error error;

	ucm_error_clear(&error);
	ucm_fail(&error, UCM_CLASS_USAGE,
	    "%s is there already, and is left as it is: name another file, or - for standard "
	    "output",
	    file);
	ucm_lint_complain(error.text);
	return UCM_LINT_USAGE;
}

/* A file that is there is somebody's work: it is never opened. */
static int write_new(const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return errno == EEXIST ? is_there(file) : cannot_write(file);
	FILE *out = fdopen(fd, "w");
	int broken = !out || write_all(out);
	int saved = errno;
	if ((out ? fclose(out) : close(fd)) != 0 && !broken) {
		broken = 1;
		saved = errno;
	}
	if (!broken)
		return UCM_LINT_CLEAN;
	unlink(file);
	errno = saved;
	return cannot_write(file);
}

int ucm_lint_init(const struct ucm_lint_options *options)
{
	const char *file = options->input_count ? options->inputs[0] : UCM_CONFIG_NAME;

	if (options->input_count > 1) {
		ucm_lint_complain("--init writes one file");
		return UCM_LINT_USAGE;
	}
	if (!strcmp(file, "-"))
		return write_all(stdout) ? cannot_write("to standard output") : UCM_LINT_CLEAN;
	int code = write_new(file);
	if (code == UCM_LINT_CLEAN && !options->quiet)
		fprintf(stderr, "policy-lint: wrote %s, which changes nothing until you edit it\n",
		    file);
	return code;
}
