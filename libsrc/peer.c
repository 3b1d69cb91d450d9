/*
 * What is judged of a presented certificate beside its chain.
 */
#include <stdio.h>
#include <string.h>

#include "policy/text.h"
#include "peer.h"

#define SUBJECT_SHOWN 160

int ucm_peer_is_anchor(const struct ucm_cert *cert)
{
	return ucm_cert_is_anchor(cert);
}

int ucm_peer_is_pinned(const struct ucm_peer_rules *rules, const unsigned char *der, size_t size)
{
	size_t i = 0;

	for (i = 0; i < rules->trusted_count; i++) {
		const struct ucm_cert *cert = rules->trusted[i];

		if ((!ucm_cert_is_anchor(cert) || cert->self_issued) && cert->der_size == size &&
		    memcmp(cert->der, der, size) == 0)
			return 1;
	}
	return 0;
}

/* The anchors called so: 1 where one of them allows so many CAs below it, 0 where they forbid it,
 * -1 where there is none. */
static int anchors_allow(const struct ucm_peer_rules *rules, const char *name, unsigned below)
{
	int allow = -1;
	size_t i = 0;

	for (i = 0; i < rules->trusted_count && allow != 1; i++) {
		const struct ucm_cert *cert = rules->trusted[i];

		if (ucm_cert_is_anchor(cert) && strcmp(cert->subject, name) == 0)
			allow = !cert->has_path_length || below <= cert->path_length;
	}
	return allow;
}

int ucm_peer_path_fits(
    const struct ucm_peer_rules *rules, const struct ucm_cert *chain, size_t count)
{
	const char *issuer = count > 0 ? chain[0].issuer : NULL;
	unsigned below = 0; /* RFC 5280 section 6.1.4: self-issued ones are not counted */
	size_t steps = 0;

	for (steps = 0; steps < count; steps++) {
		const int allow = anchors_allow(rules, issuer, below);
		size_t i = 1;

		if (allow >= 0)
			return allow;
		while (i < count && strcmp(chain[i].subject, issuer) != 0)
			i++;
		if (i == count)
			break;
		below += !chain[i].self_issued;
		issuer = chain[i].issuer;
	}
	return 1;
}

/* The same of the addresses in a certificate. */
static int anchors_permit(
    const struct ucm_peer_rules *rules, const char *name, const struct ucm_cert *cert)
{
	int permit = -1;
	size_t i = 0;

	for (i = 0; i < rules->trusted_count && permit != 1; i++) {
		const struct ucm_cert *anchor = rules->trusted[i];

		if (ucm_cert_is_anchor(anchor) && strcmp(anchor->subject, name) == 0)
			permit = ucm_cert_permits_addresses(anchor, cert);
	}
	return permit;
}

int ucm_peer_addresses_fit(
    const struct ucm_peer_rules *rules, const struct ucm_cert *chain, size_t count)
{
	size_t i = 0;

	for (i = 0; i < count; i++)
		if ((i > 0 && !ucm_cert_permits_addresses(&chain[i], &chain[0])) ||
		    anchors_permit(rules, chain[i].issuer, &chain[0]) == 0)
			return 0;
	return 1;
}

void ucm_peer_describe(const struct ucm_cert *cert, char *out, size_t room)
{
	char from[21];
	char until[21];
	char digest[65];

	ucm_time_format(cert->not_before, from);
	ucm_time_format(cert->not_after, until);
	ucm_hex(cert->sha256, sizeof(cert->sha256), digest);
	snprintf(out, room, "subject %.*s, issuer %.*s, valid from %s to %s, SHA-256 %s",
	    SUBJECT_SHOWN, cert->subject, SUBJECT_SHOWN, cert->issuer, from, until, digest);
}

int ucm_peer_fail(
    struct ucm_error *error, const char *rule, const struct ucm_cert *cert, const char *reason)
{
	char what[UCM_ERROR_TEXT_MAX / 2] = "none that can be read";

	if (error->class != UCM_CLASS_OK)
		return -1;
	if (cert != NULL)
		ucm_peer_describe(cert, what, sizeof(what));
	snprintf(error->rule, sizeof(error->rule), "%s", rule);
	return ucm_fail(error, UCM_CLASS_TRUST, "%s; the server presented: %s", reason, what);
}

int ucm_peer_judge(
    const struct ucm_peer_rules *rules, const struct ucm_cert *cert, struct ucm_error *error)
{
	char reason[UCM_DOMAIN_MAX + 96];

	if (!ucm_cert_is_server(cert)) {
		return ucm_peer_fail(error, "UCM215", cert,
		    "the certificate's extended key usage does not allow a server");
	}
	if (!ucm_cert_covers(cert, rules->host, !rules->strict)) {
		snprintf(
		    reason, sizeof(reason), "the certificate is not for the host %s", rules->host);
		return ucm_peer_fail(error, "UCM211", cert, reason);
	}
	if (rules->now < cert->not_before)
		return ucm_peer_fail(error, "UCM207", cert, "the certificate is not valid yet");
	if (rules->now > cert->not_after)
		return ucm_peer_fail(error, "UCM206", cert, "the certificate has expired");
	if (ucm_cert_is_weak_key(cert))
		return ucm_peer_fail(error, "UCM209", cert, "the certificate's key is too weak");
	if (rules->strict && ucm_cert_is_weak_signature(cert)) {
		return ucm_peer_fail(
		    error, "UCM210", cert, "the certificate's signature is too weak");
	}
	return 0;
}
