// SPDX-License-Identifier: BSD-3-Clause
/*
 * Traps and interrupts arrive as signals on a stack of their own, one at a time. The handler looks
 * at them as the first part of a trap does on a machine; the slow part goes on after it has
 * returned, on the kernel stack, because it may block.
 */
#include <asm/mman.h>
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/signal.h>
#include <uc/log.h>
#include <uc/user.h>
#include "priv.h"

enum { VEC_STEP = 1, VEC_PROT = 13, VEC_PAGE = 14, VEC_ALIGN = 17 };
enum { HOST_CS = 0x33, HOST_SS = 0x2b };
#define EFLAGS_TF 0x100ull
#define EFLAGS_DF 0x400ull
#define EFLAGS_NT 0x4000ull
#define EFLAGS_AC 0x40000ull

struct host_ucontext {
	uint64_t flags, link, stack[3];
	struct sigcontext mc;
	uint64_t mask;
};
struct host_sigaction {
	void (*handler)(int, const siginfo_t *, struct host_ucontext *);
	uint64_t flags;
	void (*restorer)(void);
	uint64_t mask;
};
struct host_stack {
	void *sp;
	uint32_t flags;
	uint64_t size;
};

/* The first page is made inaccessible. */
static uint8_t signal_stack[UC_PAGE_SIZE + 32768] __attribute__((aligned(UC_PAGE_SIZE)));
extern char uc_text_start[], uc_text_end[];

static void regs_of(struct uc_regs *r, const struct sigcontext *s)
{
	*r = (struct uc_regs){
		.r15 = s->r15,
		.r14 = s->r14,
		.r13 = s->r13,
		.r12 = s->r12,
		.rbp = s->rbp,
		.rbx = s->rbx,
		.r11 = s->r11,
		.r10 = s->r10,
		.r9 = s->r9,
		.r8 = s->r8,
		.rax = s->rax,
		.rcx = s->rcx,
		.rdx = s->rdx,
		.rsi = s->rsi,
		.rdi = s->rdi,
		.rip = s->rip,
		.rflags = s->eflags,
		.rsp = s->rsp,
	};
}

/* The handler's return continues in the kernel: at `to`, on the stack at sp. */
static void divert(struct sigcontext *s, uint64_t to, uint64_t sp)
{
	s->rip = to;
	s->rsp = sp;
	s->eflags &= ~(EFLAGS_TF | EFLAGS_DF | EFLAGS_AC);
	s->cs = HOST_CS;
	s->ss = HOST_SS;
}

static void go_on(struct sigcontext *s, struct x86_trap_frame *f)
{
	s->rbx = (uint64_t)f;
	divert(s, (uint64_t)ring3_trap_slow, (uint64_t)f & ~15ull);
}

/* On the last steps out of the kernel: they are taken back if something must be looked at. */
static void interrupted_return(struct sigcontext *s)
{
	uint64_t frame = s->rip == (uint64_t)ring3_return_iret
				 ? s->rsp - offsetof(struct uc_regs, rip)
				 : s->rsp;
	if (((struct uc_regs *)frame)->rip < UC_USER_TOP_PROCESS && uc_percpu0.attention)
		divert(s, (uint64_t)uc_return_attention, frame);
}

static void interrupt(struct sigcontext *s, unsigned which)
{
	struct uc_regs r;
	__atomic_fetch_or(&uc_percpu0.irq_pending, which, __ATOMIC_RELAXED);
	if (uc_percpu0.irq_off)
		return;
	uc_percpu0.irq_off = 1;
	regs_of(&r, s);
	r.orig_rax = (uint64_t)-1;
	struct x86_trap_frame *f = uc_trap_first(X86_VEC_TIMER, &r, 0);
	uc_percpu0.irq_off = 0;
	s->rip = r.rip;
	if (r.rip >= (uint64_t)uc_return_to_app && r.rip < (uint64_t)ring3_return_end)
		interrupted_return(s);
	else if (f)
		go_on(s, f);
}

/* Flags that the application set and that the kernel, entered by a jump, finds still set. */
__attribute__((cold)) static bool inherited_flag(struct sigcontext *s, uint64_t vector)
{
	uint64_t flag = vector == VEC_ALIGN  ? EFLAGS_AC
			: vector == VEC_STEP ? EFLAGS_TF
			: vector == VEC_PROT ? EFLAGS_NT
					     : 0;
	if (!(s->eflags & flag) || !x86_in_kernel_text(s->rip))
		return false;
	s->eflags &= ~flag;
	/* The host gives back this one as it is now, not as the frame says. */
	__asm__ volatile("pushfq; andq %0, (%%rsp); popfq" : : "r"(~EFLAGS_NT) : "memory", "cc");
	return true;
}

static void trap(struct sigcontext *s, uint64_t vector)
{
	struct uc_regs r;
	if (inherited_flag(s, vector))
		return;
	regs_of(&r, s);
	r.orig_rax = s->err;
	struct x86_trap_frame *f = uc_trap_first(vector, &r, s->cr2);
	if (f)
		go_on(s, f);
}

/* A system call that did not come through the kernel's entry: the filter sent it back. */
__attribute__((cold)) static void foreign_call(struct sigcontext *s, const siginfo_t *i)
{
	if (i->_sifields._sigsys._arch != AUDIT_ARCH_X86_64 || s->cs != HOST_CS) {
		s->err = 0;
		s->rip -= 2; /* int $0x80 and sysenter have this length */
		trap(s, VEC_PROT);
		return;
	}
	s->rax = (uint32_t)i->_sifields._sigsys._syscall;
	s->rcx = s->rip;
	s->rip = (uint64_t)uc_syscall_entry;
}

static void on_signal(int sig, const siginfo_t *i, struct host_ucontext *u)
{
	struct sigcontext *s = &u->mc;
	if (sig == SIGALRM)
		interrupt(s, RING3_IRQ_TIMER);
	else if (sig == SIGIO)
		interrupt(s, RING3_IRQ_IO);
	else if (i->si_code <= 0)
		return; /* sent by somebody */
	else if (sig == SIGSYS)
		foreign_call(s, i);
	else if (s->trapno != VEC_PAGE)
		trap(s, s->trapno);
	else if (sig == SIGBUS)
		trap(s, VEC_ALIGN); /* a file of the host became shorter */
	else if (s->cr2 >= UC_USER_TOP_PROCESS || !ring3_fill(s->cr2, s->err))
		trap(s, VEC_PAGE);
}

__attribute__((cold)) void ring3_signals_init(void)
{
	static const uint8_t handled[] = { SIGSEGV, SIGBUS, SIGILL,  SIGFPE,
					   SIGTRAP, SIGSYS, SIGALRM, SIGIO },
			     ignored[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGTERM,
					   SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU };
	struct host_stack st = { signal_stack + UC_PAGE_SIZE, 0,
				 sizeof(signal_stack) - UC_PAGE_SIZE };
	struct host_sigaction a = { .restorer = ring3_sigreturn, .flags = SA_RESTORER };
	x86_guard_page(signal_stack);
	UC_HOST2(__NR_sigaltstack, &st, 0);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(ignored); i++) {
		a.handler = (void *)1; /* SIG_IGN */
		UC_HOST4(__NR_rt_sigaction, ignored[i], &a, 0, 8);
	}
	a.handler = on_signal;
	a.flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTART;
	a.mask = ~0ull;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(handled); i++)
		UC_HOST4(__NR_rt_sigaction, handled[i], &a, 0, 8);
}
