// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_REWRITE_INTERNAL_H
#define UNICORE_REWRITE_INTERNAL_H
#include <unicore/rewrite.h>

/* Checked view of the parts of an ELF file that the rewriter looks at. */
struct rw_text {
	uint64_t vaddr, offset, size;
};
struct rw_elf {
	const uint8_t *data;
	size_t n;
	struct rw_text *texts; /* executable ranges: sections where known, else segments */
	size_t ntexts;
	uint64_t *starts; /* sorted function starts (link-time addresses) */
	size_t nstarts;
	uint64_t high_vaddr; /* end of the highest segment */
};
bool rw_elf_open(struct rw_elf *e, const uint8_t *data, size_t n);
void rw_elf_close(struct rw_elf *e);
/* Bytes of [vaddr, vaddr+len) or NULL. */
const uint8_t *rw_elf_at(const struct rw_elf *e, const struct rw_text *t, uint64_t vaddr,
			 uint64_t len);
/* The function that covers vaddr within t: [*start, *end). */
void rw_elf_function(const struct rw_elf *e, const struct rw_text *t, uint64_t vaddr,
		     uint64_t *start, uint64_t *end);

/* A site and the run of whole instructions before it that will be replaced. */
struct rw_site {
	uint64_t site;  /* address of the syscall instruction */
	uint64_t from;  /* first replaced byte; [from, site) holds at least 5 bytes, or 2 */
	unsigned count; /* instructions in it */
	uint64_t island; /* where a short jump leads, if there are fewer than 5; else 0 */
};
#endif
