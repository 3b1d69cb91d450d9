/*
 * The parts of the audit.
 */
#ifndef UCM_POLICY_AUDIT_PARTS_H
#define UCM_POLICY_AUDIT_PARTS_H

#include "policy/audit.h"

/* Lists every policy of the system. 0, or -1 without memory. */
int ucm_audit_cells(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit);

/* The rules that look at the system as a whole, not at one policy: UCM203 to UCM210, UCM212 and
 * UCM215 of certificates that nobody refers to, UCM213, UCM214, UCM217, UCM306 to UCM309. */
int ucm_audit_store(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit);
int ucm_audit_scripts(const struct ucm_system *system, const struct ucm_audit_options *options,
    struct ucm_audit *audit);

/* The <SERVER> of UC_SMTP_<SERVER>, or NULL where the variable is another one. */
const char *ucm_server_of(const struct ucm_variable *variable);

#endif
