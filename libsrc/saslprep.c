/*
 * SASLprep: maps, and refuses what may not be in a user name or password.
 */
#include "config.h"

#include <string.h>

#include "libsrc/saslprep.h"
#include "policy/text.h"

static enum ucm_prep_class class_of(uint32_t code)
{
	const unsigned char *at = ucm_saslprep_table, *end = at + ucm_saslprep_table_size;
	uint32_t next = 0;

	while (at < end) {
		unsigned row = *at++, length = row >> UCM_PREP_CLASS_BITS;

		if (!length) {
			length = (unsigned)at[0] << 8 | at[1];
			at += 2;
		}
		next += length;
		if (code < next)
			return (enum ucm_prep_class)(row & ((1U << UCM_PREP_CLASS_BITS) - 1));
	}
	return UCM_PREP_PROHIBITED;
}

struct directions { /* RFC 3454 section 6 */
	int left, right, first_right, last_right;
};

static int refuse(struct ucm_error *error, const char *what, const char *why)
{
	return ucm_fail(error, UCM_CLASS_POLICY, "%s %s", what, why);
}

static int judge(
    const char *what, uint32_t code, enum ucm_prep_class class, int strict, struct ucm_error *error)
{
	if (class == UCM_PREP_PROHIBITED)
		return ucm_fail(error, UCM_CLASS_POLICY, "%s holds U+%04X, which RFC 4013 forbids",
		    what, (unsigned)code);
	if (strict && class == UCM_PREP_UNASSIGNED)
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "%s holds U+%04X, which RFC 4013 does not know: SCRAM cannot use it", what,
		    (unsigned)code);
	if (strict && class == UCM_PREP_UNSTABLE)
		return ucm_fail(error, UCM_CLASS_POLICY,
		    "%s holds U+%04X, which servers store in another form: write its normal form "
		    "(NFKC)",
		    what, (unsigned)code);
	return 0;
}

static void note(struct directions *directions, enum ucm_prep_class class, int is_first)
{
	directions->left |= class == UCM_PREP_LEFT;
	directions->right |= class == UCM_PREP_RIGHT;
	directions->last_right = class == UCM_PREP_RIGHT;
	if (is_first)
		directions->first_right = directions->last_right;
}

static int judge_directions(
    const char *what, const struct directions *directions, struct ucm_error *error)
{
	if (!directions->right ||
	    (!directions->left && directions->first_right && directions->last_right))
		return 0;
	return refuse(error, what, "mixes directions of writing as RFC 4013 forbids");
}

/* Both uses: out NULL for a check alone. */
static long prepare(
    const char *what, const char *text, size_t length, char *out, struct ucm_error *error)
{
	struct directions directions = {0};
	size_t used = 0;

	for (size_t at = 0, step; at < length; at += step) {
		enum ucm_prep_class class;
		uint32_t code;

		step = ucm_utf8_sequence(text + at, length - at);
		if (!step)
			return refuse(error, what, "is not UTF-8, or holds a NUL");
		code = ucm_utf8_code(text + at, step);
		class = class_of(code);
		if (judge(what, code, class, out != NULL, error))
			return -1;
		if (!out || class == UCM_PREP_NOTHING)
			continue;
		note(&directions, class, !used);
		if (class == UCM_PREP_SPACE) {
			out[used++] = ' ';
			continue;
		}
		memcpy(out + used, text + at, step);
		used += step;
	}
	if (out ? !used : !length)
		return refuse(error, what, "is empty");
	return judge_directions(what, &directions, error) ? -1 : (long)used;
}

long ucm_saslprep(
    const char *what, const char *text, size_t length, char *out, struct ucm_error *error)
{
	return prepare(what, text, length, out, error);
}

int ucm_saslprep_check(const char *what, const char *text, size_t length, struct ucm_error *error)
{
	return prepare(what, text, length, NULL, error) < 0 ? -1 : 0;
}
