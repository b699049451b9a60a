// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_REWRITE_H
#define UNICORE_REWRITE_H
/*
 * Turns `syscall` sites of x86-64 ELF files into direct calls of the kernel, as replacement pages
 * beside the unchanged files (uc/abi/rewrite.h). Input files are untrusted.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicore/util.h>

/* What was made of one file. All addresses are the file's link-time addresses. */
struct uc_rw_result {
	struct uc_rw_out_page { uint32_t pgoff; uint8_t data[4096]; } *pages; /* sorted by pgoff */
	size_t npages;
	struct uc_buf stubs;        /* code for stub_vaddr */
	uint64_t stub_vaddr;
	unsigned sites, sites_left; /* rewritten; left to the trap */
};
/* Analyses an ELF file in memory. True if it has rewritten sites: free *out then. */
bool uc_rewrite_elf(const uint8_t *data, size_t n, struct uc_rw_result *out);
void uc_rewrite_free(struct uc_rw_result *r);

struct uc_rewrite_stats { unsigned files, sites, sites_left; uint64_t bytes; };
/* Writes UC_REWRITE_PATH below rootdir for all ELF files in it; removes it if there are none.
 * 0 or -errno (the tree is unchanged then). */
int uc_rewrite_tree(const char *rootdir, struct uc_rewrite_stats *stats);
#endif
