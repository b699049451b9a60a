// SPDX-License-Identifier: BSD-3-Clause
#include <asm/statfs.h>
#include <linux/magic.h>
#include <uc/log.h>
#include <uc/abi/rewrite.h>
#include "rootfs_impl.h"

#ifndef TMPFS_MAGIC
#define TMPFS_MAGIC 0x01021994
#endif
#ifndef OVERLAYFS_SUPER_MAGIC
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#endif
#define ST_VALID_FLAG 0x20
#define ST_RDONLY_FLAG 0x01
#define ST_NOATIME_FLAG 0x400

static int statfs(struct uc_super *sb, void *buf)
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

static void kill(struct uc_super *sb)
{
	struct rootfs *fs = sb->priv;
	uc_inode_unref(sb->root);
	rfs_unpin_all(fs);
	rfs_rewrite_free(fs);
	uc_heap_free(fs->table);
	uc_heap_free(fs);
}

struct rootfs *rfs_super_new(const char *type)
{
	struct rootfs *fs = uc_heap_zalloc(sizeof(*fs));
	if (!fs)
		return NULL;
	fs->sb.type = type;
	fs->sb.priv = fs;
	fs->sb.statfs = statfs;
	fs->sb.kill = kill;
	fs->next_ino = 1;
	return fs;
}

int rfs_super_finish(struct rootfs *fs, struct rfs_node *root, struct uc_super **out)
{
	if (!root || UC_IS_ERR(root)) {
		uc_heap_free(fs->table);
		uc_heap_free(fs);
		return root ? (int)UC_PTR_ERR(root) : -ENOMEM;
	}
	fs->sb.root = &root->i;
	*out = &fs->sb;
	return 0;
}

int uc_rootfs_new(const void *image, uc_paddr phys, uint64_t len, struct uc_super **out)
{
	struct rootfs *fs = rfs_super_new("rootfs");
	if (!fs)
		return -ENOMEM;
	if (!image)
		return rfs_super_finish(fs, rfs_make(fs, NULL, S_IFDIR | 0755), out);
	const char *why;
	int r = uc_erofs_open(&fs->lower, image, phys, len, &why);
	if (r) {
		uc_log(UC_LOG_ERROR, "root image: %s", why);
		uc_heap_free(fs);
		return r;
	}
	fs->has_lower = true;
	/* Image inodes are numbered by their place; new ones come after. */
	fs->next_ino = fs->lower.len / 32 + 1;
	return rfs_super_finish(fs, rfs_get(fs, fs->lower.root_nid, UC_RW_HASH_ROOT), out);
}

int uc_rootfs_mount(const void *image, uc_paddr phys, uint64_t len)
{
	struct uc_super *sb;
	uc_vfs_quiet = true;
	int r = uc_rootfs_new(image, phys, len, &sb);
	uc_vfs_quiet = false;
	uc_vfs_register_fs(&rfs_tmpfs_type);
	return r ? r : uc_vfs_mount(sb, NULL);
}
