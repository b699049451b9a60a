// SPDX-License-Identifier: BSD-3-Clause
/* Descriptor tables: an array of file pointers; the lowest bit of a slot is close-on-exec. */
#include <uc/heap.h>
#include <uc/string.h>
#include "vfs_impl.h"

#define FIRST_SLOTS 16u
#define CLOEXEC ((uintptr_t)1)

struct uc_fdtable {
	uint32_t refs;
	unsigned cap, limit;
	unsigned hint;           /* no free descriptor is below */
	uintptr_t *slot;
	uintptr_t first[FIRST_SLOTS];
};

void (*uc_vfs_close_hook)(struct uc_file *f);

static struct uc_file *file_of(uintptr_t s) { return (struct uc_file *)(s & ~CLOEXEC); }

struct uc_fdtable *uc_fdtable_new(void)
{
	struct uc_fdtable *t = uc_heap_zalloc(sizeof(*t));
	if (!t)
		return NULL;
	t->refs = 1;
	t->cap = FIRST_SLOTS;
	t->limit = 1024;
	t->slot = t->first;
	return t;
}

static int grow(struct uc_fdtable *t, unsigned fd)
{
	if (fd < t->cap)
		return 0;
	unsigned cap = t->cap;
	while (cap <= fd)
		cap *= 2;
	uintptr_t *bigger = uc_heap_calloc(cap, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	memcpy(bigger, t->slot, t->cap * sizeof(*bigger));
	if (t->slot != t->first)
		uc_heap_free(t->slot);
	t->slot = bigger;
	t->cap = cap;
	return 0;
}

struct uc_fdtable *uc_fdtable_fork(struct uc_fdtable *t)
{
	struct uc_fdtable *c = uc_fdtable_new();
	if (!c)
		return NULL;
	if (grow(c, t->cap - 1)) {
		uc_heap_free(c);
		return NULL;
	}
	c->limit = t->limit;
	c->hint = t->hint;
	for (unsigned fd = 0; fd < t->cap; fd++) {
		c->slot[fd] = t->slot[fd];
		if (c->slot[fd])
			uc_file_ref(file_of(c->slot[fd]));
	}
	return c;
}

void uc_fdtable_ref(struct uc_fdtable *t) { t->refs++; }

void uc_fdtable_unref(struct uc_fdtable *t)
{
	if (t->refs > 1) {
		t->refs--;
		return;
	}
	for (unsigned fd = 0; fd < t->cap; fd++)
		uc_fd_close(t, (int)fd);
	if (t->slot != t->first)
		uc_heap_free(t->slot);
	uc_heap_free(t);
}

void uc_fdtable_close_on_exec(struct uc_fdtable *t)
{
	for (unsigned fd = 0; fd < t->cap; fd++)
		if (t->slot[fd] & CLOEXEC)
			uc_fd_close(t, (int)fd);
}

void uc_fdtable_set_limit(struct uc_fdtable *t, unsigned max) { t->limit = max; }

static uintptr_t slot_of(struct uc_fdtable *t, int fd)
{
	return (unsigned)fd < t->cap ? t->slot[fd] : 0;
}

int uc_fd_install(struct uc_fdtable *t, struct uc_file *f, int min, bool cloexec)
{
	unsigned fd = UC_MAX((unsigned)min, t->hint);
	while (fd < t->cap && t->slot[fd])
		fd++;
	if (fd >= t->limit)
		return -EMFILE;
	if (grow(t, fd))
		return -ENOMEM;
	t->slot[fd] = (uintptr_t)f | (cloexec ? CLOEXEC : 0);
	if ((unsigned)min <= t->hint)
		t->hint = fd + 1;
	return (int)fd;
}

int uc_fd_install_at(struct uc_fdtable *t, struct uc_file *f, int fd, bool cloexec)
{
	if (fd < 0 || (unsigned)fd >= t->limit)
		return -EBADF;
	if (grow(t, (unsigned)fd))
		return -ENOMEM;
	uc_fd_close(t, fd); /* its error is lost, as with dup2(2) */
	if (slot_of(t, fd))
		return -EBUSY; /* another thread opened it while the old file was flushed */
	t->slot[fd] = (uintptr_t)f | (cloexec ? CLOEXEC : 0);
	return fd;
}

struct uc_file *uc_fd_get(struct uc_fdtable *t, int fd)
{
	struct uc_file *f = file_of(slot_of(t, fd));
	if (f)
		f->refs++;
	return f;
}

int uc_fd_close(struct uc_fdtable *t, int fd)
{
	struct uc_file *f = file_of(slot_of(t, fd));
	if (!f)
		return -EBADF;
	t->slot[fd] = 0;
	t->hint = UC_MIN(t->hint, (unsigned)fd);
	int r = f->ops && f->ops->flush && !(f->flags & O_PATH) ? f->ops->flush(f) : 0;
	if (uc_vfs_close_hook)
		uc_vfs_close_hook(f);
	uc_file_unref(f);
	return r;
}

int uc_fd_cloexec(struct uc_fdtable *t, int fd)
{
	uintptr_t s = slot_of(t, fd);
	return s ? (int)(s & CLOEXEC) : -EBADF;
}

int uc_fd_set_cloexec(struct uc_fdtable *t, int fd, bool on)
{
	uintptr_t s = slot_of(t, fd);
	if (!s)
		return -EBADF;
	t->slot[fd] = (s & ~CLOEXEC) | (on ? CLOEXEC : 0);
	return 0;
}

int uc_fd_next(struct uc_fdtable *t, int fd)
{
	for (unsigned n = fd < 0 ? 0 : (unsigned)fd; n < t->cap; n++)
		if (t->slot[n])
			return (int)n;
	return -1;
}
