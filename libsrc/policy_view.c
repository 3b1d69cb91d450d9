/*
 * The decided policy as the public API shows it.
 */
#include "config.h"

#include <string.h>

#include "libsrc/handle.h"
#include "policy/text.h"

#define WORDS_MAX 1024 /* of a finding's message or hint */

/* Texts that the decision does not hold as text. In the decision's arena. */
struct ucm_policy_view {
	const struct ucm_cert *cert; /* what SMTPS_CERT names: the first that is trusted */
	char sha256[2 * 32 + 1];
	char not_after[21];
	struct finding_words {
		const char *message, *hint;
	} * words; /* as many as the decision has findings */
};

static const struct ucm_cert *shown_cert(const struct ucm_decision *decision)
{
	const struct ucm_resource *resource = decision->resource;

	if (decision->trusted_count > 0)
		return decision->trusted[0];
	if (resource == NULL || resource->bundle == NULL || resource->bundle->count == 0)
		return NULL;
	return &resource->bundle->cert[0];
}

static int make_words(struct ucm *handle, struct ucm_policy_view *view)
{
	const struct ucm_findings *findings = &handle->decision.findings;
	struct ucm_arena *arena = &handle->decision_arena;
	char text[WORDS_MAX];
	size_t i;

	if (findings->count == 0)
		return 0;
	view->words = ucm_arena_array(arena, findings->count, sizeof *view->words);
	if (view->words == NULL)
		return -1;
	for (i = 0; i < findings->count; i++) {
		ucm_finding_message(&findings->row[i], text, sizeof text);
		view->words[i].message = ucm_arena_string(arena, text);
		ucm_finding_hint(&findings->row[i], text, sizeof text);
		view->words[i].hint = ucm_arena_string(arena, text);
	}
	return arena->failed ? -1 : 0;
}

int ucm_handle_make_view(struct ucm *handle)
{
	struct ucm_policy_view *view = ucm_arena_alloc(&handle->decision_arena, sizeof *view);

	if (view == NULL)
		return -1;
	view->cert = shown_cert(&handle->decision);
	if (view->cert != NULL) {
		ucm_hex(view->cert->sha256, sizeof view->cert->sha256, view->sha256);
		ucm_time_format(view->cert->not_after, view->not_after);
	}
	if (make_words(handle, view) != 0)
		return -1;
	handle->view = view;
	return 0;
}

static const char *cert_text(const struct ucm *handle, enum ucm_policy_text_field field)
{
	const struct ucm_policy_view *view = handle->view;

	if (field == UCM_POLICY_CERT_NAME)
		return handle->decision.resource == NULL ? NULL : handle->decision.resource->name;
	if (view->cert == NULL)
		return NULL;
	if (field == UCM_POLICY_CERT_SHA256)
		return view->sha256;
	return field == UCM_POLICY_CERT_SUBJECT ? view->cert->subject : view->not_after;
}

static const char *decided_text(const struct ucm *handle, enum ucm_policy_text_field field)
{
	const struct ucm_decision *decision = &handle->decision;

	switch (field) {
	case UCM_POLICY_DECISION:
		return ucm_verdict_name(decision->verdict);
	case UCM_POLICY_HOST:
		return decision->host;
	case UCM_POLICY_PROTOCOL:
		return decision->protocol;
	case UCM_POLICY_FROM:
		return decision->from;
	case UCM_POLICY_REPLY_TO:
		return decision->reply_to;
	case UCM_POLICY_LOGIN:
		return decision->login;
	case UCM_POLICY_LOGIN_USER:
		return decision->login_user;
	case UCM_POLICY_AUTH_METHOD:
		return decision->auth_method;
	case UCM_POLICY_SERVER_VARIABLE:
		return decision->server_variable;
	case UCM_POLICY_VIA:
		return ucm_sender_name(decision->query.sender);
	case UCM_POLICY_AGENT:
		return ucm_agent_name(decision->query.agent);
	case UCM_POLICY_REFUSED_BY:
		return decision->refused_by < UCM_RULE_COUNT ? ucm_rules[decision->refused_by].id
							     : NULL;
	case UCM_POLICY_CERT_NAME:
	case UCM_POLICY_CERT_SHA256:
	case UCM_POLICY_CERT_SUBJECT:
	case UCM_POLICY_CERT_NOT_AFTER:
		return cert_text(handle, field);
	}
	return NULL;
}

/* The product keeps passwords in an obfuscated form that begins so. */
static int may_be_secret(const char *value)
{
	return strncmp(value, "--10", 4) == 0;
}

const char *ucm_policy_text(const struct ucm *handle, enum ucm_policy_text_field field)
{
	const char *text;

	if (handle == NULL || !handle->decided)
		return NULL;
	text = decided_text(handle, field);
	return text != NULL && may_be_secret(text) ? "(hidden)" : text;
}

long ucm_policy_number(const struct ucm *handle, enum ucm_policy_number_field field)
{
	const struct ucm_decision *decision;

	if (handle == NULL || !handle->decided)
		return -1;
	decision = &handle->decision;
	switch (field) {
	case UCM_POLICY_CLIENT:
		return decision->query.client;
	case UCM_POLICY_PORT:
		return decision->port == 0 ? -1 : (long)decision->port;
	case UCM_POLICY_TIMEOUT_S:
		return (long)decision->timeout_s;
	case UCM_POLICY_MAX_REPORT_BYTES:
		return (long)decision->max_report_bytes;
	case UCM_POLICY_FILE_ATTACHMENTS:
		return decision->file_attachments;
	}
	return -1;
}

static struct ucm_source make_source(const struct ucm_setting *setting, size_t key)
{
	const char *value = setting->text;

	return (struct ucm_source){
	    .key = ucm_keys[key].name,
	    .value = value == NULL || may_be_secret(value) ? NULL : value,
	    .client = setting->variable->client,
	    .object = setting->variable->name,
	    .file = setting->variable->file,
	    .line = setting->row->line,
	    .column = setting->row->column,
	};
}

int ucm_policy_source(const struct ucm *handle, size_t index, struct ucm_source *ret)
{
	size_t key, found = 0;

	if (handle == NULL || ret == NULL || !handle->decided)
		return UCM_E_USAGE;
	for (key = 0; key < UCM_KEY_COUNT; key++) {
		const struct ucm_setting *setting = &handle->decision.setting[key];

		if (setting->row == NULL || found++ != index)
			continue;
		*ret = make_source(setting, key);
		return UCM_OK;
	}
	return UCM_E_USAGE;
}

int ucm_policy_finding_at(const struct ucm *handle, size_t index, struct ucm_policy_finding *ret)
{
	const struct ucm_finding *finding;
	enum ucm_profile profile;

	if (handle == NULL || ret == NULL || !handle->decided ||
	    index >= handle->decision.findings.count)
		return UCM_E_USAGE;
	finding = &handle->decision.findings.row[index];
	profile = handle->decision.query.profile;
	*ret = (struct ucm_policy_finding){
	    .rule = ucm_rules[finding->rule].id,
	    .name = ucm_rules[finding->rule].name,
	    .severity = ucm_severity_name(ucm_finding_severity(finding, profile)),
	    .refuses = ucm_finding_refuses(finding, profile),
	    .message = handle->view->words[index].message,
	    .hint = handle->view->words[index].hint,
	    .client = finding->place.client,
	    .object = finding->place.object,
	    .key = finding->place.key,
	    .file = finding->place.file,
	    .line = finding->place.line,
	    .column = finding->place.column,
	};
	return UCM_OK;
}
