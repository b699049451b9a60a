// SPDX-License-Identifier: BSD-3-Clause
/* Pending signals and handler tables. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "internal.h"
#include "sigset.h"
#include "sigqueue.h"

#define FIRST_RT 32 /* real-time signals queue every instance */

struct queued { struct uc_list link; struct uc_siginfo info; };

static siginfo_t *si(struct uc_siginfo *info)
{
	return (siginfo_t *)info->raw;
}

void uc_sigpending_init(struct uc_sigpending *q)
{
	q->set = 0;
	q->count = 0;
	uc_list_init(&q->queue);
}

void uc_sigpending_flush(struct uc_sigpending *q, uc_sigset set)
{
	if (!(q->set & set))
		return;
	UC_LIST_FOREACH_SAFE(it, &q->queue) {
		struct queued *e = UC_LIST_ENTRY(it, struct queued, link);

		if (!(uc_sigbit(si(&e->info)->si_signo) & set))
			continue;
		uc_list_remove(&e->link);
		uc_heap_free(e);
		q->count--;
	}
	q->set &= ~set;
}

static struct queued *find(struct uc_sigpending *q, int sig, bool *more)
{
	struct queued *first = NULL;

	*more = false;
	UC_LIST_FOREACH(it, &q->queue) {
		struct queued *e = UC_LIST_ENTRY(it, struct queued, link);

		if (si(&e->info)->si_signo != sig)
			continue;
		if (first) {
			*more = true;
			break;
		}
		first = e;
	}
	return first;
}

int uc_sigpending_take(struct uc_sigpending *q, uc_sigset set, struct uc_siginfo *info)
{
	struct queued *e;
	bool more;
	int sig;

	if (!(q->set & set))
		return 0;
	sig = uc_sig_first(q->set & set);
	e = find(q, sig, &more);
	if (!more)
		q->set &= ~uc_sigbit(sig);
	if (!e) { /* there was no memory for its information */
		uc_siginfo_user(info, sig, SI_USER, 0, 0);
		return sig;
	}
	*info = e->info;
	uc_list_remove(&e->link);
	uc_heap_free(e);
	q->count--;
	return sig;
}

int uc_sigpending_add(struct uc_sigpending *q, int sig, const struct uc_siginfo *info,
		      uint64_t limit)
{
	struct queued *e = NULL;

	if (sig < FIRST_RT && q->set & uc_sigbit(sig))
		return 0;
	if (q->count < limit || sig < FIRST_RT)
		e = uc_heap_alloc(sizeof(*e));
	if (!e && sig >= FIRST_RT && si((struct uc_siginfo *)info)->si_code != SI_USER)
		return -EAGAIN;
	q->set |= uc_sigbit(sig);
	if (!e)
		return 0;
	e->info = *info;
	si(&e->info)->si_signo = sig;
	uc_list_push_back(&q->queue, &e->link);
	q->count++;
	return 0;
}

void uc_siginfo_user(struct uc_siginfo *info, int sig, int code, int pid, uint32_t uid)
{
	memset(info, 0, sizeof(*info));
	si(info)->si_signo = sig;
	si(info)->si_code = code;
	if (code == SI_KERNEL)
		return;
	si(info)->si_pid = pid;
	si(info)->si_uid = uid;
}

struct uc_sighand *uc_sighand_new(void)
{
	struct uc_sighand *h = uc_heap_zalloc(sizeof(*h));

	if (h)
		h->refs = 1;
	return h;
}

struct uc_sighand *uc_sighand_copy(const struct uc_sighand *from)
{
	struct uc_sighand *h = uc_heap_alloc(sizeof(*h));

	if (h) {
		*h = *from;
		h->refs = 1;
	}
	return h;
}

void uc_sighand_ref(struct uc_sighand *h)
{
	h->refs++;
}

void uc_sighand_unref(struct uc_sighand *h)
{
	if (--h->refs == 0)
		uc_heap_free(h);
}

void uc_sighand_exec(struct uc_sighand *h)
{
	for (unsigned i = 0; i < UC_NSIG; i++) {
		bool ignored = h->act[i].handler == (uint64_t)(uintptr_t)SIG_IGN;

		memset(&h->act[i], 0, sizeof(h->act[i]));
		if (ignored)
			h->act[i].handler = (uint64_t)(uintptr_t)SIG_IGN;
	}
}
