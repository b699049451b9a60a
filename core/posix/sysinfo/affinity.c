// SPDX-License-Identifier: BSD-3-Clause
/* sched_getaffinity(2), sched_setaffinity(2) on a machine with one CPU. */
#include <asm/errno.h>
#include <uc/user.h>
#include "cred.h"

static const uint64_t only_cpu = 1;

static struct uc_task *find(int pid)
{
	return pid ? uc_task_find(pid) : uc_task_current();
}

long uc_sys_sched_getaffinity(int pid, unsigned len, uc_uptr mask)
{
	if (len < sizeof(only_cpu) || len % sizeof(only_cpu))
		return -EINVAL;
	if (!find(pid))
		return -ESRCH;
	int r = uc_user_write(mask, &only_cpu, sizeof(only_cpu));
	return r ? r : (long)sizeof(only_cpu);
}

long uc_sys_sched_setaffinity(int pid, unsigned len, uc_uptr mask)
{
	uint64_t want = 0;
	int r = uc_user_read(&want, mask, UC_MIN((size_t)len, sizeof(want)));
	if (r)
		return r;
	const struct uc_task *t = find(pid);
	if (!t)
		return -ESRCH;
	if (!cred_owns(t->proc))
		return -EPERM;
	return want & only_cpu ? 0 : -EINVAL;
}
