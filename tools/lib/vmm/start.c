// SPDX-License-Identifier: BSD-3-Clause
/* The VMM's process. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/vmm.h>

#include "firmware.h"

/* Descriptor numbers of the child, above the standard streams. */
enum { CHILD_CON = 3, CHILD_EARLY, CHILD_BUNDLE, CHILD_FIRMWARE, CHILD_RECORD, CHILD_END };

struct ends {
	int con[2], early[2], err[2], report[2]; /* [0] ours, [1] the child's */
};

static void ends_close(struct ends *e, int side)
{
	int *pairs[] = { e->con, e->early, e->err, e->report };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][side] >= 0)
			close(pairs[i][side]);
		pairs[i][side] = -1;
	}
}

static int ends_open(struct ends *e)
{
	memset(e, -1, sizeof(*e));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, e->con) == 0 &&
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, e->early) == 0 &&
	    pipe2(e->err, O_CLOEXEC) == 0 && pipe2(e->report, O_CLOEXEC) == 0) {
		fcntl(e->con[0], F_SETFL, O_NONBLOCK);
		fcntl(e->early[0], F_SETFL, O_NONBLOCK);
		fcntl(e->err[0], F_SETFL, O_NONBLOCK);
		return 0;
	}
	int err = errno;
	ends_close(e, 0);
	ends_close(e, 1);
	return uc_fail_os(UC_ST_OSERR, "virtual machine", NULL, err, "cannot make its channels");
}

/* Moves fds[i] to the descriptor CHILD_CON + i, in an order in which none is overwritten. */
static void child_fds(int *fds, int n)
{
	for (int i = 0; i < n; i++)
		if (fds[i] < CHILD_END)
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, CHILD_END);
	for (int i = 0; i < n; i++)
		dup2(fds[i], CHILD_CON + i); /* without close-on-exec */
}

/* QEMU touches some thousand pages of heap before the guest runs; a large page takes them in one
 * fault, where the host gives such pages on request (glibc's tunables). */
#define HEAP_TUNABLES "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=4194304"

static _Noreturn void child(const struct ends *e, int bundle, int firmware, int record,
			    pid_t parent, char *const argv[], void (*setup)(void))
{
	int report = fcntl(e->report[1], F_DUPFD_CLOEXEC, CHILD_END);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fds[] = { e->con[1], e->early[1], bundle, firmware, record };

	/* A group of its own: the terminal's Ctrl-C and Ctrl-Z are for us. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(UC_ST_VMM); /* the parent ended before the line above */
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(e->err[1], STDERR_FILENO);
	child_fds(fds, firmware < 0 ? 3 : record ? 5 : 4);
	if (setup)
		setup();
	setenv("GLIBC_TUNABLES", HEAP_TUNABLES, 0);
	execvp(argv[0], argv);
	int err = errno;
	if (write(report, &err, sizeof(err)) < 0)
		_exit(UC_ST_INTERNAL);
	_exit(UC_ST_VMM);
}

static int not_started(const char *qemu, int err)
{
	if (err == ENOENT)
		return uc_fail(UC_ST_UNAVAILABLE, qemu,
			       "install it, in Debian: apt install qemu-system-x86, or name it "
			       "with --qemu",
			       "this emulator is not installed");
	return uc_fail_os(UC_ST_UNAVAILABLE, qemu, "name another emulator with --qemu", err,
			  "cannot start it");
}

/* Of microvm; the other machines have one of their own. */
static int make_firmware(const struct uc_vm_opts *o, int *fd)
{
	if (o->machine != UC_MACHINE_MICROVM)
		return 0;
	char *cmdline = uc_vm_cmdline(o);
	const struct uc_firmware f = {
		.entry = o->entry,
		.memory = o->memory,
		.bundle_bytes = o->bundle_bytes,
		.cmdline = cmdline ? cmdline : "",
	};
	int rc = uc_firmware_seal(&f, fd);

	free(cmdline);
	return rc;
}

int uc_vm_start(const struct uc_vm_opts *o, int bundle_fd, void (*setup)(void), struct uc_vm *vm)
{
	const struct uc_vm_fds fds = { CHILD_CON, CHILD_EARLY, CHILD_BUNDLE, CHILD_FIRMWARE,
				       CHILD_RECORD };
	struct uc_vec argv = { 0 };
	struct ends e;
	int err = 0;

	int firmware = -1, status = make_firmware(o, &firmware);
	if (!status)
		status = ends_open(&e);
	if (status) {
		close(bundle_fd);
		if (firmware >= 0)
			close(firmware);
		return status;
	}
	uc_vm_argv(o, &fds, &argv);
	pid_t self = getpid();
	vm->start_ns = uc_now_ns();
	vm->pid = fork();
	if (vm->pid == 0)
		child(&e, bundle_fd, firmware, o->record_fd, self, argv.v, setup);
	if (vm->pid < 0)
		status = uc_fail_os(UC_ST_OSERR, "virtual machine", NULL, errno,
				    "cannot make a process");
	ends_close(&e, 1);
	close(bundle_fd);
	if (firmware >= 0)
		close(firmware);
	/* End of file on the report pipe: exec succeeded. */
	if (!status && read(e.report[0], &err, sizeof(err)) == (ssize_t)sizeof(err)) {
		waitpid(vm->pid, NULL, 0);
		status = not_started(o->qemu, err);
	}
	close(e.report[0]);
	e.report[0] = -1;
	uc_vec_free(&argv);
	if (status) {
		ends_close(&e, 0);
		return status;
	}
	vm->con_fd = e.con[0];
	vm->early_fd = e.early[0];
	vm->err_fd = e.err[0];
	return 0;
}

void uc_vm_stop(struct uc_vm *vm)
{
	struct rusage use = { 0 };

	kill(vm->pid, SIGKILL); /* not yet waited for, so the number is still this process's */
	while (wait4(vm->pid, NULL, 0, &use) < 0 && errno == EINTR)
		;
	vm->peak_bytes = (uint64_t)use.ru_maxrss * 1024;
	close(vm->con_fd);
	close(vm->early_fd);
	close(vm->err_fd);
}

const char *uc_wait_text(int status, char *buf, size_t cap)
{
	if (WIFSIGNALED(status))
		snprintf(buf, cap, "killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(buf, cap, "exit status %d", WEXITSTATUS(status));
	return buf;
}
