/*
 * Every allocation fails once: for each n, the n-th one of loading, auditing, writing and reading a
 * snapshot, and sending. No crash, no leak, a reason, and no mail is said to be sent, or not to be
 * sent, when that is not so.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "libsrc/tls.h"
#include "policy/audit.h"
#include "tests/faults/scarcity.h"
#include "tests/faults/server.h"
#include "ucmail.h"
#include "unit/tls_server.h"
#include "unit/tree.h"
#include "xml/load.h"
#include "xml/snapshot.h"

#define NEVER 100000 /* no scenario allocates so often */

/* Under valgrind not each allocation fails, but each 37th: a handshake takes seconds there. */
static unsigned stride(void)
{
	return getenv("UCM_WRAP") != NULL ? 37 : 1;
}

static struct tree tree;
static const struct ucm_allocator scarce = {scarcity_resize, NULL};

/* ---- A system ------------------------------------------------------------------------------- */

#define ROW(name, value) "<row Name=\"" name "\" Value=\"" value "\"/>\n"
#define SETTINGS(protocol, port)                                                                   \
	"<VARA data_type=\"STATIC\" name=\"UC_CLIENT_SETTINGS\"><VARA><Variables>\n" ROW(          \
	    "SMTP_SERVER", "mail.example.com")                                                     \
	    ROW("SMTP_FROM_ADDR", "Robot &lt;robot@example.com&gt;")                               \
		ROW("SMTP_PROTOCOL", protocol) ROW("SMTP_PORT", port) ROW("SMTPS_CERT", "CA")      \
		    ROW("SMTP_LOGIN", "LOGIN.MAIL") "</Variables></VARA></VARA>\n"
#define DOCUMENT(body) "<?xml version=\"1.0\"?>\n<uc-export>\n" body "</uc-export>\n"
#define STORE                                                                                      \
	"<STORE name=\"UC_TRUSTEDCERTS\"><STORE><resourceList>\n"                                  \
	"<row name=\"CA\" resname=\"CA-PAYLOAD\" type=\"3\"/>\n</resourceList></STORE></STORE>\n"
#define SCRIPT                                                                                     \
	"<SCRI name=\"SCRI.MAIL\"><SCRIPT mode=\"1\" state=\"1\"><MSCRI><![CDATA[\n"               \
	":SET &R# = SEND_MAIL(\"a@example.com\",,\"Done\",\"Text\",,,,\"RELAY\")\n"                \
	"]]></MSCRI></SCRIPT></SCRI>\n"

static void copy_payload(const char *from, const char *to)
{
	char path[512], bytes[8192];
	size_t size;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", certificate_folder(), from);
	file = fopen(path, "re");
	assert_non_null(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	tree_write(&tree, to, bytes, size);
}

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(make_certificates(), 0);
	tree_make(&tree);
	tree_folder(&tree, "0000");
	tree_folder(&tree, "0100");
	tree_text(&tree, "0000/settings.xml", DOCUMENT(SETTINGS("TLS", "465") STORE));
	tree_text(&tree, "0100/settings.xml", DOCUMENT(SETTINGS("STARTTLS", "587") SCRIPT));
	copy_payload("ca.pem", "0000/CA-PAYLOAD");
	assert_int_equal(
	    xmlMemSetup(scarcity_free, scarcity_malloc, scarcity_realloc, scarcity_strdup), 0);
	assert_int_equal(
	    wolfSSL_SetAllocators(scarcity_tls_malloc, scarcity_tls_free, scarcity_tls_realloc), 0);
	/* Before there are two threads: it is not safe against itself, and the server needs it too.
	 */
	assert_int_equal(wolfSSL_Init(), WOLFSSL_SUCCESS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tree_remove(&tree);
	remove_certificates();
	return 0;
}

/* ---- Loading, auditing, snapshots ----------------------------------------------------------- */

static int load(struct ucm_system *system)
{
	const char *const inputs[] = {tree.top};
	const struct ucm_load_options options = {.client = UCM_CLIENT_UNKNOWN};
	struct ucm_error error = {.class = UCM_CLASS_OK};

	ucm_system_init(system, &scarce, 0);
	return ucm_load(system, inputs, 1, &options, &error);
}

static int audit(const struct ucm_system *system, size_t *findings)
{
	const struct ucm_audit_options options = {
	    .client = UCM_CLIENT_UNKNOWN, .at = 1795543200, .expires_within = 30};
	struct ucm_arena arena;
	struct ucm_audit result;
	int failed;

	ucm_arena_init(&arena, &scarce, 0);
	failed = ucm_audit_run(system, &options, &arena, &result);
	*findings = failed ? 0 : result.findings.count;
	ucm_arena_free(&arena);
	return failed;
}

static void loading_and_auditing(void **state)
{
	long before = 0;
	size_t expected = 0;
	unsigned n;

	(void)state;
	for (n = 0; n < NEVER; n++) { /* the first round fails nowhere */
		struct ucm_system system;
		size_t findings = 0;
		int failed;

		scarcity_fail_at(n);
		failed = load(&system) != 0 || audit(&system, &findings) != 0;
		if (n == 0) {
			expected = findings;
			assert_int_equal(failed, 0);
		} else if (!failed && findings != expected) {
			/* Only a file that is said to be unread may change the result. */
			fail_msg(
			    "allocation %u: %zu findings instead of %zu", n, findings, expected);
		}
		ucm_system_free(&system);
		if (n == 0)
			before = scarcity_live(); /* what the XML library keeps for the process */
		else if (scarcity_live() != before)
			fail_msg("allocation %u: %ld blocks are left", n, scarcity_live() - before);
		if (n > 0 && !scarcity_failed())
			break;
	}
	scarcity_fail_at(0);
	print_message("# %u allocations failed\n", n - 1);
	assert_true(n > 20);
}

static void snapshots(void **state)
{
	long before;
	struct ucm_system system, again;
	char *bytes = NULL;
	size_t size = 0;
	unsigned n;

	(void)state;
	scarcity_fail_at(0);
	assert_int_equal(load(&system), 0);
	before = scarcity_live();
	for (n = 1; n < NEVER; n++) {
		struct ucm_error error = {.class = UCM_CLASS_OK};
		FILE *out = open_memstream(&bytes, &size);
		int failed;

		assert_non_null(out);
		scarcity_fail_at(n);
		failed = ucm_snapshot_write(&system, out, &error);
		(void)fclose(out);
		if (!scarcity_failed())
			break;
		assert_int_equal(failed, -1);
		assert_int_equal(error.class, UCM_CLASS_MEMORY);
		assert_int_equal(scarcity_live(), before);
		free(bytes);
	}
	print_message("# %u allocations of writing failed\n", n - 1);
	for (n = 1; n < NEVER; n++) {
		struct ucm_error error = {.class = UCM_CLASS_OK};
		int failed;

		ucm_system_init(&again, &scarce, 0);
		scarcity_fail_at(n);
		failed = ucm_snapshot_read(&again, bytes, size, "snapshot", &error);
		if (scarcity_failed()) {
			assert_int_equal(failed, -1);
			assert_true(error.text[0] != '\0');
		}
		ucm_system_free(&again);
		assert_int_equal(scarcity_live(), before);
		if (!scarcity_failed())
			break;
	}
	print_message("# %u allocations of reading failed\n", n - 1);
	scarcity_fail_at(0);
	free(bytes);
	ucm_system_free(&system);
}

/* ---- Sending -------------------------------------------------------------------------------- */

struct send {
	struct server server;
	int dialled;
	long client;
	const char *snapshot;
	int status;
	char said[16]; /* UCM_OUTCOME_STATUS; "" where there was no outcome */
};

static int dial(const char *host, unsigned port, void *arg)
{
	struct send *send = arg;

	(void)host, (void)port;
	if (send->dialled) /* a second connection: the first must be over */
		server_wait(&send->server);
	send->dialled = 1;
	return server_start(&send->server);
}

static long converse(const struct ucm_conv_message *message, char *answer, size_t room, void *arg)
{
	(void)message, (void)arg;
	assert_true(room >= 6);
	memcpy(answer, "pencil", 6);
	return 6;
}

static int compose(struct ucm *handle, struct ucm_message **message)
{
	int status = ucm_message_new(handle, message);

	if (status == UCM_OK)
		status =
		    ucm_message_add_recipient(*message, UCM_TO, "a@example.com, b@example.com");
	if (status == UCM_OK)
		status = ucm_message_set(*message, UCM_SUBJECT,
		    "Gr\xC3\xBC\xC3\x9F"
		    "e");
	if (status == UCM_OK)
		status = ucm_message_set_body(*message, "Text\n.\n", 7);
	if (status == UCM_OK)
		status = ucm_message_attach_data(*message, "a.bin", NULL, "\x01\x02\x03", 3);
	return status;
}

static int set_handle(struct ucm *handle, const struct send *send)
{
	int status = ucm_add_input(handle, send->snapshot);

	if (status == UCM_OK)
		status = ucm_set_number(handle, UCM_CLIENT, send->client);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_LOGIN_USER, "user");
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_HELO_NAME, "me.example.com");
	return status;
}

static void send_once(struct send *send)
{
	const struct ucm_options options = {
	    .size = sizeof(options),
	    .conv = converse,
	    .resize = scarcity_resize,
	    .dial = dial,
	    .dial_arg = send,
	};
	struct ucm *handle = NULL;
	struct ucm_message *message = NULL;
	struct ucm_outcome *outcome = NULL;

	send->said[0] = '\0';
	send->dialled = 0;
	send->server.taken = 0;
	send->status = ucm_start(&options, &handle);
	if (send->status != UCM_OK)
		return;
	send->status = set_handle(handle, send);
	if (send->status == UCM_OK)
		send->status = compose(handle, &message);
	if (send->status == UCM_OK)
		send->status = ucm_send(handle, message, &outcome);
	if (send->status != UCM_OK)
		assert_true(ucm_error(handle)[0] != '\0' || outcome != NULL);
	if (outcome != NULL && ucm_outcome_text(outcome, UCM_OUTCOME_STATUS) != NULL)
		(void)snprintf(send->said, sizeof(send->said), "%s",
		    ucm_outcome_text(outcome, UCM_OUTCOME_STATUS));
	ucm_end(handle);
	ucm_tls_thread_end();
	if (send->dialled)
		server_wait(&send->server);
}

/* What is said of the mail is what the server knows of it. */
static void claim_truth(const struct send *send, unsigned n)
{
	const int sent = strcmp(send->said, "sent") == 0;

	if (send->status == UCM_OK && send->server.taken != 1)
		fail_msg("allocation %u: sent, but the server has not taken it", n);
	if (sent && send->server.taken != 1)
		fail_msg("allocation %u: said to be sent, but not taken", n);
	if (send->server.taken > 1)
		fail_msg("allocation %u: taken %u times", n, send->server.taken);
	if (send->server.taken == 1 && !sent && strcmp(send->said, "unknown") != 0)
		fail_msg(
		    "allocation %u: taken, but said to be '%s' (%d)", n, send->said, send->status);
}

static void write_snapshot(const char *name)
{
	struct ucm_error error = {.class = UCM_CLASS_OK};
	struct ucm_system system;
	FILE *out = fopen(tree_path(&tree, name), "we");

	scarcity_fail_at(0);
	assert_non_null(out);
	assert_int_equal(load(&system), 0);
	if (ucm_snapshot_write(&system, out, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(fclose(out), 0);
	ucm_system_free(&system);
}

static void send_by(long client)
{
	static char certificate[512], key[512], snapshot[sizeof(tree.path)];
	struct send send = {.client = client, .snapshot = snapshot};
	unsigned n, truths = 0, in_tls = 0;
	long before, before_in_tls;

	(void)snprintf(certificate, sizeof(certificate), "%s/server.pem", certificate_folder());
	(void)snprintf(key, sizeof(key), "%s/server.key", certificate_folder());
	(void)snprintf(snapshot, sizeof(snapshot), "%s", tree_path(&tree, "system.snapshot"));
	write_snapshot("system.snapshot");
	send.server =
	    (struct server){.certificate = certificate, .key = key, .implicit = client == 0};
	for (n = 0; n < 2; n++) { /* what the libraries make once, they make now */
		scarcity_fail_at(0);
		send_once(&send);
		assert_int_equal(send.status, UCM_OK);
		claim_truth(&send, 0);
	}
	before = scarcity_live();
	before_in_tls = scarcity_live_in_tls();
	for (n = 1; n < NEVER; n += stride()) {
		scarcity_fail_at(n);
		send_once(&send);
		claim_truth(&send, n);
		truths += send.server.taken;
		if (scarcity_live() != before)
			fail_msg("allocation %u: %ld blocks are left", n, scarcity_live() - before);
		/* What the TLS library loses of its own where its own memory ends is its own. */
		if (!scarcity_failed_in_tls() && scarcity_live_in_tls() != before_in_tls)
			fail_msg("allocation %u: %ld blocks of TLS are left", n,
			    scarcity_live_in_tls() - before_in_tls);
		in_tls += scarcity_failed_in_tls() != 0;
		before_in_tls = scarcity_live_in_tls();
		if (!scarcity_failed())
			break;
	}
	print_message(
	    "# the last that failed: %u; %u failed in the TLS library; %u of the mails were "
	    "taken all the same\n",
	    n - 1, in_tls, truths - 1);
	assert_true(n > 50);
	scarcity_fail_at(0);
}

static void sending_by_implicit_tls(void **state)
{
	(void)state;
	send_by(0);
}

static void sending_by_starttls(void **state)
{
	(void)state;
	send_by(100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(loading_and_auditing),
	    cmocka_unit_test(snapshots),
	    cmocka_unit_test(sending_by_implicit_tls),
	    cmocka_unit_test(sending_by_starttls),
	};

	return cmocka_run_group_tests_name("allocations", tests, set_up, tear_down);
}
