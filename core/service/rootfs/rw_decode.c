// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/string.h>
#include "rw_decode.h"

static bool inside(const struct rw_text *t, uint64_t off, uint64_t n)
{
	return off <= t->len && n <= t->len - off;
}

static void file_at(const struct rw_text *t, uint32_t k, struct uc_rw_file *out)
{
	__builtin_memcpy(out, t->base + sizeof(struct uc_rw_hdr) + (uint64_t)k * sizeof(*out),
			 sizeof(*out));
}

static struct uc_rw_page page_at(const struct rw_text *t, const struct uc_rw_file *f, uint32_t k)
{
	struct uc_rw_page p;
	__builtin_memcpy(&p, t->base + f->map_off + (uint64_t)k * sizeof(p), sizeof(p));
	return p;
}

static bool map_ok(const struct rw_text *t, const struct uc_rw_file *f)
{
	uint64_t pages = t->len >> UC_PAGE_SHIFT;
	if (!inside(t, f->map_off, (uint64_t)f->npages * sizeof(struct uc_rw_page)))
		return false;
	for (uint32_t k = 0; k < f->npages; k++) {
		struct uc_rw_page p = page_at(t, f, k);
		if (k && p.pgoff <= page_at(t, f, k - 1).pgoff)
			return false;
		if (p.data_pgoff == 0 || p.data_pgoff >= pages)
			return false;
	}
	return true;
}

static bool stubs_ok(const struct rw_text *t, const struct uc_rw_file *f)
{
	if ((f->stub_off | f->stub_vaddr) & ~UC_PAGE_MASK)
		return false;
	return inside(t, f->stub_off, (uint64_t)f->stub_pages << UC_PAGE_SHIFT);
}

int rw_open(struct rw_text *t, const void *base, uint64_t len)
{
	struct uc_rw_hdr h;
	if (len < sizeof(h))
		return -EINVAL;
	memcpy(&h, base, sizeof(h));
	if (h.magic != UC_RW_MAGIC || h.version != UC_RW_VERSION)
		return -EINVAL;
	if (h.total_len > len || h.total_len < sizeof(h))
		return -EUCLEAN;
	*t = (struct rw_text){ .base = base, .len = h.total_len, .nfiles = h.nfiles };
	if (!inside(t, sizeof(h), (uint64_t)h.nfiles * sizeof(struct uc_rw_file)))
		return -EUCLEAN;
	uint64_t before = 0;
	for (uint32_t k = 0; k < t->nfiles; k++) {
		struct uc_rw_file f;
		file_at(t, k, &f);
		if (!map_ok(t, &f) || !stubs_ok(t, &f))
			return -EUCLEAN;
		if (k && before >= f.path_hash)
			return -EUCLEAN;
		before = f.path_hash;
	}
	return 0;
}

bool rw_find(const struct rw_text *t, uint64_t path_hash, struct uc_rw_file *out)
{
	uint32_t lo = 0, hi = t->nfiles;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		file_at(t, mid, out);
		if (out->path_hash == path_hash)
			return true;
		if (out->path_hash < path_hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

uint64_t rw_replacement(const struct rw_text *t, const struct uc_rw_file *f, uint64_t pgoff,
			uint64_t *run)
{
	uint32_t lo = 0, hi = f->npages;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (page_at(t, f, mid).pgoff < pgoff)
			lo = mid + 1;
		else
			hi = mid;
	}
	*run = UINT64_MAX;
	if (lo == f->npages)
		return 0;
	struct uc_rw_page p = page_at(t, f, lo), q = p;
	*run = p.pgoff - pgoff;
	if (*run)
		return 0;
	while (q.pgoff - p.pgoff == *run && q.data_pgoff - p.data_pgoff == *run &&
	       lo + ++*run < f->npages)
		q = page_at(t, f, lo + (uint32_t)*run);
	return p.data_pgoff;
}
