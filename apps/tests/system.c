// SPDX-License-Identifier: BSD-3-Clause
// Identity, limits and information calls.
#define _GNU_SOURCE
#include "check.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
	struct utsname u;
	CHECK(uname(&u) == 0 && strcmp(u.sysname, "Linux") == 0 &&
	      strcmp(u.machine, "x86_64") == 0);
	CHECK(strtol(u.release, NULL, 10) >= 4 && u.nodename[0] != 0);
	char host[256];
	CHECK(gethostname(host, sizeof(host)) == 0 && strcmp(host, u.nodename) == 0);
	struct sysinfo si;
	CHECK(sysinfo(&si) == 0 && si.totalram > 0 && si.freeram <= si.totalram &&
	      si.mem_unit >= 1);
	CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_PAGESIZE) == 4096);
	CHECK(sysconf(_SC_PHYS_PAGES) > 0 && sysconf(_SC_OPEN_MAX) > 0);

	closefrom(3);
	struct rlimit rl, old;
	CHECK(getrlimit(RLIMIT_NOFILE, &old) == 0 && old.rlim_cur >= 256);
	rl = (struct rlimit){ 20, old.rlim_max };
	CHECK(setrlimit(RLIMIT_NOFILE, &rl) == 0);
	CHECK_ERR(dup2(0, 30), EBADF);
	int fd, opened = 0;
	while ((fd = dup(0)) >= 0)
		opened++;
	CHECK(errno == EMFILE && opened == 17);
	for (int i = 3; i < 20; i++)
		close(i);
	CHECK(prlimit(0, RLIMIT_NOFILE, &old, &rl) == 0 && rl.rlim_cur == 20);
	rl = (struct rlimit){ 30, 20 };
	CHECK_ERR(setrlimit(RLIMIT_NOFILE, &rl), EINVAL);
	CHECK_ERR(getrlimit(99, &rl), EINVAL);

	cpu_set_t set;
	CHECK(sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) >= 1);
	unsigned cpu, node;
	CHECK(getcpu(&cpu, &node) == 0 && (int)cpu == sched_getcpu());
	CHECK(sched_yield() == 0 && sched_getscheduler(0) == SCHED_OTHER);
	errno = 0;
	CHECK(getpriority(PRIO_PROCESS, 0) >= -20 && errno == 0);
	struct rusage ru;
	CHECK(getrusage(RUSAGE_SELF, &ru) == 0 && ru.ru_maxrss > 0);

	char name[16];
	CHECK(prctl(PR_SET_NAME, "new-name") == 0 && prctl(PR_GET_NAME, name) == 0);
	CHECK(strcmp(name, "new-name") == 0);
	CHECK(prctl(PR_GET_DUMPABLE) == 1 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK_ERR(prctl(12345, 0, 0, 0, 0), EINVAL);
	CHECK(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) >= 0);
	CHECK(getuid() == geteuid() && getgid() == getegid());
	CHECK(umask(027) == 022 && umask(022) == 027);
	CHECK(getpid() > 0 && getpid() == syscall(SYS_gettid));
	return check_done();
}
