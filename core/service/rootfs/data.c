// SPDX-License-Identifier: BSD-3-Clause
/* Contents of regular files: pages in memory over the bytes of the image. */
#include <linux/fs.h>
#include <uc/arch.h>
#include "rootfs_impl.h"

/* Frames that files leave for everything else. */
#define RESERVE_FRAMES 32u

uc_paddr rfs_frame(bool zero)
{
	struct uc_frame_stats st;
	uc_frame_stats(&st);
	if (st.free < RESERVE_FRAMES + st.total / 64)
		return UC_FRAME_NONE;
	return zero ? uc_frame_alloc_zero() : uc_frame_alloc();
}

static uint8_t *page_of(uc_paddr pa) { return uc_phys_to_virt(pa); }

int rfs_map_put(struct rfs_node *n, uint64_t pgoff, uint64_t v)
{
	struct rootfs *fs = rfs_of(n);
	uint64_t old = rfs_map_get(&n->file.map, pgoff);
	bool grows = v > RFS_ZERO_PAGE && old <= RFS_ZERO_PAGE;
	if (grows && fs->limit && fs->used >= fs->limit)
		return -ENOSPC;
	if (rfs_map_set(&n->file.map, pgoff, v))
		return -ENOSPC;
	if (!old && rfs_lower_page(n, pgoff))
		n->file.hidden++;
	int change = (v > RFS_ZERO_PAGE) - (old > RFS_ZERO_PAGE);
	n->file.frames += (uint64_t)(int64_t)change;
	fs->used += (uint64_t)(int64_t)change;
	if (old > RFS_ZERO_PAGE)
		uc_frame_unref(old);
	return 0;
}

/* Bytes of the image that show from off on, at most n; the rest of the page shows zeros. */
static uint64_t lower_bytes(const struct rfs_node *n, uint64_t off, uint64_t want)
{
	return off < n->file.lower_len ? UC_MIN(want, n->file.lower_len - off) : 0;
}

void rfs_page_lower(const struct rfs_node *n, uint64_t pgoff, uint8_t *page)
{
	uint64_t off = pgoff << UC_PAGE_SHIFT, have = lower_bytes(n, off, UC_PAGE_SIZE), done = 0;
	while (done < have) {
		struct uc_erofs_piece piece;
		if (uc_erofs_piece(&rfs_of(n)->lower, &n->lower, off + done, &piece))
			break;
		uint64_t len = UC_MIN(piece.len, have - done);
		if (piece.p)
			memcpy(page + done, piece.p, len);
		else
			memset(page + done, 0, len);
		done += len;
	}
	memset(page + done, 0, UC_PAGE_SIZE - done);
}

int rfs_page_own(struct rfs_node *n, uint64_t pgoff, uc_paddr *pa)
{
	uint64_t v = rfs_map_get(&n->file.map, pgoff);
	if (v > RFS_ZERO_PAGE) {
		*pa = v;
		return 0;
	}
	bool lower = !v && rfs_lower_page(n, pgoff);
	uc_paddr frame = rfs_frame(!lower);
	if (!frame)
		return -ENOSPC;
	if (lower)
		rfs_page_lower(n, pgoff, page_of(frame));
	if (rfs_map_put(n, pgoff, frame)) {
		uc_frame_unref(frame);
		return -ENOSPC;
	}
	if (lower)
		rfs_invalidate(n, pgoff, 1, false); /* mappings still show the image's page */
	*pa = frame;
	return 0;
}

void rfs_invalidate(struct rfs_node *n, uint64_t pgoff, uint64_t npages, bool copies)
{
	if (n->i.maps && uc_vfs_invalidate)
		uc_vfs_invalidate(&n->i.vmobj, pgoff, npages, copies);
}

void rfs_touch(struct rfs_node *n)
{
	uint32_t uid, gid;
	n->mtime = n->ctime = rfs_now(rfs_of(n));
	n->flags |= RFS_DATA;
	rfs_changed(n);
	if (!(n->i.mode & (S_ISUID | S_ISGID)))
		return;
	uc_upcall_creds(&uid, &gid);
	if (uid == 0)
		return;
	n->i.mode &= ~(uint32_t)S_ISUID;
	if (n->i.mode & S_IXGRP)
		n->i.mode &= ~(uint32_t)S_ISGID;
}

void rfs_drop_page(void *ctx, uint64_t pgoff, uint64_t v)
{
	struct rfs_node *n = ctx;
	if (rfs_lower_page(n, pgoff))
		n->file.hidden--;
	if (v <= RFS_ZERO_PAGE)
		return;
	n->file.frames--;
	rfs_of(n)->used--;
	uc_frame_unref(v);
}

void rfs_data_free(struct rfs_node *n)
{
	rfs_map_cut(&n->file.map, 0, rfs_drop_page, n);
}

/* ---- read ---- */

/* One contiguous part at pos, at most `want` bytes. */
static ssize_t read_part(struct rfs_node *n, struct uc_iter *it, uint64_t pos, uint64_t want)
{
	uint64_t v = 0, in = pos & ~UC_PAGE_MASK;
	if (n->file.map.root) {
		v = rfs_map_get(&n->file.map, pos >> UC_PAGE_SHIFT);
		want = UC_MIN(want, UC_PAGE_SIZE - in);
	}
	if (v > RFS_ZERO_PAGE) {
		uc_frame_ref(v); /* the copy may block while the file is truncated */
		ssize_t r = uc_iter_put(it, page_of(v) + in, want);
		uc_frame_unref(v);
		return r;
	}
	uint64_t have = v ? 0 : lower_bytes(n, pos, want);
	if (!have)
		return uc_iter_put_zero(it, want);
	struct uc_erofs_piece piece;
	int r = uc_erofs_piece(&rfs_of(n)->lower, &n->lower, pos, &piece);
	if (r)
		return -EIO;
	have = UC_MIN(have, piece.len);
	return piece.p ? uc_iter_put(it, piece.p, have) : uc_iter_put_zero(it, have);
}

static ssize_t read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct rfs_node *n = rfs_node(f->inode);
	ssize_t done = 0;
	while (it->left && *pos < n->size) {
		ssize_t r = read_part(n, it, *pos, UC_MIN(it->left, n->size - *pos));
		if (r <= 0)
			return done ? done : r;
		*pos += (uint64_t)r;
		done += r;
	}
	return done;
}

/* Everything is in memory: nothing to wait for. */
static int fsync(struct uc_file *f, bool datasync) { return 0; }

static struct uc_vmobj *mmap(struct uc_file *f, int prot, int flags)
{
	enum { PROT_WRITE_BIT = 2, MAP_SHARED_BIT = 1 };
	struct rfs_node *n = rfs_node(f->inode);
	bool shared_write = (prot & PROT_WRITE_BIT) && (flags & MAP_SHARED_BIT);
	if (shared_write && (n->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)))
		return UC_ERR_PTR(-EPERM);
	return &n->i.vmobj;
}

static loff_t seek(struct uc_file *f, loff_t off, int whence)
{
	if ((whence == SEEK_DATA || whence == SEEK_HOLE) && rfs_seek_hole)
		return rfs_seek_hole(f, off, whence);
	return uc_file_seek_size(f, off, whence, rfs_node(f->inode)->size);
}

const struct uc_file_ops rfs_file_fops = {
	.read = read,
	.write = rfs_write,
	.seek = seek,
	.fsync = fsync,
	.fallocate = rfs_fallocate,
	.mmap = mmap,
};
const struct uc_inode_ops rfs_file_ops = {
	.getattr = rfs_getattr,
	.setattr = rfs_setattr,
	.getxattr = rfs_getxattr,
	.listxattr = rfs_listxattr,
	.setxattr = rfs_setxattr,
	.release = rfs_release,
};
