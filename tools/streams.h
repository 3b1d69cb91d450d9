/*
 * Standard streams of a program that was started without them.
 */
#ifndef UCM_TOOLS_STREAMS_H
#define UCM_TOOLS_STREAMS_H

/*
 * Takes the numbers of standard streams that are closed, so that no connection and no file gets one
 * of them, and with it what is meant for people. Reading and writing there still fails. To be
 * called before anything is opened. 0, or -1.
 */
int ucm_streams_hold(void);

#endif
