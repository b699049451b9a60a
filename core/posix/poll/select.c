// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/poll.h>
#include <linux/time_types.h>
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/pollwait.h>
#include <uc/string.h>
#include <uc/time.h>

#define IN_SET  (POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR)
#define OUT_SET (POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR)
#define EX_SET  POLLPRI
#define FAST_WORDS 2u

/* Three sets asked for, then three results, each `words` long. */
struct sets { uint64_t *bits; unsigned words; int n; };
static const unsigned set_events[3] = { IN_SET, OUT_SET, EX_SET };

static uint64_t *row(struct sets *s, unsigned k) { return s->bits + k * s->words; }

static int get_sets(struct sets *s, const uc_uptr user[3])
{
	for (unsigned k = 0; k < 3; k++) {
		if (!user[k])
			memset(row(s, k), 0, s->words * 8);
		else if (uc_user_read(row(s, k), user[k], s->words * 8) < 0)
			return -EFAULT;
		if (s->n % 64)
			row(s, k)[s->words - 1] &= (1ull << (s->n % 64)) - 1;
	}
	return 0;
}

static int put_sets(struct sets *s, const uc_uptr user[3])
{
	for (unsigned k = 0; k < 3; k++)
		if (user[k] && uc_user_write(user[k], row(s, 3 + k), s->words * 8) < 0)
			return -EFAULT;
	return 0;
}

/* Adds fd's ready sets to the results; how many, or -EBADF. */
static int check_one(struct uc_pollwait *pw, struct sets *s, int fd, unsigned asked)
{
	unsigned word = (unsigned)fd / 64, events = 0, mask;
	uint64_t bit = 1ull << (fd % 64);
	struct uc_file *f = uc_fget(fd);
	int ready = 0;

	if (!f)
		return -EBADF;
	for (unsigned k = 0; k < 3; k++)
		if (asked & 1u << k)
			events |= set_events[k];
	mask = uc_pollwait_check(pw, f, events);
	uc_file_unref(f);
	for (unsigned k = 0; k < 3; k++) {
		if (asked & 1u << k && mask & set_events[k]) {
			row(s, 3 + k)[word] |= bit;
			ready++;
		}
	}
	return ready;
}

static int scan(struct uc_pollwait *pw, struct sets *s)
{
	int ready = 0;

	memset(row(s, 3), 0, 3 * s->words * 8);
	for (unsigned w = 0; w < s->words; w++) {
		uint64_t any = row(s, 0)[w] | row(s, 1)[w] | row(s, 2)[w];

		for (; any; any &= any - 1) {
			int b = __builtin_ctzll(any);
			unsigned asked = 0;

			for (unsigned k = 0; k < 3; k++)
				asked |= (row(s, k)[w] >> b & 1) << k;
			int r = check_one(pw, s, (int)(w * 64) + b, asked);

			if (r < 0)
				return r;
			ready += r;
		}
	}
	return ready;
}

static long select_loop(struct sets *s, uc_nsec deadline)
{
	struct uc_pollwait pw;
	int r = deadline ? 0 : -ETIMEDOUT;
	long ready;

	uc_pollwait_begin(&pw, deadline);
	for (;;) {
		ready = scan(&pw, s);
		if (ready || r < 0)
			break;
		r = uc_pollwait_sleep(&pw, deadline);
	}
	uc_pollwait_end(&pw);
	return ready || r == -ETIMEDOUT ? ready : r;
}

static long do_select(int n, const uc_uptr user[3], uc_nsec deadline)
{
	uint64_t fast[6 * FAST_WORDS];
	struct sets s = { .bits = fast };
	uint64_t limit = uc_proc_current()->rlim[RLIMIT_NOFILE].cur;
	long r;

	if (n < 0)
		return -EINVAL;
	s.n = (uint64_t)n > limit ? (int)limit : n;
	s.words = ((unsigned)s.n + 63) / 64;
	if (s.words > FAST_WORDS) {
		s.bits = uc_heap_alloc(6 * s.words * 8);
		if (!s.bits)
			return -ENOMEM;
	}
	r = s.words ? get_sets(&s, user) : 0;
	if (r == 0)
		r = select_loop(&s, deadline);
	if (r >= 0 && put_sets(&s, user) < 0)
		r = -EFAULT;
	if (s.bits != fast)
		uc_heap_free(s.bits);
	return r;
}

static int deadline_tv(uc_uptr utv, uc_nsec *deadline)
{
	struct __kernel_old_timeval tv;
	uc_nsec rel;

	*deadline = UC_FOREVER;
	if (!utv)
		return 0;
	if (uc_user_read(&tv, utv, sizeof(tv)) < 0)
		return -EFAULT;
	if (tv.tv_sec < 0 || tv.tv_usec < 0)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)tv.tv_sec, 1000000000ull, &rel) ||
	    __builtin_add_overflow(rel, (uint64_t)tv.tv_usec * 1000, &rel))
		return 0;
	*deadline = rel;
	if (rel && __builtin_add_overflow(rel, uc_time_mono(), deadline))
		*deadline = UC_FOREVER;
	return 0;
}

static void put_left_tv(uc_uptr utv, uc_nsec deadline)
{
	uc_nsec now = uc_time_mono(), left = deadline > now ? deadline - now : 0;
	struct __kernel_old_timeval tv = { (long)(left / 1000000000u),
					   (long)(left % 1000000000u / 1000) };

	if (!utv || deadline == UC_FOREVER || uc_user_write(utv, &tv, sizeof(tv)) < 0)
		return; /* a courtesy: the result of the call counts */
}

long uc_sys_select(int n, uc_uptr in, uc_uptr out, uc_uptr ex, uc_uptr utv)
{
	const uc_uptr user[3] = { in, out, ex };
	uc_nsec deadline;
	long r = deadline_tv(utv, &deadline);

	if (r < 0)
		return r;
	r = uc_poll_mask_end(0, do_select(n, user, deadline));
	put_left_tv(utv, deadline);
	return r;
}

long uc_sys_pselect6(int n, uc_uptr in, uc_uptr out, uc_uptr ex, uc_uptr uts, uc_uptr usig)
{
	const uc_uptr user[3] = { in, out, ex };
	uint64_t sig[2] = { 0, 0 }; /* pointer and size */
	uc_nsec deadline;
	long r = uc_poll_deadline_ts(uts, &deadline);

	if (r == 0 && usig && uc_user_read(sig, usig, sizeof(sig)) < 0)
		r = -EFAULT;
	if (r == 0)
		r = uc_poll_mask_begin(sig[0], sig[1]);
	if (r < 0)
		return r;
	r = uc_poll_mask_end(sig[0], do_select(n, user, deadline));
	uc_poll_put_left_ts(uts, deadline);
	return r;
}
