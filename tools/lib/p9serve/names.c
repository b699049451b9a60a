// SPDX-License-Identifier: BSD-3-Clause
/* Making, moving and removing names. */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "p9s.h"

#define WIRE_REMOVEDIR 0x200u

int p9s_set_owner(int dir, const char *name, uint32_t uid, uint32_t gid)
{
	if (fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return -ENOENT;
	return 0; /* giving it away is for those who may */
}

/* The mode as asked, whatever the umask: on what is there under the name now, if it is no link. */
static int set_mode(int dir, const char *name, mode_t mode)
{
	char path[32];
	struct stat st;
	int fd = p9s_open_child(dir, name);

	if (fd < 0)
		return fd;
	int e = fstat(fd, &st) < 0 ? -errno : 0;
	if (!e && !S_ISLNK(st.st_mode) && chmod(p9s_fd_path(fd, path), mode) < 0)
		e = -errno;
	close(fd);
	return e;
}

static int put_named(struct uc_p9s *s, int dir, const char *name, struct p9s_out *out)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	p9s_put_qid(s, out, &st);
	return 0;
}

/* Start of every message that changes a directory: the fid is one, and may be changed. */
static int change_dir(struct uc_p9s *s, uint32_t id, int bad_name, struct p9s_fid **f)
{
	int e = p9s_fid_dir(s, id, f);

	return e ? e : bad_name ? bad_name : s->ro ? -EROFS : 0;
}

static int finish_new(struct uc_p9s *s, const struct p9s_fid *f, const char *name, mode_t mode,
		      uint32_t gid, struct p9s_out *out)
{
	int e = p9s_set_owner(f->node->fd, name, f->uid, gid);

	if (!e)
		e = set_mode(f->node->fd, name, mode);
	return e ? e : put_named(s, f->node->fd, name, out);
}

int p9s_mkdir(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	int bad_name = p9s_get_name(in, name);
	mode_t mode = p9s_get32(in) & 07777;
	uint32_t gid = p9s_get32(in);
	struct p9s_fid *f;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, id, bad_name, &f);
	if (e)
		return e;
	if (mkdirat(f->node->fd, name, mode) < 0)
		return -errno;
	return finish_new(s, f, name, mode, gid, out);
}

int p9s_mknod(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	int bad_name = p9s_get_name(in, name);
	mode_t mode = p9s_get32(in);
	p9s_get32(in); /* major and minor number of a device */
	p9s_get32(in);
	uint32_t gid = p9s_get32(in);
	struct p9s_fid *f;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, id, bad_name, &f);
	if (e)
		return e;
	if (!S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISSOCK(mode))
		return S_ISCHR(mode) || S_ISBLK(mode) ? -EPERM : -EINVAL;
	if (mknodat(f->node->fd, name, mode & (S_IFMT | 07777), 0) < 0)
		return -errno;
	return finish_new(s, f, name, mode & 07777, gid, out);
}

int p9s_symlink(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1], target[PATH_MAX];
	int bad_name = p9s_get_name(in, name);
	struct p9s_fid *f;

	p9s_get_cstr(in, target, sizeof(target));
	uint32_t gid = p9s_get32(in);
	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, id, bad_name, &f);
	if (e)
		return e;
	if (symlinkat(target, f->node->fd, name) < 0)
		return -errno;
	e = p9s_set_owner(f->node->fd, name, f->uid, gid);
	return e ? e : put_named(s, f->node->fd, name, out);
}

int p9s_readlink(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char target[PATH_MAX];
	struct p9s_fid *f;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (f->node->type != S_IFLNK)
		return -EINVAL;
	ssize_t n = readlinkat(f->node->fd, "", target, sizeof(target));
	if (n < 0)
		return -errno;
	p9s_puts(out, target, (size_t)n);
	return 0;
}

int p9s_link(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t dir = p9s_get32(in), id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1], path[32];
	int bad_name = p9s_get_name(in, name);
	struct p9s_fid *d, *f;

	(void)out;
	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, dir, bad_name, &d);
	if (!e)
		e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (f->node->type == S_IFDIR)
		return -EPERM;
	return linkat(AT_FDCWD, p9s_fd_path(f->node->fd, path), d->node->fd, name,
		      AT_SYMLINK_FOLLOW) < 0
		       ? -errno
		       : 0;
}

int p9s_renameat(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t from = p9s_get32(in);
	char old[P9S_NAME_MAX + 1], name[P9S_NAME_MAX + 1];
	int bad_old = p9s_get_name(in, old);
	uint32_t to = p9s_get32(in);
	int bad_name = p9s_get_name(in, name);
	struct p9s_fid *f, *t;

	(void)out;
	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, from, bad_old, &f);
	if (!e)
		e = change_dir(s, to, bad_name, &t);
	if (e)
		return e;
	return renameat(f->node->fd, old, t->node->fd, name) < 0 ? -errno : 0;
}

int p9s_unlinkat(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	int bad_name = p9s_get_name(in, name);
	uint32_t flags = p9s_get32(in);
	struct p9s_fid *f;

	(void)out;
	if (p9s_in_end(in))
		return -EPROTO;
	int e = change_dir(s, id, bad_name, &f);
	if (e)
		return e;
	if (flags & ~WIRE_REMOVEDIR)
		return -EINVAL;
	return unlinkat(f->node->fd, name, flags ? AT_REMOVEDIR : 0) < 0 ? -errno : 0;
}

/* ---- by the fid alone: its name is the one by which it was found, if it still has it ---- */

static int still_named(const struct p9s_node *n)
{
	struct stat here, there;

	if (!n->parent)
		return -EBUSY;
	if (fstat(n->fd, &here) < 0 ||
	    fstatat(n->parent->fd, n->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return here.st_dev == there.st_dev && here.st_ino == there.st_ino ? 0 : -ENOENT;
}

int p9s_rename(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in), dir = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	int bad_name = p9s_get_name(in, name);
	struct p9s_fid *f, *d;

	(void)out;
	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (!e)
		e = change_dir(s, dir, bad_name, &d);
	if (!e)
		e = still_named(f->node);
	if (e)
		return e;
	if (renameat(f->node->parent->fd, f->node->name, d->node->fd, name) < 0)
		return -errno;
	/* The fid goes along; others that were found by the old name do not. */
	int fd = fcntl(f->node->fd, F_DUPFD_CLOEXEC, 0);
	struct p9s_node *n = fd < 0 ? NULL : p9s_node_new(d->node, fd, f->node->type, name);
	if (n) {
		p9s_node_put(f->node);
		f->node = n;
	}
	return 0;
}

/* Gives the fid up whether or not the file can be removed. */
int p9s_remove(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	struct p9s_fid *f = p9s_fid_find(s, p9s_get32(in));

	(void)out;
	if (p9s_in_end(in))
		return -EPROTO;
	if (!f)
		return -EBADF;
	int e = f->kind != P9S_FILE ? -EBADF : s->ro ? -EROFS : still_named(f->node);
	if (!e && unlinkat(f->node->parent->fd, f->node->name,
			   f->node->type == S_IFDIR ? AT_REMOVEDIR : 0) < 0)
		e = -errno;
	p9s_fid_drop(s, f);
	return e;
}
