// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FILECALL_H
#define UC_FILECALL_H
/*
 * What the file system calls share: descriptors, paths and vectors that come from the application.
 * Context: thread, inside a system call. Functions may block.
 */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <uc/user.h>
#include <uc/vfs.h>

#define UC_RW_MAX   0x7ffff000ull /* most bytes one call moves, as in Linux */
#define UC_IOV_MAX  1024
#define UC_IOV_FAST 8
#define UC_PATH_MAX 4096

/* Open file behind a descriptor with a new reference, or NULL (-EBADF); O_PATH files count as
 * closed. */
struct uc_file *uc_fget(int fd);
/* The same, O_PATH files included. */
struct uc_file *uc_fget_path(int fd);
static inline bool uc_file_readable(const struct uc_file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}
static inline bool uc_file_writable(const struct uc_file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}
/* Installs a fresh file at the lowest descriptor; drops it on failure. fd or -errno. */
int uc_fd_publish(struct uc_file *f, bool cloexec);

/* A path argument relative to a directory descriptor. */
struct uc_pathat {
	struct uc_fsctx *fs;      /* borrowed */
	struct uc_dentry *at;     /* NULL: working directory (or the path is absolute) */
	struct uc_file *dir;      /* keeps `at` alive */
	char *path;
	char small[128];
};
/* Reads the string and resolves dfd. 0 or -EFAULT, -ENAMETOOLONG, -EBADF, -ENOTDIR, -ENOMEM. An
 * empty path with `empty_ok` may name any descriptor's file. Release with uc_pathat_put only after
 * 0. */
int uc_pathat_get(struct uc_pathat *p, int dfd, uc_uptr upath, bool empty_ok);
void uc_pathat_put(struct uc_pathat *p);
/* Get, look up, put: a referenced dentry or UC_ERR_PTR. lookup: UC_LOOKUP_*. */
struct uc_dentry *uc_path_lookup(int dfd, uc_uptr upath, unsigned lookup);
/* Turns AT_SYMLINK_NOFOLLOW / AT_EMPTY_PATH into UC_LOOKUP_*, following by default. */
static inline unsigned uc_at_lookup(int at_flags)
{
	return (at_flags & AT_SYMLINK_NOFOLLOW ? 0 : UC_LOOKUP_FOLLOW) |
	       (at_flags & AT_EMPTY_PATH ? UC_LOOKUP_EMPTY : 0);
}
/* Inode of an open file or a path: referenced, or UC_ERR_PTR (-EBADF if the file has none). */
struct uc_inode *uc_fd_inode(int fd);

/* A string argument on the heap. 0, -EFAULT or `toolong` (if there is no NUL in cap bytes),
 * -ENOMEM. */
int uc_user_strdup(char **out, uc_uptr s, size_t cap, int toolong);

/* An application's struct iovec array, checked. fast: storage for UC_IOV_FAST entries. */
struct uc_uvec { struct uc_iter it; struct uc_iovec *heap; struct uc_iovec fast[UC_IOV_FAST]; };
int uc_uvec_get(struct uc_uvec *v, uc_uptr iov, uint64_t n);
static inline void uc_uvec_one(struct uc_iter *it, struct uc_iovec *storage, uc_uptr buf, size_t n)
{
	storage->base = buf;
	storage->len = n;
	it->iov = storage;
	it->niov = 1;
	it->skip = 0;
	it->left = n;
	it->kernel = false;
}
void uc_uvec_put(struct uc_uvec *v);

/* One transfer between a file and an application buffer. pos NULL: the file's position. */
long uc_read_user(struct uc_file *f, uc_uptr buf, size_t n, uint64_t *pos);
long uc_write_user(struct uc_file *f, uc_uptr buf, size_t n, uint64_t *pos);

/* statx result in the layout of struct stat, to the application. */
long uc_stat_put(uc_uptr ubuf, const struct statx *sx);
static inline uint64_t uc_dev_encode(uint32_t major, uint32_t minor)
{
	return (minor & 0xff) | (uint64_t)major << 8 | (uint64_t)(minor & ~0xffu) << 12;
}
#endif
