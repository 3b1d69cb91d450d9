/*
 * The keys of UC_CLIENT_SETTINGS and UC_SMTP_<SERVER>: type, range, default, release.
 */
#ifndef UCM_POLICY_KEYS_H
#define UCM_POLICY_KEYS_H

#include "policy/agents.h"

enum ucm_key {
	UCM_SMTP_SERVER, UCM_SMTP_FROM_ADDR, UCM_SMTP_PORT, UCM_SMTP_PROTOCOL, UCM_SMTPS_CERT,
	UCM_SMTP_LOGIN, UCM_SMTP_AUTH_METHOD, UCM_SMTP_REPLY_TO, UCM_SMTP_MAX_ATTACHMENT_SIZE,
	UCM_SMTP_FILE_ATTACHMENT, UCM_SMTP_TIMEOUT, UCM_SEND_MAIL_DEFAULT,
	UCM_KEY_COUNT
};

enum ucm_key_kind { UCM_KIND_HOST, UCM_KIND_ADDRESS, UCM_KIND_NUMBER, UCM_KIND_WORD, UCM_KIND_NAME };

struct ucm_key_row {
	const char *name;
	unsigned char kind;          /* enum ucm_key_kind */
	unsigned char is_smtp;       /* counts as an SMTP setting for the fall-back to client 0 */
	unsigned low, high;          /* of a number */
	unsigned fallback;           /* default of a number */
	const char *words;           /* of a word: "STARTTLS TLS PLAIN" */
	struct ucm_release since;    /* {0}: always */
};

extern const struct ucm_key_row ucm_keys[UCM_KEY_COUNT];

/* Blanks around and case ignored; UCM_KEY_COUNT where the key is not known. */
enum ucm_key ucm_key_find(const char *name);

#endif
