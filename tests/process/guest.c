/*
 * A handle, a message, a claim.
 */
#include "config.h"

#include "tests/process/guest.h"

#include <stdio.h>
#include <stdlib.h>

void guest_claim(int holds, const char *reason)
{
	if (!holds) {
		(void)fprintf(stderr, "not so: %s\n", reason);
		exit(1);
	}
}

struct ucm *guest_handle(const struct guest *guest)
{
	struct ucm *handle = NULL;
	int status = ucm_start(guest->options, &handle);

	if (status == UCM_OK && getenv("UCM_TEST_MODULES") != NULL)
		status = ucm_set_text(handle, UCM_MODULE_DIR, getenv("UCM_TEST_MODULES"));
	if (status == UCM_OK)
		status = ucm_add_input(handle, guest->input);
	if (status == UCM_OK)
		status = ucm_add_connect_to(handle, guest->connect_to);
	if (status == UCM_OK)
		status = ucm_set_number(handle, UCM_CLIENT, 100);
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_LOGIN_USER, "mailer");
	guest_claim(status == UCM_OK, "a handle can be made");
	return handle;
}

int guest_send(struct ucm *handle)
{
	struct ucm_message *message = NULL;
	int status = ucm_message_new(handle, &message);

	if (status == UCM_OK)
		status = ucm_message_add_recipient(message, UCM_TO, "b@example.com");
	if (status == UCM_OK)
		status = ucm_message_set(message, UCM_SUBJECT, "guest");
	if (status == UCM_OK)
		status = ucm_message_set_body(message, "guest\n", 6);
	if (status == UCM_OK)
		status = ucm_send(handle, message, NULL);
	if (status != UCM_OK)
		(void)fprintf(stderr, "%s\n", ucm_error(handle));
	ucm_message_free(message);
	return status;
}
