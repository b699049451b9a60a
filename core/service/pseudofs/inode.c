// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/statfs.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/time.h>
#include "pseudo_private.h"

static const struct uc_inode_ops pseudo_inode_ops, pseudo_magic_ops;

static struct uc_pseudo_fs *fs_of(struct uc_super *sb)
{
	return UC_CONTAINER(sb, struct uc_pseudo_fs, sb);
}

/* Unique while process ids stay below 2^22 and descriptors below 2^20. */
static uint64_t number_of(const struct uc_pseudo_entry *e, const struct uc_pseudo_key *k)
{
	uint64_t who = k->tid >= 0 ? (uint64_t)k->tid : k->pid >= 0 ? (uint64_t)k->pid : 0;

	return e->serial | who << 12 | (uint64_t)(k->fd + 1) << 36;
}

static struct uc_inode *inode_new(struct uc_super *sb, const struct uc_pseudo_entry *e,
				  const struct uc_pseudo_key *k)
{
	struct uc_pseudo_inode *i = uc_heap_zalloc(sizeof(*i));
	struct uc_pseudo_fs *fs = fs_of(sb);
	bool regular = (e->mode & S_IFMT) == S_IFREG;

	if (!i)
		return UC_ERR_PTR(-ENOMEM);
	uc_inode_init(&i->inode, sb, e->follow ? &pseudo_magic_ops : &pseudo_inode_ops,
		      regular ? &uc_pseudo_file_ops : NULL, e->mode);
	i->entry = e;
	i->key = *k;
	i->inode.ino = number_of(e, k);
	if (fs->owner && k->pid >= 0)
		fs->owner(k, &i->inode.uid, &i->inode.gid);
	return &i->inode;
}

int uc_pseudo_number(const char *name, size_t len)
{
	int v = 0;

	if (len == 0 || len > 9 || (name[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		v = v * 10 + (name[i] - '0');
	}
	return v;
}

static struct uc_pseudo_key child_key(const struct uc_pseudo_inode *dir, int number)
{
	struct uc_pseudo_key k = dir->key;

	switch (dir->entry->numbered->field) {
	case UC_PSEUDO_PID:
		k.pid = number;
		break;
	case UC_PSEUDO_TID:
		k.tid = number;
		break;
	case UC_PSEUDO_FD:
		k.fd = number;
		break;
	}
	return k;
}

static struct uc_pseudo_key entry_key(const struct uc_pseudo_inode *dir,
				      const struct uc_pseudo_entry *e)
{
	struct uc_pseudo_key k = dir->key;

	if (e->tag)
		k.fd = e->tag;
	return k;
}

static struct uc_inode *pseudo_lookup(struct uc_inode *dir, const char *name, size_t len)
{
	struct uc_pseudo_inode *d = uc_pseudo_of(dir);
	const struct uc_pseudo_numbered *num = d->entry->numbered;
	struct uc_pseudo_entry *e = uc_pseudo_child(d->entry, name, len);
	struct uc_pseudo_key k;
	int n;

	if (e) {
		k = entry_key(d, e);
		return inode_new(dir->sb, e, &k);
	}
	n = num ? uc_pseudo_number(name, len) : -1;
	if (n < 0)
		return UC_ERR_PTR(-ENOENT);
	k = child_key(d, n);
	return num->exists(&k) ? inode_new(dir->sb, num->child, &k) : UC_ERR_PTR(-ENOENT);
}

static bool pseudo_revalidate(struct uc_inode *dir, struct uc_inode *child, const char *name,
			      size_t len)
{
	return uc_pseudo_of(child)->key.pid < 0;
}

#define FIRST_POS  3u           /* of the first child: the VFS has "." and ".." */
#define NUMBER_POS (1ull << 32) /* plus the number: position of a numbered child */

static int list_numbered(struct uc_pseudo_inode *d, uint64_t pos, uc_filldir fill, void *ctx)
{
	const struct uc_pseudo_numbered *num = d->entry->numbered;
	int after = pos > NUMBER_POS ? (int)(pos - NUMBER_POS) - 1 : -1;
	char name[12];

	for (int n = num->next(&d->key, after); n >= 0; n = num->next(&d->key, n)) {
		struct uc_pseudo_key k = child_key(d, n);
		int len = uc_snprintf(name, sizeof(name), "%d", n);

		if (fill(ctx, name, (size_t)len, number_of(num->child, &k),
			 (num->child->mode & S_IFMT) >> 12, NUMBER_POS + (uint64_t)n + 1))
			break;
	}
	return 0;
}

static int pseudo_readdir(struct uc_inode *dir, uint64_t pos, uc_filldir fill, void *ctx)
{
	struct uc_pseudo_inode *d = uc_pseudo_of(dir);
	uint64_t at = FIRST_POS;

	for (const struct uc_pseudo_entry *e = d->entry->children; e && pos < NUMBER_POS;
	     e = e->next, at++) {
		struct uc_pseudo_key k = entry_key(d, e);

		if (pos > 2 && at < pos)
			continue;
		if (fill(ctx, e->name, strlen(e->name), number_of(e, &k), (e->mode & S_IFMT) >> 12,
			 at + 1))
			return 0;
	}
	return d->entry->numbered ? list_numbered(d, pos, fill, ctx) : 0;
}

static ssize_t pseudo_readlink(struct uc_inode *i, char *buf, size_t cap)
{
	struct uc_pseudo_inode *p = uc_pseudo_of(i);

	return p->entry->target ? p->entry->target(buf, cap, &p->key) : -EINVAL;
}

/* A plain link has no follow function of its own and is resolved by its text. */
static struct uc_dentry *pseudo_follow(struct uc_inode *i)
{
	struct uc_pseudo_inode *p = uc_pseudo_of(i);

	return p->entry->follow(&p->key);
}

static int pseudo_getattr(struct uc_inode *i, struct statx *st)
{
	static struct statx_timestamp when;

	if (!when.tv_sec) {
		uc_nsec now = uc_time_real();

		when.tv_sec = (int64_t)(now / 1000000000u);
		when.tv_nsec = (uint32_t)(now % 1000000000u);
	}
	st->stx_blksize = 1024;
	st->stx_nlink = (i->mode & S_IFMT) == S_IFDIR ? 2 : 1;
	st->stx_atime = st->stx_mtime = st->stx_ctime = when;
	return 0;
}

static void pseudo_release(struct uc_inode *i)
{
	uc_heap_free(uc_pseudo_of(i));
}

#define COMMON_OPS \
	.lookup = pseudo_lookup, .readdir = pseudo_readdir, .readlink = pseudo_readlink, \
	.getattr = pseudo_getattr, .release = pseudo_release, .revalidate = pseudo_revalidate
static const struct uc_inode_ops pseudo_inode_ops = { COMMON_OPS };
static const struct uc_inode_ops pseudo_magic_ops = { COMMON_OPS, .follow = pseudo_follow };

static int pseudo_statfs(struct uc_super *sb, void *out)
{
	struct statfs *st = out;

	st->f_type = fs_of(sb)->magic;
	st->f_bsize = st->f_frsize = (long)UC_PAGE_SIZE;
	st->f_namelen = 255;
	return 0;
}

struct uc_super *uc_pseudo_super(struct uc_pseudo_fs *fs)
{
	static const struct uc_pseudo_key none = { -1, -1, -1 };
	struct uc_inode *root;

	if (fs->sb.root)
		return &fs->sb;
	fs->root.mode = S_IFDIR | 0555;
	fs->root.serial = 1;
	root = inode_new(&fs->sb, &fs->root, &none);
	if (UC_IS_ERR(root))
		return (struct uc_super *)root;
	fs->sb.statfs = pseudo_statfs;
	fs->sb.root = root;
	return &fs->sb;
}
