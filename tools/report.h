/*
 * A report: what one run found, as plain values, and the formats that it can be written in.
 *
 * A format is one file with one function. It gets the report read-only and knows nothing else: not
 * the system, not the options, not the clock. Whoever makes a report (lint_model.h) has already
 * masked what may be a secret and made every string valid UTF-8; a format escapes for its syntax.
 */
#ifndef UCM_TOOLS_REPORT_H
#define UCM_TOOLS_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/findings.h"
#include "policy/keys.h"
#include "policy/rules.h"

#define UCM_TOOL_NAME "policy-lint"
#define UCM_REPORT_VERSION 1

/* Why a finding is not counted. */
enum ucm_hidden { UCM_NOT_HIDDEN, UCM_BY_SUPPRESSION, UCM_BY_BASELINE };

struct ucm_report_finding {
	enum ucm_rule rule;
	enum ucm_severity severity; /* after --severity */
	struct ucm_place place;
	struct ucm_place related; /* file == NULL: none */
	const char *message;
	const char *hint; /* "" where there is none */
	const char *fingerprint; /* 32 hex digits */
	uint32_t agents; /* bit set of enum ucm_agent, of the rules that name agents */
	enum ucm_hidden hidden;
	const char *suppression; /* NAME of the suppression, with the three below; or NULL */
	const char *reason;
	const char *owner;
	const char *expires;
};

/* Where one setting of a policy came from. */
struct ucm_report_source {
	const char *key;
	const char *value;
	int client;
	const char *object;
	const char *file;
	unsigned line;
};

struct ucm_report_policy {
	int client;
	const char *via; /* "notification", "send_mail" */
	const char *server_variable; /* or NULL */
	const char *agent;
	const char *decision;
	const char *host; /* or NULL */
	unsigned port;
	const char *protocol;
	const char *from; /* or NULL */
	const char *reply_to; /* or NULL */
	const char *login; /* or NULL */
	unsigned timeout_s;
	unsigned max_report_bytes;
	const char *certificate; /* name of the resource, or NULL, with the three below */
	const char *sha256;
	const char *subject;
	const char *not_after;
	const char *refused_by; /* "UCM105", or NULL */
	struct ucm_report_source source[UCM_KEY_COUNT];
	size_t source_count;
	enum ucm_rule rule[UCM_RULE_COUNT]; /* that touch this policy, ascending */
	size_t rule_count;
	int login_pending; /* UCM118 would be among them, had this run seen a Login object */
};

/* One cell of the matrix: client x sender x server variable x agent. */
struct ucm_report_cell {
	int client;
	const char *via;
	const char *server_variable;
	const char *agent;
	const char *decision;
	const char *host;
	unsigned port;
	const char *protocol;
	const char *certificate;
	const char *refused_by;
};

/* One certificate of the trust store. */
struct ucm_report_certificate {
	const char *name; /* of the resource */
	unsigned index; /* in its payload, from 1 */
	const char *subject;
	const char *sha256;
	int64_t not_before;
	int64_t not_after;
	int used; /* a client refers to the resource */
};

/* A server variable, or a certificate, that something refers to. */
struct ucm_report_reference {
	int client; /* whose variable is used; 0 for certificates */
	const char *name;
};

/* What a call computes, of which only running it would tell. */
#define UCM_GAP_SERVER "the server of a SEND_MAIL"
#define UCM_GAP_SUBJECT "the subject of a SEND_MAIL"

/* What nothing among the inputs tells. */
#define UCM_GAP_CALLS "SEND_MAIL calls"
#define UCM_GAP_LOGIN "whether SMTP_LOGIN names a Login object"

/* Something that was not judged, and why. */
struct ucm_report_gap {
	int client;
	const char *object;
	const char *file;
	unsigned line;
	const char *what;
	const char *why;
};

/* A moment at which verdicts change. */
struct ucm_report_change {
	int64_t at; /* the first second of the new state */
	const char *what; /* "certificate", "suppression" */
	const char *name;
	const char *text;
	unsigned policies; /* whose decision changes then */
};

/* What a question "what if" or a comparison changes in one cell, for agents that fare alike. */
struct ucm_report_impact {
	const char *outcome; /* "breaks", "survives", "was-broken", "mends", or of a comparison
				"weaker", "stronger", "changed", "only-here", "only-there" */
	int client;
	const char *via;
	const char *server_variable;
	uint32_t agents;
	const char *decision; /* as it is; NULL: there is no such policy */
	const char *refused_by;
	const char *other_decision; /* afterwards, or in the other system; NULL as above */
	const char *other_refused_by;
	const char *text; /* what differs, in words; or NULL */
};

/* A server that was asked, with --probe. */
struct ucm_report_server {
	const char *host;
	unsigned port;
	const char *protocol;
	const char *certificate; /* that it was verified with, or NULL */
	const char *verdict; /* "good", "unreachable", "untrusted", "weak" */
	const char *reason; /* of another verdict than good; the rest may be "" */
	const char *address;
	const char *mode;
	const char *version;
	const char *cipher;
	const char *subject;
	const char *issuer;
	const char *not_after;
};

struct ucm_report_since {
	const char **fresh; /* fingerprints: found now, not then */
	size_t fresh_count;
	const char **fixed; /* found then, not now */
	size_t fixed_count;
	const char **unchanged;
	size_t unchanged_count;
};

/* A file that was read. */
struct ucm_report_input {
	const char *file;
	unsigned long long objects, files, bytes;
};

struct ucm_report_summary {
	size_t error, warning, info;
	size_t suppressed, baselined;
	size_t clients;
	size_t mail_variables;
	unsigned long long objects, files, bytes;
};

struct ucm_report {
	const char *tool_version;
	const char *release;
	enum ucm_profile profile;
	int64_t at; /* the time that was judged by */
	int at_given; /* it was asked for: only then may it show in machine formats */
	const char *first_input; /* for formats that must have a file */
	struct ucm_report_finding *finding; /* in order, hidden ones included */
	size_t finding_count;
	int show_hidden;
	unsigned char
	    judged[UCM_RULE_COUNT]; /* rules that could have been raised: selected, not off */
	struct ucm_report_summary summary;
	struct ucm_report_policy *policy;
	size_t policy_count;
	struct ucm_report_cell *cell;
	size_t cell_count;
	int matrix_asked;
	int complete; /* every input was read and judged */
	struct ucm_report_certificate *certificate;
	size_t certificate_count;
	struct ucm_report_reference *used_certificate;
	size_t used_certificate_count;
	struct ucm_report_reference *used_server;
	size_t used_server_count;
	int has_scripts;
	int has_logins;
	struct ucm_report_input *input; /* by name */
	size_t input_count;
	int *client; /* that were judged, ascending */
	size_t client_count;
	/* What a merge may have to add: UCM307 where this run saw no script, UCM118 where it saw no
	 * Login object. */
	struct ucm_report_finding *pending;
	size_t pending_count;
	uint32_t agents; /* the kinds that were judged */
	struct ucm_report_gap *gap;
	size_t gap_count;
	struct ucm_report_change *change;
	size_t change_count;
	int timeline_asked;
	struct ucm_report_impact *impact;
	size_t impact_count;
	const char *impact_title; /* NULL: no such question was asked */
	struct ucm_report_server *server;
	size_t server_count;
	int probed;
	const struct ucm_report_since *since; /* NULL: not asked */
	int exit_code;
};

/* How a text is to look; other formats ignore it. */
struct ucm_report_style {
	int color;
	unsigned width; /* columns of the terminal */
	int terse; /* without source lines and hints */
};

struct ucm_report_format {
	const char *name;
	const char *suffix; /* of a file's name, to guess the format by */
	int needs_matrix; /* shows it whether it was asked for or not */
	/* Returns 0, or -1 without memory. Whether the stream took it all is for the caller to see.
	 */
	int (*write)(
	    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out);
};

/* All formats, ended by a NULL name; the first is the default. */
extern const struct ucm_report_format ucm_report_formats[];
const struct ucm_report_format *ucm_report_format_find(const char *name);

/* The names of a set of agents, "a, b", written to out, cut at its end. */
void ucm_agents_text(uint32_t agents, char *out, size_t size);

/* Whether two cells are of one client, sender and server; and whether the same becomes of them. */
int ucm_same_row(const struct ucm_report_cell *left, const struct ucm_report_cell *right);
int ucm_same_decision(const struct ucm_report_cell *left, const struct ucm_report_cell *right);

/* Whether two texts, which may be NULL, are equal. */
int ucm_same_text(const char *left, const char *right);

/* The severity of that name, in any case; UCM_OFF - 1 where it is none. */
int ucm_severity_find(const char *name);

/* Whether the finding is part of the report's body. */
int ucm_report_shows(const struct ucm_report *report, const struct ucm_report_finding *finding);

int ucm_report_text(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_json(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_sarif(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_junit(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_github(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_gitlab(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_html(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_csv(const struct ucm_report *, const struct ucm_report_style *, FILE *);
int ucm_report_prometheus(const struct ucm_report *, const struct ucm_report_style *, FILE *);

/* The line for people on standard error: how many of what, and what that means. */
void ucm_report_summary(const struct ucm_report *report, FILE *out);

#endif
