// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VFS_IMPL_H
#define UC_VFS_IMPL_H
/* Inside of the VFS µlib: the dentry cache and the path walk. Context: thread. */
#include <asm/errno.h>
#include <linux/inotify.h>
#include <uc/vfs.h>

#define UC_NAME_MAX 255u
#define UC_PATH_MAX 4096u
#define UC_MAX_LINKS 40u
#define UC_S_IALLUGO 07777u

#define UC_ISDIR(i)  (((i)->mode & S_IFMT) == S_IFDIR)
#define UC_ISREG(i)  (((i)->mode & S_IFMT) == S_IFREG)
#define UC_ISLNK(i)  (((i)->mode & S_IFMT) == S_IFLNK)

/* ---- dentry cache ---- */
/* Child of dir, referenced, from the cache or the file system; UC_ERR_PTR(-ENOENT ...). May
 * block. */
struct uc_dentry *uc_dcache_lookup(struct uc_dentry *dir, const char *name, size_t len);
/* Enters inode (whose reference passes to the dentry, also on failure) as a child of dir. */
struct uc_dentry *uc_dcache_add(struct uc_dentry *dir, const char *name, size_t len,
				struct uc_inode *i);
/* A root (no parent, not hashed). Takes the caller's reference on i, also on failure. */
struct uc_dentry *uc_dcache_root(struct uc_super *sb, struct uc_inode *i, const char *name);
/* The name was removed from its directory. */
void uc_dcache_deleted(struct uc_dentry *d);
/* No longer found by lookups. */
void uc_dcache_unhash(struct uc_dentry *d);
/* After a rename: d is now called name in dir. 0 or -ENOMEM (then d is only unhashed). */
int uc_dcache_move(struct uc_dentry *d, struct uc_dentry *dir, const char *name, size_t len);
bool uc_dentry_is_anon(const struct uc_dentry *d);

/* ---- path walk ---- */
enum uc_walk_kind {
	UC_LAST_NAME,   /* `last` is a name to look up in cur */
	UC_LAST_DOT, UC_LAST_DOTDOT,
	UC_LAST_NONE,   /* nothing left: cur is the result (the root, or a magic link's target) */
};
struct uc_walk_text {
	const char *p, *end;
	struct uc_dentry *holder;
	char *heap;
	struct uc_walk_text *prev;
};
struct uc_walk {
	struct uc_dentry *root;       /* borrowed */
	struct uc_dentry *cur;        /* referenced */
	const char *last; size_t last_len;
	enum uc_walk_kind kind;
	bool slash; /* slashes follow the last component: it must be a directory */
	unsigned links;
	uint32_t uid, gid;
	struct uc_walk_text text; /* being walked; prev: what is left of the paths around a link */
};
/* Walks to the directory of the last component. On any result call uc_walk_end afterwards. */
int uc_walk_begin(struct uc_walk *w, struct uc_fsctx *fs, struct uc_dentry *at, const char *path);
void uc_walk_end(struct uc_walk *w);
/* The last component, referenced, mounts crossed but links not followed; UC_ERR_PTR. */
struct uc_dentry *uc_walk_last(struct uc_walk *w);
/* Follows link (found by uc_walk_last): walks to the directory of its last component. */
int uc_walk_follow(struct uc_walk *w, struct uc_dentry *link);
/* Follows links of the last component as asked and returns what it leads to, referenced. */
struct uc_dentry *uc_walk_resolve(struct uc_walk *w, bool follow);
struct uc_dentry *uc_mount_top(struct uc_dentry *d); /* consumes and returns a reference */

static inline uint32_t uc_fs_umask(const struct uc_fsctx *fs) { return fs ? fs->umask : 0; }

/* ---- checks common to the operations on names ---- */
/* Before a change: makes sure that the file system can stamp it without waiting for the host's
 * clock, so that nothing comes between the check of a name and its change. True: it may have
 * blocked just now. */
bool uc_vfs_prepare_change(void);
int uc_may_create(struct uc_dentry *dir);
int uc_may_delete(struct uc_dentry *dir, struct uc_dentry *victim, bool isdir);

static inline bool uc_file_may_write(const struct uc_file *f)
{
	unsigned acc = f->flags & O_ACCMODE;
	return !(f->flags & O_PATH) && (acc == O_WRONLY || acc == O_RDWR);
}

/* ---- watching ---- */
static inline void uc_touched(struct uc_inode *i, const struct uc_dentry *d, unsigned mask)
{
	if (UC_UNLIKELY(uc_vfs_watch != NULL))
		uc_vfs_watch->touched(i, d, mask);
}
/* f was used; files without a name are not watched. */
static inline void uc_file_touched(const struct uc_file *f, unsigned mask)
{
	if (UC_UNLIKELY(uc_vfs_watch != NULL) && f->dentry && !(f->flags & O_PATH))
		uc_vfs_watch->touched(f->inode, f->dentry, mask);
}
static inline void uc_named(const struct uc_dentry *dir, const char *name, size_t len,
			    struct uc_inode *i, unsigned mask)
{
	if (UC_UNLIKELY(uc_vfs_watch != NULL))
		uc_vfs_watch->named(dir->inode, name, len, i, mask);
}
#endif
