// SPDX-License-Identifier: BSD-3-Clause
/*
 * Buddy allocator over regions of untouched RAM. Each region hands out frames in address order from
 * `next`; frames that come back go to the buddy lists, whose links live in the free frames. A block
 * that has never been given out keeps the flag ZERO: only its two link words need clearing.
 */
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/list.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/string.h>

#define MAX_ORDER   10
#define AHEAD		32ul
#define GIVE_BACK_ORDER 9 /* free blocks of 2 MiB are offered to the host */
#define MAX_REGIONS 16

/* Frame table entry: 24 bits reference count, or for the head of a free block its order. */
enum { F_REFS = 0xffffff, F_FREE = 1u << 24, F_ZERO = 1u << 25, F_RAM = 1u << 26 };

static uint32_t *table;
static uint64_t nframes;
static struct {
	uint64_t next, end;
	bool zero;
} region[MAX_REGIONS]; /* frame numbers */
static unsigned nregions, zero_region;
static struct uc_list free_lists[MAX_ORDER + 1];
static unsigned maybe_free; /* bit n: free_lists[n] may have a block; clear: it has none */
static struct uc_frame_stats stats;

uint64_t uc_frame_table_bytes(uc_paddr top)
{
	return UC_PAGE_UP((top >> UC_PAGE_SHIFT) * sizeof(uint32_t));
}

void uc_frame_init(uc_paddr top, void *mem, uint64_t len)
{
	table = mem;
	nframes = UC_MIN(top >> UC_PAGE_SHIFT, len / sizeof(uint32_t));
	for (unsigned i = 0; i <= MAX_ORDER; i++)
		uc_list_init(&free_lists[i]);
}

void uc_frame_add(uc_paddr start, uint64_t len, bool zero)
{
	uint64_t first = UC_PAGE_UP(start) >> UC_PAGE_SHIFT, end = (start + len) >> UC_PAGE_SHIFT;
	end = UC_MIN(end, nframes);
	if (first >= end || nregions == MAX_REGIONS)
		return;
	region[nregions].next = first;
	region[nregions].end = end;
	if (zero && !region[zero_region].zero)
		zero_region = nregions;
	region[nregions++].zero = zero;
	stats.total += end - first;
	stats.free += end - first;
	stats.low = stats.free;
}

static struct uc_list *links(uint64_t frame)
{
	return uc_phys_to_virt(frame << UC_PAGE_SHIFT);
}

static void push(uint64_t frame, unsigned order, uint32_t zero)
{
	table[frame] = order | F_FREE | F_RAM | zero;
	uc_list_push_front(&free_lists[order], links(frame));
	maybe_free |= 1u << order;
}

static void unlink_block(uint64_t frame)
{
	uc_list_remove(links(frame));
}

/* Large blocks that were given to the host become whole again there. */
static void clear_links(uint64_t frame, unsigned order)
{
	if (order < GIVE_BACK_ORDER || !uc_plat_ram_release(frame << UC_PAGE_SHIFT, UC_PAGE_SIZE))
		memset(links(frame), 0, sizeof(struct uc_list));
}

/* A block with its ZERO flag truthful for all its frames joins its buddy if that is alike. */
static void release(uint64_t frame, unsigned order, uint32_t zero)
{
	for (;; order++) {
		if (order == GIVE_BACK_ORDER && !zero &&
		    uc_plat_ram_release(frame << UC_PAGE_SHIFT, UC_PAGE_SIZE << order))
			zero = F_ZERO;
		if (order == MAX_ORDER)
			break;
		uint64_t buddy = frame ^ 1ull << order;
		if (buddy + (1ull << order) > nframes ||
		    (table[buddy] & ~F_RAM) != (order | F_FREE | zero))
			break;
		unlink_block(buddy);
		if (zero)
			clear_links(buddy, order);
		table[buddy] = F_RAM;
		frame &= ~(1ull << order);
	}
	push(frame, order, zero);
}

/* First frame of a block, 0: none; zero: F_ZERO if its contents are known. */
struct taken {
	uint64_t frame, zero;
};

static struct taken take_list(unsigned order)
{
	unsigned o;
	for (;;) {
		if (!(maybe_free >> order))
			return (struct taken){ 0, 0 };
		o = order + (unsigned)__builtin_ctz(maybe_free >> order);
		if (!uc_list_empty(&free_lists[o]))
			break;
		maybe_free &= ~(1u << o);
	}
	uint64_t frame = uc_virt_to_phys(free_lists[o].next) >> UC_PAGE_SHIFT;
	uint32_t zero = table[frame] & F_ZERO;
	unlink_block(frame);
	if (zero)
		clear_links(frame, o);
	while (o > order) {
		o--;
		push(frame + (1ull << o), o, zero);
	}
	return (struct taken){ frame, zero };
}

/* From a region whose contents are known zero, or from one where they are not. */
static struct taken take_region(unsigned order, bool known_zero)
{
	uint64_t n = 1ull << order;
	for (unsigned i = 0; i < nregions; i++) {
		if (region[i].zero != known_zero)
			continue;
		uint64_t f = (region[i].next + n - 1) & ~(n - 1);
		if (f + n > region[i].end)
			continue;
		uint32_t zero = known_zero ? F_ZERO : 0;
		for (uint64_t gap = region[i].next; gap < f; gap++)
			release(gap, 0, zero);
		region[i].next = f + n;
		return (struct taken){ f, zero };
	}
	return (struct taken){ 0, 0 };
}

/* Frames in a tail too short for an aligned large block stay in the region for smaller ones. */
static struct taken take(unsigned order, bool want_zero)
{
	struct taken t = { 0, 0 };
	if (want_zero)
		t = take_region(order, true);
	if (!t.frame)
		t = take_list(order);
	if (!t.frame)
		t = take_region(order, false);
	if (!t.frame && !want_zero)
		t = take_region(order, true);
	return t;
}

/* Fresh memory is about to be used: the platform can bring in some at once. */
static void touch_ahead(uint64_t frame, unsigned order)
{
	static uint64_t start;
	uint64_t n = UC_MAX(AHEAD, 1ul << order);
	if (n == AHEAD && frame - start < AHEAD)
		return;
	start = frame;
	uc_plat_ram_ahead(frame << UC_PAGE_SHIFT, UC_MIN(n, nframes - frame) << UC_PAGE_SHIFT);
}

static uc_paddr alloc(unsigned order, bool want_zero)
{
	struct taken t;
	do
		t = take(order, want_zero);
	while (UC_UNLIKELY(!t.frame) && uc_upcall_frame_reclaim());
	if (!t.frame)
		return UC_FRAME_NONE;
	for (uint64_t i = 0; i < 1ull << order; i++)
		table[t.frame + i] = F_RAM | 1;
	stats.free -= 1ull << order;
	stats.low = UC_MIN(stats.low, stats.free);
	if (t.zero && (!want_zero || order >= GIVE_BACK_ORDER)) /* others the program will touch */
		touch_ahead(t.frame, order);
	if (want_zero && !t.zero)
		memset(uc_phys_to_virt(t.frame << UC_PAGE_SHIFT), 0, UC_PAGE_SIZE << order);
	return t.frame << UC_PAGE_SHIFT;
}

uc_paddr uc_frame_alloc(void)
{
	return alloc(0, false);
}

/* The common case in few instructions: the first region with known contents has frames. */
uc_paddr uc_frame_alloc_zero(void)
{
	uint64_t f = region[zero_region].next;
	if (!region[zero_region].zero || f >= region[zero_region].end)
		return alloc(0, true);
	region[zero_region].next = f + 1;
	table[f] = F_RAM | 1;
	stats.low = UC_MIN(stats.low, --stats.free);
	return f << UC_PAGE_SHIFT;
}

uc_paddr uc_frame_alloc_order(unsigned order)
{
	return order <= MAX_ORDER ? alloc(order, false) : UC_FRAME_NONE;
}
uc_paddr uc_frame_alloc_order_zero(unsigned order)
{
	return order <= MAX_ORDER ? alloc(order, true) : UC_FRAME_NONE;
}

bool uc_frame_is_ram(uc_paddr pa)
{
	uint64_t f = pa >> UC_PAGE_SHIFT;
	return f < nframes && table[f] & F_RAM;
}

void uc_frame_ref(uc_paddr pa)
{
	if (uc_frame_is_ram(pa)) {
		UC_ASSERT(!(table[pa >> UC_PAGE_SHIFT] & F_FREE), "a free frame is not referenced");
		table[pa >> UC_PAGE_SHIFT]++;
	}
}

void uc_frame_unref(uc_paddr pa)
{
	if (!uc_frame_is_ram(pa))
		return;
	uint32_t *e = &table[pa >> UC_PAGE_SHIFT];
	UC_ASSERT(*e & F_REFS && !(*e & F_FREE),
		  "a frame is released as often as it was referenced");
	if (--*e & F_REFS)
		return;
	stats.free++;
	release(pa >> UC_PAGE_SHIFT, 0, 0);
}

void uc_frame_unref_order(uc_paddr pa, unsigned order)
{
	uint64_t f = pa >> UC_PAGE_SHIFT, n = 1ull << order, own = 0;
	while (own < n && f + n <= nframes && table[f + own] == (F_RAM | 1))
		own++;
	if (own < n) {
		for (uint64_t i = 0; i < n; i++)
			uc_frame_unref(pa + (i << UC_PAGE_SHIFT));
		return;
	}
	/* As a whole: nothing is written to its frames. */
	while (n--)
		table[f + n] = F_RAM;
	stats.free += own;
	release(f, order, 0);
}

uint32_t uc_frame_refs(uc_paddr pa)
{
	return uc_frame_is_ram(pa) ? table[pa >> UC_PAGE_SHIFT] & F_REFS : 0;
}

void uc_frame_stats(struct uc_frame_stats *out)
{
	*out = stats;
}
