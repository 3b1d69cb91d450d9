/*
 * A service that can do without libucmail: it loads the library when it has something to say, and
 * writes to its log where there is no library, no policy or no server.
 *
 *   service SYSTEM CLIENT RECIPIENT TEXT [HOST:PORT:ADDRESS:PORT]
 *
 * The last argument dials a trial server, as --connect-to of ucmail does.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucmail.h>

/* What is used of the library, by the types that the header gives. */
struct mail {
	void *library;
	__typeof__(&ucm_start) start;
	__typeof__(&ucm_end) end;
	__typeof__(&ucm_add_input) add_input;
	__typeof__(&ucm_set_number) set_number;
	__typeof__(&ucm_add_connect_to) add_connect_to;
	__typeof__(&ucm_message_new) message_new;
	__typeof__(&ucm_message_add_recipient) add_recipient;
	__typeof__(&ucm_message_set) message_set;
	__typeof__(&ucm_message_set_body) set_body;
	__typeof__(&ucm_send) send;
	__typeof__(&ucm_error) error;
};

/* ISO C has no cast from an object's pointer to a function's; POSIX says that they fit. */
static int find(void *library, const char *name, void *function, size_t size)
{
	void *symbol = dlsym(library, name);

	memcpy(function, &symbol, size);
	return symbol ? 0 : -1;
}

#define FIND(mail, member, name)                                                                   \
	find((mail)->library, name, &(mail)->member, sizeof((mail)->member))

/* 0, or -1 where there is no library that has all of this. Then nothing stays loaded. */
static int load(struct mail *mail)
{
	mail->library = dlopen("libucmail.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!mail->library)
		return -1;
	if (!FIND(mail, start, "ucm_start") && !FIND(mail, end, "ucm_end") &&
	    !FIND(mail, add_input, "ucm_add_input") && !FIND(mail, set_number, "ucm_set_number") &&
	    !FIND(mail, add_connect_to, "ucm_add_connect_to") &&
	    !FIND(mail, message_new, "ucm_message_new") &&
	    !FIND(mail, add_recipient, "ucm_message_add_recipient") &&
	    !FIND(mail, message_set, "ucm_message_set") &&
	    !FIND(mail, set_body, "ucm_message_set_body") && !FIND(mail, send, "ucm_send") &&
	    !FIND(mail, error, "ucm_error"))
		return 0;
	dlclose(mail->library);
	return -1;
}

static int send_text(const struct mail *mail, struct ucm *handle, char **argv)
{
	struct ucm_message *message;
	int status;

	if (!(status = mail->add_input(handle, argv[1])) &&
	    !(status = mail->set_number(handle, UCM_CLIENT, strtol(argv[2], NULL, 10))) &&
	    !(status = argv[5] ? mail->add_connect_to(handle, argv[5]) : UCM_OK) &&
	    !(status = mail->message_new(handle, &message)) &&
	    !(status = mail->add_recipient(message, UCM_TO, argv[3])) &&
	    !(status = mail->message_set(message, UCM_SUBJECT, "Report of the service")) &&
	    !(status = mail->set_body(message, argv[4], strlen(argv[4]))))
		status = mail->send(handle, message, NULL);
	return status;
}

/* 0 where the mail was sent; otherwise the reason is in the log. */
static int notify(char **argv)
{
	struct mail mail;
	struct ucm *handle;
	int status;

	if (load(&mail) < 0) {
		fprintf(stderr, "service: no mail: %s\n", "libucmail is not installed");
		return -1;
	}
	status = mail.start(NULL, &handle);
	if (!status) {
		status = send_text(&mail, handle, argv);
		if (status)
			fprintf(stderr, "service: no mail: %s\n", mail.error(handle));
		mail.end(handle);
	}
	dlclose(mail.library);
	return status ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc != 5 && argc != 6) {
		fputs("usage: service SYSTEM CLIENT RECIPIENT TEXT [CONNECT-TO]\n", stderr);
		return 64;
	}
	/* The service's own work goes on, with mail or without. */
	if (notify(argv) < 0)
		fprintf(stderr, "service: for %s: %s\n", argv[3], argv[4]);
	puts("service: done");
	return 0;
}
