/*
 * The doctor for one policy: every step of a connection with its time, what was found, and what to
 * change where it failed. Nothing is sent.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "libsrc/recipients.h"
#include "policy/address.h"
#include "send.h"

#define DETAIL_ROOM 1024

/* Each step: its name, and what to change for the classes that it can fail with. */
static const struct {
	const char *name;
	const char *again;
	const char *trust;
} milestones[] = {
    [UCM_AT_RESOLVE] = {"resolve", "correct SMTP_SERVER, or the name service of this host", ""},
    [UCM_AT_CONNECT] = {"connect",
	"correct SMTP_SERVER or SMTP_PORT, or let the firewall pass this connection", ""},
    [UCM_AT_GREETING] = {"greeting",
	"ask the server's administrator; another SMTP_PORT may be meant",
	"the port speaks another protocol: correct SMTP_PORT or SMTP_PROTOCOL"},
    [UCM_AT_CAPABILITIES] = {"capabilities", "ask the server's administrator",
	"let the server offer STARTTLS, or use the port that speaks TLS from the start (465)"},
    [UCM_AT_STARTTLS] = {"starttls", "the server refuses STARTTLS for now: repair its TLS",
	"repair STARTTLS at the server"},
    [UCM_AT_CERTIFICATE] = {"certificate", "the server ends the handshake: look at its log",
	"upload the certificate that the server presents, or its CA's, to UC_TRUSTEDCERTS of "
	"client 0 "
	"and name it in SMTPS_CERT; the host name must be in the certificate"},
    [UCM_AT_LOGIN] = {"login", "the server cannot check logins now: try again later",
	"correct the password or user of the Login object, or SMTP_AUTH_METHOD"},
    [UCM_AT_RECIPIENT] = {"recipient", "try again later",
	"the server does not take this sender or recipient from here"},
    [UCM_AT_QUIT] = {"quit", "", ""},
    [UCM_AT_END] = {"", "", ""},
};

struct check {
	void (*step)(const struct ucm_check_step *step, void *arg);
	void *arg;
	enum ucm_milestone at;
	double began_ms;
	const struct ucm_mail *mail; /* the probe, once it is queued */
	int failed; /* a failure was told */
};

static double precise_ms(void)
{
	struct timespec now = {0, 0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What a step has found. */
static void detail(const struct ucm_session *session, enum ucm_milestone at, char *out, size_t room)
{
	const struct ucm_session_facts *facts = &session->facts;

	out[0] = '\0';
	switch (at) {
	case UCM_AT_RESOLVE:
		snprintf(out, room, "%s", session->host);
		break;
	case UCM_AT_CONNECT:
		snprintf(out, room, "%s port %u", facts->address, session->port);
		break;
	case UCM_AT_GREETING:
		snprintf(out, room, "%s", session->smtp.banner);
		break;
	case UCM_AT_CERTIFICATE:
		snprintf(out, room, "%s %s; subject %s; issuer %s; valid until %s; SHA-256 %s",
		    facts->version, facts->cipher, facts->subject, facts->issuer, facts->not_after,
		    facts->sha256);
		break;
	case UCM_AT_LOGIN:
		snprintf(out, room, "%s", ucm_mechanism_name(session->smtp.mechanism));
		break;
	case UCM_AT_CAPABILITIES:
	case UCM_AT_STARTTLS:
	case UCM_AT_RECIPIENT:
	case UCM_AT_QUIT:
	case UCM_AT_END:
	default:
		break;
	}
}

static void tell(struct check *check, const char *found, int status)
{
	const struct ucm_check_step step = {
	    .size = sizeof(step),
	    .name = milestones[check->at].name,
	    .status = status,
	    .milliseconds = precise_ms() - check->began_ms,
	    .detail = found,
	    .advice = status == UCM_OK         ? ""
		      : status == UCM_E_AGAIN  ? milestones[check->at].again
		      : status == UCM_E_POLICY ? "give the password or the user name of the login"
					       : milestones[check->at].trust,
	};

	check->failed |= status != UCM_OK;
	if (check->step != NULL && check->at != UCM_AT_END)
		check->step(&step, check->arg);
}

/* The session has come to another place: what was before is over and went well. */
static void on_watch(struct ucm_session *session, enum ucm_milestone now, void *arg)
{
	struct check *check = arg;
	char found[DETAIL_ROOM];

	if (session->smtp.want == UCM_NEED_CLOSED && !session->smtp.quitting)
		return; /* it failed: told with the reason */
	if (check->at == UCM_AT_RECIPIENT && check->mail != NULL &&
	    check->mail->error.class != UCM_CLASS_OK) {
		tell(check, check->mail->error.text, (int)check->mail->error.class);
	} else {
		detail(session, check->at, found, sizeof(found));
		tell(check, found, UCM_OK);
	}
	check->at = now;
	check->began_ms = precise_ms();
}

/* Runs until the session is idle or closed. */
static void run(struct ucm *handle, struct ucm_session *session)
{
	int state = UCM_OK;

	while ((state = ucm_session_run(session)) != UCM_OK)
		ucm_send_wait(handle, state);
}

static void quit(struct ucm_session *session, struct check *check)
{
	if (session->phase == UCM_PHASE_CLOSED)
		return;
	check->at = UCM_AT_QUIT;
	check->began_ms = precise_ms();
	session->watched = UCM_AT_QUIT;
	ucm_session_close(session, UCM_QUIT_WAIT_MS);
	if (check->at == UCM_AT_QUIT)
		tell(check, "", UCM_OK);
	check->at = UCM_AT_END;
}

/* Connects and logs in; with a recipient, asks for it too. The first error stands in *error. */
static void examine(struct ucm *handle, const struct ucm_address *recipient, struct check *check,
    struct ucm_outcome *outcome, struct ucm_error *error)
{
	const struct ucm_message_needs needs = {.smtputf8 = recipient != NULL && recipient->utf8};
	struct ucm_mail mail = {
	    .from = handle->decision.from != NULL ? handle->decision.from : "",
	    .result = outcome->result,
	    .count = outcome->count,
	    .needs = needs,
	    .probe = 1,
	};
	struct ucm_session *session = NULL;

	ucm_disconnect(handle);
	check->at = UCM_AT_RESOLVE;
	check->began_ms = precise_ms();
	session = ucm_session_open(handle, error);
	if (session == NULL)
		return;
	session->watch = on_watch;
	session->watch_arg = check;
	session->watched = UCM_AT_RESOLVE;
	session->deadline_ms = ucm_send_deadline_ms(handle);
	run(handle, session);
	if (session->phase != UCM_PHASE_CLOSED && recipient != NULL) {
		check->began_ms = precise_ms();
		check->mail = &mail;
		check->at = session->watched = UCM_AT_RECIPIENT;
		ucm_smtp_mail(&session->smtp, &mail);
		run(handle, session);
		*error = mail.error;
	}
	if (session->smtp.error.class != UCM_CLASS_OK)
		*error = session->smtp.error;
	if (error->class != UCM_CLASS_OK && !check->failed) {
		check->at = check->at == UCM_AT_END ? UCM_AT_RECIPIENT : check->at;
		tell(check, error->text, (int)error->class);
		check->at = UCM_AT_END;
	}
	quit(session, check);
	session->watch = NULL;
	check->mail = NULL;
	ucm_send_note_connection(outcome, session);
}

int ucm_check(struct ucm *handle, const char *recipient,
    void (*step)(const struct ucm_check_step *step, void *arg), void *arg, struct ucm_outcome **ret)
{
	struct check check = {.step = step, .arg = arg, .at = UCM_AT_END};
	struct ucm_error error = {0};
	struct ucm_outcome *outcome = NULL;
	struct ucm_address address = {0};
	int decided = 0;

	if (ret != NULL)
		*ret = NULL;
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	if (ucm_handle_check_idle(handle) != 0)
		return UCM_E_USAGE;
	decided = ucm_handle_decide(handle) == 0;
	if (!decided)
		error = handle->error;
	/* What is no address must not get into a command. */
	if (recipient != NULL && ucm_recipient_parse(recipient, &address, &error) < 0)
		memset(&address, 0, sizeof(address));
	outcome = ucm_send_outcome(handle, recipient != NULL ? 1 : 0);
	if (outcome != NULL && recipient != NULL) {
		outcome->result[0].address = ucm_handle_copy(
		    handle, address.mailbox[0] != '\0' ? address.mailbox : recipient);
	}
	if (outcome == NULL || (recipient != NULL && outcome->result[0].address == NULL)) {
		ucm_outcome_free(outcome);
		ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory for a check");
		return UCM_E_MEMORY;
	}
	if (decided && error.class == UCM_CLASS_OK && ucm_handle_refuses(handle, &error) == 0)
		examine(handle, recipient != NULL ? &address : NULL, &check, outcome, &error);
	ucm_outcome_conclude_check(outcome, &error);
	if (error.class != UCM_CLASS_OK)
		handle->error = error;
	if (ret != NULL)
		*ret = outcome;
	return (int)outcome->number[UCM_OUTCOME_EXIT];
}
