// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_REWRITE_H
#define UC_ABI_REWRITE_H
/*
 * Rewritten text: what the host computed about system-call sites, so that the guest turns them
 * into direct calls by mapping other pages, without decoding instructions or copying text.
 *
 * The root image holds one file, UC_REWRITE_PATH: struct uc_rw_hdr, `nfiles` struct uc_rw_file
 * sorted by path_hash (no two are equal), page maps, then page-aligned page data.
 *
 * A file is known by a hash of its path in the image, so that the guest, which sees the names go
 * by as it looks them up, need not resolve the paths of files that nobody opens.
 *
 * For each ELF file with executable segments that has sites:
 *  - `npages` replacement pages for pages of the file (text with `jmp rel32` at the sites);
 *    the map is an array of struct uc_rw_page sorted by pgoff;
 *  - `stub_pages` pages of stubs, to be mapped read+execute at bias + stub_vaddr, where bias is
 *    the ELF's load bias and stub_vaddr = PAGE_ALIGN(highest p_vaddr+p_memsz).
 * A stub ends in:  lea return_address(%rip),%rcx ; jmp *%gs:UC_RW_GS_ENTRY
 * with rax = call number and arguments as for the `syscall` instruction; control returns to rcx
 * with all registers but rax, rcx, r11 preserved. The original bytes of the `syscall`
 * instruction stay in place wherever another path could reach it.
 *
 * Offsets are bytes from the start of the file; everything little endian.
 */
#include <stdint.h>

#define UC_REWRITE_PATH "/.unicore/rewrite"
#define UC_RW_MAGIC     0x31455449525757ull
#define UC_RW_VERSION   2u
#define UC_RW_GS_ENTRY  16 /* per-CPU offset of the direct-call entry point */

struct uc_rw_hdr {
	uint64_t magic;
	uint32_t version;
	uint32_t nfiles;
	uint64_t total_len;
};
struct uc_rw_file {
	uint64_t path_hash;  /* uc_rw_hash_step over its bytes, from UC_RW_HASH_ROOT */
	uint64_t size;       /* of the original file; a mismatch disables the entry */
	uint64_t map_off;    /* array of struct uc_rw_page */
	uint64_t stub_off;   /* page-aligned */
	uint64_t stub_vaddr;
	uint32_t npages;
	uint32_t stub_pages;
	uint32_t nsites;     /* rewritten */
	uint32_t nsites_left;/* left to the trap */
};
struct uc_rw_page {
	uint32_t pgoff;      /* page of the ELF file */
	uint32_t data_pgoff; /* page of this file that replaces it */
};

/* FNV-1a, 64 bits. */
#define UC_RW_HASH_ROOT 0xcbf29ce484222325ull /* the root directory's */
static inline uint64_t uc_rw_hash_step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * 0x100000001b3ull;
}
#endif
