/*
 * The members of a JSON report that are plain values: tables for both its writer and its reader.
 */
#ifndef UCM_TOOLS_REPORT_MEMBERS_H
#define UCM_TOOLS_REPORT_MEMBERS_H

#include "tools/json_member.h"

extern const struct ucm_member ucm_place_members[]; /* struct ucm_place */
extern const struct ucm_member ucm_excerpt_members[]; /* struct ucm_place */
extern const struct ucm_member ucm_suppression_members[]; /* struct ucm_report_finding */
extern const struct ucm_member ucm_source_members[]; /* struct ucm_report_source */
extern const struct ucm_member ucm_policy_members[]; /* struct ucm_report_policy */
extern const struct ucm_member ucm_trusted_members[]; /* struct ucm_report_policy */
extern const struct ucm_member ucm_cell_members[]; /* struct ucm_report_cell */
extern const struct ucm_member ucm_certificate_members[]; /* struct ucm_report_certificate */
extern const struct ucm_member ucm_reference_members[]; /* struct ucm_report_reference */
extern const struct ucm_member ucm_gap_members[]; /* struct ucm_report_gap */
extern const struct ucm_member ucm_change_members[]; /* struct ucm_report_change */
extern const struct ucm_member ucm_impact_members[]; /* struct ucm_report_impact */
extern const struct ucm_member ucm_input_members[]; /* struct ucm_report_input */
extern const struct ucm_member ucm_server_members[]; /* struct ucm_report_server */
extern const struct ucm_member ucm_summary_members[]; /* struct ucm_report_summary */

#endif
