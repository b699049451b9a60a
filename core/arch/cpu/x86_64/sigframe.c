// SPDX-License-Identifier: BSD-3-Clause
/* Signal frames of the x86-64 Linux ABI: rt_sigframe with an XSAVE area, as <asm/sigcontext.h>
 * describes. */
#include <asm/errno.h>
#include <asm/sigcontext.h>
#include <linux/signal.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

struct ucontext64 {
	uint64_t flags, link;
	struct {
		uint64_t sp;
		uint32_t flags, pad;
		uint64_t size;
	} stack;
	struct sigcontext mc;
	uint64_t sigmask;
};
struct frame64 {
	uint64_t pretcode;
	struct ucontext64 uc;
	uint8_t info[128];
};

#define RED_ZONE   128
#define RFLAGS_APP 0x40dd5ull /* CF PF AF ZF SF DF OF AC TF */

static void gregs_out(struct sigcontext *s, const struct uc_regs *r,
		      const struct uc_sigframe_in *in)
{
	s->r8 = r->r8;
	s->r9 = r->r9;
	s->r10 = r->r10;
	s->r11 = r->r11;
	s->r12 = r->r12;
	s->r13 = r->r13;
	s->r14 = r->r14;
	s->r15 = r->r15;
	s->rdi = r->rdi;
	s->rsi = r->rsi;
	s->rbp = r->rbp;
	s->rbx = r->rbx;
	s->rdx = r->rdx;
	s->rax = r->rax;
	s->rcx = r->rcx;
	s->rsp = r->rsp;
	s->rip = r->rip;
	s->eflags = r->rflags;
	s->cs = 0x33; /* what applications expect to see */
	s->ss = 0x2b;
	s->err = in->fault_err;
	s->trapno = in->fault_trapno;
	s->oldmask = in->mask;
	s->cr2 = in->fault_addr;
}

static void gregs_in(struct uc_regs *r, const struct sigcontext *s)
{
	r->r8 = s->r8;
	r->r9 = s->r9;
	r->r10 = s->r10;
	r->r11 = s->r11;
	r->r12 = s->r12;
	r->r13 = s->r13;
	r->r14 = s->r14;
	r->r15 = s->r15;
	r->rdi = s->rdi;
	r->rsi = s->rsi;
	r->rbp = s->rbp;
	r->rbx = s->rbx;
	r->rdx = s->rdx;
	r->rax = s->rax;
	r->rcx = s->rcx;
	r->rsp = s->rsp;
	r->rip = s->rip;
	r->rflags = (s->eflags & RFLAGS_APP) | 0x202;
	r->orig_rax = (uint64_t)-1;
}

/* Size of the state with the trailing magic number that FP_XSTATE_MAGIC1 announces. */
static size_t fp_frame_size(void) { return uc_arch_fpu_size() + (x86_xfeatures() ? 4 : 0); }

static int put_fpu(uint64_t fp)
{
	size_t n = uc_arch_fpu_size();
	uint8_t *area = x86_fpu_scratch();
	uint32_t magic2 = FP_XSTATE_MAGIC2;
	if (!area) return -EFAULT;
	memset(area, 0, n);
	uc_arch_fpu_save(area);
	if (x86_xfeatures()) {
		struct _fpx_sw_bytes *sw = (void *)(area + 464);
		*sw = (struct _fpx_sw_bytes){
			FP_XSTATE_MAGIC1, (uint32_t)n + 4, x86_xfeatures(), (uint32_t)n, { 0 }
		};
	}
	int e = uc_user_write(fp, area, n);
	if (!e && x86_xfeatures()) e = uc_user_write(fp + n, &magic2, 4);
	return e;
}

int uc_sigframe_push(struct uc_regs *r, const struct uc_sigframe_in *in)
{
	struct frame64 f;
	uint64_t sp = in->sp == r->rsp ? in->sp - RED_ZONE : in->sp;
	uint64_t fp = (sp - fp_frame_size()) & ~63ull;
	uint64_t at = ((fp - sizeof(f)) & ~15ull) - 8;
	memset(&f, 0, sizeof(f));
	f.pretcode = in->restorer;
	f.uc.flags = 6 | (x86_xfeatures()
				  ? 1
				  : 0); /* UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS | UC_FP_XSTATE */
	f.uc.stack.sp = in->altstack_sp;
	f.uc.stack.flags = in->altstack_flags;
	f.uc.stack.size = in->altstack_size;
	gregs_out(&f.uc.mc, r, in);
	f.uc.mc.fpstate = (void *)fp;
	f.uc.sigmask = in->mask;
	memcpy(f.info, in->siginfo, sizeof(f.info));
	if (put_fpu(fp) || uc_user_write(at, &f, sizeof(f))) return -EFAULT;
	r->rdi = (uint64_t)in->sig;
	r->rsi = at + offsetof(struct frame64, info);
	r->rdx = at + offsetof(struct frame64, uc);
	r->rax = 0;
	r->rsp = at;
	r->rip = in->handler;
	r->rflags &= ~0x500ull; /* DF, TF */
	r->orig_rax = (uint64_t)-1;
	return 0;
}

static int get_fpu(uint64_t fp)
{
	uint8_t *area = x86_fpu_scratch();
	size_t n = uc_arch_fpu_size();
	if (!area) return -EFAULT;
	if (!fp) {
		uc_arch_fpu_init(area);
		return uc_arch_fpu_restore(area);
	}
	if (uc_user_read(area, fp, 512)) return -EFAULT;
	const struct _fpx_sw_bytes *sw = (const void *)(area + 464);
	if (x86_xfeatures() && sw->magic1 == FP_XSTATE_MAGIC1 && sw->xstate_size <= n &&
	    sw->xstate_size > 512) {
		memset(area + 512, 0, n - 512);
		if (uc_user_read(area + 512, fp + 512, sw->xstate_size - 512)) return -EFAULT;
	} else {
		memset(area + 512, 0, n - 512);
		if (x86_xfeatures())
			*(uint64_t *)(area + 512) = 3; /* legacy frame: x87 and SSE only */
	}
	return uc_arch_fpu_restore(area);
}

int uc_sigframe_pop(struct uc_regs *r, uint64_t *mask, uint64_t *ss_sp, uint64_t *ss_size,
		    uint32_t *ss_flags)
{
	struct ucontext64 u;
	/* The handler's return popped pretcode. */
	if (uc_user_read(&u, r->rsp, sizeof(u))) return -EFAULT;
	if (u.mc.rip >= UC_USER_TOP) return -EFAULT;
	int e = get_fpu((uint64_t)u.mc.fpstate);
	if (e) return e;
	gregs_in(r, &u.mc);
	*mask = u.sigmask;
	*ss_sp = u.stack.sp;
	*ss_size = u.stack.size;
	*ss_flags = u.stack.flags;
	uc_cpu_set_attention(); /* the whole frame must be restored, not the fast path's part */
	return 0;
}
