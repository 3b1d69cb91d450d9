/*
 * Finds SEND_MAIL calls: one pass over lines and tokens, a bounded stack of open parentheses.
 */
#include "config.h"

#include <string.h>

#include "policy/limits.h"
#include "policy/text.h"
#include "xml/script.h"

#define DEPTH_MAX 64 /* parentheses in parentheses; deeper calls are passed over */
#define NAME "SEND_MAIL"

/* Places of the arguments that matter, from 1. */
enum { ARGUMENT_SUBJECT = 3, ARGUMENT_ATTACHMENT = 5, ARGUMENT_SERVER = 8 };

enum shape { ABSENT, LITERAL, COMPUTED };

struct argument {
	enum shape shape;
	const char *from, *to; /* of a literal, quotes aside */
	char quote; /* 0: a bare word */
	unsigned line, column;
};

/* An open parenthesis. */
struct frame {
	int is_call;
	const char *name; /* of a call */
	unsigned line, column;
	unsigned number; /* of the argument that is being read */
	struct argument now, subject, attachment, server;
};

struct scanner {
	const char *at, *end;
	const char *counted; /* up to here `column` is known */
	unsigned line, column;
	int continued; /* the line ended in '_' */
	unsigned depth; /* may exceed DEPTH_MAX */
	unsigned open_calls;
	struct frame frame[DEPTH_MAX];
	int (*found)(const struct ucm_script_call *call, void *arg);
	void *arg;
	int result;
};

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || c == '#' || c == '@' || c == '.' || (unsigned char)c >= 0x80;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

static const char *skip_word(const char *at, const char *end)
{
	while (at < end && is_word(*at))
		at++;
	return at;
}

static int at_line_end(const char *at, const char *end)
{
	at = skip_blanks(at, end);
	return at == end || *at == '\n';
}

/* Column of `at`, which never lies before an earlier one of the line. */
static unsigned column_of(struct scanner *scanner, const char *at)
{
	for (; scanner->counted < at; scanner->counted++)
		if (((unsigned char)*scanner->counted & 0xC0) != 0x80)
			scanner->column++;
	return scanner->column + 1;
}

/* ---- Arguments ----------------------------------------------------------------------------- */

/* The innermost open parenthesis, NULL where there is none or it lies too deep. */
static struct frame *innermost(struct scanner *scanner)
{
	if (!scanner->depth || scanner->depth > DEPTH_MAX)
		return NULL;
	return &scanner->frame[scanner->depth - 1];
}

/* Notes a part of the current argument: the first part may be a literal, a second one never. */
static void add_part(struct scanner *scanner, const char *start, enum shape shape)
{
	struct frame *frame = innermost(scanner);

	if (!frame || !frame->is_call)
		return;
	if (frame->now.shape == ABSENT) {
		frame->now.line = scanner->line;
		frame->now.column = column_of(scanner, start);
		frame->now.shape = shape;
	} else {
		frame->now.shape = COMPUTED;
	}
}

static void add_literal(
    struct scanner *scanner, const char *start, const char *from, const char *to, char quote)
{
	struct frame *frame = innermost(scanner);

	add_part(scanner, start, LITERAL);
	if (frame && frame->is_call && frame->now.shape == LITERAL) {
		frame->now.from = from;
		frame->now.to = to;
		frame->now.quote = quote;
	}
}

static void end_argument(struct frame *frame)
{
	switch (frame->number) {
	case ARGUMENT_SUBJECT:
		frame->subject = frame->now;
		break;
	case ARGUMENT_ATTACHMENT:
		frame->attachment = frame->now;
		break;
	case ARGUMENT_SERVER:
		frame->server = frame->now;
		break;
	default:
		break;
	}
	memset(&frame->now, 0, sizeof(frame->now));
	frame->number++;
}

/* Whether a string holds &NAME or {NAME}, which the product replaces. */
static int holds_variable(const char *from, const char *to)
{
	const char *brace = NULL;

	for (; from < to; from++) {
		if (*from == '&' && from + 1 < to && from[1] != '.' && is_word(from[1]))
			return 1;
		if (*from == '{')
			brace = from;
		else if (*from == '}' && brace)
			return 1;
	}
	return 0;
}

/* The literal with doubled quotes made one. */
static struct ucm_script_argument resolve(
    const struct argument *argument, char out[UCM_SCRIPT_ARG_MAX + 1])
{
	struct ucm_script_argument ret = {
	    out, argument->shape == COMPUTED, argument->line, argument->column};
	size_t used = 0;

	if (argument->shape == LITERAL) {
		const char *from = argument->from, *to = argument->to;

		while (from < to) {
			size_t step = ucm_utf8_sequence(from, (size_t)(to - from));

			step += !step; /* a stray byte stands for itself */
			if (used + step > UCM_SCRIPT_ARG_MAX)
				break;
			memcpy(out + used, from, step);
			used += step;
			from += step + (*from == argument->quote);
		}
	}
	out[used] = '\0';
	return ret;
}

static void to_server_name(char *text)
{
	const char *start;
	size_t length = ucm_trim(text, &start);

	for (size_t i = 0; i < length; i++)
		text[i] =
		    (char)(start[i] >= 'a' && start[i] <= 'z' ? start[i] - 'a' + 'A' : start[i]);
	text[length] = '\0';
}

/* ---- Calls --------------------------------------------------------------------------------- */

static void report(struct scanner *scanner, const struct frame *frame)
{
	char subject[UCM_SCRIPT_ARG_MAX + 1], attachment[UCM_SCRIPT_ARG_MAX + 1];
	char server[UCM_SCRIPT_ARG_MAX + 1];
	struct ucm_script_call call = {
	    .line = frame->line, .column = frame->column, .name = frame->name};

	call.subject = resolve(&frame->subject, subject);
	call.attachment = resolve(&frame->attachment, attachment);
	call.server = resolve(&frame->server, server);
	to_server_name(server);
	call.attachment_commas = strchr(attachment, ',') != NULL;
	scanner->result = scanner->found(&call, scanner->arg);
}

static void open_parenthesis(struct scanner *scanner, int is_call, const char *name)
{
	struct frame *frame;
	unsigned column = is_call ? column_of(scanner, name) : 0;

	add_part(scanner, name, COMPUTED);
	if (scanner->depth++ >= DEPTH_MAX)
		return;
	frame = &scanner->frame[scanner->depth - 1];
	memset(frame, 0, sizeof(*frame));
	frame->is_call = is_call;
	frame->name = name;
	frame->number = 1;
	frame->line = scanner->line;
	frame->column = column;
	scanner->open_calls += (unsigned)is_call;
}

static void close_parenthesis(struct scanner *scanner)
{
	struct frame *frame = innermost(scanner);

	if (scanner->depth)
		scanner->depth--;
	if (!frame || !frame->is_call)
		return;
	scanner->open_calls--;
	end_argument(frame);
	report(scanner, frame);
}

/* ---- Tokens -------------------------------------------------------------------------------- */

static void read_string(struct scanner *scanner)
{
	const char *start = scanner->at, *from = start + 1, *to = from;

	while (to < scanner->end && *to != '\n') {
		if (*to != *start) {
			to++;
		} else if (to + 1 < scanner->end && to[1] == *start) {
			to += 2;
		} else {
			scanner->at = to + 1;
			if (holds_variable(from, to))
				add_part(scanner, start, COMPUTED);
			else
				add_literal(scanner, start, from, to, *start);
			return;
		}
	}
	/* It does not end: what it means is not known. */
	scanner->at = to;
	add_part(scanner, start, COMPUTED);
}

static int is_call_at(const char *at, const char *end, const char **behind)
{
	size_t length = sizeof(NAME) - 1;

	if ((size_t)(end - at) < length)
		return 0;
	for (size_t i = 0; i < length; i++)
		if (ucm_lower(at[i]) != ucm_lower(NAME[i]))
			return 0;
	at = skip_blanks(at + length, end);
	if (at == end || *at != '(')
		return 0;
	*behind = at + 1;
	return 1;
}

static void read_word(struct scanner *scanner)
{
	const char *start = scanner->at, *end = skip_word(start, scanner->end);

	if (is_call_at(start, scanner->end, &scanner->at)) {
		open_parenthesis(scanner, 1, start);
		return;
	}
	scanner->at = end;
	if (end - start == 1 && *start == '_' && is_blank(start[-1]) &&
	    at_line_end(end, scanner->end))
		scanner->continued = 1;
	else
		add_literal(scanner, start, start, end, 0);
}

static void read_token(struct scanner *scanner)
{
	const char *start = scanner->at;
	struct frame *frame;

	switch (*start) {
	case '"':
	case '\'':
		read_string(scanner);
		return;
	case '(':
		scanner->at++;
		open_parenthesis(scanner, 0, start);
		return;
	case ')':
		scanner->at++;
		close_parenthesis(scanner);
		return;
	case ',':
		scanner->at++;
		frame = innermost(scanner);
		if (frame && frame->is_call)
			end_argument(frame);
		return;
	case '&':
		scanner->at = skip_word(start + 1, scanner->end);
		add_part(scanner, start, COMPUTED);
		return;
	default:
		break;
	}
	if (is_word(*start)) {
		read_word(scanner);
		return;
	}
	scanner->at++;
	if (!is_blank(*start))
		add_part(scanner, start, COMPUTED);
}

/* ---- Lines --------------------------------------------------------------------------------- */

/* A new statement: what is still open ends here. */
static void end_statement(struct scanner *scanner)
{
	while (scanner->depth && !scanner->result)
		close_parenthesis(scanner);
	scanner->depth = 0;
	scanner->open_calls = 0;
}

/* Whether the line's tokens are to be read; moves to the first one. */
static int begin_line(struct scanner *scanner)
{
	const char *behind;
	int continued = scanner->continued;

	scanner->at = skip_blanks(scanner->at, scanner->end);
	if (scanner->at == scanner->end || *scanner->at == '\n' || *scanner->at == '!')
		return 0;
	scanner->continued = 0;
	if (continued) {
		scanner->at += *scanner->at == ':';
		return 1;
	}
	if (*scanner->at != ':' && scanner->open_calls)
		return 1;
	end_statement(scanner);
	if (*scanner->at == ':') {
		scanner->at++;
		return 1;
	}
	return is_call_at(scanner->at, scanner->end, &behind);
}

static void read_line(struct scanner *scanner)
{
	const char *stop;

	scanner->line++;
	scanner->counted = scanner->at;
	scanner->column = 0;
	if (begin_line(scanner))
		while (scanner->at < scanner->end && *scanner->at != '\n' && !scanner->result)
			read_token(scanner);
	if (scanner->at == scanner->end)
		return;
	stop = memchr(scanner->at, '\n', (size_t)(scanner->end - scanner->at));
	scanner->at = stop ? stop + 1 : scanner->end;
}

int ucm_script_scan(const char *text, size_t length,
    int (*found)(const struct ucm_script_call *call, void *arg), void *arg)
{
	struct scanner scanner = {
	    .at = text, .end = text + length, .counted = text, .found = found, .arg = arg};

	while (scanner.at < scanner.end && !scanner.result)
		read_line(&scanner);
	if (!scanner.result)
		end_statement(&scanner);
	return scanner.result;
}
