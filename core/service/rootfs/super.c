// SPDX-License-Identifier: BSD-3-Clause
#include <uc/log.h>
#include <uc/abi/rewrite.h>
#include "rootfs_impl.h"

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
	fs->sb.statfs = rfs_statfs;
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
	if (&rfs_tmpfs_type)
		uc_vfs_register_fs(&rfs_tmpfs_type);
	return r ? r : uc_vfs_mount_root(sb);
}
