// SPDX-License-Identifier: BSD-3-Clause
/*
 * Pages of mapped files. Reads and writes go to the server; so that mappings agree with them, a
 * write also goes into cached pages, and a read takes what a writable mapping holds. p->io orders
 * everything that moves data; nothing under it touches application memory or an address space.
 */
#include <uc/frame.h>
#include <uc/plat.h>
#include "p9_fs.h"

#define AHEAD_MAX     16u
#define AHEAD_LOW_RAM 4u
#define LOW_RAM       (32ull << 20)

static void *page_mem(const struct p9_page *g)
{
	return uc_phys_to_virt(g->pa);
}

/* ---- the tree ---- */

/* First page at or after pgoff. */
static struct p9_page *page_from(struct p9_inode *p, uint64_t pgoff)
{
	struct uc_rbnode *n = p->pages.root;
	struct p9_page *best = NULL;
	while (n) {
		struct p9_page *g = UC_CONTAINER(n, struct p9_page, node);
		if (g->pgoff >= pgoff)
			best = g;
		n = g->pgoff >= pgoff ? n->left : n->right;
	}
	return best;
}

static struct p9_page *page_next(struct p9_page *g)
{
	struct uc_rbnode *n = uc_rb_next(&g->node);
	return n ? UC_CONTAINER(n, struct p9_page, node) : NULL;
}

static struct p9_page *page_find(struct p9_inode *p, uint64_t pgoff)
{
	struct p9_page *g = page_from(p, pgoff);
	return g && g->pgoff == pgoff ? g : NULL;
}

static bool page_insert(struct p9_inode *p, uint64_t pgoff, uc_paddr pa)
{
	struct uc_rbnode **at = &p->pages.root, *up = NULL;
	struct p9_page *g = uc_heap_alloc(sizeof(*g));
	if (!g)
		return false;
	*g = (struct p9_page){ .pgoff = pgoff, .pa = pa };
	while (*at) {
		up = *at;
		at = pgoff < UC_CONTAINER(up, struct p9_page, node)->pgoff ? &up->left : &up->right;
	}
	uc_rb_link(&p->pages, &g->node, up, at);
	if (p->npages++ == 0)
		uc_list_push_back(&p9_sb(p)->mapped, &p->mapped_link);
	return true;
}

static void page_drop(struct p9_inode *p, struct p9_page *g)
{
	uc_rb_erase(&p->pages, &g->node);
	uc_frame_unref(g->pa);
	uc_heap_free(g);
	if (--p->npages == 0)
		uc_list_remove(&p->mapped_link);
}

bool p9_pages_drop(struct p9_inode *p, bool all)
{
	bool any = false;
	for (struct p9_page *g = page_from(p, 0), *next; g; g = next) {
		next = page_next(g);
		if (!all && (g->wr || uc_frame_refs(g->pa) > 1))
			continue;
		page_drop(p, g);
		any = true;
	}
	return any;
}

/* ---- filling ---- */

static int handle_for(struct p9_inode *p, bool write, struct p9_handle **out)
{
	struct p9_handle **slot = write ? &p->map_wr : &p->map_rd;
	if (!*slot) {
		struct p9_handle *h = p9_handle_open(p, write ? O_WRONLY : O_RDONLY);
		if (UC_IS_ERR(h))
			return UC_PTR_ERR(h);
		*slot = h;
	}
	*out = *slot;
	return 0;
}

void p9_pages_file_mapped(struct p9_inode *p, struct p9_handle *h)
{
	if (h->rd && !p->map_rd) {
		h->refs++;
		p->map_rd = h;
	}
	if (h->wr && !h->append && !p->map_wr) {
		h->refs++;
		p->map_wr = h;
	}
}

/* Missing pages from pgoff on that are worth reading together. */
static unsigned ahead(struct p9_inode *p, uint64_t pgoff)
{
	unsigned max = uc_plat_ram_bytes() < LOW_RAM ? AHEAD_LOW_RAM : AHEAD_MAX;
	struct p9_page *g = page_from(p, pgoff);
	max = UC_MIN(max, UC_MAX(p9_c(p)->data_max / (uint32_t)UC_PAGE_SIZE, 1u));
	return g ? UC_MIN((uint64_t)max, g->pgoff - pgoff) : max;
}

static unsigned alloc_frames(struct uc_vq_buf *v, unsigned n)
{
	unsigned i;
	for (i = 0; i < n; i++) {
		v[i] = (struct uc_vq_buf){ uc_frame_alloc(), UC_PAGE_SIZE };
		if (!v[i].pa)
			break;
	}
	return i;
}

/* A page that was read in part: the rest, until the end of the file is certain. Bytes in the page.
 * */
static int64_t complete_page(struct p9_inode *p, struct p9_handle *h, uint64_t off, uc_paddr pa,
			     uint32_t have)
{
	while (have < UC_PAGE_SIZE) {
		struct uc_vq_buf v = { pa + have, UC_PAGE_SIZE - have };
		struct p9_data d = { &v, 1, v.len };
		int64_t got = p9_read(p9_c(p), h->fid, off + have, &d);
		if (got < 0)
			return got;
		if (!got)
			break;
		have += got;
	}
	memset((uint8_t *)uc_phys_to_virt(pa) + have, 0, UC_PAGE_SIZE - have);
	return have;
}

/* Reads into n frames: pages that hold file data, or -errno. */
static int64_t read_frames(struct p9_inode *p, uint64_t pgoff, struct uc_vq_buf *v, unsigned n)
{
	struct p9_handle *h = NULL;
	struct p9_data d = { v, n, n * (uint32_t)UC_PAGE_SIZE };
	int e = handle_for(p, false, &h);
	if (e)
		return e;
	int64_t got = p9_read(p9_c(p), h->fid, pgoff << UC_PAGE_SHIFT, &d);
	if (got <= 0)
		return got;
	unsigned whole = got >> UC_PAGE_SHIFT;
	uint32_t part = got & (UC_PAGE_SIZE - 1);
	if (!part)
		return whole;
	got = complete_page(p, h, (pgoff + whole) << UC_PAGE_SHIFT, v[whole].pa, part);
	return got < 0 ? got : whole + 1;
}

static int fill(struct p9_inode *p, uint64_t pgoff)
{
	struct uc_vq_buf v[AHEAD_MAX];
	if (page_find(p, pgoff))
		return 0; /* someone was faster */
	if (pgoff > (uint64_t)INT64_MAX >> UC_PAGE_SHIFT)
		return -ERANGE;
	unsigned n = alloc_frames(v, ahead(p, pgoff));
	if (!n)
		return -ENOMEM;
	int64_t good = read_frames(p, pgoff, v, n);
	int e = good < 0 ? (int)good : good ? 0 : -ERANGE;
	for (unsigned i = 0; i < n; i++) {
		if ((int64_t)i < good && page_insert(p, pgoff + i, v[i].pa))
			continue;
		uc_frame_unref(v[i].pa);
		if (!i && !e)
			e = -ENOMEM;
	}
	return e;
}

static struct p9_inode *of(struct uc_vmobj *o)
{
	return UC_CONTAINER(o, struct p9_inode, i.vmobj);
}

static int p9_vm_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		      struct uc_vm_page *out)
{
	struct p9_inode *p = of(o);
	struct p9_page *g;
	while (!(g = page_find(p, pgoff))) {
		uc_mutex_lock(&p->io);
		int e = fill(p, pgoff);
		uc_mutex_unlock(&p->io);
		if (e)
			return e;
	}
	if (access == UC_VM_WRITE)
		g->wr = true;
	uc_frame_ref(g->pa);
	*out = (struct uc_vm_page){ .pa = g->pa, .run = 1 };
	return 0;
}

/* ---- agreement with read, write and truncate ---- */

/* Part of page g inside the file range off, n: offset in the range, in the page, and length. */
static bool overlap(const struct p9_page *g, uint64_t off, size_t n, size_t *in_range,
		    size_t *in_page, size_t *len)
{
	uint64_t start = g->pgoff << UC_PAGE_SHIFT;
	uint64_t from = UC_MAX(start, off), to = UC_MIN(start + UC_PAGE_SIZE, off + n);
	if (from >= to)
		return false;
	*in_range = from - off;
	*in_page = from - start;
	*len = to - from;
	return true;
}

void p9_pages_overlay(struct p9_inode *p, uint64_t off, void *buf, size_t n)
{
	size_t r, q, len;
	for (struct p9_page *g = page_from(p, off >> UC_PAGE_SHIFT); g; g = page_next(g)) {
		if (!overlap(g, off, n, &r, &q, &len))
			return;
		if (g->wr)
			memcpy((uint8_t *)buf + r, (uint8_t *)page_mem(g) + q, len);
	}
}

void p9_pages_update(struct p9_inode *p, uint64_t off, const void *buf, size_t n)
{
	size_t r, q, len;
	for (struct p9_page *g = page_from(p, off >> UC_PAGE_SHIFT); g; g = page_next(g)) {
		if (!overlap(g, off, n, &r, &q, &len))
			return;
		memcpy((uint8_t *)page_mem(g) + q, (const uint8_t *)buf + r, len);
	}
}

void p9_pages_truncate(struct p9_inode *p, uint64_t size)
{
	uint32_t tail = size & (UC_PAGE_SIZE - 1);
	struct p9_page *g = tail ? page_find(p, size >> UC_PAGE_SHIFT) : NULL;
	if (g)
		memset((uint8_t *)page_mem(g) + tail, 0, UC_PAGE_SIZE - tail);
	for (struct p9_page *next = g = page_from(p, UC_PAGE_UP(size) >> UC_PAGE_SHIFT); g;
	     g = next) {
		next = page_next(g);
		page_drop(p, g);
	}
}

/* ---- write-back ---- */

/* The first pages given out writable in [pgoff, end) that follow each other. */
static unsigned gather(struct p9_inode *p, uint64_t *pgoff, uint64_t end, struct uc_vq_buf *v,
		       unsigned max)
{
	unsigned n = 0;
	for (struct p9_page *g = page_from(p, *pgoff); g && g->pgoff < end && n < max;
	     g = page_next(g)) {
		if (n && (!g->wr || g->pgoff != *pgoff + n))
			break;
		if (!g->wr)
			continue;
		if (!n)
			*pgoff = g->pgoff;
		v[n++] = (struct uc_vq_buf){ g->pa, UC_PAGE_SIZE };
	}
	return n;
}

/* Pages that no mapping can write any more are clean now. */
static void settle(struct p9_inode *p, uint64_t pgoff, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct p9_page *g = page_find(p, pgoff + i);
		if (g && uc_frame_refs(g->pa) == 1)
			g->wr = false;
	}
}

/* Writes one run, cut at the end of the file: pages done, or -errno. */
static int write_run(struct p9_inode *p, uint64_t pgoff, struct uc_vq_buf *v, unsigned n,
		     uint64_t size)
{
	struct p9_handle *h = NULL;
	uint64_t off = pgoff << UC_PAGE_SHIFT;
	if (off >= size)
		return n; /* beyond the end there is nothing to keep */
	int e = handle_for(p, true, &h);
	if (e)
		return e;
	uint32_t len = UC_MIN((uint64_t)n << UC_PAGE_SHIFT, size - off);
	n = UC_PAGE_UP(len) >> UC_PAGE_SHIFT;
	v[n - 1].len = len - ((n - 1) << UC_PAGE_SHIFT);
	struct p9_data d = { v, n, len };
	int64_t put = p9_write(p9_c(p), h->fid, off, &d);
	if (put < 0)
		return put;
	if (put == (int64_t)len)
		return n;
	return put < (int64_t)UC_PAGE_SIZE ? -EIO : (int)(put >> UC_PAGE_SHIFT);
}

static int write_back_locked(struct p9_inode *p, uint64_t pgoff, uint64_t end)
{
	struct uc_vq_buf v[AHEAD_MAX];
	struct p9_attr a;
	unsigned max = UC_MIN(UC_MAX(p9_c(p)->data_max / (uint32_t)UC_PAGE_SIZE, 1u), AHEAD_MAX), n;
	bool sized = false;
	while ((n = gather(p, &pgoff, end, v, max))) {
		int e = sized ? 0 : p9_getattr(p9_c(p), p->fid, &a);
		sized = true;
		if (!e)
			e = write_run(p, pgoff, v, n, a.size);
		if (e < 0)
			return e;
		settle(p, pgoff, e);
		pgoff += e;
	}
	return 0;
}

int p9_pages_write_back(struct p9_inode *p, uint64_t pgoff, uint64_t npages)
{
	uint64_t end = npages > UINT64_MAX - pgoff ? UINT64_MAX : pgoff + npages;
	if (!p->npages)
		return 0;
	uc_mutex_lock(&p->io);
	int e = write_back_locked(p, pgoff, end);
	uc_mutex_unlock(&p->io);
	return e;
}

static int p9_vm_sync(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages)
{
	return p9_pages_write_back(of(o), pgoff, npages);
}

/* The last mapping takes its pages along: the next one sees what the host has by then. */
static void p9_vm_unref(struct uc_vmobj *o)
{
	struct p9_inode *p = of(o);
	uc_inode_ref(&p->i);
	uc_inode_vmobj_unref(o);
	if (!p->i.maps) {
		p9_pages_write_back(p, 0, UINT64_MAX);
		p9_pages_drop(p, false);
		p9_handle_put(p, p->map_rd);
		p9_handle_put(p, p->map_wr);
		p->map_rd = p->map_wr = NULL;
		p9_unpark(p);
	}
	uc_inode_unref(&p->i);
}

const struct uc_vmobj_ops p9_vmobj_ops = {
	.ref = uc_inode_vmobj_ref, .unref = p9_vm_unref, .page = p9_vm_page, .sync = p9_vm_sync,
	.describe = uc_inode_vmobj_describe,
};
