// SPDX-License-Identifier: BSD-3-Clause
/* Entry of the process: the image lies where the host put it, unrelocated. */
#include <asm/unistd.h>
#define ARCH_SET_GS 0x1001

	.section .text.boot, "ax"
	.globl uc_linux_entry
	.hidden uc_linux_entry
uc_linux_entry:
	movq %rsp, %rdi
	xorl %ebp, %ebp
	andq $-16, %rsp
	leaq uc_text_start(%rip), %rbx
	call linux_early                    /* the image's new address */
	leaq 1f(%rip), %rcx
	subq %rbx, %rcx
	addq %rax, %rcx
	leaq uc_boot_stack_top(%rip), %rsp
	subq %rbx, %rsp
	addq %rax, %rsp
	jmp *%rcx
1:	leaq uc_percpu0(%rip), %rsi
	movl $ARCH_SET_GS, %edi
	movl $__NR_arch_prctl, %eax
	syscall
	call uc_plat_main
	ud2

	.section .bss.bootstack, "aw", @nobits
	.balign 4096
	.globl uc_boot_stack, uc_boot_stack_top
	.hidden uc_boot_stack, uc_boot_stack_top
uc_boot_stack:                              /* the first page is made inaccessible */
	.skip 4096 + 16384
uc_boot_stack_top:
