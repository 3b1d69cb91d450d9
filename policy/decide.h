/*
 * decide(): the one decision of the project.
 *
 * policy-lint calls it for the whole matrix, libucmail for one cell. Pure: no I/O, no clock.
 */
#ifndef UCM_POLICY_DECIDE_H
#define UCM_POLICY_DECIDE_H

#include <stdint.h>

#include "policy/agents.h"
#include "policy/cert.h"
#include "policy/keys.h"
#include "policy/model.h"

enum ucm_verdict { UCM_REFUSE, UCM_PLAIN, UCM_OPPORTUNISTIC, UCM_FORCED };

enum ucm_sender { UCM_NOTIFICATION, UCM_SEND_MAIL };

struct ucm_query {
	int client;
	enum ucm_sender sender;
	const char *server;          /* <SERVER> of UC_SMTP_<SERVER>; NULL or "": none */
	enum ucm_agent agent;
	struct ucm_release release;  /* {0}: newest */
	enum ucm_profile profile;
	int64_t at;                  /* seconds since 1970 */
	unsigned expires_within;     /* days, for UCM208 */
	const char *without_cert;    /* judged as if this resource were gone; NULL: none */
};

/* One effective setting and where it came from. row == NULL: unset, the default holds; so too for
 * the settings that an agent without TLS ignores. */
struct ucm_setting {
	const struct ucm_row *row;
	const struct ucm_variable *variable;
	const char *text;            /* trimmed value, or NULL */
};

/* How STARTTLS or TLS is done on the wire. */
enum ucm_tls_mode { UCM_TLS_NONE, UCM_TLS_IMPLICIT, UCM_TLS_STARTTLS };

struct ucm_decision {
	struct ucm_query query;
	enum ucm_verdict verdict;
	enum ucm_tls_mode tls_mode;
	int starttls_optional;       /* opportunistic: clear text without AUTH if it is not offered */
	const char *server_variable; /* "UC_SMTP_X", or NULL */
	struct ucm_setting setting[UCM_KEY_COUNT];
	const char *host;            /* NULL where missing */
	unsigned port;
	const char *protocol;        /* "PLAIN", "STARTTLS", "TLS": what is really used */
	const char *from;            /* the address alone */
	const char *from_header;     /* as configured: may be "Name <address>" */
	const char *reply_to;        /* or NULL */
	const char *login;           /* name of the Login object, or NULL; ignored ones are NULL */
	const char *login_user;      /* what the Login object keeps as user name, or NULL */
	const char *auth_method;     /* upper case, default "PASSWORD" */
	unsigned timeout_s;          /* 0: the time-outs of RFC 5321 section 4.5.3.2 */
	unsigned max_report_bytes;
	int file_attachments;        /* SMTP_FILE_ATTACHMENT is not N */
	const struct ucm_resource *resource; /* what SMTPS_CERT resolved to, or NULL */
	const struct ucm_cert **trusted;     /* certificates of it that are good and so trusted */
	size_t trusted_count;
	struct ucm_findings findings; /* all that touch this policy, sorted */
	enum ucm_rule refused_by;     /* lowest rule that refuses; UCM_RULE_COUNT: none */
	/* The query names what is not there: UCM_REFUSE without findings and refused_by. */
	int unknown_client;          /* no object of the client is among the inputs */
	int unknown_server;          /* no UC_SMTP_<SERVER> in the client or in client 0 */
	int unknown_agent;           /* the release has no such kind */
};

/*
 * Decides. The findings are exactly those that touch this policy; UCM007 among them refuses too.
 * A server of a notification is ignored. The system must be finished. `arena` holds what the
 * decision allocates and must outlive it. Returns 0, or -1 without memory (then the verdict is UCM_REFUSE).
 */
int ucm_decide(const struct ucm_system *system, const struct ucm_query *query,
    struct ucm_arena *arena, struct ucm_decision *ret);

/* "refuse", "plain", "opportunistic", "forced" */
const char *ucm_verdict_name(enum ucm_verdict verdict);
const char *ucm_sender_name(enum ucm_sender sender); /* "notification", "send_mail" */

#endif
