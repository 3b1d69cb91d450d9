/*
 * One probe through the public library: what the library would refuse, the probe reports.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libsrc/ucmail.h"
#include "tools/lint_probe.h"

/* The words of the engine for a server that only does what is outdated. */
#define NO_COMMON_VERSION "no common TLS version"

/* How far the check came before it failed. */
struct progress {
	int connected; /* the server was reached */
	int trusted; /* nothing was left to verify */
	int status;
};

static void take_step(const struct ucm_check_step *step, void *arg)
{
	struct progress *progress = arg;

	progress->status = step->status;
	if (step->status != UCM_OK)
		return;
	if (!strcmp(step->name, "connect"))
		progress->connected = 1;
	if (!strcmp(step->name, "capabilities") || !strcmp(step->name, "certificate"))
		progress->trusted = 1;
}

static int configure(struct ucm *handle, const struct ucm_probe_request *request)
{
	int status = ucm_add_input(handle, request->snapshot);

	for (size_t i = 0; status == UCM_OK && i < request->connect_to_count; i++)
		status = ucm_add_connect_to(handle, request->connect_to[i]);
	if (status == UCM_OK)
		status = ucm_set_number(handle, UCM_CLIENT, request->client);
	if (status == UCM_OK)
		status = ucm_set_number(handle, UCM_TIMEOUT, UCM_PROBE_TIMEOUT_S);
	if (status == UCM_OK)
		status = ucm_set_number(handle, UCM_DEADLINE, UCM_PROBE_DEADLINE_S);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_VIA, request->via);
	if (status == UCM_OK && request->server)
		status = ucm_set_text(handle, UCM_SERVER, request->server);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_AGENT, "engine");
	if (status == UCM_OK && request->release)
		status = ucm_set_text(handle, UCM_RELEASE, request->release);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_PROFILE, request->profile);
	return status;
}

/* A password that nobody gave is no fault of the server: all before it went well. */
static enum ucm_probe_verdict verdict_of(
    int status, const struct progress *progress, const char *reason)
{
	if (status == UCM_OK || status == UCM_E_POLICY)
		return UCM_PROBE_GOOD;
	if (strstr(reason, NO_COMMON_VERSION))
		return UCM_PROBE_WEAK;
	if (status == UCM_E_TRUST)
		return UCM_PROBE_UNTRUSTED;
	return progress->connected && !progress->trusted && status == UCM_E_PROTOCOL
		   ? UCM_PROBE_UNTRUSTED
		   : UCM_PROBE_UNREACHABLE;
}

static void copy(
    const struct ucm_outcome *outcome, enum ucm_outcome_text_field field, char *out, size_t size)
{
	const char *text = outcome ? ucm_outcome_text(outcome, field) : NULL;

	snprintf(out, size, "%s", text ? text : "");
}

static void fill(struct ucm *handle, const struct ucm_outcome *outcome, int status,
    const struct progress *progress, struct ucm_probe_answer *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->verdict = verdict_of(status, progress, ucm_error(handle));
	if (ret->verdict != UCM_PROBE_GOOD)
		snprintf(ret->reason, sizeof ret->reason, "%s", ucm_error(handle));
	copy(outcome, UCM_OUTCOME_ADDRESS, ret->address, sizeof ret->address);
	copy(outcome, UCM_OUTCOME_TLS_MODE, ret->mode, sizeof ret->mode);
	copy(outcome, UCM_OUTCOME_TLS_VERSION, ret->version, sizeof ret->version);
	copy(outcome, UCM_OUTCOME_TLS_CIPHER, ret->cipher, sizeof ret->cipher);
	copy(outcome, UCM_OUTCOME_PEER_SUBJECT, ret->subject, sizeof ret->subject);
	copy(outcome, UCM_OUTCOME_PEER_ISSUER, ret->issuer, sizeof ret->issuer);
	copy(outcome, UCM_OUTCOME_PEER_NOT_AFTER, ret->not_after, sizeof ret->not_after);
}

int ucm_probe_server(const struct ucm_probe_request *request, struct ucm_probe_answer *ret)
{
	struct progress progress = {0, 0, UCM_OK};
	struct ucm_outcome *outcome = NULL;
	struct ucm *handle;

	if (ucm_start(NULL, &handle) != UCM_OK)
		return -1;
	int failed = configure(handle, request) != UCM_OK;
	if (!failed) {
		int status = ucm_check(handle, NULL, take_step, &progress, &outcome);

		failed = status == UCM_E_INPUT || status == UCM_E_MEMORY;
		if (!failed)
			fill(handle, outcome, status, &progress, ret);
	}
	ucm_end(handle);
	return failed ? -1 : 0;
}
