// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_REPORT_SYMBOLS_H
#define UC_REPORT_SYMBOLS_H
/*
 * Finding the function that contains an address in an ELF-64 file's symbol tables (gABI chapter 4).
 * Nothing in the file is trusted. Reads go through a callback, so that it runs on the host too.
 */
#include <uc/types.h>

struct sym_reader {
	/* Exactly n bytes at off. 0 or negative. */
	int (*read)(void *arg, uint64_t off, void *buf, size_t n);
	void *arg;
};
#define SYM_NAME_MAX 96
#define SYM_SCRATCH 2048
struct sym_found { uint64_t value; char name[SYM_NAME_MAX]; }; /* value: st_value of the symbol */

/* vaddr: address as in the file (without load bias). scratch: SYM_SCRATCH bytes, 8-byte aligned.
 * 0, -ENOENT (no symbol), or -ENOEXEC (not an ELF file, or a broken one). */
int sym_find(const struct sym_reader *r, uint64_t vaddr, void *scratch, struct sym_found *out);
/* Virtual address of the file's page at offset 0, for computing the load bias. 0 or -ENOEXEC. */
int sym_first_vaddr(const struct sym_reader *r, uint64_t *vaddr);
#endif
