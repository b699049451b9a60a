// SPDX-License-Identifier: BSD-3-Clause
/* Attributes of files and of the file system. */
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "p9s.h"

enum { GETATTR_BASIC = 0x7ff, GETATTR_BTIME = 0x800 };
enum {
	SET_MODE = 1,
	SET_UID = 2,
	SET_GID = 4,
	SET_SIZE = 8,
	SET_ATIME = 0x10,
	SET_MTIME = 0x20,
	SET_CTIME = 0x40,
	SET_ATIME_GIVEN = 0x80,
	SET_MTIME_GIVEN = 0x100,
	SET_ALL = 0x1ff,
};

static void put_time(struct p9s_out *out, const struct timespec *t)
{
	p9s_put64(out, (uint64_t)t->tv_sec);
	p9s_put64(out, (uint64_t)t->tv_nsec);
}

static bool birth(int fd, struct timespec *t)
{
	struct statx sx;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &sx) < 0 || !(sx.stx_mask & STATX_BTIME))
		return false;
	*t = (struct timespec){ .tv_sec = sx.stx_btime.tv_sec, .tv_nsec = sx.stx_btime.tv_nsec };
	return true;
}

int p9s_getattr(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	uint64_t wanted = p9s_get64(in);
	struct timespec btime = { 0 };
	struct p9s_fid *f;
	struct stat st;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (fstat(f->node->fd, &st) < 0)
		return -errno;
	bool born = wanted & GETATTR_BTIME && birth(f->node->fd, &btime);
	p9s_put64(out, GETATTR_BASIC | (born ? GETATTR_BTIME : 0));
	p9s_put_qid(s, out, &st);
	p9s_put32(out, st.st_mode);
	p9s_put32(out, st.st_uid);
	p9s_put32(out, st.st_gid);
	p9s_put64(out, st.st_nlink);
	p9s_put64(out, st.st_rdev);
	p9s_put64(out, (uint64_t)st.st_size);
	p9s_put64(out, (uint64_t)st.st_blksize);
	p9s_put64(out, (uint64_t)st.st_blocks);
	put_time(out, &st.st_atim);
	put_time(out, &st.st_mtim);
	put_time(out, &st.st_ctim);
	put_time(out, &btime);
	p9s_put64(out, 0); /* generation */
	p9s_put64(out, 0); /* data version */
	return 0;
}

struct setattr {
	uint32_t valid, mode, uid, gid;
	uint64_t size;
	struct timespec atime, mtime;
};

static struct timespec get_time(struct p9s_in *in)
{
	uint64_t sec = p9s_get64(in), nsec = p9s_get64(in);

	return (struct timespec){ .tv_sec = (time_t)sec,
				  .tv_nsec = nsec < 1000000000u ? (long)nsec : 0 };
}

static int set_times(const struct p9s_node *n, const struct setattr *a)
{
	struct timespec t[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };
	char path[32];

	if (a->valid & SET_ATIME)
		t[0] = a->valid & SET_ATIME_GIVEN ? a->atime
						  : (struct timespec){ .tv_nsec = UTIME_NOW };
	if (a->valid & SET_MTIME)
		t[1] = a->valid & SET_MTIME_GIVEN ? a->mtime
						  : (struct timespec){ .tv_nsec = UTIME_NOW };
	return utimensat(AT_FDCWD, p9s_fd_path(n->fd, path), t, 0) < 0 ? -errno : 0;
}

static int set_size(struct p9s_fid *f, uint64_t size)
{
	char path[32];

	if (f->node->type != S_IFREG)
		return f->node->type == S_IFDIR ? -EISDIR : -EINVAL;
	if (size > INT64_MAX)
		return -EINVAL;
	/* An open file may be cut by whoever could open it. */
	int r = f->io >= 0 && f->wr ? ftruncate(f->io, (off_t)size)
				    : truncate(p9s_fd_path(f->node->fd, path), (off_t)size);
	return r < 0 ? -errno : 0;
}

static int set_owner(const struct p9s_node *n, const struct setattr *a)
{
	uid_t uid = a->valid & SET_UID ? a->uid : (uid_t)-1;
	gid_t gid = a->valid & SET_GID ? a->gid : (gid_t)-1;

	return fchownat(n->fd, "", uid, gid, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

static int set_mode(const struct p9s_node *n, mode_t mode)
{
	char path[32];

	if (n->type == S_IFLNK)
		return -EOPNOTSUPP;
	return chmod(p9s_fd_path(n->fd, path), mode & 07777) < 0 ? -errno : 0;
}

/* Owner before mode, because a change of owner takes set-user-id away. A change time alone is what
 * every change sets anyway; a change of owner to none is how it is brought about. */
static int apply(struct p9s_fid *f, const struct setattr *a)
{
	int e = 0;

	if (a->valid & (SET_UID | SET_GID) || a->valid == SET_CTIME)
		e = set_owner(f->node, a);
	if (!e && a->valid & SET_MODE)
		e = set_mode(f->node, a->mode);
	if (!e && a->valid & SET_SIZE)
		e = set_size(f, a->size);
	if (!e && a->valid & (SET_ATIME | SET_MTIME))
		e = set_times(f->node, a);
	return e;
}

int p9s_setattr(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	struct setattr a = { .valid = p9s_get32(in) };
	struct p9s_fid *f;

	(void)out;
	a.mode = p9s_get32(in);
	a.uid = p9s_get32(in);
	a.gid = p9s_get32(in);
	a.size = p9s_get64(in);
	a.atime = get_time(in);
	a.mtime = get_time(in);
	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (a.valid & ~(uint32_t)SET_ALL)
		return -EINVAL;
	return s->ro ? -EROFS : apply(f, &a);
}

int p9s_statfs(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	struct p9s_fid *f;
	struct statfs st;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_file(s, id, &f);
	if (e)
		return e;
	if (fstatfs(f->node->fd, &st) < 0)
		return -errno;
	p9s_put32(out, (uint32_t)st.f_type);
	p9s_put32(out, (uint32_t)st.f_bsize);
	p9s_put64(out, st.f_blocks);
	p9s_put64(out, st.f_bfree);
	p9s_put64(out, st.f_bavail);
	p9s_put64(out, st.f_files);
	p9s_put64(out, st.f_ffree);
	p9s_put64(out, (uint64_t)(uint32_t)st.f_fsid.__val[0] |
			       (uint64_t)(uint32_t)st.f_fsid.__val[1] << 32);
	p9s_put32(out, (uint32_t)st.f_namelen);
	return 0;
}
