// SPDX-License-Identifier: BSD-3-Clause
// Scheduling parameters, locked memory, memory policies, protection keys, hints and what threads
// tell the kernel.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/membarrier.h>
#include <linux/rseq.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PG 4096

static void scheduling(void)
{
	struct sched_param p = { 7 };
	struct timespec slice;
	struct {
		unsigned size, policy;
		unsigned long flags;
		int nice;
		unsigned priority;
		unsigned long times[3];
	} a = { 0 };
	unsigned long mask[16] = { 0 };

	CHECK(syscall(SYS_sched_getscheduler, 0) == SCHED_OTHER);
	CHECK(syscall(SYS_sched_getparam, 0, &p) == 0 && p.sched_priority == 0);
	CHECK(syscall(SYS_sched_get_priority_max, SCHED_FIFO) == 99 &&
	      syscall(SYS_sched_get_priority_min, SCHED_RR) == 1);
	CHECK(syscall(SYS_sched_get_priority_max, SCHED_OTHER) == 0);
	CHECK_ERR(syscall(SYS_sched_get_priority_max, 77), EINVAL);
	CHECK_ERR(syscall(SYS_sched_get_priority_min, -1), EINVAL);
	p.sched_priority = 5;
	CHECK_ERR(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &p), EINVAL);
	CHECK_ERR(syscall(SYS_sched_setparam, 0, &p), EINVAL);
	CHECK_ERR(syscall(SYS_sched_setscheduler, INT_MAX, SCHED_OTHER, &p), ESRCH);
	p.sched_priority = 0;
	CHECK(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &p) == 0 &&
	      sched_getscheduler(0) == SCHED_BATCH);
	CHECK(syscall(SYS_sched_setparam, 0, &p) == 0);
	CHECK(syscall(SYS_sched_getattr, 0, &a, sizeof(a), 0) == 0 && a.policy == SCHED_BATCH);
	a.policy = SCHED_OTHER;
	CHECK(syscall(SYS_sched_setattr, 0, &a, 0) == 0 && sched_getscheduler(0) == SCHED_OTHER);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, &a, 8, 0), EINVAL);
	CHECK(syscall(SYS_sched_rr_get_interval, 0, &slice) == 0);
	CHECK_ERR(syscall(SYS_sched_rr_get_interval, -1, &slice), EINVAL);
	CHECK(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask) > 0 && mask[0]);
	CHECK(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask) == 0);
	memset(mask, 0, sizeof(mask));
	CHECK_ERR(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask), EINVAL);
	CHECK(syscall(SYS_setpriority, PRIO_PROCESS, 0, 19) == 0 &&
	      syscall(SYS_getpriority, PRIO_PROCESS, 0) == 1);
	CHECK_ERR(syscall(SYS_setpriority, 9, 0, 5), EINVAL);
	CHECK_ERR(syscall(SYS_getpriority, PRIO_PROCESS, INT_MAX), ESRCH);
	CHECK(syscall(SYS_sched_yield) == 0);
}

static void locking(void)
{
	char *m = mmap(0, 4 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(syscall(SYS_mlock, m, PG) == 0 && syscall(SYS_mlock2, m + PG, PG, 1) == 0);
	CHECK_ERR(syscall(SYS_mlock2, m, PG, 8), EINVAL);
	CHECK(syscall(SYS_munlock, m, 2 * PG) == 0);
	CHECK(munmap(m + 3 * PG, PG) == 0);
	CHECK_ERR(syscall(SYS_mlock, m, 4 * PG), ENOMEM);
	CHECK_ERR(syscall(SYS_munlock, m, 4 * PG), ENOMEM);
	CHECK(syscall(SYS_mlockall, MCL_CURRENT) == 0 && syscall(SYS_munlockall) == 0);
	CHECK_ERR(syscall(SYS_mlockall, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mlockall, 64), EINVAL);
	munmap(m, 3 * PG);
}

static void keys(void)
{
	char *m = mmap(0, PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(syscall(SYS_pkey_mprotect, m, PG, PROT_READ, -1) == 0);
	CHECK_ERR(syscall(SYS_pkey_mprotect, m, PG, PROT_READ, 99), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_free, 99), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_alloc, 1, 0), EINVAL);
	munmap(m, PG);
}

static void threads(void)
{
	static struct rseq area;
	void *head;
	size_t size;

	CHECK(syscall(SYS_get_robust_list, 0, &head, &size) == 0 && size == 24);
	CHECK_ERR(syscall(SYS_get_robust_list, INT_MAX, &head, &size), ESRCH);
	CHECK_ERR(syscall(SYS_set_robust_list, head, 8), EINVAL);
	CHECK(syscall(SYS_set_robust_list, head, 24) == 0);
	CHECK_ERR(syscall(SYS_rseq, (char *)&area + 1, sizeof(area), 0, 1), EINVAL);
	CHECK(syscall(SYS_set_tid_address, &size) == syscall(SYS_gettid));
	CHECK(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) &
	      MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	CHECK_ERR(syscall(SYS_membarrier, 1 << 30, 0, 0), EINVAL);
	CHECK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0 &&
	      prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1);
	CHECK_ERR(prctl(PR_SET_THP_DISABLE, 0, 1, 0, 0), EINVAL);
	if (!fork())
		_exit(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	int status;
	CHECK(wait(&status) > 0 && WEXITSTATUS(status) == 1);
	CHECK(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0) == 0 &&
	      prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 0);
}

static void futexes(void)
{
	static unsigned word = 7;
	struct {
		unsigned long value, address;
		unsigned flags, reserved;
	} w[2] = { { 7, (unsigned long)&word, 2, 0 }, { 7, (unsigned long)&word, 2, 0 } };
	const struct timespec past = { 0, 0 };

	CHECK_ERR(syscall(SYS_futex_waitv, w, 2, 0, &past, CLOCK_MONOTONIC), ETIMEDOUT);
	w[1].value = 8;
	CHECK_ERR(syscall(SYS_futex_waitv, w, 2, 0, &past, CLOCK_MONOTONIC), EAGAIN);
	CHECK_ERR(syscall(SYS_futex_waitv, w, 0, 0, 0, CLOCK_MONOTONIC), EINVAL);
	CHECK_ERR(syscall(SYS_futex_waitv, w, 129, 0, 0, CLOCK_MONOTONIC), EINVAL);
	CHECK_ERR(syscall(SYS_futex_waitv, w, 1, 1, 0, CLOCK_MONOTONIC), EINVAL);
	CHECK_ERR(syscall(SYS_futex_waitv, w, 1, 0, &past, CLOCK_BOOTTIME), EINVAL);
	w[0].reserved = 1;
	CHECK_ERR(syscall(SYS_futex_waitv, w, 1, 0, 0, CLOCK_MONOTONIC), EINVAL);
}

static void clocks(void)
{
	struct timex t = { 0 };
	struct itimerval it;
	timer_t timer;
	struct itimerspec spec = { { 0 }, { 1000, 0 } };
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	int id;

	CHECK(syscall(SYS_adjtimex, &t) >= 0 && t.tick == 10000);
	CHECK(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &t) >= 0);
	CHECK_ERR(syscall(SYS_clock_adjtime, 99, &t), EINVAL);
	CHECK(syscall(SYS_getitimer, ITIMER_REAL, &it) == 0 && it.it_value.tv_sec == 0);
	CHECK_ERR(syscall(SYS_getitimer, 9, &it), EINVAL);
	CHECK(syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &id) == 0);
	timer = (timer_t)(long)id;
	CHECK(syscall(SYS_timer_settime, timer, 0, &spec, 0) == 0 &&
	      syscall(SYS_timer_gettime, timer, &spec) == 0 && spec.it_value.tv_sec > 900);
	CHECK(syscall(SYS_timer_getoverrun, timer) == 0 && syscall(SYS_timer_delete, timer) == 0);
	CHECK_ERR(syscall(SYS_timer_gettime, timer, &spec), EINVAL);
	CHECK_ERR(syscall(SYS_timer_getoverrun, timer), EINVAL);
	CHECK_ERR(syscall(SYS_settimeofday, &(struct timeval){ -1, 0 }, 0), EINVAL);
}

int main(void)
{
	scheduling();
	locking();
	keys();
	threads();
	futexes();
	clocks();
	return check_done();
}
