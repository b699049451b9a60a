// SPDX-License-Identifier: BSD-3-Clause
/* Writing to regular files. */
#include <uc/arch.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(write);
UC_NEEDS_PART(invalidate);

static uint8_t *page_of(uc_paddr pa) { return uc_phys_to_virt(pa); }

/* A page that has no frame yet: filled from the iterator first, so that no half-made page is
 * seen. */
static ssize_t write_new(struct rfs_node *n, struct uc_iter *it, uint64_t pgoff, uint64_t in,
			 uint64_t len)
{
	bool whole = len == UC_PAGE_SIZE;
	bool lower = !rfs_map_get(&n->file.map, pgoff) && rfs_lower_page(n, pgoff);
	uc_paddr frame = rfs_frame(!whole && !lower);
	if (!frame)
		return -ENOSPC;
	if (!whole && lower)
		rfs_page_lower(n, pgoff, page_of(frame));
	ssize_t r = uc_iter_get(it, page_of(frame) + in, len);
	if (r > 0 && (uint64_t)r < len && whole) {
		/* The source ended in a fault: the rest is what was there before. */
		uint8_t *page = page_of(frame);
		if (lower) {
			uc_paddr copy = rfs_frame(false);
			if (!copy) {
				uc_frame_unref(frame);
				return -ENOSPC;
			}
			rfs_page_lower(n, pgoff, page_of(copy));
			memcpy(page_of(copy), page, (size_t)r);
			uc_frame_unref(frame);
			frame = copy;
		} else {
			memset(page + r, 0, UC_PAGE_SIZE - (size_t)r);
		}
	}
	uint64_t now = r > 0 ? rfs_map_get(&n->file.map, pgoff) : 0;
	if (now > RFS_ZERO_PAGE) { /* a page fault made it while the copy blocked */
		memcpy(page_of(now) + in, page_of(frame) + in, (size_t)r);
	} else if (r > 0 && rfs_map_put(n, pgoff, frame) == 0) {
		if (lower)
			rfs_invalidate(n, pgoff, 1, false);
		return r;
	} else if (r > 0) {
		r = -ENOSPC;
	}
	uc_frame_unref(frame);
	return r;
}

static ssize_t write_page(struct rfs_node *n, struct uc_iter *it, uint64_t pos, uint64_t len)
{
	uint64_t pgoff = pos >> UC_PAGE_SHIFT, in = pos & ~UC_PAGE_MASK;
	uint64_t v = rfs_map_get(&n->file.map, pgoff);
	if (v <= RFS_ZERO_PAGE)
		return write_new(n, it, pgoff, in, len);
	uc_frame_ref(v);
	ssize_t r = uc_iter_get(it, page_of(v) + in, len);
	uc_frame_unref(v);
	return r;
}

/* What limits and seals leave of a write of len bytes at pos. Bytes or -errno. */
static ssize_t write_allowed(struct rfs_node *n, uint64_t pos, uint64_t len)
{
	if (n->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (pos >= INT64_MAX)
		return -EFBIG;
	len = UC_MIN(len, INT64_MAX - pos);
	if ((n->seals & F_SEAL_GROW) && pos + len > n->size) {
		if (pos >= n->size)
			return -EPERM;
		len = n->size - pos;
	}
	return uc_upcall_fsize_room(pos, len);
}

static ssize_t write_locked(struct rfs_node *n, struct uc_iter *it, uint64_t *pos)
{
	ssize_t allowed = write_allowed(n, *pos, it->left);
	if (allowed < 0)
		return allowed;
	ssize_t done = 0;
	while (done < allowed) {
		uint64_t len =
			UC_MIN((uint64_t)(allowed - done), UC_PAGE_SIZE - (*pos & ~UC_PAGE_MASK));
		ssize_t r = write_page(n, it, *pos, len);
		if (r <= 0) {
			if (!done)
				done = r;
			break;
		}
		*pos += (uint64_t)r;
		done += r;
		if (*pos > n->size)
			n->size = *pos;
		if ((uint64_t)r < len)
			break;
	}
	if (done > 0)
		rfs_touch(n);
	return done;
}

ssize_t rfs_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct rfs_node *n = rfs_node(f->inode);
	if (!it->left)
		return 0;
	uc_mutex_lock(&n->file.lock);
	if (f->flags & O_APPEND)
		*pos = n->size;
	ssize_t r = write_locked(n, it, pos);
	uc_mutex_unlock(&n->file.lock);
	return r;
}
