/* A mail through libcurl. */
#include <curl/curl.h>

#include "peer.h"

struct reader {
	const struct peer *peer;
	size_t at;
};

static size_t read_message(char *out, size_t size, size_t count, void *arg)
{
	struct reader *reader = arg;
	size_t left = reader->peer->size - reader->at, room = size * count;

	if (left > room)
		left = room;
	memcpy(out, reader->peer->message + reader->at, left);
	reader->at += left;
	return left;
}

int main(int argc, char **argv)
{
	struct peer *peer = peer_read(argc, argv);
	struct reader reader = {.peer = peer};
	struct curl_slist *recipients = NULL;
	CURL *curl = curl_easy_init();
	char url[64];

	snprintf(url, sizeof url, "%s://localhost:%d", peer_is(peer, "tls") ? "smtps" : "smtp",
	    peer->port);
	for (int i = 0; i < peer->recipient_count; i++)
		recipients = curl_slist_append(recipients, peer->recipient[i]);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    peer_is(peer, "starttls") ? (long)CURLUSESSL_ALL
	    : peer_is(peer, "may")    ? (long)CURLUSESSL_TRY
				      : (long)CURLUSESSL_NONE);
	curl_easy_setopt(curl, CURLOPT_CAINFO, peer->ca);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, peer->sender);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
	curl_easy_setopt(curl, CURLOPT_READDATA, &reader);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE, (long)peer->size);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)PEER_TIMEOUT_S);
	if (peer->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, peer->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, peer->password);
	}
	int failed = curl_easy_perform(curl) != CURLE_OK;
	curl_easy_cleanup(curl);
	curl_slist_free_all(recipients);
	free(peer);
	return failed;
}
