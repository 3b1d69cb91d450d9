/*
 * Why each rule matters, with examples.
 *
 * An example is a few rows "KEY = value" of UC_CLIENT_SETTINGS in client 100; "[0100 UC_SMTP_X]"
 * and the like begin another object. A value of UC_TRUSTEDCERTS is the file that is uploaded;
 * without that section, client 0 holds a good CA certificate as MAIL_CA. "[options]" stands for the
 * command line, "[0100 SCRIPT]" for the lines of a script.
 */
#include "config.h"

#include "tools/lint_examples.h"

#define MAIL "SMTP_SERVER = mail.example.com\nSMTP_FROM_ADDR = automation@example.com\n"
#define TLS MAIL "SMTP_PROTOCOL = TLS\nSMTPS_CERT = MAIL_CA\n"

/* clang-format off */
const struct ucm_rule_example ucm_rule_examples[UCM_RULE_COUNT] = {
    [UCM001] = {
	"What is not well-formed cannot be read to its end, and what stands behind the break "
	"could change every verdict.",
	NULL,
	NULL,
    },
    [UCM002] = {
	"A document type or an entity can make a reader fetch files or fill the memory. Exports "
	"need neither.",
	NULL,
	NULL,
    },
    [UCM003] = {
	"A file that is no export holds no objects: it is told, so that nobody believes it was "
	"judged.",
	NULL,
	NULL,
    },
    [UCM004] = {
	"Settings hold for one client. Without it, neither the settings nor what inherits from "
	"them can be judged.",
	NULL,
	NULL,
    },
    [UCM005] = {
	"Two copies of one object that differ cannot both be what is in the system, and a guess "
	"would be a false verdict.",
	NULL,
	NULL,
    },
    [UCM006] = {
	"What could not be read may say anything. An audit that passes it over in silence is "
	"worth nothing.",
	NULL,
	NULL,
    },
    [UCM007] = {
	"Settings may come from client 0, and certificates always do. Without client 0, the "
	"verdict would be a guess.",
	NULL,
	NULL,
    },
    [UCM101] = {
	"Without a server there is nobody to hand the mail to: every notification and every "
	"SEND_MAIL fails.",
	"SMTP_FROM_ADDR = automation@example.com\n",
	MAIL,
    },
    [UCM102] = {
	"A mail must have a sender: servers refuse it, and a failed delivery has nobody to go "
	"back to.",
	"SMTP_SERVER = mail.example.com\n",
	MAIL,
    },
    [UCM103] = {
	"A server refuses an envelope with a malformed address, or worse, delivers it "
	"elsewhere.",
	"SMTP_SERVER = mail.example.com\n" "SMTP_FROM_ADDR = automation at example.com\n",
	MAIL,
    },
    [UCM104] = {
	"A word that the product does not know is no protection: what it does then is not "
	"documented.",
	MAIL "SMTP_PROTOCOL = STARTLS\n" "SMTPS_CERT = MAIL_CA\n",
	TLS,
    },
    [UCM105] = {
	"The certificate that SMTPS_CERT names is all that the connection trusts. Without one, "
	"nobody can be verified.",
	MAIL "SMTP_PROTOCOL = TLS\n",
	TLS,
    },
    [UCM106] = {
	"Somebody meant this connection to be protected, and it is not.",
	MAIL "SMTPS_CERT = MAIL_CA\n",
	TLS,
    },
    [UCM107] = {
	"Everybody on the way can read and change the mail.",
	MAIL "SMTP_PROTOCOL = PLAIN\n",
	TLS,
    },
    [UCM108] = {
	"STARTTLS is used only if the server offers it. Whoever is on the way can remove the "
	"offer, and the mail goes in clear.",
	MAIL "SMTP_PROTOCOL = STARTTLS\n" "SMTPS_CERT = MAIL_CA\n",
	TLS,
    },
    [UCM109] = {
	"The password would be read by everybody on the way, and is then good for whatever else "
	"it opens.",
	MAIL "SMTP_PROTOCOL = PLAIN\n" "SMTP_LOGIN = LOGIN.MAIL\n",
	TLS "SMTP_LOGIN = LOGIN.MAIL\n",
    },
    [UCM110] = {
	"There is no such port, so no connection.",
	MAIL "SMTP_PORT = 70000\n",
	MAIL "SMTP_PORT = 25\n",
    },
    [UCM111] = {
	"By convention 465 speaks TLS from the first byte, and 25 and 587 begin in clear. The "
	"wrong one of them hangs or fails.",
	MAIL "SMTP_PROTOCOL = STARTTLS\n" "SMTPS_CERT = MAIL_CA\n" "SMTP_PORT = 465\n",
	TLS "SMTP_PORT = 465\n",
    },
    [UCM112] = {
	"A time that is out of range is not what will be waited.",
	MAIL "SMTP_TIMEOUT = 1000\n",
	MAIL "SMTP_TIMEOUT = 60\n",
    },
    [UCM113] = {
	"A size that is out of range is not where reports will be cut.",
	MAIL "SMTP_MAX_ATTACHMENT_SIZE = 100\n",
	MAIL "SMTP_MAX_ATTACHMENT_SIZE = 8000\n",
    },
    [UCM114] = {
	"A misspelt key has no effect, and the default holds in its place.",
	TLS "SMTP_PROTOCOLL = TLS\n",
	TLS,
    },
    [UCM115] = {
	"Only one of the rows can hold, and which is not documented.",
	MAIL "SMTP_PORT = 25\n" "SMTP_PORT = 2525\n",
	MAIL "SMTP_PORT = 25\n",
    },
    [UCM116] = {
	"A line break in a value ends a command of SMTP and begins another one, which the value "
	"then dictates.",
	NULL,
	NULL,
    },
    [UCM117] = {
	"Only a name or an address can be looked up and compared with a certificate.",
	"SMTP_SERVER = smtp://mail.example.com\n"
	"SMTP_FROM_ADDR = automation@example.com\n",
	MAIL,
    },
    [UCM118] = {
	"Without the Login object there is no user and no password, and a server that wants "
	"them refuses.",
	TLS "SMTP_LOGIN = LOGIN.GONE\n" "[0100 LOGIN]\n" "LOGIN.MAIL = mailer\n",
	TLS "SMTP_LOGIN = LOGIN.MAIL\n" "[0100 LOGIN]\n" "LOGIN.MAIL = mailer\n",
    },
    [UCM119] = {
	"A method that nobody knows cannot log in.",
	TLS "SMTP_AUTH_METHOD = KERBEROS\n",
	TLS "SMTP_AUTH_METHOD = SCRAM-SHA-256\n",
    },
    [UCM120] = {
	"Blanks are invisible in most lists and a part of the value in some comparisons.",
	"SMTP_SERVER = \"mail.example.com \"\n" "SMTP_FROM_ADDR = automation@example.com\n",
	MAIL,
    },
    [UCM121] = {
	"An older release does not know the key and does what it did before, without a word.",
	"[options]\n" "release = 21.0.10\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
	"[options]\n" "release = 24.4\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
    },
    [UCM122] = {
	"It works here without regard to case. Elsewhere it may not.",
	MAIL "SMTP_PROTOCOL = tls\n" "SMTPS_CERT = MAIL_CA\n",
	TLS,
    },
    [UCM123] = {
	"Only N forbids attachments. Everything else may leave them allowed against somebody's "
	"will.",
	MAIL "SMTP_FILE_ATTACHMENT = NO\n",
	MAIL "SMTP_FILE_ATTACHMENT = N\n",
    },
    [UCM201] = {
	"Nothing can be trusted by a certificate that is not there, so nothing is sent.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAILCA\n",
	TLS,
    },
    [UCM202] = {
	"Certificates are looked for in client 0 only.",
	TLS "[0000 UC_TRUSTEDCERTS]\n",
	TLS,
    },
    [UCM203] = {
	"The store names a certificate of which the audit does not have the bytes: nothing "
	"about it can be said.",
	NULL,
	NULL,
    },
    [UCM204] = {
	"The file is not the one that was uploaded: exchanged, damaged, or of another day.",
	NULL,
	NULL,
    },
    [UCM205] = {
	"What is no certificate verifies nobody.",
	TLS "[0000 UC_TRUSTEDCERTS]\n" "MAIL_CA = make_certs.log\n",
	TLS,
    },
    [UCM206] = {
	"An expired certificate is refused, and with it every mail that depends on it.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = expired.pem\n",
	TLS,
    },
    [UCM207] = {
	"It is refused until that day.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = not_yet.pem\n",
	TLS,
    },
    [UCM208] = {
	"A successor must be in the store before the day, or the mail stops on it.",
	"SMTP_SERVER = smtp.partner.example\n" "SMTP_FROM_ADDR = automation@example.com\n"
	"SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = PARTNER\n" "[0000 UC_TRUSTEDCERTS]\n"
	"PARTNER = partner.pem\n",
	TLS,
    },
    [UCM209] = {
	"A short key can be computed from the certificate, and then anybody can be the server.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = weak.pem\n",
	TLS,
    },
    [UCM210] = {
	"MD5 and SHA-1 can be made to collide: another certificate may bear the same signature.",
	NULL,
	NULL,
    },
    [UCM211] = {
	"A certificate of another name does not say that this server is the right one.",
	"SMTP_SERVER = mail2.example.com\n" "SMTP_FROM_ADDR = automation@example.com\n"
	"SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = server.pem\n",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = server.pem\n",
    },
    [UCM212] = {
	"Everybody who may read the store can be the server from now on.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = with_key.pem\n",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = server.pem\n",
    },
    [UCM213] = {
	"What nothing uses need not be trusted, renewed or explained to anybody.",
	TLS "[0000 UC_TRUSTEDCERTS]\n" "MAIL_CA = ca.pem\n" "OLD = server.pem\n",
	TLS,
    },
    [UCM214] = {
	"Somebody uploaded certificates where nobody looks for them.",
	TLS "[0100 UC_TRUSTEDCERTS]\n" "MAIL_CA = ca.pem\n",
	TLS,
    },
    [UCM215] = {
	"It can neither be what a server presents nor issue what one presents: every connection "
	"fails.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = MAIL\n" "[0000 UC_TRUSTEDCERTS]\n"
	"MAIL = client_only.pem\n",
	TLS,
    },
    [UCM216] = {
	"It works here without regard to case and blanks. Elsewhere it may not.",
	MAIL "SMTP_PROTOCOL = TLS\n" "SMTPS_CERT = mail_ca\n",
	TLS,
    },
    [UCM217] = {
	"A variable holds no certificates. What the product trusts cannot be told from it.",
	NULL,
	NULL,
    },
    [UCM301] = {
	"A job that sends mail from such an agent fails.",
	"[options]\n" "agents = zos\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
	"[options]\n" "agents = windows\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
    },
    [UCM302] = {
	"It ignores the settings for TLS: what was meant to be protected goes in clear.",
	"[options]\n" "agents = unix-other\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
	"[options]\n" "agents = unix-x64-linux\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
    },
    [UCM303] = {
	"A misspelt kind would otherwise leave its agents unjudged.",
	"[options]\n" "agents = linux\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
	"[options]\n" "agents = unix-x64-linux\n" "[0100 UC_CLIENT_SETTINGS]\n" TLS,
    },
    [UCM304] = {
	"It may be meant so, or a client's settings were forgotten: then another client's "
	"change changes this one.",
	"SEND_MAIL_DEFAULT = SERVER\n" "[0000 UC_CLIENT_SETTINGS]\n" TLS,
	TLS,
    },
    [UCM305] = {
	"The documentation does not say which of the two readings holds. Where they differ, one "
	"of them surprises.",
	TLS "[0100 UC_SMTP_RELAY]\n" "SMTP_SERVER = relay.example.com\n",
	TLS "[0100 UC_SMTP_RELAY]\n" TLS,
    },
    [UCM306] = {
	"SEND_MAIL asks for a server that nobody described.",
	TLS "[0100 SCRIPT]\n"
	":SET &RC# = SEND_MAIL(\"a@example.com\",,\"Subject\",\"Text\",,,,\"RELAY\")\n",
	TLS "[0100 UC_SMTP_RELAY]\n" TLS "[0100 SCRIPT]\n"
	":SET &RC# = SEND_MAIL(\"a@example.com\",,\"Subject\",\"Text\",,,,\"RELAY\")\n",
    },
    [UCM307] = {
	"A server that nobody uses still has a certificate to renew and a password to keep.",
	TLS "[0100 UC_SMTP_RELAY]\n" TLS "[0100 SCRIPT]\n"
	":SET &RC# = SEND_MAIL(\"a@example.com\",,\"Subject\",\"Text\")\n",
	TLS "[0100 UC_SMTP_RELAY]\n" TLS "[0100 SCRIPT]\n"
	":SET &RC# = SEND_MAIL(\"a@example.com\",,\"Subject\",\"Text\",,,,\"RELAY\")\n",
    },
    [UCM308] = {
	"No script can name it.",
	TLS "[0100 UC_SMTP_MY SERVER]\n" TLS,
	TLS "[0100 UC_SMTP_MYSERVER]\n" TLS,
    },
    [UCM309] = {
	"SEND_MAIL takes 255 characters at most.",
	NULL,
	NULL,
    },
    [UCM310] = {
	"The rows of another type are not what the product reads, so nothing about the policy "
	"is certain.",
	NULL,
	NULL,
    },
    [UCM401] = {
	"What cannot be reached cannot take the mail.",
	NULL,
	NULL,
    },
    [UCM402] = {
	"The certificate in the store does not fit the server that is really there: every mail "
	"would be refused.",
	NULL,
	NULL,
    },
    [UCM403] = {
	"Old versions of TLS are broken, and nothing is sent over them.",
	NULL,
	NULL,
    },
    [UCM501] = {
	"Something was mended, or the suppression never fitted. Left there, it hides what comes "
	"next.",
	NULL,
	NULL,
    },
    [UCM502] = {
	"The date was set so that somebody looks again.",
	NULL,
	NULL,
    },
};
