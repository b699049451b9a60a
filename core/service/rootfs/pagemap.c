// SPDX-License-Identifier: BSD-3-Clause
/*
 * A radix tree over page numbers. Height 0 holds page 0 in the root pointer itself, so that a file
 * of one page needs no node.
 */
#include "rootfs_impl.h"

#define BITS 5u
#define FAN  (1u << BITS)
struct tree_node { void *slot[FAN]; };

static bool reaches(const struct rfs_pagemap *m, uint64_t pgoff)
{
	return m->height * BITS >= 64 || !(pgoff >> (m->height * BITS));
}

uint64_t rfs_map_get(const struct rfs_pagemap *m, uint64_t pgoff)
{
	if (!reaches(m, pgoff))
		return 0;
	void *p = m->root;
	for (unsigned h = m->height; h && p; h--)
		p = ((struct tree_node *)p)->slot[(pgoff >> ((h - 1) * BITS)) & (FAN - 1)];
	return (uint64_t)(uintptr_t)p;
}

int rfs_map_set(struct rfs_pagemap *m, uint64_t pgoff, uint64_t v)
{
	while (!reaches(m, pgoff)) {
		if (m->root) {
			struct tree_node *up = uc_heap_zalloc(sizeof(*up));
			if (!up)
				return -ENOMEM;
			up->slot[0] = m->root;
			m->root = up;
		}
		m->height++;
	}
	void **slot = &m->root;
	for (unsigned h = m->height; h; h--) {
		if (!*slot && !(*slot = uc_heap_zalloc(sizeof(struct tree_node))))
			return -ENOMEM;
		slot = &((struct tree_node *)*slot)->slot[(pgoff >> ((h - 1) * BITS)) & (FAN - 1)];
	}
	*slot = (void *)(uintptr_t)v;
	return 0;
}

/* First entry at or after *pgoff below p, whose first page is base. */
static bool next_in(void *p, unsigned h, uint64_t base, uint64_t *pgoff, uint64_t *v)
{
	if (!p)
		return false;
	if (!h) {
		*pgoff = base;
		*v = (uint64_t)(uintptr_t)p;
		return true;
	}
	unsigned shift = (h - 1) * BITS;
	unsigned k = *pgoff > base ? (unsigned)((*pgoff - base) >> shift) : 0;
	for (; k < FAN; k++) {
		uint64_t from = base + ((uint64_t)k << shift);
		if (next_in(((struct tree_node *)p)->slot[k], h - 1, from, pgoff, v))
			return true;
	}
	return false;
}

bool rfs_map_next(const struct rfs_pagemap *m, uint64_t pgoff, uint64_t *found, uint64_t *v)
{
	if (!reaches(m, pgoff))
		return false;
	*found = pgoff;
	return next_in(m->root, m->height, 0, found, v);
}

struct cut { uint64_t from; void (*drop)(void *ctx, uint64_t pgoff, uint64_t v); void *ctx; };

/* Returns what remains of p: NULL when nothing does. The depth is at most 11 (2^51 pages). */
static void *cut_in(void *p, unsigned h, uint64_t base, const struct cut *c)
{
	if (!p)
		return NULL;
	if (!h) {
		if (base < c->from)
			return p;
		c->drop(c->ctx, base, (uint64_t)(uintptr_t)p);
		return NULL;
	}
	struct tree_node *n = p;
	unsigned shift = (h - 1) * BITS;
	bool any = false;
	for (unsigned k = 0; k < FAN; k++) {
		uint64_t from = base + ((uint64_t)k << shift);
		if (from + ((1ull << shift) - 1) >= c->from)
			n->slot[k] = cut_in(n->slot[k], h - 1, from, c);
		any |= n->slot[k] != NULL;
	}
	if (any)
		return n;
	uc_heap_free(n);
	return NULL;
}

void rfs_map_cut(struct rfs_pagemap *m, uint64_t from,
		 void (*drop)(void *ctx, uint64_t pgoff, uint64_t v), void *ctx)
{
	struct cut c = { from, drop, ctx };
	m->root = cut_in(m->root, m->height, 0, &c);
	if (!m->root)
		m->height = 0;
}
