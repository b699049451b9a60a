// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

void uc_ctx_init(struct uc_ctx *c, void *kstack_top, void (*fn)(void *), void *arg)
{
	uint64_t *sp =
		(uint64_t *)((uintptr_t)kstack_top & ~15ull) - sizeof(struct uc_regs) / 8 - 1;
	sp = (uint64_t *)((uintptr_t)sp & ~15ull);
	*--sp = 0;
	*--sp = (uint64_t)uc_ctx_start_asm;
	*--sp = 0;             /* rbp */
	*--sp = 0;             /* rbx */
	*--sp = (uint64_t)fn;  /* r12 */
	*--sp = (uint64_t)arg; /* r13 */
	*--sp = 0;
	*--sp = 0;
	c->sp = (uint64_t)sp;
	c->kstack_top = (uint64_t)kstack_top & ~15ull;
}

void uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to)
{
	if (from->fpu) uc_arch_fpu_save(from->fpu);
	if (to->fpu) x86_fpu_load(to->fpu);
	if (from->tls != to->tls) x86_set_tls(to->tls);
	uc_percpu0.kstack_top = to->kstack_top;
	uc_ctx_switch_asm(&from->sp, to->sp);
}

struct uc_regs *uc_ctx_regs(const struct uc_ctx *c)
{
	return (struct uc_regs *)(c->kstack_top - X86_FRAME_GAP - sizeof(struct uc_regs));
}

void uc_ctx_enter_app(struct uc_ctx *c)
{
	struct uc_regs *r = uc_ctx_regs(c);
	uc_percpu0.kstack_top = c->kstack_top;
	/* A frame copied from a parent inside clone lacks what the fast entry leaves out. */
	if (r->orig_rax != (uint64_t)-1) r->rflags = 0x202;
	uc_enter_app_regs(r);
}

int uc_arch_set_tls(struct uc_ctx *c, uint64_t tls)
{
	if (tls >= UC_USER_TOP) return -EPERM;
	c->tls = tls;
	if (uc_percpu0.kstack_top == c->kstack_top) x86_set_tls(tls);
	return 0;
}

/* FSGSBASE lets applications change it without telling: read the register for the running thread.
 */
uint64_t uc_arch_tls(const struct uc_ctx *c)
{
	return uc_percpu0.kstack_top == c->kstack_top ? x86_tls() : c->tls;
}

uint64_t uc_regs_sysnr(const struct uc_regs *r) { return r->orig_rax; }
void uc_regs_set_ret(struct uc_regs *r, uint64_t v) { r->rax = v; }
uint64_t uc_regs_ret(const struct uc_regs *r) { return r->rax; }
uint64_t uc_regs_pc(const struct uc_regs *r) { return r->rip; }
void uc_regs_set_pc(struct uc_regs *r, uint64_t pc) { r->rip = pc; }
uint64_t uc_regs_sp(const struct uc_regs *r) { return r->rsp; }
void uc_regs_set_sp(struct uc_regs *r, uint64_t sp) { r->rsp = sp; }

uint64_t uc_regs_arg(const struct uc_regs *r, unsigned i)
{
	const uint64_t a[] = { r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9 };
	return a[i];
}

/* Rewriting keeps the two bytes of the `syscall` instruction in front of every return address. */
uint64_t uc_regs_restart_pc(const struct uc_regs *r) { return r->rip - 2; }

void uc_regs_start(struct uc_regs *r, uint64_t pc, uint64_t sp)
{
	memset(r, 0, sizeof(*r));
	r->orig_rax = (uint64_t)-1;
	r->rip = pc;
	r->rsp = sp;
	r->rflags = 0x202;
}
