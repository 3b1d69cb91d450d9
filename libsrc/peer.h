/*
 * Trust in the certificate that a server presents: pins, names, dates, usage. Pure; chains are
 * verified by the TLS library.
 */
#ifndef UCM_LIBSRC_PEER_H
#define UCM_LIBSRC_PEER_H

#include "policy/cert.h"
#include "policy/error.h"

struct ucm_peer_rules {
	const struct ucm_cert *const *trusted; /* the decision's certificates */
	size_t trusted_count;
	const char *host; /* SMTP_SERVER as configured */
	int64_t now; /* by the handle's clock */
	int strict; /* no CN, no weak signature */
};

/* CA certificates anchor chains. Only these may be given to the TLS library. */
int ucm_peer_is_anchor(const struct ucm_cert *cert);

/*
 * Whether these very bytes are trusted by themselves: an end-entity certificate, or a self-issued
 * one marked CA. An intermediate CA certificate is never a server's own.
 */
int ucm_peer_is_pinned(const struct ucm_peer_rules *rules, const unsigned char *der, size_t size);

/*
 * Whether the path lengths of the anchors allow the chain as it was presented, the server's own
 * certificate first. (The TLS library counts below presented certificates only.) Where no anchor is
 * met, 1: that is for the library to judge.
 */
int ucm_peer_path_fits(
    const struct ucm_peer_rules *rules, const struct ucm_cert *chain, size_t count);

/*
 * Whether the name constraints of the chain and of its anchors permit the addresses of the server's
 * certificate, the first one. (The TLS library judges host names only.)
 */
int ucm_peer_addresses_fit(
    const struct ucm_peer_rules *rules, const struct ucm_cert *chain, size_t count);

/* Usage, name, dates and strength of the presented certificate. 0, or -1 with error (TRUST, the
 * rule of the audit, and the certificate itself in words). */
int ucm_peer_judge(
    const struct ucm_peer_rules *rules, const struct ucm_cert *cert, struct ucm_error *error);

/* Subject, issuer, dates and SHA-256, for an administrator. */
void ucm_peer_describe(const struct ucm_cert *cert, char *out, size_t room);

/* ucm_fail() with class TRUST and a rule; "" for none. Returns -1. */
int ucm_peer_fail(
    struct ucm_error *error, const char *rule, const struct ucm_cert *cert, const char *reason);

#endif
