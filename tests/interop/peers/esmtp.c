/* A mail through libESMTP. It trusts what OpenSSL does: $SSL_CERT_FILE. */
#include "peer.h"

#include <auth-client.h>
#include <libesmtp.h>

static int answer(auth_client_request_t request, char **result, int fields, void *arg)
{
	const struct peer *peer = arg;

	for (int i = 0; i < fields; i++)
		result[i] = strdup(request[i].flags & AUTH_PASS ? peer->password : peer->user);
	return 1;
}

static int count_refused(smtp_message_t message)
{
	const smtp_status_t *status = smtp_message_transfer_status(message);

	return status->code / 100 != 2;
}

int main(int argc, char **argv)
{
	struct peer *peer = peer_read(argc, argv);
	smtp_session_t session;
	smtp_message_t message;
	auth_context_t login;
	char server[64];

	if (peer_is(peer, "tls"))
		return 2;
	auth_client_init();
	session = smtp_create_session();
	message = smtp_add_message(session);
	snprintf(server, sizeof server, "localhost:%d", peer->port);
	smtp_set_server(session, server);
	for (int which = Timeout_GREETING; which <= Timeout_DATA2; which++)
		smtp_set_timeout(
		    session, which | Timeout_OVERRIDE_RFC2822_MINIMUM, 1000L * PEER_TIMEOUT_S);
	smtp_starttls_enable(session, peer_is(peer, "starttls") ? Starttls_REQUIRED
				      : peer_is(peer, "may")    ? Starttls_ENABLED
								: Starttls_DISABLED);
	smtp_set_reverse_path(message, peer->sender);
	for (int i = 0; i < peer->recipient_count; i++)
		smtp_add_recipient(message, peer->recipient[i]);
	smtp_set_message_str(message, peer->message);
	if (peer->user) {
		login = auth_create_context();
		auth_set_mechanism_flags(login, AUTH_PLUGIN_PLAIN, 0);
		auth_set_interact_cb(login, answer, peer);
		smtp_auth_set_context(session, login);
	}
	int failed = !smtp_start_session(session) || count_refused(message);
	if (failed) {
		char reason[128];

		fprintf(stderr, "%s\n", smtp_strerror(smtp_errno(), reason, sizeof reason));
	}
	smtp_destroy_session(session);
	free(peer);
	return failed;
}
