// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_P9_FS_H
#define UC_P9_FS_H
/*
 * The file system over the client. Each live inode holds one fid that names it; open files hold
 * fids of their own. Pages exist only for mapped files and are kept coherent with read and write.
 */
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <linux/stat.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/vfs.h>
#include "p9_client.h"

struct p9_super {
	struct uc_super sb;
	struct p9_super *next;     /* all mounts */
	struct p9_client c;
	struct uc_rbtree inodes;   /* by qid path */
	struct uc_list mapped;     /* inodes with pages */
	struct uc_list parked;     /* inodes that were unlinked while open */
	uint64_t park_seq, park_id;
};

/* A fid open for I/O, shared by files and mappings. */
struct p9_handle { uint32_t fid, refs; bool rd, wr, append; };

struct p9_page {
	struct uc_rbnode node;
	uint64_t pgoff;
	uc_paddr pa;
	bool wr; /* was given out writable */
};

struct p9_inode {
	struct uc_inode i;
	struct uc_rbnode node;
	uint64_t path;             /* qid path; key */
	uint32_t version;          /* qid version last seen */
	uint32_t fid;
	uint32_t opens;            /* open files */
	bool listed;               /* in the superblock's tree */
	struct p9_handle *spare;   /* made by create, for the open that follows */
	struct p9_handle *map_rd, *map_wr; /* for the page cache, while mapped */
	struct p9_handle *dir;     /* for readdir */
	struct uc_rbtree pages;
	uint32_t npages;
	struct uc_list mapped_link, parked_link;
	char *parked;              /* hidden name in the root; NULL: not unlinked */
	struct uc_mutex
		io; /* order of writes, page fills and write-back; no application memory under it */
};

static inline struct p9_inode *p9_i(struct uc_inode *i)
{
	return UC_CONTAINER(i, struct p9_inode, i);
}
static inline struct p9_super *p9_sb(const struct p9_inode *p)
{
	return UC_CONTAINER(p->i.sb, struct p9_super, sb);
}
static inline struct p9_client *p9_c(const struct p9_inode *p) { return &p9_sb(p)->c; }

/* ---- inode.c ---- */
/* The inode for a freshly walked fid, which is consumed. Referenced, or UC_ERR_PTR. */
struct uc_inode *p9_iget(struct p9_super *s, uint32_t fid);
struct uc_inode *p9_lookup(struct uc_inode *dir, const char *name, size_t len);
void p9_unlist(struct p9_inode *p);
/* The fid that names p is now another. */
void p9_replace_fid(struct p9_inode *p, uint32_t fid);
int p9_refresh(struct p9_inode *p, struct p9_attr *a); /* getattr, and what the inode keeps of it */

/* ---- handle.c ---- */
struct p9_handle *p9_handle_open(struct p9_inode *p, unsigned flags); /* or UC_ERR_PTR */
struct p9_handle *p9_handle_new(uint32_t fid, unsigned flags);
void p9_handle_put(struct p9_inode *p, struct p9_handle *h); /* NULL is ignored */

/* ---- names.c ---- */
extern const struct uc_inode_ops p9_dir_ops, p9_file_ops, p9_link_ops, p9_special_ops;
extern const struct uc_file_ops p9_file_fops, p9_dir_fops;
/* Unlinks what was parked once nothing uses it any more. */
void p9_unpark(struct p9_inode *p);
bool p9_is_parked_name(const char *name, size_t len);
int p9_unlink(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *victim);
int p9_rename(struct uc_inode *od, const char *on, size_t ol, struct uc_inode *nd, const char *nn,
	      size_t nl, struct uc_inode *victim, unsigned flags);

/* ---- pages.c ---- */
extern const struct uc_vmobj_ops p9_vmobj_ops;
/* Replaces stale file data in buf (file range off, n) with that of pages mapped for writing. */
void p9_pages_overlay(struct p9_inode *p, uint64_t off, void *buf, size_t n);
/* The file's bytes off.. are now buf: cached pages follow. */
void p9_pages_update(struct p9_inode *p, uint64_t off, const void *buf, size_t n);
void p9_pages_truncate(struct p9_inode *p, uint64_t size);
int p9_pages_write_back(struct p9_inode *p, uint64_t pgoff, uint64_t npages);
/* Drops pages that nobody maps: all, or only unmodified ones. */
bool p9_pages_drop(struct p9_inode *p, bool all);
void p9_pages_file_mapped(struct p9_inode *p, struct p9_handle *h);

/* ---- xattr.c ---- */
ssize_t p9_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap);
ssize_t p9_listxattr(struct uc_inode *i, char *buf, size_t cap);
int p9_setxattr(struct uc_inode *i, const char *name, const void *v, size_t n, int flags);

/* ---- attr.c ---- */
int p9_fs_getattr(struct uc_inode *i, struct statx *st);
int p9_fs_setattr(struct uc_inode *i, const struct uc_attr *a);
#endif
