/*
 * Keeps the numbers 0 to 2 for the standard streams.
 */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "tools/streams.h"

int ucm_streams_hold(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* A folder can be neither read nor written, and this one is always there. It gets
		 * the lowest number that is free. */
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) != fd)
			return -1;
	}
	return 0;
}
