/*
 * Parts of a certificate, read into struct ucm_cert. Internal to the certificate reader.
 */
#ifndef UCM_POLICY_CERTFACTS_H
#define UCM_POLICY_CERTFACTS_H

#include "policy/cert.h"
#include "policy/der.h"

/* SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7): key_type and key_bits. 0, or -1. */
int ucm_cert_read_key(const struct ucm_der_item *info, struct ucm_cert *ret);

/* The signature's AlgorithmIdentifier: signature_name and weak_signature. 0, or -1. */
int ucm_cert_read_signature(
    struct ucm_arena *arena, const struct ucm_der_item *algorithm, struct ucm_cert *ret);

/* Extensions (RFC 5280 section 4.2); one that counts here and is malformed or there twice is an
 * error. 0, or -1 (also without memory). */
int ucm_cert_read_extensions(
    struct ucm_arena *arena, const struct ucm_der_item *extensions, struct ucm_cert *ret);

#endif
