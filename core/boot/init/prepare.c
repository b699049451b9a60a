// SPDX-License-Identifier: BSD-3-Clause
/* A start is prepared, or goes on from where one was: uc/abi/prepared.h. */
#include <uc/abi/prepared.h>
#include <uc/arch.h>
#include <uc/boothooks.h>
#include <uc/console.h>
#include <uc/exec.h>
#include <uc/proc.h>
#include <uc/random.h>
#include <uc/time.h>
#include "boot.h"

void boot_prepare(void)
{
	uc_plat_stop_clock();
	uc_random_follow(boot_params.prepare);
	/* The kernel lies elsewhere each time. */
	uc_exec_shift = (uint64_t)&boot_params >> 21 & 0xff;
}

void uc_upcall_first_task(struct uc_task *t)
{
	struct uc_prepared *p = uc_phys_to_virt(0);
	const struct uc_mm *mm = t->proc->mm;
	if (!boot_params.prepare)
		return;
	p->random = (uint64_t)uc_random_state(&p->random_len);
	p->start_code = mm->start_code;
	p->heap = mm->brk_start;
	p->heap_random = uc_exec_shift;
	p->align = mm->align;
	p->mmap_base = mm->mmap_base;
	p->stack_top = mm->stack_top;
	p->sp = uc_regs_sp(uc_ctx_regs(&t->thread.ctx));
	uc_exec_shift = 0;
	uc_time_restart();
	uc_plat_prepare(p);
}

void uc_upcall_prepared(void)
{
	uc_plat_set_tsc_hz(boot_params.tsc_hz);
	boot_devices_late();
	uc_console_ready();
}
