// SPDX-License-Identifier: BSD-3-Clause
/* What only ring 0 may do: see uc/x86int.h. Selectors are those of the table in cpu.c. */
#include <uc/x86frame.h>

	.section .text.entry, "ax"

/* Restores everything from the frame at rsp and goes to the application. */
	.globl uc_return_to_app
	.hidden uc_return_to_app
uc_return_to_app:
	movq $8, CS(%rsp)
	movq $16, SS(%rsp)
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

	.balign 1024                       /* none of the gates' addresses carries: cpu.c */
	.globl ring0_vectors
	.hidden ring0_vectors
ring0_vectors:
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
	movq %cr2, %rdx
	call uc_trap_first
	testq %rax, %rax
	jnz 1f
	movq %rbx, %rsp
	jmp uc_return_to_app
1:	movq %rax, %rbx
	movq %rax, %rsp
	andq $-16, %rsp
	sti
	jmp uc_trap_slow

	.globl ring0_load_gdt
	.hidden ring0_load_gdt
ring0_load_gdt:                           /* rdi: gdtr; reloads CS, SS, TR */
	lgdt (%rdi)
	movl $16, %eax
	movl %eax, %ss
	movl $24, %eax
	ltr %ax
	popq %rax
	pushq $8
	pushq %rax
	lretq

	.globl uc_irq_save, uc_irq_restore, uc_irq_disable, uc_irq_enable, uc_cpu_idle
	.hidden uc_irq_save, uc_irq_restore, uc_irq_disable, uc_irq_enable, uc_cpu_idle
uc_irq_save:
	pushfq
	popq %rax
uc_irq_disable:
	cli
	ret
uc_irq_restore:
	testl $0x200, %edi                 /* RFLAGS.IF */
	jz 1f
uc_irq_enable:
	sti
1:	ret
uc_cpu_idle:
	sti
	hlt
	ret
