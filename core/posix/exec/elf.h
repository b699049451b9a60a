// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EXEC_ELF_H
#define UC_EXEC_ELF_H
/*
 * Decoding of ELF-64 headers (System V gABI, chapters 4 and 5) into checked structures. Pure: no
 * memory but the arguments, so that it runs and is fuzzed on the host.
 */
#include <linux/elf.h>
#include <uc/types.h>

struct uc_elf {
	uint64_t entry, phoff;
	unsigned phnum;
	bool dyn;               /* ET_DYN: position independent */
	/* from the program headers */
	uint64_t low, high;     /* page-aligned span of the PT_LOAD segments */
	uint64_t align;         /* largest p_align of them, a power of two >= the page size */
	uint64_t phdr_vaddr;    /* where the program headers are mapped, 0: nowhere */
	uint64_t code_start, code_end, data_start, data_end, brk;
	uint64_t interp_off, interp_len; /* length with NUL; 0: none */
	bool exec_stack;
};

/* One PT_LOAD segment, checked: sums do not overflow and stay below UC_USER_TOP. */
struct uc_elf_seg {
	uint64_t vaddr, off, filesz, memsz;
	int prot; /* PROT_ bits */
};

/* Header of `machine`; len bytes of the file's start. 0, or -ENOEXEC. */
int uc_elf_header(const void *buf, size_t len, unsigned machine, struct uc_elf *out);
/* Bytes of the program header table. */
static inline size_t uc_elf_phdrs_len(const struct uc_elf *e)
{
	return e->phnum * sizeof(Elf64_Phdr);
}
/* Program headers: uc_elf_phdrs_len bytes. 0, -EINVAL, -ENOEXEC or -ENOMEM (does not fit). */
int uc_elf_phdrs(const void *phdrs, struct uc_elf *e);
/* The i-th program header as a segment; false if it is not a PT_LOAD with memory.
 * After uc_elf_phdrs. */
bool uc_elf_segment(const void *phdrs, unsigned i, struct uc_elf_seg *out);
#endif
