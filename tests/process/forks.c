/*
 * fork() while a connection is open: the child may send with its copy of the handle, and end it;
 * the parent's connection outlives all that.
 *
 *   forks SYSTEM CONNECT-TO [once]     once: one child that only ends its copy
 */
#include "config.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/process/guest.h"

enum { CHILD_ENDS, CHILD_SENDS, CHILD_DISCONNECTS, CHILD_SETS, CHILDREN };

static int child(struct ucm *handle, int kind)
{
	int status = UCM_OK;

	if (kind == CHILD_SENDS)
		status = guest_send(handle);
	else if (kind == CHILD_DISCONNECTS)
		ucm_disconnect(handle);
	else if (kind == CHILD_SETS)
		status = ucm_set_text(handle, UCM_PROFILE, "strict");
	ucm_end(handle);
	return status;
}

int main(int argc, char **argv)
{
	const struct guest guest = {.input = argv[1], .connect_to = argv[2]};
	struct ucm *handle;
	int kind, status = 0;

	guest_claim(argc == 3 || argc == 4, "arguments");
	handle = guest_handle(&guest);
	guest_claim(guest_send(handle) == UCM_OK, "the parent sends");
	for (kind = CHILD_ENDS; kind < (argc == 4 ? CHILD_SENDS : CHILDREN); kind++) {
		const pid_t pid = fork();

		if (pid == 0)
			_exit(child(handle, kind));
		guest_claim(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
		    "the child goes its own way");
		guest_claim(guest_send(handle) == UCM_OK, "the parent sends again");
	}
	ucm_end(handle);
	return 0;
}
