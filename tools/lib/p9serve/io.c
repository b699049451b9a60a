// SPDX-License-Identifier: BSD-3-Clause
/* Data of files and directories. */
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "p9s.h"

#define DIR_BUF    8192u
#define DIRENT_MAX (P9S_QID + 8u + 1u + 2u) /* of an entry, without its name */

/* Bytes of data that a reply may hold. */
static uint32_t data_room(const struct uc_p9s *s, uint32_t count)
{
	uint32_t room = s->msize - P9S_READ_HDR;

	return count < room ? count : room;
}

static void put_count(struct p9s_out *out, uint32_t n)
{
	p9s_put32(out, n);
	out->at += n;
}

int p9s_read(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	uint64_t off = p9s_get64(in);
	uint32_t count = p9s_get32(in);
	struct p9s_fid *f = p9s_fid_find(s, id);

	if (p9s_in_end(in))
		return -EPROTO;
	count = data_room(s, count);
	if (f && f->kind == P9S_XATTR_READ)
		return p9s_xattr_read(f, off, count, out);
	int e = p9s_fid_open(s, id, &f);
	if (e)
		return e;
	if (off > INT64_MAX)
		return -EINVAL;
	if (!f->rd)
		return -EBADF;
	ssize_t n = pread(f->io, out->p + P9S_READ_HDR, count, (off_t)off);
	if (n < 0)
		return -errno;
	put_count(out, (uint32_t)n);
	return 0;
}

int p9s_write(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	uint64_t off = p9s_get64(in);
	uint32_t count = p9s_get32(in);
	struct p9s_fid *f = p9s_fid_find(s, id);

	if (in->bad || count != in->n - in->at)
		return -EPROTO;
	const uint8_t *data = in->p + in->at;
	if (f && f->kind == P9S_XATTR_WRITE) {
		int e = p9s_xattr_write(f, off, data, count);

		p9s_put32(out, count);
		return e;
	}
	int e = p9s_fid_open(s, id, &f);
	if (e)
		return e;
	if (off > INT64_MAX)
		return -EINVAL;
	if (!f->wr)
		return -EBADF;
	ssize_t n = pwrite(f->io, data, count, (off_t)off);
	if (n < 0)
		return -errno;
	p9s_put32(out, (uint32_t)n);
	return 0;
}

static atomic_ulong syncs;

int p9s_fsync(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in), datasync = 0;
	struct p9s_fid *f;

	(void)out;
	if (in->at < in->n) /* old clients leave it out */
		datasync = p9s_get32(in);
	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_open(s, id, &f);
	if (e)
		return e;
	if ((datasync ? fdatasync(f->io) : fsync(f->io)) < 0)
		return -errno;
	atomic_fetch_add(&syncs, 1);
	return 0;
}

unsigned long uc_p9s_syncs(void)
{
	return atomic_load(&syncs);
}

/* ---- directories ---- */

struct linux_dirent64 {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

static uint8_t qid_type(uint8_t d_type)
{
	return d_type == DT_DIR ? 0x80 : d_type == DT_LNK ? 0x02 : 0;
}

/* False: no room for it in this reply. */
static bool put_entry(struct uc_p9s *s, struct p9s_out *out, size_t end,
		      const struct linux_dirent64 *d, dev_t dev)
{
	size_t len = strlen(d->name);

	if (out->at + DIRENT_MAX + len > end)
		return false;
	p9s_put8(out, qid_type(d->type));
	p9s_put32(out, 0);
	p9s_put64(out, p9s_qid_path(s, dev, d->ino));
	p9s_put64(out, (uint64_t)d->off);
	p9s_put8(out, d->type);
	p9s_puts(out, d->name, len);
	return true;
}

/* Fills the reply with whole entries. 0 or -errno. */
static int put_entries(struct uc_p9s *s, int fd, struct p9s_out *out, size_t end)
{
	_Alignas(struct linux_dirent64) char buf[DIR_BUF];
	struct stat st;
	bool room = true;

	if (fstat(fd, &st) < 0)
		return -errno;
	while (room) {
		long n = syscall(SYS_getdents64, fd, buf, sizeof(buf));

		if (n <= 0)
			return n < 0 ? -errno : 0;
		for (long at = 0; at < n && room;) {
			const struct linux_dirent64 *d = (const void *)(buf + at);

			room = put_entry(s, out, end, d, st.st_dev);
			at += d->reclen;
		}
	}
	return 0;
}

int p9s_readdir(struct uc_p9s *s, struct p9s_in *in, struct p9s_out *out)
{
	uint32_t id = p9s_get32(in);
	uint64_t off = p9s_get64(in);
	uint32_t count = p9s_get32(in);
	struct p9s_fid *f;

	if (p9s_in_end(in))
		return -EPROTO;
	int e = p9s_fid_open(s, id, &f);
	if (!e && f->node->type != S_IFDIR)
		e = -ENOTDIR;
	if (e)
		return e;
	if (lseek(f->io, (off_t)off, SEEK_SET) < 0)
		return -errno;
	out->at = P9S_READ_HDR;
	e = put_entries(s, f->io, out, P9S_READ_HDR + data_room(s, count));
	/* What was read before an error is given first; the next request meets it again. */
	size_t n = out->at - P9S_READ_HDR;
	if (e && !n)
		return e;
	out->at = P9S_HDR;
	put_count(out, (uint32_t)n);
	return 0;
}
