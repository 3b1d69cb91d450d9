/*
 * Everything by dlsym().
 */
#include "config.h"

#include "tests/process/loaded.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "ucmail.h"

/* POSIX lets a pointer to an object hold one to a function; ISO C needs the detour. */
#define FIND(object, name)                                                                         \
	__typeof__(&(name)) name##_of = NULL;                                                      \
	{                                                                                          \
		void *symbol = dlsym(object, #name);                                               \
		memcpy(&name##_of, &symbol, sizeof(symbol));                                       \
	}

static int told(const struct loaded *loaded, int status)
{
	FIND(loaded->object, ucm_error)
	if (status != UCM_OK)
		(void)fprintf(stderr, "%s\n",
		    loaded->handle != NULL ? ucm_error_of(loaded->handle) : "no handle");
	return status;
}

int loaded_open(
    struct loaded *loaded, const char *library, const char *snapshot, const char *connect_to)
{
	int status;

	*loaded = (struct loaded){.object = dlopen(library, RTLD_NOW | RTLD_LOCAL)};
	if (loaded->object == NULL) {
		(void)fprintf(stderr, "%s\n", dlerror());
		return -1;
	}
	FIND(loaded->object, ucm_start)
	FIND(loaded->object, ucm_add_input)
	FIND(loaded->object, ucm_add_connect_to)
	FIND(loaded->object, ucm_set_number)
	FIND(loaded->object, ucm_decide_policy)
	status = ucm_start_of(NULL, &loaded->handle);
	if (status == UCM_OK)
		status = ucm_add_input_of(loaded->handle, snapshot);
	if (status == UCM_OK)
		status = ucm_add_connect_to_of(loaded->handle, connect_to);
	if (status == UCM_OK)
		status = ucm_set_number_of(loaded->handle, UCM_CLIENT, 100);
	if (status == UCM_OK)
		status = ucm_decide_policy_of(loaded->handle);
	return told(loaded, status) == UCM_OK ? 0 : -1;
}

int loaded_send(struct loaded *loaded)
{
	FIND(loaded->object, ucm_message_new)
	FIND(loaded->object, ucm_message_add_recipient)
	FIND(loaded->object, ucm_message_free)
	FIND(loaded->object, ucm_send)
	struct ucm_message *message = NULL;
	int status = ucm_message_new_of(loaded->handle, &message);

	if (status == UCM_OK)
		status = ucm_message_add_recipient_of(message, UCM_TO, "b@example.com");
	if (status == UCM_OK)
		status = ucm_send_of(loaded->handle, message, NULL);
	ucm_message_free_of(message);
	return told(loaded, status);
}

int loaded_close(struct loaded *loaded)
{
	if (loaded->object == NULL)
		return 0;
	FIND(loaded->object, ucm_end)
	ucm_end_of(loaded->handle);
	return dlclose(loaded->object) == 0 ? 0 : -1;
}
