/*
 * What a removed or replaced certificate breaks, and how two systems differ.
 */
#include "config.h"

#include "tools/lint_whatif.h"

#include <string.h>

#include "policy/text.h"
#include "tools/lint_select.h"
#include "tools/report_escape.h"

static struct ucm_report_impact *add(
    struct ucm_report *report, const char *outcome, const struct ucm_lint_outcome *one)
{
	struct ucm_report_impact *impact = &report->impact[report->impact_count++];

	impact->outcome = outcome;
	impact->client = one->client;
	impact->via = ucm_sender_name(one->sender);
	impact->server_variable = one->server_variable;
	impact->agents = one->agents;
	return impact;
}

static void set_here(struct ucm_report_impact *impact, const struct ucm_lint_outcome *one)
{
	impact->decision = ucm_verdict_name(one->verdict);
	impact->refused_by = one->refused_by;
}

static void set_there(struct ucm_report_impact *impact, const struct ucm_lint_outcome *one)
{
	impact->other_decision = ucm_verdict_name(one->verdict);
	impact->other_refused_by = one->refused_by;
}

/* ---- What if ------------------------------------------------------------------------------ */

static int is_touched(const struct ucm_lint_options *options, const char *certificate)
{
	if (!certificate)
		return 0;
	if (options->without_cert && ucm_equal_nocase(certificate, options->without_cert))
		return 1;
	for (size_t i = 0; i < options->replace_cert_count; i++)
		if (ucm_equal_nocase(certificate, options->replace_cert[i].name))
			return 1;
	return 0;
}

static int same_cell(const struct ucm_lint_outcome *left, const struct ucm_lint_outcome *right)
{
	if (left->client != right->client || left->sender != right->sender)
		return 0;
	if (!left->server_variable || !right->server_variable)
		return left->server_variable == right->server_variable;
	return ucm_equal_nocase(left->server_variable, right->server_variable);
}

/* Whether any class of agents uses the certificate in this cell; the rows of a cell adjoin. */
static int cell_is_touched(
    const struct ucm_lint_options *options, const struct ucm_lint_outcomes *list, size_t index)
{
	size_t i = index;

	while (i > 0 && same_cell(&list->row[i - 1], &list->row[index]))
		i--;
	for (; i < list->count && same_cell(&list->row[i], &list->row[index]); i++)
		if (is_touched(options, list->row[i].certificate))
			return 1;
	return 0;
}

static const char *outcome_of(
    const struct ucm_lint_outcome *before, const struct ucm_lint_outcome *after)
{
	if (before->verdict == UCM_REFUSE)
		return after->verdict == UCM_REFUSE ? "was-broken" : "mends";
	return after->verdict == UCM_REFUSE ? "breaks" : "survives";
}

int ucm_impact_fill(const struct ucm_lint_options *options, const struct ucm_lint_outcomes *before,
    const struct ucm_lint_outcomes *after, struct ucm_arena *arena, struct ucm_report *report)
{
	report->impact = ucm_arena_array(arena, before->count + 1, sizeof *report->impact);
	if (!report->impact)
		return -1;
	for (size_t i = 0; i < before->count && i < after->count; i++) {
		if (!cell_is_touched(options, before, i))
			continue;
		struct ucm_report_impact *impact =
		    add(report, outcome_of(&before->row[i], &after->row[i]), &before->row[i]);

		set_here(impact, &before->row[i]);
		set_there(impact, &after->row[i]);
	}
	report->impact_title =
	    options->without_cert
		? ucm_mask(arena,
		      ucm_arena_format(arena, "Without certificate %s", options->without_cert),
		      NULL)
		: ucm_arena_string(arena, "With the certificates replaced");
	return arena->failed ? -1 : 0;
}

/* ---- Another system ----------------------------------------------------------------------- */

/* The server of a variable's name, so that either may be mapped; NULL where it is none. */
static const char *server_of(const char *name)
{
	size_t prefix = strlen(UCM_SMTP_PREFIX);

	for (size_t i = 0; i < prefix; i++)
		if (!name[i] || ucm_lower((unsigned char)name[i]) != ucm_lower(UCM_SMTP_PREFIX[i]))
			return NULL;
	return name + prefix;
}

/* The name that stands for this one in the other system. */
static const char *mapped(const struct ucm_lint_options *options, const char *name)
{
	const char *server = name ? server_of(name) : NULL;

	for (size_t i = 0; name && i < options->map_count; i++) {
		const struct ucm_lint_pair *pair = &options->map[i];

		if (ucm_equal_nocase(pair->name, name) ||
		    (server && ucm_equal_nocase(pair->name, server)))
			return pair->value;
	}
	return name;
}

static int mapped_client(const struct ucm_lint_options *options, int client)
{
	for (size_t i = 0; i < options->map_count; i++) {
		unsigned long here, there;

		if (ucm_select_number(options->map[i].name, 0, UCM_CLIENT_MAX, &here) == 0 &&
		    ucm_select_number(options->map[i].value, 0, UCM_CLIENT_MAX, &there) == 0 &&
		    (int)here == client)
			return (int)there;
	}
	return client;
}

static int same_name(const char *left, const char *right)
{
	if (!left || !right)
		return left == right;
	return ucm_equal_nocase(left, right);
}

/* Server variables may be mapped with or without UC_SMTP_. */
static int same_server(const char *here, const char *there)
{
	const char *server = there ? server_of(there) : NULL;

	return same_name(here, there) || (here && server && ucm_equal_nocase(here, server));
}

static const struct ucm_lint_outcome *counterpart(const struct ucm_lint_options *options,
    const struct ucm_lint_outcome *one, const struct ucm_lint_outcomes *there)
{
	int client = mapped_client(options, one->client);
	const char *server = mapped(options, one->server_variable);

	for (size_t i = 0; i < there->count; i++) {
		const struct ucm_lint_outcome *other = &there->row[i];

		if (other->client == client && other->sender == one->sender &&
		    (other->agents & one->agents) && same_server(server, other->server_variable))
			return other;
	}
	return NULL;
}

static const char *differ(struct ucm_arena *arena, const char *text, const char *what,
    const char *here, const char *there)
{
	if (same_name(here, there))
		return text;
	return ucm_arena_format(arena, "%s%s%s %s -> %s", text ? text : "", text ? ", " : "", what,
	    here ? here : "none", there ? there : "none");
}

/* "host a -> b, port 25 -> 465", or NULL where nothing differs. */
static const char *differences(const struct ucm_lint_options *options,
    const struct ucm_lint_outcome *here, const struct ucm_lint_outcome *there,
    struct ucm_arena *arena)
{
	char port[16], other_port[16];
	const char *text = NULL;

	snprintf(port, sizeof port, "%u", here->port);
	snprintf(other_port, sizeof other_port, "%u", there->port);
	text = differ(arena, text, "host", mapped(options, here->host), there->host);
	text = differ(arena, text, "port", port, other_port);
	text = differ(arena, text, "protocol", here->protocol, there->protocol);
	text = differ(
	    arena, text, "certificate", mapped(options, here->certificate), there->certificate);
	if (here->sha256 && there->sha256 && strcmp(here->sha256, there->sha256) != 0 &&
	    same_name(mapped(options, here->certificate), there->certificate) &&
	    mapped(options, here->certificate) == here->certificate)
		text = differ(arena, text, "its SHA-256", here->sha256, there->sha256);
	return text;
}

static int compare_one(const struct ucm_lint_options *options, const struct ucm_lint_outcome *here,
    const struct ucm_lint_outcome *there, struct ucm_arena *arena, struct ucm_report *report)
{
	const char *outcome = "changed";
	const char *text = differences(options, here, there, arena);

	if (!text && here->verdict == there->verdict &&
	    same_name(here->refused_by, there->refused_by))
		return 0;
	if (there->verdict < here->verdict)
		outcome = "weaker";
	else if (there->verdict > here->verdict)
		outcome = "stronger";
	struct ucm_report_impact *impact = add(report, outcome, here);
	set_here(impact, here);
	set_there(impact, there);
	impact->text = text;
	return 0;
}

int ucm_compare_fill(const struct ucm_lint_options *options, const struct ucm_lint_outcomes *here,
    const struct ucm_lint_outcomes *there, struct ucm_arena *arena, struct ucm_report *report)
{
	unsigned char *met = ucm_arena_array(arena, there->count + 1, 1);

	report->impact =
	    ucm_arena_array(arena, here->count + there->count + 1, sizeof *report->impact);
	report->impact_title =
	    ucm_mask(arena, ucm_arena_format(arena, "Compared with %s", options->compare), NULL);
	if (!met || !report->impact || !report->impact_title)
		return -1;
	for (size_t i = 0; i < here->count; i++) {
		const struct ucm_lint_outcome *other = counterpart(options, &here->row[i], there);

		if (other) {
			met[other - there->row] = 1;
			compare_one(options, &here->row[i], other, arena, report);
		} else {
			set_here(add(report, "only-here", &here->row[i]), &here->row[i]);
		}
	}
	for (size_t i = 0; i < there->count; i++)
		if (!met[i])
			set_there(add(report, "only-there", &there->row[i]), &there->row[i]);
	return arena->failed ? -1 : 0;
}
