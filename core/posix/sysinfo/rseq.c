// SPDX-License-Identifier: BSD-3-Clause
/*
 * rseq(2). There is one CPU, so the numbers in the registered structure never change; what remains
 * is to leave a critical section through its abort handler when it was interrupted.
 */
#include <asm/errno.h>
#include <linux/rseq.h>
#include <uc/init.h>
#include <uc/string.h>
#include <uc/user.h>
#include "cred.h"

enum { RSEQ_LEN = 32, RSEQ_ALIGN = 32 }; /* of the structure's first version */

static int unregister(struct uc_task *t, uc_uptr p, uint32_t len, uint32_t sig)
{
	struct rseq s;
	if (t->rseq != p || !t->rseq)
		return -EINVAL;
	if (len != t->rseq_len)
		return -EINVAL;
	if (sig != t->rseq_sig)
		return -EPERM;
	memset(&s, 0, sizeof(s));
	s.cpu_id = (uint32_t)RSEQ_CPU_ID_UNINITIALIZED;
	int r = uc_user_write(p, &s, RSEQ_LEN);
	if (!r)
		t->rseq = 0;
	return r;
}

static int enlist(struct uc_task *t, uc_uptr p, uint32_t len, uint32_t sig)
{
	if (t->rseq) {
		if (t->rseq != p || t->rseq_len != len)
			return -EINVAL;
		return t->rseq_sig != sig ? -EPERM : -EBUSY;
	}
	if (p % RSEQ_ALIGN || len != RSEQ_LEN)
		return -EINVAL;
	/* cpu_id_start, cpu_id; then node_id and mm_cid behind rseq_cs and flags: all of them 0. */
	int r = uc_user_zero(p, 2 * sizeof(uint32_t));
	if (!r)
		r = uc_user_zero(p + 20, RSEQ_LEN - 20);
	if (r)
		return r;
	t->rseq = p;
	t->rseq_len = len;
	t->rseq_sig = sig;
	return 0;
}

long uc_sys_rseq(uc_uptr p, uint32_t len, int flags, uint32_t sig)
{
	struct uc_task *t = uc_task_current();
	if (flags & RSEQ_FLAG_UNREGISTER)
		return flags & ~RSEQ_FLAG_UNREGISTER ? -EINVAL : unregister(t, p, len, sig);
	return flags ? -EINVAL : enlist(t, p, len, sig);
}

/* Reads the current critical section's descriptor and clears the pointer to it. 1 there is one, 0
 * there is none, negative: malformed. */
static int take_section(const struct uc_task *t, struct rseq_cs *cs)
{
	const uc_uptr slot = t->rseq + offsetof(struct rseq, rseq_cs);
	const uint64_t none = 0;
	uint64_t at;
	int r = uc_user_read(&at, slot, sizeof(at));
	if (r || !at)
		return r;
	r = uc_user_read(cs, at, sizeof(*cs));
	if (r)
		return r;
	if (cs->version || cs->flags || cs->start_ip >= UC_USER_TOP ||
	    cs->start_ip + cs->post_commit_offset < cs->start_ip || cs->abort_ip >= UC_USER_TOP)
		return -EINVAL;
	r = uc_user_write(slot, &none, sizeof(none));
	return r ? r : 1;
}

static void interrupt(struct uc_regs *r)
{
	const struct uc_task *t = uc_task_current();
	struct rseq_cs cs;
	uint32_t sig;
	if (!t->rseq)
		return;
	int found = take_section(t, &cs);
	if (found > 0) {
		if (uc_regs_pc(r) - cs.start_ip >= cs.post_commit_offset)
			return;
		if (!uc_user_load32(cs.abort_ip - sizeof(sig), &sig) && sig == t->rseq_sig) {
			uc_regs_set_pc(r, cs.abort_ip);
			return;
		}
		found = -EINVAL;
	}
	if (found < 0)
		uc_signal_force(SIGSEGV, SI_KERNEL, 0);
}

static int rseq_hook(void)
{
	uc_proc_hooks.rseq_interrupt = interrupt;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, rseq_hook);
