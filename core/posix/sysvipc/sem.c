// SPDX-License-Identifier: BSD-3-Clause
/* Semaphore sets as objects, and operations on them: semget(2), semop(2), semtimedop(2). */
#include "sem.h"
#include <uc/heap.h>
#include <uc/time.h>
#include <uc/timespec.h>

static struct ipc *sem_create(uint64_t n);
static int sem_check(const struct ipc *o, uint64_t n);
struct ipc_kind sem_kind = { .all = UC_LIST_INIT(sem_kind.all), .last_id = -1,
			     .create = sem_create, .check = sem_check };

static struct ipc *sem_create(uint64_t n)
{
	struct semset *s;

	if (n == 0 || n > SEMMSL)
		return UC_ERR_PTR(-EINVAL);
	s = uc_heap_zalloc(sizeof(*s) + n * sizeof(s->sem[0]));
	if (!s)
		return UC_ERR_PTR(-ENOMEM);
	uc_waitq_init(&s->q);
	uc_list_init(&s->undos);
	s->refs = 1;
	s->n = (unsigned)n;
	return &s->ipc;
}

static int sem_check(const struct ipc *o, uint64_t n)
{
	return n > UC_CONTAINER(o, struct semset, ipc)->n ? -EINVAL : 0;
}

long uc_sys_semget(int key, int n, int flags)
{
	if (n < 0 || n > SEMMSL)
		return -EINVAL;
	return ipc_get(&sem_kind, key, (uint64_t)n, flags);
}

void sem_changed(struct semset *s)
{
	uc_waitq_wake_all(&s->q);
}

void sem_unref(struct semset *s)
{
	if (--s->refs)
		return;
	while (!uc_list_empty(&s->undos)) {
		struct sem_undo *u = UC_LIST_ENTRY(s->undos.next, struct sem_undo, link);

		uc_list_remove(&u->link);
		uc_heap_free(u);
	}
	uc_heap_free(s);
}

void sem_forget_undo(struct semset *s, int i)
{
	UC_LIST_FOREACH(it, &s->undos) {
		struct sem_undo *u = UC_LIST_ENTRY(it, struct sem_undo, link);

		for (unsigned k = 0; k < s->n; k++)
			if (i < 0 || (unsigned)i == k)
				u->adj[k] = 0;
	}
}

/* The end of a process. */
static void undo_all(struct uc_proc *p)
{
	UC_LIST_FOREACH(it, &sem_kind.all) {
		struct semset *s = UC_LIST_ENTRY(it, struct semset, ipc.link);

		UC_LIST_FOREACH_SAFE(ut, &s->undos) {
			struct sem_undo *u = UC_LIST_ENTRY(ut, struct sem_undo, link);

			if (u->proc != p)
				continue;
			for (unsigned i = 0; i < s->n; i++) {
				int v = s->sem[i].val + u->adj[i];

				if (u->adj[i])
					s->sem[i].pid = p->pid;
				s->sem[i].val = (uint16_t)UC_MAX(0, UC_MIN(v, SEMVMX));
			}
			uc_list_remove(&u->link);
			uc_heap_free(u);
			sem_changed(s);
		}
	}
}

static struct sem_undo *undo_of(struct semset *s, struct uc_proc *p)
{
	struct sem_undo *u;

	UC_LIST_FOREACH(it, &s->undos) {
		u = UC_LIST_ENTRY(it, struct sem_undo, link);
		if (u->proc == p)
			return u;
	}
	u = uc_heap_zalloc(sizeof(*u) + s->n * sizeof(u->adj[0]));
	if (u) {
		uc_proc_hooks.sem_exit = undo_all;
		u->proc = p;
		uc_list_push_back(&s->undos, &u->link);
	}
	return u;
}

static void roll_back(struct semset *s, const struct sembuf *op, unsigned n)
{
	while (n-- > 0)
		s->sem[op[n].sem_num].val = (uint16_t)(s->sem[op[n].sem_num].val - op[n].sem_op);
}

/* All operations or none. 0, -ERANGE, or 1: must wait, for operation *blocked. */
static int try(struct semset *s, const struct sembuf *op, unsigned n, unsigned *blocked)
{
	for (unsigned i = 0; i < n; i++) {
		struct sem *m = &s->sem[op[i].sem_num];
		int v = m->val + op[i].sem_op;

		if ((op[i].sem_op == 0 && m->val) || v < 0 || v > SEMVMX) {
			roll_back(s, op, i);
			*blocked = i;
			return v > SEMVMX ? -ERANGE : 1;
		}
		m->val = (uint16_t)v;
	}
	return 0;
}

static void note_undo(struct sem_undo *u, const struct sembuf *op, unsigned n)
{
	for (unsigned i = 0; u && i < n; i++)
		if (op[i].sem_flg & SEM_UNDO)
			u->adj[op[i].sem_num] -= op[i].sem_op;
}

static int sleep_for(struct semset *s, const struct sembuf *op, uc_nsec deadline)
{
	struct sem *m = &s->sem[op->sem_num];
	unsigned *count = op->sem_op ? &m->ncnt : &m->zcnt;
	int r;

	++*count;
	r = uc_waitq_sleep(&s->q, deadline, true);
	--*count;
	return r;
}

/* s is referenced by the caller. */
static long operate(struct semset *s, const struct sembuf *op, unsigned n, bool undo,
		    uc_nsec deadline)
{
	struct uc_proc *p = uc_proc_current();
	struct sem_undo *u = undo ? undo_of(s, p) : NULL;
	int r, wait = 0;

	if (undo && !u)
		return -ENOMEM;
	for (;;) {
		unsigned b = 0;

		if (s->removed)
			return -EIDRM;
		r = try(s, op, n, &b);
		if (r <= 0)
			break;
		if (op[b].sem_flg & IPC_NOWAIT)
			return -EAGAIN;
		if (wait < 0)
			return wait == -ETIMEDOUT ? -EAGAIN : -EINTR;
		wait = sleep_for(s, &op[b], deadline);
	}
	if (r < 0)
		return r;
	note_undo(u, op, n);
	for (unsigned i = 0; i < n; i++)
		s->sem[op[i].sem_num].pid = p->pid;
	s->otime = ipc_now();
	sem_changed(s);
	return 0;
}

static long checked(int id, const struct sembuf *op, unsigned n, uc_nsec deadline)
{
	struct ipc *o = ipc_find(&sem_kind, id);
	struct semset *s;
	bool undo = false, alter = false;
	long r;

	if (!o)
		return -EINVAL;
	s = UC_CONTAINER(o, struct semset, ipc);
	for (unsigned i = 0; i < n; i++) {
		if (op[i].sem_num >= s->n)
			return -EFBIG;
		undo |= op[i].sem_flg & SEM_UNDO && op[i].sem_op;
		alter |= op[i].sem_op != 0;
	}
	r = ipc_may(o, alter ? IPC_WRITE : IPC_READ);
	if (r < 0)
		return r;
	s->refs++;
	r = operate(s, op, n, undo, deadline);
	sem_unref(s);
	return r;
}

static long sem_op(int id, uc_uptr uops, uint64_t n, uc_nsec deadline)
{
	struct sembuf fast[4], *op = fast;
	long r;

	if (n < 1 || id < 0)
		return -EINVAL;
	if (n > SEMOPM)
		return -E2BIG;
	if (n > UC_ARRAY_SIZE(fast)) {
		op = uc_heap_alloc(n * sizeof(*op));
		if (!op)
			return -ENOMEM;
	}
	r = uc_user_read(op, uops, n * sizeof(*op));
	if (r == 0)
		r = checked(id, op, (unsigned)n, deadline);
	if (op != fast)
		uc_heap_free(op);
	return r;
}

long uc_sys_semop(int id, uc_uptr ops, uint64_t n)
{
	return sem_op(id, ops, n, UC_FOREVER);
}

long uc_sys_semtimedop(int id, uc_uptr ops, uint64_t n, uc_uptr timeout)
{
	uc_nsec t = UC_FOREVER;
	int r = timeout ? uc_timespec_read(&t, timeout) : 0;

	if (r < 0)
		return r;
	if (timeout)
		t = t >= UC_NSEC_MAX ? UC_FOREVER : uc_time_mono() + t;
	return sem_op(id, ops, n, t);
}
