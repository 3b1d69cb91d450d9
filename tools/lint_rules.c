/*
 * The rule table as a list and, rule by rule, explained.
 */
#include "config.h"

#include "tools/lint_rules.h"

#include <string.h>

#include "policy/findings.h"
#include "tools/json_help.h"
#include "tools/lint_examples.h"
#include "tools/lint_select.h"

#define LINE_MAX_WIDTH 76

static const char *const refusal_names[] = {"never", "always", "strict"};

static json_t *one_rule(enum ucm_rule index)
{
	const struct ucm_rule_row *rule = &ucm_rules[index];
	const struct ucm_rule_help *help = &ucm_rule_help[index];
	const struct ucm_rule_example *example = &ucm_rule_examples[index];
	json_t *object = json_object(), *severity = json_object();

	ucm_json_set(&severity, "compat",
	    ucm_json_text(ucm_severity_name((enum ucm_severity)rule->severity[UCM_COMPAT])));
	ucm_json_set(&severity, "strict",
	    ucm_json_text(ucm_severity_name((enum ucm_severity)rule->severity[UCM_STRICT])));
	ucm_json_set(&object, "rule", ucm_json_text(rule->id));
	ucm_json_set(&object, "name", ucm_json_text(rule->name));
	ucm_json_set(&object, "severity", severity);
	ucm_json_set(&object, "refuses", ucm_json_text(refusal_names[rule->refuses]));
	ucm_json_set(&object, "summary", ucm_json_text(help->summary));
	ucm_json_set(&object, "why", ucm_json_text(example->why));
	ucm_json_set(&object, "hint", ucm_json_text(rule->hint));
	ucm_json_set(&object, "source", ucm_json_text(help->source));
	ucm_json_set(&object, "bad", ucm_json_text(example->bad));
	ucm_json_set(&object, "good", ucm_json_text(example->good));
	return object;
}

int ucm_rules_list(int json, FILE *out)
{
	json_t *root, *array;

	if (!json) {
		for (int i = 0; i < UCM_RULE_COUNT; i++)
			fprintf(out, "%-7s %-24s %-7s %-7s %s\n", ucm_rules[i].id,
			    ucm_rules[i].name,
			    ucm_severity_name((enum ucm_severity)ucm_rules[i].severity[UCM_COMPAT]),
			    ucm_severity_name((enum ucm_severity)ucm_rules[i].severity[UCM_STRICT]),
			    ucm_rule_help[i].summary);
		return 0;
	}
	root = json_object();
	array = json_array();
	for (int i = 0; i < UCM_RULE_COUNT; i++)
		ucm_json_append(&array, one_rule((enum ucm_rule)i));
	ucm_json_set(&root, "rules", array);
	return ucm_json_write(root, out);
}

/* Text behind an indent: lines as they are, and long ones broken at a blank. */
static void put_block(const char *title, const char *text, FILE *out)
{
	if (!text || !*text)
		return;
	fprintf(out, "\n%s\n", title);
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length > LINE_MAX_WIDTH) {
			length = LINE_MAX_WIDTH;
			while (length > 1 && text[length] != ' ')
				length--;
		}
		fprintf(out, "    %.*s\n", (int)length, text);
		text += length + (text[length] != '\0');
	}
}

/* The hint, with dots where a finding would name something. */
static void put_hint(enum ucm_rule rule, FILE *out)
{
	const struct ucm_finding finding = {.rule = rule,
	    .place = {.client = UCM_CLIENT_UNKNOWN},
	    .argument = {"...", "...", "..."}};
	char text[512];

	ucm_finding_hint(&finding, text, sizeof text);
	put_block("How to mend it", text, out);
}

/* What a finding of the rule means for a send. */
static const char *consequence(const struct ucm_rule_row *rule)
{
	switch ((enum ucm_refuses)rule->refuses) {
	case UCM_REFUSES_ALWAYS:
		return "A policy that it touches is refused: nothing is sent by it.";
	case UCM_REFUSES_STRICT:
		return "With --profile strict, a policy that it touches is refused; otherwise it "
		       "is told only.";
	case UCM_REFUSES_NEVER:
		return "It is for people: no send is stopped by it.";
	}
	return NULL;
}

static void explain(enum ucm_rule rule, FILE *out)
{
	const struct ucm_rule_row *row = &ucm_rules[rule];
	const struct ucm_rule_example *example = &ucm_rule_examples[rule];

	fprintf(out, "%s %s\n", row->id, row->name);
	fprintf(out, "    severity: %s; with --profile strict: %s\n",
	    ucm_severity_name((enum ucm_severity)row->severity[UCM_COMPAT]),
	    ucm_severity_name((enum ucm_severity)row->severity[UCM_STRICT]));
	put_block("Raised when", ucm_rule_help[rule].summary, out);
	put_block("Why it matters", example->why, out);
	put_block("Consequence", consequence(row), out);
	put_block("Bad", example->bad, out);
	put_block("Good", example->good, out);
	put_hint(rule, out);
	put_block("Comes from", ucm_rule_help[rule].source, out);
}

int ucm_rules_explain(struct ucm_arena *arena, const char *list, FILE *out)
{
	unsigned char mark[UCM_RULE_COUNT] = {0};
	struct ucm_error error;
	int any = 0;

	ucm_error_clear(&error);
	if (ucm_select_rules(arena, list, mark, &error))
		return -1;
	for (int i = 0; i < UCM_RULE_COUNT; i++) {
		if (!mark[i])
			continue;
		if (any)
			fputc('\n', out);
		explain((enum ucm_rule)i, out);
		any = 1;
	}
	return 0;
}
