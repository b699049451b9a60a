// SPDX-License-Identifier: BSD-3-Clause
/*
 * Two memories of one start are equal but for the addresses of what lies elsewhere. Everything else
 * that differs cannot be moved: such a start is not kept. Tables are read, not compared.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uc/abi/layout.h>

#include "pages.h"

#define MAX_PAGES  16384u /* larger ones save nothing worth their room on disk */
#define GIB        (1ull << 30)
#define MMAP_REACH (1ull << 40) /* mappings of a program that was only loaded */

int uc_memory_map(int fd, uint64_t bytes, struct uc_memory *out)
{
	void *p = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return -errno;
	*out = (struct uc_memory){ fd, bytes, p };
	return 0;
}

void uc_memory_unmap(struct uc_memory *m)
{
	munmap((void *)m->p, m->bytes);
}

/* Words of a class are in [from, to] and differ by `by`. */
struct class
{
	uint64_t from, to, by;
};

struct work {
	const struct uc_memory *a, *b;
	struct uc_prepared at[2];
	struct class classes[UC_MOVES];
	uint64_t *tables; /* sorted */
	size_t ntables;
	struct uc_start *out;
};

static uint8_t *at_phys(const struct pages *p, uint64_t phys)
{
	const struct uc_memory *m = p->of;

	return phys + PAGE <= m->bytes ? (uint8_t *)m->p + (phys & ~(PAGE - 1)) : NULL;
}

static void set_classes(struct work *w)
{
	const struct uc_prepared *a = &w->at[0], *b = &w->at[1];
	struct class *c = w->classes;

	c[UC_MOVE_IMAGE] =
		(struct class){ a->virt_base, a->virt_base + GIB, b->virt_base - a->virt_base };
	c[UC_MOVE_DIRECT] = (struct class){ a->direct_base, a->direct_base + 512 * GIB,
					    b->direct_base - a->direct_base };
	c[UC_MOVE_CODE] =
		(struct class){ UC_LAYOUT_PIE_BASE - GIB, a->heap, b->start_code - a->start_code };
	c[UC_MOVE_HEAP] = (struct class){ a->heap, a->heap, b->heap - a->heap };
	c[UC_MOVE_MMAP] = (struct class){ a->mmap_base - MMAP_REACH, a->mmap_base,
					  b->mmap_base - a->mmap_base };
	c[UC_MOVE_STACK] =
		(struct class){ a->mmap_base + 1, UC_LAYOUT_TOP, b->stack_top - a->stack_top };
	c[UC_MOVE_GUARD] = (struct class){ a->guard, a->guard, b->guard - a->guard };
}

static int classify(const struct work *w, uint64_t a, uint64_t b)
{
	for (int i = 0; i < UC_MOVES; i++) {
		const struct class *c = &w->classes[i];

		if (a >= c->from && a <= c->to && b - a == c->by)
			return i;
	}
	return -1;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool is_table(const struct work *w, uint64_t phys)
{
	return bsearch(&phys, w->tables, w->ntables, sizeof(phys), by_number);
}

/* The two have the same tables, in memory. */
static int read_tables(struct work *w, const char **why)
{
	struct tables t[2][2] = { 0 };
	int rc = 0;

	for (unsigned i = 0; i < 2; i++) {
		const struct pages p = { at_phys, i ? w->b : w->a, w->a->bytes };
		const struct uc_prepared *at = &w->at[i];

		if (tables_read(&p, at->program_root, 0, HALF, &t[i][0]) ||
		    tables_read(&p, at->kernel_root, HALF, ENTRIES, &t[i][1]))
			rc = -EINVAL;
	}
	*why = "its tables are damaged";
	for (unsigned k = 0; k < 2 && !rc; k++) {
		size_t n = t[0][k].ntables;

		if (n != t[1][k].ntables || t[0][k].nleaves != t[1][k].nleaves ||
		    (n && memcmp(t[0][k].tables, t[1][k].tables, n * sizeof(uint64_t))))
			rc = -EAGAIN;
		for (size_t i = 0; i < n && !rc; i++) {
			w->tables = uc_room(w->tables, w->ntables, sizeof(*w->tables));
			w->tables[w->ntables++] = t[0][k].tables[i];
		}
	}
	for (unsigned i = 0; i < 4; i++)
		tables_free(&t[i & 1][i >> 1]);
	if (rc)
		return rc;
	const uint64_t roots[] = { w->at[0].kernel_root, w->at[0].program_root,
				   w->at[0].entry_root };
	for (unsigned i = 0; i < 3; i++) {
		w->tables = uc_room(w->tables, w->ntables, sizeof(*w->tables));
		w->tables[w->ntables++] = roots[i];
	}
	qsort(w->tables, w->ntables, sizeof(*w->tables), by_number);
	return 0;
}

static void add_page(struct uc_start *s, uint64_t phys, const uint8_t *data)
{
	if (!(s->npages & (s->npages + 1))) { /* doubling: a page is more than uc_room is for */
		size_t room = 2 * (s->npages + 1ull);

		s->pages = uc_xrealloc(s->pages, room * sizeof(*s->pages));
		s->data = uc_xrealloc(s->data, room * PAGE);
	}
	s->pages[s->npages] = (uint32_t)(phys / PAGE);
	memcpy(s->data + s->npages++ * PAGE, data, PAGE);
}

static bool is_spare(const struct uc_prepared *at, uint64_t phys)
{
	for (unsigned i = 0; i < UC_PREPARED_SPARES && at->spares[i]; i++)
		if (at->spares[i] == phys)
			return true;
	return false;
}

static int compare_page(struct work *w, uint64_t phys, const char **why)
{
	static const uint8_t zero[PAGE];
	const uint8_t *a = w->a->p + phys, *b = w->b->p + phys;
	struct uc_start *s = w->out;
	bool table = is_table(w, phys);

	if (!table && !is_spare(&w->at[0], phys) && !memcmp(a, zero, PAGE) &&
	    !memcmp(b, zero, PAGE))
		return 0;
	if (s->npages == MAX_PAGES) {
		*why = "it is too large";
		return -EINVAL;
	}
	add_page(s, phys, a);
	if (table || !memcmp(a, b, PAGE))
		return 0;
	for (unsigned i = 0; i < PAGE / 8; i++) {
		uint64_t x, y;

		memcpy(&x, a + i * 8, 8);
		memcpy(&y, b + i * 8, 8);
		if (x == y)
			continue;
		int what = classify(w, x, y);

		if (what < 0) {
			*why = "it is not the same each time";
			return -EINVAL;
		}
		s->moves = uc_room(s->moves, s->nmoves, sizeof(*s->moves));
		s->moves[s->nmoves++] =
			(uint32_t)((s->npages - 1) * (PAGE / 8) + i) << 3 | (uint32_t)what;
	}
	return 0;
}

/* The next page at or after phys that either memory has or that is a spare, or the end. */
static uint64_t next_page(const struct work *w, uint64_t phys)
{
	off_t a = lseek(w->a->fd, (off_t)phys, SEEK_DATA), b;

	b = lseek(w->b->fd, (off_t)phys, SEEK_DATA);
	if (a < 0 || (b >= 0 && b < a))
		a = b;
	uint64_t next = a < 0 ? w->a->bytes : (uint64_t)a & ~(PAGE - 1);

	for (unsigned i = 0; i < UC_PREPARED_SPARES; i++) {
		uint64_t s = w->at[0].spares[i];

		if (s >= phys && s < next)
			next = s;
	}
	return next;
}

static bool equal_shapes(const struct uc_prepared *a, const struct uc_prepared *b)
{
	return a->image_phys == b->image_phys && a->kernel_root == b->kernel_root &&
	       a->program_root == b->program_root && a->entry_root == b->entry_root &&
	       a->ram_top == b->ram_top &&
	       a->virt_end - a->virt_base == b->virt_end - b->virt_base &&
	       a->random_len == b->random_len && !memcmp(a->spares, b->spares, sizeof(a->spares));
}

int uc_start_compare(const struct uc_memory *a, const struct uc_memory *b, struct uc_start *out,
		     const char **why)
{
	struct work w = { .a = a, .b = b, .out = out };
	int rc = 0;

	*out = (struct uc_start){ .memory = a->bytes };
	*why = "the guest did not go so far";
	if (a->bytes != b->bytes || a->bytes < PAGE || a->bytes % PAGE || a->bytes >> 44)
		return -EINVAL;
	memcpy(&w.at[0], a->p, sizeof(w.at[0]));
	memcpy(&w.at[1], b->p, sizeof(w.at[1]));
	if (w.at[0].magic != UC_PREPARED_MAGIC || w.at[1].magic != UC_PREPARED_MAGIC)
		return -EINVAL;
	out->at = w.at[0];
	set_classes(&w);
	if (!equal_shapes(&w.at[0], &w.at[1]) || !w.classes[UC_MOVE_IMAGE].by ||
	    !w.classes[UC_MOVE_DIRECT].by || !w.classes[UC_MOVE_STACK].by)
		return -EAGAIN;
	rc = read_tables(&w, why);
	for (uint64_t at = next_page(&w, PAGE); at < a->bytes && !rc; at = next_page(&w, at + PAGE))
		rc = compare_page(&w, at, why);
	free(w.tables);
	if (rc)
		uc_start_free(out);
	return rc;
}

void uc_start_free(struct uc_start *s)
{
	free(s->pages);
	free(s->data);
	free(s->moves);
	*s = (struct uc_start){ 0 };
}
