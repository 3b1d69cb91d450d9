/*
 * The parts of the HTML report: one file, no script, nothing fetched.
 */
#ifndef UCM_TOOLS_REPORT_HTML_H
#define UCM_TOOLS_REPORT_HTML_H

#include "tools/report.h"

#define UCM_HTML_CLIENTS_MAX 200 /* clients that get a filter of their own */

/* Everything between <style> and </style>. */
extern const char ucm_html_style[];
/* What differs on small screens and on paper. */
extern const char ucm_html_style_small[];

/* Clients that have a finding in the report's body, ascending, at most UCM_HTML_CLIENTS_MAX; the
 * inputs, without a client, are -1. */
size_t ucm_html_clients(const struct ucm_report *report, int clients[UCM_HTML_CLIENTS_MAX]);

void ucm_html_findings(const struct ucm_report *report, FILE *out);
void ucm_html_matrix(const struct ucm_report *report, FILE *out);
void ucm_html_certificates(const struct ucm_report *report, FILE *out);
void ucm_html_questions(const struct ucm_report *report, FILE *out);

/* "0100", or "inputs" */
void ucm_html_client(int client, FILE *out);

/* Text in an element: <element>text</element>; a dash where it is NULL or empty. */
void ucm_html_cell(const char *element, const char *text, FILE *out);

#endif
