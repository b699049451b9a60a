// SPDX-License-Identifier: BSD-3-Clause
/*
 * Ways into the kernel. Offsets follow struct uc_regs (uc/archregs.h) and struct uc_percpu
 * (uc/archinline.h); cpu.c asserts them.
 */
#define R15 0
#define R14 8
#define R13 16
#define R12 24
#define RBP 32
#define RBX 40
#define R11 48
#define R10 56
#define R9 64
#define R8 72
#define RAX 80
#define RCX 88
#define RDX 96
#define RSI 104
#define RDI 112
#define ORIG_RAX 120
#define RIP 128
#define CS 136
#define RFLAGS 144
#define RSP 152
#define SS 160
#define REGS_SIZE 168
#define ENTRY_GAP 8      /* keeps the C stack 16-byte aligned */

#define TRAP_REGS 32     /* of struct x86_trap_frame */

#define PERCPU_KSTACK 24
#define PERCPU_ATTENTION 48

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
return_attention:
	cli
	cmpl $0, %gs:PERCPU_ATTENTION
	je uc_return_to_app
	sti
	movq %rsp, %rdi
	call uc_upcall_attention
	jmp return_attention

/* Completes the parts of the frame that the fast path leaves out, unless the call replaced the
 * whole frame (rt_sigreturn, execve mark it with number -1). */
fill_frame:
	cmpq $-1, ORIG_RAX+8(%rsp)
	je 1f
	movq $0x202, RFLAGS+8(%rsp)
	movq $8, CS+8(%rsp)
	movq $16, SS+8(%rsp)
	movq RIP+8(%rsp), %rcx
	movq %rcx, RCX+8(%rsp)
	movq $0x202, R11+8(%rsp)
1:	ret

/* Restores everything from the frame at rsp and goes to the application. */
	.globl uc_return_to_app
	.hidden uc_return_to_app
uc_return_to_app:
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $8, %rsp
	iretq

/* void uc_enter_app_regs(struct uc_regs *r) */
	.globl uc_enter_app_regs
	.hidden uc_enter_app_regs
uc_enter_app_regs:
	movq %rdi, %rsp
	jmp uc_return_to_app

/*
 * Exceptions and interrupts arrive on the interrupt stack (IST 1), so that the red zone below an
 * interrupted application's stack pointer survives. C looks at the frame there and answers where to
 * go on: NULL returns at once, else a copy of the frame on a kernel stack on which the slow part
 * may block.
 */
	.macro VECTOR n, has_err
	.balign 16
	.if !\has_err
	pushq $-1
	.endif
	pushq $\n
	jmp trap_common
	.endm

	.balign 16
	.globl uc_trap_vectors
	.hidden uc_trap_vectors
uc_trap_vectors:
	.set n, 0
	.rept 64
	.if n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30
	VECTOR n, 1
	.else
	VECTOR n, 0
	.endif
	.set n, n + 1
	.endr

trap_common:
	xchgq %rdi, (%rsp)                 /* vector into rdi, rdi into its slot */
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	cld
	movq %rsp, %rsi
	movq %rsp, %rbx
	andq $-16, %rsp
	call uc_trap_first
	testq %rax, %rax
	jnz 1f
	movq %rbx, %rsp
	jmp uc_return_to_app
1:	movq %rax, %rbx
	movq %rax, %rsp
	andq $-16, %rsp
	sti
	movq %rbx, %rdi
	call uc_trap_second
2:	cli
	cmpl $0, %gs:PERCPU_ATTENTION
	je 3f
	cmpq $0, 24(%rbx)                  /* resumes the kernel: attention waits */
	jne 3f
	sti
	leaq TRAP_REGS(%rbx), %rdi
	call uc_upcall_attention
	jmp 2b
3:	leaq TRAP_REGS(%rbx), %rsp
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

	.globl uc_load_gdt
	.hidden uc_load_gdt
uc_load_gdt:                           /* rdi: gdtr; reloads CS, SS, TR */
	lgdt (%rdi)
	movl $16, %eax
	movl %eax, %ss
	movl $24, %eax
	ltr %ax
	popq %rax
	pushq $8
	pushq %rax
	lretq

/* Calls below it go straight through the table: set by core/boot to the table's length, or 0 to
 * send every call to the dispatcher. */
	.data
	.globl uc_syscall_fast_limit
	.hidden uc_syscall_fast_limit
	.balign 4
uc_syscall_fast_limit:
	.long 0
