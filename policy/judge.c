/*
 * What all judges share: raising, and which keys count.
 */
#include "policy/judge.h"

#include "policy/place.h"

void ucm_judge_raise(struct ucm_judge *judge, const struct ucm_finding *finding)
{
	if (ucm_findings_add(&judge->decision->findings, finding) != 0)
		judge->failed = 1;
}

void ucm_judge_raise_at(struct ucm_judge *judge, enum ucm_rule rule,
    const struct ucm_setting *setting, const char *first, const char *second)
{
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = ucm_place_of_row(setting->variable, setting->row),
	    .argument = {first, second},
	    .value = setting->text,
	};

	ucm_judge_raise(judge, &finding);
}

int ucm_judge_counts(const struct ucm_judge *judge, enum ucm_key key)
{
	/* What an agent without TLS does not look at. */
	static const unsigned char ignored[UCM_KEY_COUNT] = {
	    [UCM_SMTP_PORT] = 1,
	    [UCM_SMTP_PROTOCOL] = 1,
	    [UCM_SMTPS_CERT] = 1,
	    [UCM_SMTP_LOGIN] = 1,
	    [UCM_SMTP_AUTH_METHOD] = 1,
	};

	if (judge->capability == UCM_SENDS_SECURE)
		return 1;
	/* Strict never sends in clear, so that it must know what was wanted. */
	if (key == UCM_SMTP_PROTOCOL && judge->decision->query.profile == UCM_STRICT)
		return judge->settings->protocol == UCM_PROTOCOL_UNKNOWN;
	return !ignored[key];
}

int ucm_judge_wants_tls(const struct ucm_judge *judge)
{
	return judge->settings->protocol == UCM_PROTOCOL_STARTTLS ||
	       judge->settings->protocol == UCM_PROTOCOL_TLS;
}

int ucm_judge_types(struct ucm_judge *judge)
{
	const struct ucm_variable *used[] = {judge->settings->server, judge->settings->base};
	int all_static = 1;

	for (size_t i = 0; i < 2; i++) {
		struct ucm_finding finding = {.rule = UCM310};

		if (used[i] == NULL || ucm_variable_is_static(used[i]))
			continue;
		finding.place = ucm_place_of_variable(used[i], NULL);
		finding.argument[0] = used[i]->type;
		finding.value = used[i]->type;
		ucm_judge_raise(judge, &finding);
		all_static = 0;
	}
	return all_static;
}

static struct ucm_place own_place(const struct ucm_settings *settings)
{
	if (settings->own != NULL)
		return ucm_place_of_variable(settings->own, NULL);
	return (struct ucm_place){.client = settings->client, .object = UCM_CLIENT_SETTINGS_NAME};
}

void ucm_judge_client_0(struct ucm_judge *judge)
{
	const struct ucm_settings *settings = judge->settings;
	int needs_certificate = judge->capability == UCM_SENDS_SECURE &&
				ucm_judge_wants_tls(judge) &&
				settings->setting[UCM_SMTPS_CERT].row != NULL;
	struct ucm_finding finding = {.place = own_place(settings)};

	if (settings->client == 0)
		return;
	if (!ucm_system_has_client(judge->system, 0)) {
		if (!settings->inherited && !needs_certificate)
			return;
		finding.rule = UCM007;
		judge->lacks_client_0 = 1;
		ucm_judge_raise(judge, &finding);
	} else if (settings->inherited) {
		finding.rule = UCM304;
		ucm_judge_raise(judge, &finding);
	}
}
