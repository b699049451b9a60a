// SPDX-License-Identifier: BSD-3-Clause
/* sysinfo(2), getcpu(2), syslog(2). */
#include <asm/errno.h>
#include <linux/sysinfo.h>
#include <uc/frame.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>

static uint16_t count_threads(void)
{
	unsigned n = 0;
	UC_LIST_FOREACH(it, &uc_proc_list)
		n += UC_LIST_ENTRY(it, struct uc_proc, all_link)->ntasks;
	return (uint16_t)UC_MIN(n, (unsigned)UINT16_MAX);
}

long uc_sys_sysinfo(uc_uptr out)
{
	struct uc_frame_stats f;
	struct sysinfo s;
	memset(&s, 0, sizeof(s));
	uc_frame_stats(&f);
	s.uptime = (long)(uc_time_mono() / 1000000000);
	s.totalram = f.total * UC_PAGE_SIZE;
	s.freeram = f.free * UC_PAGE_SIZE;
	s.procs = count_threads();
	s.mem_unit = 1;
	return uc_user_write(out, &s, sizeof(s));
}

/* One CPU on one node. */
long uc_sys_getcpu(uc_uptr cpu, uc_uptr node, uc_uptr unused)
{
	(void)unused;
	int r = cpu ? uc_user_store32(cpu, 0) : 0;
	return !r && node ? uc_user_store32(node, 0) : r;
}

/* The kernel log goes to the host; there is no buffer to read here. */
long uc_sys_syslog(int type, uc_uptr buf, int len)
{
	(void)buf;
	(void)len;
	return uc_unsupported(-ENOSYS, "syslog type %d", type);
}
