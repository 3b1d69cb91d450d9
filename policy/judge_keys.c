/*
 * Each key's value by itself.
 */
#include "policy/judge.h"

#include <string.h>

#include "policy/address.h"
#include "policy/place.h"
#include "policy/text.h"
#include "policy/trust.h"

/* What a value's fault is called, by key. */
static const unsigned char value_rule[UCM_KEY_COUNT] = {
    [UCM_SMTP_SERVER] = UCM117,
    [UCM_SMTP_FROM_ADDR] = UCM103,
    [UCM_SMTP_REPLY_TO] = UCM103,
    [UCM_SMTP_PROTOCOL] = UCM104,
    [UCM_SMTP_PORT] = UCM110,
    [UCM_SMTP_TIMEOUT] = UCM112,
    [UCM_SMTP_MAX_ATTACHMENT_SIZE] = UCM113,
    [UCM_SMTP_AUTH_METHOD] = UCM119,
    [UCM_SMTP_FILE_ATTACHMENT] = UCM123,
};

static int is_blank_or_tab(char c)
{
	return c == ' ' || c == '\t';
}

int ucm_value_has_control(const char *value)
{
	const unsigned char *start;
	size_t length;

	while (is_blank_or_tab(*value))
		value++;
	length = strlen(value);
	while (length > 0 && is_blank_or_tab(value[length - 1]))
		length--;
	start = (const unsigned char *)value;
	for (size_t i = 0; i < length; i++) {
		if (start[i] < 0x20 || start[i] == 0x7f)
			return 1;
		/* U+0080 to U+009F in UTF-8 */
		if (start[i] == 0xc2 && start[i + 1] >= 0x80 && start[i + 1] <= 0x9f)
			return 1;
	}
	return 0;
}

int ucm_value_is_padded(const char *value)
{
	const char *start;
	size_t length = ucm_trim(value, &start);

	return length > 0 && (start != value || start[length] != '\0');
}

static void judge_address(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	struct ucm_address address;
	enum ucm_address_fault fault = ucm_address_parse(set->text, &address);

	if (fault != UCM_ADDRESS_OK)
		ucm_judge_raise_at(judge, (enum ucm_rule)value_rule[key], set, set->text,
		    ucm_address_fault_text(fault));
}

static void judge_host(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	if (ucm_host_parse(set->text, NULL) == UCM_HOST_INVALID)
		ucm_judge_raise_at(judge, (enum ucm_rule)value_rule[key], set, set->text, NULL);
}

static void judge_number(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	unsigned number;

	if (ucm_key_number(key, set->text, &number) != 0)
		ucm_judge_raise_at(judge, (enum ucm_rule)value_rule[key], set, set->text, NULL);
}

#define WORDS_MAX 8

/* The word that was probably meant, else all of them. */
static const char *suggest_word(struct ucm_judge *judge, enum ucm_key key, const char *text)
{
	const char *candidates[WORDS_MAX];
	const char *all = "one of ";
	const char *nearest;
	size_t count = 0;

	for (const char *word = ucm_keys[key].words; *word != '\0' && count < WORDS_MAX;) {
		size_t length = strcspn(word, " ");
		const char *copy = ucm_arena_copy(judge->arena, word, length);

		if (copy == NULL)
			return NULL;
		all = ucm_arena_format(judge->arena, "%s%s%s", all, count == 0 ? "" : ", ", copy);
		if (all == NULL)
			return NULL;
		candidates[count++] = copy;
		word += length;
		word += strspn(word, " ");
	}
	nearest = ucm_nearest(text, candidates, count);
	return nearest == NULL ? all : nearest;
}

static void judge_word(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	int exact = 0;
	const char *word = ucm_key_word(key, set->text, judge->arena, &exact);

	if (word == NULL)
		ucm_judge_raise_at(judge, (enum ucm_rule)value_rule[key], set, set->text,
		    suggest_word(judge, key, set->text));
	else if (!exact)
		ucm_judge_raise_at(judge, UCM122, set, set->text, word);
}

static void judge_name(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	if (key == UCM_SMTP_LOGIN && judge->system->has_logins &&
	    ucm_system_login(judge->system, judge->settings->client, set->text) == NULL)
		ucm_judge_raise_at(judge, UCM118, set, set->text, NULL);
}

static void (*const judge_kind[])(struct ucm_judge *, enum ucm_key, const struct ucm_setting *) = {
    [UCM_KIND_HOST] = judge_host,
    [UCM_KIND_ADDRESS] = judge_address,
    [UCM_KIND_NUMBER] = judge_number,
    [UCM_KIND_WORD] = judge_word,
    [UCM_KIND_NAME] = judge_name,
};

static int is_given(struct ucm_release release)
{
	return release.major != 0 || release.minor != 0 || release.patch != 0;
}

static void judge_release(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	struct ucm_release release = judge->decision->query.release;
	struct ucm_release since = ucm_keys[key].since;
	const char *text;

	if (!is_given(release) || ucm_release_compare(since, release) <= 0)
		return;
	text = since.patch == 0 ? ucm_arena_format(judge->arena, "%u.%u", since.major, since.minor)
				: ucm_arena_format(judge->arena, "%u.%u.%u", since.major,
				      since.minor, since.patch);
	ucm_judge_raise_at(judge, UCM121, set, ucm_keys[key].name, text);
}

/* Blanks around a reference that is found all the same are told as UCM216. */
static int is_loose_reference(const struct ucm_judge *judge, enum ucm_key key, const char *name)
{
	const struct ucm_store *store = ucm_system_store(judge->system, 0);

	return key == UCM_SMTPS_CERT && ucm_judge_wants_tls(judge) && store != NULL &&
	       ucm_store_find(store, name, judge->decision->query.without_cert) != NULL;
}

/* How the product looks its keys up is not documented: one that is not spelled as documented is
 * taken for what it means, and told. */
static void judge_spelling(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	const struct ucm_setting name = {set->row, set->variable, set->row->name};
	const char *start;
	size_t length = ucm_trim(name.text, &start);

	if (ucm_value_is_padded(name.text))
		ucm_judge_raise_at(judge, UCM120, &name, ucm_keys[key].name, "key");
	if (strncmp(start, ucm_keys[key].name, length) != 0)
		ucm_judge_raise_at(judge, UCM122, &name, name.text, ucm_keys[key].name);
}

static void judge_setting(struct ucm_judge *judge, enum ucm_key key, const struct ucm_setting *set)
{
	judge_release(judge, key, set);
	judge_spelling(judge, key, set);
	if (ucm_value_has_control(set->row->value)) {
		ucm_judge_raise_at(judge, UCM116, set, ucm_keys[key].name, NULL);
		return;
	}
	if (ucm_value_is_padded(set->row->value) && !is_loose_reference(judge, key, set->text))
		ucm_judge_raise_at(judge, UCM120, set, ucm_keys[key].name, "value of");
	judge_kind[ucm_keys[key].kind](judge, key, set);
}

static void judge_missing(struct ucm_judge *judge, enum ucm_key key, enum ucm_rule rule)
{
	const struct ucm_settings *settings = judge->settings;
	struct ucm_finding finding = {.rule = rule};

	if (settings->setting[key].row != NULL)
		return;
	/* Client 0 may hold it. */
	if (settings->inherited && judge->lacks_client_0)
		return;
	finding.place = ucm_settings_place(settings, ucm_keys[key].name);
	ucm_judge_raise(judge, &finding);
}

void ucm_judge_keys(struct ucm_judge *judge)
{
	judge_missing(judge, UCM_SMTP_SERVER, UCM101);
	judge_missing(judge, UCM_SMTP_FROM_ADDR, UCM102);
	for (int key = 0; key < UCM_KEY_COUNT; key++) {
		const struct ucm_setting *set = &judge->settings->setting[key];

		if (set->row != NULL && ucm_judge_counts(judge, (enum ucm_key)key))
			judge_setting(judge, (enum ucm_key)key, set);
	}
}
