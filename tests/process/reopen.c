/*
 * Opens and closes the library again and again, with a handle in between that decides a policy, and
 * that sends in every fiftieth round. Fails where the process has grown: memory, mappings,
 * descriptors.
 *
 *   reopen LIBRARY SNAPSHOT CONNECT-TO ROUNDS
 */
#include "config.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ucmail.h"

#define SEND_EVERY 50
#define WARM_ROUNDS 200
#define GROWTH_MAX_KB 256

struct size {
	long kb, mappings, descriptors;
};

/* POSIX lets a pointer to an object hold one to a function; ISO C needs the detour. */
#define FIND(object, name)                                                                         \
	__typeof__(&(name)) name##_of = NULL;                                                      \
	{                                                                                          \
		void *symbol = dlsym(object, #name);                                               \
		memcpy(&name##_of, &symbol, sizeof(symbol));                                       \
	}

static struct size measure(void)
{
	struct size size = {0};
	char line[4096];
	FILE *file = fopen("/proc/self/status", "re");
	DIR *directory = NULL;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			size.kb = strtol(line + 6, NULL, 10);
	}
	if (file != NULL)
		fclose(file);
	file = fopen("/proc/self/maps", "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		size.mappings++;
	if (file != NULL)
		fclose(file);
	directory = opendir("/proc/self/fd");
	while (directory != NULL && readdir(directory) != NULL)
		size.descriptors++;
	if (directory != NULL)
		closedir(directory);
	return size;
}

static int use(void *object, char **argv, int sends)
{
	FIND(object, ucm_start)
	FIND(object, ucm_end)
	FIND(object, ucm_add_input)
	FIND(object, ucm_add_connect_to)
	FIND(object, ucm_set_number)
	FIND(object, ucm_decide_policy)
	FIND(object, ucm_message_new)
	FIND(object, ucm_message_add_recipient)
	FIND(object, ucm_send)
	FIND(object, ucm_error)
	struct ucm *handle = NULL;
	struct ucm_message *message = NULL;
	int status = ucm_start_of(NULL, &handle);

	if (status == UCM_OK)
		status = ucm_add_input_of(handle, argv[2]);
	if (status == UCM_OK)
		status = ucm_add_connect_to_of(handle, argv[3]);
	if (status == UCM_OK)
		status = ucm_set_number_of(handle, UCM_CLIENT, 100);
	if (status == UCM_OK)
		status = ucm_decide_policy_of(handle);
	if (status == UCM_OK && sends) {
		status = ucm_message_new_of(handle, &message);
		if (status == UCM_OK)
			status = ucm_message_add_recipient_of(message, UCM_TO, "b@example.com");
		if (status == UCM_OK)
			status = ucm_send_of(handle, message, NULL);
	}
	if (status != UCM_OK)
		(void)fprintf(stderr, "%s\n", handle != NULL ? ucm_error_of(handle) : "no handle");
	ucm_end_of(handle);
	return status;
}

int main(int argc, char **argv)
{
	const long rounds = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	struct size before = {0}, after;
	long round;

	if (rounds <= WARM_ROUNDS)
		return 64;
	for (round = 0; round < rounds; round++) {
		void *object = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);

		if (object == NULL) {
			(void)fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
		if (use(object, argv, round % SEND_EVERY == 0) != 0 || dlclose(object) != 0)
			return 1;
		if (dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL) {
			(void)fprintf(stderr, "still loaded after dlclose()\n");
			return 1;
		}
		if (round == WARM_ROUNDS)
			before = measure();
	}
	after = measure();
	printf("%ld rounds: %ld kB and then %ld, %ld mappings and then %ld\n", rounds, before.kb,
	    after.kb, before.mappings, after.mappings);
	return after.kb - before.kb > GROWTH_MAX_KB || after.mappings != before.mappings ||
	       after.descriptors != before.descriptors;
}
