// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VFS_H
#define UC_VFS_H
/*
 * Files, inodes, directory entries, mounts: the interface between system calls and file systems.
 * Context: thread. Functions may block unless stated. Return negative errno as Linux documents.
 */
#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/stat.h>
#include <linux/time_types.h>
#include <uc/list.h>
#include <uc/sched.h>
#include <uc/types.h>
#include <uc/vm.h>

/* ---- scatter/gather over application or kernel memory ---- */
struct uc_iovec { uint64_t base, len; }; /* layout of struct iovec */
struct uc_iter {
	const struct uc_iovec *iov; unsigned niov;
	uint64_t skip;      /* bytes consumed of iov[0] */
	uint64_t left;      /* total bytes left */
	bool kernel;        /* bases are kernel addresses */
};
void uc_iter_kernel(struct uc_iter *it, struct uc_iovec *storage, void *buf, size_t n);
/* Copies up to n bytes and advances. Bytes copied; -EFAULT only if nothing could be. */
ssize_t uc_iter_put(struct uc_iter *it, const void *src, size_t n); /* kernel data -> iter */
ssize_t uc_iter_get(struct uc_iter *it, void *dst, size_t n);       /* iter -> kernel data */
ssize_t uc_iter_put_zero(struct uc_iter *it, size_t n);

/* ---- inodes ---- */
struct uc_inode; struct uc_dentry; struct uc_file; struct uc_super;
struct uc_attr { /* for setattr */
	unsigned valid; /* UC_ATTR_* */
	uint32_t mode, uid, gid; uint64_t size; struct __kernel_timespec atime, mtime;
};
enum {
	UC_ATTR_MODE = 1,
	UC_ATTR_UID = 2,
	UC_ATTR_GID = 4,
	UC_ATTR_SIZE = 8,
	UC_ATTR_ATIME = 16,
	UC_ATTR_MTIME = 32,
	UC_ATTR_NOW = 64 /* with ATIME|MTIME: utimensat(NULL); uc_vfs_setattr fills the times in */
};
/* One directory entry; next_pos continues after it. Non-zero: stop, the entry was not consumed. */
typedef int (*uc_filldir)(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
			  uint64_t next_pos);
/* The VFS has checked permissions, types, name length, read-only mounts and existence before it
 * calls these; rdev is the 32-bit number of mknod(2). A new inode's owner: uc_vfs_new_owner. */
struct uc_inode_ops {
	/* Child inode with a reference, or UC_ERR_PTR(-ENOENT ...). */
	struct uc_inode *(*lookup)(struct uc_inode *dir, const char *name, size_t len);
	struct uc_inode *(*create)(struct uc_inode *dir, const char *name, size_t len,
				   uint32_t mode, uint64_t rdev); /* any type by mode */
	int (*link)(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *target);
	int (*unlink)(struct uc_inode *dir, const char *name, size_t len,
		      struct uc_inode *victim); /* also rmdir */
	struct uc_inode *(*symlink)(struct uc_inode *dir, const char *name, size_t len,
				    const char *target);
	int (*rename)(struct uc_inode *od, const char *on, size_t ol, struct uc_inode *nd,
		      const char *nn, size_t nl, struct uc_inode *victim, unsigned flags);
	ssize_t (*readlink)(struct uc_inode *i, char *buf, size_t cap);
	/* Magic links (/proc/PID/fd/N, exe, cwd, root): what the link leads to, referenced, or
	 * UC_ERR_PTR (for a file without a name see uc_dentry_anon); readlink only gives its text.
	 * NULL op: an ordinary symbolic link. */
	struct uc_dentry *(*follow)(struct uc_inode *i);
	int (*getattr)(struct uc_inode *i,
		       struct statx *st); /* fills everything but mount id and dev */
	int (*setattr)(struct uc_inode *i, const struct uc_attr *a);
	int (*open)(struct uc_inode *i, struct uc_file *f); /* may set f->ops, f->priv; optional */
	/* Children only, without "." and ".."; pos <= 2: from the start, else a next_pos > 2 given
	 * before. */
	int (*readdir)(struct uc_inode *dir, uint64_t pos, uc_filldir fill, void *ctx);
	ssize_t (*getxattr)(struct uc_inode *i, const char *name, void *buf, size_t cap);
	ssize_t (*listxattr)(struct uc_inode *i, char *buf, size_t cap);
	int (*setxattr)(struct uc_inode *i, const char *name, const void *v, size_t n,
			int flags);                              /* n==SIZE_MAX: remove */
	void (*release)(struct uc_inode *i);                     /* last reference gone */
	/* --- optional --- */
	/* Whether a cached entry of dir is still right (false: looked up anew). NULL: always. */
	bool (*revalidate)(struct uc_inode *dir, struct uc_inode *child, const char *name,
			   size_t len);
	/* Target text that lives as long as the inode, not terminated. Saves the copy of
	 * readlink. */
	const char *(*link_text)(struct uc_inode *link, size_t *len);
	struct uc_inode *(*tmpfile)(struct uc_inode *dir,
				    uint32_t mode); /* O_TMPFILE: a regular file without a name */
};
/* Allocated zeroed by its file system, which calls uc_inode_init. */
struct uc_inode {
	const struct uc_inode_ops *ops;
	const struct uc_file_ops *fops;   /* default for files opened on it */
	struct uc_super *sb;
	uint32_t refs, mode;              /* mode: S_IFMT | permissions; the type never changes */
	uint64_t ino, rdev;
	struct uc_vmobj vmobj;            /* ops NULL: cannot be mapped */
	struct uc_list flocks;            /* advisory locks */
	void *ext;                        /* sockets, FIFOs bound to this inode */
	uint32_t uid, gid; /* owner, for permission checks; kept up to date by the file system */
	uint32_t maps;                    /* references of mappings (uc_inode_vmobj_ref) */
	bool alias_held;                  /* the mappings hold a reference on alias */
	struct uc_dentry
		*alias; /* some cached name, borrowed; NULL: none. Owned by the dentry cache */
};
/* Sets up the common part: refs 1, empty lists. */
void uc_inode_init(struct uc_inode *i, struct uc_super *sb, const struct uc_inode_ops *ops,
		   const struct uc_file_ops *fops, uint32_t mode);
void uc_inode_ref(struct uc_inode *i);
void uc_inode_unref(struct uc_inode *i);
/* may: UC_MAY_* bits, by the current fsuid and fsgid. 0 or -EACCES. */
enum { UC_MAY_EXEC = 1, UC_MAY_WRITE = 2, UC_MAY_READ = 4 };
int uc_inode_permission(const struct uc_inode *i, unsigned may);
/* The same for given credentials (access(2) uses the real ones). */
int uc_inode_permission_as(const struct uc_inode *i, unsigned may, uint32_t uid, uint32_t gid);
/* The current fsuid is 0 or owns i. */
bool uc_inode_owner_or_root(const struct uc_inode *i);
/* For a vmobj embedded in an inode: ref, unref (they keep the name for /proc/self/maps) and
 * describe. */
void uc_inode_vmobj_ref(struct uc_vmobj *o);
void uc_inode_vmobj_unref(struct uc_vmobj *o);
void uc_inode_vmobj_describe(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev,
			     uint64_t *ino);
/* Owner and mode of a new inode in dir: fsuid, fsgid or the set-group-id rule. */
void uc_vfs_new_owner(const struct uc_inode *dir, uint32_t *mode, uint32_t *uid, uint32_t *gid);
/* Device numbers as in st_rdev. */
static inline uint32_t uc_dev_major(uint64_t d) { return (uint32_t)((d >> 8) & 0xfff); }
static inline uint32_t uc_dev_minor(uint64_t d)
{
	return (uint32_t)((d & 0xff) | ((d >> 12) & 0xfff00));
}
static inline uint64_t uc_dev_make(uint32_t major, uint32_t minor)
{
	return ((uint64_t)(major & 0xfff) << 8) | (minor & 0xff) |
	       ((uint64_t)(minor & 0xfff00) << 12);
}

/* ---- open files ---- */
struct uc_poll; /* a poll operation in progress, see uc_poll_wait */
struct uc_file_ops {
	/* pos: file position to use and advance; NULL for streams (seek == NULL). Bytes, 0 at end,
	 * or -errno. A write to a file with O_APPEND first sets *pos to the end. */
	ssize_t (*read)(struct uc_file *f, struct uc_iter *it, uint64_t *pos);
	ssize_t (*write)(struct uc_file *f, struct uc_iter *it, uint64_t *pos);
	loff_t (*seek)(struct uc_file *f, loff_t off, int whence);       /* NULL: -ESPIPE */
	unsigned (*poll)(struct uc_file *f, struct uc_poll *p); /* POLL* mask; NULL: always ready */
	long (*ioctl)(struct uc_file *f, unsigned cmd, uc_uptr arg);     /* -ENOTTY if not known */
	struct uc_vmobj *(*mmap)(struct uc_file *f, int prot,
				 int flags); /* borrowed, or UC_ERR_PTR; NULL op: inode's */
	int (*fsync)(struct uc_file *f, bool datasync);
	int (*fallocate)(struct uc_file *f, int mode, uint64_t off, uint64_t len);
	int (*flush)(struct uc_file *f);                                 /* each close(2) */
	void (*release)(struct uc_file *f);                              /* last reference gone */
	int (*stat)(struct uc_file *f, struct statx *st);                /* NULL: inode's */
	ssize_t (*fdinfo)(struct uc_file *f, char *buf,
			  size_t cap); /* extra /proc/PID/fdinfo text; optional */
};
/* Who watches a file without holding a reference. gone: the file's last reference goes, before
 * ops->release; it takes the watch off the list. */
struct uc_file_watch { struct uc_list link; void (*gone)(struct uc_file_watch *w); };
/* F_SETOWN, F_SETSIG; see uc/fowner.h. */
struct uc_fowner { int pid, type, sig; uint32_t uid, euid; /* of who set it */ };
struct uc_file {
	const struct uc_file_ops *ops;
	struct uc_inode *inode;      /* may be NULL (anonymous: eventfd ...) */
	struct uc_dentry *dentry;    /* NULL for anonymous files */
	uint32_t refs;
	unsigned flags;              /* O_ACCMODE, O_APPEND, O_NONBLOCK, O_DIRECT, O_PATH ... */
	uint64_t pos;
	struct uc_mutex pos_lock;
	struct uc_waitq *pollq;      /* queue that poll waits on, if there is one */
	struct uc_list watches;      /* struct uc_file_watch */
	void *priv;
	const char *anon_name;       /* "anon_inode:[eventfd]", "pipe:[12]" for /proc/self/fd */
	struct uc_list flock_owner;
	struct uc_fowner owner;
	bool nospace;                /* a writer was told that there is no room (sockets) */
};
/* A file without a name. refs 1; NULL: no memory. */
struct uc_file *uc_file_new(const struct uc_file_ops *ops, unsigned flags, void *priv);
/* A file on an inode that has no name (pipe ends, memfd): takes a reference on i. */
struct uc_file *uc_file_new_inode(struct uc_inode *i, unsigned flags, const char *anon_name);
void uc_file_ref(struct uc_file *f);
void uc_file_unref(struct uc_file *f);
ssize_t uc_file_read(struct uc_file *f, struct uc_iter *it,
		     uint64_t *pos); /* checks mode; pos NULL: file position */
ssize_t uc_file_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos);
int uc_file_stat(struct uc_file *f, struct statx *st);
/* lseek(2): new position or -errno. uc_file_seek_size is the usual rule for a file of `size`
 * bytes. */
loff_t uc_file_seek(struct uc_file *f, loff_t off, int whence);
loff_t uc_file_seek_size(struct uc_file *f, loff_t off, int whence, uint64_t size);
/* ftruncate(2). */
int uc_file_truncate(struct uc_file *f, uint64_t size);
/* Entries of an open directory from f->pos on, with "." and "..", advancing f->pos. 0 or -errno. */
int uc_file_readdir(struct uc_file *f, uc_filldir fill, void *ctx);

/* ---- poll protocol: file->poll calls uc_poll_wait for each queue, then returns its mask ---- */
struct uc_poll { void (*add)(struct uc_poll *p, struct uc_waitq *q); };
static inline void uc_poll_wait(struct uc_poll *p, struct uc_waitq *q)
{
	if (p && p->add) p->add(p, q);
}

/* ---- superblocks, mounts, directory entries ---- */
struct uc_super { const char *type; uint64_t dev; struct uc_inode *root; bool readonly; void *priv;
	int (*statfs)(struct uc_super *sb, void *kernel_statfs); int (*sync)(struct uc_super *sb);
	void (*kill)(struct uc_super *sb); /* unmounted and unused: frees it; optional */ };
/* Unknown to applications, so that they cannot choose names that meet in one chain; set once. */
extern uint64_t uc_vfs_salt;
struct uc_dentry {               /* positive entries only; parent chain gives paths */
	uint32_t refs;
	struct uc_dentry *parent;    /* referenced; self for a root */
	struct uc_inode *inode;
	struct uc_dentry *mounted;   /* root dentry mounted here */
	struct uc_dentry *covers;    /* of a mount root: the mount point */
	struct uc_list sibling, children, lru;
	bool unlinked;
	bool hashed;                 /* found by lookups */
	uint32_t hash;
	struct uc_dentry *hash_next;
	struct uc_super *sb;
	size_t name_len;
	char *name;                  /* NUL-terminated */
};
void uc_dentry_ref(struct uc_dentry *d);
void uc_dentry_unref(struct uc_dentry *d);
/* Path of d seen from root into buf; returns start pointer inside buf, or
 * UC_ERR_PTR(-ENAMETOOLONG/-ENOENT).
 * -ENOENT: d was removed or is not below root (NULL: the root of all). */
char *uc_dentry_path(struct uc_dentry *d, struct uc_dentry *root, char *buf, size_t cap);
/* As /proc shows it: a removed name ends in " (deleted)", outside of root: "(unreachable)/…", no
 * name: the name given. */
char *uc_dentry_show(struct uc_dentry *d, struct uc_dentry *root, char *buf, size_t cap);
/* Text for /proc/PID/fd/N: the path or the anonymous name. */
char *uc_file_show(struct uc_file *f, struct uc_dentry *root, char *buf, size_t cap);
/* Drops up to n unused cached entries; returns how many. For memory reclaim. */
unsigned uc_dcache_shrink(unsigned n);
/* Forgets cached entries below d that nobody uses (file systems that change behind our back). */
void uc_dcache_prune(struct uc_dentry *d);
uint64_t uc_vfs_new_dev(void); /* device number for a file system without a device */
/* Mounts sb as the root, once. 0, -ENOMEM. */
int uc_vfs_mount_root(struct uc_super *sb);
/* Mounts sb at path (created as a directory if missing). */
int uc_vfs_mount(struct uc_super *sb, const char *path);
/* mount(2) on an existing directory or file. 0, -ENOTDIR, -ENOMEM. */
int uc_vfs_mount_at(struct uc_super *sb, struct uc_dentry *at);
/* Bind mount: what src names appears at `at` too. 0, -ENOTDIR, -ENOMEM. */
int uc_vfs_bind(struct uc_dentry *src, struct uc_dentry *at);
/* File systems by name for mount(2): "tmpfs", "proc", "devtmpfs". mount: superblock or
 * UC_ERR_PTR. */
struct uc_fstype {
	const char *name;
	struct uc_super *(*mount)(const char *source, unsigned long flags, const char *data);
	bool nodev; struct uc_fstype *next;
};
void uc_vfs_register_fs(struct uc_fstype *t);
struct uc_fstype *uc_vfs_fstypes(void);
extern struct uc_dentry *uc_vfs_root;    /* root of all mounts */
void uc_vfs_forget_root(void); /* undoes mounting the root; nothing may be in use (tests) */
/* True while the kernel itself makes directories at start: stamp them without asking for the
 * time. */
extern bool uc_vfs_quiet;
/* For /proc/mounts. */
void uc_vfs_for_each_mount(void (*fn)(struct uc_super *sb, const char *path, void *arg), void *arg);

/* ---- per-process file state ---- */
struct uc_fdtable; /* descriptors, shared by CLONE_FILES */
struct uc_fsctx {
	uint32_t refs;
	struct uc_dentry *root, *cwd;
	uint32_t umask;
}; /* shared by CLONE_FS */
struct uc_fdtable *uc_fdtable_new(void);
struct uc_fdtable *uc_fdtable_fork(struct uc_fdtable *t);
void uc_fdtable_ref(struct uc_fdtable *t);
void uc_fdtable_unref(struct uc_fdtable *t);
void uc_fdtable_close_on_exec(struct uc_fdtable *t);
/* Lowest free descriptor >= min for f (takes the caller's reference on success). fd, -EMFILE,
 * -ENOMEM. */
int uc_fd_install(struct uc_fdtable *t, struct uc_file *f, int min, bool cloexec);
/* File with a new reference, or NULL. */
struct uc_file *uc_fd_get(struct uc_fdtable *t, int fd);
/* Takes the caller's reference; replaces what fd held. */
int uc_fd_install_at(struct uc_fdtable *t, struct uc_file *f, int fd, bool cloexec);
int uc_fd_close(struct uc_fdtable *t, int fd);
void uc_fdtable_set_limit(struct uc_fdtable *t, unsigned max);
/* FD_CLOEXEC of a descriptor: 0, 1 or -EBADF; and setting it. */
int uc_fd_cloexec(struct uc_fdtable *t, int fd);
int uc_fd_set_cloexec(struct uc_fdtable *t, int fd, bool on);
/* For /proc/self/fd: smallest open descriptor >= fd, or -1. */
int uc_fd_next(struct uc_fdtable *t, int fd);
struct uc_fsctx *uc_fsctx_new(void);
struct uc_fsctx *uc_fsctx_fork(struct uc_fsctx *c);
void uc_fsctx_ref(struct uc_fsctx *c);
void uc_fsctx_unref(struct uc_fsctx *c);

/* ---- what system calls and the loader use ---- */
/* Opens by path (kernel string), following Linux's open flags. File or UC_ERR_PTR. */
struct uc_file *uc_vfs_open(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, int flags,
			    uint32_t mode);
/* Opens what is there already: flags without O_CREAT. */
struct uc_file *uc_vfs_open_existing(struct uc_fsctx *fs, const char *path, int flags);
enum { UC_LOOKUP_FOLLOW = 1, UC_LOOKUP_DIRECTORY = 2, UC_LOOKUP_EMPTY = 4 };
/* Referenced dentry or UC_ERR_PTR. at NULL: cwd. */
struct uc_dentry *uc_vfs_lookup(struct uc_fsctx *fs, struct uc_dentry *at, const char *path,
				unsigned flags);
int uc_vfs_mkdir_p(const char *path, uint32_t mode); /* kernel use at boot */
/* Starting point of an *at call: *out NULL for AT_FDCWD or an absolute path, else the descriptor's
 * entry, referenced. 0, -EBADF, -ENOTDIR (must be a directory unless path is empty). */
int uc_vfs_at(int dirfd, const char *path, struct uc_dentry **out);
ssize_t uc_vfs_readlink(struct uc_dentry *d, char *buf, size_t cap);
/* access(2) on i for the given identity; read-only mounts: -EROFS. */
int uc_vfs_access(struct uc_dentry *d, unsigned may, uint32_t uid, uint32_t gid);
ssize_t uc_vfs_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap);
ssize_t uc_vfs_listxattr(struct uc_inode *i, char *buf, size_t cap);
int uc_vfs_setxattr(struct uc_inode *i, const char *name, const void *v, size_t n, int flags);

/* Path operations with all of Linux's checks (permission, sticky bit, read-only, EXDEV, EBUSY,
 * trailing slashes, umask). Paths are kernel strings; at NULL: cwd. 0 or -errno. */
int uc_vfs_mknod(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, uint32_t mode,
		 uint64_t rdev); /* mkdir by S_IFDIR */
int uc_vfs_unlink(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, bool rmdir);
int uc_vfs_symlink(struct uc_fsctx *fs, const char *target, struct uc_dentry *at, const char *path);
/* src: what to link (looked up by the caller). */
int uc_vfs_link(struct uc_fsctx *fs, struct uc_dentry *src, struct uc_dentry *at, const char *path);
int uc_vfs_rename(struct uc_fsctx *fs, struct uc_dentry *oat, const char *opath,
		  struct uc_dentry *nat, const char *npath, unsigned flags);
/* umount2(2): -EINVAL: no mount there, -EBUSY: in use (unless MNT_DETACH). */
int uc_vfs_umount(struct uc_fsctx *fs, const char *path, int flags);
/* Changes attributes after checking ownership and read-only; chown clears set-id bits. */
int uc_vfs_setattr(struct uc_inode *i, const struct uc_attr *a);
/* mask of R_OK 4, W_OK 2, X_OK 1 against the file system ids. 0, -EACCES, -EROFS. */
int uc_vfs_permission(struct uc_inode *i, unsigned mask);
int uc_inode_stat(struct uc_inode *i, struct statx *st); /* getattr plus device numbers */
/* Opens the inode of a dentry already found (O_PATH reopen, magic links); flags as for open. */
struct uc_file *uc_vfs_open_dentry(struct uc_dentry *d, int flags);
/* A dentry that is in no directory (pipes, memfd, standard streams): its path is its name. Takes a
 * reference on i and copies name; refs 1. NULL: no memory. */
struct uc_dentry *uc_dentry_anon(struct uc_inode *i, const char *name);
/* What open(2) on special inodes does, set by the µlib that implements them (NULL: -ENXIO). */
extern int (*uc_vfs_fifo_open)(struct uc_inode *i, struct uc_file *f);
extern int (*uc_vfs_chrdev_open)(struct uc_inode *i, struct uc_file *f);
/* Called by uc_fd_close for each close(2) (record locks end), and by uc_file_unref when the last
 * reference goes, before ops->release (flock). NULL: not linked. */
extern void (*uc_vfs_close_hook)(struct uc_file *f);
extern void (*uc_vfs_gone_flock)(struct uc_file *f); /* only if flock_owner is not empty */
/* Unmaps pages [pgoff, pgoff+n) of o from all address spaces: they were truncated or copied. */
extern void (*uc_vfs_invalidate)(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages, bool copies);
/* tmpfs: a file system, and a nameless file on it (memfd_create). UC_ERR_PTR on failure. */
struct uc_super *uc_tmpfs_new(uint32_t root_mode);
struct uc_file *uc_tmpfs_file_new(const char *name, unsigned flags, bool sealable);
/* F_GET_SEALS, F_ADD_SEALS: seals, 0, -EINVAL (not sealable), -EPERM (sealed), -EBUSY. */
int uc_tmpfs_get_seals(struct uc_file *f);
int uc_tmpfs_add_seals(struct uc_file *f, unsigned seals);

/* ---- watching inodes (inotify) ---- */
/* Told what happens to inodes and names; mask: IN_* of <linux/inotify.h>, IN_ISDIR left to the
 * callee where the inode is given. None may block. NULL while nothing is watched. */
struct uc_vfs_watch_ops {
	/* i was opened, read, changed …, under the name d (NULL: a change of the inode only). */
	void (*touched)(struct uc_inode *i, const struct uc_dentry *d, unsigned mask);
	/* i got or lost a name in dir: IN_CREATE, IN_DELETE. */
	void (*named)(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *i,
		      unsigned mask);
	/* i was renamed; victim (NULL: none) had the new name before. */
	void (*moved)(struct uc_inode *od, const char *on, size_t ol, struct uc_inode *nd,
		      const char *nn, size_t nl, struct uc_inode *i, struct uc_inode *victim);
	/* The last name and the last open file of i are gone. */
	void (*gone)(struct uc_inode *i);
	void (*unmounted)(struct uc_super *sb);
};
extern const struct uc_vfs_watch_ops *uc_vfs_watch;

/* ---- process context the VFS needs, bound by core/boot to the posix layer ---- */
struct uc_fdtable *uc_upcall_fdtable(void);   /* of the current process (borrowed) */
struct uc_fsctx *uc_upcall_fsctx(void);
void uc_upcall_creds(uint32_t *fsuid, uint32_t *fsgid);
bool uc_upcall_in_group(uint32_t gid);
/* RLIMIT_FSIZE check etc. -EFBIG after raising SIGXFSZ, else 0. */
int uc_upcall_check_fsize(uint64_t end);
/* Of n > 0 bytes to be written at pos, as many as the limit lets through; the signal only comes if
 * that is none: -EFBIG. */
int64_t uc_upcall_fsize_room(uint64_t pos, uint64_t n);
void uc_upcall_sigpipe(void);                 /* raise SIGPIPE in the current thread */

/* Character devices: major/minor -> file operations. Registered by µlibs (null, tty, random ...);
 * a node appears in /dev. name "fd/…" not allowed. 0 or -EEXIST. */
int uc_devfs_register(const char *name, uint32_t mode, unsigned major, unsigned minor,
		      const struct uc_file_ops *ops, void *priv);
/* What opening the registered device does instead, if what it is depends on who opens it: sets
 * f->ops and f->priv. 0, or -ENODEV: not registered. */
int uc_devfs_on_open(unsigned major, unsigned minor, int (*open)(struct uc_file *f));
/* /proc files: generated text. `show` writes at most cap bytes of the whole text and returns the
 * length it needs; pid 0 for files at the top. */
int uc_procfs_register(const char *name, ssize_t (*show)(char *buf, size_t cap, int pid));
#endif
