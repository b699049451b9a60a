// SPDX-License-Identifier: BSD-3-Clause
// sources: ../epoll.c ../epoll_ctl.c ../../../base/lib/rbtree.c
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/epoll.h>
#include <uc/filecall.h>
#include <uc/proc.h>

/* The C library's headers clash with the kernel's. */
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void free(void *p);
void abort(void) __attribute__((noreturn));
int rand(void);
void srand(unsigned seed);

/* ---- files whose readiness the test sets, and the few things epoll needs of the kernel ---- */
struct fake { struct uc_waitq q; unsigned ready; int polls; };

static int threads_woken;

void uc_waiter_init(struct uc_waiter *w) { uc_list_init(&w->link); w->wake = NULL; }
void uc_waitq_add(struct uc_waitq *q, struct uc_waiter *w)
{
	uc_list_push_back(&q->waiters, &w->link);
}
void uc_waitq_remove(struct uc_waiter *w) { uc_list_remove(&w->link); }
unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events)
{
	unsigned n = 0;

	UC_LIST_FOREACH_SAFE(it, &q->waiters) {
		struct uc_waiter *w = UC_LIST_ENTRY(it, struct uc_waiter, link);

		if (n >= max)
			break;
		n += w->wake ? w->wake(w, events) : (threads_woken++, true);
	}
	return n;
}
int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible) { return -ETIMEDOUT; }
bool uc_signal_pending(void) { return false; }
struct uc_file *uc_file_new(const struct uc_file_ops *ops, unsigned flags, void *priv)
{
	struct uc_file *f = calloc(1, sizeof(*f));

	f->ops = ops;
	f->flags = flags;
	f->priv = priv;
	f->refs = 1;
	uc_list_init(&f->watches);
	return f;
}
void uc_file_ref(struct uc_file *f) { f->refs++; }
void uc_file_unref(struct uc_file *f)
{
	if (--f->refs)
		return;
	while (!uc_list_empty(&f->watches)) { /* as the VFS */
		struct uc_file_watch *w =
			UC_LIST_ENTRY(f->watches.next, struct uc_file_watch, link);

		w->gone(w);
	}
	if (f->ops->release)
		f->ops->release(f);
	free(f);
}
struct uc_file *uc_fget(int fd) { return NULL; }
int uc_fd_publish(struct uc_file *f, bool cloexec) { return -ENOSYS; }
int uc_user_read(void *dst, uc_uptr src, size_t n) { return -EFAULT; }

static unsigned fake_poll(struct uc_file *f, struct uc_poll *p)
{
	struct fake *k = f->priv;

	k->polls++;
	uc_poll_wait(p, &k->q);
	return k->ready;
}
static void fake_release(struct uc_file *f) { free(f->priv); }
static const struct uc_file_ops fake_ops = { .poll = fake_poll, .release = fake_release };

static struct uc_file *fake_new(void)
{
	struct fake *k = calloc(1, sizeof(*k));

	uc_waitq_init(&k->q);
	return uc_file_new(&fake_ops, 0, k);
}

static void set_ready(struct uc_file *f, unsigned mask)
{
	struct fake *k = f->priv;

	k->ready = mask;
	uc_waitq_wake(&k->q, UINT32_MAX, mask);
}

static int ctl(struct uc_file *epf, int op, struct uc_file *f, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data = (uint64_t)fd };

	return uc_epoll_ctl(uc_epoll_of(epf), op, f, fd, &ev);
}

static int take_up_to(struct uc_file *epf, struct epoll_event *out, int max)
{
	struct uc_epscan scan;
	int n;

	uc_epoll_scan_begin(uc_epoll_of(epf), &scan);
	n = uc_epoll_scan(&scan, out, max);
	uc_epoll_scan_end(uc_epoll_of(epf), &scan);
	return n;
}

static int collect(struct uc_file *epf, struct epoll_event *out)
{
	return take_up_to(epf, out, 8);
}

/* ---- tests ---- */
static void level_triggered_stays_ready(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();
	struct epoll_event ev[8];

	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN), 0);
	assert_int_equal(collect(e, ev), 0);
	set_ready(f, POLLIN);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(collect(e, ev), 1);
		assert_int_equal(ev[0].events, EPOLLIN);
		assert_int_equal(ev[0].data, 3);
	}
	((struct fake *)f->priv)->ready = 0;
	assert_int_equal(collect(e, ev), 0);
	uc_file_unref(f);
	uc_file_unref(e);
}

static void edge_triggered_reports_each_event_once(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();
	struct epoll_event ev[8];

	set_ready(f, POLLIN);
	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN | EPOLLET), 0);
	assert_int_equal(collect(e, ev), 1);
	assert_int_equal(collect(e, ev), 0);
	set_ready(f, POLLIN);
	assert_int_equal(collect(e, ev), 1);
	assert_int_equal(collect(e, ev), 0);
	uc_file_unref(f);
	uc_file_unref(e);
}

static void oneshot_is_off_until_modified(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();
	struct epoll_event ev[8];

	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN | EPOLLONESHOT), 0);
	set_ready(f, POLLIN | POLLHUP);
	assert_int_equal(collect(e, ev), 1);
	assert_int_equal(ev[0].events, EPOLLIN | EPOLLHUP);
	set_ready(f, POLLIN | POLLHUP);
	assert_int_equal(collect(e, ev), 0);
	assert_int_equal(ctl(e, EPOLL_CTL_MOD, f, 3, EPOLLIN | EPOLLONESHOT), 0);
	assert_int_equal(collect(e, ev), 1);
	uc_file_unref(f);
	uc_file_unref(e);
}

static void wakes_one_waiter_for_an_event(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();
	struct uc_waiter a, b;

	uc_waiter_init(&a);
	uc_waiter_init(&b);
	uc_waitq_add(&uc_epoll_of(e)->wq, &a);
	uc_waitq_add(&uc_epoll_of(e)->wq, &b);
	ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN);
	threads_woken = 0;
	set_ready(f, POLLIN);
	assert_int_equal(threads_woken, 1);
	set_ready(f, POLLOUT); /* not asked for */
	assert_int_equal(threads_woken, 1);
	uc_waitq_remove(&a);
	uc_waitq_remove(&b);
	uc_file_unref(f);
	uc_file_unref(e);
}

static void closing_a_file_removes_it(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();
	struct epoll_event ev[8];

	ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN);
	uc_file_ref(f); /* dup */
	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 4, EPOLLIN), 0);
	set_ready(f, POLLIN);
	assert_int_equal(collect(e, ev), 2);
	uc_file_unref(f);
	assert_int_equal(collect(e, ev), 2);
	uc_file_unref(f);
	assert_int_equal(collect(e, ev), 0);
	assert_null(uc_epoll_of(e)->items.root);
	uc_file_unref(e);
}

static void one_of_many_does_not_starve_the_others(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f[5];
	struct epoll_event ev[8];
	unsigned seen = 0;

	for (int i = 0; i < 5; i++) {
		f[i] = fake_new();
		ctl(e, EPOLL_CTL_ADD, f[i], i, EPOLLIN);
		set_ready(f[i], POLLIN);
	}
	for (int round = 0; round < 5; round++) {
		assert_int_equal(take_up_to(e, ev, 1), 1);
		seen |= 1u << ev[0].data;
	}
	assert_int_equal(seen, 31);
	for (int i = 0; i < 5; i++)
		uc_file_unref(f[i]);
	uc_file_unref(e);
}

static void nested_epolls_pass_readiness_up_and_refuse_cycles(void **state)
{
	struct uc_file *in = uc_epoll_new(), *out = uc_epoll_new(), *f = fake_new(), *chain[6];
	struct epoll_event ev[8];

	assert_int_equal(ctl(in, EPOLL_CTL_ADD, f, 3, EPOLLIN), 0);
	assert_int_equal(ctl(out, EPOLL_CTL_ADD, in, 9, EPOLLIN), 0);
	assert_int_equal(ctl(in, EPOLL_CTL_ADD, out, 8, EPOLLIN), -ELOOP);
	assert_int_equal(collect(out, ev), 0);
	set_ready(f, POLLIN);
	assert_int_equal(collect(out, ev), 1);
	assert_int_equal(ev[0].data, 9);
	((struct fake *)f->priv)->ready = 0;
	assert_int_equal(collect(out, ev), 0);
	for (int i = 0; i < 6; i++)
		chain[i] = uc_epoll_new();
	for (int i = 0; i < 5; i++)
		assert_int_equal(ctl(chain[i], EPOLL_CTL_ADD, chain[i + 1], i, EPOLLIN),
				 i < 4 ? 0 : -ELOOP);
	for (int i = 0; i < 6; i++)
		uc_file_unref(chain[i]);
	uc_file_unref(f);
	uc_file_unref(out);
	uc_file_unref(in);
}

static void refuses_what_linux_refuses(void **state)
{
	struct uc_file *e = uc_epoll_new(), *f = fake_new();

	assert_int_equal(ctl(e, EPOLL_CTL_MOD, f, 3, EPOLLIN), -ENOENT);
	assert_int_equal(ctl(e, EPOLL_CTL_DEL, f, 3, EPOLLIN), -ENOENT);
	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT),
			 -EINVAL);
	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN | EPOLLEXCLUSIVE), 0);
	assert_int_equal(ctl(e, EPOLL_CTL_ADD, f, 3, EPOLLIN), -EEXIST);
	assert_int_equal(ctl(e, EPOLL_CTL_MOD, f, 3, EPOLLIN), -EINVAL);
	assert_int_equal(ctl(e, 77, f, 3, EPOLLIN), -EINVAL);
	uc_file_unref(e);
	uc_file_unref(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(level_triggered_stays_ready),
		cmocka_unit_test(edge_triggered_reports_each_event_once),
		cmocka_unit_test(oneshot_is_off_until_modified),
		cmocka_unit_test(wakes_one_waiter_for_an_event),
		cmocka_unit_test(closing_a_file_removes_it),
		cmocka_unit_test(one_of_many_does_not_starve_the_others),
		cmocka_unit_test(nested_epolls_pass_readiness_up_and_refuse_cycles),
		cmocka_unit_test(refuses_what_linux_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
