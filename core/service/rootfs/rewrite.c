// SPDX-License-Identifier: BSD-3-Clause
/*
 * Rewritten text of image files. Entries name paths of the image; they are resolved in the image
 * alone, once, to inode numbers, so renames, hard links and mounts in the guest do not matter.
 */
#include <uc/fmt.h>
#include <uc/log.h>
#include "rootfs_impl.h"
#include "rw_decode.h"

struct entry {
	struct uc_vmobj stubs;
	const struct rfs_rewrite *rw;
	uint64_t nid;
	struct uc_rw_file file;
};
struct rfs_rewrite {
	struct rw_text text;
	uc_paddr phys;
	uint32_t n;
	struct entry entry[]; /* sorted by nid */
};

/* ---- stub pages as a mappable object, as long-lived as the file system ---- */

static void keep(struct uc_vmobj *o) { }

static int stub_page(struct uc_vmobj *o, uint64_t pgoff, enum uc_vm_access access,
		     struct uc_vm_page *out)
{
	const struct entry *e = UC_CONTAINER(o, struct entry, stubs);
	if (pgoff >= e->file.stub_pages)
		return -ERANGE;
	if (access == UC_VM_WRITE)
		return -EIO;
	out->pa = e->rw->phys + e->file.stub_off + (pgoff << UC_PAGE_SHIFT);
	out->run = (uint32_t)(e->file.stub_pages - pgoff);
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

/* ---- from paths to inodes ---- */

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

static void insert(struct rfs_rewrite *rw, uint64_t nid, const struct uc_rw_file *file)
{
	uint32_t k = rw->n++;
	for (; k && rw->entry[k - 1].nid > nid; k--)
		rw->entry[k] = rw->entry[k - 1];
	rw->entry[k] =
		(struct entry){ .stubs.ops = &stub_ops, .rw = rw, .nid = nid, .file = *file };
}

static void fill(struct rootfs *fs, struct rfs_rewrite *rw)
{
	for (uint32_t k = 0; k < rw->text.nfiles; k++) {
		struct uc_rw_file f;
		struct uc_erofs_inode i;
		const char *path;
		rw_file(&rw->text, k, &f, &path);
		if (resolve(&fs->lower, path, &i) || (i.mode & S_IFMT) != S_IFREG ||
		    i.data.size != f.size)
			uc_log(UC_LOG_WARN, "rewritten text: %s is not the file it was made for",
			       path);
		else
			insert(rw, i.nid, &f);
	}
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
	struct rfs_rewrite *rw =
		uc_heap_zalloc(sizeof(*rw) + (size_t)t.nfiles * sizeof(struct entry));
	if (!rw)
		return NULL;
	rw->text = t;
	rw->phys = phys;
	fill(fs, rw);
	fs->rewrite = rw;
	return rw;
}

void rfs_rewrite_free(struct rootfs *fs) { uc_heap_free(fs->rewrite); }

/* The entry of an unchanged image file, or NULL. */
static struct entry *entry_of(struct rfs_node *n)
{
	if (n->nid == RFS_NO_NID || (n->flags & RFS_DATA))
		return NULL;
	struct rfs_rewrite *rw = get(rfs_of(n));
	uint32_t lo = 0, hi = rw ? rw->n : 0;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (rw->entry[mid].nid == n->nid)
			return &rw->entry[mid];
		if (rw->entry[mid].nid < n->nid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

uc_paddr rfs_rewrite_page(struct rfs_node *n, uint64_t pgoff, uint64_t *clear)
{
	struct entry *e = entry_of(n);
	if (!e)
		return 0;
	uint64_t page = rw_replacement(&e->rw->text, &e->file, pgoff, clear);
	return page ? e->rw->phys + (page << UC_PAGE_SHIFT) : 0;
}

struct uc_vmobj *rfs_rewrite_stubs(struct rfs_node *n, uint64_t *vaddr, uint64_t *npages)
{
	struct entry *e = entry_of(n);
	if (!e || !e->file.stub_pages)
		return NULL;
	*vaddr = e->file.stub_vaddr;
	*npages = e->file.stub_pages;
	return &e->stubs;
}
