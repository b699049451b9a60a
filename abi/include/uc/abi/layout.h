// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_LAYOUT_H
#define UC_ABI_LAYOUT_H
/*
 * Where things lie in an x86-64 guest's address space, and how much of that is random. Shared with
 * the host, which moves them (uc/abi/prepared.h).
 */
#include <stdint.h>

#define UC_LAYOUT_PAGE 4096ull

/* ---- a program, as on Linux; random parts in pages: upwards from the base of programs that may
 * lie anywhere and from the end of a program (the heap), downwards from the top (the stack's end)
 * and from a gap below it (mappings) ---- */
#define UC_LAYOUT_TOP        0x7ffffffff000ull /* of addresses */
#define UC_LAYOUT_PIE_BASE   0x555555554000ull /* two thirds of the address space */
#define UC_LAYOUT_PIE_BITS   28
#define UC_LAYOUT_HEAP_BITS  13
#define UC_LAYOUT_MMAP_BITS  29
#define UC_LAYOUT_STACK_BITS 22
#define UC_LAYOUT_STACK_LIMIT (8ull << 20) /* of the first process, bytes */

/* The gap that the stack may grow in, bytes: mappings begin below it. */
static inline uint64_t uc_layout_gap(uint64_t stack_limit)
{
	const uint64_t max = UC_LAYOUT_TOP / 6 * 5, guard = 256 * UC_LAYOUT_PAGE;
	uint64_t gap = stack_limit < max ? stack_limit : max;
	gap += (UC_LAYOUT_PAGE << UC_LAYOUT_STACK_BITS) + guard;
	if (gap < 128ull << 20) gap = 128ull << 20;
	if (gap > max) gap = max;
	return (gap + UC_LAYOUT_PAGE - 1) & ~(UC_LAYOUT_PAGE - 1);
}

/* ---- the kernel of a virtual machine: its image at a page of one of so many top-level slots, not
 * across a GiB; all RAM at a GiB of one of so many slots, less those that RAM fills, and 2 MiB
 * within it ---- */
#define UC_LAYOUT_UPPER         0xffff000000000000ull
#define UC_LAYOUT_IMAGE_SLOT    256u
#define UC_LAYOUT_IMAGE_SLOTS   128u
#define UC_LAYOUT_DIRECT_SLOT   384u
#define UC_LAYOUT_DIRECT_SLOTS  64u
#define UC_LAYOUT_DIRECT_GIBS   448u
/* Of so many 2 MiB: less than 512 MiB do not cross a GiB either. */
static inline uint64_t uc_layout_direct_places(uint64_t ram_top)
{
	return ram_top < 0x20000000 ? 256 : 512;
}
#endif
