// SPDX-License-Identifier: BSD-3-Clause
/*
 * PVH entry (Xen "HVM direct boot ABI"): 32-bit protected mode, paging off, ebx = physical address
 * of hvm_start_info. Enters long mode on identity page tables that cover the first 4 GiB as far as
 * early code needs, then calls uc_early_boot at its physical address.
 */
	.section .note.pvh, "a", @note
	.globl uc_pvh_note
	.hidden uc_pvh_note
	.balign 4
uc_pvh_note:
	.long 4, 8, 18          /* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	/* UC_LOAD_PHYS of kernel.ld; uc_pvh_entry is the first byte of the image */
	.quad 0x100000

	.section .text.boot, "ax"
	.code32
	.globl uc_pvh_entry
	.hidden uc_pvh_entry
uc_pvh_entry:
	cld
	call 1f
1:	popl %ebp
	subl $(1b - uc_pvh_entry), %ebp     /* physical address of the image */
	leal (uc_early_stack_top - uc_pvh_entry)(%ebp), %esp
	/* Identity tables: one PML4, one PDPT, PDs for the first GiB only as needed: 1 GiB = 512
	 * entries would cost instructions, so map 16 MiB here and let C map the rest. */
	leal (uc_early_pml4 - uc_pvh_entry)(%ebp), %edi
	leal (4096 + 3)(%edi), %eax
	movl %eax, (%edi)
	leal (8192 + 3)(%edi), %eax
	movl %eax, 4096(%edi)
	leal 8192(%edi), %edx
	movl $0x83, %eax
	movl $8, %ecx
2:	movl %eax, (%edx)
	addl $0x200000, %eax
	addl $8, %edx
	decl %ecx
	jnz 2b
	movl %edi, %cr3
	movl $0x620, %eax                   /* PAE | OSFXSR | OSXMMEXCPT */
	movl %eax, %cr4
	movl $0xc0000080, %ecx              /* EFER: SCE | LME | NXE */
	xorl %edx, %edx
	movl $0x901, %eax
	wrmsr
	movl $0x80010033, %eax              /* PG | WP | NE | ET | MP | PE */
	movl %eax, %cr0
	/* A far return into 64-bit code; the descriptor table needs its physical base. */
	leal (early_gdt - uc_pvh_entry)(%ebp), %eax
	movl %eax, (early_gdtr + 2 - uc_pvh_entry)(%ebp)
	lgdt (early_gdtr - uc_pvh_entry)(%ebp)
	leal (3f - uc_pvh_entry)(%ebp), %eax
	pushl $8
	pushl %eax
	lret
	.code64
3:	movl $16, %eax
	movl %eax, %ss
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %ebp, %ebp
	movl %esp, %esp
	rdtsc
	shlq $32, %rdx
	orq %rax, %rdx
	/* The stack protector reads GS: point it at the per-CPU area by physical address. */
	pushq %rdx
	leaq uc_percpu0(%rip), %rax
	movq %rax, %rdx
	shrq $32, %rdx
	movl $0xc0000101, %ecx
	wrmsr
	popq %rdx
	movq uc_prepared_entry(%rip), %rax  /* of memory that was prepared: seen by its tables */
	testq %rax, %rax
	jz 4f
	jmp *%rax
4:	movl %ebx, %edi                     /* start_info */
	movq %rbp, %rsi                     /* image base */
	leaq -8(%rsp), %rsp
	andq $-16, %rsp
	call uc_early_boot                  /* returns the virtual base in rax, CR3 loaded */
	/* Continue at the virtual address; the old mapping is still present. */
	leaq uc_virtual_entry(%rip), %rcx
	subq %rbp, %rcx
	addq %rax, %rcx
	leaq uc_boot_stack_top(%rip), %rsp
	subq %rbp, %rsp
	addq %rax, %rsp
	jmp *%rcx
uc_virtual_entry:
	leaq uc_percpu0(%rip), %rax
	movq %rax, %rdx
	shrq $32, %rdx
	movl $0xc0000101, %ecx
	wrmsr
	xorl %ebp, %ebp
	call uc_plat_main
	ud2

/* bool uc_prepared_save(void): see prepared.c; entered again with rdx: cycles */
	.globl uc_prepared_save
	.hidden uc_prepared_save
uc_prepared_save:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, uc_prepared_sp(%rip)
	leaq 5f(%rip), %rax
	movq %rax, uc_prepared_entry(%rip)
	xorl %eax, %eax
	jmp 6f
5:	movq uc_prepared_sp(%rip), %rsp
	movq %rdx, %rdi
	leaq uc_percpu0(%rip), %rax
	movq %rax, %rdx
	shrq $32, %rdx
	movl $0xc0000101, %ecx
	wrmsr
	call uc_prepared_entered
	movl $1, %eax
6:	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret

	/* In the writable segment: lgdt marks descriptors, and W^X is not set up yet. */
	.section .data.early, "aw"
	.balign 8
early_gdt:
	.quad 0
	.quad 0x00af9b000000ffff
	.quad 0x00cf93000000ffff
early_gdtr:
	.word 23
	.quad 0
	.balign 8
uc_prepared_entry:
	.quad 0
uc_prepared_sp:
	.quad 0
	.section .bss.early, "aw", @nobits
	.balign 4096
	.globl uc_early_pml4
	.hidden uc_early_pml4
uc_early_pml4:
	.skip 3 * 4096
	.globl uc_early_stack, uc_early_stack_top
	.hidden uc_early_stack, uc_early_stack_top
uc_early_stack:
	.skip 2048
uc_early_stack_top:
	.section .bss.bootstack, "aw", @nobits
	.balign 4096
	.globl uc_boot_stack, uc_boot_stack_top
	.hidden uc_boot_stack, uc_boot_stack_top
uc_boot_stack:                              /* the first page is made inaccessible */
	.skip 4096 + 16384
uc_boot_stack_top:
