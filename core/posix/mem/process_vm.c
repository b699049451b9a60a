// SPDX-License-Identifier: BSD-3-Clause
/* Copying between the caller's and another process's memory: process_vm_readv(2). */
#include <asm/errno.h>
#include <linux/uio.h>
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/user.h>

struct cursor { struct uc_iovec *v; uint64_t n, i; };

static int read_vec(struct cursor *c, uc_uptr p, uint64_t n)
{
	c->n = n;
	c->i = 0;
	c->v = NULL;
	if (n > UIO_MAXIOV)
		return -EINVAL;
	if (!n)
		return 0;
	c->v = uc_heap_calloc(n, sizeof(*c->v));
	if (!c->v)
		return -ENOMEM;
	if (uc_user_read(c->v, p, n * sizeof(*c->v)) < 0)
		return -EFAULT;
	for (uint64_t i = 0; i < n; i++) {
		if ((int64_t)c->v[i].len < 0)
			return -EINVAL;
	}
	return 0;
}

/* Bytes left in the current piece, skipping empty ones; 0 at the end. */
static uint64_t left(struct cursor *c)
{
	while (c->i < c->n && !c->v[c->i].len)
		c->i++;
	return c->i < c->n ? c->v[c->i].len : 0;
}

static void advance(struct cursor *c, uint64_t n)
{
	c->v[c->i].base += n;
	c->v[c->i].len -= n;
}

/* Copies one piece of at most a page through buf. Bytes, or -EFAULT. */
static int64_t copy_piece(struct uc_mm *mm, uint64_t local, uint64_t remote, uint64_t n, bool write,
			  void *buf)
{
	if (write) {
		if (uc_user_read(buf, local, n) < 0 || uc_mm_write(mm, remote, buf, n) < 0)
			return -EFAULT;
	} else if (uc_mm_read(mm, remote, buf, n) < 0 || uc_user_write(local, buf, n) < 0) {
		return -EFAULT;
	}
	return (int64_t)n;
}

static int64_t copy_all(struct uc_mm *mm, struct cursor *l, struct cursor *r, bool write)
{
	void *buf = uc_heap_alloc(UC_PAGE_SIZE);
	int64_t done = 0;

	if (!buf)
		return -ENOMEM;
	while (left(l) && left(r)) {
		uint64_t remote = r->v[r->i].base, n = UC_MIN(left(l), left(r));
		int64_t k;

		n = UC_MIN(n, UC_PAGE_SIZE - (remote & ~UC_PAGE_MASK));
		k = copy_piece(mm, l->v[l->i].base, remote, n, write, buf);
		if (k < 0) {
			done = done ? done : k;
			break;
		}
		advance(l, n);
		advance(r, n);
		done += k;
	}
	uc_heap_free(buf);
	return done;
}

/* The rights of PTRACE_MODE_ATTACH_REALCREDS. */
static bool permitted(const struct uc_proc *p)
{
	const struct uc_proc *me = uc_proc_current();

	if (me == p || me->euid == 0)
		return true;
	return p->dumpable && me->uid == p->uid && me->uid == p->euid && me->uid == p->suid &&
	       me->gid == p->gid && me->gid == p->egid && me->gid == p->sgid;
}

static int64_t transfer(int pid, struct cursor *l, struct cursor *r, bool write)
{
	struct uc_proc *p = uc_proc_find(pid);
	struct uc_mm *mm;
	int64_t n;

	if (!p || !p->mm)
		return -ESRCH;
	if (!permitted(p))
		return -EPERM;
	mm = p->mm;
	uc_mm_ref(mm);
	n = copy_all(mm, l, r, write);
	uc_mm_unref(mm);
	return n;
}

static long process_vm_rw(int pid, uc_uptr lvec, uint64_t ln, uc_uptr rvec, uint64_t rn,
			  uint64_t flags, bool write)
{
	struct cursor l = { 0 }, r = { 0 };
	int64_t n;

	if (flags)
		return -EINVAL;
	n = read_vec(&l, lvec, ln);
	if (n == 0)
		n = read_vec(&r, rvec, rn);
	if (n == 0)
		n = transfer(pid, &l, &r, write);
	uc_heap_free(l.v);
	uc_heap_free(r.v);
	return n;
}

long uc_sys_process_vm_readv(int pid, uc_uptr lvec, uint64_t ln, uc_uptr rvec, uint64_t rn,
			     uint64_t flags)
{
	return process_vm_rw(pid, lvec, ln, rvec, rn, flags, false);
}

long uc_sys_process_vm_writev(int pid, uc_uptr lvec, uint64_t ln, uc_uptr rvec, uint64_t rn,
			      uint64_t flags)
{
	return process_vm_rw(pid, lvec, ln, rvec, rn, flags, true);
}
