// SPDX-License-Identifier: BSD-3-Clause
/*
 * From fork to execve. The child is made by the bare system call, because fork() has no flags; it
 * is alone in a copy of our memory and calls nothing that could wait for a lock of another thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <uc/abi/procfd.h>
#include <unicore/exit.h>

#include "internal.h"

#define OWN_NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

/* The mask and what is ignored would be inherited. SIGKILL and SIGSTOP are refused, which is
 * fine. */
static void default_signals(void)
{
	const struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void no_privileges(void)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	const struct rlimit zero = { 0, 0 };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED |
					 SECBIT_NO_CAP_AMBIENT_RAISE |
					 SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED);
	syscall(SYS_capset, &h, none);
	setrlimit(RLIMIT_CORE, &zero);
}

/* Moves descriptors to their numbers, in an order in which none is overwritten. Returns -1 on
 * failure. The kernel's program and the report stay open until execution, above the others. */
static int place(const struct uc_process_fds *fds, int *kernel, int *report)
{
	int end = UC_PROCFD_TEXT + (int)fds->n;

	for (size_t i = 0; i < fds->n; i++)
		if (fds->fd[i] < end) {
			fds->fd[i] = fcntl(fds->fd[i], F_DUPFD_CLOEXEC, end);
			if (fds->fd[i] < 0)
				return -1;
		}
	*kernel = fcntl(fds->kernel, F_DUPFD_CLOEXEC, end);
	*report = fcntl(fds->report, F_DUPFD_CLOEXEC, end);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (*kernel < 0 || *report < 0 || null < 0)
		return -1;
	if (dup2(*kernel, UC_PROCFD_KERNEL) < 0 || dup2(null, UC_PROCFD_KERNEL + 1) < 0)
		return -1;
	for (size_t i = 0; i < fds->n; i++)
		if (dup2(fds->fd[i], UC_PROCFD_TEXT + (int)i) < 0) /* without close-on-exec */
			return -1;
	return 0;
}

/* What the runner inherited without close-on-exec is not for the kernel. */
static void close_others(int from)
{
	enum { AS_FAR_AS = 4096 };

	if (close_range((unsigned)from, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	for (int fd = from; fd < AS_FAR_AS; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Are we alone already? The end of the process that made us closes the other end of the console. */
static bool orphan(void)
{
	struct pollfd p = { .fd = UC_PROCFD_CONSOLE };

	return poll(&p, 1, 0) > 0 && p.revents & POLLHUP;
}

static _Noreturn void fail(int report)
{
	int err = errno;

	if (report < 0 || write(report, &err, sizeof(err)) < 0)
		_exit(UC_ST_INTERNAL);
	_exit(UC_ST_VMM);
}

/* The user that the new namespace, if there is one, knows us by. */
struct identity {
	uid_t uid;
	gid_t gid;
};

static void confine(const struct uc_process_fds *fds, const struct identity *outside)
{
	int ram = uc_process_root(fds->ram_bytes, outside->uid, outside->gid);

	if (ram < 0)
		return;
	dup2(ram, UC_PROCFD_RAM);
	close(ram);
}

/* outside: NULL without a sandbox. */
static _Noreturn void child(const struct uc_process_fds *fds, const struct identity *outside)
{
	char *const argv[] = { (char *)"unicore", NULL }, *const env[] = { NULL };
	int kernel = -1, report = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0); /* the terminal's Ctrl-C and Ctrl-Z are for the runner */
	close(fds->console);
	if (place(fds, &kernel, &report) < 0)
		fail(fds->report);
	close_others(UC_PROCFD_TEXT + (int)fds->n);
	if (orphan())
		_exit(UC_ST_VMM);
	if (outside)
		confine(fds, outside);
	if (chdir("/") < 0)
		fail(report);
	no_privileges();
	default_signals();
	syscall(SYS_execveat, kernel, "", argv, env, AT_EMPTY_PATH);
	fail(report);
}

static pid_t clone_with(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* Namespaces by way of a user namespace, as an ordinary user must; else as root may; else none. */
pid_t uc_process_spawn(const struct uc_process_fds *fds, bool sandbox)
{
	static const unsigned long tries[] = { CLONE_NEWUSER | OWN_NAMESPACES, OWN_NAMESPACES, 0 };
	const struct identity me = { geteuid(), getegid() }, same = { (uid_t)-1, (gid_t)-1 };
	pid_t pid = -1;

	for (size_t i = sandbox ? 0 : 2; pid < 0 && i < sizeof(tries) / sizeof(tries[0]); i++) {
		pid = clone_with(tries[i]);
		if (pid == 0)
			child(fds, tries[i] & CLONE_NEWUSER ? &me : tries[i] ? &same : NULL);
		if (pid < 0 && errno != EPERM && errno != EINVAL && errno != ENOSPC &&
		    errno != EUSERS)
			break;
	}
	return pid < 0 ? -errno : pid;
}
