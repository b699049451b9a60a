// SPDX-License-Identifier: BSD-3-Clause
/* Processes and tasks as objects: allocation, numbers, look-up. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include "altstack.h"
#include "internal.h"
#include "pidfd.h"

#define PID_MAX 32768
#define TID_BUCKETS 32u

struct uc_list uc_proc_list = UC_LIST_INIT(uc_proc_list);
struct uc_proc *uc_proc_init;
struct uc_proc_hooks uc_proc_hooks;
uc_paddr uc_proc_kernel_root;

static struct uc_list tid_hash[TID_BUCKETS];
static int last_pid;

static struct uc_list *bucket(int tid)
{
	struct uc_list *l = &tid_hash[(unsigned)tid % TID_BUCKETS];

	if (!l->next)
		uc_list_init(l);
	return l;
}

struct uc_task *uc_task_find(int tid)
{
	struct uc_list *l = bucket(tid);

	UC_LIST_FOREACH(it, l) {
		struct uc_task *t = UC_LIST_ENTRY(it, struct uc_task, hash_link);
		if (t->tid == tid)
			return t;
	}
	return NULL;
}

struct uc_proc *uc_proc_find(int pid)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->pid == pid)
			return p;
	}
	return NULL;
}

static bool pid_taken(int pid)
{
	if (uc_task_find(pid))
		return true;
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->pid == pid || p->pgid == pid || p->sid == pid)
			return true;
	}
	return false;
}

int uc_pid_alloc(void)
{
	for (int i = 0; i < PID_MAX; i++) {
		last_pid = last_pid + 1 < PID_MAX ? last_pid + 1 : 2;
		if (!pid_taken(last_pid))
			return last_pid;
	}
	return -EAGAIN;
}

struct uc_proc *uc_proc_alloc(void)
{
	struct uc_proc *p = uc_heap_zalloc(sizeof(*p));

	if (!p)
		return NULL;
	uc_list_init(&p->all_link);
	uc_list_init(&p->tasks);
	uc_list_init(&p->children);
	uc_list_init(&p->child_link);
	uc_list_init(&p->posix_timers);
	uc_sigpending_init(&p->pending);
	uc_waitq_init(&p->child_wait);
	uc_waitq_init(&p->sig_wait);
	uc_waitq_init(&p->stop_wait);
	p->dumpable = true;
	p->exit_signal = SIGCHLD;
	p->start_time = uc_time_mono();
	return p;
}

void uc_proc_link(struct uc_proc *p, struct uc_proc *parent)
{
	uc_list_push_back(&uc_proc_list, &p->all_link);
	p->parent = parent;
	p->ppid = parent ? parent->pid : 0;
	if (parent)
		uc_list_push_back(&parent->children, &p->child_link);
}

void uc_proc_free(struct uc_proc *p)
{
	if (uc_pidfd_event && p->pidfd)
		uc_pidfd_event(p, true);
	uc_sigpending_flush(&p->pending, ~0ull);
	uc_list_remove(&p->all_link);
	uc_list_remove(&p->child_link);
	uc_heap_free(p->cmdline);
	uc_heap_free(p);
}

static void task_dead(struct uc_thread *th)
{
	struct uc_task *t = UC_CONTAINER(th, struct uc_task, thread);

	uc_thread_fini(th);
	uc_heap_free(t);
}

struct uc_task *uc_task_alloc(struct uc_proc *p, void (*fn)(void *))
{
	struct uc_task *t = uc_heap_zalloc(sizeof(*t));

	if (!t)
		return NULL;
	if (uc_thread_init(&t->thread, p->comm, fn, t, true) < 0) {
		uc_heap_free(t);
		return NULL;
	}
	t->thread.on_dead = task_dead;
	t->thread.pt_root = p->mm ? p->mm->pt_root : uc_proc_kernel_root;
	t->proc = p;
	uc_altstack_reset(t);
	uc_list_init(&t->link);
	uc_list_init(&t->hash_link);
	uc_sigpending_init(&t->pending);
	return t;
}

void uc_task_free(struct uc_task *t)
{
	uc_thread_fini(&t->thread);
	uc_heap_free(t);
}

void uc_task_link(struct uc_task *t)
{
	uc_list_push_back(&t->proc->tasks, &t->link);
	uc_list_push_back(bucket(t->tid), &t->hash_link);
	t->proc->ntasks++;
}

void uc_task_unlink(struct uc_task *t)
{
	uc_list_remove(&t->link);
	uc_list_remove(&t->hash_link);
	t->proc->ntasks--;
}

void uc_task_set_tid(struct uc_task *t, int tid)
{
	uc_list_remove(&t->hash_link);
	t->tid = tid;
	uc_list_push_back(bucket(tid), &t->hash_link);
}

void uc_task_use_mm(struct uc_task *t, struct uc_mm *mm)
{
	UC_ASSERT(&t->thread == uc_thread_current(), "a task changes its own address space");
	uc_thread_set_root(mm ? mm->pt_root : uc_proc_kernel_root);
}

uc_nsec uc_proc_cpu_ns(const struct uc_proc *p)
{
	uc_nsec ns = p->cpu_dead;

	UC_LIST_FOREACH(it, &p->tasks) {
		const struct uc_thread *th = &UC_LIST_ENTRY(it, struct uc_task, link)->thread;
		ns += uc_thread_cpu_time(th);
	}
	return ns;
}
