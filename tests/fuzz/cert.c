/*
 * Fuzz target: a payload of certificates, PEM or DER.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "policy/cert.h"
#include "policy/limits.h"
#include "tests/fuzz/fuzz.h"

static void claim_constraints(const struct ucm_cert *ca)
{
	static const unsigned char addresses[] = {127, 0, 0, 1, 10, 1, 2, 3};
	struct ucm_cert_name names[] = {
	    {UCM_NAME_IP, addresses, 4}, {UCM_NAME_IP, addresses + 4, 4}};
	const struct ucm_cert both = {.names = names, .name_count = 2};
	const struct ucm_cert one = {.names = names, .name_count = 1};
	const struct ucm_cert none = {.name_count = 0};

	CLAIM(ca->constraints == NULL || ca->constraints >= ca->der);
	CLAIM(ca->constraints != NULL || ucm_cert_permits_addresses(ca, &both));
	CLAIM(ucm_cert_permits_addresses(ca, &one) || !ucm_cert_permits_addresses(ca, &both));
	CLAIM(ucm_cert_permits_addresses(ca, &none));
	(void)ucm_cert_permits_addresses(ca, ca);
}

static void claim_cert(const struct ucm_cert *cert)
{
	static const char *const hosts[] = {
	    "mail.example.com", "MAIL.example.com.", "127.0.0.1", "[::1]", "a.b", "*", ""};

	CLAIM(cert->der != NULL && cert->der_size > 0);
	CLAIM(fuzz_is_clean(cert->subject) && fuzz_is_clean(cert->issuer));
	CLAIM(cert->common_name == NULL || fuzz_is_utf8(cert->common_name));
	CLAIM(fuzz_is_clean(cert->serial) && fuzz_is_clean(cert->signature_name));
	for (size_t i = 0; i < cert->name_count; i++) {
		const struct ucm_cert_name *name = &cert->names[i];

		CLAIM(name->bytes >= cert->der && name->length <= cert->der_size);
		CLAIM((size_t)(name->bytes - cert->der) + name->length <= cert->der_size);
		CLAIM(name->type == UCM_NAME_DNS || name->length == 4 || name->length == 16);
	}
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		int by_san = ucm_cert_covers(cert, hosts[i], 0);

		CLAIM(!by_san || cert->name_count > 0);
		CLAIM(!by_san || ucm_cert_covers(cert, hosts[i], 1));
	}
	CLAIM(!ucm_cert_is_anchor(cert) || cert->is_ca);
	claim_constraints(cert);
	(void)ucm_cert_is_server(cert);
	(void)ucm_cert_is_weak_key(cert);
	(void)ucm_cert_is_weak_signature(cert);
}

void fuzz_one(const unsigned char *bytes, size_t size)
{
	struct ucm_arena arena;
	struct ucm_bundle bundle;
	struct ucm_cert cert;

	ucm_arena_init(&arena, NULL, 0);
	memset(&cert, 0, sizeof(cert));
	if (ucm_cert_parse(&arena, bytes, size, &cert) == 0)
		claim_cert(&cert);
	CLAIM(ucm_bundle_parse(&arena, bytes, size, &bundle) == 0);
	CLAIM(bundle.count <= UCM_CERTS_PER_PAYLOAD_MAX);
	for (size_t i = 0; i < bundle.count; i++)
		claim_cert(&bundle.cert[i]);
	ucm_arena_free(&arena);
}
