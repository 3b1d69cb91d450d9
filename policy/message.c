/*
 * The words of a finding: the rule's template with the arguments filled in.
 */
#include "policy/findings.h"

#include <string.h>

#include "policy/agents.h"
#include "policy/limits.h"
#include "policy/text.h"

/* The product's obfuscated passwords begin so. */
#define OBFUSCATED "--10"
#define HIDDEN "(hidden)"

struct writer {
	char *out;
	size_t room; /* without the NUL */
	size_t length;
	int full; /* nothing more is taken, so that a cut text has no gap */
};

/* Takes the text as a whole or not at all: characters are not split. */
static void put(struct writer *writer, const char *text, size_t length)
{
	if (writer->full || length > writer->room - writer->length) {
		writer->full = 1;
		return;
	}
	memcpy(writer->out + writer->length, text, length);
	writer->length += length;
}

static void put_string(struct writer *writer, const char *text)
{
	while (*text != '\0' && !writer->full) {
		size_t length = ucm_utf8_sequence(text, strlen(text));

		put(writer, text, length == 0 ? 1 : length);
		text += length == 0 ? 1 : length;
	}
}

static int is_word(char c)
{
	return (c >= '0' && c <= '9') || (ucm_lower(c) >= 'a' && ucm_lower(c) <= 'z') || c == '-';
}

/* Where an obfuscated password begins in text, or its end: at the start of a word only. */
static size_t clear_length(const char *text)
{
	const char *found = strstr(text, OBFUSCATED);

	while (found != NULL && found > text && is_word(found[-1]))
		found = strstr(found + 1, OBFUSCATED);
	return found == NULL ? strlen(text) : (size_t)(found - text);
}

static void put_character(struct writer *writer, const char *text, size_t length)
{
	if (length == 0 || ucm_is_unsafe(ucm_utf8_code(text, length)))
		put(writer, "?", 1);
	else
		put(writer, text, length);
}

static void put_argument(struct writer *writer, const char *text)
{
	size_t clear = clear_length(text);
	size_t i = 0;

	while (i < clear && i < UCM_ARGUMENT_SHOWN_MAX) {
		size_t length = ucm_utf8_sequence(text + i, clear - i);

		put_character(writer, text + i, length);
		i += length == 0 ? 1 : length;
	}
	if (i < clear)
		put_string(writer, "…");
	else if (text[clear] != '\0')
		put_string(writer, HIDDEN);
}

static void put_agents(struct writer *writer, uint32_t agents)
{
	const char *separator = "";

	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		if ((agents & (UINT32_C(1) << agent)) == 0)
			continue;
		put_string(writer, separator);
		put_string(writer, ucm_agent_name((enum ucm_agent)agent));
		separator = ", ";
	}
}

static void put_numbered(struct writer *writer, const struct ucm_finding *finding, size_t number)
{
	if (number == 0 && (finding->rule == UCM301 || finding->rule == UCM302))
		put_agents(writer, finding->agents);
	else if (finding->argument[number] != NULL)
		put_argument(writer, finding->argument[number]);
}

static size_t fill(const struct ucm_finding *finding, const char *template, char *out, size_t size)
{
	struct writer writer = {.out = out, .room = size - 1};

	if (size == 0)
		return 0;
	while (*template != '\0') {
		size_t plain = strcspn(template, "%");

		if (plain > 0) {
			for (size_t i = 0; i < plain;) {
				size_t step = ucm_utf8_sequence(template + i, plain - i);

				put(&writer, template + i, step == 0 ? 1 : step);
				i += step == 0 ? 1 : step;
			}
			template += plain;
		} else if (template[1] >= '1' && template[1] < '1' + UCM_FINDING_ARGUMENTS) {
			put_numbered(&writer, finding, (size_t)(template[1] - '1'));
			template += 2;
		} else {
			put(&writer, template, 1);
			template ++;
		}
	}
	out[writer.length] = '\0';
	return writer.length;
}

size_t ucm_finding_message(const struct ucm_finding *finding, char *out, size_t size)
{
	return fill(finding, ucm_rules[finding->rule].message, out, size);
}

size_t ucm_finding_hint(const struct ucm_finding *finding, char *out, size_t size)
{
	return fill(finding, ucm_rules[finding->rule].hint, out, size);
}
