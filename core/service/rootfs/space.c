// SPDX-License-Identifier: BSD-3-Clause
/* Size and holes: truncate, SEEK_DATA and SEEK_HOLE. */
#include <linux/fs.h>
#include <uc/arch.h>
#include "rootfs_impl.h"

static void drop_page(void *ctx, uint64_t pgoff, uint64_t v)
{
	struct rfs_node *n = ctx;
	if (rfs_lower_page(n, pgoff))
		n->file.hidden--;
	if (v <= RFS_ZERO_PAGE)
		return;
	n->file.frames--;
	rfs_of(n)->used--;
	uc_frame_unref(v);
}

void rfs_data_free(struct rfs_node *n)
{
	rfs_map_cut(&n->file.map, 0, drop_page, n);
}

static void shrink(struct rfs_node *n, uint64_t size)
{
	uint64_t keep = UC_PAGE_UP(size) >> UC_PAGE_SHIFT, in = size & ~UC_PAGE_MASK;
	uint64_t v = rfs_map_get(&n->file.map, size >> UC_PAGE_SHIFT);
	if (in && v > RFS_ZERO_PAGE)
		memset((uint8_t *)uc_phys_to_virt(v) + in, 0, UC_PAGE_SIZE - in);
	rfs_map_cut(&n->file.map, keep, drop_page, n);
	n->file.lower_len = UC_MIN(n->file.lower_len, size);
	/* A last page that is mapped from the image would go on showing what was cut off. */
	uint64_t first = in && v <= RFS_ZERO_PAGE ? keep - 1 : keep;
	n->size = size;
	rfs_invalidate(n, first, UINT64_MAX >> UC_PAGE_SHIFT);
}

int rfs_truncate(struct rfs_node *n, uint64_t size)
{
	if (size > INT64_MAX)
		return -EINVAL;
	if (size < n->size && (n->seals & F_SEAL_SHRINK))
		return -EPERM;
	if (size > n->size && (n->seals & F_SEAL_GROW))
		return -EPERM;
	uc_mutex_lock(&n->file.lock);
	if (size < n->size)
		shrink(n, size);
	n->size = size;
	rfs_touch(n);
	uc_mutex_unlock(&n->file.lock);
	return 0;
}

/* ---- seek ---- */

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

loff_t rfs_seek(struct uc_file *f, loff_t off, int whence)
{
	struct rfs_node *n = rfs_node(f->inode);
	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return uc_file_seek_size(f, off, whence, n->size);
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
