// SPDX-License-Identifier: BSD-3-Clause
/* The pairs, and /dev/pts, which shows the slaves of those whose master is open. */
#include "pty_private.h"
#include <asm/statfs.h>
#include <linux/magic.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/time.h>

#define FIRST_INO 3u /* of number 0, as in Linux */
#define TTY_GROUP 5u
#define MODE 0620u

struct uc_list pty_all = UC_LIST_INIT(pty_all);
static struct uc_inode root;
static struct uc_super devpts;

static int64_t now(void)
{
	return (int64_t)uc_time_real();
}

static struct pty *find(int n)
{
	UC_LIST_FOREACH(it, &pty_all) {
		struct pty *p = UC_LIST_ENTRY(it, struct pty, link);

		if (p->n == n)
			return p;
	}
	return NULL;
}

static void put_time(struct statx_timestamp *out, int64_t ns)
{
	out->tv_sec = ns / 1000000000;
	out->tv_nsec = (uint32_t)(ns % 1000000000);
}

static int pty_getattr(struct uc_inode *i, struct statx *st)
{
	struct pty *p = pty_of(i);

	st->stx_blksize = 1024;
	st->stx_nlink = 1;
	put_time(&st->stx_mtime, p->mtime);
	st->stx_atime = st->stx_ctime = st->stx_mtime;
	return 0;
}

static int pty_setattr(struct uc_inode *i, const struct uc_attr *a)
{
	if (a->valid & UC_ATTR_MODE)
		i->mode = (i->mode & S_IFMT) | (a->mode & 07777);
	if (a->valid & UC_ATTR_UID)
		i->uid = a->uid;
	if (a->valid & UC_ATTR_GID)
		i->gid = a->gid;
	if (a->valid & UC_ATTR_MTIME)
		pty_of(i)->mtime = a->mtime.tv_sec * 1000000000 + a->mtime.tv_nsec;
	return 0;
}

static int pty_open(struct uc_inode *i, struct uc_file *f)
{
	return pty_open_slave(pty_of(i), f);
}

static void pty_release(struct uc_inode *i)
{
	uc_heap_free(pty_of(i));
}

static const struct uc_inode_ops pty_inode_ops = {
	.getattr = pty_getattr, .setattr = pty_setattr, .open = pty_open, .release = pty_release
};

/* ---- the directory ---- */

static struct uc_inode *root_lookup(struct uc_inode *dir, const char *name, size_t len)
{
	struct pty *p;
	int n = 0;

	if (len == 0 || len > 4 || (name[0] == '0' && len > 1))
		return UC_ERR_PTR(-ENOENT);
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return UC_ERR_PTR(-ENOENT);
		n = n * 10 + name[i] - '0';
	}
	p = find(n);
	if (!p)
		return UC_ERR_PTR(-ENOENT);
	uc_inode_ref(&p->inode);
	return &p->inode;
}

static bool root_revalidate(struct uc_inode *dir, struct uc_inode *child, const char *name,
			    size_t len)
{
	return !pty_of(child)->hung_up;
}

static int root_readdir(struct uc_inode *dir, uint64_t pos, uc_filldir fill, void *ctx)
{
	for (int n = pos > FIRST_INO ? (int)(pos - FIRST_INO) : 0; n < PTY_MAX; n++) {
		char name[8];
		int len;

		if (!find(n))
			continue;
		len = uc_snprintf(name, sizeof(name), "%d", n);
		if (fill(ctx, name, (size_t)len, (uint64_t)n + FIRST_INO, S_IFCHR >> 12,
			 (uint64_t)n + FIRST_INO + 1))
			break;
	}
	return 0;
}

static int root_getattr(struct uc_inode *i, struct statx *st)
{
	static int64_t made;

	if (!made)
		made = now();
	st->stx_blksize = 1024;
	st->stx_nlink = 2;
	put_time(&st->stx_mtime, made);
	st->stx_atime = st->stx_ctime = st->stx_mtime;
	return 0;
}

static void root_release(struct uc_inode *i) {}

static const struct uc_inode_ops root_ops = { .lookup = root_lookup,
					      .revalidate = root_revalidate,
					      .readdir = root_readdir,
					      .getattr = root_getattr,
					      .release = root_release };

static int devpts_statfs(struct uc_super *sb, void *out)
{
	struct statfs *st = out;

	st->f_type = DEVPTS_SUPER_MAGIC;
	st->f_bsize = st->f_frsize = (long)UC_PAGE_SIZE;
	st->f_namelen = 255;
	return 0;
}

int pty_devpts_mount(void)
{
	uc_inode_init(&root, &devpts, &root_ops, NULL, S_IFDIR | 0755);
	root.ino = 1;
	devpts.type = "devpts";
	devpts.root = &root;
	devpts.statfs = devpts_statfs;
	return uc_vfs_mount(&devpts, "/dev/pts");
}

/* ---- pairs ---- */

struct pty *pty_new(void)
{
	struct pty *p;
	int n = 0;

	while (n < PTY_MAX && find(n))
		n++;
	if (n == PTY_MAX)
		return UC_ERR_PTR(-ENOSPC);
	p = uc_heap_zalloc(sizeof(*p));
	if (!p)
		return UC_ERR_PTR(-ENOMEM);
	uc_inode_init(&p->inode, &devpts, &pty_inode_ops, &pty_slave_ops, S_IFCHR | MODE);
	uc_upcall_creds(&p->inode.uid, &p->inode.gid);
	p->inode.gid = TTY_GROUP;
	p->inode.ino = (uint64_t)n + FIRST_INO;
	p->inode.rdev = uc_dev_make(PTY_MAJOR, (uint32_t)n);
	p->n = n;
	p->locked = true;
	p->mtime = now();
	p->job.id = UC_CTTY_PTY + n;
	ldisc_init(&p->l);
	uc_waitq_init(&p->master);
	uc_waitq_init(&p->slave);
	uc_list_push_back(&pty_all, &p->link);
	return p;
}

void pty_gone(struct pty *p)
{
	uc_list_remove(&p->link);
	uc_inode_unref(&p->inode);
}
