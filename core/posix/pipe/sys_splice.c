// SPDX-License-Identifier: BSD-3-Clause
#include "pipe_private.h"
#include <asm/errno.h>
#include <uc/filecall.h>
#include <uc/filecopy.h>
#include <uc/heap.h>
#include <uc/part.h>

UC_NEEDS_PART(stdin);

#define SPLICE_F_MOVE     1u
#define SPLICE_F_NONBLOCK 2u
#define SPLICE_F_MORE     4u
#define SPLICE_F_GIFT     8u
#define SPLICE_F_ALL      15u

struct splice_ends { struct uc_file *in, *out; uint64_t *in_pos, *out_pos; };

/* Bytes leave the pipe only once the file took them. */
static long pipe_to_file(struct uc_pipe *p, const struct splice_ends *e, size_t n, bool nonblock,
			 char *buf)
{
	struct uc_iovec one;
	struct uc_iter it;
	size_t done = 0;
	long r = uc_pipe_wait_data(p, nonblock);

	while (r >= 0 && done < n && p->ring.used) {
		uc_mutex_lock(&p->lock);
		r = uc_ring_peek(&p->ring, 0, buf, UC_MIN(n - done, (size_t)UC_COPY_CHUNK));
		if (r > 0) {
			uc_iter_kernel(&it, &one, buf, (size_t)r);
			r = uc_file_write(e->out, &it, e->out_pos);
			if (r > 0)
				uc_ring_drop(&p->ring, (size_t)r);
		}
		uc_mutex_unlock(&p->lock);
		if (r <= 0)
			break;
		uc_pipe_wake_writers(p);
		done += (size_t)r;
	}
	return done ? (long)done : r;
}

static long file_to_pipe(const struct splice_ends *e, struct uc_pipe *p, size_t n, bool nonblock,
			 char *buf)
{
	struct uc_iovec one;
	struct uc_iter it;
	long r = uc_pipe_wait_room(p, 1, nonblock);

	if (r < 0)
		return r;
	n = UC_MIN(n, (size_t)UC_MIN(uc_ring_room(&p->ring), UC_COPY_CHUNK));
	uc_iter_kernel(&it, &one, buf, n);
	r = uc_file_read(e->in, &it, e->in_pos);
	if (r <= 0)
		return r;
	uc_iter_kernel(&it, &one, buf, (size_t)r);
	return uc_pipe_write(p, &it, false);
}

/* drop: splice; else tee. */
static long pipe_to_pipe(struct uc_pipe *in, struct uc_pipe *out, size_t n, bool nonblock,
			 bool drop, char *buf)
{
	struct uc_iovec one;
	struct uc_iter it;
	long r = uc_pipe_wait_data(in, nonblock);

	if (r == 0 && in->ring.used)
		r = uc_pipe_wait_room(out, 1, nonblock);
	if (r < 0)
		return r;
	n = UC_MIN(n, (size_t)UC_MIN(uc_ring_room(&out->ring), UC_COPY_CHUNK));
	uc_mutex_lock(&in->lock);
	r = uc_ring_peek(&in->ring, 0, buf, n);
	if (r > 0) {
		uc_iter_kernel(&it, &one, buf, (size_t)r);
		r = uc_pipe_write(out, &it, true);
		if (r > 0 && drop)
			uc_ring_drop(&in->ring, (size_t)r);
	}
	uc_mutex_unlock(&in->lock);
	if (r > 0 && drop)
		uc_pipe_wake_writers(in);
	return r;
}

static long do_splice(const struct splice_ends *e, size_t n, unsigned flags)
{
	struct uc_pipe *in = uc_pipe_of(e->in), *out = uc_pipe_of(e->out);
	bool nonblock = flags & SPLICE_F_NONBLOCK || (in && e->in->flags & O_NONBLOCK) ||
			(out && e->out->flags & O_NONBLOCK);
	char *buf;
	long r;

	if (!uc_file_readable(e->in) || !uc_file_writable(e->out))
		return -EBADF;
	if ((!in && !out) || in == out)
		return -EINVAL;
	if ((in && e->in_pos) || (out && e->out_pos))
		return -ESPIPE;
	if ((e->in_pos && !e->in->ops->seek) || (e->out_pos && !e->out->ops->seek))
		return -EINVAL;
	if (!out && e->out->flags & O_APPEND)
		return -EINVAL;
	buf = uc_heap_alloc(UC_COPY_CHUNK);
	if (!buf)
		return -ENOMEM;
	if (in && out)
		r = pipe_to_pipe(in, out, n, nonblock, true, buf);
	else if (in)
		r = pipe_to_file(in, e, n, nonblock, buf);
	else
		r = file_to_pipe(e, out, n, nonblock, buf);
	uc_heap_free(buf);
	return r;
}

long uc_sys_splice(int fd_in, uc_uptr off_in, int fd_out, uc_uptr off_out, size_t n, unsigned flags)
{
	struct splice_ends e = { 0 };
	uint64_t ipos = 0, opos = 0;
	long r = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (n == 0)
		return 0;
	if ((off_in && uc_user_read(&ipos, off_in, 8) < 0) ||
	    (off_out && uc_user_read(&opos, off_out, 8) < 0))
		return -EFAULT;
	e.in_pos = off_in ? &ipos : NULL;
	e.out_pos = off_out ? &opos : NULL;
	e.in = uc_fget(fd_in);
	e.out = uc_fget(fd_out);
	if (e.in && e.out)
		r = do_splice(&e, UC_MIN(n, UC_RW_MAX), flags);
	if (e.in)
		uc_file_unref(e.in);
	if (e.out)
		uc_file_unref(e.out);
	if (r > 0 && ((off_in && uc_user_write(off_in, &ipos, 8) < 0) ||
		      (off_out && uc_user_write(off_out, &opos, 8) < 0)))
		return -EFAULT;
	return r;
}

static long do_tee(struct uc_file *fin, struct uc_file *fout, size_t n, unsigned flags)
{
	struct uc_pipe *in = uc_pipe_of(fin), *out = uc_pipe_of(fout);
	char *buf;
	long r;

	if (!uc_file_readable(fin) || !uc_file_writable(fout))
		return -EBADF;
	if (!in || !out || in == out)
		return -EINVAL;
	buf = uc_heap_alloc(UC_COPY_CHUNK);
	if (!buf)
		return -ENOMEM;
	r = pipe_to_pipe(in, out, n, (flags & SPLICE_F_NONBLOCK) || (fin->flags & O_NONBLOCK),
			 false, buf);
	uc_heap_free(buf);
	return r;
}

long uc_sys_tee(int fd_in, int fd_out, size_t n, unsigned flags)
{
	struct uc_file *in, *out;
	long r = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (n == 0)
		return 0;
	in = uc_fget(fd_in);
	out = uc_fget(fd_out);
	if (in && out)
		r = do_tee(in, out, n, flags);
	if (in)
		uc_file_unref(in);
	if (out)
		uc_file_unref(out);
	return r;
}

long uc_sys_vmsplice(int fd, uc_uptr iov, uint64_t niov, unsigned flags)
{
	struct uc_file *f;
	struct uc_uvec v;
	struct uc_pipe *p;
	bool nonblock;
	long r;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	f = uc_fget(fd);
	if (!f)
		return -EBADF;
	p = uc_pipe_of(f);
	nonblock = flags & SPLICE_F_NONBLOCK || f->flags & O_NONBLOCK;
	r = p ? uc_uvec_get(&v, iov, niov) : -EBADF;
	if (r == 0) {
		r = uc_file_writable(f) ? uc_pipe_write(p, &v.it, nonblock)
					: uc_pipe_read(p, &v.it, nonblock);
		uc_uvec_put(&v);
	}
	uc_file_unref(f);
	return r;
}
