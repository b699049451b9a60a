// SPDX-License-Identifier: BSD-3-Clause
/* From a prepared start to the memory of one: places, secrets, tables, file. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uc/abi/layout.h>

#include "pages.h"

#define TRIES      64u /* places whose tables do not fit are not taken */
#define LARGE_PAGE (2ull << 20)
#define STACK_BITS 29u /* more than the kernel draws: the place within a page stays */
#define GIB        (1ull << 30)
#define IMAGE_STEP (32ull << 10) /* windows of kernel stacks, which lie behind the image */
#define MAX_ALIGN  GIB
#define AUX_MAX    64u
#define GAP_PAGES  16u /* a segment goes on over fewer empty pages */

struct place {
	const struct uc_start *s;
	void (*random)(void *p, size_t n);
	uint8_t *data;    /* of the new memory: as s->data */
	struct pages mem; /* data by physical address */
	struct tables program, kernel;
	uint64_t by[UC_MOVES];
	uint64_t at_random;
	struct uc_prepared first; /* what the kernel finds at 0 */
};

static int by_number(const void *key, const void *page)
{
	uint32_t a = *(const uint32_t *)key, b = *(const uint32_t *)page;

	return a < b ? -1 : a > b;
}

static uint8_t *at_phys(const struct pages *p, uint64_t phys)
{
	const struct place *w = p->of;
	uint32_t n = (uint32_t)(phys / PAGE);
	const uint32_t *at = bsearch(&n, w->s->pages, w->s->npages, sizeof(n), by_number);

	return at ? w->data + (size_t)(at - w->s->pages) * PAGE : NULL;
}

/* ---- what the program's memory tells, before anything has moved ---- */

/* n bytes at va. Pages that are not there are empty, or not loaded yet: false. */
static bool peek(const struct place *w, uint64_t va, void *out, size_t n)
{
	for (uint8_t *to = out; n;) {
		uint64_t phys = tables_find(&w->program, va);
		uint64_t left = PAGE - va % PAGE, part = n < left ? n : left;
		const uint8_t *at = phys == UINT64_MAX ? NULL : at_phys(&w->mem, phys);

		if (!at)
			return false;
		memcpy(to, at + va % PAGE, part);
		to += part;
		va += part;
		n -= part;
	}
	return true;
}

/* Where AT_RANDOM lies: in the auxiliary vector, behind arguments and environment. */
static bool read_stack(struct place *w)
{
	uint64_t at = w->s->at.sp, word, pair[2];

	for (unsigned lists = 0; lists < 2;) {
		at += 8;
		if (!peek(w, at, &word, 8))
			return false;
		lists += !word;
	}
	for (unsigned i = 0; i < AUX_MAX; i++) {
		at += i ? 16 : 8;
		if (!peek(w, at, pair, 16) || pair[0] == AT_NULL)
			return false;
		w->at_random = pair[1];
		if (pair[0] == AT_RANDOM)
			return true;
	}
	return false;
}

/* ---- places ---- */

static uint64_t number(const struct place *w, unsigned bits)
{
	uint64_t v;

	w->random(&v, sizeof(v));
	return v >> (64 - bits);
}

static uint64_t slot(const struct place *w, unsigned first, unsigned n)
{
	return UC_LAYOUT_UPPER | (first + number(w, 32) % n) << 39;
}

static void choose(struct place *w)
{
	const struct uc_prepared *at = &w->s->at;
	const unsigned rest = 127 - ((unsigned)(at->ram_top >> 39) + 2); /* not filled by RAM */
	uint64_t image, span = at->virt_end - at->virt_base, guard = number(w, 56) << 8;

	do
		image = slot(w, UC_LAYOUT_IMAGE_SLOT, UC_LAYOUT_IMAGE_SLOTS) |
			number(w, 39 - 15) * IMAGE_STEP;
	while ((image & (GIB - 1)) + span > GIB);
	uint64_t direct = slot(w, UC_LAYOUT_DIRECT_SLOT,
			       rest < UC_LAYOUT_DIRECT_SLOTS ? rest : UC_LAYOUT_DIRECT_SLOTS) |
			  number(w, 32) % UC_LAYOUT_DIRECT_GIBS * GIB |
			  number(w, 32) % uc_layout_direct_places(at->ram_top) * LARGE_PAGE;
	uint64_t code = UC_LAYOUT_PIE_BASE + number(w, UC_LAYOUT_PIE_BITS) * PAGE;
	uint64_t heap = number(w, UC_LAYOUT_HEAP_BITS);
	uint64_t map = UC_LAYOUT_TOP - (PAGE << STACK_BITS) - uc_layout_gap(UC_LAYOUT_STACK_LIMIT) -
		       number(w, UC_LAYOUT_MMAP_BITS) * PAGE;
	uint64_t stack = UC_LAYOUT_TOP - number(w, STACK_BITS) * PAGE;

	w->by[UC_MOVE_IMAGE] = image - at->virt_base;
	w->by[UC_MOVE_DIRECT] = direct - at->direct_base;
	w->by[UC_MOVE_CODE] = at->start_code < UC_LAYOUT_PIE_BASE - GIB
				      ? 0
				      : (code - at->start_code) & ~(at->align - 1);
	w->by[UC_MOVE_HEAP] = w->by[UC_MOVE_CODE] + (heap - at->heap_random) * PAGE;
	w->by[UC_MOVE_MMAP] = (map - at->mmap_base) & ~(at->align - 1);
	w->by[UC_MOVE_STACK] = stack - at->stack_top;
	w->by[UC_MOVE_GUARD] = guard - at->guard;
}

/* Leaves at their new addresses. */
static struct tables moved(const struct place *w, const struct tables *t)
{
	const struct uc_prepared *at = &w->s->at;
	struct tables out = { .nleaves = t->nleaves };

	out.leaves = uc_xmalloc((t->nleaves + 1) * sizeof(*out.leaves));
	for (size_t i = 0; i < t->nleaves; i++) {
		uint64_t va = t->leaves[i].va;
		enum uc_move what = va >= at->direct_base   ? UC_MOVE_DIRECT
				    : va >= UC_LAYOUT_UPPER ? UC_MOVE_IMAGE
				    : va > at->mmap_base    ? UC_MOVE_STACK
				    : va < at->heap         ? UC_MOVE_CODE
							    : UC_MOVE_MMAP;

		out.leaves[i] = t->leaves[i];
		out.leaves[i].va = va + w->by[what];
	}
	return out;
}

/* ---- contents ---- */

static void move_words(struct place *w)
{
	for (uint32_t i = 0; i < w->s->nmoves; i++) {
		uint8_t *at = w->data + (size_t)(w->s->moves[i] >> 3) * 8;
		uint64_t v;

		memcpy(&v, at, sizeof(v));
		v += w->by[w->s->moves[i] & 7];
		memcpy(at, &v, sizeof(v));
	}
}

/* n secret bytes at a physical address, within a page. */
static bool renew(const struct place *w, uint64_t phys, uint64_t n)
{
	uint8_t *at = phys == UINT64_MAX ? NULL : at_phys(&w->mem, phys);

	if (!at || n > PAGE - phys % PAGE)
		return false;
	w->random(at + phys % PAGE, n);
	return true;
}

static bool renew_secrets(const struct place *w)
{
	const struct uc_prepared *at = &w->s->at;
	uint64_t state = at->random - at->virt_base + at->image_phys;

	/* The generator's state may lie across two pages. */
	for (uint64_t n = at->random_len, part; n; n -= part, state += part) {
		part = PAGE - state % PAGE < n ? PAGE - state % PAGE : n;
		if (n > PAGE || !renew(w, state, part))
			return false;
	}
	uint64_t phys = tables_find(&w->program, w->at_random);

	for (unsigned i = 0; i < 16; i += 8) /* its alignment */
		if (!renew(w, phys == UINT64_MAX ? phys : phys + i, 8))
			return false;
	return true;
}

static bool clear(const struct place *w, const uint64_t *tables, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t *at = at_phys(&w->mem, tables[i]);

		if (!at)
			return false;
		memset(at, 0, PAGE);
	}
	return true;
}

/* The program's tables and the frames that the kernel gave for more. */
static uint64_t *program_pool(const struct place *w, size_t *n)
{
	const struct uc_prepared *at = &w->s->at;
	uint64_t *pool = uc_xmalloc((w->program.ntables + UC_PREPARED_SPARES) * sizeof(*pool));

	memcpy(pool, w->program.tables, w->program.ntables * sizeof(*pool));
	*n = w->program.ntables;
	for (unsigned i = 0; i < UC_PREPARED_SPARES && at->spares[i]; i++)
		pool[(*n)++] = at->spares[i];
	return pool;
}

static bool write_tables(struct place *w, const struct tables *program, const struct tables *kernel,
			 const uint64_t *pool, size_t npool)
{
	const struct uc_prepared *at = &w->s->at;
	const uint64_t roots[] = { at->kernel_root, at->program_root };
	uint8_t *entry = at_phys(&w->mem, at->entry_root), *top;
	size_t used = tables_count(program), left = npool - used;

	if (!entry || !clear(w, pool, npool) || !clear(w, roots, 2) ||
	    !clear(w, w->kernel.tables, w->kernel.ntables))
		return false;
	tables_write(&w->mem, at->kernel_root, kernel, w->kernel.tables);
	tables_write(&w->mem, at->program_root, program, pool);
	top = at_phys(&w->mem, at->kernel_root) + HALF * 8;
	memcpy(at_phys(&w->mem, at->program_root) + HALF * 8, top, PAGE / 2);
	memcpy(entry + HALF * 8, top, PAGE / 2);
	memset(w->first.spares, 0, sizeof(w->first.spares));
	memcpy(w->first.spares, pool + used, left * sizeof(*pool));
	return true;
}

/* Chooses places until there are tables enough for them: *program and *kernel as they will be. */
static bool find_places(struct place *w, size_t npool, struct tables *program,
			struct tables *kernel)
{
	for (unsigned i = 0; i < TRIES; i++) {
		choose(w);
		*program = moved(w, &w->program);
		*kernel = moved(w, &w->kernel);
		size_t need = tables_count(program);

		if (tables_count(kernel) <= w->kernel.ntables && need <= npool &&
		    npool - need <= UC_PREPARED_SPARES)
			return true;
		tables_free(program);
		tables_free(kernel);
	}
	return false;
}

static bool build(struct place *w)
{
	struct tables program, kernel;
	size_t npool;
	uint64_t *pool = program_pool(w, &npool);
	bool done = find_places(w, npool, &program, &kernel);

	if (done) {
		move_words(w);
		done = renew_secrets(w) && write_tables(w, &program, &kernel, pool, npool);
		tables_free(&program);
		tables_free(&kernel);
	}
	free(pool);
	return done;
}

/* ---- file ---- */

static size_t count_runs(const struct uc_start *s)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->npages; i++)
		n += !i || s->pages[i] - s->pages[i - 1] > GAP_PAGES;
	return n;
}

static void add_phdr(struct uc_buf *elf, uint64_t off, uint64_t phys, uint64_t bytes)
{
	const Elf64_Phdr p = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = off,
		.p_vaddr = phys,
		.p_paddr = phys,
		.p_filesz = bytes,
		.p_memsz = bytes,
		.p_align = 1,
	};

	uc_buf_add(elf, &p, sizeof(p));
}

static void write_elf(const struct place *w, struct uc_buf *elf)
{
	static const uint8_t zero[PAGE];
	const struct uc_start *s = w->s;
	const size_t runs = count_runs(s);
	const Elf64_Ehdr e = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(e),
		.e_ehsize = sizeof(e),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (Elf64_Half)(runs + 1),
	};
	uint64_t off = sizeof(e) + (runs + 1) * sizeof(Elf64_Phdr);

	uc_buf_add(elf, &e, sizeof(e));
	add_phdr(elf, off, 0, sizeof(w->first));
	off += sizeof(w->first);
	for (uint32_t i = 0, from = 0; i < s->npages; i++) {
		if (i + 1 < s->npages && s->pages[i + 1] - s->pages[i] <= GAP_PAGES)
			continue;
		uint64_t bytes = (s->pages[i] - s->pages[from] + 1) * PAGE;

		add_phdr(elf, off, s->pages[from] * PAGE, bytes);
		off += bytes;
		from = i + 1;
	}
	uc_buf_add(elf, &w->first, sizeof(w->first));
	for (uint32_t i = 0; i < s->npages; i++) {
		uint32_t gap = i ? s->pages[i] - s->pages[i - 1] : 1;

		if (gap <= GAP_PAGES)
			while (--gap)
				uc_buf_add(elf, zero, PAGE);
		uc_buf_add(elf, w->data + (size_t)i * PAGE, PAGE);
	}
}

int uc_start_place(const struct uc_start *s, void (*random)(void *p, size_t n), struct uc_buf *elf)
{
	struct place w = { .s = s, .random = random, .first = s->at };
	bool done = false;

	if (!s->at.align || s->at.align > MAX_ALIGN || s->at.align & (s->at.align - 1))
		return -EINVAL;
	w.data =
		memcpy(uc_xmalloc((size_t)s->npages * PAGE + 1), s->data, (size_t)s->npages * PAGE);
	w.mem = (struct pages){ at_phys, &w, s->memory };
	if (!tables_read(&w.mem, s->at.program_root, 0, HALF, &w.program) &&
	    !tables_read(&w.mem, s->at.kernel_root, HALF, ENTRIES, &w.kernel) && read_stack(&w))
		done = build(&w);
	if (done)
		write_elf(&w, elf);
	tables_free(&w.program);
	tables_free(&w.kernel);
	explicit_bzero(w.data, (size_t)s->npages * PAGE);
	free(w.data);
	return done ? 0 : -EINVAL;
}
