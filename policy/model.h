/*
 * The model of a system: what the exports of one installation say about mail.
 *
 * xml/ fills it, policy/ reads it. All strings and bytes belong to the system's arena. Objects of
 * no interest for mail are counted and forgotten, so that memory does not grow with the input.
 */
#ifndef UCM_POLICY_MODEL_H
#define UCM_POLICY_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "policy/arena.h"
#include "policy/findings.h"

/* One row of a STATIC variable whose key is SMTP_*, SMTPS_* or SEND_MAIL_DEFAULT. */
struct ucm_row {
	const char *name;    /* as written, blanks included */
	const char *value;   /* as written, blanks included */
	unsigned line;
	unsigned column;     /* of the value */
	unsigned name_column;
	const char *excerpt;
	unsigned excerpt_column; /* of the value */
	struct ucm_row *next;    /* in the order of the file */
};

/* UC_CLIENT_SETTINGS or UC_SMTP_*; also a variable that is called UC_TRUSTEDCERTS (UCM217). */
struct ucm_variable {
	int client;
	const char *name;
	const char *type;    /* data_type: "STATIC", …; "" where it was not told */
	const char *file;
	unsigned line;
	unsigned column;
	const char *excerpt;
	unsigned excerpt_column;
	struct ucm_row *rows;
	struct ucm_row *last_row; /* for appending */
	size_t position;          /* in the system's variable_index */
	int cut;                  /* reading stopped inside: rows may be missing */
	struct ucm_variable *next;
};

/* One resource of the Storage object UC_TRUSTEDCERTS. */
struct ucm_resource {
	const char *name;     /* what SMTPS_CERT refers to */
	const char *resname;  /* name of the payload's file */
	const char *checksum; /* hex SHA-256 as the export says it */
	unsigned line;
	unsigned column;      /* of the name's value */
	const char *excerpt;
	unsigned excerpt_column;
	const unsigned char *payload; /* NULL: not among the inputs (UCM203) */
	size_t payload_size;
	unsigned char sha256[32];     /* of the payload; made by ucm_system_finish() */
	const char *payload_file;
	struct ucm_bundle *bundle;    /* certificates; made by ucm_system_finish() */
	struct ucm_resource *next;
};

/* A Storage object called UC_TRUSTEDCERTS, of any client (UCM214). */
struct ucm_store {
	int client;
	const char *name;
	const char *file;
	unsigned line;
	unsigned column;
	const char *excerpt;
	unsigned excerpt_column;
	int cut; /* reading stopped inside: resources may be missing */
	struct ucm_resource *resources;
	struct ucm_resource *last_resource; /* for appending */
	struct ucm_store *next;
};

/* A Login object. Only its name and the user that its first row keeps matter. */
struct ucm_login {
	int client;
	const char *name;
	const char *user;    /* NULL where the export lacks it */
	struct ucm_login *next;
};

/* One SEND_MAIL call of a script. A NULL argument is absent or not a literal. */
struct ucm_call {
	int client;
	const char *object;
	const char *file;
	unsigned line;
	unsigned column;
	const char *excerpt;
	unsigned excerpt_column;
	const char *server;        /* literal 8th argument, upper case, without UC_SMTP_; "" where absent */
	int server_computed;       /* the 8th argument is there but no literal: not judged */
	unsigned server_line, server_column;
	const char *subject;       /* literal subject */
	int subject_computed;
	unsigned subject_line, subject_column;
	struct ucm_call *next;
};

struct ucm_system {
	struct ucm_arena arena;
	struct ucm_variable *variables;
	struct ucm_store *stores;
	struct ucm_login *logins;
	struct ucm_call *calls;
	struct ucm_findings findings; /* group 0, raised while reading */
	int *clients;                 /* numbers of all clients that an object was seen of, ascending */
	size_t client_count;
	int has_logins;
	int has_scripts;              /* any script was read */
	uint32_t job_agents;          /* bit set of enum ucm_agent named by HostATTR_Type of jobs */
	size_t payload_bytes;         /* kept while reading, for UCM_PAYLOADS_MAX */
	/* of the summary */
	unsigned long long objects, files, bytes;
	/* the ends of the lists, for appending */
	struct ucm_variable *last_variable;
	struct ucm_store *last_store;
	struct ucm_login *last_login;
	struct ucm_call *last_call;
	/* sorted, for look-up; made by ucm_system_finish() */
	struct ucm_variable **variable_index;
	size_t variable_count;
	struct ucm_login **login_index;
	size_t login_count;
};

void ucm_system_init(struct ucm_system *system, const struct ucm_allocator *allocator,
    size_t ceiling);
void ucm_system_free(struct ucm_system *system);

/* Appends in the order of reading; each returns the zeroed new member, or NULL without memory. */
struct ucm_variable *ucm_system_add_variable(struct ucm_system *system);
struct ucm_row *ucm_variable_add_row(struct ucm_system *system, struct ucm_variable *variable);
struct ucm_store *ucm_system_add_store(struct ucm_system *system);
struct ucm_resource *ucm_store_add_resource(struct ucm_system *system, struct ucm_store *store);
struct ucm_login *ucm_system_add_login(struct ucm_system *system);
struct ucm_call *ucm_system_add_call(struct ucm_system *system);

/* Notes that an object of this client was seen; numbers outside 0-9999 are ignored. Returns 0, or
 * -1 without memory. */
int ucm_system_see_client(struct ucm_system *system, int client);

/*
 * To be called once after the last input: removes identical copies of objects, raises UCM005 for
 * copies that differ (the first in the order of files stays), orders every list by (client, name,
 * file, line) whatever the order of the inputs, and digests and parses the payloads. A copy that
 * has a payload lends it to an identical one that lacks it. Returns 0, or -1 without memory.
 */
int ucm_system_finish(struct ucm_system *system);

/* The variable of that name (ASCII case ignored) in that client, or NULL. The look-ups of variables
 * and logins work on a finished system only. */
const struct ucm_variable *ucm_system_variable(const struct ucm_system *system, int client,
    const char *name);

/* UC_TRUSTEDCERTS of that client, or NULL. */
const struct ucm_store *ucm_system_store(const struct ucm_system *system, int client);

/* The Login object of that name in the client, else in client 0, or NULL. */
const struct ucm_login *ucm_system_login(const struct ucm_system *system, int client,
    const char *name);

/* Whether any object of the client is among the inputs. */
int ucm_system_has_client(const struct ucm_system *system, int client);

/* Whether the audit needs a variable of this name. */
int ucm_is_mail_variable(const char *name);

/* Whether a row of this key is kept: SMTP_*, SMTPS_*, SEND_MAIL_DEFAULT, blanks and case ignored. */
int ucm_is_mail_key(const char *name);

#define UCM_CLIENT_SETTINGS_NAME "UC_CLIENT_SETTINGS"
#define UCM_SMTP_PREFIX "UC_SMTP_"
#define UCM_TRUSTEDCERTS_NAME "UC_TRUSTEDCERTS"

#endif
