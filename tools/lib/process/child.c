// SPDX-License-Identifier: BSD-3-Clause
/*
 * From clone to execve. Until then the child is in our memory and we wait, as with vfork: nothing
 * of it is copied. It calls nothing that could wait for a lock of another thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <uc/abi/procfd.h>
#include <unicore/exit.h>

#include "internal.h"

#define STACK_BYTES    65536
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

/* Moves descriptors to their numbers, in an order in which none is overwritten. The kernel's
 * program stays open until execution, above the others. Its descriptor or -1. */
static int place(const struct uc_process_fds *fds)
{
	int end = UC_PROCFD_TEXT + (int)fds->n, kernel = fcntl(fds->kernel, F_DUPFD_CLOEXEC, end);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), moved[fds->n];

	for (size_t i = 0; i < fds->n; i++) {
		bool low = fds->fd[i] < end;

		moved[i] = low ? fcntl(fds->fd[i], F_DUPFD_CLOEXEC, end) : fds->fd[i];
		if (moved[i] < 0)
			return -1;
	}
	if (kernel < 0 || null < 0 || dup2(null, UC_PROCFD_KERNEL + 1) < 0 ||
	    dup2(kernel, UC_PROCFD_KERNEL) < 0)
		return -1;
	for (size_t i = 0; i < fds->n; i++)
		if (dup2(moved[i], UC_PROCFD_TEXT + (int)i) < 0) /* without close-on-exec */
			return -1;
	return kernel;
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

struct child {
	const struct uc_process_fds *fds;
	const struct identity *outside; /* NULL: no sandbox */
	int err;                        /* why it was not executed */
};

static int child(void *arg)
{
	char *const argv[] = { (char *)"unicore", NULL }, *const env[] = { NULL };
	struct child *c = arg;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0); /* the terminal's Ctrl-C and Ctrl-Z are for the runner */
	close(c->fds->console);
	int kernel = place(c->fds);
	if (kernel >= 0) {
		close_others(UC_PROCFD_TEXT + (int)c->fds->n);
		if (orphan())
			_exit(UC_ST_VMM);
		if (c->outside)
			confine(c->fds, c->outside);
	}
	if (kernel >= 0 && chdir("/") == 0) {
		no_privileges();
		default_signals();
		syscall(SYS_execveat, kernel, "", argv, env, AT_EMPTY_PATH);
	}
	c->err = errno;
	_exit(UC_ST_VMM);
}

static pid_t run_child(struct child *c, unsigned long flags)
{
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stack == MAP_FAILED)
		return -ENOMEM;
	pid_t pid = clone(child, stack + STACK_BYTES,
			  (int)(flags | CLONE_VM | CLONE_VFORK | SIGCHLD), c);
	int err = errno;
	munmap(stack, STACK_BYTES);
	return pid < 0 ? -err : pid;
}

/* Namespaces by way of a user namespace, as an ordinary user must; else as root may; else none. */
pid_t uc_process_spawn(const struct uc_process_fds *fds, bool sandbox, int *exec_err)
{
	static const unsigned long tries[] = { CLONE_NEWUSER | OWN_NAMESPACES, OWN_NAMESPACES, 0 };
	const struct identity me = { geteuid(), getegid() }, same = { (uid_t)-1, (gid_t)-1 };
	struct child c = { .fds = fds };
	pid_t pid = -EPERM;

	for (size_t i = sandbox ? 0 : 2; pid < 0 && i < sizeof(tries) / sizeof(tries[0]); i++) {
		c.outside = tries[i] & CLONE_NEWUSER ? &me : tries[i] ? &same : NULL;
		pid = run_child(&c, tries[i]);
		if (pid < 0 && pid != -EPERM && pid != -EINVAL && pid != -ENOSPC &&
		    pid != -EUSERS)
			break;
	}
	*exec_err = c.err;
	return pid;
}
