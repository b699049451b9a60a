// SPDX-License-Identifier: BSD-3-Clause
/* Reading and writing open files, through bounce memory taken for the call. */
#include <uc/frame.h>
#include "p9_fs.h"

#define HEAP_BOUNCE 2048u

/* ---- bounce memory ---- */

struct bounce { uint8_t *p; uint32_t cap; int order; };

static int bounce_get(struct bounce *b, uint64_t want, uint32_t max)
{
	want = UC_MIN(want, (uint64_t)max);
	if (want <= HEAP_BOUNCE) {
		*b = (struct bounce){ .p = uc_heap_alloc(want), .cap = want, .order = -1 };
		return b->p ? 0 : -ENOMEM;
	}
	int order = 0;
	while ((UC_PAGE_SIZE << order) < want)
		order++;
	for (; order >= 0; order--) {
		uc_paddr pa = uc_frame_alloc_order(order);
		if (!pa)
			continue;
		*b = (struct bounce){ uc_phys_to_virt(pa), UC_MIN(want, UC_PAGE_SIZE << order),
				      order };
		return 0;
	}
	return -ENOMEM;
}

static void bounce_put(struct bounce *b)
{
	if (b->order < 0)
		uc_heap_free(b->p);
	else
		uc_frame_unref_order(uc_virt_to_phys(b->p), b->order);
}

static struct p9_data data_of(struct uc_vq_buf *v, void *p, uint32_t n)
{
	*v = (struct uc_vq_buf){ uc_virt_to_phys(p), n };
	return (struct p9_data){ v, 1, n };
}

/* ---- read ---- */

/* One message's worth. Bytes given to the reader, 0 at the end; *full: there may be more. */
static ssize_t read_part(struct uc_file *f, struct uc_iter *it, uint64_t pos, struct bounce *b,
			 bool *full)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_handle *h = f->priv;
	struct uc_vq_buf v;
	uint32_t ask = UC_MIN((uint64_t)b->cap, it->left);
	struct p9_data d = data_of(&v, b->p, ask);
	int64_t got = p9_read(p9_c(p), h->fid, pos, &d);
	if (got <= 0)
		return got;
	p9_pages_overlay(p, pos, b->p, got);
	ssize_t put = uc_iter_put(it, b->p, got);
	*full = got == ask && put == got;
	return put;
}

static ssize_t p9_file_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct bounce b;
	ssize_t done = 0, r = 0;
	bool full = true;
	if (!it->left)
		return 0;
	if (*pos > INT64_MAX)
		return -EINVAL;
	int e = bounce_get(&b, it->left, p9_c(p9_i(f->inode))->data_max);
	if (e)
		return e;
	while (it->left && full) {
		full = false;
		r = read_part(f, it, *pos + done, &b, &full);
		if (r > 0)
			done += r;
	}
	bounce_put(&b);
	*pos += done;
	return done ? done : r;
}

/* ---- write ---- */

/* A file opened for appending whose flag was cleared since needs a fid without it. */
static int drop_append(struct uc_file *f)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_handle *h = f->priv;
	if (!h->append || (f->flags & O_APPEND))
		return 0;
	struct p9_handle *fresh = p9_handle_open(p, f->flags & ~(unsigned)O_APPEND);
	if (UC_IS_ERR(fresh))
		return UC_PTR_ERR(fresh);
	f->priv = fresh;
	p9_handle_put(p, h);
	return 0;
}

/* Sends n bytes; cached pages follow what the server took. */
static int64_t write_part(struct uc_file *f, uint64_t pos, void *buf, uint32_t n)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_handle *h = f->priv;
	struct uc_vq_buf v;
	struct p9_data d = data_of(&v, buf, n);
	int64_t put = p9_write(p9_c(p), h->fid, pos, &d);
	if (put > 0)
		p9_pages_update(p, pos, buf, put);
	return put;
}

static int64_t write_ordered(struct uc_file *f, uint64_t *pos, void *buf, uint32_t n, bool first)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_attr a;
	int64_t r = 0;
	uc_mutex_lock(&p->io);
	if (first && (f->flags & O_APPEND)) {
		r = p9_getattr(p9_c(p), p->fid, &a);
		if (!r)
			*pos = a.size;
	}
	if (!r)
		r = uc_upcall_fsize_room(*pos, n);
	if (r > 0)
		r = write_part(f, *pos, buf, (uint32_t)r);
	uc_mutex_unlock(&p->io);
	return r;
}

static ssize_t p9_file_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct bounce b;
	ssize_t done = 0;
	int64_t r = drop_append(f);
	if (r || !it->left)
		return r;
	if (*pos > INT64_MAX || it->left > (uint64_t)INT64_MAX - *pos)
		return -EFBIG;
	r = bounce_get(&b, it->left, p9_c(p9_i(f->inode))->data_max);
	if (r)
		return r;
	while (it->left) {
		ssize_t n = uc_iter_get(it, b.p, UC_MIN((uint64_t)b.cap, it->left));
		r = n > 0 ? write_ordered(f, pos, b.p, n, !done) : n;
		if (r > 0) {
			done += r;
			*pos += r;
		}
		if (r != n || n <= 0)
			break;
	}
	bounce_put(&b);
	return done ? done : r;
}

/* ---- the rest ---- */

static loff_t p9_file_seek(struct uc_file *f, loff_t off, int whence)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_attr a = { 0 };
	enum { FROM_START = 0, FROM_HERE = 1 };
	if (whence != FROM_START && whence != FROM_HERE) {
		int e = p9_refresh(p, &a);
		if (e)
			return e;
	}
	return uc_file_seek_size(f, off, whence, a.size);
}

static int p9_file_fsync(struct uc_file *f, bool datasync)
{
	struct p9_inode *p = p9_i(f->inode);
	struct p9_handle *h = f->priv;
	int e = p9_pages_write_back(p, 0, UINT64_MAX);
	int sync = p9_fsync(p9_c(p), h->fid, datasync);
	return e ? e : sync;
}

static struct uc_vmobj *p9_file_mmap(struct uc_file *f, int prot, int flags)
{
	struct p9_inode *p = p9_i(f->inode);
	p9_pages_file_mapped(p, f->priv);
	return &p->i.vmobj;
}

static void p9_file_release(struct uc_file *f)
{
	struct p9_inode *p = p9_i(f->inode);
	p9_handle_put(p, f->priv);
	p->opens--;
	p9_unpark(p);
}

const struct uc_file_ops p9_file_fops = {
	.read = p9_file_read, .write = p9_file_write, .seek = p9_file_seek, .mmap = p9_file_mmap,
	.fsync = p9_file_fsync, .release = p9_file_release,
};
