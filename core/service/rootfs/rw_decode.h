// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RW_DECODE_H
#define UC_RW_DECODE_H
/* Decoder of the rewritten-text file (uc/abi/rewrite.h). Pure functions; the file may be
 * hostile. */
#include <uc/abi/rewrite.h>
#include <uc/types.h>

struct rw_text { const uint8_t *base; uint64_t len; uint32_t nfiles; };
/* Checks everything: bounds, order, alignment. base is page-aligned. 0 or -EINVAL, -EUCLEAN. */
int rw_open(struct rw_text *t, const void *base, uint64_t len);
/* The file with that path_hash; false: none. */
bool rw_find(const struct rw_text *t, uint64_t path_hash, struct uc_rw_file *out);
/* Page of the rewrite file that replaces page pgoff of f; 0: none. *run: number of pages from
 * pgoff on that have none, or are replaced by that page and those that follow it. (Page 0 of the
 * rewrite file is its header, never a replacement.) */
uint64_t rw_replacement(const struct rw_text *t, const struct uc_rw_file *f, uint64_t pgoff,
			uint64_t *run);
#endif
