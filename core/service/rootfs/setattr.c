// SPDX-License-Identifier: BSD-3-Clause
/* Attributes that are set, the size among them. */
#include <uc/arch.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(setattr);
UC_NEEDS_PART(invalidate);

#define NS_PER_S 1000000000

static void shrink(struct rfs_node *n, uint64_t size)
{
	uint64_t keep = UC_PAGE_UP(size) >> UC_PAGE_SHIFT, in = size & ~UC_PAGE_MASK;
	uint64_t v = rfs_map_get(&n->file.map, size >> UC_PAGE_SHIFT);
	if (in && v > RFS_ZERO_PAGE)
		memset((uint8_t *)uc_phys_to_virt(v) + in, 0, UC_PAGE_SIZE - in);
	rfs_map_cut(&n->file.map, keep, rfs_drop_page, n);
	n->file.lower_len = UC_MIN(n->file.lower_len, size);
	/* A last page that is mapped from the image would go on showing what was cut off. */
	if (in && v <= RFS_ZERO_PAGE)
		rfs_invalidate(n, keep - 1, 1, false);
	n->size = size;
	rfs_invalidate(n, keep, UINT64_MAX >> UC_PAGE_SHIFT, true);
}

int rfs_truncate(struct rfs_node *n, uint64_t size)
{
	if (size > INT64_MAX)
		return -EINVAL;
	if (size < n->size && (n->seals & F_SEAL_SHRINK))
		return -EPERM;
	if (size > n->size && (n->seals & F_SEAL_GROW))
		return -EPERM;
	uc_mutex_lock(&n->file.lock);
	if (size < n->size)
		shrink(n, size);
	n->size = size;
	rfs_touch(n);
	uc_mutex_unlock(&n->file.lock);
	return 0;
}

/* Times beyond what 64-bit nanoseconds hold (year 2262) are clamped, as file systems do. */
static int64_t to_ns(struct __kernel_timespec ts)
{
	int64_t ns;
	if (__builtin_mul_overflow(ts.tv_sec, (int64_t)NS_PER_S, &ns) ||
	    __builtin_add_overflow(ns, (int64_t)ts.tv_nsec, &ns))
		return ts.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

int rfs_setattr(struct uc_inode *i, const struct uc_attr *a)
{
	struct rfs_node *n = rfs_node(i);
	if (a->valid & UC_ATTR_SIZE) {
		int r = rfs_truncate(n, a->size);
		if (r)
			return r;
	}
	if (a->valid & UC_ATTR_MODE)
		i->mode = (i->mode & S_IFMT) | (a->mode & 07777);
	if (a->valid & UC_ATTR_UID)
		i->uid = a->uid;
	if (a->valid & UC_ATTR_GID)
		i->gid = a->gid;
	if (a->valid & UC_ATTR_ATIME)
		n->atime = to_ns(a->atime);
	if (a->valid & UC_ATTR_MTIME)
		n->mtime = to_ns(a->mtime);
	n->ctime = rfs_now(rfs_of(n));
	rfs_changed(n);
	return 0;
}
