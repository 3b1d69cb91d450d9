/*
 * Time, processor time and memory of the calling process, from the kernel's own accounts.
 */
#include "config.h"

#include "measure.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define FILES_MAX 256
#define PATH_SIZE 512

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct measure now(void)
{
	struct measure ret = {0};
	struct rusage usage;
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	ret.wall = (double)time.tv_sec + (double)time.tv_nsec / 1e9;
	getrusage(RUSAGE_SELF, &usage);
	ret.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	return ret;
}

void measure_start(struct measure *measure)
{
	*measure = now();
}

/* The kernel's ru_maxrss would count what the calling program had. */
static long lookup(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char line[256];
	long ret = -1;

	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, name, strlen(name)))
			sscanf(line + strlen(name), "%ld", &ret);
	if (file)
		fclose(file);
	return ret;
}

/* The sizes of all shared objects that are mapped; the program itself is only a frame. */
static long long mapped(void)
{
	FILE *file = fopen("/proc/self/maps", "re");
	static char seen[FILES_MAX][PATH_SIZE];
	char line[PATH_SIZE];
	size_t count = 0;
	long long sum = 0;

	while (file && fgets(line, sizeof line, file)) {
		char *path = strchr(line, '/');
		struct stat facts;
		size_t i = 0;

		if (!path || !strstr(path, ".so"))
			continue;
		path[strcspn(path, "\n")] = '\0';
		while (i < count && strcmp(seen[i], path) != 0)
			i++;
		if (i < count || count == FILES_MAX || stat(path, &facts))
			continue;
		memcpy(seen[count++], path, strlen(path) + 1);
		sum += facts.st_size;
	}
	if (file)
		fclose(file);
	return sum;
}

void measure_print(const struct measure *measure, long count, long long bytes)
{
	struct measure end = now();

	printf("{\"wall\": %.6f, \"cpu\": %.6f, \"count\": %ld, \"bytes\": %lld, \"peak_kb\": %ld, "
	       "\"rss_kb\": %ld, \"private_kb\": %ld, \"mapped\": %lld}\n",
	    end.wall - measure->wall, end.cpu - measure->cpu, count, bytes,
	    lookup("/proc/self/status", "VmHWM:"), lookup("/proc/self/smaps_rollup", "Rss:"),
	    lookup("/proc/self/smaps_rollup", "Private_Dirty:"), mapped());
}
