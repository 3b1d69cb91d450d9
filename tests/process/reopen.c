/*
 * Opens and closes the library again and again, with a handle in between that decides a policy, and
 * that sends in some of the rounds. Fails where the process has grown: memory, mappings,
 * descriptors.
 *
 *   reopen LIBRARY SNAPSHOT CONNECT-TO ROUNDS SEND-EVERY
 */
#include "config.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/process/loaded.h"

#define WARM_ROUNDS 200
#define GROWTH_MAX_KB 256

struct size {
	long kb, mappings, descriptors;
};

static struct size measure(void)
{
	struct size size = {0};
	char line[4096];
	FILE *file = fopen("/proc/self/status", "re");
	DIR *directory = NULL;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			size.kb = strtol(line + 6, NULL, 10);
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

static int one_round(char **argv, int sends)
{
	struct loaded loaded;
	int failed = loaded_open(&loaded, argv[1], argv[2], argv[3]) != 0;

	failed = failed || (sends && loaded_send(&loaded) != 0);
	failed = loaded_close(&loaded) != 0 || failed;
	if (!failed && dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL) {
		(void)fprintf(stderr, "still loaded after dlclose()\n");
		return -1;
	}
	return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
	const long rounds = argc == 6 ? strtol(argv[4], NULL, 10) : 0;
	const long send_every = argc == 6 ? strtol(argv[5], NULL, 10) : 0;
	struct size before = {0}, after;

	if (rounds <= 0 || send_every <= 0)
		return 64;
	for (long round = 0; round < rounds; round++) {
		if (one_round(argv, round % send_every == 0) != 0)
			return 1;
		if (round == WARM_ROUNDS)
			before = measure();
	}
	if (rounds <= WARM_ROUNDS) /* too few to see growth; a tool sees what is lost */
		return 0;
	after = measure();
	printf("%ld rounds: %ld kB and then %ld, %ld mappings and then %ld\n", rounds, before.kb,
	    after.kb, before.mappings, after.mappings);
	return after.kb - before.kb > GROWTH_MAX_KB || after.mappings != before.mappings ||
	       after.descriptors != before.descriptors;
}
