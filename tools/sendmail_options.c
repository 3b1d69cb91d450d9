/*
 * The command line of a sendmail.
 */
#include "config.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "tools/sendmail.h"

/* All letters that a sendmail knows, so that an argument is never taken for a recipient. */
#define LETTERS "A:B:b:C:cD:d::e:F:f:Gh:IiL:M:mN:nO:o:p:q::R:r:sTtUV:vX:x"

static int refuse_mode(const char *mode, struct ucm_error *error)
{
	static const struct {
		const char *mode, *reason;
	} modes[] = {
	    {"s", "-bs: SMTP on standard input is not spoken; give the message itself"},
	    {"d", "-bd: this is no server"},
	    {"D", "-bD: this is no server"},
	    {"p",
		"-bp: there is no queue; a message is sent at once, or the exit code says that it "
		"was not"},
	    {"i", "-bi: there are no aliases to be built"},
	    {"v", "-bv: addresses are not verified; see ucmail check -t"},
	};

	if (strcmp(mode, "m") == 0)
		return 0;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(mode, modes[i].mode) == 0)
			return ucm_fail(error, UCM_CLASS_USAGE, "%s", modes[i].reason);
	return ucm_fail(error, UCM_CLASS_USAGE, "-b%s: only -bm is done here", mode);
}

static int take(
    struct ucm_sendmail_options *options, int letter, const char *value, struct ucm_error *error)
{
	switch (letter) {
	case 'b':
		return refuse_mode(value, error);
	case 'I':
		return refuse_mode("i", error);
	case 'q':
		return ucm_fail(error, UCM_CLASS_USAGE, "-q: there is no queue to be run");
	case 't':
		options->from_header = 1;
		break;
	case 'i':
		options->dots = 1;
		break;
	case 'o':
		options->dots |= strcmp(value, "i") == 0;
		break;
	case 'v':
		options->verbose = 1;
		break;
	case 'f':
	case 'r':
		options->sender = value;
		break;
	case 'F':
		options->name = value;
		break;
	case 'N':
		options->dsn = value;
		break;
	case 'V':
		options->envelope_id = value;
		break;
	case ':':
		return ucm_fail(error, UCM_CLASS_USAGE, "-%c: its argument is missing", optopt);
	default: /* known to others, or to nobody: ignored, as a sendmail does */
		break;
	}
	return 0;
}

/* What a sendmail does under its other names. */
static int check_name(const char *program, struct ucm_error *error)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;

	if (strcmp(name, "mailq") == 0)
		return refuse_mode("p", error);
	if (strcmp(name, "newaliases") == 0)
		return refuse_mode("i", error);
	return 0;
}

int ucm_sendmail_parse(
    int argc, char **argv, struct ucm_sendmail_options *ret, struct ucm_error *error)
{
	static const struct option none = {.name = NULL};
	int letter;

	memset(ret, 0, sizeof *ret);
	if (argc < 1)
		return ucm_fail(error, UCM_CLASS_USAGE, "no command line");
	if (check_name(argv[0], error))
		return -1;
	ret->help = argc == 2 && strcmp(argv[1], "--help") == 0;
	ret->version = argc == 2 && strcmp(argv[1], "--version") == 0;
	if (ret->help || ret->version)
		return 0;
	opterr = 0;
	optind = 1;
	/* Of the two, only this one goes on behind the recipients in every C library. */
	while ((letter = getopt_long(argc, argv, ":" LETTERS, &none, NULL)) != -1)
		if (take(ret, letter, optarg, error))
			return -1;
	ret->recipient = argv + optind;
	ret->recipient_count = argc - optind;
	return 0;
}
