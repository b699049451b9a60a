// SPDX-License-Identifier: BSD-3-Clause
#include "pipe_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/user.h>

#define IN_EVENTS  (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM)

/* A nameless pipe: inode and pipe in one block, freed by the inode's last reference. */
struct anon_pipe { struct uc_inode inode; struct uc_pipe pipe; uc_nsec created; char name[24]; };

static struct uc_super pipe_super = { .type = "pipefs" };
static uint64_t next_ino = 16; /* below: the standard streams */

struct uc_pipe *uc_pipe_of(struct uc_file *f)
{
	return f->ops == &uc_pipe_file_ops ? f->priv : NULL;
}

void uc_pipe_init(struct uc_pipe *p, struct uc_inode *i)
{
	*p = (struct uc_pipe){ .inode = i };
	uc_mutex_init(&p->lock);
	uc_ring_init(&p->ring, UC_PIPE_DEFAULT_SIZE);
	uc_waitq_init(&p->rq);
	uc_waitq_init(&p->wq);
	uc_waitq_init(&p->openq);
}

bool uc_pipe_is_anon(const struct uc_inode *i)
{
	return i->sb == &pipe_super;
}

static int interrupted(int r)
{
	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

int uc_pipe_wait_data(struct uc_pipe *p, bool nonblock)
{
	if (p->ring.used || !p->writers)
		return 0;
	if (nonblock)
		return -EAGAIN;
	return interrupted(UC_WAIT_EVENT(&p->rq, p->ring.used || !p->writers, UC_FOREVER, true));
}

int uc_pipe_wait_room(struct uc_pipe *p, uint32_t n, bool nonblock)
{
	int r = 0;

	if (p->readers && uc_ring_room(&p->ring) < n) {
		if (nonblock)
			return -EAGAIN;
		r = UC_WAIT_EVENT(&p->wq, uc_ring_room(&p->ring) >= n || !p->readers, UC_FOREVER,
				  true);
	}
	if (r == 0 && !p->readers)
		return -EPIPE;
	return interrupted(r);
}

void uc_pipe_wake_readers(struct uc_pipe *p)
{
	uc_waitq_wake(&p->rq, UINT32_MAX, IN_EVENTS);
}

void uc_pipe_wake_writers(struct uc_pipe *p)
{
	uc_waitq_wake(&p->wq, UINT32_MAX, OUT_EVENTS);
}

ssize_t uc_pipe_read(struct uc_pipe *p, struct uc_iter *it, bool nonblock)
{
	if (it->left == 0)
		return 0;
	for (;;) {
		ssize_t n = 0;
		int r = uc_pipe_wait_data(p, nonblock);

		if (r < 0)
			return r;
		uc_mutex_lock(&p->lock);
		if (p->ring.used)
			n = uc_ring_get(&p->ring, it, it->left);
		uc_mutex_unlock(&p->lock);
		if (n > 0)
			uc_pipe_wake_writers(p);
		if (n != 0 || !p->writers)
			return n;
	}
}

/* One step of a write: as much as fits now, but all of an atomic one or nothing (0). */
static ssize_t write_some(struct uc_pipe *p, struct uc_iter *it, uint32_t need)
{
	ssize_t n = 0;

	uc_mutex_lock(&p->lock);
	if (p->readers && uc_ring_room(&p->ring) >= need)
		n = uc_ring_put(&p->ring, it, it->left);
	uc_mutex_unlock(&p->lock);
	if (n > 0)
		uc_pipe_wake_readers(p);
	return n;
}

ssize_t uc_pipe_write(struct uc_pipe *p, struct uc_iter *it, bool nonblock)
{
	uint32_t need = it->left <= UC_PIPE_BUF ? (uint32_t)it->left : 1;
	size_t done = 0;
	ssize_t r = 0;

	while (it->left > 0) {
		r = uc_pipe_wait_room(p, need, nonblock);
		if (r < 0)
			break;
		r = write_some(p, it, need);
		if (r < 0)
			break;
		done += (size_t)r;
		if (r > 0)
			need = 1;
	}
	if (r == -EPIPE)
		uc_upcall_sigpipe();
	return done ? (ssize_t)done : r;
}

static ssize_t pipe_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return uc_pipe_read(f->priv, it, f->flags & O_NONBLOCK);
}

static ssize_t pipe_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return uc_pipe_write(f->priv, it, f->flags & O_NONBLOCK);
}

static bool reads(const struct uc_file *f) { return (f->flags & O_ACCMODE) != O_WRONLY; }
static bool writes(const struct uc_file *f) { return (f->flags & O_ACCMODE) != O_RDONLY; }

/* f->pos of a reader that opened a FIFO before any writer holds the count of writers then: there is
 * no hang-up until one has come and gone. */
static unsigned pipe_poll(struct uc_file *f, struct uc_poll *poll)
{
	struct uc_pipe *p = f->priv;
	unsigned mask = 0;

	if (reads(f)) {
		uc_poll_wait(poll, &p->rq);
		if (p->ring.used)
			mask |= IN_EVENTS;
		if (!p->writers && p->w_opens != f->pos)
			mask |= POLLHUP;
	}
	if (writes(f)) {
		uc_poll_wait(poll, &p->wq);
		if (uc_ring_room(&p->ring) >= UC_PIPE_BUF)
			mask |= OUT_EVENTS;
		if (!p->readers)
			mask |= POLLERR;
	}
	return mask;
}

static long set_size(struct uc_pipe *p, uint64_t want)
{
	uint32_t cap = (uint32_t)UC_PAGE_SIZE;
	int r;

	if (want > UC_PIPE_MAX_SIZE)
		return want > INT32_MAX ? -EINVAL : -EPERM;
	while (cap < want)
		cap <<= 1;
	uc_mutex_lock(&p->lock);
	r = uc_ring_resize(&p->ring, cap);
	uc_mutex_unlock(&p->lock);
	if (r == 0)
		uc_pipe_wake_writers(p);
	return r < 0 ? r : (long)cap;
}

static long pipe_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct uc_pipe *p = f->priv;

	switch (cmd) {
	case FIONREAD:
		return uc_user_store32(arg, p->ring.used);
	case F_GETPIPE_SZ:
		return (long)p->ring.cap;
	case F_SETPIPE_SZ:
		return set_size(p, arg);
	default:
		return -ENOTTY;
	}
}

static void pipe_release(struct uc_file *f)
{
	struct uc_pipe *p = f->priv;

	if (reads(f) && --p->readers == 0)
		uc_waitq_wake(&p->wq, UINT32_MAX, OUT_EVENTS | POLLERR);
	if (writes(f) && --p->writers == 0)
		uc_waitq_wake(&p->rq, UINT32_MAX, IN_EVENTS | POLLHUP);
	if (--p->files == 0 && !uc_pipe_is_anon(p->inode))
		uc_fifo_free(p);
}

const struct uc_file_ops uc_pipe_file_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
};

void uc_pipe_attach(struct uc_pipe *p, struct uc_file *f)
{
	f->priv = p;
	p->files++;
	if (reads(f)) {
		p->readers++;
		p->r_opens++;
	}
	if (writes(f)) {
		p->writers++;
		p->w_opens++;
	}
}

/* ---- nameless pipes ---- */

static int anon_getattr(struct uc_inode *i, struct statx *st)
{
	struct anon_pipe *a = UC_CONTAINER(i, struct anon_pipe, inode);
	uc_nsec t = uc_time_real() - (uc_time_mono() - a->created);
	struct statx_timestamp ts = { .tv_sec = (int64_t)(t / 1000000000u),
				      .tv_nsec = (uint32_t)(t % 1000000000u) };

	*st = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)UC_PAGE_SIZE,
		.stx_nlink = 1,
		.stx_mode = (uint16_t)i->mode,
		.stx_ino = i->ino,
		.stx_uid = i->uid,
		.stx_gid = i->gid,
		.stx_atime = ts,
		.stx_mtime = ts,
		.stx_ctime = ts,
	};
	return 0;
}

static void anon_release(struct uc_inode *i)
{
	struct anon_pipe *a = UC_CONTAINER(i, struct anon_pipe, inode);

	uc_ring_fini(&a->pipe.ring);
	uc_heap_free(a);
}

static const struct uc_inode_ops anon_inode_ops = { .getattr = anon_getattr,
						    .release = anon_release };

static struct anon_pipe *anon_new(void)
{
	struct anon_pipe *a = uc_heap_zalloc(sizeof(*a));

	if (!a)
		return NULL;
	if (!pipe_super.dev)
		pipe_super.dev = uc_vfs_new_dev();
	uc_inode_init(&a->inode, &pipe_super, &anon_inode_ops, &uc_pipe_file_ops, S_IFIFO | 0600);
	uc_upcall_creds(&a->inode.uid, &a->inode.gid);
	a->inode.ino = next_ino++;
	a->inode.ext = &a->pipe;
	a->created = uc_time_mono();
	uc_snprintf(a->name, sizeof(a->name), "pipe:[%llu]", (unsigned long long)a->inode.ino);
	uc_pipe_init(&a->pipe, &a->inode);
	return a;
}

static struct uc_file *end_new(struct anon_pipe *a, unsigned flags)
{
	struct uc_file *f = uc_file_new_inode(&a->inode, flags, a->name);

	if (f)
		uc_pipe_attach(&a->pipe, f);
	return f;
}

int uc_pipe_new(struct uc_file *ends[2], unsigned flags)
{
	struct anon_pipe *a = anon_new();

	if (!a)
		return -ENOMEM;
	ends[0] = end_new(a, O_RDONLY | flags);
	ends[1] = ends[0] ? end_new(a, O_WRONLY | flags) : NULL;
	if (ends[0] && !ends[1])
		uc_file_unref(ends[0]);
	uc_inode_unref(&a->inode);
	return ends[1] ? 0 : -ENOMEM;
}
