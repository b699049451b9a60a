// SPDX-License-Identifier: BSD-3-Clause
/*
 * Rewritten text of image files. A file's entry is found by the hash of the image path by which it
 * was first looked up: in the image alone, so renames and mounts in the guest do not matter. A hard
 * link with an entry of another name is not found and traps.
 */
#include <uc/fmt.h>
#include <uc/log.h>
#include "rootfs_impl.h"
#include "rw_decode.h"

struct stubs { /* of one file, as long-lived as the file system */
	struct uc_vmobj obj;
	struct stubs *next;
	uc_paddr pa;
	uint64_t path_hash;
	uint32_t pages;
};
struct rfs_rewrite {
	struct rw_text text;
	uc_paddr phys;
	struct stubs *stubs;
};

/* ---- stub pages as a mappable object ---- */

static void keep(struct uc_vmobj *o) { }

static int stub_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		     struct uc_vm_page *out)
{
	const struct stubs *s = UC_CONTAINER(o, struct stubs, obj);
	if (pgoff >= s->pages)
		return -ERANGE;
	if (access == UC_VM_WRITE)
		return -EIO;
	out->pa = s->pa + (pgoff << UC_PAGE_SHIFT);
	out->run = (uint32_t)(s->pages - pgoff);
	return 0;
}

static void stub_describe(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev, uint64_t *ino)
{
	*dev = *ino = 0;
	uc_snprintf(buf, cap, "[stubs]");
}

static const struct uc_vmobj_ops stub_ops = {
	.ref = keep, .unref = keep, .page = stub_page, .describe = stub_describe
};

/* ---- the table ---- */

/* Inode of an absolute path of the image without symbolic links. 0 or -errno. */
static int resolve(const struct uc_erofs *fs, const char *path, struct uc_erofs_inode *out)
{
	int r = uc_erofs_inode(fs, fs->root_nid, out);
	while (r == 0) {
		while (*path == '/')
			path++;
		if (!*path)
			return 0;
		const char *end = path;
		while (*end && *end != '/')
			end++;
		uint64_t nid;
		if ((out->mode & S_IFMT) != S_IFDIR)
			return -ENOTDIR;
		r = uc_erofs_lookup(fs, &out->data, path, (size_t)(end - path), &nid);
		if (r == 0)
			r = uc_erofs_inode(fs, nid, out);
		path = end;
	}
	return r;
}

/* The rewrite file of the image: one contiguous, page-aligned piece. */
static int find_text(struct rootfs *fs, struct rw_text *t, uc_paddr *phys)
{
	struct uc_erofs_inode i;
	struct uc_erofs_piece piece;
	if (!fs->has_lower || resolve(&fs->lower, UC_REWRITE_PATH, &i) ||
	    (i.mode & S_IFMT) != S_IFREG || !i.data.size)
		return -ENOENT;
	int r = uc_erofs_piece(&fs->lower, &i.data, 0, &piece);
	if (r)
		return r;
	if (!piece.p || !piece.blocks)
		return -EINVAL;
	*phys = fs->lower.phys + (uint64_t)(piece.p - fs->lower.base);
	if (*phys & ~UC_PAGE_MASK)
		return -EINVAL;
	return rw_open(t, piece.p, piece.len);
}

/* Read on first use; NULL: no memory. Without a (valid) file: no entries. */
static struct rfs_rewrite *get(struct rootfs *fs)
{
	if (fs->rewrite)
		return fs->rewrite;
	struct rw_text t = { 0 };
	uc_paddr phys = 0;
	int r = find_text(fs, &t, &phys);
	if (r && r != -ENOENT)
		uc_log(UC_LOG_WARN, "rewritten text: %s is damaged (%d), system calls will trap",
		       UC_REWRITE_PATH, -r);
	if (r)
		t.nfiles = 0;
	struct rfs_rewrite *rw = uc_heap_zalloc(sizeof(*rw));
	if (!rw)
		return NULL;
	rw->text = t;
	rw->phys = phys;
	fs->rewrite = rw;
	return rw;
}

void rfs_rewrite_free(struct rootfs *fs)
{
	struct rfs_rewrite *rw = fs->rewrite;
	for (struct stubs *s = rw ? rw->stubs : NULL, *next; s; s = next) {
		next = s->next;
		uc_heap_free(s);
	}
	uc_heap_free(rw);
}

/* The entry of an unchanged image file. NULL: none. */
static struct rfs_rewrite *entry_of(struct rfs_node *n, struct uc_rw_file *f)
{
	if (n->nid == RFS_NO_NID || (n->flags & RFS_DATA))
		return NULL;
	struct rfs_rewrite *rw = get(rfs_of(n));
	if (!rw || !rw_find(&rw->text, n->path_hash, f) || f->size != n->lower.size)
		return NULL;
	return rw;
}

uc_paddr rfs_rewrite_page(struct rfs_node *n, uint64_t pgoff, uint64_t *run)
{
	struct uc_rw_file f;
	struct rfs_rewrite *rw = entry_of(n, &f);
	if (!rw)
		return 0;
	uint64_t page = rw_replacement(&rw->text, &f, pgoff, run);
	return page ? rw->phys + (page << UC_PAGE_SHIFT) : 0;
}

struct uc_vmobj *rfs_rewrite_stubs(struct rfs_node *n, uint64_t *vaddr, uint64_t *npages)
{
	struct uc_rw_file f;
	struct rfs_rewrite *rw = entry_of(n, &f);
	if (!rw || !f.stub_pages)
		return NULL;
	struct stubs *s = rw->stubs;
	while (s && s->path_hash != f.path_hash)
		s = s->next;
	if (!s) {
		s = uc_heap_alloc(sizeof(*s));
		if (!s)
			return NULL; /* its system calls trap */
		*s = (struct stubs){ .obj.ops = &stub_ops,
				     .next = rw->stubs,
				     .pa = rw->phys + f.stub_off,
				     .path_hash = f.path_hash,
				     .pages = f.stub_pages };
		rw->stubs = s;
	}
	*vaddr = f.stub_vaddr;
	*npages = f.stub_pages;
	return &s->obj;
}
