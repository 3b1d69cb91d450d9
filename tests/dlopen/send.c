/*
 * A service that knows libucmail through dlopen() only: nothing of it is linked. Sends one message,
 * closes the library, and does all of it once more.
 *
 *   send LIBRARY MODULE-DIR SYSTEM CLIENT CONNECT-TO RECIPIENT
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ucmail.h"

/* Every function that is used, by the type that the header gives it. */
struct library {
	void *object;
	__typeof__(&ucm_start) start;
	__typeof__(&ucm_end) end;
	__typeof__(&ucm_set_text) set_text;
	__typeof__(&ucm_set_number) set_number;
	__typeof__(&ucm_add_input) add_input;
	__typeof__(&ucm_add_connect_to) add_connect_to;
	__typeof__(&ucm_message_new) message_new;
	__typeof__(&ucm_message_add_recipient) add_recipient;
	__typeof__(&ucm_message_set) message_set;
	__typeof__(&ucm_message_set_body) set_body;
	__typeof__(&ucm_send) send;
	__typeof__(&ucm_outcome_text) outcome_text;
	__typeof__(&ucm_error) error;
	__typeof__(&ucm_strerror) strerror;
};

static int failures;

/* POSIX lets a pointer to an object hold one to a function; ISO C needs the detour. */
static void find(struct library *lib, const char *name, void *ret, size_t size)
{
	void *symbol = dlsym(lib->object, name);

	if (!symbol) {
		fprintf(stderr, "%s: not exported\n", name);
		failures++;
	}
	memcpy(ret, &symbol, size);
}

#define FIND(lib, member, name) find(lib, name, &(lib)->member, sizeof((lib)->member))

static int load(struct library *lib, const char *path)
{
	lib->object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!lib->object) {
		fprintf(stderr, "%s\n", dlerror());
		return -1;
	}
	FIND(lib, start, "ucm_start");
	FIND(lib, end, "ucm_end");
	FIND(lib, set_text, "ucm_set_text");
	FIND(lib, set_number, "ucm_set_number");
	FIND(lib, add_input, "ucm_add_input");
	FIND(lib, add_connect_to, "ucm_add_connect_to");
	FIND(lib, message_new, "ucm_message_new");
	FIND(lib, add_recipient, "ucm_message_add_recipient");
	FIND(lib, message_set, "ucm_message_set");
	FIND(lib, set_body, "ucm_message_set_body");
	FIND(lib, send, "ucm_send");
	FIND(lib, outcome_text, "ucm_outcome_text");
	FIND(lib, error, "ucm_error");
	FIND(lib, strerror, "ucm_strerror");
	return failures ? -1 : 0;
}

static int prepare(struct library *lib, struct ucm *handle, char **argv, struct ucm_message **ret)
{
	static const char body[] = "Sent through dlopen().\n";
	int status = lib->set_text(handle, UCM_MODULE_DIR, argv[2]);

	if (!status)
		status = lib->add_input(handle, argv[3]);
	if (!status)
		status = lib->set_number(handle, UCM_CLIENT, strtol(argv[4], NULL, 10));
	if (!status)
		status = lib->add_connect_to(handle, argv[5]);
	if (!status)
		status = lib->message_new(handle, ret);
	if (!status)
		status = lib->add_recipient(*ret, UCM_TO, argv[6]);
	if (!status)
		status = lib->message_set(*ret, UCM_SUBJECT, "dlopen");
	if (!status)
		status = lib->set_body(*ret, body, sizeof(body) - 1);
	return status;
}

static int send_once(char **argv)
{
	struct library lib = {0};
	struct ucm *handle = NULL;
	struct ucm_message *message = NULL;
	struct ucm_outcome *outcome = NULL;
	int status;

	if (load(&lib, argv[1]))
		return 1;
	status = lib.start(NULL, &handle);
	if (!status)
		status = prepare(&lib, handle, argv, &message);
	if (!status)
		status = lib.send(handle, message, &outcome);
	if (status)
		fprintf(stderr, "%s: %s\n", lib.strerror(status), handle ? lib.error(handle) : "");
	else
		puts(lib.outcome_text(outcome, UCM_OUTCOME_STATUS));
	lib.end(handle);
	if (dlclose(lib.object)) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	return status;
}

int main(int argc, char **argv)
{
	int status = 64;

	if (argc == 7) {
		status = send_once(argv);
		if (!status)
			status = send_once(argv);
	}
	return status;
}
