/*
 * Many threads, a handle each, all sending at the same time, twice over one connection.
 *
 *   threads SYSTEM CONNECT-TO THREADS
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>

#include "tests/process/guest.h"

#define THREADS_MAX 64

static void *run(void *arg)
{
	struct ucm *handle = guest_handle(arg);
	const int first = guest_send(handle);
	const int second = guest_send(handle);

	ucm_end(handle);
	guest_claim(first == UCM_OK && second == UCM_OK, "each thread sends twice");
	return NULL;
}

int main(int argc, char **argv)
{
	struct guest guest = {0};
	pthread_t threads[THREADS_MAX];
	long count, i;

	guest_claim(argc == 4, "three arguments");
	guest.input = argv[1];
	guest.connect_to = argv[2];
	count = strtol(argv[3], NULL, 10);
	guest_claim(count > 0 && count <= THREADS_MAX, "a number of threads");
	for (i = 0; i < count; i++)
		guest_claim(pthread_create(&threads[i], NULL, run, &guest) == 0, "a thread starts");
	for (i = 0; i < count; i++)
		guest_claim(pthread_join(threads[i], NULL) == 0, "a thread ends");
	return 0;
}
