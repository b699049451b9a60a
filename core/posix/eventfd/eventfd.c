// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/filecall.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/proc.h>

#define EFD_SEMAPHORE 1
#define EFD_CLOEXEC   O_CLOEXEC
#define EFD_NONBLOCK  O_NONBLOCK
#define COUNT_MAX (UINT64_MAX - 1)

struct eventfd { uint64_t count; bool semaphore; struct uc_waitq q; };

static void wake(struct eventfd *e, unsigned events)
{
	uc_waitq_wake(&e->q, UINT32_MAX, events);
}

static ssize_t eventfd_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct eventfd *e = f->priv;
	uint64_t v;
	int r;

	if (it->left < sizeof(v))
		return -EINVAL;
	if (!e->count && f->flags & O_NONBLOCK)
		return -EAGAIN;
	r = UC_WAIT_EVENT(&e->q, e->count, UC_FOREVER, true);
	if (r < 0)
		return r == -EINTR ? -UC_ERESTARTSYS : r;
	v = e->semaphore ? 1 : e->count;
	e->count -= v;
	wake(e, POLLOUT | POLLWRNORM);
	return uc_iter_put(it, &v, sizeof(v)) == sizeof(v) ? (ssize_t)sizeof(v) : -EFAULT;
}

static ssize_t eventfd_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct eventfd *e = f->priv;
	uint64_t v;
	int r;

	if (it->left < sizeof(v))
		return -EINVAL;
	if (uc_iter_get(it, &v, sizeof(v)) != sizeof(v))
		return -EFAULT;
	if (v == UINT64_MAX)
		return -EINVAL;
	if (v > COUNT_MAX - e->count && f->flags & O_NONBLOCK)
		return -EAGAIN;
	r = UC_WAIT_EVENT(&e->q, v <= COUNT_MAX - e->count, UC_FOREVER, true);
	if (r < 0)
		return r == -EINTR ? -UC_ERESTARTSYS : r;
	e->count += v;
	if (e->count)
		wake(e, POLLIN | POLLRDNORM);
	return sizeof(v);
}

static unsigned eventfd_poll(struct uc_file *f, struct uc_poll *p)
{
	struct eventfd *e = f->priv;
	unsigned mask = 0;

	uc_poll_wait(p, &e->q);
	if (e->count)
		mask |= POLLIN | POLLRDNORM;
	if (e->count < COUNT_MAX)
		mask |= POLLOUT | POLLWRNORM;
	return mask;
}

static void eventfd_release(struct uc_file *f)
{
	uc_heap_free(f->priv);
}

static ssize_t eventfd_fdinfo(struct uc_file *f, char *buf, size_t cap)
{
	struct eventfd *e = f->priv;

	return uc_snprintf(buf, cap, "eventfd-count: %16llx\n", (unsigned long long)e->count);
}

static const struct uc_file_ops eventfd_ops = {
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.release = eventfd_release,
	.fdinfo = eventfd_fdinfo,
};

long uc_sys_eventfd2(unsigned initval, int flags)
{
	struct eventfd *e;
	struct uc_file *f;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	e = uc_heap_zalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->count = initval;
	e->semaphore = flags & EFD_SEMAPHORE;
	uc_waitq_init(&e->q);
	f = uc_file_new(&eventfd_ops, O_RDWR | (unsigned)(flags & EFD_NONBLOCK), e);
	if (!f) {
		uc_heap_free(e);
		return -ENOMEM;
	}
	f->anon_name = "anon_inode:[eventfd]";
	return uc_fd_publish(f, flags & EFD_CLOEXEC);
}

long uc_sys_eventfd(unsigned initval)
{
	return uc_sys_eventfd2(initval, 0);
}
