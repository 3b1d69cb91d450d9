/*
 * The ucmail-sendmail program inside: its options, its configuration, the message that it is given.
 */
#ifndef UCM_TOOLS_SENDMAIL_H
#define UCM_TOOLS_SENDMAIL_H

#include <stddef.h>

#include "policy/arena.h"
#include "policy/error.h"
#include "tools/secret.h"
#include "ucmail.h"

#define UCM_SENDMAIL_CONF "/etc/ucmail/sendmail.conf"
#define UCM_SENDMAIL_CONF_MAX 65536 /* a page of keys is under 1 kB */
#define UCM_SENDMAIL_MESSAGE_MAX                                                                   \
	((size_t)64 * 1024 * 1024) /* held in memory; `ucmail send -A` streams */

/* ---- The command line --------------------------------------------------------------------- */

struct ucm_sendmail_options {
	int from_header; /* -t: recipients are those of To, Cc and Bcc, too */
	int dots; /* -i, -oi: a lone dot does not end the message */
	int verbose; /* -v */
	int help; /* --help */
	int version; /* --version */
	const char *sender; /* -f, -r: NULL where not given */
	const char *name; /* -F */
	const char *dsn; /* -N */
	const char *envelope_id; /* -V */
	char **recipient; /* of argv */
	int recipient_count;
};

/*
 * Reads the command line. What a sendmail has and this program does not do is refused, what it does
 * not know is ignored. 0, or -1 with error (USAGE). The strings stay those of argv.
 */
int ucm_sendmail_parse(
    int argc, char **argv, struct ucm_sendmail_options *ret, struct ucm_error *error);

/* ---- The configuration -------------------------------------------------------------------- */

struct ucm_sendmail_config {
	const char *file; /* where it came from */
	int by_default; /* it names no input */
	const char *domain; /* for names without one; NULL: not set */
	const char *local_to; /* who gets mail for names without a domain; NULL: not set */
	struct ucm_secrets secrets;
};

/*
 * Reads the file and sets the handle's items. `file` NULL: UCM_SENDMAIL_CONF, which need not exist.
 * The texts belong to the arena. 0, or -1 with error.
 */
int ucm_sendmail_configure(struct ucm_sendmail_config *config, struct ucm *handle, const char *file,
    struct ucm_arena *arena, struct ucm_error *error);

/* ---- The header --------------------------------------------------------------------------- */

struct ucm_header_field {
	const char *lines; /* as they were, each with LF */
	size_t size;
	const char *name;
	const char *value; /* unfolded, without blanks around it */
	struct ucm_header_field *next;
};

struct ucm_header {
	struct ucm_arena *arena;
	struct ucm_header_field *first, **last;
};

/*
 * Reads the fields at the beginning of a message and returns where its body begins: behind the
 * empty line, or at the first line that is no field. An mbox line "From …" before them is dropped.
 * Without memory the arena says so.
 */
size_t ucm_header_read(
    struct ucm_header *header, struct ucm_arena *arena, const char *bytes, size_t size);

/* The first field of that name, case ignored, or NULL. */
struct ucm_header_field *ucm_header_find(const struct ucm_header *header, const char *name);
/* Removes all fields of that name. */
void ucm_header_drop(struct ucm_header *header, const char *name);
/* Adds a field at the end. The value may be folded ("\n " inside). */
void ucm_header_add(struct ucm_header *header, const char *name, const char *value);
/* Gives a field another value, in its place. */
void ucm_header_change(
    struct ucm_header *header, struct ucm_header_field *field, const char *value);

/* ---- Addresses ---------------------------------------------------------------------------- */

/*
 * Completes the names without a domain in a list of addresses, as the configuration says. Returns
 * the list itself where it needs nothing, else a copy, folded between its members; NULL with error
 * (MESSAGE, MEMORY) where the configuration says nothing. What is no address is left for the
 * library to judge.
 */
const char *ucm_sendmail_qualify(const char *list, const struct ucm_sendmail_config *config,
    struct ucm_arena *arena, struct ucm_error *error);

/*
 * Puts the policy's sender into the header: `sender` is SMTP_FROM_ADDR, `reply_to` SMTP_REPLY_TO or
 * NULL. Who was asked for by From or -f goes into Reply-To, unless something is there.
 * 0, or -1 with error.
 */
int ucm_sendmail_set_sender(struct ucm_header *header, const struct ucm_sendmail_options *options,
    const struct ucm_sendmail_config *config, const char *sender, const char *reply_to,
    struct ucm_error *error);

/* ---- The message -------------------------------------------------------------------------- */

struct ucm_input {
	char *bytes; /* freed by the owner */
	size_t size;
};

/* Reads standard input, to a lone dot unless `dots`. 0, or -1 with error. */
int ucm_sendmail_read(struct ucm_input *input, int dots, struct ucm_error *error);

/*
 * Makes the message of the input: header completed, body encoded where SMTP could not carry it as
 * it is, recipients set. The policy must be decided. 0, or -1 with error.
 */
int ucm_sendmail_fill(struct ucm_message *message, struct ucm *handle,
    const struct ucm_sendmail_options *options, const struct ucm_sendmail_config *config,
    const struct ucm_input *input, struct ucm_error *error);

#endif
