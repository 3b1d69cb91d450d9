/*
 * A ring of files: the caller fills it and empties it in one order, threads work in between.
 */
#include "config.h"

#include "xml/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "xml/merge.h"

/* Files in hand for each thread: enough that none waits for the caller. */
#define FILES_PER_WORKER 4
#define FILES_MAX (UCM_WORKERS_MAX * FILES_PER_WORKER)

enum state { FREE, WAITING, BEING_READ, READ };

struct file {
	enum state state;
	char *path;
	const char *root;
	struct ucm_system part;
	int result;
};

struct ucm_workers {
	struct ucm_system *system;
	const struct ucm_load_options *options;
	pthread_mutex_t lock;
	pthread_cond_t work; /* a file waits, or the end has come */
	pthread_cond_t done; /* a file was read */
	pthread_t thread[UCM_WORKERS_MAX];
	unsigned thread_count;
	size_t room; /* of the ring that is used */
	size_t given, taken, joined; /* files so far */
	int ending;
	struct file file[FILES_MAX];
};

static void read_file(const struct ucm_workers *workers, struct file *file)
{
	const struct ucm_input input = {file->path, file->root};

	ucm_system_init(&file->part, NULL, workers->system->arena.ceiling);
	file->result = ucm_input_read(&file->part, &input, workers->options);
}

static void *work(void *arg)
{
	struct ucm_workers *workers = arg;
	struct file *file;

	(void)pthread_mutex_lock(&workers->lock);
	for (;;) {
		while (workers->taken == workers->given && !workers->ending)
			(void)pthread_cond_wait(&workers->work, &workers->lock);
		if (workers->taken == workers->given)
			break;
		file = &workers->file[workers->taken++ % workers->room];
		file->state = BEING_READ;
		(void)pthread_mutex_unlock(&workers->lock);
		read_file(workers, file);
		(void)pthread_mutex_lock(&workers->lock);
		file->state = READ;
		(void)pthread_cond_signal(&workers->done);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	return NULL;
}

/* Threads of a library take no signals: those are the program's. */
static void start_threads(struct ucm_workers *workers, unsigned count)
{
	sigset_t all, old;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	while (workers->thread_count < count &&
	       pthread_create(&workers->thread[workers->thread_count], NULL, work, workers) == 0)
		workers->thread_count++;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void destroy(struct ucm_workers *workers)
{
	(void)pthread_cond_destroy(&workers->done);
	(void)pthread_cond_destroy(&workers->work);
	(void)pthread_mutex_destroy(&workers->lock);
	free(workers);
}

struct ucm_workers *ucm_workers_start(
    struct ucm_system *system, unsigned count, const struct ucm_load_options *options)
{
	struct ucm_workers *workers;

	/* The caller's allocator need not be safe in several threads. */
	if (count < 2 || system->arena.allocator != NULL)
		return NULL;
	workers = calloc(1, sizeof(*workers));
	if (workers == NULL)
		return NULL;
	if (count > UCM_WORKERS_MAX)
		count = UCM_WORKERS_MAX;
	workers->system = system;
	workers->options = options;
	workers->room = (size_t)count * FILES_PER_WORKER;
	(void)pthread_mutex_init(&workers->lock, NULL);
	(void)pthread_cond_init(&workers->work, NULL);
	(void)pthread_cond_init(&workers->done, NULL);
	start_threads(workers, count);
	if (workers->thread_count == 0) {
		destroy(workers);
		return NULL;
	}
	return workers;
}

/* Waits for the oldest file that was handed out and joins it. */
static int join_oldest(struct ucm_workers *workers)
{
	struct file *file = &workers->file[workers->joined % workers->room];
	const struct ucm_load_options *options = workers->options;
	int result;

	(void)pthread_mutex_lock(&workers->lock);
	while (file->state != READ)
		(void)pthread_cond_wait(&workers->done, &workers->lock);
	file->state = FREE;
	(void)pthread_mutex_unlock(&workers->lock);
	workers->joined++;
	result = file->result < 0 ? -1 : ucm_merge(workers->system, &file->part);
	ucm_system_free(&file->part);
	if (options->loaded != NULL)
		options->loaded(options->loaded_arg, file->path, workers->system);
	free(file->path);
	file->path = NULL;
	if (options->progress != NULL)
		options->progress(
		    options->progress_arg, workers->system->files, workers->system->bytes);
	return result;
}

int ucm_workers_read(struct ucm_workers *workers, const struct ucm_input *input)
{
	struct file *file;
	char *path = strdup(input->path);

	if (path == NULL)
		return -1;
	if (workers->given - workers->joined == workers->room && join_oldest(workers) < 0) {
		free(path);
		return -1;
	}
	(void)pthread_mutex_lock(&workers->lock);
	file = &workers->file[workers->given++ % workers->room];
	file->path = path;
	file->root = input->root;
	file->state = WAITING;
	(void)pthread_cond_signal(&workers->work);
	(void)pthread_mutex_unlock(&workers->lock);
	return 0;
}

int ucm_workers_end(struct ucm_workers *workers)
{
	int result = 0;

	while (workers->joined < workers->given)
		if (join_oldest(workers) < 0)
			result = -1;
	(void)pthread_mutex_lock(&workers->lock);
	workers->ending = 1;
	(void)pthread_cond_broadcast(&workers->work);
	(void)pthread_mutex_unlock(&workers->lock);
	for (unsigned i = 0; i < workers->thread_count; i++)
		(void)pthread_join(workers->thread[i], NULL);
	destroy(workers);
	return result;
}
