// SPDX-License-Identifier: BSD-3-Clause
/*
 * From the reset vector to the kernel's PVH entry (uc/abi/firmware.h): flat 32-bit segments, paging
 * and interrupts off, ebx = hvm_start_info. Linked at 0, placed so that it ends with the ROM, which
 * ends at 4 GiB: real mode starts with CS there.
 */
#include <uc/abi/firmware.h>

#define BASE (0x100000000 - UC_FIRMWARE_CODE) /* physical address of offset 0 here */
#define IN_CS (UC_FIRMWARE_SIZE - UC_FIRMWARE_CODE)

	.text
	.code16
start:
	cli
	cld
	lgdtl %cs:gdtr + IN_CS
	movl %cr0, %eax
	orb $1, %al
	movl %eax, %cr0
	ljmpl $8, $protected + BASE
	.code32
protected:
	movl $16, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl $UC_FIRMWARE_PHYS + UC_FIRMWARE_START_INFO, %ebx
	jmp *(UC_FIRMWARE_PHYS + UC_FIRMWARE_ENTRY)

	.balign 8
gdt:
	.quad 0
	.quad 0x00cf9b000000ffff /* accessed: a ROM cannot take the mark */
	.quad 0x00cf93000000ffff
gdtr:
	.word 23
	.long gdt + BASE

	.org UC_FIRMWARE_CODE - 16
	.code16
	jmp start
	.org UC_FIRMWARE_CODE
