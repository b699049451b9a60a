// SPDX-License-Identifier: BSD-3-Clause
#include <asm/statfs.h>
#include <linux/magic.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(statfs);

#ifndef TMPFS_MAGIC
#define TMPFS_MAGIC 0x01021994
#endif
#ifndef OVERLAYFS_SUPER_MAGIC
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#endif
#define ST_VALID_FLAG 0x20
#define ST_RDONLY_FLAG 0x01
#define ST_NOATIME_FLAG 0x400

int rfs_statfs(struct uc_super *sb, void *buf)
{
	const struct rootfs *fs = sb->priv;
	struct uc_frame_stats st;
	uc_frame_stats(&st);
	uint64_t lower = fs->has_lower ? fs->lower.len >> UC_PAGE_SHIFT : 0;
	if (fs->limit) {
		st.total = fs->limit;
		st.free = UC_MIN(st.free, fs->limit - UC_MIN(fs->limit, fs->used));
	}
	struct statfs s = {
		.f_type = fs->has_lower ? OVERLAYFS_SUPER_MAGIC : TMPFS_MAGIC,
		.f_bsize = (long)UC_PAGE_SIZE,
		.f_frsize = (long)UC_PAGE_SIZE,
		.f_blocks = (long)(st.total + lower),
		.f_bfree = (long)st.free,
		.f_bavail = (long)st.free,
		.f_files = (long)(st.total + (fs->has_lower ? fs->lower.inos : 0)),
		.f_ffree = (long)st.free,
		.f_namelen = 255,
		.f_flags = ST_VALID_FLAG | ST_NOATIME_FLAG | (sb->readonly ? ST_RDONLY_FLAG : 0),
	};
	s.f_fsid.val[0] = (int)sb->dev;
	memcpy(buf, &s, sizeof(s));
	return 0;
}
