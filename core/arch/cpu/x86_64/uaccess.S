// SPDX-License-Identifier: BSD-3-Clause
/*
 * The only instructions that touch application memory from the kernel. uc_extable pairs each with
 * the place to continue when its fault cannot be resolved.
 */
	.macro EXTABLE insn, fixup
	.pushsection .rodata.uc_extable, "a"
	.long \insn - uc_extable, \fixup - uc_extable
	.popsection
	.endm
	.section .rodata.uc_extable, "a"
	.balign 4
	.globl uc_extable
	.hidden uc_extable
uc_extable:

	.section .text.uaccess, "ax"
/* size_t uc_uaccess_copy(void *dst, const void *src, size_t n): bytes not copied */
	.globl uc_uaccess_copy
	.hidden uc_uaccess_copy
uc_uaccess_copy:
	movq %rdx, %rcx
	shrq $3, %rcx
	andl $7, %edx
1:	rep movsq
	movl %edx, %ecx
2:	rep movsb
	xorl %eax, %eax
	ret
	EXTABLE 1b, fix_words
	EXTABLE 2b, fix_bytes
/* size_t uc_uaccess_zero(void *dst, size_t n): bytes not cleared */
	.globl uc_uaccess_zero
	.hidden uc_uaccess_zero
uc_uaccess_zero:
	xorl %eax, %eax
	movq %rsi, %rcx
	movl %esi, %edx
	shrq $3, %rcx
	andl $7, %edx
3:	rep stosq
	movl %edx, %ecx
4:	rep stosb
	ret
	EXTABLE 3b, fix_words
	EXTABLE 4b, fix_bytes
/* int uc_uaccess_cmpxchg32(uint32_t *p, uint32_t *expected, uint32_t desired): 0, -1 at a fault */
	.globl uc_uaccess_cmpxchg32
	.hidden uc_uaccess_cmpxchg32
uc_uaccess_cmpxchg32:
	movl (%rsi), %eax
5:	lock cmpxchgl %edx, (%rdi)
	movl %eax, (%rsi)
	xorl %eax, %eax
	ret
	EXTABLE 5b, fix_error
/* ssize_t uc_uaccess_str(char *dst, const char *src, size_t cap): length, cap if
 * unterminated, -1 fault */
	.globl uc_uaccess_str
	.hidden uc_uaccess_str
uc_uaccess_str:
	xorl %eax, %eax
6:	cmpq %rdx, %rax
	jae 8f
7:	movb (%rsi,%rax), %cl
	movb %cl, (%rdi,%rax)
	testb %cl, %cl
	jz 8f
	incq %rax
	jmp 6b
8:	ret
	EXTABLE 7b, fix_error

fix_words:
	leaq (%rdx,%rcx,8), %rax
	ret
fix_bytes:
	movq %rcx, %rax
	ret
fix_error:
	movq $-1, %rax
	ret
	.section .rodata.uc_extable, "a"
	.globl uc_extable_end
	.hidden uc_extable_end
uc_extable_end:
