// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "pseudo_private.h"

#define STORE_MAX 4095u

/* The text as it was when the reader was at its start. */
struct snapshot { char *text; size_t len; };

static int take_snapshot(struct uc_file *f)
{
	struct uc_pseudo_inode *i = uc_pseudo_of(f->inode);
	struct snapshot *s = f->priv;
	ssize_t n;
	char *text;

	if (!s) {
		s = f->priv = uc_heap_zalloc(sizeof(*s));
		if (!s)
			return -ENOMEM;
	}
	n = uc_pseudo_text(i->entry, &i->key, &text);
	if (n < 0)
		return (int)n;
	uc_heap_free(s->text);
	s->text = text;
	s->len = (size_t)n;
	return 0;
}

static ssize_t text_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct snapshot *s = f->priv;
	ssize_t n;

	if (*pos == 0 || !s || !s->text) {
		int r = take_snapshot(f);

		if (r < 0)
			return r;
		s = f->priv;
	}
	if (*pos >= s->len)
		return 0;
	n = uc_iter_put(it, s->text + *pos, UC_MIN(it->left, (uint64_t)(s->len - *pos)));
	if (n > 0)
		*pos += (uint64_t)n;
	return n;
}

static ssize_t text_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct uc_pseudo_inode *i = uc_pseudo_of(f->inode);
	size_t n = it->left;
	ssize_t r;
	char *buf;

	if (!i->entry->store)
		return -EIO;
	if (n > STORE_MAX)
		return -EINVAL;
	buf = uc_heap_alloc(n + 1);
	if (!buf)
		return -ENOMEM;
	r = uc_iter_get(it, buf, n);
	if (r == (ssize_t)n) {
		buf[n] = 0;
		r = i->entry->store(buf, n, &i->key);
	} else if (r >= 0) {
		r = -EFAULT;
	}
	uc_heap_free(buf);
	if (r > 0)
		*pos += (uint64_t)r;
	return r;
}

static loff_t text_seek(struct uc_file *f, loff_t off, int whence)
{
	return whence > 1 ? -EINVAL : uc_file_seek_size(f, off, whence, 0);
}

static void text_release(struct uc_file *f)
{
	struct snapshot *s = f->priv;

	if (s)
		uc_heap_free(s->text);
	uc_heap_free(s);
}

const struct uc_file_ops uc_pseudo_file_ops = {
	.read = text_read, .write = text_write, .seek = text_seek, .release = text_release,
};
