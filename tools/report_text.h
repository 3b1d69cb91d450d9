/*
 * Parts of the text report.
 */
#ifndef UCM_TOOLS_REPORT_TEXT_H
#define UCM_TOOLS_REPORT_TEXT_H

#include "tools/report.h"

#define UCM_TEXT_BOLD "\033[1m"
#define UCM_TEXT_DIM "\033[2m"
#define UCM_TEXT_RED "\033[31;1m"
#define UCM_TEXT_YELLOW "\033[33;1m"
#define UCM_TEXT_GREEN "\033[32m"
#define UCM_TEXT_CYAN "\033[36m"
#define UCM_TEXT_PLAIN "\033[0m"

/* What --matrix adds: the decision of each cell, for agents that fare alike in one line. */
void ucm_text_matrix(
    const struct ucm_report *report, const struct ucm_report_style *style, FILE *out);

#endif
