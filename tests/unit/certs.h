/*
 * Certificates of tests/unit/certs, made once with OpenSSL; no private key of theirs is kept.
 */
#ifndef UCM_TESTS_CERTS_H
#define UCM_TESTS_CERTS_H

#include <stddef.h>

#include "policy/cert.h"

#define CERT_FILE_MAX 8192

/* Reads tests/unit/certs/NAME.pem; returns the size, with a NUL behind. Fails the test if it
 * cannot. */
size_t read_pem(const char *name, char out[CERT_FILE_MAX]);

/* The one certificate of that file. */
struct ucm_cert *read_cert(struct ucm_arena *arena, const char *name);

#endif
