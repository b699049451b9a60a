// SPDX-License-Identifier: BSD-3-Clause
/* Faults of the data that calls move and report. */
#include <asm/errno.h>
#include <asm/stat.h>
#include <asm/unistd.h>
#include <linux/poll.h>
#include <linux/stat.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/user.h>
#include "faults.h"

#define CHANGED_MAX 65536u /* bytes of a buffer that are looked at */

/* Changes n bytes, or says that there is nothing to change. */
typedef bool (*changer)(uint8_t *b, uint64_t n, uint64_t value);

static bool flip(uint8_t *b, uint64_t n, uint64_t value)
{
	b[value % n] ^= 1;
	return true;
}

static bool swap_halves(uint8_t *b, uint64_t n, uint64_t value)
{
	uint64_t half = n / 2;
	bool same = !memcmp(b, b + half, half);
	(void)value;
	for (uint64_t i = 0; i < half && !same; i++) {
		uint8_t was = b[i];
		b[i] = b[half + i];
		b[half + i] = was;
	}
	return half && !same;
}

/* A copy of n bytes of the application, changed; NULL: there are none, or not now. */
static uint8_t *changed(uc_uptr p, uint64_t n, changer change, uint64_t value)
{
	uint8_t *b = n ? uc_heap_alloc(n) : NULL;
	if (b && !uc_user_read(b, p, n) && change(b, n, value))
		return b;
	uc_heap_free(b);
	return NULL;
}

/* What the kernel reads is as it was afterwards. */
static long send_changed(const struct fault_call *c, uc_uptr p, uint64_t n, changer change)
{
	uint8_t *was = uc_heap_alloc(n), *b = changed(p, n, change, c->value);
	long r;
	if (was && b && !uc_user_read(was, p, n) && !uc_user_write(p, was, n) && fault_due()) {
		r = uc_user_write(p, b, n);
		r = r ? r : fault_pass(c);
		if (uc_user_write(p, was, n))
			r = -EFAULT;
	} else {
		r = fault_pass(c);
	}
	uc_heap_free(was);
	uc_heap_free(b);
	return r;
}

static long receive_changed(const struct fault_call *c, const struct fault_span *s, changer change)
{
	long r = fault_pass(c);
	uint64_t n = s->fixed ? s->n : UC_MIN((uint64_t)r, s->n);
	uint8_t *b = r < 0 ? NULL : changed(s->p, UC_MIN(n, CHANGED_MAX), change, c->value);
	if (b && fault_due() && uc_user_write(s->p, b, UC_MIN(n, CHANGED_MAX)))
		r = -EFAULT;
	uc_heap_free(b);
	return r;
}

static long with_changed(const struct fault_call *c, changer change)
{
	struct fault_span s;
	if (!fault_span_of(c, &s))
		return fault_pass(c);
	if (!s.in)
		return receive_changed(c, &s, change);
	return s.n ? send_changed(c, s.p, UC_MIN(s.n, CHANGED_MAX), change) : fault_pass(c);
}

long fault_flip(const struct fault_call *c)
{
	return with_changed(c, flip);
}

long fault_reorder(const struct fault_call *c)
{
	return with_changed(c, swap_halves);
}

/* Makes a call that fills a buffer; the buffer afterwards. NULL: nothing of use came. */
static uint8_t *filled(const struct fault_call *c, struct fault_span *s, long *r)
{
	bool known = fault_span_of(c, s);
	*r = fault_pass(c);
	if (!known || s->in || s->fixed || *r <= 0 || (uint64_t)*r > s->n)
		return NULL;
	uint8_t *b = uc_heap_alloc(s->n);
	if (b && uc_user_read(b, s->p, (uint64_t)*r)) {
		uc_heap_free(b);
		b = NULL;
	}
	return b;
}

static long hand_over(const struct fault_span *s, uint8_t *b, long n)
{
	if (n > 0 && uc_user_write(s->p, b, (uint64_t)n))
		n = -EFAULT;
	uc_heap_free(b);
	return n;
}

long fault_lost(const struct fault_call *c)
{
	struct fault_span s;
	long r;
	uint8_t *b = filled(c, &s, &r);
	if (b && r > 1 && fault_due())
		memmove(b, b + 1, (uint64_t)--r);
	return b ? hand_over(&s, b, r) : r;
}

/* ---- directories ---- */

#define RECLEN 16 /* offsets in struct linux_dirent64 */
#define NAME   19

/* Offset of the last entry that is not . or .. in r bytes of entries, or -1; *len: its length. */
static long last_entry(const uint8_t *b, long r, uint16_t *len)
{
	long found = -1;
	uint16_t n;
	for (long at = 0; at + NAME < r; at += n) {
		const char *name = (const char *)b + at + NAME;
		memcpy(&n, b + at + RECLEN, sizeof(n));
		if (!n)
			break;
		if (strcmp(name, ".") && strcmp(name, "..")) {
			found = at;
			*len = n;
		}
	}
	return found;
}

/* The last entry of a folder's part, or room for another like it, is there no more or twice. */
static long change_last(const struct fault_call *c, bool twice)
{
	struct fault_span s;
	long r, at;
	uint16_t n;
	uint8_t *b = filled(c, &s, &r), *from, *to;
	if (!b)
		return r;
	at = last_entry(b, r, &n);
	if (at < 0 || (twice && (uint64_t)r + n > s.n) || !fault_due())
		return hand_over(&s, b, r);
	from = b + at + (twice ? 0 : n);
	to = b + at + (twice ? n : 0);
	memmove(to, from, (size_t)(b + r - from));
	return hand_over(&s, b, r + (twice ? n : -n));
}

long fault_dirent_lost(const struct fault_call *c) { return change_last(c, false); }

long fault_dirent_twice(const struct fault_call *c) { return change_last(c, true); }

/* ---- attributes of files ---- */

struct field {
	uint8_t at, bytes;     /* in struct stat */
	uint8_t x_at, x_bytes; /* in struct statx */
};
#define FIELD(name, x_name) \
	{ \
		offsetof(struct stat, st_##name), sizeof(((struct stat *)0)->st_##name), \
			offsetof(struct statx, stx_##x_name), \
			sizeof(((struct statx *)0)->stx_##x_name) \
	}
static const struct field mode = FIELD(mode, mode), size = FIELD(size, size),
			  owner = FIELD(uid, uid), mtime = FIELD(mtime, mtime.tv_sec),
			  links = FIELD(nlink, nlink);

static long with_field(const struct fault_call *c, const struct field *f, uint64_t add,
		       uint64_t invert)
{
	long r = fault_pass(c);
	bool x = c->nr == __NR_statx;
	unsigned buffer = x ? 4 : c->nr == __NR_newfstatat ? 2 : 1;
	uc_uptr p = c->a[buffer] + (x ? f->x_at : f->at);
	size_t n = x ? f->x_bytes : f->bytes;
	uint64_t v = 0;
	if (r || uc_user_read(&v, p, n) || !fault_due())
		return r;
	v = (v + add) ^ invert;
	return uc_user_write(p, &v, n) ? -EFAULT : 0;
}

long fault_mode(const struct fault_call *c)
{
	return with_field(c, &mode, 0, c->value);
}

/* Files and folders change places. */
long fault_kind(const struct fault_call *c)
{
	return with_field(c, &mode, 0, S_IFREG ^ S_IFDIR);
}

long fault_size(const struct fault_call *c)
{
	return with_field(c, &size, c->value, 0);
}

long fault_owner(const struct fault_call *c)
{
	return with_field(c, &owner, c->value, 0);
}

long fault_mtime(const struct fault_call *c)
{
	return with_field(c, &mtime, c->value, 0);
}

long fault_links(const struct fault_call *c)
{
	return with_field(c, &links, c->value, 0);
}

/* ---- events ---- */

#define EPOLL_EVENT_BYTES 12

/* Nothing has happened, though the result says that something has. */
long fault_events(const struct fault_call *c)
{
	long r = fault_pass(c);
	bool epoll = c->nr == __NR_epoll_wait || c->nr == __NR_epoll_pwait;
	bool sets = c->nr == __NR_select || c->nr == __NR_pselect6;
	int failed = 0;
	if (r <= 0 || !fault_due())
		return r;
	if (sets)
		for (unsigned i = 1; i <= 3 && !failed; i++)
			failed = c->a[i] ? uc_user_zero(c->a[i], (c->a[0] + 7) / 8) : 0;
	for (long i = 0; epoll && i < r && !failed; i++)
		failed = uc_user_zero(c->a[1] + (uint64_t)i * EPOLL_EVENT_BYTES, 4);
	for (uint64_t i = 0; !epoll && !sets && i < c->a[1] && !failed; i++)
		failed = uc_user_zero(
			c->a[0] + i * sizeof(struct pollfd) + offsetof(struct pollfd, revents), 2);
	return failed ? -EFAULT : r;
}
