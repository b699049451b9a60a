// SPDX-License-Identifier: BSD-3-Clause
// Capability sets, PR_SET_KEEPCAPS, child subreapers; ioprio_set, unshare. As root.
#define _GNU_SOURCE
#include "check.h"

#include <limits.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct __user_cap_data_struct now[2];

static int get(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	return (int)syscall(SYS_capget, &h, now);
}

static int set(uint32_t eff, uint32_t perm, uint32_t inh)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { eff, perm, inh }, { 0, 0, 0 } };
	return (int)syscall(SYS_capset, &h, d);
}

#define BIT(c) (1u << (c))

static void in_child(void (*fn)(void))
{
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		fn();
		fflush(stdout);
		_exit(check_failures);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void drops(void)
{
	CHECK(set(BIT(CAP_SYS_NICE), BIT(CAP_SYS_NICE) | BIT(CAP_CHOWN), 0) == 0 && get() == 0);
	CHECK(now[0].effective == BIT(CAP_SYS_NICE) && now[1].permitted == 0 &&
	      now[0].permitted == (BIT(CAP_SYS_NICE) | BIT(CAP_CHOWN)));
	CHECK_ERR(set(BIT(CAP_SYS_NICE), 0, 0), EPERM);
	CHECK_ERR(set(0, BIT(CAP_KILL), 0), EPERM);
	CHECK(set(0, BIT(CAP_CHOWN), BIT(CAP_CHOWN)) == 0);
	CHECK_ERR(set(0, BIT(CAP_CHOWN), BIT(CAP_KILL)), EPERM);
	CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0) == 0);
	CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) == 1);
	CHECK_ERR(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), EPERM);
	CHECK_ERR(prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0), EPERM);
	CHECK(set(0, 0, 0) == 0);
	CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) == 0);
}

static void bounds(void)
{
	CHECK(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0) == 1);
	CHECK(prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0) == 0);
	CHECK(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0) == 0);
	CHECK_ERR(prctl(PR_CAPBSET_DROP, 999, 0, 0, 0), EINVAL);
	CHECK(get() == 0 && now[0].effective & BIT(CAP_KILL));
	CHECK(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0, 0, 0) == 0);
	CHECK(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) == SECBIT_NOROOT);
}

static void user_changes(void)
{
	CHECK(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0);
	CHECK(setresuid(1000, 1000, 1000) == 0 && get() == 0);
	CHECK(now[0].effective == 0 && now[0].permitted & BIT(CAP_NET_BIND_SERVICE));
	CHECK(set(BIT(CAP_NET_BIND_SERVICE), BIT(CAP_NET_BIND_SERVICE), 0) == 0);
}

static void loses_all(void)
{
	CHECK(setresuid(1000, 1000, 1000) == 0 && get() == 0);
	CHECK(now[0].effective == 0 && now[0].permitted == 0);
}

static void comes_back(void)
{
	CHECK(set(BIT(CAP_SETUID), BIT(CAP_SETUID) | BIT(CAP_KILL), 0) == 0);
	CHECK(seteuid(1000) == 0 && get() == 0 && now[0].effective == 0);
	CHECK(seteuid(0) == 0 && get() == 0 &&
	      now[0].effective == (BIT(CAP_SETUID) | BIT(CAP_KILL)));
}

static void subreaper(void)
{
	int on = -1, p[2];
	pid_t orphan;
	CHECK(prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0) == 0 && on == 0);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0) == 0 && on == 1);
	CHECK(pipe(p) == 0);
	pid_t me = getpid(), pid = fork();
	if (pid == 0) {
		pid_t parent = getpid();
		orphan = fork();
		if (orphan == 0) {
			while (getppid() == parent) usleep(1000);
			_exit(getppid() == me ? 4 : 5);
		}
		(void)!write(p[1], &orphan, sizeof(orphan));
		_exit(0);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(read(p[0], &orphan, sizeof(orphan)) == sizeof(orphan));
	CHECK(waitpid(orphan, &status, 0) == orphan && WEXITSTATUS(status) == 4);
}

static void io_priority(void)
{
	enum { PROCESS = 1, BE = 2 << 13, IDLE = 3 << 13 };
	CHECK(syscall(SYS_ioprio_set, PROCESS, 0, BE | 5) == 0);
	CHECK(syscall(SYS_ioprio_get, PROCESS, 0) == (BE | 5));
	CHECK(syscall(SYS_ioprio_set, PROCESS, 0, IDLE) == 0);
	CHECK(syscall(SYS_ioprio_get, PROCESS, 0) == IDLE);
	CHECK_ERR(syscall(SYS_ioprio_set, PROCESS, 0, 7 << 13), EINVAL);
	CHECK_ERR(syscall(SYS_ioprio_set, 9, 0, BE), EINVAL);
	CHECK_ERR(syscall(SYS_ioprio_set, PROCESS, INT_MAX, BE), ESRCH);
}

static void shares(void)
{
	CHECK(unshare(CLONE_FS | CLONE_FILES) == 0);
	CHECK_ERR(unshare(1), EINVAL);
}

int main(void)
{
	in_child(io_priority);
	in_child(shares);
	in_child(drops);
	in_child(bounds);
	in_child(user_changes);
	in_child(loses_all);
	in_child(comes_back);
	in_child(subreaper);
	return check_done();
}
