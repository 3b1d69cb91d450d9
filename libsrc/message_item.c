/*
 * Items of a message: each is judged where it is set.
 */
#include "config.h"

#include <string.h>

#include "libsrc/composition.h"
#include "libsrc/date.h"
#include "libsrc/field.h"
#include "policy/address.h"
#include "policy/limits.h"
#include "policy/text.h"

#define MESSAGE_ID_MAX 250 /* a References field of the answer keeps under its line limit */
#define ENVELOPE_ID_MAX 100 /* RFC 3461 section 4.4 */

static int check_subject(const char *value, struct ucm_error *error)
{
	return ucm_field_check_value("the subject", value, error);
}

static int check_message_id(const char *value, struct ucm_error *error)
{
	size_t length = strlen(value);
	const char *at = strchr(value, '@');

	for (size_t i = 0; i < length; i++)
		if (value[i] <= ' ' || value[i] > '~' ||
		    (strchr("<>", value[i]) && i && i + 1 < length))
			at = NULL;
	if (length > MESSAGE_ID_MAX || *value != '<' || value[length - 1] != '>' || !at ||
	    at == value + 1 || at == value + length - 2 || strchr(at + 1, '@'))
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "the message id \"%s\" is not of the form <id@domain>", value);
	return 0;
}

static int check_date(const char *value, struct ucm_error *error)
{
	if (ucm_date_is_valid(value))
		return 0;
	return ucm_fail(error, UCM_CLASS_MESSAGE,
	    "\"%s\" is no date of the form \"Tue, 24 Nov 2026 18:00:00 +0100\"", value);
}

static int check_envelope_id(const char *value, struct ucm_error *error)
{
	size_t length = strlen(value);

	for (size_t i = 0; i < length; i++)
		if (value[i] < ' ' || value[i] > '~')
			length = 0;
	if (!length || length > ENVELOPE_ID_MAX)
		return ucm_fail(error, UCM_CLASS_MESSAGE,
		    "an envelope id is 1 to %d printable ASCII characters", ENVELOPE_ID_MAX);
	return 0;
}

static int check_from(const char *value, struct ucm_error *error)
{
	struct ucm_address address;
	enum ucm_address_fault fault = ucm_address_parse(value, &address);

	if (fault == UCM_ADDRESS_OK)
		return 0;
	return ucm_fail(
	    error, UCM_CLASS_MESSAGE, "the sender \"%s\" %s", value, ucm_address_fault_text(fault));
}

/* ---- DSN ---------------------------------------------------------------------------------- */

static const char *const dsn_words[] = {"SUCCESS", "FAILURE", "DELAY"};

#define DSN_WORDS (sizeof(dsn_words) / sizeof(dsn_words[0]))
#define DSN_SIZE sizeof("SUCCESS,FAILURE,DELAY")

/* Which word begins here and ends at a comma or the end; DSN_WORDS where none does. */
static size_t dsn_word(const char *text, size_t length)
{
	for (size_t i = 0; i < DSN_WORDS; i++) {
		size_t k = 0;

		while (k < length && dsn_words[i][k] &&
		       ucm_lower(text[k]) == ucm_lower(dsn_words[i][k]))
			k++;
		if (k == length && !dsn_words[i][k])
			return i;
	}
	return DSN_WORDS;
}

/* "failure, Success" to "SUCCESS,FAILURE"; each word once. */
static int normalise_dsn(const char *value, char out[DSN_SIZE])
{
	unsigned seen = 0;
	size_t used = 0;

	if (ucm_equal_nocase(value, "never")) {
		memcpy(out, "NEVER", sizeof("NEVER"));
		return 0;
	}
	do {
		size_t length, word;

		value += strspn(value, " ");
		length = strcspn(value, ", ");
		word = dsn_word(value, length);
		if (word == DSN_WORDS)
			return -1;
		seen |= 1U << word;
		value += length;
		value += strspn(value, " ");
	} while (*value++ == ',');
	if (value[-1])
		return -1;
	for (size_t i = 0; i < DSN_WORDS; i++) {
		if (!(seen & 1U << i))
			continue;
		if (used)
			out[used++] = ',';
		memcpy(out + used, dsn_words[i], strlen(dsn_words[i]));
		used += strlen(dsn_words[i]);
	}
	out[used] = '\0';
	return 0;
}

static int check_dsn(const char *value, struct ucm_error *error)
{
	char normal[DSN_SIZE];

	if (!normalise_dsn(value, normal))
		return 0;
	return ucm_fail(error, UCM_CLASS_USAGE,
	    "\"%s\" is neither \"never\" nor a list of success, failure and delay", value);
}

/* ---- The items ---------------------------------------------------------------------------- */

int ucm_message_set(struct ucm_message *message, enum ucm_message_item item, const char *value)
{
	static int (*const checks[])(const char *, struct ucm_error *) = {
	    [UCM_SUBJECT] = check_subject,
	    [UCM_MESSAGE_ID] = check_message_id,
	    [UCM_DATE] = check_date,
	    [UCM_DSN] = check_dsn,
	    [UCM_ENVELOPE_ID] = check_envelope_id,
	    [UCM_FROM] = check_from,
	};
	struct ucm_error *error;
	char normal[DSN_SIZE];
	const char *copy = NULL;

	if (!message)
		return UCM_E_USAGE;
	error = ucm_message_error(message);
	if (!error)
		return UCM_E_USAGE;
	if (item < UCM_SUBJECT || item > UCM_FROM) {
		(void)ucm_fail(error, UCM_CLASS_USAGE, "no such item of a message");
		return UCM_E_USAGE;
	}
	if (value) {
		if (checks[item](value, error))
			return (int)error->class;
		if (item == UCM_DSN && !normalise_dsn(value, normal))
			value = normal;
		copy = ucm_arena_string(&message->arena, value);
		if (!copy) {
			(void)ucm_out_of_memory(error);
			return UCM_E_MEMORY;
		}
	}
	message->item[item] = copy;
	return UCM_OK;
}
