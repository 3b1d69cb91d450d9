/*
 * The decision of a handle: from its items to a query, and from a refusal to a reason.
 */
#include "config.h"

#include <string.h>

#include "libsrc/handle.h"
#include "policy/text.h"

#define HINT_MAX 512

/* The finding's words as an error: place, message, and what to do. */
int ucm_fail_finding(
    struct ucm_error *error, enum ucm_class class, const struct ucm_finding *finding)
{
	const struct ucm_place *place = &finding->place;
	char message[UCM_ERROR_TEXT_MAX], hint[HINT_MAX];
	const char *gap;

	if (error->class != UCM_CLASS_OK)
		return -1;
	ucm_finding_message(finding, message, sizeof message);
	gap = ucm_finding_hint(finding, hint, sizeof hint) > 0 ? ". " : "";
	if (place->file == NULL)
		ucm_fail(error, class, "%s%s%s", message, gap, hint);
	else if (place->line == 0)
		ucm_fail(error, class, "%s: %s%s%s", place->file, message, gap, hint);
	else
		ucm_fail(
		    error, class, "%s:%u: %s%s%s", place->file, place->line, message, gap, hint);
	memcpy(error->rule, ucm_rules[finding->rule].id, sizeof ucm_rules[finding->rule].id);
	return -1;
}

static struct ucm_query make_query(const struct ucm *handle)
{
	struct ucm_query query = {
	    .client = handle->number[UCM_CLIENT] < 0 ? 0 : (int)handle->number[UCM_CLIENT],
	    .sender = UCM_SEND_MAIL,
	    .server = handle->text[UCM_SERVER],
	    .agent = ucm_agent_find(ucm_handle_text(handle, UCM_AGENT)),
	    .profile = UCM_COMPAT,
	    .at = ucm_handle_now(handle),
	    .expires_within = 30,
	};

	if (strcmp(ucm_handle_text(handle, UCM_VIA), "notification") == 0)
		query.sender = UCM_NOTIFICATION;
	if (strcmp(ucm_handle_text(handle, UCM_PROFILE), "strict") == 0)
		query.profile = UCM_STRICT;
	if (handle->text[UCM_RELEASE] != NULL)
		(void)ucm_release_parse(
		    handle->text[UCM_RELEASE], &query.release); /* was checked */
	return query;
}

/* -1 with error where the query asks for what is not there, or nothing can be judged. */
static int check_decision(struct ucm *handle)
{
	const struct ucm_decision *decision = &handle->decision;
	const struct ucm_query *query = &decision->query;
	size_t i;

	if (decision->unknown_client)
		return ucm_fail(&handle->error, UCM_CLASS_POLICY,
		    "client %d: no object of it is among the inputs: name its exports too, or "
		    "another client",
		    query->client);
	if (decision->unknown_server)
		return ucm_fail(&handle->error, UCM_CLASS_POLICY,
		    query->client == 0
			? "no UC_SMTP_%s in client %d: name a server that exists"
			: "no UC_SMTP_%s in client %d or client 0: name a server that exists",
		    query->server, query->client);
	if (decision->unknown_agent)
		return ucm_fail(&handle->error, UCM_CLASS_POLICY,
		    "agent kind %s does not exist in release %s: choose another kind or release",
		    ucm_agent_name(query->agent),
		    handle->text[UCM_RELEASE] == NULL ? "(newest)" : handle->text[UCM_RELEASE]);
	for (i = 0; i < decision->findings.count; i++)
		if (decision->findings.row[i].rule == UCM007)
			return ucm_fail_finding(
			    &handle->error, UCM_CLASS_INPUT, &decision->findings.row[i]);
	return 0;
}

/*
 * Whether a certificate of the policy began or ceased to be valid since the decision. A handle may
 * live for months; what the audit would refuse today is not sent because of yesterday.
 */
static int is_stale(const struct ucm *handle)
{
	const struct ucm_resource *resource = handle->decision.resource;
	int64_t then = handle->decision.query.at, now = ucm_handle_now(handle);
	size_t i;

	for (i = 0; resource != NULL && resource->bundle != NULL && i < resource->bundle->count;
	     i++) {
		const struct ucm_cert *cert = &resource->bundle->cert[i];

		if ((cert->not_before > then && cert->not_before <= now) ||
		    (cert->not_after >= then && cert->not_after < now))
			return 1;
	}
	return 0;
}

int ucm_handle_decide(struct ucm *handle)
{
	struct ucm_query query;

	/* sends that are under way refer to the decision */
	if (handle->decided && (handle->send != NULL || !is_stale(handle)))
		return 0;
	if (ucm_handle_read_system(handle) != 0)
		return -1;
	/* Undecided, there is no connection, but there may be messages of a batch whose failure was
	 * not told yet: they stay. */
	if (handle->decided)
		ucm_session_free(handle);
	ucm_handle_forget_decision(handle);
	query = make_query(handle);
	if (ucm_decide(handle->system, &query, &handle->decision_arena, &handle->decision) != 0)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory to decide the policy");
	if (check_decision(handle) != 0)
		return -1;
	if (handle->decision.login != NULL && handle->decision.login_user == NULL)
		handle->decision.login_user = handle->text[UCM_LOGIN_USER];
	if (ucm_handle_make_view(handle) != 0)
		return ucm_fail(&handle->error, UCM_CLASS_MEMORY, "no memory to decide the policy");
	handle->decided = 1;
	return 0;
}

int ucm_handle_refuses(struct ucm *handle, struct ucm_error *error)
{
	const struct ucm_decision *decision = &handle->decision;
	size_t i;

	if (decision->verdict != UCM_REFUSE)
		return 0;
	for (i = 0; i < decision->findings.count; i++) {
		const struct ucm_finding *finding = &decision->findings.row[i];

		if (finding->rule == decision->refused_by &&
		    ucm_finding_refuses(finding, decision->query.profile))
			return ucm_fail_finding(error, UCM_CLASS_POLICY, finding);
	}
	return ucm_fail(error, UCM_CLASS_POLICY,
	    "the policy of client %d refuses to send from agent kind %s", decision->query.client,
	    ucm_agent_name(decision->query.agent));
}

int ucm_decide_policy(struct ucm *handle)
{
	if (handle == NULL)
		return UCM_E_USAGE;
	ucm_error_clear(&handle->error);
	return ucm_handle_decide(handle) == 0 ? UCM_OK : (int)handle->error.class;
}
