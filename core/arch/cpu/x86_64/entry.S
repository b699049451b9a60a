// SPDX-License-Identifier: BSD-3-Clause
/*
 * Ways into the kernel that do not depend on the privilege level it runs at. The rest
 * (uc_irq_disable, uc_irq_enable, uc_return_to_app, the first part of traps) is bound at link time:
 * arch/ring0 for a machine of its own, arch/ring3 for a process of another system.
 */
#include <uc/x86frame.h>

	.section .text.entry, "ax"

/*
 * System call: by `jmp *%gs:16` from a rewritten site or by the `syscall` instruction. rax number,
 * rdi rsi rdx r10 r8 r9 arguments, rcx return address, application stack. Everything but rax,
 * rcx, r11 is kept.
 */
	.balign 64
	.globl uc_syscall_entry
	.hidden uc_syscall_entry
uc_syscall_entry:
	movq %rsp, %r11
	movq %gs:PERCPU_KSTACK, %rsp
	subq $(REGS_SIZE + ENTRY_GAP), %rsp
	movq %r11, RSP(%rsp)
	movq %rcx, RIP(%rsp)
	movq %rax, ORIG_RAX(%rsp)
	movq %rdi, RDI(%rsp)
	movq %rsi, RSI(%rsp)
	movq %rdx, RDX(%rsp)
	movq %r8, R8(%rsp)
	movq %r9, R9(%rsp)
	movq %r10, R10(%rsp)
	movq %rbx, RBX(%rsp)
	movq %rbp, RBP(%rsp)
	movq %r12, R12(%rsp)
	movq %r13, R13(%rsp)
	movq %r14, R14(%rsp)
	movq %r15, R15(%rsp)
	cmpl uc_syscall_fast_limit(%rip), %eax
	jae syscall_slow
	leaq uc_systable(%rip), %r11
	movslq (%r11,%rax,4), %rax
	testq %rax, %rax
	jz syscall_slow
	addq %r11, %rax
	movq %r10, %rcx
	call *%rax
	leaq 516(%rax), %rcx
	cmpq $4, %rcx
	jbe syscall_attention
	.globl uc_sysexit_start, uc_sysexit_jmp
	.hidden uc_sysexit_start, uc_sysexit_jmp
	/* An interrupt from here to the jump restarts at this label, so that it never goes
	 * unnoticed. */
uc_sysexit_start:
	cmpl $0, %gs:PERCPU_ATTENTION
	jne syscall_attention
	movq RDI(%rsp), %rdi
	movq RSI(%rsp), %rsi
	movq RDX(%rsp), %rdx
	movq R8(%rsp), %r8
	movq R9(%rsp), %r9
	movq R10(%rsp), %r10
	movq RIP(%rsp), %rcx
	movl $0x202, %r11d                  /* as the processor would leave it; no kernel address */
	movq RSP(%rsp), %rsp
uc_sysexit_jmp:
	jmp *%rcx

/* Absent calls, traced images: the dispatcher in C decides and stores the result. */
syscall_slow:
	call fill_frame
	movq %rsp, %rdi
	call uc_upcall_syscall_slow
	jmp return_attention

syscall_attention:
	movq %rax, RAX(%rsp)
	call fill_frame
	movq %rsp, %rdi
	call uc_upcall_attention
	.globl uc_return_attention
	.hidden uc_return_attention
uc_return_attention:
return_attention:
	call uc_irq_disable
	cmpl $0, %gs:PERCPU_ATTENTION
	je uc_return_to_app
	call uc_irq_enable
	movq %rsp, %rdi
	call uc_upcall_attention
	jmp return_attention

/* Completes the parts of the frame that the fast path leaves out, unless the call replaced the
 * whole frame (rt_sigreturn, execve mark it with number -1). */
fill_frame:
	cmpq $-1, ORIG_RAX+8(%rsp)
	je 1f
	movq $0x202, RFLAGS+8(%rsp)
	movq RIP+8(%rsp), %rcx
	movq %rcx, RCX+8(%rsp)
	movq $0x202, R11+8(%rsp)
1:	ret

/* void uc_enter_app_regs(struct uc_regs *r) */
	.globl uc_enter_app_regs
	.hidden uc_enter_app_regs
uc_enter_app_regs:
	movq %rdi, %rsp
	jmp uc_return_to_app

/*
 * The slow part of an exception or of an interrupt that something must be looked at after: rbx
 * holds the struct x86_trap_frame on the kernel stack that runs, interrupts are on, may block.
 */
	.globl uc_trap_slow
	.hidden uc_trap_slow
uc_trap_slow:
	movq %rbx, %rdi
	call uc_trap_second
	.globl uc_trap_done
	.hidden uc_trap_done
uc_trap_done:
	leaq TRAP_REGS(%rbx), %rsp
	cmpq $0, TRAP_IN_KERNEL(%rbx)      /* resumes the kernel: attention waits */
	je return_attention
	jmp uc_return_to_app

/* void uc_ctx_switch_asm(uint64_t *save_sp, uint64_t new_sp) */
	.globl uc_ctx_switch_asm
	.hidden uc_ctx_switch_asm
uc_ctx_switch_asm:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret

/* First code of a new thread: r12 function, r13 argument. */
	.globl uc_ctx_start_asm
	.hidden uc_ctx_start_asm
uc_ctx_start_asm:
	movq %r13, %rdi
	xorl %ebp, %ebp
	call *%r12
	ud2

/* Calls below it go straight through the table: set by core/boot to the table's length, or 0 to
 * send every call to the dispatcher. */
	.data
	.globl uc_syscall_fast_limit
	.hidden uc_syscall_fast_limit
	.balign 4
uc_syscall_fast_limit:
	.long 0
