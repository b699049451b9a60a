// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PREPARED_PAGES_H
#define UNICORE_PREPARED_PAGES_H
/* Translation tables of x86-64 in a guest's memory (Intel SDM vol. 3, 4.5). */
#include <unicore/prepared.h>

#define PAGE      4096ull
#define PTE_P     1ull
#define PTE_TABLE 0x23ull /* present, writable, accessed */
#define PTE_PS    0x80ull
#define PTE_ADDR  0xffffffffff000ull
#define ENTRIES   512u
#define HALF      256u /* entries of a root for the program; the others are the kernel's */

/* Memory that tables are looked up in. NULL: there is no such page. */
struct pages {
	uint8_t *(*at)(const struct pages *p, uint64_t phys);
	const void *of;
	uint64_t bytes; /* of RAM */
};

struct leaf {
	uint64_t va, entry;
	unsigned level; /* 1: 4 KiB, 2: 2 MiB, 3: 1 GiB */
};
struct tables {
	struct leaf *leaves; /* by address */
	size_t nleaves;
	uint64_t *tables; /* without the root, in the order they were found */
	size_t ntables;
};

/* What entries [from, to) of root translate. -EINVAL: not a tree of tables in this memory. */
int tables_read(const struct pages *p, uint64_t root, unsigned from, unsigned to,
		struct tables *out);
void tables_free(struct tables *t);
/* Physical address of va, or UINT64_MAX. */
uint64_t tables_find(const struct tables *t, uint64_t va);
/* Tables that the leaves need. */
size_t tables_count(const struct tables *t);
/* Writes the leaves below root with tables from pool, which are empty; takes them from its begin.
 * There are as many as tables_count says. */
void tables_write(const struct pages *p, uint64_t root, const struct tables *t,
		  const uint64_t *pool);
#endif
