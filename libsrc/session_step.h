/*
 * Between the parts of a connection: its life (session.c) and its steps (session_step.c).
 */
#ifndef UCM_LIBSRC_SESSION_STEP_H
#define UCM_LIBSRC_SESSION_STEP_H

#include "session.h"

/* One step in any phase. 1: go on; 0: session->wants says what is waited for; -1 with error. */
int ucm_session_step(struct ucm_session *session, struct ucm_error *error);

/* Reads and feeds once. 1: something came; 0: nothing now; -1: the connection is over. */
int ucm_session_take(struct ucm_session *session, struct ucm_error *error);

/* Writes the output. 1: all is out; 0: blocked; -1 with error: lost. */
int ucm_session_flush(struct ucm_session *session, struct ucm_error *error);

/* Tells the watcher where the connection has come to. */
void ucm_session_watch(struct ucm_session *session);

#endif
