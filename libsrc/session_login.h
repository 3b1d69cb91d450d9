/*
 * The login: asks the caller for the secret, only now, and hands it to the mechanism.
 */
#ifndef UCM_LIBSRC_SESSION_LOGIN_H
#define UCM_LIBSRC_SESSION_LOGIN_H

#include "session.h"

/* To be called when the SMTP machine wants LOGIN: TLS is verified, or the mechanism keeps the
 * secret (or the caller allowed it). 0, or -1 with error (POLICY where there is no secret or user).
 */
int ucm_session_login(struct ucm_session *session, struct ucm_error *error);

#endif
