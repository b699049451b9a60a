// SPDX-License-Identifier: BSD-3-Clause
/* Upcalls: what lower layers declare, bound to the layers that implement it. */
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <uc/abi/mux.h>
#include <uc/arch.h>
#include <uc/console.h>
#include <uc/frame.h>
#include <uc/log.h>
#include <uc/stdio.h>
#include <uc/proc.h>
#include <uc/time.h>
#include <uc/vfs.h>
#include <uc/vm.h>
#include "boot.h"

/* ---- memory ---- */
uc_paddr uc_upcall_pt_alloc(void) { return uc_frame_alloc_zero(); }

void uc_upcall_pt_free(uc_paddr pa) { uc_frame_unref(pa); }

/* The application cannot go on: memory is exhausted and nothing is left to reclaim. */
static void out_of_memory(struct uc_proc *p)
{
	uc_log(UC_LOG_ERROR, "out of memory: %s (pid %d) is killed (give the machine more with -m)",
	       p->comm, p->pid);
	if (p == uc_proc_init) boot_stop(UC_EXIT_OOM, 0);
	uc_signal_force(9, SI_KERNEL, 0);
}

#define RECLAIM_DENTRIES 64

/* Optional µlib: NULL if absent. */
__attribute__((weak)) bool uc_ninep_reclaim(void);

bool uc_upcall_frame_reclaim(void)
{
	if (uc_ninep_reclaim && uc_ninep_reclaim()) return true;
	return uc_dcache_shrink(RECLAIM_DENTRIES) > 0;
}

int uc_upcall_user_access_fault(uint64_t addr, bool write)
{
	struct uc_task *t = uc_task_try_current();
	if (!t || !t->proc || !t->proc->mm) return -EFAULT;
	int r = uc_vm_fault(t->proc->mm, addr, write, false);
	return r == -ENOMEM ? -EFAULT : r;
}

static void page_fault(struct uc_task *t, const struct uc_fault *f)
{
	int r = uc_vm_fault(t->proc->mm, f->addr, f->write, f->exec);
	if (!r) return;
	t->fault.addr = f->addr;
	t->fault.err = f->err | 4; /* as seen from user mode */
	t->fault.trapno = f->trapno;
	if (r == -ENOMEM) out_of_memory(t->proc);
	else if (r == -ERANGE || r == -EIO) uc_signal_force(7, BUS_ADRERR, f->addr);
	else uc_signal_force(11, r == -EACCES ? SEGV_ACCERR : SEGV_MAPERR, f->addr);
}

void uc_upcall_app_fault(struct uc_regs *r, const struct uc_fault *f)
{
	struct uc_task *t = uc_task_current();
	if (f->kind == UC_FAULT_PAGE) {
		page_fault(t, f);
		return;
	}
	static const struct {
		uint8_t sig, code;
	} to_signal[] = {
		[UC_FAULT_ILLEGAL] = { 4, ILL_ILLOPN }, [UC_FAULT_ARITH] = { 8, FPE_INTDIV },
		[UC_FAULT_FPU] = { 8, FPE_FLTINV },     [UC_FAULT_BREAK] = { 5, TRAP_BRKPT },
		[UC_FAULT_STEP] = { 5, TRAP_TRACE },    [UC_FAULT_PROT] = { 11, 0 },
		[UC_FAULT_ALIGN] = { 7, BUS_ADRALN },   [UC_FAULT_OTHER] = { 11, 0 },
	};
	t->fault.addr = 0;
	t->fault.err = f->err;
	t->fault.trapno = f->trapno;
	int code = to_signal[f->kind].code ? to_signal[f->kind].code : SI_KERNEL;
	uc_signal_force(to_signal[f->kind].sig, code, f->kind == UC_FAULT_PROT ? 0 : f->addr);
	(void)r;
}

/* ---- the way back to the application ---- */
void uc_upcall_attention(struct uc_regs *r)
{
	uc_percpu_clear_attention();
	uc_defer_run();
	uc_sched_preempt_point();
	uc_signal_deliver(r);
}

/* ---- time ---- */
uc_nsec uc_upcall_sched_clock(void) { return uc_time_mono(); }

uc_nsec uc_upcall_sched_timers(void) { return uc_timer_run(); }

int uc_upcall_host_realtime(uc_nsec *out) { return uc_console_host_time(out); }

/* ---- console ---- */
void uc_upcall_console_signal(int sig) { uc_stdio_signal(sig); }

void uc_upcall_console_winch(void) { uc_stdio_winch(); }

/* ---- processes and files ---- */
struct uc_fdtable *uc_upcall_fdtable(void)
{
	struct uc_task *t = uc_task_try_current();
	return t ? t->proc->fds : uc_proc_init->fds;
}

struct uc_fsctx *uc_upcall_fsctx(void)
{
	struct uc_task *t = uc_task_try_current();
	return t ? t->proc->fs : uc_proc_init->fs;
}

void uc_upcall_creds(uint32_t *uid, uint32_t *gid)
{
	struct uc_task *t = uc_task_try_current();
	*uid = t ? t->proc->fsuid : 0;
	*gid = t ? t->proc->fsgid : 0;
}

bool uc_upcall_in_group(uint32_t gid)
{
	struct uc_task *t = uc_task_try_current();
	if (!t || gid == t->proc->fsgid) return true;
	for (unsigned i = 0; i < t->proc->ngroups; i++)
		if (t->proc->groups[i] == gid) return true;
	return false;
}

int uc_upcall_check_fsize(uint64_t end)
{
	struct uc_task *t = uc_task_try_current();
	if (!t || end <= t->proc->rlim[RLIMIT_FSIZE].cur) return 0;
	uc_signal_task(t, 25, NULL); /* SIGXFSZ */
	return -EFBIG;
}

int64_t uc_upcall_fsize_room(uint64_t pos, uint64_t n)
{
	struct uc_task *t = uc_task_try_current();
	uint64_t limit = t ? t->proc->rlim[RLIMIT_FSIZE].cur : UINT64_MAX;
	if (pos >= limit) return uc_upcall_check_fsize(UINT64_MAX);
	return (int64_t)UC_MIN(n, limit - pos);
}

void uc_upcall_sigpipe(void)
{
	struct uc_task *t = uc_task_try_current();
	if (t) uc_signal_task(t, 13, NULL);
}

void uc_upcall_strict_stop(void) { boot_stop(UC_EXIT_STRICT, 0); }
