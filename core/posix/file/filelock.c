// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/filelock.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/proc.h>

struct lock_waiter { struct uc_list link; const void *owner, *blocked_on; };

static struct uc_waitq lock_waitq = UC_WAITQ_INIT(lock_waitq);
static struct uc_list lock_waiters = UC_LIST_INIT(lock_waiters);

static bool same_class(const struct uc_filelock *a, const struct uc_filelock *b)
{
	return (a->kind == UC_LOCK_FLOCK) == (b->kind == UC_LOCK_FLOCK);
}

static bool overlaps(const struct uc_filelock *a, const struct uc_filelock *b)
{
	return a->start <= b->end && b->start <= a->end;
}

const struct uc_filelock *uc_filelock_conflict(struct uc_inode *i, const struct uc_filelock *want)
{
	UC_LIST_FOREACH(it, &i->flocks) {
		struct uc_filelock *l = UC_LIST_ENTRY(it, struct uc_filelock, link);

		if (same_class(l, want) && l->owner != want->owner && overlaps(l, want) &&
		    (l->write || want->write))
			return l;
	}
	return NULL;
}

static void lock_free(struct uc_filelock *l)
{
	uc_list_remove(&l->link);
	uc_list_remove(&l->owner_link);
	uc_heap_free(l);
}

static void lock_insert(struct uc_inode *i, struct uc_file *f, struct uc_filelock *l)
{
	uc_list_init(&l->owner_link);
	uc_list_push_back(&i->flocks, &l->link);
	if (l->kind != UC_LOCK_POSIX)
		uc_list_push_back(&f->flock_owner, &l->owner_link);
}

/* Takes [want->start, want->end] out of the owner's locks. spare: for the lock that is cut in
 * two. */
static bool carve(struct uc_inode *i, struct uc_file *f, const struct uc_filelock *want,
		  struct uc_filelock *spare)
{
	UC_LIST_FOREACH_SAFE(it, &i->flocks) {
		struct uc_filelock *l = UC_LIST_ENTRY(it, struct uc_filelock, link);

		if (!same_class(l, want) || l->owner != want->owner || !overlaps(l, want))
			continue;
		if (l->start < want->start && l->end > want->end) {
			*spare = *l;
			spare->start = want->end + 1;
			l->end = want->start - 1;
			lock_insert(i, f, spare);
			return true;
		}
		if (l->start < want->start)
			l->end = want->start - 1;
		else if (l->end > want->end)
			l->start = want->end + 1;
		else
			lock_free(l);
	}
	return false;
}

/* Joins neighbours of the same owner and type so that repeated locking does not grow the list. */
static void merge(struct uc_inode *i, struct uc_filelock *n)
{
	UC_LIST_FOREACH_SAFE(it, &i->flocks) {
		struct uc_filelock *l = UC_LIST_ENTRY(it, struct uc_filelock, link);

		if (l == n || !same_class(l, n) || l->owner != n->owner || l->write != n->write)
			continue;
		if (l->end != INT64_MAX && l->end + 1 == n->start)
			n->start = l->start;
		else if (n->end != INT64_MAX && n->end + 1 == l->start)
			n->end = l->end;
		else
			continue;
		lock_free(l);
	}
}

static int set_now(struct uc_inode *i, struct uc_file *f, const struct uc_filelock *want, bool lock)
{
	struct uc_filelock *n = uc_heap_alloc(sizeof(*n)), *spare = uc_heap_alloc(sizeof(*spare));

	if (!n || !spare) {
		uc_heap_free(n);
		uc_heap_free(spare);
		return -ENOLCK;
	}
	if (!carve(i, f, want, spare))
		uc_heap_free(spare);
	if (lock) {
		*n = *want;
		lock_insert(i, f, n);
		merge(i, n);
	} else {
		uc_heap_free(n);
	}
	uc_waitq_wake_all(&lock_waitq);
	return 0;
}

/* Whether waiting for `on` would close a cycle of POSIX owners that wait for each other. */
static bool deadlocks(const void *me, const void *on)
{
	for (int depth = 0; depth < 16; depth++) {
		const void *next = NULL;

		if (on == me)
			return true;
		UC_LIST_FOREACH(it, &lock_waiters) {
			struct lock_waiter *w = UC_LIST_ENTRY(it, struct lock_waiter, link);

			if (w->owner == on)
				next = w->blocked_on;
		}
		if (!next)
			return false;
		on = next;
	}
	return false;
}

static int wait_for(const struct uc_filelock *want, const void *holder)
{
	struct lock_waiter w = { .owner = want->owner, .blocked_on = holder };
	int r;

	if (want->kind == UC_LOCK_POSIX && deadlocks(want->owner, holder))
		return -EDEADLK;
	uc_list_init(&w.link);
	if (want->kind == UC_LOCK_POSIX)
		uc_list_push_back(&lock_waiters, &w.link);
	r = uc_signal_pending() ? -EINTR : uc_waitq_sleep(&lock_waitq, UC_FOREVER, true);
	uc_list_remove(&w.link);
	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

int uc_filelock_apply(struct uc_inode *i, struct uc_file *f, const struct uc_filelock *want,
		      bool lock, bool wait)
{
	const struct uc_filelock *c;

	while (lock && (c = uc_filelock_conflict(i, want))) {
		int r = wait ? wait_for(want, c->owner) : -EAGAIN;

		if (r < 0)
			return r;
	}
	return set_now(i, f, want, lock);
}

static void drop_owned(struct uc_inode *i, const void *owner)
{
	bool any = false;

	UC_LIST_FOREACH_SAFE(it, &i->flocks) {
		struct uc_filelock *l = UC_LIST_ENTRY(it, struct uc_filelock, link);

		if (l->owner == owner) {
			lock_free(l);
			any = true;
		}
	}
	if (any)
		uc_waitq_wake_all(&lock_waitq);
}

/* POSIX record locks end when any descriptor of the file is closed by their owner. */
static void on_close(struct uc_file *f)
{
	if (f->inode && !uc_list_empty(&f->inode->flocks))
		drop_owned(f->inode, uc_upcall_fdtable());
}

static void on_gone(struct uc_file *f)
{
	drop_owned(f->inode, f);
}

static int filelock_start(void)
{
	uc_vfs_close_hook = on_close;
	uc_vfs_gone_flock = on_gone;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, filelock_start);
