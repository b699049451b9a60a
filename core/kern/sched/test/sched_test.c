// SPDX-License-Identifier: BSD-3-Clause
// sources: ../sched.c ../thread.c ../timer.c ../defer.c ../waitq.c ../mutex.c
// sources: ../../sched_coop/runq.c ../../../base/lib/rbtree.c
// cflags: -include core/kern/sched/test/fake_arch.h -fno-sanitize=address
/* The scheduler with real stacks (ucontext) and a clock and timer interrupt of the test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <ucontext.h>
#include <asm/errno.h>
#include <uc/plat.h>
#include <uc/sched.h>

static unsigned fake_irq_off, fake_idles;
void *fake_current;

/* ---- the machine ---- */
static uc_nsec now, timer_at = UC_FOREVER;
static void (*timer_fn)(void);
static unsigned attention;
static struct uc_defer *next_interrupt;
static uc_paddr root = 1;

/* What an interrupt does while the processor waits. */
static void fake_idle(void)
{
	if (next_interrupt) {
		struct uc_defer *d = next_interrupt;
		next_interrupt = NULL;
		uc_defer_raise(d);
		return;
	}
	assert_true(timer_at != UC_FOREVER); /* else it would sleep for ever */
	now = UC_MAX(now, timer_at);
	timer_at = UC_FOREVER;
	timer_fn();
}

uint64_t uc_irq_save(void) { return fake_irq_off++; }
void uc_irq_restore(uint64_t state) { fake_irq_off = (unsigned)state; }
void uc_cpu_idle(void)
{
	fake_idles++;
	fake_idle();
}
void uc_plat_timer_bind(void (*fn)(void)) { timer_fn = fn; }
void uc_plat_timer_set(uc_nsec delta) { timer_at = delta == UC_FOREVER ? delta : now + delta; }
uc_nsec uc_upcall_sched_clock(void) { return now; }
uc_nsec uc_upcall_sched_timers(void) { return UC_FOREVER; }
void uc_cpu_set_attention(void) { attention++; }
uc_paddr uc_pt_current(void) { return root; }
void uc_pt_activate(uc_paddr r) { root = r; }
size_t uc_arch_fpu_size(void) { return 512; }
void uc_arch_fpu_init(void *area) { memset(area, 0, 512); }

struct machine_context { ucontext_t u; void (*fn)(void *); void *arg; };
static struct machine_context contexts[32];
static unsigned ncontexts;

static void start(unsigned i)
{
	contexts[i].fn(contexts[i].arg);
}

/* The host's stacks are its own: the kernel stack of a thread is too small for the C library. */
static char stacks[UC_ARRAY_SIZE(contexts)][65536];

static struct machine_context *context_of(struct uc_ctx *c)
{
	if (!c->sp)
		c->sp = ++ncontexts;
	assert_true(c->sp < UC_ARRAY_SIZE(contexts));
	return &contexts[c->sp];
}

void uc_ctx_init(struct uc_ctx *c, void *top, void (*fn)(void *), void *arg)
{
	assert_ptr_equal(top, c->kstack_top);
	struct machine_context *m = context_of(c);
	m->fn = fn;
	m->arg = arg;
	getcontext(&m->u);
	m->u.uc_stack.ss_sp = stacks[c->sp];
	m->u.uc_stack.ss_size = sizeof(stacks[0]);
	makecontext(&m->u, (void (*)(void))start, 1, (unsigned)c->sp);
}

void uc_ctx_switch(struct uc_ctx *from, struct uc_ctx *to)
{
	swapcontext(&context_of(from)->u, &context_of(to)->u);
}

/* ---- helpers ---- */
static char trace[64];

static void mark(char c)
{
	size_t n = strlen(trace);
	assert_true(n + 1 < sizeof(trace));
	trace[n] = c;
}

static int dead;
static void bury(struct uc_thread *t)
{
	dead++;
	uc_thread_fini(t);
}

static void spawn(struct uc_thread *t, const char *name, void (*fn)(void *), void *arg)
{
	memset(t, 0, sizeof(*t));
	assert_int_equal(uc_thread_init(t, name, fn, arg, true), 0);
	assert_int_equal((uintptr_t)t->ctx.fpu % 64, 0);
	t->on_dead = bury;
	uc_thread_start(t);
}

static int setup(void **state)
{
	(void)state;
	if (!fake_current)
		uc_sched_init();
	memset(trace, 0, sizeof(trace));
	dead = 0;
	ncontexts = 1;
	contexts[1] = contexts[0];
	((struct uc_thread *)fake_current)->ctx.sp = 1;
	((struct uc_thread *)fake_current)->interrupted = false;
	return 0;
}

static void letters(void *arg)
{
	for (const char *c = arg; *c; c++) {
		mark(*c);
		uc_sched_yield();
	}
	uc_thread_exit();
}

static void run_all(void)
{
	while (uc_sched_others_ready())
		uc_sched_yield();
}

static void threads_take_turns_and_are_buried(void **state)
{
	(void)state;
	struct uc_thread a, b;
	spawn(&a, "a", letters, "aaa");
	spawn(&b, "b", letters, "bb");
	run_all();
	assert_string_equal(trace, "ababa");
	assert_int_equal(dead, 2);
	uc_sched_yield(); /* alone: returns at once */
}

static struct uc_waitq q = UC_WAITQ_INIT(q);
static int result;

static void sleeper(void *arg)
{
	mark(*(char *)arg);
	result = uc_waitq_sleep(&q, UC_FOREVER, true);
	mark(*(char *)arg);
	uc_thread_exit();
}

static void waiters_wake_in_order_and_up_to_the_limit(void **state)
{
	(void)state;
	struct uc_thread t[3];
	for (int i = 0; i < 3; i++)
		spawn(&t[i], "w", sleeper, (void *)(uintptr_t)&"xyz"[i]);
	run_all();
	assert_int_equal(uc_waitq_wake(&q, 2, 0), 2);
	/* Those two are awake already, though they have not run: the next call reaches the
	 * third. */
	assert_int_equal(uc_waitq_wake(&q, 2, 0), 1);
	run_all();
	assert_string_equal(trace, "xyzxyz");
	assert_int_equal(result, 0);
	assert_true(uc_list_empty(&q.waiters));
}

static void a_block_ends_at_its_deadline(void **state)
{
	(void)state;
	uc_nsec before = now;
	unsigned idles = fake_idles;
	assert_int_equal(uc_sched_block(now + 500, false), -ETIMEDOUT);
	assert_int_equal(now, before + 500);
	assert_int_equal(fake_idles, idles + 1);
	assert_int_equal(uc_sched_block(now, false), -ETIMEDOUT);
	assert_int_equal(fake_idles, idles + 1);
	assert_int_equal(fake_irq_off, 0);
}

static struct uc_thread *to_wake;
static void wake_it(void *arg)
{
	(void)arg;
	mark('!');
	uc_thread_wake(to_wake);
}

static void an_interrupt_wakes_through_deferred_work(void **state)
{
	(void)state;
	struct uc_defer d = { .fn = wake_it };
	to_wake = fake_current;
	next_interrupt = &d;
	unsigned before = attention;
	assert_int_equal(uc_sched_block(now + 1000000, true), 0);
	assert_string_equal(trace, "!");
	assert_true(attention > before);
	/* The timer left behind is early for the next sleeper, who still sleeps his time. */
	uc_nsec start_ns = now;
	assert_int_equal(uc_sched_block(start_ns + 2000000, true), -ETIMEDOUT);
	assert_int_equal(now, start_ns + 2000000);
}

static void deferred_work_runs_once_in_order(void **state)
{
	(void)state;
	struct uc_defer a = { .fn = wake_it }, b = { .fn = wake_it };
	to_wake = fake_current;
	uc_defer_raise(&a);
	uc_defer_raise(&b);
	uc_defer_raise(&a);
	uc_defer_run();
	assert_string_equal(trace, "!!");
	uc_defer_run();
	assert_string_equal(trace, "!!");
}

static void only_interruptible_sleeps_are_interrupted(void **state)
{
	(void)state;
	struct uc_thread t;
	spawn(&t, "i", sleeper, "s");
	run_all();
	uc_thread_interrupt(&t);
	run_all();
	assert_int_equal(result, -EINTR);
	assert_string_equal(trace, "ss");
	struct uc_thread *self = fake_current;
	self->interrupted = true;
	assert_int_equal(uc_sched_block(UC_FOREVER, true), -EINTR);
	assert_int_equal(uc_sched_block(now + 10, false), -ETIMEDOUT);
}

static struct uc_mutex m = { NULL, UC_WAITQ_INIT(m.q) };
static void locker(void *arg)
{
	uc_mutex_lock(&m);
	mark(*(char *)arg);
	uc_sched_yield();
	mark(*(char *)arg);
	uc_mutex_unlock(&m);
	uc_thread_exit();
}

static void a_mutex_goes_to_the_longest_waiter(void **state)
{
	(void)state;
	struct uc_thread t[3];
	uc_mutex_lock(&m);
	for (int i = 0; i < 3; i++)
		spawn(&t[i], "m", locker, (void *)(uintptr_t)&"123"[i]);
	run_all();
	assert_string_equal(trace, "");
	uc_mutex_unlock(&m);
	assert_ptr_equal(m.owner, &t[0]);
	run_all();
	assert_string_equal(trace, "112233");
	assert_null(m.owner);
}

static void burner(void *arg)
{
	now += *(unsigned *)arg;
	assert_int_equal(uc_thread_cpu_time(uc_thread_current()), *(unsigned *)arg);
	uc_sched_yield();
	uc_thread_exit();
}

static void time_is_charged_to_who_runs_and_not_to_who_sleeps(void **state)
{
	(void)state;
	struct uc_thread t, *self = fake_current;
	unsigned cost = 700;
	uc_nsec before = uc_thread_cpu_time(self);
	spawn(&t, "c", burner, &cost);
	now += 30;
	uc_sched_yield();
	assert_int_equal(t.cpu_ns, 700);
	assert_int_equal(uc_thread_cpu_time(self), before + 30);
	uc_sched_block(now + 5000, false);
	assert_int_equal(uc_thread_cpu_time(self), before + 30);
	assert_int_equal(dead, 1);
}

static void in_space(void *arg)
{
	uc_thread_set_root((uintptr_t)arg);
	assert_int_equal(root, (uintptr_t)arg);
	uc_sched_yield();
	assert_int_equal(root, (uintptr_t)arg);
	uc_thread_exit();
}

static void address_spaces_follow_their_threads(void **state)
{
	(void)state;
	struct uc_thread a, b;
	spawn(&a, "a", in_space, (void *)77);
	spawn(&b, "b", in_space, (void *)88);
	run_all();
	assert_int_equal(root, 1);
	assert_int_equal(dead, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(threads_take_turns_and_are_buried, setup),
		cmocka_unit_test_setup(waiters_wake_in_order_and_up_to_the_limit, setup),
		cmocka_unit_test_setup(a_block_ends_at_its_deadline, setup),
		cmocka_unit_test_setup(an_interrupt_wakes_through_deferred_work, setup),
		cmocka_unit_test_setup(deferred_work_runs_once_in_order, setup),
		cmocka_unit_test_setup(only_interruptible_sleeps_are_interrupted, setup),
		cmocka_unit_test_setup(a_mutex_goes_to_the_longest_waiter, setup),
		cmocka_unit_test_setup(time_is_charged_to_who_runs_and_not_to_who_sleeps, setup),
		cmocka_unit_test_setup(address_spaces_follow_their_threads, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
