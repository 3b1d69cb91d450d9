/*
 * The library as a plug-in has it: loaded by dlopen(), with one handle, and gone again.
 */
#ifndef UCM_TESTS_PROCESS_LOADED_H
#define UCM_TESTS_PROCESS_LOADED_H

struct ucm;

struct loaded {
	void *object;
	struct ucm *handle;
};

/* Loads the library of this path, and has a handle of it decide client 100's policy. Nothing is
 * linked: whoever calls need not have the library. The reason of a failure goes to standard error.
 * Returns 0 or -1; then too loaded_close() is to be called. */
int loaded_open(
    struct loaded *loaded, const char *library, const char *snapshot, const char *connect_to);

/* Sends one mail. Returns its status. */
int loaded_send(struct loaded *loaded);

/* Ends the handle and closes the library; -1 where it cannot be closed. */
int loaded_close(struct loaded *loaded);

#endif
