// SPDX-License-Identifier: BSD-3-Clause
/* Listing of a directory: the image's names that still show, then its own. */
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(readdir);

#define POS_OWN   (1ull << 62)  /* position: | key of the next own entry */
#define POS_LOWER 3ull          /* position: + position in the image's directory */

static int list_lower(struct rfs_node *dir, uint64_t at, uc_filldir fill, void *ctx)
{
	struct uc_erofs_entry e;
	int r;
	while ((r = uc_erofs_readdir(&rfs_of(dir)->lower, &dir->lower, &at, &e)) > 0) {
		if (rfs_names_find(dir, e.name, e.len))
			continue;
		if (fill(ctx, e.name, e.len, e.nid, e.dtype, POS_LOWER + at))
			return 1;
	}
	return r;
}

/* fill may block while names come and go: the entry is copied and found again by key. */
static int list_own(struct rfs_node *dir, uint64_t key, uc_filldir fill, void *ctx)
{
	struct rfs_name *e;
	char name[256];
	for (; (e = rfs_names_from(dir, key)); key = key + 1) {
		key = rfs_name_key(e);
		if (!e->node)
			continue;
		size_t len = e->len;
		memcpy(name, e->name, len);
		name[len] = 0;
		if (fill(ctx, name, len, e->node->i.ino, (e->node->i.mode & S_IFMT) >> 12,
			 POS_OWN | (key + 1)))
			return 1;
	}
	return 0;
}

int rfs_readdir(struct uc_inode *i, uint64_t pos, uc_filldir fill, void *ctx)
{
	struct rfs_node *dir = rfs_node(i);
	if (pos & POS_OWN)
		return list_own(dir, pos & ~POS_OWN, fill, ctx);
	if (rfs_has_lower(dir)) {
		int r = list_lower(dir, pos < POS_LOWER ? 0 : pos - POS_LOWER, fill, ctx);
		if (r)
			return r;
	}
	return list_own(dir, 0, fill, ctx);
}
