/*
 * What UC_TRUSTEDCERTS of client 0 holds, and whether it can be trusted.
 */
#ifndef UCM_POLICY_TRUST_H
#define UCM_POLICY_TRUST_H

#include "policy/cert.h"
#include "policy/model.h"

/* The circumstances that certificates are judged under. */
struct ucm_trust_terms {
	enum ucm_profile profile;
	int64_t at;              /* seconds since 1970 */
	unsigned expires_within; /* days */
};

/* The certificates of a resource that none of the refusing rules touches. */
struct ucm_trusted {
	const struct ucm_cert **cert;
	size_t count;
};

/*
 * The resource of that name: the exact one, else the first that differs only in case or in blanks
 * around it; `without` (NULL: none) counts as gone. NULL where there is none.
 */
const struct ucm_resource *ucm_store_find(const struct ucm_store *store, const char *name,
    const char *without);

/* Whether the resource is the one that is judged as if it were gone. */
int ucm_resource_is_gone(const struct ucm_resource *resource, const char *without);

/* Whether the payload is the one that the store lists, and holds certificates. */
int ucm_trust_is_readable(const struct ucm_resource *resource);

/*
 * Raises UCM203 to UCM210, UCM212 and UCM215 of one resource. ret holds the good certificates, none
 * where the whole resource cannot be used. 0, or -1 without memory.
 */
int ucm_trust_judge(const struct ucm_store *store, const struct ucm_resource *resource,
    const struct ucm_trust_terms *terms, struct ucm_arena *arena, struct ucm_findings *findings,
    struct ucm_trusted *ret);

#endif
