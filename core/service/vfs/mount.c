// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include <uc/string.h>
#include "vfs_impl.h"

#define UC_MNT_DETACH 2

struct mount { struct uc_list link; struct uc_super *sb; struct uc_dentry *root; };
static struct uc_list mounts = UC_LIST_INIT(mounts);
static struct uc_fstype *fstypes;
static uint32_t next_dev = 1;
struct uc_dentry *uc_vfs_root;
bool uc_vfs_quiet;

uint64_t uc_vfs_new_dev(void) { return uc_dev_make(0, next_dev++); }

void uc_vfs_register_fs(struct uc_fstype *t)
{
	t->next = fstypes;
	fstypes = t;
}

struct uc_fstype *uc_vfs_fstypes(void) { return fstypes; }

static struct mount *mount_new(struct uc_super *sb, struct uc_inode *root)
{
	struct mount *m = uc_heap_zalloc(sizeof(*m));
	if (!m)
		return NULL;
	uc_inode_ref(root);
	m->root = uc_dcache_root(sb, root, "");
	if (!m->root) {
		uc_heap_free(m);
		return NULL;
	}
	if (!sb->dev)
		sb->dev = uc_vfs_new_dev();
	m->sb = sb;
	uc_list_push_back(&mounts, &m->link);
	return m;
}

static int attach(struct uc_super *sb, struct uc_inode *root, struct uc_dentry *at)
{
	if (UC_ISDIR(at->inode) != UC_ISDIR(root))
		return -ENOTDIR;
	struct mount *m = mount_new(sb, root);
	if (!m)
		return -ENOMEM;
	uc_dentry_ref(at);
	at = uc_mount_top(at); /* the reference stays with covers */
	m->root->covers = at;
	at->mounted = m->root;
	return 0;
}

int uc_vfs_mount_at(struct uc_super *sb, struct uc_dentry *at)
{
	return attach(sb, sb->root, at);
}

int uc_vfs_bind(struct uc_dentry *src, struct uc_dentry *at)
{
	return attach(src->sb, src->inode, at);
}

int uc_vfs_mount_root(struct uc_super *sb)
{
	struct mount *m = mount_new(sb, sb->root);
	if (!m)
		return -ENOMEM;
	uc_vfs_root = m->root;
	return 0;
}

static struct mount *mount_of(const struct uc_dentry *root)
{
	UC_LIST_FOREACH(it, &mounts) {
		struct mount *m = UC_LIST_ENTRY(it, struct mount, link);
		if (m->root == root)
			return m;
	}
	return NULL;
}

static void detach(struct mount *m)
{
	struct uc_dentry *root = m->root, *covered = root->covers;
	covered->mounted = NULL;
	root->covers = NULL;
	uc_dentry_unref(covered);
	uc_list_remove(&m->link);
	uc_heap_free(m);
	uc_dentry_unref(root);
}

void uc_vfs_forget_root(void)
{
	struct mount *m = mount_of(uc_vfs_root);
	uc_dentry_unref(m->root);
	uc_list_remove(&m->link);
	uc_heap_free(m);
	uc_vfs_root = NULL;
}

/* Another mount (a bind) still shows it. */
static bool in_use(const struct uc_super *sb)
{
	UC_LIST_FOREACH(it, &mounts)
		if (UC_LIST_ENTRY(it, struct mount, link)->sb == sb)
			return true;
	return false;
}

/* d: the root of a mount, with one reference of the caller's. */
static int umount(struct uc_dentry *d, int flags)
{
	struct mount *m = mount_of(d);
	if (!m || !d->covers)
		return -EINVAL;
	struct uc_super *sb = m->sb;
	uc_dcache_prune(d);
	bool busy = d->refs > 2 || !uc_list_empty(&d->children);
	if (busy && !(flags & UC_MNT_DETACH))
		return -EBUSY;
	if (sb->sync)
		sb->sync(sb);
	if (uc_vfs_watch)
		uc_vfs_watch->unmounted(sb);
	detach(m);
	if (!busy && sb->kill && !in_use(sb)) {
		uc_dentry_unref(d);
		sb->kill(sb);
		return 1;
	}
	return 0;
}

int uc_vfs_umount(struct uc_fsctx *fs, const char *path, int flags)
{
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, path, UC_LOOKUP_FOLLOW);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	int r = umount(d, flags);
	if (r > 0)
		return 0;
	uc_dentry_unref(d);
	return r;
}

void uc_vfs_for_each_mount(void (*fn)(struct uc_super *sb, const char *path, void *arg), void *arg)
{
	char *buf = uc_heap_alloc(UC_PATH_MAX);
	if (!buf)
		return;
	UC_LIST_FOREACH(it, &mounts) {
		struct mount *m = UC_LIST_ENTRY(it, struct mount, link);
		char *p = uc_dentry_path(m->root, NULL, buf, UC_PATH_MAX);
		if (!UC_IS_ERR(p))
			fn(m->sb, p, arg);
	}
	uc_heap_free(buf);
}
