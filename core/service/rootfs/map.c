// SPDX-License-Identifier: BSD-3-Clause
/* Files as mappable objects: whole pages of the image in place, everything else in frames. */
#include <uc/arch.h>
#include "rootfs_impl.h"

static struct rfs_node *of(struct uc_vmobj *o)
{
	return rfs_node(UC_CONTAINER(o, struct uc_inode, vmobj));
}

static bool all_zero(const uint8_t *p, uint64_t n)
{
	while (n && !*p) {
		p++;
		n--;
	}
	return n == 0;
}

/* Whole pages of the image from pgoff on; 0: this page must be copied. */
static uint64_t image_run(const struct rfs_node *n, uint64_t pgoff, uc_paddr *pa)
{
	const struct uc_erofs *fs = &rfs_of(n)->lower;
	struct uc_erofs_piece piece;
	uint64_t off = pgoff << UC_PAGE_SHIFT;
	if (off >= n->file.lower_len || uc_erofs_piece(fs, &n->lower, off, &piece) || !piece.p ||
	    !piece.blocks)
		return 0;
	uint64_t at = (uint64_t)(piece.p - fs->base),
		 have = UC_MIN(piece.len, n->file.lower_len - off);
	*pa = fs->phys + at;
	if (*pa & ~UC_PAGE_MASK)
		return 0;
	uint64_t run = have >> UC_PAGE_SHIFT;
	if (run)
		return run;
	return all_zero(piece.p + have, UC_PAGE_SIZE - have) ? 1 : 0;
}

static int own_page(struct rfs_node *n, uint64_t pgoff, struct uc_vm_page *out)
{
	int r = rfs_page_own(n, pgoff, &out->pa);
	if (r)
		return -ENOMEM;
	uc_frame_ref(out->pa);
	out->run = 1;
	return 0;
}

static int written_page(struct rfs_node *n, uint64_t pgoff, struct uc_vm_page *out)
{
	int r = own_page(n, pgoff, out);
	if (r)
		return r;
	n->flags |= RFS_SHARED_WRITE;
	rfs_touch(n);
	return 0;
}

static int page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		struct uc_vm_page *out)
{
	struct rfs_node *n = of(o);
	if (pgoff >= UC_PAGE_UP(n->size) >> UC_PAGE_SHIFT)
		return -ERANGE;
	if (access == UC_VM_WRITE)
		return written_page(n, pgoff, out);
	uint64_t alike = UINT64_MAX, next, v;
	if (access == UC_VM_EXEC && (out->pa = rfs_rewrite_page(n, pgoff, &alike))) {
		out->run = (uint32_t)alike;
		return 0;
	}
	if (!rfs_map_next(&n->file.map, pgoff, &next, &v))
		next = UINT64_MAX;
	uint64_t run = next == pgoff ? 0 : image_run(n, pgoff, &out->pa);
	if (!run)
		return own_page(n, pgoff, out);
	run = UC_MIN(run, alike);
	out->run = (uint32_t)UC_MIN(UC_MIN(run, next - pgoff), (uint64_t)UINT32_MAX);
	return 0;
}

static void unref(struct uc_vmobj *o)
{
	struct rfs_node *n = of(o);
	if (n->i.maps == 1)
		n->flags &= (uint16_t)~RFS_SHARED_WRITE;
	uc_inode_vmobj_unref(o);
}

static struct uc_vmobj *stubs(struct uc_vmobj *o, uint64_t *vaddr, uint64_t *npages)
{
	return rfs_rewrite_stubs(of(o), vaddr, npages);
}

const struct uc_vmobj_ops rfs_vmobj_ops = {
	.ref = uc_inode_vmobj_ref,
	.unref = unref,
	.page = page,
	.describe = uc_inode_vmobj_describe,
	.stubs = stubs,
};
