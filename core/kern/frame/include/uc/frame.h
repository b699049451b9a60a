// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FRAME_H
#define UC_FRAME_H
/*
 * Physical page frames of 4 KiB, reference counted. Context: thread or boot, never blocks.
 * A frame that was never handed out since a start with zeroed RAM (bootparam ram=zero) is known to
 * be zero and is not cleared again.
 */
#include <uc/types.h>
#define UC_FRAME_NONE ((uc_paddr)0)
/* Boot: hands a range of RAM to the allocator (page aligned inwards). zero: contents known zero. */
void uc_frame_add(uc_paddr start, uint64_t len, bool zero);
/* Boot: sets up the frame table for physical addresses < top, taking its memory from `table`. */
void uc_frame_init(uc_paddr top, void *table, uint64_t table_len);
uint64_t uc_frame_table_bytes(uc_paddr top);
/* One frame with reference count 1; UC_FRAME_NONE when memory is exhausted. */
uc_paddr uc_frame_alloc(void) UC_MUST_CHECK; /* undefined contents */
uc_paddr uc_frame_alloc_zero(void) UC_MUST_CHECK;
/* 2^order contiguous frames, aligned to their size, each with count 1. */
uc_paddr uc_frame_alloc_order(unsigned order) UC_MUST_CHECK;
uc_paddr uc_frame_alloc_order_zero(unsigned order) UC_MUST_CHECK;
void uc_frame_ref(uc_paddr pa);
/* Drops one reference; the last one frees. Addresses that are no RAM frame (image pages) are
 * ignored by both. */
void uc_frame_unref(uc_paddr pa);
void uc_frame_unref_order(uc_paddr pa, unsigned order);
uint32_t uc_frame_refs(uc_paddr pa); /* 0 for image pages */
bool uc_frame_is_ram(uc_paddr pa);
struct uc_frame_stats {
	uint64_t total, free, low;
}; /* frames; low: smallest `free` so far */
void uc_frame_stats(struct uc_frame_stats *out);
/* Called when an allocation would fail; returns true if it freed something (page caches). Bound by
 * core/boot. */
bool uc_upcall_frame_reclaim(void);
#endif
