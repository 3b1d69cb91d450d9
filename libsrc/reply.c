/*
 * The reply parser. What a server says is data: every byte is judged before it is used.
 */
#include <string.h>

#include "policy/text.h"
#include "reply.h"

#define CODE_LENGTH 3

void ucm_reply_init(struct ucm_reply_parser *parser)
{
	memset(parser, 0, sizeof(*parser));
	parser->line_max = UCM_REPLY_LINE_MAX;
}

int ucm_reply_pending(const struct ucm_reply_parser *parser)
{
	return parser->lines > 0 || (parser->length > 0 && !parser->complete);
}

const char *ucm_reply_line_text(const struct ucm_reply_parser *parser)
{
	return parser->length > CODE_LENGTH ? parser->line + CODE_LENGTH + 1 : "";
}

static int is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Digits of one part of an enhanced code: 1-3; 0 where there are none. */
static size_t digits(const char *text)
{
	size_t n = 0;

	while (n < CODE_LENGTH && is_digit((unsigned char)text[n]))
		n++;
	return n;
}

/* Length of an enhanced status code that fits the reply's code; 0 where there is none. */
static size_t enhanced_length(const char *text, int code)
{
	size_t subject = 0;
	size_t detail = 0;
	size_t end = 0;

	if (text[0] != '0' + code / 100 || text[1] != '.')
		return 0;
	subject = digits(text + 2);
	if (subject == 0 || text[2 + subject] != '.')
		return 0;
	detail = digits(text + 3 + subject);
	end = 3 + subject + detail;
	return detail > 0 && (text[end] == ' ' || text[end] == '\0') ? end : 0;
}

static void append(struct ucm_reply_parser *parser, const char *text)
{
	char *to = parser->reply.text;

	if (parser->text_length > 0 && text[0] != '\0' && parser->text_length < UCM_REPLY_TEXT_MAX)
		to[parser->text_length++] = ' ';
	parser->text_length += ucm_text_clean(text, strlen(text), to + parser->text_length,
	    sizeof(parser->reply.text) - parser->text_length);
}

void ucm_reply_withhold(struct ucm_reply_parser *parser, size_t before)
{
	static const char shown[] = "<secret>";
	char *tail = parser->reply.text + before;
	const size_t start = CODE_LENGTH + 1; /* there is text, so there is a separator */

	if (parser->length <= start)
		return;
	ucm_wipe(parser->line + start, sizeof(parser->line) - start);
	memcpy(parser->line + start, shown, sizeof(shown));
	parser->length = start + sizeof(shown) - 1;
	ucm_wipe(tail, sizeof(parser->reply.text) - before);
	ucm_wipe(parser->reply.enhanced, sizeof(parser->reply.enhanced));
	parser->text_length = before;
	append(parser, shown);
}

static enum ucm_reply_event bad(struct ucm_reply_parser *parser, const char *fault)
{
	parser->fault = fault;
	return UCM_REPLY_BAD;
}

/* The code of the line, -1 where it has none. */
static int line_code(const struct ucm_reply_parser *parser)
{
	const char *line = parser->line;

	if (parser->length < CODE_LENGTH || line[0] < '2' || line[0] > '5' ||
	    !is_digit((unsigned char)line[1]) || !is_digit((unsigned char)line[2]))
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static enum ucm_reply_event end_line(struct ucm_reply_parser *parser)
{
	const int code = line_code(parser);
	const char *text = NULL;
	char separator = '\0';
	size_t skip = 0;

	parser->line[parser->length] = '\0';
	separator = parser->line[parser->length < CODE_LENGTH ? 0 : CODE_LENGTH];
	if (code < 0 || (separator != ' ' && separator != '-' && separator != '\0'))
		return bad(parser, "a line that is no SMTP reply");
	if (parser->lines == 0) {
		memset(&parser->reply, 0, sizeof(parser->reply));
		parser->reply.code = code;
		parser->text_length = 0;
	} else if (code != parser->reply.code) {
		return bad(parser, "a reply whose code changes between its lines");
	}
	if (++parser->lines > UCM_REPLY_LINES_MAX)
		return bad(parser, "a reply of too many lines");
	text = ucm_reply_line_text(parser);
	skip = enhanced_length(text, code);
	if (skip > 0) {
		memcpy(parser->reply.enhanced, text, skip);
		parser->reply.enhanced[skip] = '\0';
		text += text[skip] == ' ' ? skip + 1 : skip;
	}
	append(parser, text);
	parser->complete = 1;
	if (separator == '-')
		return UCM_REPLY_LINE;
	parser->lines = 0;
	return UCM_REPLY_DONE;
}

enum ucm_reply_event ucm_reply_feed(
    struct ucm_reply_parser *parser, const unsigned char *bytes, size_t size, size_t *used)
{
	size_t i = 0;

	for (i = 0; i < size; i++) {
		if (parser->complete) {
			parser->complete = 0;
			parser->length = 0;
		}
		if (bytes[i] == '\n') {
			if (parser->length > 0 && parser->line[parser->length - 1] == '\r')
				parser->length--;
			*used = i + 1;
			return end_line(parser);
		}
		if (bytes[i] == '\0') {
			*used = i;
			return bad(parser, "a NUL in a reply");
		}
		if (parser->length >= parser->line_max || parser->length >= UCM_AUTH_LINE_MAX) {
			*used = i;
			return bad(parser, "a reply line that is too long");
		}
		parser->line[parser->length++] = (char)bytes[i];
	}
	*used = size;
	return UCM_REPLY_MORE;
}
