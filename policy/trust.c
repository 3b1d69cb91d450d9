/*
 * One resource of the trust store: its payload as a whole, then each certificate in it.
 */
#include "policy/trust.h"

#include <stdio.h>
#include <string.h>

#include "policy/place.h"
#include "policy/text.h"

#define SECONDS_PER_DAY INT64_C(86400)
#define SHA256_HEX 65

static int same_name(const char *left, const char *right, int nocase)
{
	const char *a;
	const char *b;
	size_t length = ucm_trim(left, &a);

	if (length != ucm_trim(right, &b))
		return 0;
	for (size_t i = 0; i < length; i++)
		if (a[i] != b[i] && !(nocase && ucm_lower(a[i]) == ucm_lower(b[i])))
			return 0;
	return 1;
}

int ucm_resource_is_gone(const struct ucm_resource *resource, const char *without)
{
	return without != NULL && same_name(resource->name, without, 1);
}

const struct ucm_resource *ucm_store_find(
    const struct ucm_store *store, const char *name, const char *without)
{
	for (int nocase = 0; nocase <= 1; nocase++) {
		for (const struct ucm_resource *r = store->resources; r != NULL; r = r->next)
			if (same_name(r->name, name, nocase) && !ucm_resource_is_gone(r, without))
				return r;
	}
	return NULL;
}

/* ---- The payload as a whole ----------------------------------------------------------------- */

static int raise_payload(const struct ucm_store *store, const struct ucm_resource *resource,
    enum ucm_rule rule, const char *reason, int demoted, struct ucm_findings *findings)
{
	struct ucm_finding finding = {
	    .rule = rule,
	    .place = ucm_place_of_resource(store, resource),
	    .argument = {resource->name, reason},
	    .demoted = demoted,
	};

	return ucm_findings_add(findings, &finding);
}

static int checksum_differs(const struct ucm_resource *resource)
{
	char hex[SHA256_HEX];

	if (resource->checksum == NULL || ucm_is_blank(resource->checksum))
		return 0;
	ucm_hex(resource->sha256, sizeof(resource->sha256), hex);
	return !same_name(resource->checksum, hex, 1);
}

/* The first rule that makes the payload useless, or UCM_RULE_COUNT. */
static enum ucm_rule payload_fault(const struct ucm_resource *resource)
{
	if (resource->payload == NULL || resource->bundle == NULL)
		return UCM203;
	if (checksum_differs(resource))
		return UCM204;
	if (resource->bundle->has_private_key)
		return UCM212;
	if (resource->bundle->count == 0)
		return UCM205;
	return UCM_RULE_COUNT;
}

/* ---- Each certificate ----------------------------------------------------------------------- */

static int is_expired(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	return terms->at > cert->not_after;
}

static int is_not_yet_valid(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	return terms->at < cert->not_before;
}

static int is_expiring(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	int64_t left;

	if (is_expired(cert, terms))
		return 0;
	if (__builtin_sub_overflow(cert->not_after, terms->at, &left))
		return 0;
	return left <= (int64_t)terms->expires_within * SECONDS_PER_DAY;
}

static int is_weak_key(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	(void)terms;
	return ucm_cert_is_weak_key(cert);
}

static int is_weakly_signed(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	(void)terms;
	return ucm_cert_is_weak_signature(cert);
}

static int has_wrong_usage(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	(void)terms;
	return !ucm_cert_is_anchor(cert) && !ucm_cert_is_server(cert);
}

static const char *time_text(int64_t seconds, struct ucm_arena *arena)
{
	char text[21];

	ucm_time_format(seconds, text);
	return ucm_arena_string(arena, text);
}

static const char *not_after_text(const struct ucm_cert *cert, struct ucm_arena *arena)
{
	return time_text(cert->not_after, arena);
}

static const char *not_before_text(const struct ucm_cert *cert, struct ucm_arena *arena)
{
	return time_text(cert->not_before, arena);
}

static const char *key_text(const struct ucm_cert *cert, struct ucm_arena *arena)
{
	static const char *const names[] = {
	    [UCM_KEY_OTHER] = "of unknown type",
	    [UCM_KEY_RSA] = "RSA",
	    [UCM_KEY_EC] = "EC",
	    [UCM_KEY_DSA] = "DSA",
	    [UCM_KEY_ED25519] = "Ed25519",
	    [UCM_KEY_ED448] = "Ed448",
	};

	return ucm_arena_format(arena, "%s, %u bits", names[cert->key_type], cert->key_bits);
}

static const char *signature_text(const struct ucm_cert *cert, struct ucm_arena *arena)
{
	return ucm_arena_string(arena, cert->signature_name == NULL ? "" : cert->signature_name);
}

static const struct cert_rule {
	enum ucm_rule rule;
	int (*applies)(const struct ucm_cert *cert, const struct ucm_trust_terms *terms);
	const char *(*detail)(const struct ucm_cert *cert, struct ucm_arena *arena); /* or NULL */
} cert_rules[] = {
    {UCM206, is_expired, not_after_text},
    {UCM207, is_not_yet_valid, not_before_text},
    {UCM208, is_expiring, not_after_text},
    {UCM209, is_weak_key, key_text},
    {UCM210, is_weakly_signed, signature_text},
    {UCM215, has_wrong_usage, NULL},
};

#define CERT_RULES (sizeof(cert_rules) / sizeof(cert_rules[0]))

static int is_good(const struct ucm_cert *cert, const struct ucm_trust_terms *terms)
{
	for (size_t i = 0; i < CERT_RULES; i++)
		if (ucm_rule_refuses(cert_rules[i].rule, terms->profile) &&
		    cert_rules[i].applies(cert, terms))
			return 0;
	return 1;
}

static int raise_cert(const struct ucm_finding *model, const struct ucm_cert *cert,
    const struct cert_rule *rule, struct ucm_arena *arena, struct ucm_findings *findings)
{
	struct ucm_finding finding = *model;
	char sha256[SHA256_HEX];

	ucm_hex(cert->sha256, sizeof(cert->sha256), sha256);
	finding.rule = rule->rule;
	finding.value = sha256;
	finding.argument[1] = cert->subject;
	if (rule->detail != NULL) {
		finding.argument[2] = rule->detail(cert, arena);
		if (finding.argument[2] == NULL)
			return -1;
	}
	return ucm_findings_add(findings, &finding);
}

/* A bundle that keeps a good certificate is being rolled over: the faults of the others warn. */
static int judge_certs(const struct ucm_store *store, const struct ucm_resource *resource,
    const struct ucm_trust_terms *terms, struct ucm_arena *arena, struct ucm_findings *findings,
    struct ucm_trusted *ret)
{
	const struct ucm_bundle *bundle = resource->bundle;
	struct ucm_finding model = {
	    .place = ucm_place_of_resource(store, resource),
	    .argument = {resource->name},
	};

	ret->cert = ucm_arena_array(arena, bundle->count, sizeof(const struct ucm_cert *));
	if (ret->cert == NULL)
		return -1;
	for (size_t i = 0; i < bundle->count; i++)
		if (is_good(&bundle->cert[i], terms))
			ret->cert[ret->count++] = &bundle->cert[i];
	model.demoted = ret->count > 0;
	for (size_t i = 0; i < bundle->count; i++) {
		for (size_t k = 0; k < CERT_RULES; k++)
			if (cert_rules[k].applies(&bundle->cert[i], terms) &&
			    raise_cert(&model, &bundle->cert[i], &cert_rules[k], arena, findings) !=
				0)
				return -1;
	}
	return 0;
}

int ucm_trust_is_readable(const struct ucm_resource *resource)
{
	return resource->payload != NULL && resource->bundle != NULL &&
	       resource->bundle->count > 0 && !checksum_differs(resource);
}

static const char *fault_reason(enum ucm_rule fault)
{
	return fault == UCM205 ? "no certificate can be parsed from its file" : NULL;
}

int ucm_trust_judge(const struct ucm_store *store, const struct ucm_resource *resource,
    const struct ucm_trust_terms *terms, struct ucm_arena *arena, struct ucm_findings *findings,
    struct ucm_trusted *ret)
{
	enum ucm_rule fault = payload_fault(resource);

	ret->cert = NULL;
	ret->count = 0;
	if (fault != UCM_RULE_COUNT &&
	    raise_payload(store, resource, fault, fault_reason(fault), 0, findings) != 0)
		return -1;
	if (!ucm_trust_is_readable(resource))
		return 0;
	/* The rest of the file is good, but what could not be read is told. */
	if (resource->bundle->damaged && raise_payload(store, resource, UCM205,
					     "one of the certificates in its file cannot be "
					     "parsed",
					     1, findings) != 0)
		return -1;
	if (judge_certs(store, resource, terms, arena, findings, ret) != 0)
		return -1;
	if (fault != UCM_RULE_COUNT)
		ret->count = 0;
	return 0;
}
