/*
 * What SMTPS_CERT refers to, and whether a server called SMTP_SERVER can be trusted by it.
 */
#include "policy/judge.h"

#include <string.h>

#include "policy/place.h"
#include "policy/address.h"
#include "policy/text.h"
#include "policy/trust.h"

static void raise_reference(struct ucm_judge *judge, enum ucm_rule rule,
    const struct ucm_store *store, const char *second, const char *value)
{
	const struct ucm_setting *reference = &judge->settings->setting[UCM_SMTPS_CERT];
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = ucm_place_of_row(reference->variable, reference->row),
	    .argument = {reference->text, second},
	    .value = value,
	};

	if (store != NULL)
		finding.related = ucm_place_of_store(store);
	ucm_judge_raise(judge, &finding);
}

/* The name in the store that was probably meant. */
static const char *suggest_resource(
    struct ucm_judge *judge, const struct ucm_store *store, const char *text)
{
	const char *without = judge->decision->query.without_cert;
	const char **names;
	const char *nearest;
	size_t count = 0;

	for (const struct ucm_resource *r = store->resources; r != NULL; r = r->next)
		count++;
	names = ucm_arena_array(judge->arena, count, sizeof(const char *));
	if (names == NULL)
		return NULL;
	count = 0;
	for (const struct ucm_resource *r = store->resources; r != NULL; r = r->next)
		if (!ucm_resource_is_gone(r, without))
			names[count++] = r->name;
	nearest = ucm_nearest(text, names, count);
	return nearest == NULL ? "one of its certificates" : nearest;
}

/* Whether a server of that name can be verified by the certificate. */
static int is_usable(const struct ucm_judge *judge, const struct ucm_cert *cert, const char *host)
{
	return ucm_cert_is_anchor(cert) ||
	       ucm_cert_covers(cert, host, judge->decision->query.profile == UCM_COMPAT);
}

/* Whether one of the certificates, good or not, could serve for the host. */
static int is_any_usable(
    const struct ucm_judge *judge, const struct ucm_bundle *bundle, const char *host)
{
	for (size_t i = 0; i < bundle->count; i++)
		if (is_usable(judge, &bundle->cert[i], host))
			return 1;
	return 0;
}

/* Keeps the certificates that can serve for the host; none left is UCM211. Where none was good to
 * begin with, a wrong name is told beside what else is wrong. */
static void judge_names(struct ucm_judge *judge, const struct ucm_store *store,
    const struct ucm_resource *resource, struct ucm_trusted *trusted)
{
	const char *host = judge->settings->setting[UCM_SMTP_SERVER].text;
	const int none_good = trusted->count == 0;
	size_t usable = 0;

	if (host == NULL || ucm_host_parse(host, NULL) == UCM_HOST_INVALID ||
	    !ucm_trust_is_readable(resource))
		return;
	for (size_t i = 0; i < trusted->count; i++)
		if (is_usable(judge, trusted->cert[i], host))
			trusted->cert[usable++] = trusted->cert[i];
	trusted->count = usable;
	if (usable == 0 && !(none_good && is_any_usable(judge, resource->bundle, host)))
		raise_reference(judge, UCM211, store, host, host);
}

void ucm_judge_trust(struct ucm_judge *judge)
{
	const struct ucm_query *query = &judge->decision->query;
	const struct ucm_setting *reference = &judge->settings->setting[UCM_SMTPS_CERT];
	const struct ucm_trust_terms terms = {query->profile, query->at, query->expires_within};
	const struct ucm_store *store = ucm_system_store(judge->system, 0);
	const struct ucm_resource *resource;
	struct ucm_trusted trusted = {NULL, 0};

	if (judge->capability != UCM_SENDS_SECURE || !ucm_judge_wants_tls(judge) ||
	    reference->row == NULL || judge->lacks_client_0)
		return;
	if (ucm_value_has_control(reference->row->value))
		return; /* UCM116 says it */
	if (store == NULL) {
		raise_reference(judge, UCM202, NULL, NULL, reference->text);
		return;
	}
	resource = ucm_store_find(store, reference->text, query->without_cert);
	if (resource == NULL && store->cut)
		return; /* it may have come later */
	if (resource == NULL) {
		raise_reference(judge, UCM201, store,
		    suggest_resource(judge, store, reference->text), reference->text);
		return;
	}
	if (strcmp(reference->row->value, resource->name) != 0)
		raise_reference(judge, UCM216, store, resource->name, reference->row->value);
	if (ucm_trust_judge(
		store, resource, &terms, judge->arena, &judge->decision->findings, &trusted) != 0)
		judge->failed = 1;
	judge_names(judge, store, resource, &trusted);
	judge->decision->resource = resource;
	judge->decision->trusted = trusted.cert;
	judge->decision->trusted_count = trusted.count;
}
