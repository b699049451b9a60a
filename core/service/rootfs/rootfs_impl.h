// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ROOTFS_IMPL_H
#define UC_ROOTFS_IMPL_H
/*
 * Inside of rootfs. Between two blocking points a thread runs alone, so only what must stay
 * consistent across copies from and to the application is under a lock: writers of one file.
 */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <uc/erofs.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/rbtree.h>
#include <uc/rootfs.h>
#include <uc/string.h>

/* ---- page map: page number -> frame, for pages that differ from the lower layer ---- */
#define RFS_ZERO_PAGE 1ull /* in the map: a hole that hides the lower layer */
struct rfs_pagemap { void *root; uint8_t height; };
uint64_t rfs_map_get(const struct rfs_pagemap *m,
		     uint64_t pgoff); /* 0: nothing, RFS_ZERO_PAGE or a frame */
int rfs_map_set(struct rfs_pagemap *m, uint64_t pgoff,
		uint64_t v); /* -ENOMEM; does not touch the old value */
/* First entry at or after pgoff; false: none. */
bool rfs_map_next(const struct rfs_pagemap *m, uint64_t pgoff, uint64_t *found, uint64_t *v);
/* Calls drop for entries from pgoff on and removes them. */
void rfs_map_cut(struct rfs_pagemap *m, uint64_t from,
		 void (*drop)(void *ctx, uint64_t pgoff, uint64_t v), void *ctx);

/* ---- nodes ---- */
enum {
	RFS_PINNED = 1, /* an image inode that differs from the image: kept while it has names */
	RFS_DATA = 2,   /* contents differ from the image */
	RFS_OWN_XATTRS = 4, /* the list is complete, the image's are not asked */
	RFS_TMPFILE = 8,    /* may get its first name by link(2) */
	RFS_SEALABLE = 16,
	RFS_SHARED_WRITE = 32, /* was mapped shared and written since it was last unmapped */
};
struct rfs_xattr { struct rfs_xattr *next; size_t value_len; char *value; char name[]; };
struct rfs_node {
	struct uc_inode i;           /* first */
	struct rfs_node *next;       /* chain of rootfs->table; list of the dying */
	uint64_t nid;                /* in the image; RFS_NO_NID */
	uint64_t path_hash;          /* of the image path it was found by (uc/abi/rewrite.h) */
	struct uc_erofs_data lower;
	uint64_t size;
	int64_t atime, mtime, ctime, btime; /* ns since the epoch */
	uint32_t nlink;
	uint16_t flags, seals;
	struct rfs_xattr *xattrs;
	union {
		struct {
			struct rfs_pagemap map;
			uint64_t lower_len;      /* bytes of the image's file that still show */
			uint64_t frames,
				hidden; /* pages in the map; of these over the lower layer */
			struct uc_mutex lock;    /* writers */
		} file;
		struct { struct uc_rbtree names; } dir;
		struct { char *text; } link;
	};
};
#define RFS_NO_NID UINT64_MAX
struct rfs_rewrite;
struct rootfs {
	struct uc_super sb;
	bool has_lower;
	struct uc_erofs lower;
	struct rfs_node **table;     /* image inodes in memory, by nid */
	uint32_t table_size, table_used;
	uint64_t next_ino;
	uint64_t limit, used;        /* frames of file contents; limit 0: what memory allows */
	struct rfs_rewrite *rewrite; /* NULL until first asked */
};
struct rootfs *rfs_super_new(const char *type); /* NULL: no memory */
/* Gives fs its root, or frees it if root is NULL or an error. */
int rfs_super_finish(struct rootfs *fs, struct rfs_node *root, struct uc_super **out);
static inline struct rfs_node *rfs_node(struct uc_inode *i) { return (struct rfs_node *)i; }
static inline struct rootfs *rfs_of(const struct rfs_node *n) { return n->i.sb->priv; }
static inline bool rfs_isdir(const struct rfs_node *n) { return (n->i.mode & S_IFMT) == S_IFDIR; }
static inline bool rfs_isreg(const struct rfs_node *n) { return (n->i.mode & S_IFMT) == S_IFREG; }

extern const struct uc_inode_ops rfs_dir_ops, rfs_file_ops, rfs_link_ops, rfs_special_ops;
extern const struct uc_file_ops rfs_file_fops;
extern const struct uc_vmobj_ops rfs_vmobj_ops;

/* The node of image inode nid, which has that path_hash if it is new; referenced, or UC_ERR_PTR. */
struct rfs_node *rfs_get(struct rootfs *fs, uint64_t nid, uint64_t path_hash);
/* A new node: nlink 1 (2 for a directory), refs 1, owner and times set. dir NULL: owned by the
 * caller's ids. */
struct rfs_node *rfs_make(struct rootfs *fs, struct uc_inode *dir, uint32_t mode);
void rfs_release(struct uc_inode *i);
/* Something changed: pins an image inode. */
void rfs_changed(struct rfs_node *n);
void rfs_drop_link(struct rfs_node *n); /* nlink went down: unpins at 0 */
void rfs_unpin_all(struct rootfs *fs);
int64_t rfs_now(struct rootfs *fs);
int rfs_getattr(struct uc_inode *i, struct statx *st);

/* ---- directories ---- */
static inline bool rfs_has_lower(const struct rfs_node *dir) { return dir->nid != RFS_NO_NID; }
/* What name stands for, referenced, or UC_ERR_PTR. */
struct rfs_node *rfs_dir_find(struct rfs_node *dir, const char *name, size_t len);
/* Makes sure that dir has an own entry for name, so that changing it cannot fail. A new one is a
 * whiteout. */
struct rfs_name *rfs_dir_own(struct rfs_node *dir, const char *name, size_t len, bool *fresh);
/* Points e at node, taking over the caller's reference. */
void rfs_dir_set(struct rfs_name *e, struct rfs_node *node);
void rfs_stamp_dir(struct rfs_node *dir);
void rfs_stamp_node(struct rfs_node *n);

/* ---- parts (uc/part.h): NULL in an image that cannot reach them ---- */
#define RFS_WEAK __attribute__((weak))
extern struct uc_fstype rfs_tmpfs_type RFS_WEAK;
RFS_WEAK int rfs_statfs(struct uc_super *sb, void *buf);
RFS_WEAK int rfs_setattr(struct uc_inode *i, const struct uc_attr *a);
RFS_WEAK loff_t rfs_seek_hole(struct uc_file *f, loff_t off, int whence);
RFS_WEAK struct uc_inode *rfs_create(struct uc_inode *dir, const char *name, size_t len,
				     uint32_t mode, uint64_t rdev);
RFS_WEAK struct uc_inode *rfs_symlink(struct uc_inode *dir, const char *name, size_t len,
				      const char *target);
RFS_WEAK int rfs_link(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *target);
RFS_WEAK struct uc_inode *rfs_tmpfile(struct uc_inode *dir, uint32_t mode);
RFS_WEAK int rfs_readdir(struct uc_inode *i, uint64_t pos, uc_filldir fill, void *ctx);
RFS_WEAK int rfs_unlink(struct uc_inode *i, const char *name, size_t len, struct uc_inode *victim);
RFS_WEAK int rfs_rename(struct uc_inode *oi, const char *on, size_t ol, struct uc_inode *ni,
			const char *nn, size_t nl, struct uc_inode *vi, unsigned flags);
RFS_WEAK ssize_t rfs_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos);
RFS_WEAK int rfs_fallocate(struct uc_file *f, int mode, uint64_t off, uint64_t len);
RFS_WEAK ssize_t rfs_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap);
RFS_WEAK ssize_t rfs_listxattr(struct uc_inode *i, char *buf, size_t cap);
RFS_WEAK int rfs_setxattr(struct uc_inode *i, const char *name, const void *v, size_t len,
			  int flags);

/* ---- own names of a directory: added ones and whiteouts ---- */
struct rfs_name {
	struct uc_rbnode rb;
	struct rfs_node *node;       /* referenced; NULL: whiteout */
	uint32_t hash; uint16_t dup; /* key (hash, dup): order and directory position */
	uint8_t len; char name[];
};
static inline uint64_t rfs_name_key(const struct rfs_name *e)
{
	return (uint64_t)e->hash << 16 | e->dup;
}
struct rfs_name *rfs_names_find(const struct rfs_node *dir, const char *name, size_t len);
struct rfs_name *rfs_names_from(const struct rfs_node *dir, uint64_t key); /* first with a key >= */
struct rfs_name *rfs_name_new(const char *name, size_t len,
			      struct rfs_node *node);           /* takes no reference */
int rfs_names_insert(struct rfs_node *dir, struct rfs_name *e); /* -ENOSPC: 65536 equal hashes */
void rfs_names_erase(struct rfs_node *dir, struct rfs_name *e);
void rfs_names_free(struct rfs_node *dir);

/* ---- contents ---- */
int rfs_truncate(struct rfs_node *n, uint64_t size);
/* The frame of page pgoff for writing, made from the lower layer if need be. 0 or -ENOSPC. */
int rfs_page_own(struct rfs_node *n, uint64_t pgoff, uc_paddr *pa);
/* Fills a page with what the file shows there, apart from the map. */
void rfs_page_lower(const struct rfs_node *n, uint64_t pgoff, uint8_t *page);
uc_paddr rfs_frame(bool zero);
int rfs_map_put(struct rfs_node *n, uint64_t pgoff, uint64_t v);
void rfs_data_free(struct rfs_node *n);
void rfs_drop_page(void *node, uint64_t pgoff, uint64_t v); /* for rfs_map_cut */
void rfs_touch(struct rfs_node *n);         /* contents changed: mtime, ctime, set-id bits */
void rfs_invalidate(struct rfs_node *n, uint64_t pgoff, uint64_t npages, bool copies);
static inline bool rfs_lower_page(const struct rfs_node *n, uint64_t pgoff)
{
	return pgoff < UC_PAGE_UP(n->file.lower_len) >> UC_PAGE_SHIFT;
}

/* ---- extended attributes ---- */
void rfs_xattrs_free(struct rfs_node *n);

/* ---- rewritten text ---- */
/* Replacement of page pgoff of image inode n: its physical address; 0: none, *clear: pages from
 * pgoff on without one. */
uc_paddr rfs_rewrite_page(struct rfs_node *n, uint64_t pgoff, uint64_t *run);
struct uc_vmobj *rfs_rewrite_stubs(struct rfs_node *n, uint64_t *vaddr, uint64_t *npages);
void rfs_rewrite_free(struct rootfs *fs);
#endif
