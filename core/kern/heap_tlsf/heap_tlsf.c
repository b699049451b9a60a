// SPDX-License-Identifier: BSD-3-Clause
/* The heap interface over TLSF blocks in pools of pages; an empty pool is given back. */
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include "block.h"

#define POOL_PAGES 4u        /* grown by at least that many, so that small pools do not pile up */
#define POOL_END   TLSF_HEAD /* the empty block at the end */

static struct uc_heap_stats stats;

/* ---- pools ---- */

static struct tlsf_block *pool_new(uint64_t pages)
{
	unsigned order = 0;
	while (1ull << order < pages)
		order++;
	uc_paddr pa = uc_frame_alloc_order(order);
	if (!pa)
		return NULL;
	for (uint64_t i = pages; i < 1ull << order; i++)
		uc_frame_unref(pa + (i << UC_PAGE_SHIFT));
	struct tlsf_block *b = uc_phys_to_virt(pa);
	b->pages = pages;
	b->size_flags = ((pages << UC_PAGE_SHIFT) - POOL_END) | TLSF_FIRST;
	tlsf_next(b)->size_flags = 0;
	stats.held_bytes += pages << UC_PAGE_SHIFT;
	return b;
}

static void pool_free(struct tlsf_block *first)
{
	uc_paddr pa = uc_virt_to_phys(first);
	uint64_t pages = first->pages;
	stats.held_bytes -= pages << UC_PAGE_SHIFT;
	for (uint64_t i = 0; i < pages; i++)
		uc_frame_unref(pa + (i << UC_PAGE_SHIFT));
}

/* A block of at least `size` bytes that is in no list and not marked free. */
static struct tlsf_block *obtain(uint64_t size)
{
	struct tlsf_block *b = tlsf_take(size);
	uint64_t pages = (size + POOL_END + UC_PAGE_SIZE - 1) >> UC_PAGE_SHIFT;
	if (!b && pages < POOL_PAGES)
		b = pool_new(POOL_PAGES);
	if (!b)
		b = pool_new(pages);
	if (!b)
		b = tlsf_take_exact(size);
	if (!b)
		return NULL;
	b->size_flags &= ~TLSF_FREE;
	tlsf_next(b)->size_flags &= ~TLSF_PREV_FREE;
	return b;
}

/* ---- blocks ---- */

/* Gives a block that is in no list back: joined with free neighbours, or its pool with it. */
static void release(struct tlsf_block *b)
{
	struct tlsf_block *next = tlsf_next(b);
	if (next->size_flags & TLSF_FREE) {
		tlsf_remove(next);
		tlsf_set_size(b, tlsf_size(b) + tlsf_size(next));
	}
	if (b->size_flags & TLSF_PREV_FREE) {
		struct tlsf_block *prev = b->prev;
		tlsf_remove(prev);
		tlsf_set_size(prev, tlsf_size(prev) + tlsf_size(b));
		b = prev;
	}
	if (b->size_flags & TLSF_FIRST && tlsf_is_last(b)) {
		pool_free(b);
		return;
	}
	b->size_flags |= TLSF_FREE;
	next = tlsf_next(b);
	next->prev = b;
	next->size_flags |= TLSF_PREV_FREE;
	tlsf_insert(b);
}

/* Cuts a block in use down to `size`; the rest becomes free if it is large enough to be a block. */
static void trim(struct tlsf_block *b, uint64_t size)
{
	uint64_t rest = tlsf_size(b) - size;
	if (rest < TLSF_MIN)
		return;
	tlsf_set_size(b, size);
	struct tlsf_block *r = tlsf_next(b);
	r->size_flags = rest;
	release(r);
}

/* Moves the start of a block in use up by `skip` (0 or at least TLSF_MIN) bytes. */
static struct tlsf_block *skip_front(struct tlsf_block *b, uint64_t skip)
{
	if (!skip)
		return b;
	uint64_t size = tlsf_size(b);
	struct tlsf_block *moved = (struct tlsf_block *)((char *)b + skip);
	moved->size_flags = size - skip;
	tlsf_set_size(b, skip);
	release(b); /* its neighbour `moved` is in use: b is marked free before it */
	return moved;
}

static bool block_size(size_t n, uint64_t *out)
{
	if (n > TLSF_SIZE_MAX)
		return false;
	*out = UC_MAX((n + TLSF_OVERHEAD + TLSF_GRAIN - 1) & ~(TLSF_GRAIN - 1), TLSF_MIN);
	return true;
}

static void *hand_out(struct tlsf_block *b)
{
	stats.allocs++;
	stats.in_use_bytes += tlsf_size(b);
	return tlsf_payload(b);
}

/* ---- interface ---- */

void *uc_heap_alloc(size_t n)
{
	uint64_t size;
	struct tlsf_block *b = block_size(n, &size) ? obtain(size) : NULL;
	if (!b)
		return NULL;
	trim(b, size);
	return hand_out(b);
}

void *uc_heap_zalloc(size_t n)
{
	void *p = uc_heap_alloc(n);
	return p ? memset(p, 0, n) : NULL;
}

void *uc_heap_alloc_aligned(size_t n, size_t align)
{
	uint64_t size;
	if (align <= TLSF_GRAIN)
		return uc_heap_alloc(n);
	if (align >= UC_PAGE_SIZE || !block_size(n, &size))
		return NULL;
	struct tlsf_block *b = obtain(size + align + TLSF_MIN);
	if (!b)
		return NULL;
	uint64_t start = (uint64_t)(uintptr_t)tlsf_payload(b), skip = -start & (align - 1);
	if (skip && skip < TLSF_MIN)
		skip += align;
	b = skip_front(b, skip);
	trim(b, size);
	return hand_out(b);
}

static struct tlsf_block *checked(void *p)
{
	struct tlsf_block *b = tlsf_of(p);
	UC_ASSERT(!((uintptr_t)p & (TLSF_GRAIN - 1)) && tlsf_size(b) >= TLSF_MIN &&
			  !(b->size_flags & TLSF_FREE),
		  "a freed pointer came from the heap");
	return b;
}

/* Takes in the free block behind b if that makes it large enough. */
static void grow_in_place(struct tlsf_block *b, uint64_t size)
{
	struct tlsf_block *next = tlsf_next(b);
	if (!(next->size_flags & TLSF_FREE) || tlsf_size(b) + tlsf_size(next) < size)
		return;
	tlsf_remove(next);
	tlsf_set_size(b, tlsf_size(b) + tlsf_size(next));
	tlsf_next(b)->size_flags &= ~TLSF_PREV_FREE;
}

void *uc_heap_realloc(void *p, size_t n)
{
	uint64_t size;
	if (!p)
		return uc_heap_alloc(n);
	if (!block_size(n, &size))
		return NULL;
	struct tlsf_block *b = checked(p);
	uint64_t old = tlsf_size(b);
	if (old < size)
		grow_in_place(b, size);
	if (tlsf_size(b) >= size) {
		trim(b, size);
		stats.in_use_bytes += tlsf_size(b) - old;
		return p;
	}
	void *q = uc_heap_alloc(n);
	if (!q)
		return NULL;
	memcpy(q, p, old - TLSF_OVERHEAD);
	uc_heap_free(p);
	return q;
}

void uc_heap_free(void *p)
{
	if (!p)
		return;
	struct tlsf_block *b = checked(p);
	stats.allocs--;
	stats.in_use_bytes -= tlsf_size(b);
	release(b);
}

void uc_heap_stats(struct uc_heap_stats *out)
{
	*out = stats;
}
