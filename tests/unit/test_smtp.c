/*
 * The SMTP machine along whole dialogues: each is run with the server's text in one piece, in small
 * pieces and byte by byte, and must come out the same.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "unit/smtp_dialogue.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define HI "S:220 mail.example.com ESMTP\r\n"
#define EHLO "C:EHLO me.example.com\r\n"
#define BASIC "S:250-mail.example.com\r\n250 8BITMIME\r\n"
#define PIPE "S:250-mail.example.com\r\n250-SIZE 1000\r\n250 PIPELINING\r\n"
#define TLS_OFFER "S:250-mail.example.com\r\n250-PIPELINING\r\n250 STARTTLS\r\n"
#define STARTTLS "C:STARTTLS\r\n"
#define MAIL "MAIL FROM:<f@example.com>\r\n"
#define RCPT0 "RCPT TO:<r0@example.com>\r\n"
#define RCPT1 "RCPT TO:<r1@example.com>\r\n"
#define BODY "Subject: x\r\n\r\n..dot\r\n.\r\n"
#define FLIGHT1 MAIL RCPT0 "DATA\r\n"
#define FLIGHT2 MAIL RCPT0 RCPT1 "DATA\r\n"

static const struct dialogue plain[] = {
    {"without PIPELINING one command at a time", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, BASIC, "C:" MAIL, "S:250 ok\r\n", "C:" RCPT0, "S:250 ok\r\n", "C:" RCPT1,
	    "S:250 ok\r\n", "C:DATA\r\n", "S:354 go\r\n", "C:" BODY, "S:250 queued\r\n", "Q",
	    "C:QUIT\r\n", "S:221 bye\r\n"},
	UCM_CLASS_OK, "AA"},
    {"with PIPELINING the envelope is one flight", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
	    "S:250 queued\r\n"},
	UCM_CLASS_OK, "AA"},
    {"the next envelope travels with the end of the message", UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY FLIGHT1,
	    "S:250 queued\r\n250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "A/A"},
    {"what travelled with the end is out of order for the server: it is said again, alone",
	UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY FLIGHT1,
	    "S:250 queued\r\n503 x\r\n503 x\r\n503 x\r\n", "C:" FLIGHT1,
	    "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "A/A"},
    {"out of order, but DATA is accepted: a lone dot, then it is said again", UCM_TLS_NONE, 0, NULL,
	1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY FLIGHT1,
	    "S:250 queued\r\n503 x\r\n503 x\r\n354 go\r\n", "C:.\r\n", "S:503 x\r\n", "C:" FLIGHT1,
	    "S:250 ok\r\n550 no\r\n503 x\r\n"},
	UCM_CLASS_OK, "A/R"},
    {"out of order, and the connection is lost: deferred", UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY FLIGHT1,
	    "S:250 queued\r\n503 x\r\n503 x\r\n", "X"},
	UCM_CLASS_AGAIN, "A/D"},
    {"out of order although nothing was before it: refused", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:503 x\r\n503 x\r\n503 x\r\n"}, UCM_CLASS_OK, "R"},
    {"out of order twice: refused", UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY FLIGHT1,
	    "S:250 queued\r\n503 x\r\n503 x\r\n503 x\r\n", "C:" FLIGHT1,
	    "S:503 x\r\n503 x\r\n503 x\r\n"},
	UCM_CLASS_OK, "A/R"},
    {"one bad recipient does not stop the mail", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n550 5.1.1 no\r\n250 ok\r\n354 go\r\n",
	    "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "RA"},
    {"a busy mailbox is deferred", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n451 4.2.1 busy\r\n354 go\r\n",
	    "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "AD"},
    {"552 for a recipient means too many: deferred", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n552 5.5.3 enough\r\n354 go\r\n",
	    "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "AD"},
    {"any other 552 is for good", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n552 5.2.2 full\r\n354 go\r\n",
	    "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "AR"},
    {"nobody is accepted, DATA is refused: no message", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n550 no\r\n450 no\r\n554 none\r\n"},
	UCM_CLASS_OK, "RD"},
    {"nobody is accepted, but DATA is: a lone dot, and its reply counts for nothing", UCM_TLS_NONE,
	0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n550 no\r\n354 go\r\n", "C:.\r\n",
	    "S:250 queued\r\n"},
	UCM_CLASS_OK, "R"},
    {"nobody is accepted without PIPELINING: no DATA", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, BASIC, "C:" MAIL, "S:250 ok\r\n", "C:" RCPT0, "S:550 no\r\n"}, UCM_CLASS_OK,
	"R"},
    {"after a transaction that was left open, RSET goes before the next MAIL", UCM_TLS_NONE, 0,
	NULL, 1, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n550 no\r\n554 none\r\n", "C:RSET\r\n" FLIGHT1,
	    "S:250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "R/A"},
    {"the sender is refused: every recipient is, and later replies count for nothing", UCM_TLS_NONE,
	0, NULL, 2, 0, {HI, EHLO, PIPE, "C:" FLIGHT2, "S:550 no\r\n503 x\r\n250 ok\r\n503 x\r\n"},
	UCM_CLASS_OK, "RR"},
    {"the sender is refused for now without PIPELINING", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, BASIC, "C:" MAIL, "S:451 later\r\n"}, UCM_CLASS_OK, "DD"},
    {"DATA is refused for good", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n450 no\r\n554 no\r\n"}, UCM_CLASS_OK,
	"RD"},
    {"the message is refused after its end", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n", "C:" BODY,
	    "S:452 full\r\n"},
	UCM_CLASS_OK, "DR"},
    {"HELO where EHLO is not known", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, "S:502 what?\r\n", "C:HELO me.example.com\r\n", "S:250 hello\r\n", "C:" MAIL,
	    "S:250 ok\r\n", "C:" RCPT0, "S:250 ok\r\n", "C:DATA\r\n", "S:354 go\r\n", "C:" BODY,
	    "S:250 queued\r\n"},
	UCM_CLASS_OK, "A"},
};

static const struct dialogue broken[] = {
    {"the greeting refuses for good", UCM_TLS_NONE, 0, NULL, 2, 0, {"S:554 go away\r\n"},
	UCM_CLASS_REJECTED, "RR"},
    {"the greeting refuses for now", UCM_TLS_NONE, 0, NULL, 1, 0, {"S:421 later\r\n"},
	UCM_CLASS_AGAIN, "D"},
    {"another protocol greets", UCM_TLS_NONE, 0, NULL, 1, 0, {"S:+OK POP3 ready\r\n"},
	UCM_CLASS_PROTOCOL, "D"},
    {"a greeting of another class", UCM_TLS_NONE, 0, NULL, 1, 0, {"S:354 go\r\n"},
	UCM_CLASS_PROTOCOL, "D"},
    {"421 to EHLO", UCM_TLS_NONE, 0, NULL, 1, 0, {HI, EHLO, "S:421 later\r\n"}, UCM_CLASS_AGAIN,
	"D"},
    {"421 to MAIL", UCM_TLS_NONE, 0, NULL, 2, 0, {HI, EHLO, PIPE, "C:" FLIGHT2, "S:421 later\r\n"},
	UCM_CLASS_AGAIN, "DD"},
    {"421 to a recipient", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n550 no\r\n421 later\r\n"}, UCM_CLASS_AGAIN,
	"RD"},
    {"421 to DATA", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n250 ok\r\n421 later\r\n"},
	UCM_CLASS_AGAIN, "DD"},
    {"421 to the message: it was not taken", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
	    "S:421 later\r\n"},
	UCM_CLASS_AGAIN, "D"},
    {"421 while nothing was asked", UCM_TLS_NONE, 0, NULL, 0, 0,
	{HI, EHLO, PIPE, "S:421 idle too long\r\n"}, UCM_CLASS_AGAIN, ""},
    {"a reply that nobody asked for", UCM_TLS_NONE, 0, NULL, 0, 0, {HI, EHLO, PIPE, "S:250 ok\r\n"},
	UCM_CLASS_PROTOCOL, ""},
    {"the connection is lost before the end of the message", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n550 no\r\n", "X"}, UCM_CLASS_AGAIN,
	"DR"},
    {"the connection is lost after the final dot: nobody knows", UCM_TLS_NONE, 0, NULL, 2, 1,
	{HI, EHLO, PIPE, "C:" FLIGHT2, "S:250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n",
	    "C:" BODY FLIGHT1, "X"},
	UCM_CLASS_AGAIN, "UR/D"},
    {"nonsense after the final dot: nobody knows", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
	    "S:what?\r\n"},
	UCM_CLASS_PROTOCOL, "U"},
    {"354 in place of the reply to the message: nobody knows", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
	    "S:354 go\r\n"},
	UCM_CLASS_PROTOCOL, "U"},
    {"250 in place of 354", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n250 ok\r\n"}, UCM_CLASS_PROTOCOL,
	"D"},
    {"354 in place of 250 to a recipient", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n354 ok\r\n"}, UCM_CLASS_PROTOCOL, "D"},
    {"one reply more than commands", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, BASIC, "C:" MAIL, "S:550 no\r\n250 ok\r\n"}, UCM_CLASS_PROTOCOL, "R"},
};

static const struct dialogue tls[] = {
    {"STARTTLS, and EHLO again", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n", "T", EHLO, PIPE, "C:" FLIGHT1,
	    "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "A"},
    {"what EHLO said before TLS is forgotten", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n", "T", EHLO, "S:250 mail.example.com\r\n",
	    "C:" MAIL, "X"},
	UCM_CLASS_AGAIN, "D"},
    {"forced, and not offered", UCM_TLS_STARTTLS, 0, NULL, 1, 0, {HI, EHLO, PIPE}, UCM_CLASS_TRUST,
	"D"},
    {"forced, and EHLO is not known: no HELO", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, "S:502 what?\r\n"}, UCM_CLASS_TRUST, "D"},
    {"forced, and refused for now", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:454 not now\r\n"}, UCM_CLASS_AGAIN, "D"},
    {"forced, and refused for good", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:501 no\r\n"}, UCM_CLASS_TRUST, "D"},
    {"opportunistic, not offered: in clear", UCM_TLS_STARTTLS, 1, NULL, 1, 0,
	{HI, EHLO, PIPE, "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY,
	    "S:250 queued\r\n"},
	UCM_CLASS_OK, "A"},
    {"opportunistic, not offered: the password stays here", UCM_TLS_STARTTLS, 1, "PASSWORD", 1, 0,
	{HI, EHLO, "S:250-m\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN SCRAM-SHA-256\r\n",
	    "C:" FLIGHT1, "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:" BODY, "S:250 queued\r\n"},
	UCM_CLASS_OK, "A"},
    {"opportunistic, EHLO is not known: in clear", UCM_TLS_STARTTLS, 1, "PASSWORD", 1, 0,
	{HI, EHLO, "S:500 what?\r\n", "C:HELO me.example.com\r\n", "S:250 ok\r\n", "C:" MAIL, "X"},
	UCM_CLASS_AGAIN, "D"},
    {"opportunistic, offered and refused for good: no fall-back", UCM_TLS_STARTTLS, 1, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:502 no\r\n"}, UCM_CLASS_TRUST, "D"},
    {"opportunistic, offered and refused for now: no fall-back", UCM_TLS_STARTTLS, 1, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:454 no\r\n"}, UCM_CLASS_AGAIN, "D"},
    {"a reply injected behind 220", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n250 injected\r\n", "T"}, UCM_CLASS_PROTOCOL,
	"D"},
    {"capabilities injected behind 220", UCM_TLS_STARTTLS, 0, "PASSWORD", 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n250-m\r\n250 AUTH PLAIN\r\n", "T"},
	UCM_CLASS_PROTOCOL, "D"},
    {"one byte injected behind 220", UCM_TLS_STARTTLS, 1, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n\n", "T"}, UCM_CLASS_PROTOCOL, "D"},
    {"half a reply injected behind 220, its rest to come in TLS", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n250-inj"}, UCM_CLASS_PROTOCOL, "D"},
    {"a line of several behind 220-", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220-go\r\n220 now\r\n250 injected\r\n", "T"},
	UCM_CLASS_PROTOCOL, "D"},
    {"the connection ends in the handshake", UCM_TLS_STARTTLS, 0, NULL, 1, 0,
	{HI, EHLO, TLS_OFFER, STARTTLS, "S:220 go\r\n", "X"}, UCM_CLASS_AGAIN, "D"},
};

#define AUTH_OFFER "S:250-m\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n"

static const struct dialogue auth[] = {
    {"PLAIN in TLS, with an initial response", UCM_TLS_IMPLICIT, 0, "PASSWORD", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH PLAIN AHVzZXIAcGVuY2ls\r\n", "S:235 ok\r\n",
	    "C:" FLIGHT1, "X"},
	UCM_CLASS_AGAIN, "D"},
    {"LOGIN in TLS", UCM_TLS_IMPLICIT, 0, "LOGIN", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH LOGIN\r\n", "S:334 VXNlcm5hbWU6\r\n", "C:dXNlcg==\r\n",
	    "S:334 UGFzc3dvcmQ6\r\n", "C:cGVuY2ls\r\n", "S:235 ok\r\n", "C:" FLIGHT1, "X"},
	UCM_CLASS_AGAIN, "D"},
    {"a wrong password is final", UCM_TLS_IMPLICIT, 0, "PASSWORD", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH PLAIN AHVzZXIAcGVuY2ls\r\n", "S:535 5.7.8 no\r\n"},
	UCM_CLASS_TRUST, "D"},
    {"a busy server is not", UCM_TLS_IMPLICIT, 0, "PASSWORD", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH PLAIN AHVzZXIAcGVuY2ls\r\n", "S:454 4.7.0 later\r\n"},
	UCM_CLASS_AGAIN, "D"},
    {"no mechanism that fits", UCM_TLS_IMPLICIT, 0, "SCRAM-SHA-256", 1, 0, {HI, EHLO, AUTH_OFFER},
	UCM_CLASS_TRUST, "D"},
    {"no AUTH at all", UCM_TLS_IMPLICIT, 0, "PASSWORD", 1, 0, {HI, EHLO, PIPE}, UCM_CLASS_TRUST,
	"D"},
    {"without TLS a password is not said", UCM_TLS_NONE, 0, "PASSWORD", 1, 0,
	{HI, EHLO, AUTH_OFFER}, UCM_CLASS_TRUST, "D"},
    {"EHLO is not known: no login, no mail", UCM_TLS_IMPLICIT, 0, "PASSWORD", 1, 0,
	{HI, EHLO, "S:502 what?\r\n"}, UCM_CLASS_TRUST, "D"},
    {"a challenge that is no base64 is cancelled", UCM_TLS_IMPLICIT, 0, "LOGIN", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH LOGIN\r\n", "S:334 !!\r\n", "C:*\r\n", "S:501 ok\r\n"},
	UCM_CLASS_PROTOCOL, "D"},
    {"235 before the exchange is complete proves nothing", UCM_TLS_IMPLICIT, 0, "LOGIN", 1, 0,
	{HI, EHLO, AUTH_OFFER, "L", "C:AUTH LOGIN\r\n", "S:235 ok\r\n"}, UCM_CLASS_TRUST, "D"},
    {"SCRAM: a server that accepts without proof is refused", UCM_TLS_NONE, 0, "PASSWORD", 1, 0,
	{HI, EHLO, "S:250-m\r\n250 AUTH SCRAM-SHA-256\r\n", "L",
	    "C:AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9Wm5scmJ5dGtNbXhpWWtablQwNVNkamtB\r\n",
	    "S:235 ok\r\n"},
	UCM_CLASS_TRUST, "D"},
};

#define CHUNK_OFFER "S:250-m\r\n250-PIPELINING\r\n250 CHUNKING\r\n"
#define CHUNK "BDAT 0000000020\r\nSubject: x\r\n\r\n.dot\r\nBDAT 0 LAST\r\n"

static const struct dialogue chunking[] = {
    {"BDAT: the message goes with its envelope", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 RCPT1 CHUNK,
	    "S:250 ok\r\n250 ok\r\n550 no\r\n250 20\r\n250 queued\r\n"},
	UCM_CLASS_OK, "AR"},
    {"BDAT: and so does the next one", UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 CHUNK "RSET\r\n" MAIL RCPT0 CHUNK,
	    "S:250 ok\r\n250 ok\r\n250 20\r\n250 queued\r\n250 reset\r\n",
	    "S:250 ok\r\n250 ok\r\n250 20\r\n452 full\r\n"},
	UCM_CLASS_OK, "A/D"},
    {"BDAT: nobody is accepted: what is said of the message counts for nothing", UCM_TLS_NONE, 0,
	NULL, 1, 1,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 CHUNK "RSET\r\n" MAIL RCPT0 CHUNK,
	    "S:250 ok\r\n550 no\r\n503 x\r\n503 x\r\n250 reset\r\n",
	    "S:250 ok\r\n250 ok\r\n250 20\r\n250 queued\r\n"},
	UCM_CLASS_OK, "R/A"},
    {"BDAT: a chunk is refused, and the end then too", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 CHUNK,
	    "S:250 ok\r\n250 ok\r\n552 too large\r\n503 x\r\n"},
	UCM_CLASS_OK, "R"},
    {"BDAT: a chunk is refused, and the end seems accepted", UCM_TLS_NONE, 0, NULL, 1, 0,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 CHUNK,
	    "S:250 ok\r\n250 ok\r\n452 full\r\n250 x\r\n"},
	UCM_CLASS_OK, "D"},
    {"BDAT: lost before any reply: nobody knows of either", UCM_TLS_NONE, 0, NULL, 1, 1,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 CHUNK "RSET\r\n" MAIL RCPT0 CHUNK, "X"},
	UCM_CLASS_AGAIN, "U/U"},
    {"BDAT: lost after a recipient was refused", UCM_TLS_NONE, 0, NULL, 2, 0,
	{HI, EHLO, CHUNK_OFFER, "C:" MAIL RCPT0 RCPT1 CHUNK, "S:250 ok\r\n550 no\r\n", "X"},
	UCM_CLASS_AGAIN, "RU"},
    {"no CHUNKING: DATA", UCM_TLS_NONE, 0, NULL, 1, 0, {HI, EHLO, PIPE, "C:" FLIGHT1, "X"},
	UCM_CLASS_AGAIN, "D"},
};

static void run_all(const struct dialogue *dialogues, size_t count, int may_chunk)
{
	static const size_t pieces[] = {4096, 1, 2, 3, 7, 13};
	size_t i = 0;
	size_t k = 0;

	for (i = 0; i < count; i++)
		for (k = 0; k < COUNT(pieces); k++)
			run_dialogue(&dialogues[i], pieces[k], NULL, may_chunk);
}

static void test_plain(void **state)
{
	(void)state;
	run_all(plain, COUNT(plain), 0);
}

static void test_broken(void **state)
{
	(void)state;
	run_all(broken, COUNT(broken), 0);
}

static void test_tls(void **state)
{
	(void)state;
	run_all(tls, COUNT(tls), 0);
}

static void test_chunking(void **state)
{
	(void)state;
	run_all(chunking, COUNT(chunking), 1);
}

static void test_auth(void **state)
{
	(void)state;
	run_all(auth, COUNT(auth), 0);
}

/* A server that says so cannot have seen the end: what it says is no proof of anything. */
static void test_accepted_too_early(void **state)
{
	static const char message[] = "Subject: x\r\n\r\nhello\r\n";
	static const char greeting[] = "220 m\r\n250-m\r\n250 PIPELINING\r\n";
	static const char envelope[] = "250 ok\r\n250 ok\r\n354 go\r\n";
	static const char early[] = "250 2.0.0 stored\r\n";
	const struct ucm_smtp_options options = {
	    .helo = "me.example.com", .mode = UCM_TLS_NONE, .host = "mail.example.com"};
	char address[] = "r@example.com";
	struct ucm_smtp *smtp = calloc(1, sizeof(*smtp));
	struct ucm_result result = {.address = address};
	struct ucm_mail mail = {.from = "f@example.com", .result = &result, .count = 1};
	const char *bytes = NULL;

	(void)state;
	assert_non_null(smtp);
	ucm_smtp_init(smtp, &options);
	ucm_smtp_mail(smtp, &mail);
	assert_int_equal(
	    ucm_smtp_feed(smtp, (const unsigned char *)greeting, sizeof(greeting) - 1), 0);
	ucm_smtp_sent(smtp, ucm_smtp_output(smtp, &bytes));
	assert_int_equal(
	    ucm_smtp_feed(smtp, (const unsigned char *)envelope, sizeof(envelope) - 1), 0);
	assert_int_equal(ucm_smtp_want(smtp), UCM_NEED_BODY);
	ucm_smtp_body(smtp, message, sizeof(message) - 1);
	ucm_smtp_body_end(smtp);
	assert_true(ucm_smtp_output(smtp, &bytes) > sizeof(message));
	assert_int_equal(ucm_smtp_feed(smtp, (const unsigned char *)early, sizeof(early) - 1), -1);
	assert_int_equal(smtp->error.class, UCM_CLASS_PROTOCOL);
	assert_int_equal(mail.stage, UCM_MAIL_DONE);
	assert_int_equal(result.status, UCM_RESULT_DEFERRED);
	free(result.text);
	ucm_smtp_free(smtp);
	free(smtp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_auth),
	    cmocka_unit_test(test_accepted_too_early),
	    cmocka_unit_test(test_chunking),
	};

	return cmocka_run_group_tests_name("smtp", tests, NULL, NULL);
}
