// SPDX-License-Identifier: BSD-3-Clause
/* The slow way of a system call: absent numbers, and every call while tracing. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/proc.h>
#include <uc/trace.h>
#include "boot.h"

extern const int32_t uc_systable[];
extern const int32_t uc_systable_end[];
extern uint32_t uc_syscall_fast_limit;
typedef long (*handler)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

static handler find(uint64_t nr)
{
	if (nr >= (uint64_t)(uc_systable_end - uc_systable) || !uc_systable[nr])
		return NULL;
	return (handler)((uintptr_t)uc_systable + (uintptr_t)(intptr_t)uc_systable[nr]);
}

static bool traced;

void boot_dispatch_init(bool trace)
{
	traced = trace;
	uc_syscall_fast_limit = trace ? 0 : (uint32_t)(uc_systable_end - uc_systable);
}

static long absent(uint64_t nr)
{
	const char *name = uc_trace_call_name ? uc_trace_call_name(nr) : NULL;
	if (name)
		return uc_unsupported(-ENOSYS, "system call %lu (%s)", nr, name);
	return uc_unsupported(-ENOSYS, "system call %lu", nr);
}

void uc_upcall_syscall_slow(struct uc_regs *r)
{
	uint64_t nr = (uint32_t)uc_regs_sysnr(r), a[6];
	handler h = find(nr);
	long ret;
	for (unsigned i = 0; i < 6; i++)
		a[i] = uc_regs_arg(r, i);
	if (traced)
		uc_trace_enter(nr, a);
	if (h)
		ret = h(a[0], a[1], a[2], a[3], a[4], a[5]);
	else
		ret = absent(nr);
	if (traced)
		uc_trace_leave(nr, a, ret);
	uc_regs_set_ret(r, (uint64_t)ret);
	if (ret <= -512 && ret >= -516)
		uc_cpu_set_attention();
}
