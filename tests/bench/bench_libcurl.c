/*
 * The same through libcurl.
 *
 *   bench_libcurl PORT CA MODE COUNT SECURITY [BYTES]
 *
 * MODE: open, fresh, resumed, held (measured before the end); SECURITY: starttls, tls. BYTES: size
 * of the mail instead of 1 kB, ready made: base64 lines are what a MIME part would be.
 */
#include "config.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

static const char head[] = "From: automation@example.com\r\nTo: a@example.com, b@example.com, "
			   "c@example.com\r\nSubject: bench\r\n\r\n";

/* 76 characters and the line end, as base64 has them. */
#define LINE 78
static const char line[LINE + 1] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				   "abcdefghijklmnopqrstuvwx\r\n";

struct mail {
	long long size, given;
};

/* As much as fits of one line or of the head: the peer's time is to be libcurl's own. */
static size_t give(char *out, size_t size, size_t count, void *arg)
{
	struct mail *mail = arg;
	const long long head_size = sizeof head - 1;
	size_t room = size * count, used = 0;

	while (used < room && mail->given < mail->size) {
		const int in_head = mail->given < head_size;
		const long long at = in_head ? mail->given : (mail->given - head_size) % LINE;
		long long length = (in_head ? head_size : LINE) - at;

		if (length > mail->size - mail->given)
			length = mail->size - mail->given;
		if (length > (long long)(room - used))
			length = (long long)(room - used);
		memcpy(out + used, (in_head ? head : line) + at, (size_t)length);
		used += (size_t)length;
		mail->given += length;
	}
	return used;
}

static CURL *set_up(char **argv, struct mail *mail, struct curl_slist *to)
{
	CURL *curl = curl_easy_init();
	const char *scheme = strcmp(argv[5], "tls") == 0 ? "smtps" : "smtp";
	char url[128], connect[128];
	struct curl_slist *list = NULL;

	snprintf(url, sizeof url, "%s://mail.example.com:%s", scheme, argv[1]);
	snprintf(connect, sizeof connect, "::127.0.0.1:%s", argv[1]);
	list = curl_slist_append(list, connect);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CONNECT_TO, list);
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, "automation@example.com");
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, mail);
	if (strcmp(argv[3], "open") != 0 && strcmp(argv[3], "held") != 0)
		curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	if (strcmp(argv[3], "fresh") == 0)
		curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	return curl;
}

int main(int argc, char **argv)
{
	struct mail mail = {.size = 1024};
	struct curl_slist *to = NULL;
	struct measure measure;
	long count, sent = 0;
	CURL *curl;

	if (argc < 6)
		return 64;
	count = strtol(argv[4], NULL, 10);
	if (argc > 6)
		mail.size = strtoll(argv[6], NULL, 10);
	measure_start(&measure);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	to = curl_slist_append(to, "a@example.com");
	to = curl_slist_append(to, "b@example.com");
	to = curl_slist_append(to, "c@example.com");
	curl = set_up(argv, &mail, to);
	while (sent < count) {
		CURLcode code;

		mail.given = 0;
		code = curl_easy_perform(curl);
		if (code) {
			fprintf(stderr, "%s\n", curl_easy_strerror(code));
			return 1;
		}
		sent++;
	}
	if (strcmp(argv[3], "held") != 0)
		curl_easy_cleanup(curl);
	measure_print(&measure, sent, mail.size);
	return 0;
}
