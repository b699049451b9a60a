// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/pollwait.h>

UC_NEEDS_PART(stdin);

static bool on_wake(struct uc_waiter *w, unsigned events)
{
	struct uc_pollwait_entry *e = UC_CONTAINER(w, struct uc_pollwait_entry, w);

	if (events && !(events & (e->events | POLLERR | POLLHUP)))
		return false;
	e->pw->triggered = true;
	uc_thread_wake(e->pw->thread);
	return false; /* others that wait for the same file must hear of it too */
}

static struct uc_pollwait_entry *new_entry(struct uc_pollwait *pw)
{
	struct uc_pollwait_chunk *c = pw->chunks;

	if (pw->used < UC_ARRAY_SIZE(pw->first))
		return &pw->first[pw->used++];
	if (!c || pw->used_in_chunk == UC_ARRAY_SIZE(c->e)) {
		c = uc_heap_alloc(sizeof(*c));
		if (!c)
			return NULL;
		c->next = pw->chunks;
		pw->chunks = c;
		pw->used_in_chunk = 0;
	}
	return &c->e[pw->used_in_chunk++];
}

static void enter_queue(struct uc_poll *p, struct uc_waitq *q)
{
	struct uc_pollwait *pw = UC_CONTAINER(p, struct uc_pollwait, poll);
	struct uc_pollwait_entry *e = new_entry(pw);

	if (!e) {
		pw->no_memory = true;
		return;
	}
	uc_waiter_init(&e->w);
	e->w.wake = on_wake;
	e->pw = pw;
	e->events = pw->events;
	e->file = pw->file;
	uc_file_ref(e->file);
	uc_waitq_add(q, &e->w);
}

void uc_pollwait_begin(struct uc_pollwait *pw, bool wait)
{
	pw->poll.add = enter_queue;
	pw->thread = uc_thread_current();
	pw->enter = wait;
	pw->triggered = pw->no_memory = false;
	pw->used = pw->used_in_chunk = 0;
	pw->chunks = NULL;
}

static void leave(struct uc_pollwait_entry *e)
{
	uc_waitq_remove(&e->w);
	uc_file_unref(e->file);
}

void uc_pollwait_end(struct uc_pollwait *pw)
{
	struct uc_pollwait_chunk *next;

	for (unsigned i = 0; i < pw->used; i++)
		leave(&pw->first[i]);
	for (struct uc_pollwait_chunk *c = pw->chunks; c; c = next) {
		unsigned n = c == pw->chunks ? pw->used_in_chunk : UC_ARRAY_SIZE(c->e);

		next = c->next;
		for (unsigned i = 0; i < n; i++)
			leave(&c->e[i]);
		uc_heap_free(c);
	}
}

unsigned uc_pollwait_check(struct uc_pollwait *pw, struct uc_file *f, unsigned events)
{
	unsigned mask = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

	if (f->ops->poll) {
		pw->file = f;
		pw->events = events;
		mask = f->ops->poll(f, pw->enter ? &pw->poll : NULL);
	}
	mask &= events | POLLERR | POLLHUP;
	if (mask)
		pw->enter = false; /* the call will return: no need to wait anywhere else */
	return mask;
}

int uc_pollwait_sleep(struct uc_pollwait *pw, uc_nsec deadline)
{
	int r = 0;

	pw->enter = false;
	if (pw->no_memory)
		return -ENOMEM;
	if (uc_signal_pending())
		return -EINTR;
	if (!pw->triggered)
		r = uc_sched_block(deadline, true);
	pw->triggered = false;
	return r;
}
