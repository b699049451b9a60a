// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HEAP_TLSF_BLOCK_H
#define UC_HEAP_TLSF_BLOCK_H
/*
 * Blocks of a pool, back to back. A block's first word belongs to the block before it while that is
 * in use, so an allocated block costs one word. A pool ends in an empty block that is never free.
 */
#include <uc/types.h>

#define TLSF_GRAIN     16ull
#define TLSF_MIN       32ull /* a free block: size, two links, and the next block's first word */
#define TLSF_FREE      1ull
#define TLSF_PREV_FREE 2ull
#define TLSF_FIRST     4ull /* of its pool */
#define TLSF_FLAGS     15ull

struct tlsf_block {
	union {
		struct tlsf_block *prev; /* of a block whose neighbour before it is free */
		uint64_t pages;          /* of a pool's first block */
	};
	uint64_t size_flags;                      /* bytes from this block to the next */
	struct tlsf_block *next_free, *prev_free; /* of a free block; else the caller's bytes */
};
#define TLSF_HEAD     offsetof(struct tlsf_block, next_free)
#define TLSF_OVERHEAD 8ull /* block size minus the caller's bytes */

static inline uint64_t tlsf_size(const struct tlsf_block *b)
{
	return b->size_flags & ~TLSF_FLAGS;
}

static inline struct tlsf_block *tlsf_next(const struct tlsf_block *b)
{
	return (struct tlsf_block *)((char *)(uintptr_t)b + tlsf_size(b));
}

static inline bool tlsf_is_last(const struct tlsf_block *b)
{
	return tlsf_size(tlsf_next(b)) == 0;
}

static inline void tlsf_set_size(struct tlsf_block *b, uint64_t size)
{
	b->size_flags = size | (b->size_flags & TLSF_FLAGS);
}

static inline void *tlsf_payload(struct tlsf_block *b)
{
	return (char *)b + TLSF_HEAD;
}

static inline struct tlsf_block *tlsf_of(void *p)
{
	return (struct tlsf_block *)((char *)p - TLSF_HEAD);
}

/* The index of free blocks (index.c). tlsf_take removes and returns one of at least `size` bytes,
 * or NULL. */
void tlsf_insert(struct tlsf_block *b);
void tlsf_remove(struct tlsf_block *b);
struct tlsf_block *tlsf_take(uint64_t size);
/* The same, also looking at blocks that only might be large enough: not in constant time. */
struct tlsf_block *tlsf_take_exact(uint64_t size);
#define TLSF_SIZE_MAX (UC_PAGE_SIZE << 10)
#endif
