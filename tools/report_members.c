/*
 * What a JSON report holds of each thing.
 */
#include "config.h"

#include "tools/report_members.h"

#include "tools/report.h"

#define MEMBER(row, field, kind)                                                                   \
	{                                                                                          \
#field, UCM_MEMBER_##kind, offsetof(struct row, field)                             \
	}
#define END                                                                                        \
	{                                                                                          \
		NULL, UCM_MEMBER_TEXT, 0                                                           \
	}

const struct ucm_member ucm_place_members[] = {
    MEMBER(ucm_place, client, CLIENT),
    MEMBER(ucm_place, object, TEXT),
    MEMBER(ucm_place, key, TEXT),
    MEMBER(ucm_place, file, TEXT),
    MEMBER(ucm_place, line, POSITION),
    MEMBER(ucm_place, column, POSITION),
    END,
};

const struct ucm_member ucm_excerpt_members[] = {
    {"text", UCM_MEMBER_TEXT, offsetof(struct ucm_place, excerpt)},
    {"column", UCM_MEMBER_POSITION, offsetof(struct ucm_place, excerpt_column)},
    END,
};

const struct ucm_member ucm_suppression_members[] = {
    {"name", UCM_MEMBER_STRING, offsetof(struct ucm_report_finding, suppression)},
    MEMBER(ucm_report_finding, reason, STRING),
    MEMBER(ucm_report_finding, owner, STRING),
    MEMBER(ucm_report_finding, expires, WORDS),
    END,
};

const struct ucm_member ucm_source_members[] = {
    MEMBER(ucm_report_source, client, CLIENT),
    MEMBER(ucm_report_source, object, TEXT),
    MEMBER(ucm_report_source, file, TEXT),
    MEMBER(ucm_report_source, line, POSITION),
    MEMBER(ucm_report_source, value, TEXT),
    END,
};

const struct ucm_member ucm_policy_members[] = {
    MEMBER(ucm_report_policy, client, CLIENT),
    MEMBER(ucm_report_policy, via, WORDS),
    MEMBER(ucm_report_policy, server_variable, TEXT),
    MEMBER(ucm_report_policy, agent, AGENT),
    MEMBER(ucm_report_policy, decision, WORDS),
    MEMBER(ucm_report_policy, host, TEXT),
    MEMBER(ucm_report_policy, port, POSITION),
    MEMBER(ucm_report_policy, protocol, TEXT),
    MEMBER(ucm_report_policy, from, TEXT),
    MEMBER(ucm_report_policy, reply_to, TEXT),
    MEMBER(ucm_report_policy, login, TEXT),
    MEMBER(ucm_report_policy, timeout_s, NUMBER),
    MEMBER(ucm_report_policy, max_report_bytes, NUMBER),
    MEMBER(ucm_report_policy, refused_by, RULE),
    END,
};

const struct ucm_member ucm_trusted_members[] = {
    {"name", UCM_MEMBER_TEXT, offsetof(struct ucm_report_policy, certificate)},
    MEMBER(ucm_report_policy, sha256, WORDS),
    MEMBER(ucm_report_policy, subject, TEXT),
    MEMBER(ucm_report_policy, not_after, TEXT),
    END,
};

const struct ucm_member ucm_cell_members[] = {
    MEMBER(ucm_report_cell, client, CLIENT),
    MEMBER(ucm_report_cell, via, WORDS),
    MEMBER(ucm_report_cell, server_variable, TEXT),
    MEMBER(ucm_report_cell, agent, AGENT),
    MEMBER(ucm_report_cell, decision, WORDS),
    MEMBER(ucm_report_cell, host, TEXT),
    MEMBER(ucm_report_cell, port, POSITION),
    MEMBER(ucm_report_cell, protocol, TEXT),
    MEMBER(ucm_report_cell, certificate, TEXT),
    MEMBER(ucm_report_cell, refused_by, RULE),
    END,
};

const struct ucm_member ucm_certificate_members[] = {
    MEMBER(ucm_report_certificate, name, STRING),
    MEMBER(ucm_report_certificate, index, NUMBER),
    MEMBER(ucm_report_certificate, subject, STRING),
    MEMBER(ucm_report_certificate, sha256, WORDS),
    MEMBER(ucm_report_certificate, not_before, TIME),
    MEMBER(ucm_report_certificate, not_after, TIME),
    MEMBER(ucm_report_certificate, used, BOOL),
    END,
};

const struct ucm_member ucm_reference_members[] = {
    MEMBER(ucm_report_reference, client, CLIENT),
    MEMBER(ucm_report_reference, name, STRING),
    END,
};

const struct ucm_member ucm_gap_members[] = {
    MEMBER(ucm_report_gap, what, WORDS),
    MEMBER(ucm_report_gap, why, WORDS),
    MEMBER(ucm_report_gap, client, CLIENT),
    MEMBER(ucm_report_gap, object, TEXT),
    MEMBER(ucm_report_gap, file, TEXT),
    MEMBER(ucm_report_gap, line, POSITION),
    END,
};

const struct ucm_member ucm_change_members[] = {
    MEMBER(ucm_report_change, at, TIME),
    MEMBER(ucm_report_change, what, WORDS),
    MEMBER(ucm_report_change, name, STRING),
    MEMBER(ucm_report_change, text, STRING),
    MEMBER(ucm_report_change, policies, NUMBER),
    END,
};

const struct ucm_member ucm_impact_members[] = {
    MEMBER(ucm_report_impact, outcome, WORDS),
    MEMBER(ucm_report_impact, client, CLIENT),
    MEMBER(ucm_report_impact, via, WORDS),
    MEMBER(ucm_report_impact, server_variable, TEXT),
    MEMBER(ucm_report_impact, agents, AGENTS),
    MEMBER(ucm_report_impact, decision, TEXT),
    MEMBER(ucm_report_impact, refused_by, RULE),
    MEMBER(ucm_report_impact, other_decision, TEXT),
    MEMBER(ucm_report_impact, other_refused_by, RULE),
    MEMBER(ucm_report_impact, text, TEXT),
    END,
};

const struct ucm_member ucm_input_members[] = {
    MEMBER(ucm_report_input, file, STRING),
    MEMBER(ucm_report_input, objects, TOTAL),
    MEMBER(ucm_report_input, files, TOTAL),
    MEMBER(ucm_report_input, bytes, TOTAL),
    END,
};

const struct ucm_member ucm_server_members[] = {
    MEMBER(ucm_report_server, host, STRING),
    MEMBER(ucm_report_server, port, POSITION),
    MEMBER(ucm_report_server, protocol, STRING),
    MEMBER(ucm_report_server, certificate, TEXT),
    MEMBER(ucm_report_server, verdict, STRING),
    MEMBER(ucm_report_server, reason, STRING),
    MEMBER(ucm_report_server, address, STRING),
    MEMBER(ucm_report_server, mode, STRING),
    MEMBER(ucm_report_server, version, STRING),
    MEMBER(ucm_report_server, cipher, STRING),
    MEMBER(ucm_report_server, subject, STRING),
    MEMBER(ucm_report_server, issuer, STRING),
    MEMBER(ucm_report_server, not_after, STRING),
    END,
};

const struct ucm_member ucm_summary_members[] = {
    MEMBER(ucm_report_summary, error, SIZE),
    MEMBER(ucm_report_summary, warning, SIZE),
    MEMBER(ucm_report_summary, info, SIZE),
    MEMBER(ucm_report_summary, clients, SIZE),
    MEMBER(ucm_report_summary, objects, TOTAL),
    MEMBER(ucm_report_summary, files, TOTAL),
    MEMBER(ucm_report_summary, bytes, TOTAL),
    MEMBER(ucm_report_summary, suppressed, SIZE),
    MEMBER(ucm_report_summary, baselined, SIZE),
    END,
};
