/*
 * Findings of the audit to findings of the report: which count, and how much.
 */
#include "config.h"

#include "tools/lint_model.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "tools/report_escape.h"

#define MESSAGE_MAX 2048

/* ---- Fingerprints ------------------------------------------------------------------------- */

static int compare_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void ucm_fingerprints_sort(struct ucm_fingerprints *set)
{
	if (set->count)
		qsort(set->text, set->count, sizeof *set->text, compare_text);
}

int ucm_fingerprints_have(const struct ucm_fingerprints *set, const char *fingerprint)
{
	return set && set->count &&
	       bsearch(&fingerprint, set->text, set->count, sizeof *set->text, compare_text) !=
		   NULL;
}

/* ---- Severities --------------------------------------------------------------------------- */

static int is_input_rule(enum ucm_rule rule)
{
	return rule <= UCM007;
}

static enum ucm_severity severity_of(
    const struct ucm_lint_options *options, const struct ucm_finding *finding)
{
	enum ucm_severity own = ucm_finding_severity(finding, options->profile);
	int override = options->severity[finding->rule];

	/* A demotion is about the case at hand; an override is about the rule. */
	if (override < 0 || (finding->demoted && override > (int)own))
		return own;
	return (enum ucm_severity) override;
}

static int is_selected(const struct ucm_lint_options *options, enum ucm_rule rule)
{
	if (options->has_select && !options->selected[rule])
		return 0;
	return !options->ignored[rule];
}

/* ---- Suppressions ------------------------------------------------------------------------- */

static int is_expired(const struct ucm_suppression *one, int64_t at)
{
	return at >= one->until;
}

/* The suppression that hides the finding, or NULL. All that match are in use. */
static const struct ucm_suppression *suppression_of(
    const struct ucm_lint_source *source, const struct ucm_finding *finding)
{
	const struct ucm_suppression *first = NULL;
	struct ucm_lint_config *config = source->config;

	if (source->options->no_suppressions)
		return NULL;
	for (size_t i = 0; i < config->count; i++) {
		struct ucm_suppression *one = &config->suppression[i];

		if (is_expired(one, source->audit_options->at) ||
		    !ucm_suppression_matches(one, finding->rule, &finding->place))
			continue;
		one->used = 1;
		if (!first)
			first = one;
	}
	return first;
}

/* Whether this run could not have raised what the suppression is about. */
static int is_out_of_sight(
    const struct ucm_lint_options *options, const struct ucm_suppression *one)
{
	if (options->only != UCM_CLIENT_UNKNOWN)
		return 1;
	if (one->rule >= UCM401 && one->rule <= UCM403)
		return !options->probe;
	return options->agents && (one->rule == UCM301 || one->rule == UCM302);
}

static int add_suppression_finding(
    const struct ucm_lint_source *source, const struct ucm_suppression *one, enum ucm_rule rule)
{
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = {.client = UCM_CLIENT_UNKNOWN,
		.key = one->name,
		.file = source->config->file,
		.line = one->line,
		.column = 1},
	    .argument = {one->name, rule == UCM502 ? one->expires : NULL, NULL},
	    .value = one->name,
	};

	return ucm_findings_add(&source->audit->findings, &finding);
}

/* UCM501 and UCM502; what was not read may be what a suppression is there for. */
static int add_suppression_findings(const struct ucm_lint_source *source, int complete)
{
	struct ucm_lint_config *config = source->config;

	if (source->options->no_suppressions)
		return 0;
	for (size_t i = 0; i < source->audit->findings.count; i++)
		suppression_of(source, &source->audit->findings.row[i]);
	for (size_t i = 0; i < config->count; i++) {
		const struct ucm_suppression *one = &config->suppression[i];
		int failed = 0;

		if (is_expired(one, source->audit_options->at))
			failed = add_suppression_finding(source, one, UCM502);
		else if (!one->used && complete && !is_out_of_sight(source->options, one))
			failed = add_suppression_finding(source, one, UCM501);
		if (failed)
			return -1;
	}
	return 0;
}

/* ---- Agents ------------------------------------------------------------------------------- */

/* The kinds of the release, "a, b, c". NULL without memory. */
static const char *known_agents(const struct ucm_lint_source *source)
{
	const char *list = "";

	for (int agent = 0; agent < UCM_AGENT_COUNT && list; agent++)
		if (ucm_agent_capability((enum ucm_agent)agent, source->audit_options->release) !=
		    UCM_NO_SUCH_AGENT)
			list = ucm_arena_format(source->audit->arena, "%s%s%s", list,
			    *list ? ", " : "", ucm_agent_name((enum ucm_agent)agent));
	return list;
}

static int add_agent_finding(const struct ucm_lint_source *source, const char *name)
{
	struct ucm_finding finding = {
	    .rule = UCM303,
	    .place = {.client = UCM_CLIENT_UNKNOWN},
	    .argument = {name, known_agents(source), NULL},
	    .value = name,
	};

	return ucm_findings_add(&source->audit->findings, &finding);
}

static int add_agent_findings(const struct ucm_lint_source *source)
{
	const struct ucm_lint_options *options = source->options;

	for (size_t i = 0; i < options->unknown_agent_count; i++)
		if (add_agent_finding(source, options->unknown_agent[i]))
			return -1;
	for (int agent = 0; agent < UCM_AGENT_COUNT; agent++) {
		if (!(options->agents >> agent & 1) || ucm_agent_capability((enum ucm_agent)agent,
							   options->release) != UCM_NO_SUCH_AGENT)
			continue;
		if (add_agent_finding(source, ucm_agent_name((enum ucm_agent)agent)))
			return -1;
	}
	return 0;
}

/* ---- The list ----------------------------------------------------------------------------- */

static struct ucm_place masked_place(struct ucm_arena *arena, const struct ucm_place *place)
{
	struct ucm_place copy = *place;

	copy.object = ucm_mask(arena, place->object, NULL);
	copy.key = ucm_mask(arena, place->key, NULL);
	copy.file = ucm_mask(arena, place->file, NULL);
	copy.excerpt = ucm_mask(arena, place->excerpt, &copy.excerpt_column);
	return copy;
}

static void render(
    struct ucm_arena *arena, const struct ucm_finding *finding, struct ucm_report_finding *ret)
{
	char text[MESSAGE_MAX], fingerprint[33];

	ret->rule = finding->rule;
	ret->agents = finding->agents;
	ret->place = masked_place(arena, &finding->place);
	ret->related = masked_place(arena, &finding->related);
	ucm_finding_message(finding, text, sizeof text);
	ret->message = ucm_mask(arena, text, NULL);
	ucm_finding_hint(finding, text, sizeof text);
	ret->hint = ucm_mask(arena, text, NULL);
	ucm_finding_fingerprint(finding, fingerprint);
	ret->fingerprint = ucm_arena_string(arena, fingerprint);
}

static void hide(const struct ucm_lint_source *source, struct ucm_arena *arena,
    const struct ucm_finding *finding, struct ucm_report_finding *ret)
{
	const struct ucm_suppression *one = suppression_of(source, finding);

	if (one) {
		ret->hidden = UCM_BY_SUPPRESSION;
		ret->suppression = ucm_mask(arena, one->name, NULL);
		ret->reason = ucm_mask(arena, one->reason, NULL);
		ret->owner = ucm_mask(arena, one->owner, NULL);
		ret->expires = one->expires;
	} else if (!is_input_rule(finding->rule) &&
		   ucm_fingerprints_have(source->baseline, ret->fingerprint)) {
		ret->hidden = UCM_BY_BASELINE;
	}
}

int ucm_compare_texts(const char *left, const char *right)
{
	if (!left || !right)
		return (left != NULL) - (right != NULL);
	return strcmp(left, right);
}

static int compare_numbers(long long left, long long right)
{
	return (left > right) - (left < right);
}

static int compare_findings(const void *left, const void *right)
{
	const struct ucm_report_finding *a = left, *b = right;
	int order = compare_numbers(a->place.client, b->place.client);

	if (!order)
		order = ucm_compare_texts(a->place.object, b->place.object);
	if (!order)
		order = ucm_compare_texts(a->place.key, b->place.key);
	if (!order)
		order = compare_numbers(a->rule, b->rule);
	if (!order)
		order = ucm_compare_texts(a->place.file, b->place.file);
	if (!order)
		order = compare_numbers(a->place.line, b->place.line);
	if (!order)
		order = compare_numbers(a->place.column, b->place.column);
	if (!order)
		order = strcmp(a->message, b->message);
	return order ? order : strcmp(a->fingerprint, b->fingerprint);
}

void ucm_model_sort(struct ucm_report_finding *finding, size_t count)
{
	if (count > 1)
		qsort(finding, count, sizeof *finding, compare_findings);
}

void ucm_model_count(struct ucm_report *report)
{
	struct ucm_report_summary *sum = &report->summary;
	size_t *const counts[] = {NULL, &sum->info, &sum->warning, &sum->error};

	sum->error = sum->warning = sum->info = sum->suppressed = sum->baselined = 0;
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ucm_report_finding *finding = &report->finding[i];

		if (finding->hidden == UCM_BY_SUPPRESSION)
			sum->suppressed++;
		else if (finding->hidden == UCM_BY_BASELINE)
			sum->baselined++;
		else if (finding->severity != UCM_OFF)
			++*counts[finding->severity];
	}
}

static int is_complete(const struct ucm_lint_source *source)
{
	const struct ucm_findings *list = &source->audit->findings;

	if (source->audit->not_judged)
		return 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct ucm_finding *finding = &list->row[i];

		/* Neither --ignore nor --severity makes an unread file read. */
		if (is_input_rule(finding->rule) &&
		    (ucm_finding_severity(finding, source->options->profile) == UCM_ERROR ||
			severity_of(source->options, finding) == UCM_ERROR))
			return 0;
	}
	return 1;
}

/* Rules that this run could raise; the others pass nowhere. */
static void fill_judged(const struct ucm_lint_options *options, struct ucm_report *report)
{
	for (int i = 0; i < UCM_RULE_COUNT; i++) {
		struct ucm_finding finding = {.rule = (enum ucm_rule)i};

		report->judged[i] =
		    is_selected(options, finding.rule) && severity_of(options, &finding) != UCM_OFF;
	}
}

/* The findings of the list that are wanted, rendered and sorted. */
static int render_all(const struct ucm_lint_source *source, const struct ucm_findings *list,
    int (*wants)(const struct ucm_lint_source *, enum ucm_rule), struct ucm_arena *arena,
    struct ucm_report_finding **ret, size_t *count)
{
	const struct ucm_lint_options *options = source->options;

	*count = 0;
	*ret = ucm_arena_array(arena, list->count + 1, sizeof **ret);
	if (!*ret)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		const struct ucm_finding *finding = &list->row[i];
		struct ucm_report_finding *out = &(*ret)[*count];

		out->severity = severity_of(options, finding);
		if (out->severity == UCM_OFF || !is_selected(options, finding->rule) ||
		    !wants(source, finding->rule))
			continue;
		render(arena, finding, out);
		hide(source, arena, finding, out);
		++*count;
	}
	if (arena->failed)
		return -1;
	ucm_model_sort(*ret, *count);
	return 0;
}

static int wants_all(const struct ucm_lint_source *source, enum ucm_rule rule)
{
	(void)source;
	(void)rule;
	return 1;
}

static int wants_pending(const struct ucm_lint_source *source, enum ucm_rule rule)
{
	if (rule == UCM307)
		return !source->system->has_scripts;
	return rule == UCM118 && !source->system->has_logins;
}

/* What would be found if scripts and Login objects were there, of which this run saw none. */
static int fill_pending(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	struct ucm_system system = *source->system;
	struct ucm_audit audit;

	if (system.has_scripts && system.has_logins)
		return 0;
	system.has_scripts = system.has_logins = 1;
	if (ucm_audit_run(&system, source->audit_options, arena, &audit))
		return -1;
	return render_all(source, &audit.findings, wants_pending, arena, &report->pending,
	    &report->pending_count);
}

int ucm_model_findings(
    const struct ucm_lint_source *source, struct ucm_arena *arena, struct ucm_report *report)
{
	report->complete = is_complete(source);
	fill_judged(source->options, report);
	if (add_agent_findings(source) || add_suppression_findings(source, report->complete) ||
	    render_all(source, &source->audit->findings, wants_all, arena, &report->finding,
		&report->finding_count) ||
	    fill_pending(source, arena, report))
		return -1;
	ucm_model_count(report);
	report->show_hidden = source->options->show_suppressed;
	return 0;
}
