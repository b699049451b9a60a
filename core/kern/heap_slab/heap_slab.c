// SPDX-License-Identifier: BSD-3-Clause
/*
 * Size classes up to half a page; each slab is one page whose head tells its class. Larger blocks
 * are runs of pages of a power-of-two count with a header in front, so every pointer's page starts
 * with a header and free() needs no table.
 */
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>

#define SLAB_MAGIC  0x5ab5
#define LARGE_MAGIC 0x1a67

struct slab {                             /* at the start of the page */
	uint16_t magic, cls, used, order; /* order: of a large block */
	uint32_t skip;                    /* large: bytes from the page to the block */
	uint32_t fresh;                   /* slab: offset of the first byte never handed out */
	void *free;
	struct slab *next, *prev; /* partial slabs of the class */
	uint64_t size;            /* large: usable bytes */
};

static const uint16_t class_size[] = { 16,  32,  48,  64,  96,   128,  192,
				       256, 384, 512, 672, 1008, 1344, 2016 };
#define NCLASSES UC_ARRAY_SIZE(class_size)
#define HEAD     ((sizeof(struct slab) + 15) & ~15ull)
static struct slab *partial[NCLASSES];
static struct uc_heap_stats stats;

/* Class by size in units of 16 bytes, rounded up. */
static const uint8_t class_by_units[] = {
	0,
	0,
	1,
	2,
	3,
	[5 ... 6] = 4,
	[7 ... 8] = 5,
	[9 ... 12] = 6,
	[13 ... 16] = 7,
	[17 ... 24] = 8,
	[25 ... 32] = 9,
	[33 ... 42] = 10,
	[43 ... 63] = 11,
	[64 ... 84] = 12,
	[85 ... 126] = 13,
};

static unsigned class_of(size_t n)
{
	size_t units = n / 16 + (n % 16 != 0); /* no overflow for any n */
	return units < UC_ARRAY_SIZE(class_by_units) ? class_by_units[units] : NCLASSES;
}

static struct slab *page_of(const void *p)
{
	return (struct slab *)((uintptr_t)p & ~(UC_PAGE_SIZE - 1));
}

/* Ends in NULL, unlike uc_list: a head in .bss is an empty list without a check at each use. */
static void list_add(struct slab *s)
{
	s->prev = NULL;
	s->next = partial[s->cls];
	if (s->next)
		s->next->prev = s;
	partial[s->cls] = s;
}

static void list_remove(struct slab *s)
{
	if (s->next)
		s->next->prev = s->prev;
	if (s->prev)
		s->prev->next = s->next;
	else
		partial[s->cls] = s->next;
}

static struct slab *slab_new(unsigned c)
{
	uc_paddr pa = uc_frame_alloc();
	if (!pa)
		return NULL;
	struct slab *s = uc_phys_to_virt(pa);
	*s = (struct slab){ .magic = SLAB_MAGIC, .cls = (uint16_t)c, .fresh = HEAD };
	list_add(s);
	stats.held_bytes += UC_PAGE_SIZE;
	return s;
}

/*
 * A free block holds the next one and a seal over where that lies from here: freeing twice, and
 * writing into what was freed, is noticed. Not over addresses, which may change
 * (uc/abi/prepared.h).
 */
struct unused {
	struct unused *next;
	uintptr_t seal;
};

static inline uintptr_t seal_of(const struct unused *u)
{
	const struct unused *next = u->next ? u->next : u;
	return 0x9e3779b97f4a7c15u + (uintptr_t)next - (uintptr_t)u;
}

static inline void *small_alloc(unsigned c)
{
	struct slab *s = partial[c];
	uint32_t size = class_size[c];
	if (!s && !(s = slab_new(c)))
		return NULL;
	void *p = s->free;
	if (p) {
		struct unused *u = p;
		UC_ASSERT(u->seal == seal_of(u), "nobody writes into a freed block");
		s->free = u->next;
	} else {
		p = (char *)s + s->fresh;
		s->fresh += size;
	}
	/* A fresh block, too, may have been free before: in an earlier slab of this page. */
	((struct unused *)p)->seal = 0;
	s->used++;
	if (!s->free && s->fresh + size > UC_PAGE_SIZE)
		list_remove(s);
	stats.in_use_bytes += size;
	stats.allocs++;
	return p;
}

static void *large_alloc(size_t n, size_t align)
{
	size_t skip = (HEAD + align - 1) & ~(align - 1);
	unsigned order = 0;
	if (n > (UC_PAGE_SIZE << 10) - skip)
		return NULL;
	while ((UC_PAGE_SIZE << order) < n + skip)
		order++;
	uc_paddr pa = uc_frame_alloc_order(order);
	if (!pa)
		return NULL;
	uint64_t pages = (n + skip + UC_PAGE_SIZE - 1) >> UC_PAGE_SHIFT;
	for (uint64_t i = pages; i < 1ull << order; i++)
		uc_frame_unref(pa + (i << UC_PAGE_SHIFT));
	struct slab *s = uc_phys_to_virt(pa);
	*s = (struct slab){
		.magic = LARGE_MAGIC, .skip = (uint32_t)skip, .size = n, .order = (uint16_t)pages
	};
	void *p = (char *)s + skip;
	stats.held_bytes += pages << UC_PAGE_SHIFT;
	stats.in_use_bytes += n;
	stats.allocs++;
	return p;
}

void *uc_heap_alloc(size_t n)
{
	unsigned c = class_of(n);
	return c < NCLASSES ? small_alloc(c) : large_alloc(n, 16);
}

void *uc_heap_zalloc(size_t n)
{
	void *p = uc_heap_alloc(n);
	return p ? memset(p, 0, n) : NULL;
}

void *uc_heap_alloc_aligned(size_t n, size_t align)
{
	if (align <= 16)
		return uc_heap_alloc(n);
	return align < UC_PAGE_SIZE ? large_alloc(n, align) : NULL;
}

static size_t usable(const void *p)
{
	const struct slab *s = page_of(p);
	return s->magic == SLAB_MAGIC ? class_size[s->cls] : s->size;
}

void *uc_heap_realloc(void *p, size_t n)
{
	if (!p)
		return uc_heap_alloc(n);
	size_t old = usable(p);
	if (n <= old && n * 2 >= old)
		return p;
	void *q = uc_heap_alloc(n);
	if (!q)
		return NULL;
	memcpy(q, p, UC_MIN(n, old));
	uc_heap_free(p);
	return q;
}

static void slab_free(struct slab *s, void *p)
{
	bool was_full = !s->free && s->fresh + class_size[s->cls] > UC_PAGE_SIZE;
	struct unused *u = p;
	UC_ASSERT(u->seal != seal_of(u), "a block is freed once");
	u->next = s->free;
	u->seal = seal_of(u);
	s->free = u;
	stats.in_use_bytes -= class_size[s->cls];
	if (--s->used == 0) {
		if (!was_full)
			list_remove(s);
		s->magic = 0;
		stats.held_bytes -= UC_PAGE_SIZE;
		uc_frame_unref(uc_virt_to_phys(s));
	} else if (was_full) {
		list_add(s);
	}
}

void uc_heap_free(void *p)
{
	if (!p)
		return;
	struct slab *s = page_of(p);
	stats.allocs--;
	if (s->magic == SLAB_MAGIC) {
		slab_free(s, p);
		return;
	}
	UC_ASSERT(s->magic == LARGE_MAGIC && (char *)s + s->skip == (char *)p,
		  "a freed pointer came from the heap");
	s->magic = 0;
	stats.in_use_bytes -= s->size;
	uint64_t pages = s->order;
	stats.held_bytes -= pages << UC_PAGE_SHIFT;
	for (uint64_t i = 0; i < pages; i++)
		uc_frame_unref(uc_virt_to_phys(s) + (i << UC_PAGE_SHIFT));
}

void uc_heap_stats(struct uc_heap_stats *out)
{
	*out = stats;
}
