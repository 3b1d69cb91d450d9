/*
 * Facts of X.509 certificates, read from bytes (RFC 5280). No trust is decided by a signature here:
 * chains are verified by the TLS library. Names, dates, usage and keys are judged here, for the
 * audit and for the certificate that a server presents alike.
 */
#ifndef UCM_POLICY_CERT_H
#define UCM_POLICY_CERT_H

#include <stddef.h>
#include <stdint.h>

#include "policy/arena.h"
#include "policy/rules.h"

enum ucm_key_type { UCM_KEY_OTHER, UCM_KEY_RSA, UCM_KEY_EC, UCM_KEY_DSA, UCM_KEY_ED25519, UCM_KEY_ED448 };

struct ucm_cert_name {        /* a subjectAltName that can match a host */
	enum { UCM_NAME_DNS, UCM_NAME_IP } type;
	const unsigned char *bytes; /* dNSName characters or 4 or 16 address octets, in the DER */
	size_t length;
};

struct ucm_cert {
	const unsigned char *der; /* in the arena */
	size_t der_size;
	unsigned char sha256[32]; /* of the DER */
	const char *subject;      /* RFC 4514 form, UTF-8, control characters escaped */
	const char *issuer;
	const char *common_name;  /* the last CN of the subject, or NULL; may hold no NUL */
	const char *serial;       /* hex */
	int64_t not_before;       /* seconds since 1970, UTC */
	int64_t not_after;
	struct ucm_cert_name *names;
	size_t name_count;
	int has_san;              /* a subjectAltName extension, whatever is in it */
	int self_issued;          /* subject equals issuer */
	int has_basic_constraints;
	int is_ca;                /* basicConstraints CA:TRUE */
	int has_path_length;      /* at most so many CAs below this one, itself not counted */
	unsigned path_length;     /* UINT_MAX for all that is more */
	int has_key_usage, key_usage_cert_sign;
	int has_eku, eku_server_auth; /* serverAuth or anyExtendedKeyUsage */
	const unsigned char *constraints; /* on names: what is in the extension; NULL: none */
	size_t constraints_size;
	enum ucm_key_type key_type;
	unsigned key_bits;
	int weak_signature;       /* MD2, MD4, MD5 or SHA-1 */
	const char *signature_name;
};

/* What a payload holds. */
struct ucm_bundle {
	struct ucm_cert *cert;
	size_t count;
	int has_private_key;      /* a PEM private key block, or PKCS#8, PKCS#1, SEC 1 in DER, or PKCS#12 */
	int damaged;              /* a certificate block that could not be parsed was met */
};

/*
 * Reads PEM (one certificate or several, other text between them ignored) or DER.
 * Never fails on content: count is 0 where nothing could be parsed. -1 without memory.
 */
int ucm_bundle_parse(struct ucm_arena *arena, const unsigned char *bytes, size_t size,
    struct ucm_bundle *ret);

/* One DER certificate. 0, or -1 where it is none (or without memory: arena->failed). */
int ucm_cert_parse(struct ucm_arena *arena, const unsigned char *der, size_t size,
    struct ucm_cert *ret);

/* CA:TRUE, and keyCertSign where keyUsage is there: it anchors chains. */
int ucm_cert_is_anchor(const struct ucm_cert *cert);

/* May be presented by a server: no extended key usage, or one that allows serverAuth. */
int ucm_cert_is_server(const struct ucm_cert *cert);

int ucm_cert_is_weak_key(const struct ucm_cert *cert);

/* MD5 or SHA-1 signature that matters: the own signature of a self-issued one does not. */
int ucm_cert_is_weak_signature(const struct ucm_cert *cert);

/*
 * RFC 6125, RFC 7817: subjectAltName first; an address matches iPAddress only; a wildcard is the
 * whole left-most label and covers one label; the CN counts only without a SAN and only where
 * allow_cn. A trailing dot of the host is ignored.
 */
int ucm_cert_covers(const struct ucm_cert *cert, const char *host, int allow_cn);

/* Whether the name constraints of a CA permit the addresses of a certificate below it (RFC 5280
 * section 4.2.1.10). Not where they are malformed. */
int ucm_cert_permits_addresses(const struct ucm_cert *ca, const struct ucm_cert *cert);

#endif
