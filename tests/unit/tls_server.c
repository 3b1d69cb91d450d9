/*
 * Starts the programs that TLS is tested against.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tls_server.h"

#define ARGUMENTS_MAX 32
#define FILE_MAX 65536

static char folder[64];

/* Runs a program to its end. */
static int run(const char *const *arguments)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		char *copy[ARGUMENTS_MAX + 1] = {NULL};
		int i = 0;

		for (i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
			copy[i] = strdup(arguments[i]);
		execvp(copy[0], copy);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

int make_certificates(void)
{
	const char *source = getenv("top_srcdir"), *base = getenv("TMPDIR");
	char script[512];
	const char *arguments[] = {"sh", script, folder, NULL};

	if (source == NULL)
		return -1;
	snprintf(script, sizeof(script), "%s/tests/servers/make_certs.sh", source);
	snprintf(folder, sizeof(folder), "%.40s/ucm-tls-XXXXXX", base != NULL ? base : "/tmp");
	return mkdtemp(folder) != NULL && run(arguments) == 0 ? 0 : -1;
}

void remove_certificates(void)
{
	const char *arguments[] = {"rm", "-rf", folder, NULL};

	(void)run(arguments);
}

const char *certificate_folder(void)
{
	return folder;
}

void load_certificates(struct ucm_arena *arena, const char *name, struct ucm_bundle *ret)
{
	static unsigned char bytes[FILE_MAX];
	char path[128];
	FILE *file = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/%s.pem", folder, name);
	file = fopen(path, "re");
	assert_non_null(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_int_equal(ucm_bundle_parse(arena, bytes, size, ret), 0);
	assert_true(ret->count > 0);
}

static void exec_server(const char *name, const char *options, int input, int output)
{
	char cert[128];
	char key[128];
	char *rest = strdup(options);
	char *arguments[ARGUMENTS_MAX + 1] = {
	    strdup("openssl"), strdup("s_server"), strdup("-accept"), strdup("127.0.0.1:0")};
	int count = 4;

	snprintf(cert, sizeof(cert), "%s/%s.pem", folder, name != NULL ? name : "");
	snprintf(key, sizeof(key), "%s/%s.key", folder, name != NULL ? name : "");
	if (name == NULL) {
		arguments[count++] = strdup("-nocert");
	} else {
		arguments[count++] = strdup("-cert");
		arguments[count++] = cert;
		arguments[count++] = strdup("-key");
		arguments[count++] = key;
	}
	while (rest != NULL && *rest != '\0' && count < ARGUMENTS_MAX) {
		arguments[count++] = rest;
		rest += strcspn(rest, " ");
		if (*rest == ' ')
			*rest++ = '\0';
	}
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
	if (chdir(folder) == 0)
		execvp("openssl", arguments);
	_exit(127);
}

/* Reads until the line "ACCEPT 127.0.0.1:PORT". */
static unsigned read_port(int output)
{
	char text[1024];
	size_t length = 0;

	while (length + 1 < sizeof(text)) {
		ssize_t got = read(output, text + length, sizeof(text) - 1 - length);
		const char *port = NULL;

		if (got <= 0)
			return 0;
		length += (size_t)got;
		text[length] = '\0';
		port = strstr(text, "ACCEPT 127.0.0.1:");
		if (port != NULL && strchr(port, '\n') != NULL)
			return (unsigned)strtoul(port + strlen("ACCEPT 127.0.0.1:"), NULL, 10);
	}
	return 0;
}

void start_server(struct tls_server *server, const char *name, const char *options)
{
	int ends[2];
	int input[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	server->pid = fork();
	assert_true(server->pid >= 0);
	if (server->pid == 0)
		exec_server(name, options, input[0], ends[1]);
	close(ends[1]);
	close(input[0]);
	server->input = input[1];
	server->output = ends[0];
	server->port = read_port(ends[0]);
	if (server->port == 0) {
		stop_server(server);
		fail_msg(
		    "openssl s_server does not listen: %s %s", name != NULL ? name : "-", options);
	}
}

void stop_server(struct tls_server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	close(server->input);
	close(server->output);
}
