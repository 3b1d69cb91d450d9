/*
 * Reads the certificates of the tests.
 */
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/certs.h"

size_t read_pem(const char *name, char out[CERT_FILE_MAX])
{
	const char *root = getenv("top_srcdir");
	char path[1024];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/tests/unit/certs/%s.pem", root ? root : ".", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	size = fread(out, 1, CERT_FILE_MAX - 1, file);
	out[size] = '\0';
	fclose(file);
	assert_true(size > 0);
	return size;
}

struct ucm_cert *read_cert(struct ucm_arena *arena, const char *name)
{
	char pem[CERT_FILE_MAX];
	struct ucm_bundle bundle;
	size_t size = read_pem(name, pem);

	assert_int_equal(ucm_bundle_parse(arena, (const unsigned char *)pem, size, &bundle), 0);
	if (bundle.count != 1 || bundle.damaged || bundle.has_private_key)
		fail_msg("%s holds %zu certificates", name, bundle.count);
	return bundle.cert;
}
