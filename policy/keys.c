/*
 * The table of keys.
 */
#include "policy/keys.h"

#include <stddef.h>

#include "policy/text.h"

const struct ucm_key_row ucm_keys[UCM_KEY_COUNT] = {
    [UCM_SMTP_SERVER] = {.name = "SMTP_SERVER", .kind = UCM_KIND_HOST, .is_smtp = 1},
    [UCM_SMTP_FROM_ADDR] = {.name = "SMTP_FROM_ADDR", .kind = UCM_KIND_ADDRESS, .is_smtp = 1},
    /* The default of the port depends on the protocol; this is the one of PLAIN. */
    [UCM_SMTP_PORT] = {.name = "SMTP_PORT",
	.kind = UCM_KIND_NUMBER,
	.is_smtp = 1,
	.low = 1,
	.high = 65535,
	.fallback = 25,
	.since = {21, 0, 7}},
    [UCM_SMTP_PROTOCOL] = {.name = "SMTP_PROTOCOL",
	.kind = UCM_KIND_WORD,
	.is_smtp = 1,
	.words = "STARTTLS TLS PLAIN",
	.since = {21, 0, 10}},
    [UCM_SMTPS_CERT] = {.name = "SMTPS_CERT",
	.kind = UCM_KIND_NAME,
	.is_smtp = 1,
	.since = {24, 0, 0}},
    [UCM_SMTP_LOGIN] = {.name = "SMTP_LOGIN", .kind = UCM_KIND_NAME, .is_smtp = 1},
    [UCM_SMTP_AUTH_METHOD] = {.name = "SMTP_AUTH_METHOD",
	.kind = UCM_KIND_WORD,
	.is_smtp = 1,
	.words = "PASSWORD PLAIN LOGIN SCRAM-SHA-256 XOAUTH2 OAUTHBEARER",
	.since = {24, 4, 0}},
    [UCM_SMTP_REPLY_TO] = {.name = "SMTP_REPLY_TO", .kind = UCM_KIND_ADDRESS, .is_smtp = 1},
    [UCM_SMTP_MAX_ATTACHMENT_SIZE] = {.name = "SMTP_MAX_ATTACHMENT_SIZE",
	.kind = UCM_KIND_NUMBER,
	.is_smtp = 1,
	.low = 400,
	.high = 50000,
	.fallback = 8000},
    [UCM_SMTP_FILE_ATTACHMENT] = {.name = "SMTP_FILE_ATTACHMENT",
	.kind = UCM_KIND_WORD,
	.is_smtp = 1,
	.words = "Y N",
	.since = {24, 0, 0}},
    [UCM_SMTP_TIMEOUT] = {.name = "SMTP_TIMEOUT",
	.kind = UCM_KIND_NUMBER,
	.is_smtp = 1,
	.low = 0,
	.high = 999,
	.fallback = 20},
    [UCM_SEND_MAIL_DEFAULT] = {.name = "SEND_MAIL_DEFAULT", .kind = UCM_KIND_NAME},
};

static int equals(const char *text, size_t length, const char *name)
{
	size_t i = 0;

	while (i < length && name[i] != '\0' && ucm_lower(text[i]) == ucm_lower(name[i]))
		i++;
	return i == length && name[i] == '\0';
}

enum ucm_key ucm_key_find(const char *name)
{
	const char *start;
	size_t length = ucm_trim(name, &start);

	for (int key = 0; key < UCM_KEY_COUNT; key++)
		if (equals(start, length, ucm_keys[key].name))
			return (enum ucm_key)key;
	return UCM_KEY_COUNT;
}
