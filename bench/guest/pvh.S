// SPDX-License-Identifier: BSD-3-Clause
// The smallest guest to compare with: entered by PVH, it prints one line on the debug console and
// ends the machine through the debug-exit device. Twenty instructions are executed up to the first
// character.
	.section .note.pvh, "a", @note
	.long 4, 4, 18		// name length, descriptor length, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.long start

	.section .text
	.code32
	.globl start
start:
	cld
	cli
	mov $stack_top, %esp
	xor %eax, %eax
	xor %ecx, %ecx
	xor %ebp, %ebp
	xor %edi, %edi
	mov %ebx, %edi
	mov $text, %esi
	mov $0xe9, %edx
	mov $text_end - text, %ecx
	nop
	nop
	nop
	nop
	nop
	nop
	nop
	nop
	rep outsb
	mov $0x501, %edx
	xor %eax, %eax
	out %eax, %dx
1:	hlt
	jmp 1b

	.section .rodata
text:	.ascii "Hello, world!\n"
text_end:
	.section .bss
	.balign 16
	.skip 64
stack_top:
