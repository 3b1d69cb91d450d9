/* A mail through libEtPan. It has no mode of its own for TLS if offered. */
#include <libetpan/libetpan.h>

#include "peer.h"

static int open_session(mailsmtp *session, const struct peer *peer)
{
	int status;

	mailsmtp_set_timeout(session, PEER_TIMEOUT_S);
	status = peer_is(peer, "tls")
		     ? mailsmtp_ssl_connect(session, "localhost", (uint16_t)peer->port)
		     : mailsmtp_socket_connect(session, "localhost", (uint16_t)peer->port);
	if (status == MAILSMTP_NO_ERROR)
		status = mailsmtp_init(session);
	if (status == MAILSMTP_NO_ERROR && peer_is(peer, "starttls")) {
		status = mailsmtp_socket_starttls(session);
		if (status == MAILSMTP_NO_ERROR)
			status = mailsmtp_init(session);
	}
	if (status == MAILSMTP_NO_ERROR && peer->user)
		status = mailsmtp_auth(session, peer->user, peer->password);
	return status;
}

int main(int argc, char **argv)
{
	struct peer *peer = peer_read(argc, argv);
	mailsmtp *session = mailsmtp_new(0, NULL);
	clist *recipients = esmtp_address_list_new();
	int status;

	if (peer_is(peer, "may"))
		return 2;
	for (int i = 0; i < peer->recipient_count; i++)
		esmtp_address_list_add(recipients, peer->recipient[i], 0, NULL);
	status = open_session(session, peer);
	if (status == MAILSMTP_NO_ERROR)
		status = mailesmtp_send(
		    session, peer->sender, 0, NULL, recipients, peer->message, peer->size);
	if (status == MAILSMTP_NO_ERROR)
		mailsmtp_quit(session);
	esmtp_address_list_free(recipients);
	mailsmtp_free(session);
	free(peer);
	return status != MAILSMTP_NO_ERROR;
}
