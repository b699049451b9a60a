// SPDX-License-Identifier: BSD-3-Clause
/* Opening: O_PATH descriptors for names, and descriptors for reading and writing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "p9s.h"

const char *p9s_fd_path(int fd, char buf[32])
{
	snprintf(buf, 32, "/proc/self/fd/%d", fd);
	return buf;
}

int p9s_open_child(int dir, const char *name)
{
	static const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));

	/* A host without openat2: one name without a slash that is not followed cannot lead away
	 * either. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/* The protocol's numbers are those of Linux on x86. */
int p9s_open_flags(uint32_t wire)
{
	static const struct {
		uint32_t wire;
		int host;
	} map[] = {
		{ 0200, O_EXCL },
		{ 01000, O_TRUNC },
		{ 02000, O_APPEND },
		{ 010000, O_DSYNC },
		{ 0200000, O_DIRECTORY },
		{ 01000000, O_NOATIME },
		{ 04000000 | 010000, O_SYNC },
	};
	int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	if ((wire & 3) == 3)
		return -1;
	flags |= (wire & 3) == 1 ? O_WRONLY : (wire & 3) == 2 ? O_RDWR : O_RDONLY;
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if ((wire & map[i].wire) == map[i].wire)
			flags |= map[i].host;
	return flags;
}

/* A descriptor for I/O on the node's file. fd or -errno. */
static int reopen(const struct p9s_node *n, int flags)
{
	char path[32];

	if (n->type != S_IFREG && n->type != S_IFDIR)
		return n->type == S_IFLNK ? -ELOOP : -ENXIO;
	int fd = open(p9s_fd_path(n->fd, path), flags & ~O_EXCL);
	/* Only an owner may leave the access time alone. */
	if (fd < 0 && errno == EPERM && flags & O_NOATIME)
		fd = open(path, flags & ~(O_EXCL | O_NOATIME));
	return fd < 0 ? -errno : fd;
}

static bool writes(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
}

static void opened(struct p9s_fid *f, int fd, int flags)
{
	int acc = flags & O_ACCMODE;

	f->io = fd;
	f->rd = acc != O_WRONLY;
	f->wr = acc != O_RDONLY;
}

static int put_opened(struct uc_p9s *s, struct p9s_fid *f, struct p9s_out *out)
{
	struct stat st;

	if (fstat(f->io, &st) < 0)
		return -errno;
	p9s_put_qid(s, out, &st);
	p9s_put32(out, 0); /* no unit of I/O other than the message */
	return 0;
}

int p9s_lopen(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	int flags = p9s_open_flags(p9s_get32(in));
	struct p9s_fid *f;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (flags < 0 || f->io >= 0)
		return flags < 0 ? -EINVAL : -EBUSY;
	if (s->ro && writes(flags))
		return -EROFS;
	int fd = reopen(f->node, flags);
	if (fd < 0)
		return fd;
	opened(f, fd, flags);
	return put_opened(s, f, out);
}

/* Makes the file, or opens the one that is there unless O_EXCL says not to. fd or -errno. */
static int create(struct p9s_node *dir, const char *name, int flags, mode_t mode, bool *made)
{
	int fd = openat(dir->fd, name, flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode);

	*made = fd >= 0;
	if (fd >= 0 || errno != EEXIST || flags & O_EXCL)
		return fd < 0 ? -errno : fd;
	int path = p9s_open_child(dir->fd, name);
	struct stat st;
	if (path < 0)
		return path;
	const struct p9s_node there = { .fd = path,
					.type = fstat(path, &st) < 0 ? 0 : st.st_mode & S_IFMT };
	fd = there.type == S_IFDIR ? -EISDIR : reopen(&there, flags);
	close(path);
	return fd;
}

/* The fid, until now the directory, becomes the file open as fd. Takes fd if 0 is returned. */
static int become(struct p9s_fid *f, int fd, int flags, const char *name)
{
	char link[32];
	int path = open(p9s_fd_path(fd, link), O_PATH | O_CLOEXEC);

	if (path < 0)
		return -errno;
	struct p9s_node *n = p9s_node_new(f->node, path, S_IFREG, name);
	if (!n)
		return -ENOMEM;
	p9s_node_put(f->node);
	f->node = n;
	opened(f, fd, flags);
	return 0;
}

int p9s_lcreate(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	char name[P9S_NAME_MAX + 1];
	int bad_name = p9s_get_name(in, name);
	int flags = p9s_open_flags(p9s_get32(in));
	mode_t mode = p9s_get32(in) & 07777;
	uint32_t gid = p9s_get32(in);
	struct p9s_fid *f;
	bool made;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_dir(s, id, &f);
	if (!e)
		e = bad_name ? bad_name : s->ro ? -EROFS : 0;
	if (e)
		return e;
	if (flags < 0 || flags & O_DIRECTORY || f->io >= 0)
		return f->io >= 0 ? -EBUSY : -EINVAL;
	int fd = create(f->node, name, flags, mode, &made);
	if (fd < 0)
		return fd;
	if (made) {
		/* Giving the file away is for those who may; the mode is as asked, no umask. */
		e = fchown(fd, f->uid, gid) < 0 && errno == EIO ? -EIO : 0;
		e = e ? e : fchmod(fd, mode) < 0 ? -errno : 0;
	}
	if (!e)
		e = become(f, fd, flags, name);
	if (e) {
		close(fd);
		return e;
	}
	return put_opened(s, f, out);
}
