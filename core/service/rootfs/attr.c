// SPDX-License-Identifier: BSD-3-Clause
#include "rootfs_impl.h"

#define NS_PER_S 1000000000

static struct statx_timestamp stamp(int64_t ns)
{
	int64_t sec = ns / NS_PER_S, rest = ns % NS_PER_S;
	if (rest < 0) {
		sec--;
		rest += NS_PER_S;
	}
	return (struct statx_timestamp){ .tv_sec = sec, .tv_nsec = (uint32_t)rest };
}

/* In units of 512 bytes: frames in memory plus pages of the image that show. */
static uint64_t blocks(const struct rfs_node *n)
{
	const uint64_t per_page = UC_PAGE_SIZE / 512;
	if (!rfs_isreg(n))
		return n->nid == RFS_NO_NID ? 0 : (n->size + 511) / 512;
	uint64_t lower = UC_PAGE_UP(n->file.lower_len) >> UC_PAGE_SHIFT;
	return (n->file.frames + lower - UC_MIN(lower, n->file.hidden)) * per_page;
}

int rfs_getattr(struct uc_inode *i, struct statx *st)
{
	struct rfs_node *n = rfs_node(i);
	st->stx_mask = STATX_BASIC_STATS | STATX_BTIME;
	st->stx_nlink = n->nlink;
	st->stx_size = rfs_isdir(n) && !n->size ? UC_PAGE_SIZE : n->size;
	st->stx_blocks = blocks(n);
	st->stx_atime = stamp(n->atime);
	st->stx_mtime = stamp(n->mtime);
	st->stx_ctime = stamp(n->ctime);
	st->stx_btime = stamp(n->btime);
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
