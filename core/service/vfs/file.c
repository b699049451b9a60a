// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include "vfs_impl.h"

void (*uc_vfs_gone_flock)(struct uc_file *f);

struct uc_file *uc_file_new(const struct uc_file_ops *ops, unsigned flags, void *priv)
{
	struct uc_file *f = uc_heap_zalloc(sizeof(*f));
	if (!f)
		return NULL;
	f->ops = ops;
	f->flags = flags;
	f->priv = priv;
	f->refs = 1;
	uc_mutex_init(&f->pos_lock);
	uc_list_init(&f->watches);
	uc_list_init(&f->flock_owner);
	return f;
}

struct uc_file *uc_file_new_inode(struct uc_inode *i, unsigned flags, const char *anon_name)
{
	struct uc_file *f = uc_file_new(i->fops, flags, NULL);
	if (!f)
		return NULL;
	uc_inode_ref(i);
	f->inode = i;
	f->anon_name = anon_name;
	return f;
}

static bool may_read(const struct uc_file *f)
{
	unsigned acc = f->flags & O_ACCMODE;
	return !(f->flags & O_PATH) && (acc == O_RDONLY || acc == O_RDWR);
}

void uc_file_ref(struct uc_file *f) { f->refs++; }

void uc_file_unref(struct uc_file *f)
{
	if (--f->refs)
		return;
	if (f->ops)
		uc_file_touched(f, uc_file_may_write(f) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	while (!uc_list_empty(&f->watches)) {
		struct uc_file_watch *w =
			UC_LIST_ENTRY(f->watches.next, struct uc_file_watch, link);

		w->gone(w);
	}
	if (!uc_list_empty(&f->flock_owner) && uc_vfs_gone_flock)
		uc_vfs_gone_flock(f);
	if (f->ops && f->ops->release)
		f->ops->release(f);
	if (f->dentry)
		uc_dentry_unref(f->dentry);
	if (f->inode)
		uc_inode_unref(f->inode);
	uc_heap_free(f);
}

typedef ssize_t (*transfer)(struct uc_file *, struct uc_iter *, uint64_t *);

/* A stream has no position; else pos, or the file's own under its lock. */
static ssize_t run(struct uc_file *f, transfer fn, struct uc_iter *it, uint64_t *pos)
{
	if (!f->ops->seek)
		return pos ? -ESPIPE : fn(f, it, NULL);
	if (pos)
		return (int64_t)*pos < 0 ? -EINVAL : fn(f, it, pos);
	uc_mutex_lock(&f->pos_lock);
	ssize_t r = fn(f, it, &f->pos);
	uc_mutex_unlock(&f->pos_lock);
	return r;
}

ssize_t uc_file_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	if (!may_read(f))
		return -EBADF;
	if (f->inode && UC_ISDIR(f->inode))
		return -EISDIR;
	ssize_t r = f->ops->read ? run(f, f->ops->read, it, pos) : -EINVAL;
	if (r > 0)
		uc_file_touched(f, IN_ACCESS);
	return r;
}

ssize_t uc_file_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	if (!uc_file_may_write(f))
		return -EBADF;
	ssize_t r = f->ops->write ? run(f, f->ops->write, it, pos) : -EINVAL;
	if (r > 0)
		uc_file_touched(f, IN_MODIFY);
	return r;
}

enum { WHENCE_SET, WHENCE_CUR, WHENCE_END };

loff_t uc_file_seek_size(struct uc_file *f, loff_t off, int whence, uint64_t size)
{
	loff_t base;
	switch (whence) {
	case WHENCE_SET: base = 0; break;
	case WHENCE_CUR: base = (loff_t)f->pos; break;
	case WHENCE_END: base = (loff_t)size; break;
	default: return -EINVAL;
	}
	if (__builtin_add_overflow(base, off, &base))
		return -EOVERFLOW;
	if (base < 0)
		return -EINVAL;
	f->pos = (uint64_t)base;
	return base;
}
