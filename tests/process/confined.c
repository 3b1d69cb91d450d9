/*
 * Sends a mail behind a seccomp filter that lets the named system calls through and no others, as a
 * service manager would confine it.
 *
 *   confined SYSTEM CONNECT-TO ATTACHMENT NAME...
 */
#include "config.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/process/guest.h"

#define NAMES_MAX 128

/* Those that the manual may name. What this machine does not have is no member. */
#define CALL(call) .name = #call, .number = __NR_##call
static const struct {
	const char *name;
	int number;
} calls[] = {
#ifdef __NR_access
    {CALL(access)},
#endif
#ifdef __NR_clone3
    {CALL(clone3)},
#endif
#ifdef __NR_fcntl
    {CALL(fcntl)},
#endif
#ifdef __NR_fstat
    {CALL(fstat)},
#endif
#ifdef __NR_fstatat64
    {CALL(fstatat64)},
#endif
#ifdef __NR_getuid
    {CALL(getuid)},
#endif
#ifdef __NR_lstat
    {CALL(lstat)},
#endif
#ifdef __NR_mmap
    {CALL(mmap)},
#endif
#ifdef __NR_newfstatat
    {CALL(newfstatat)},
#endif
#ifdef __NR_open
    {CALL(open)},
#endif
#ifdef __NR_poll
    {CALL(poll)},
#endif
#ifdef __NR_readlink
    {CALL(readlink)},
#endif
#ifdef __NR_rseq
    {CALL(rseq)},
#endif
#ifdef __NR_stat
    {CALL(stat)},
#endif
#ifdef __NR_unlink
    {CALL(unlink)},
#endif
    {CALL(bind)},
    {CALL(brk)},
    {CALL(clock_gettime)},
    {CALL(clock_nanosleep)},
    {CALL(clone)},
    {CALL(close)},
    {CALL(connect)},
    {CALL(dup)},
    {CALL(exit)},
    {CALL(faccessat)},
    {CALL(faccessat2)},
    {CALL(futex)},
    {CALL(getcwd)},
    {CALL(getdents64)},
    {CALL(getpeername)},
    {CALL(getpid)},
    {CALL(getrandom)},
    {CALL(getsockname)},
    {CALL(getsockopt)},
    {CALL(gettid)},
    {CALL(ioctl)},
    {CALL(lseek)},
    {CALL(madvise)},
    {CALL(mprotect)},
    {CALL(mremap)},
    {CALL(munmap)},
    {CALL(openat)},
    {CALL(ppoll)},
    {CALL(pread64)},
    {CALL(prlimit64)},
    {CALL(read)},
    {CALL(readlinkat)},
    {CALL(recvfrom)},
    {CALL(recvmsg)},
    {CALL(rt_sigaction)},
    {CALL(rt_sigpending)},
    {CALL(rt_sigprocmask)},
    {CALL(rt_sigtimedwait)},
    {CALL(sched_yield)},
    {CALL(sendmmsg)},
    {CALL(sendmsg)},
    {CALL(sendto)},
    {CALL(set_robust_list)},
    {CALL(setsockopt)},
    {CALL(socket)},
    {CALL(statx)},
    {CALL(sysinfo)},
    {CALL(uname)},
    {CALL(unlinkat)},
    {CALL(write)},
    {CALL(writev)},
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* What this program needs for itself: to say what went wrong, and to end. */
static const int own[] = {__NR_rt_sigreturn, __NR_exit_group};
#define OWN (sizeof(own) / sizeof(own[0]))

/* -1: of other machines. */
static int number_of(const char *name)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return -1;
}

/* Says which one it was. The filter cannot be lifted any more, so that write() may be forbidden. */
static void on_forbidden(int signal_number, siginfo_t *info, void *context)
{
	(void)signal_number;
	(void)context;
	_exit(100 + (info->si_syscall & 63));
}

static void confine(char **names, size_t count)
{
	static struct sock_filter filter[2 * (NAMES_MAX + OWN) + 2];
	struct sock_fprog program = {.filter = filter};
	const struct sigaction action = {.sa_sigaction = on_forbidden, .sa_flags = SA_SIGINFO};
	unsigned short length = 0;
	size_t i;

	filter[length++] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (i = 0; i < count + OWN; i++) {
		const int number = i < count ? number_of(names[i]) : own[i - count];

		if (number < 0)
			continue;
		filter[length++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
		filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
	program.len = length;
	guest_claim(sigaction(SIGSYS, &action, NULL) == 0, "a handler");
	guest_claim(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
			prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
	    "the kernel filters system calls");
}

int main(int argc, char **argv)
{
	const struct guest guest = {.input = argv[1], .connect_to = argv[2]};
	struct ucm *handle;
	struct ucm_message *message = NULL;
	int ends[2];
	int status;

	guest_claim(argc >= 4 && argc - 4 <= NAMES_MAX, "arguments");
	guest_claim(pipe(ends) == 0 && close(ends[0]) == 0, "a pipe that nobody reads");
	if (argc > 4)
		confine(argv + 4, (size_t)argc - 4);
	handle = guest_handle(&guest);
	status = ucm_message_new(handle, &message);
	if (status == UCM_OK)
		status = ucm_message_add_recipient(message, UCM_TO, "b@example.com");
	if (status == UCM_OK)
		status = ucm_message_attach_file(message, argv[3], NULL);
	if (status == UCM_OK)
		status = ucm_send(handle, message, NULL);
	if (status == UCM_OK && ucm_compile(handle, ends[1]) != UCM_E_IO)
		status = 1;
	ucm_end(handle);
	_exit(status);
}
