// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EROFS_WALK_H
#define UC_EROFS_WALK_H
/* Visits an image with every function of the decoder and touches all bytes it hands out. */
#include <asm/errno.h>
#include <uc/erofs.h>
#include <string.h>

struct erofs_walk {
	const struct uc_erofs *fs;
	unsigned budget;
	volatile uint8_t sink;
	unsigned files, dirs, links;
};

static void erofs_touch(struct erofs_walk *w, const void *p, uint64_t n)
{
	const uint8_t *b = p;
	for (uint64_t k = 0; k < n; k += k + 64 < n ? 64 : 1)
		w->sink ^= b[k];
}

static bool erofs_touch_xattr(void *ctx, const struct uc_erofs_xattr *x)
{
	struct erofs_walk *w = ctx;
	erofs_touch(w, x->prefix, strlen(x->prefix));
	erofs_touch(w, x->name, x->name_len);
	erofs_touch(w, x->value, x->value_len);
	return true;
}

static void erofs_touch_data(struct erofs_walk *w, const struct uc_erofs_data *d)
{
	struct uc_erofs_piece piece;
	unsigned pieces = 0;
	for (uint64_t off = 0; off < d->size && pieces++ < 64; off += piece.len) {
		if (uc_erofs_piece(w->fs, d, off, &piece))
			return;
		if (piece.p)
			erofs_touch(w, piece.p, piece.len);
	}
}

static void erofs_visit(struct erofs_walk *w, uint64_t nid, unsigned depth)
{
	struct uc_erofs_inode i;
	struct uc_erofs_entry e;
	const char *text;
	size_t len;
	uint64_t pos = 0, found;
	if (!w->budget || depth > 16)
		return;
	w->budget--;
	uc_erofs_xattrs(w->fs, nid, erofs_touch_xattr, w);
	if (uc_erofs_inode(w->fs, nid, &i))
		return;
	erofs_touch_data(w, &i.data);
	if ((i.mode & 0170000) == 0100000)
		w->files++;
	if ((i.mode & 0170000) == 0120000 && uc_erofs_link_text(w->fs, &i.data, &text, &len) == 0) {
		w->links++;
		erofs_touch(w, text, len);
	}
	if ((i.mode & 0170000) != 0040000)
		return;
	w->dirs++;
	while (w->budget && uc_erofs_readdir(w->fs, &i.data, &pos, &e) > 0) {
		erofs_touch(w, e.name, e.len);
		uc_erofs_lookup(w->fs, &i.data, e.name, e.len, &found);
		uc_erofs_lookup(w->fs, &i.data, "zz", 2, &found);
		erofs_visit(w, e.nid, depth + 1);
	}
}
#endif
