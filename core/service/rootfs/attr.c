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
