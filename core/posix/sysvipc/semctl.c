// SPDX-License-Identifier: BSD-3-Clause
/* semctl(2). */
#include "sem.h"
#include <uc/heap.h>

static long put_info(int cmd, uc_uptr buf)
{
	struct seminfo in = { .semmap = SEMMAP, .semmni = SEMMNI, .semmns = SEMMNS,
			      .semmnu = SEMMNU, .semmsl = SEMMSL, .semopm = SEMOPM,
			      .semume = SEMUME, .semusz = SEMUSZ, .semvmx = SEMVMX,
			      .semaem = SEMAEM };
	int r;

	if (cmd == SEM_INFO) {
		in.semusz = (int)sem_kind.n;
		in.semaem = 0;
		UC_LIST_FOREACH(it, &sem_kind.all)
			in.semaem += (int)UC_LIST_ENTRY(it, struct semset, ipc.link)->n;
	}
	r = uc_user_write(buf, &in, sizeof(in));
	return r < 0 ? r : UC_MAX((int)sem_kind.n - 1, 0);
}

static int put_stat(const struct semset *s, uc_uptr buf)
{
	struct semid64_ds ds = { .sem_perm = ipc_perm_of(&s->ipc), .sem_otime = s->otime,
				 .sem_ctime = s->ipc.ctime, .sem_nsems = s->n };

	return uc_user_write(buf, &ds, sizeof(ds));
}

static long get_all(const struct semset *s, uc_uptr out)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (uc_user_write(out + i * sizeof(uint16_t), &s->sem[i].val, sizeof(uint16_t)) < 0)
			return -EFAULT;
	}
	return 0;
}

static long set_all(struct semset *s, uc_uptr in)
{
	uint16_t *v = uc_heap_alloc(s->n * sizeof(*v));
	long r = v ? uc_user_read(v, in, s->n * sizeof(*v)) : -ENOMEM;

	for (unsigned i = 0; r == 0 && i < s->n; i++)
		if (v[i] > SEMVMX)
			r = -ERANGE;
	for (unsigned i = 0; r == 0 && !s->removed && i < s->n; i++) {
		s->sem[i].val = v[i];
		s->sem[i].pid = uc_proc_current()->pid;
	}
	uc_heap_free(v);
	if (r)
		return r;
	sem_forget_undo(s, -1);
	s->ipc.ctime = ipc_now();
	sem_changed(s);
	return s->removed ? -EIDRM : 0;
}

static long set_one(struct semset *s, unsigned i, int v)
{
	if (v < 0 || v > SEMVMX)
		return -ERANGE;
	s->sem[i].val = (uint16_t)v;
	s->sem[i].pid = uc_proc_current()->pid;
	sem_forget_undo(s, (int)i);
	s->ipc.ctime = ipc_now();
	sem_changed(s);
	return 0;
}

static long of_one(struct semset *s, unsigned i, int cmd, uint64_t arg)
{
	if (i >= s->n)
		return -EINVAL;
	switch (cmd) {
	case GETVAL:
		return s->sem[i].val;
	case GETPID:
		return s->sem[i].pid;
	case GETNCNT:
		return s->sem[i].ncnt;
	case GETZCNT:
		return s->sem[i].zcnt;
	default:
		return set_one(s, i, (int)arg);
	}
}

static long change(struct semset *s, int cmd, uc_uptr buf)
{
	struct semid64_ds ds;
	int r = ipc_owned(&s->ipc);

	if (r < 0)
		return r;
	if (cmd == IPC_SET) {
		if (uc_user_read(&ds, buf, sizeof(ds)) < 0)
			return -EFAULT;
		ipc_set(&s->ipc, &ds.sem_perm);
		return 0;
	}
	s->removed = true;
	ipc_remove(&sem_kind, &s->ipc);
	sem_changed(s);
	sem_unref(s);
	return 0;
}

static long inspect(struct semset *s, int num, int cmd, uint64_t arg)
{
	int r = ipc_may(&s->ipc, cmd == SETVAL || cmd == SETALL ? IPC_WRITE : IPC_READ);

	if (r < 0 && cmd != SEM_STAT_ANY)
		return r;
	switch (cmd) {
	case IPC_STAT:
		return put_stat(s, arg);
	case SEM_STAT:
	case SEM_STAT_ANY:
		r = put_stat(s, arg);
		return r < 0 ? r : s->ipc.id;
	case GETALL:
		return get_all(s, arg);
	case SETALL:
		return set_all(s, arg);
	default:
		return of_one(s, (unsigned)num, cmd, arg);
	}
}

long uc_sys_semctl(int id, int num, int cmd, uint64_t arg)
{
	bool by_index = cmd == SEM_STAT || cmd == SEM_STAT_ANY;
	struct semset *s;
	struct ipc *o;
	long r;

	if (cmd == IPC_INFO || cmd == SEM_INFO)
		return put_info(cmd, arg);
	if (cmd < 0 || cmd > SEM_STAT_ANY || (cmd > IPC_STAT && cmd < GETPID))
		return -EINVAL;
	o = by_index ? ipc_at(&sem_kind, id) : ipc_find(&sem_kind, id);
	if (!o)
		return -EINVAL;
	s = UC_CONTAINER(o, struct semset, ipc);
	s->refs++;
	r = cmd == IPC_SET || cmd == IPC_RMID ? change(s, cmd, arg) : inspect(s, num, cmd, arg);
	sem_unref(s);
	return r;
}
