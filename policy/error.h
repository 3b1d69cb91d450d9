/*
 * The one error type: a class, the rule of the audit where one applies, and the reason in words.
 *
 * Every function that can fail takes a struct ucm_error and fills it once; the first reason wins,
 * because it is the nearest to the cause.
 */
#ifndef UCM_POLICY_ERROR_H
#define UCM_POLICY_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#include "policy/limits.h"

/* Classes carry the numbers of sysexits.h, so that a tool's exit code is the class itself. */
enum ucm_class {
	UCM_CLASS_OK = 0,
	UCM_CLASS_USAGE = 64,    /* a wrong call or option */
	UCM_CLASS_MESSAGE = 65,  /* a bad message or address */
	UCM_CLASS_INPUT = 66,    /* a system that cannot be read */
	UCM_CLASS_REJECTED = 69, /* refused for good by the server */
	UCM_CLASS_MEMORY = 71,   /* no memory, or the ceiling of the handle */
	UCM_CLASS_IO = 74,       /* a local file */
	UCM_CLASS_AGAIN = 75,    /* try again later */
	UCM_CLASS_PROTOCOL = 76, /* the server broke the protocol */
	UCM_CLASS_TRUST = 77,    /* login or trust failed on the wire */
	UCM_CLASS_POLICY = 78    /* the policy refuses */
};

struct ucm_error {
	enum ucm_class class;
	int timed_out; /* the class is AGAIN because of a time-out (SEND_MAIL's code 50012) */
	char rule[8];  /* "UCM105", or empty */
	char text[UCM_ERROR_TEXT_MAX];
};

/*
 * Records a reason unless one is there already. The text is cut at UCM_ERROR_TEXT_MAX between
 * characters, and cleaned (ucm_text_clean()). Returns -1, so that a caller can write "return
 * ucm_fail(…)".
 */
int ucm_fail(struct ucm_error *error, enum ucm_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of the class MEMORY. */
int ucm_out_of_memory(struct ucm_error *error);

/* Forgets the reason, for a new operation on the same handle. */
void ucm_error_clear(struct ucm_error *error);

/* The one of two statuses that outranks the other: what a whole of several ends with. */
int ucm_worse(int left, int right);

/*
 * The system's words for an errno, by whichever of the two strerror_r() there is. They may stand in
 * room (size octets) or be constant; never NULL.
 */
const char *ucm_errno_text(int number, char *room, size_t size);

#endif
