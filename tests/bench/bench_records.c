/*
 * What the linked wolfSSL does by itself: bulk records to a TLS 1.3 or 1.2 server that swallows
 * them.
 *
 *   bench_records PORT CIPHERS BYTES
 */
#include "config.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

#define RECORD 16384

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	static char record[RECORD];
	struct measure measure;
	long long left;
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;
	int fd;

	if (argc != 4)
		return 64;
	address.sin_port = htons((unsigned short)strtoul(argv[1], NULL, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
		return 1;
	wolfSSL_Init();
	ctx = wolfSSL_CTX_new(wolfTLS_client_method());
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
	wolfSSL_CTX_set_cipher_list(ctx, argv[2]);
	ssl = wolfSSL_new(ctx);
	wolfSSL_set_fd(ssl, fd);
	if (wolfSSL_connect(ssl) != WOLFSSL_SUCCESS)
		return 1;
	measure_start(&measure);
	for (left = strtoll(argv[3], NULL, 10); left > 0; left -= RECORD)
		if (wolfSSL_write(ssl, record, RECORD) != RECORD)
			return 1;
	measure_print(&measure, 1, strtoll(argv[3], NULL, 10));
	wolfSSL_free(ssl);
	wolfSSL_CTX_free(ctx);
	close(fd);
	return 0;
}
