// SPDX-License-Identifier: BSD-3-Clause
/*
 * Two-level segregated fit (Masmano, Ripoll, Crespo, Real: "TLSF: a new dynamic memory allocator
 * for real-time systems", 2004): lists of free blocks by power of two and sixteenth of it, found by
 * bit scans. Sizes below 256 all fall into the first power, a list for each.
 */
#include <uc/log.h>
#include "block.h"

#define SUB_BITS    4u
#define SUBS        (1u << SUB_BITS)
#define LINEAR_BITS 8u  /* below 2^8 a list is one size: 16 lists, 16 bytes apart */
#define TOP_BITS    23u /* sizes stay below 2^23 */
#define POWERS      (TOP_BITS - LINEAR_BITS + 1)

struct place {
	unsigned power, sub;
};
static struct tlsf_block *lists[POWERS][SUBS];
static uint32_t powers;       /* which have a non-empty list */
static uint16_t subs[POWERS]; /* which lists are non-empty */

static unsigned top_bit(uint64_t n)
{
	return 63u - (unsigned)__builtin_clzll(n);
}

static struct place place_of(uint64_t size)
{
	if (size < 1u << LINEAR_BITS)
		return (struct place){ 0, (unsigned)(size / TLSF_GRAIN) };
	unsigned top = top_bit(size);
	return (struct place){ top - LINEAR_BITS + 1,
			       (unsigned)(size >> (top - SUB_BITS)) & (SUBS - 1) };
}

/* Smallest size whose list holds only blocks of at least `size`. */
static uint64_t round_up(uint64_t size)
{
	if (size < 1u << LINEAR_BITS)
		return size;
	uint64_t step = 1ull << (top_bit(size) - SUB_BITS);
	return (size + step - 1) & ~(step - 1);
}

void tlsf_insert(struct tlsf_block *b)
{
	struct place p = place_of(tlsf_size(b));
	struct tlsf_block **list = &lists[p.power][p.sub];
	b->next_free = *list;
	b->prev_free = NULL;
	if (*list)
		(*list)->prev_free = b;
	*list = b;
	subs[p.power] |= (uint16_t)(1u << p.sub);
	powers |= 1u << p.power;
}

void tlsf_remove(struct tlsf_block *b)
{
	struct place p = place_of(tlsf_size(b));
	UC_ASSERT((!b->next_free || b->next_free->prev_free == b) &&
			  (b->prev_free ? b->prev_free->next_free : lists[p.power][p.sub]) == b,
		  "nobody writes into a freed block");
	if (b->next_free)
		b->next_free->prev_free = b->prev_free;
	if (b->prev_free) {
		b->prev_free->next_free = b->next_free;
		return;
	}
	lists[p.power][p.sub] = b->next_free;
	if (b->next_free)
		return;
	subs[p.power] &= (uint16_t) ~(1u << p.sub);
	if (!subs[p.power])
		powers &= ~(1u << p.power);
}

struct tlsf_block *tlsf_take(uint64_t size)
{
	uint64_t rounded = round_up(size);
	if (rounded >> TOP_BITS)
		return NULL;
	struct place p = place_of(rounded);
	uint32_t in_power = subs[p.power] & ~0u << p.sub;
	if (!in_power) {
		uint32_t above = powers & ~0u << p.power << 1;
		if (!above)
			return NULL;
		p.power = (unsigned)__builtin_ctz(above);
		in_power = subs[p.power];
	}
	struct tlsf_block *b = lists[p.power][__builtin_ctz(in_power)];
	tlsf_remove(b);
	return b;
}

struct tlsf_block *tlsf_take_exact(uint64_t size)
{
	struct place p = place_of(size);
	for (struct tlsf_block *b = lists[p.power][p.sub]; b; b = b->next_free) {
		if (tlsf_size(b) >= size) {
			tlsf_remove(b);
			return b;
		}
	}
	return tlsf_take(size);
}
