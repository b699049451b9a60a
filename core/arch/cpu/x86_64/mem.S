// SPDX-License-Identifier: BSD-3-Clause
/* memcpy and memset of uc/string.h: string instructions are short to run and fast where
 * ERMS exists. */
	.section .text.entry, "ax"
	.globl memcpy
	.hidden memcpy
memcpy:
	movq %rdi, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
	rep movsb
	ret
	.globl memset
	.hidden memset
memset:
	movq %rdi, %r8
	movzbl %sil, %eax
	movabsq $0x0101010101010101, %rcx
	imulq %rcx, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep stosq
	movl %edx, %ecx
	andl $7, %ecx
	rep stosb
	movq %r8, %rax
	ret
