/*
 * SEND_MAIL calls in the product's script language.
 *
 *   :SET &RET# = SEND_MAIL("a@b.example", , "Subject", "Text", , , , "MYSERVER1")
 *
 * Statements begin with ':' (a call may stand alone too), comments with '!', blanks before either
 * aside; other lines are data for the target system. Strings stand in " or ', doubled inside for
 * one. A line that ends in a blank and '_' goes on in the next one, and so does an open SEND_MAIL(
 * unless the next line is a statement. Names ignore case.
 */
#ifndef UCM_XML_SCRIPT_H
#define UCM_XML_SCRIPT_H

#include <stddef.h>

/*
 * One argument. Variables (&X#, {VARA,key}), calls and concatenations are computed. The text lives
 * as long as the callback runs, and is cut at UCM_SCRIPT_ARG_MAX bytes.
 */
struct ucm_script_argument {
	const char *text; /* the literal; "" where it is absent or computed */
	int computed;
	unsigned line; /* of its first character, quote included; 0 where it is absent */
	unsigned column;
};

/* Lines count from 1 within the script, columns in characters from 1. */
struct ucm_script_call {
	unsigned line, column; /* of the name */
	const char *name; /* its place in the text */
	struct ucm_script_argument subject;
	struct ucm_script_argument attachment;
	struct ucm_script_argument server; /* MYSERVER, upper case, blanks around removed */
	int attachment_commas; /* the attachment is a literal with ',', the separator before 12.0 */
};

/*
 * Calls `found` for each call in the order of their ends; text is UTF-8. Stops where it returns
 * non-zero, and returns that; else 0. Linear in length, constant memory.
 */
int ucm_script_scan(const char *text, size_t length,
    int (*found)(const struct ucm_script_call *call, void *arg), void *arg);

#endif
