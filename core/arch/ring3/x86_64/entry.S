// SPDX-License-Identifier: BSD-3-Clause
/*
 * Interrupts are signals; "off" is a flag in the per-CPU area, which the handler looks at. What
 * comes meanwhile is noted and dealt with when they go on again.
 */
#include <uc/x86frame.h>

#define PERCPU_IRQ_OFF 56
#define PERCPU_IRQ_PENDING 60
#define HOST_CS 0x33
#define HOST_SS 0x2b
#define HOST_RT_SIGRETURN 15

	.section .text.entry, "ax"

/* Restores everything from the struct uc_regs at rsp and goes on there. Until the last instruction
 * the frame is whole, so that an interrupt can go back to its start (signal.c). */
	.globl uc_return_to_app, ring3_return_iret, ring3_return_end
	.hidden uc_return_to_app, ring3_return_iret, ring3_return_end
uc_return_to_app:
	movq $HOST_CS, CS(%rsp)
	movq $HOST_SS, SS(%rsp)
	movl $0, %gs:PERCPU_IRQ_OFF
	cmpl $0, %gs:PERCPU_IRQ_PENDING
	jne 1f
	movq R15(%rsp), %r15
	movq R14(%rsp), %r14
	movq R13(%rsp), %r13
	movq R12(%rsp), %r12
	movq RBP(%rsp), %rbp
	movq RBX(%rsp), %rbx
	movq R11(%rsp), %r11
	movq R10(%rsp), %r10
	movq R9(%rsp), %r9
	movq R8(%rsp), %r8
	movq RAX(%rsp), %rax
	movq RCX(%rsp), %rcx
	movq RDX(%rsp), %rdx
	movq RSI(%rsp), %rsi
	movq RDI(%rsp), %rdi
	addq $RIP, %rsp
ring3_return_iret:
	iretq
ring3_return_end:
1:	call ring3_run_pending
	movabsq $0x7f0000000000, %rax      /* UC_USER_TOP_PROCESS */
	cmpq %rax, RIP(%rsp)
	jb uc_return_attention
	jmp uc_return_to_app

	.globl ring3_trap_slow
	.hidden ring3_trap_slow
ring3_trap_slow:
	movq %rbx, %rdi
	call ring3_trap_second
	jmp uc_trap_done

	.globl uc_irq_save, uc_irq_restore, uc_irq_disable, uc_irq_enable
	.hidden uc_irq_save, uc_irq_restore, uc_irq_disable, uc_irq_enable
uc_irq_save:
	movl %gs:PERCPU_IRQ_OFF, %eax
uc_irq_disable:
	movl $1, %gs:PERCPU_IRQ_OFF
	ret
uc_irq_restore:
	testl %edi, %edi
	jnz 2f
uc_irq_enable:
	movl $0, %gs:PERCPU_IRQ_OFF
	cmpl $0, %gs:PERCPU_IRQ_PENDING
	jne ring3_run_pending
2:	ret

/* long uc_host_call(long nr, uint64_t a, b, c, d, e, f) */
	.globl uc_host_call, uc_host_call_end, ring3_sigreturn
	.hidden uc_host_call, uc_host_call_end, ring3_sigreturn
uc_host_call:
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
3:	syscall
uc_host_call_end:
	ret
ring3_sigreturn:
	movl $HOST_RT_SIGRETURN, %eax
	jmp 3b
