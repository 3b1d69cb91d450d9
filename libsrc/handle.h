/*
 * The handle: every byte of state that the library has.
 */
#ifndef UCM_LIBSRC_HANDLE_H
#define UCM_LIBSRC_HANDLE_H

#include "policy/decide.h"
#include "policy/error.h"
#include "ucmail.h"

/* HOST:PORT:ADDR:PORT of --connect-to; empty host or port 0 match all. */
struct ucm_connect_to {
	char *host;
	unsigned port;
	char *address;
	unsigned to_port; /* 0: as it is */
	struct ucm_connect_to *next;
};

struct ucm {
	struct ucm_allocator allocator; /* with the ceiling of UCM_MEMORY_LIMIT around the caller's */
	struct ucm_options options;     /* callbacks */
	char *text[UCM_MODULE_DIR + 1];     /* by enum ucm_text_item; NULL: default */
	long number[UCM_WINDOW + 1];        /* by enum ucm_number_item; -1: default */
	char **input;
	size_t input_count;
	struct ucm_connect_to *connect_to;
	struct ucm_error error;

	struct ucm_system *system;      /* NULL until read */
	int system_takes_client;        /* 1: the system was read with UCM_CLIENT as the client of objects
	                                   that nothing else tells, so it depends on that item */
	struct ucm_arena decision_arena;
	struct ucm_decision decision;
	int decided;

	struct ucm_session *session;    /* the connection; NULL until the first send */
	struct ucm_send *send;          /* the send that is under way, or NULL */
	struct ucm_message *messages;   /* all that were not freed */
	struct ucm_outcome *outcomes;   /* all that were not freed */
	size_t memory_used;             /* for UCM_MEMORY_LIMIT */
	struct ucm_policy_view *view;   /* what ucm_policy_*() hand out; in decision_arena */
};

/*
 * Memory of the handle. ucm_handle_resize(h, NULL, n), (h, p, n), (h, p, 0) as the allocator. Every
 * block is counted against UCM_MEMORY_LIMIT and wiped before it goes back to the caller's memory.
 * On failure the old block stands as it was.
 */
void *ucm_handle_resize(struct ucm *handle, void *old, size_t size);
/* A copy; NULL without memory. */
char *ucm_handle_copy(struct ucm *handle, const char *text);
/* Frees *slot and sets it to NULL. */
void ucm_handle_release(struct ucm *handle, char **slot);

/* Seconds since 1970 by the caller's clock. */
int64_t ucm_handle_now(const struct ucm *handle);

/* Reads the inputs (snapshot, or exports through the XML module). 0, or -1 with handle->error. */
int ucm_handle_read_system(struct ucm *handle);

/*
 * Reads and decides if that has not been done. 0 where a policy stands in handle->decision, also
 * a refusing one; -1 with handle->error (INPUT, MEMORY, POLICY where nothing can be decided).
 */
int ucm_handle_decide(struct ucm *handle);

/* After ucm_handle_decide(): -1 with error (POLICY, rule, reason) where the policy refuses. */
int ucm_handle_refuses(struct ucm *handle, struct ucm_error *error);

/* -1 with error (USAGE) while a send is under way: nothing that it depends on may change. */
int ucm_handle_check_idle(struct ucm *handle);

/* Forgets the decision alone: nothing may refer to it any more. */
void ucm_handle_forget_decision(struct ucm *handle);

/*
 * Forget what was decided (and read): for an item that it depended on. The connection is closed,
 * because it was opened under the old policy.
 */
void ucm_handle_forget_policy(struct ucm *handle);
void ucm_handle_forget_system(struct ucm *handle);

/* The rule of ucm_add_connect_to() that covers host and port: the first that was added; or NULL. */
const struct ucm_connect_to *ucm_handle_connect_to(const struct ucm *handle, const char *host,
    unsigned port);
void ucm_handle_free_connect_to(struct ucm *handle);

/*
 * The finding's place, message and hint as the reason, with its rule. A reason that is there
 * already stays. Returns -1.
 */
int ucm_fail_finding(struct ucm_error *error, enum ucm_class class,
    const struct ucm_finding *finding);

/* An item of text as it is in effect: the default where none was set; NULL where there is none. */
const char *ucm_handle_text(const struct ucm *handle, enum ucm_text_item item);

/* Of policy_view.c: makes handle->view of handle->decision. 0, or -1 without memory. */
int ucm_handle_make_view(struct ucm *handle);

/* Of the engine: closes and frees the connection and the send under way. NULL members are fine. */
void ucm_session_free(struct ucm *handle);
/* Of the engine: closes the connection, sends and all, if the message is among what is being sent:
 * half a message must never look whole. */
void ucm_send_give_up(struct ucm *handle, const struct ucm_message *message);
/* Whether the message is among what is being sent, and not decided yet. */
int ucm_send_is_under_way(const struct ucm *handle, const struct ucm_message *message);
/* Of the messages and outcomes: frees all that are left. */
void ucm_messages_free_all(struct ucm *handle);
void ucm_outcomes_free_all(struct ucm *handle);

#endif
