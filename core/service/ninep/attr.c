// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include "p9_fs.h"

UC_NEEDS_PART(invalidate);

enum { SET_ATIME_GIVEN = 0x80, SET_MTIME_GIVEN = 0x100 };

static struct statx_timestamp stamp(uint64_t sec, uint64_t nsec)
{
	return (struct statx_timestamp){ .tv_sec = (int64_t)sec,
					 .tv_nsec = nsec < 1000000000u ? (uint32_t)nsec : 0 };
}

int p9_fs_getattr(struct uc_inode *i, struct statx *st)
{
	struct p9_inode *p = p9_i(i);
	struct p9_attr a;
	int e = p9_refresh(p, &a);
	if (e)
		return e;
	*st = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = UC_MIN(UC_MAX(a.blksize, 512ull), 1ull << 20),
		.stx_nlink = p->parked && a.nlink ? a.nlink - 1 : a.nlink,
		.stx_uid = a.uid,
		.stx_gid = a.gid,
		.stx_mode = i->mode,
		.stx_ino = i->ino,
		.stx_size = a.size,
		.stx_blocks = a.blocks,
		.stx_atime = stamp(a.atime, a.atime_ns),
		.stx_mtime = stamp(a.mtime, a.mtime_ns),
		.stx_ctime = stamp(a.ctime, a.ctime_ns),
		.stx_rdev_major = uc_dev_major(a.rdev),
		.stx_rdev_minor = uc_dev_minor(a.rdev),
	};
	return 0;
}

/* The valid bits that the protocol shares with struct uc_attr. */
static struct p9_setattr convert(const struct uc_attr *a)
{
	const unsigned shared = UC_ATTR_MODE | UC_ATTR_UID | UC_ATTR_GID | UC_ATTR_SIZE |
				UC_ATTR_ATIME | UC_ATTR_MTIME;
	struct p9_setattr s = {
		.valid = a->valid & shared,
		.mode = a->mode & 07777,
		.uid = a->uid,
		.gid = a->gid,
		.size = a->size,
		.atime = (uint64_t)a->atime.tv_sec,
		.atime_ns = (uint64_t)a->atime.tv_nsec,
		.mtime = (uint64_t)a->mtime.tv_sec,
		.mtime_ns = (uint64_t)a->mtime.tv_nsec,
	};
	if (a->valid & UC_ATTR_ATIME)
		s.valid |= SET_ATIME_GIVEN;
	if (a->valid & UC_ATTR_MTIME)
		s.valid |= SET_MTIME_GIVEN;
	return s;
}

int p9_fs_setattr(struct uc_inode *i, const struct uc_attr *a)
{
	struct p9_inode *p = p9_i(i);
	struct p9_setattr s = convert(a);
	struct p9_attr now;
	bool sized = a->valid & UC_ATTR_SIZE;
	if (sized)
		uc_mutex_lock(&p->io);
	int e = p9_setattr(p9_c(p), p->fid, &s);
	if (sized) {
		if (!e)
			p9_pages_truncate(p, a->size);
		uc_mutex_unlock(&p->io);
	}
	uint64_t end = UC_PAGE_UP(a->size) >> UC_PAGE_SHIFT;
	if (sized && !e && i->maps && uc_vfs_invalidate)
		uc_vfs_invalidate(&i->vmobj, end, UINT64_MAX - end, true);
	if (!e && (a->valid & (UC_ATTR_MODE | UC_ATTR_UID | UC_ATTR_GID)))
		p9_refresh(p, &now);
	return e;
}
