// SPDX-License-Identifier: BSD-3-Clause
/* SEEK_DATA and SEEK_HOLE. */
#include <linux/fs.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(seek);

/* First page at or after pgoff that holds data; limit if none before it. */
static uint64_t next_data(const struct rfs_node *n, uint64_t pgoff, uint64_t limit)
{
	while (pgoff < limit) {
		uint64_t found, v;
		bool any = rfs_map_next(&n->file.map, pgoff, &found, &v);
		if (rfs_lower_page(n, pgoff) && (!any || found > pgoff))
			return pgoff;
		if (!any)
			return limit;
		if (v > RFS_ZERO_PAGE)
			return UC_MIN(found, limit);
		pgoff = found + 1;
	}
	return limit;
}

static bool is_data(const struct rfs_node *n, uint64_t pgoff)
{
	uint64_t v = rfs_map_get(&n->file.map, pgoff);
	return v > RFS_ZERO_PAGE || (!v && rfs_lower_page(n, pgoff));
}

loff_t rfs_seek_hole(struct uc_file *f, loff_t off, int whence)
{
	struct rfs_node *n = rfs_node(f->inode);
	if (off < 0 || (uint64_t)off >= n->size)
		return -ENXIO;
	uint64_t pos = (uint64_t)off, pgoff = pos >> UC_PAGE_SHIFT,
		 limit = UC_PAGE_UP(n->size) >> UC_PAGE_SHIFT;
	if (whence == SEEK_DATA) {
		uint64_t at = next_data(n, pgoff, limit);
		if (at == limit)
			return -ENXIO;
		pos = UC_MAX(pos, at << UC_PAGE_SHIFT);
	} else {
		while (pgoff < limit && is_data(n, pgoff))
			pgoff++;
		pos = UC_MIN(UC_MAX(pos, pgoff << UC_PAGE_SHIFT), n->size);
	}
	f->pos = pos;
	return (loff_t)pos;
}
