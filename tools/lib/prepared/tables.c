// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

#define LEVELS     4u
#define MAX_TABLES 4096u
#define MAX_LEAVES (1u << 18)
#define UPPER      0xffff000000000000ull

static unsigned shift_of(unsigned level)
{
	return 12 + 9 * (level - 1);
}

static void add_leaf(struct tables *t, uint64_t va, uint64_t entry, unsigned level)
{
	t->leaves = uc_room(t->leaves, t->nleaves, sizeof(*t->leaves));
	t->leaves[t->nleaves++] = (struct leaf){ va & 1ull << 47 ? va | UPPER : va, entry, level };
}

static int read_level(const struct pages *p, uint64_t phys, unsigned level, uint64_t va,
		      unsigned from, unsigned to, struct tables *t)
{
	const uint8_t *at = phys < p->bytes ? p->at(p, phys) : NULL;
	int rc = 0;

	if (!at || t->ntables > MAX_TABLES || t->nleaves > MAX_LEAVES)
		return -EINVAL;
	for (unsigned i = from; i < to && !rc; i++) {
		uint64_t e, v = va | (uint64_t)i << shift_of(level);

		memcpy(&e, at + i * sizeof(e), sizeof(e));
		if (!e)
			continue;
		if (level == 1 || e & PTE_PS || !(e & PTE_P)) {
			/* One that is not present is only known at the last level. */
			if (level == LEVELS || (level > 1 && !(e & PTE_P)))
				return -EINVAL;
			add_leaf(t, v, e, level);
			continue;
		}
		t->tables = uc_room(t->tables, t->ntables, sizeof(*t->tables));
		t->tables[t->ntables++] = e & PTE_ADDR;
		rc = read_level(p, e & PTE_ADDR, level - 1, v, 0, ENTRIES, t);
	}
	return rc;
}

int tables_read(const struct pages *p, uint64_t root, unsigned from, unsigned to,
		struct tables *out)
{
	*out = (struct tables){ 0 };
	int rc = read_level(p, root, LEVELS, 0, from, to, out);

	if (rc)
		tables_free(out);
	return rc;
}

void tables_free(struct tables *t)
{
	free(t->leaves);
	free(t->tables);
	*t = (struct tables){ 0 };
}

uint64_t tables_find(const struct tables *t, uint64_t va)
{
	for (size_t i = 0; i < t->nleaves; i++) {
		const struct leaf *l = &t->leaves[i];
		uint64_t size = 1ull << shift_of(l->level);

		if (va >= l->va && va - l->va < size && l->entry & PTE_P)
			return (l->entry & PTE_ADDR & ~(size - 1)) + (va - l->va);
	}
	return UINT64_MAX;
}

size_t tables_count(const struct tables *t)
{
	size_t n = 0;

	for (unsigned level = 1; level < LEVELS; level++) {
		uint64_t last = UINT64_MAX;

		for (size_t i = 0; i < t->nleaves; i++) {
			uint64_t at = t->leaves[i].va >> shift_of(level + 1);

			if (t->leaves[i].level > level || at == last)
				continue;
			last = at;
			n++;
		}
	}
	return n;
}

void tables_write(const struct pages *p, uint64_t root, const struct tables *t,
		  const uint64_t *pool)
{
	for (size_t i = 0; i < t->nleaves; i++) {
		const struct leaf *l = &t->leaves[i];
		uint8_t *at = p->at(p, root);
		unsigned level = LEVELS;
		uint64_t e;

		for (; at; level--) {
			uint8_t *slot = at + (l->va >> shift_of(level) & (ENTRIES - 1)) * sizeof(e);

			if (level == l->level) {
				memcpy(slot, &l->entry, sizeof(e));
				break;
			}
			memcpy(&e, slot, sizeof(e));
			if (!e) {
				e = *pool++ | PTE_TABLE;
				memcpy(slot, &e, sizeof(e));
			}
			at = p->at(p, e & PTE_ADDR);
		}
	}
}
