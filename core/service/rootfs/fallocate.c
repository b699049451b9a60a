// SPDX-License-Identifier: BSD-3-Clause
/* Reserving and freeing space inside of files. */
#include <linux/falloc.h>
#include <uc/arch.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(fallocate);

/* Zeroes [off, off+len) within one page, if it shows anything else. */
static int zero_part(struct rfs_node *n, uint64_t off, uint64_t len)
{
	uint64_t pgoff = off >> UC_PAGE_SHIFT, v = rfs_map_get(&n->file.map, pgoff);
	if (v == RFS_ZERO_PAGE || (!v && off >= n->file.lower_len))
		return 0;
	uc_paddr pa;
	int r = rfs_page_own(n, pgoff, &pa);
	if (r == 0)
		memset((uint8_t *)uc_phys_to_virt(pa) + (off & ~UC_PAGE_MASK), 0, len);
	return r;
}

static int punch_page(struct rfs_node *n, uint64_t pgoff)
{
	uint64_t v = rfs_map_get(&n->file.map, pgoff);
	if (rfs_lower_page(n, pgoff))
		return rfs_map_put(n, pgoff, RFS_ZERO_PAGE);
	return v > RFS_ZERO_PAGE ? rfs_map_put(n, pgoff, RFS_ZERO_PAGE) : 0;
}

static int punch(struct rfs_node *n, uint64_t off, uint64_t end)
{
	end = UC_MIN(end, n->size);
	if (off >= end)
		return 0;
	uint64_t first = UC_PAGE_UP(off), last = UC_PAGE_DOWN(end);
	int r = 0;
	if (first > last)
		return zero_part(n, off, end - off);
	if (off < first)
		r = zero_part(n, off, first - off);
	if (r == 0 && last < end)
		r = zero_part(n, last, end - last);
	uint64_t lower_end = UC_PAGE_UP(n->file.lower_len);
	for (uint64_t at = first; r == 0 && at < last; at += UC_PAGE_SIZE) {
		uint64_t pgoff = at >> UC_PAGE_SHIFT, v;
		if (at >= lower_end) { /* only what is in the map can show there */
			if (!rfs_map_next(&n->file.map, pgoff, &pgoff, &v) ||
			    pgoff >= last >> UC_PAGE_SHIFT)
				break;
			at = pgoff << UC_PAGE_SHIFT;
		}
		r = punch_page(n, pgoff);
	}
	rfs_invalidate(n, off >> UC_PAGE_SHIFT,
		       (UC_PAGE_UP(end) >> UC_PAGE_SHIFT) - (off >> UC_PAGE_SHIFT), false);
	return r;
}

/* Gives every page of the range a frame, except where the image shows through. */
static int reserve(struct rfs_node *n, uint64_t off, uint64_t end)
{
	for (uint64_t pgoff = off >> UC_PAGE_SHIFT; pgoff < UC_PAGE_UP(end) >> UC_PAGE_SHIFT;
	     pgoff++) {
		uc_paddr pa;
		if (!rfs_map_get(&n->file.map, pgoff) && rfs_lower_page(n, pgoff))
			continue;
		int r = rfs_page_own(n, pgoff, &pa);
		if (r)
			return r;
	}
	return 0;
}

static int fallocate_locked(struct rfs_node *n, int mode, uint64_t off, uint64_t end)
{
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		int r = n->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) ? -EPERM
									: punch(n, off, end);
		if (r == 0)
			rfs_touch(n);
		return r;
	}
	bool grows = end > n->size && !(mode & FALLOC_FL_KEEP_SIZE);
	if (grows && (n->seals & F_SEAL_GROW))
		return -EPERM;
	int r = mode & FALLOC_FL_ZERO_RANGE ? punch(n, off, end) : 0;
	/* Beyond the end with KEEP_SIZE nothing is reserved: frames there could not be told from
	 * data. */
	if (r == 0)
		r = reserve(n, off, grows ? end : UC_MIN(end, n->size));
	if (r)
		return r;
	if (grows)
		n->size = end;
	rfs_touch(n);
	return 0;
}

int rfs_fallocate(struct uc_file *f, int mode, uint64_t off, uint64_t len)
{
	struct rfs_node *n = rfs_node(f->inode);
	const int known = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE;
	uint64_t end;
	if (mode & ~known)
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if (!len)
		return -EINVAL;
	if (__builtin_add_overflow(off, len, &end) || end > INT64_MAX)
		return -EFBIG;
	int r = mode & FALLOC_FL_KEEP_SIZE ? 0 : uc_upcall_check_fsize(end);
	if (r)
		return r;
	uc_mutex_lock(&n->file.lock);
	r = fallocate_locked(n, mode, off, end);
	uc_mutex_unlock(&n->file.lock);
	return r;
}
